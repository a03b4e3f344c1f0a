module github.com/simgen-dev/simgen

go 1.24.0
