module github.com/simgen-dev/simgen/bench

go 1.24.0
