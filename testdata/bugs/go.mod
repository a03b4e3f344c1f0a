module github.com/simgen-dev/simgen/testdata/bugs

go 1.24.0
