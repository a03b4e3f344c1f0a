module example.com/redis

go 1.24.0

tool (
	github.com/coocood/freecache/server
	github.com/tidwall/redcon/example
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/coocood/freecache v1.2.7 // indirect
	github.com/redis/go-redis/v9 v9.22.0 // indirect
	github.com/tidwall/btree v0.2.2 // indirect
	github.com/tidwall/match v1.0.1 // indirect
	github.com/tidwall/redcon v1.4.0 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	golang.org/x/sys v0.30.0 // indirect
)
