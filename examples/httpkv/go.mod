module example.com/httpkv

go 1.24.0
