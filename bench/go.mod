module github.com/simgen-dev/simgen/bench

go 1.24.0

require (
	github.com/simgen-dev/simgen v0.0.0
	golang.org/x/mod v0.33.0
	golang.org/x/tools v0.42.0
)

require (
	github.com/aymanbagabas/go-udiff v0.4.1 // indirect
	github.com/dave/jennifer v1.7.1 // indirect
	github.com/mitchellh/colorstring v0.0.0-20190213212951-d06e56a500db // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/schollz/progressbar/v3 v3.18.0 // indirect
	golang.org/x/sync v0.19.0 // indirect
	golang.org/x/sys v0.41.0 // indirect
	golang.org/x/term v0.40.0 // indirect
)

replace github.com/simgen-dev/simgen => ..

tool github.com/simgen-dev/simgen/cmd/simgen
