module example.com/simulated/library

go 1.24.0
