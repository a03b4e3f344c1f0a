module example.com/redis

go 1.24.0

tool (
	github.com/coocood/freecache/server
	github.com/simgen-dev/simgen/cmd/simgen
	github.com/tidwall/redcon/example
)

require (
	github.com/redis/go-redis/v9 v9.22.0
	github.com/simgen-dev/simgen v0.0.0
)

require (
	github.com/aymanbagabas/go-udiff v0.4.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/coocood/freecache v1.2.7 // indirect
	github.com/dave/jennifer v1.7.1 // indirect
	github.com/mitchellh/colorstring v0.0.0-20190213212951-d06e56a500db // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/schollz/progressbar/v3 v3.18.0 // indirect
	github.com/tidwall/btree v0.2.2 // indirect
	github.com/tidwall/match v1.0.1 // indirect
	github.com/tidwall/redcon v1.4.0 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	golang.org/x/mod v0.33.0 // indirect
	golang.org/x/sync v0.19.0 // indirect
	golang.org/x/sys v0.41.0 // indirect
	golang.org/x/term v0.40.0 // indirect
	golang.org/x/tools v0.42.0 // indirect
)

replace github.com/simgen-dev/simgen => ../..
