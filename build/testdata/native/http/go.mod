module example.com/native/http

go 1.24.0
