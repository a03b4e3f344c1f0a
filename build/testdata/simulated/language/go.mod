module example.com/language

go 1.24.0
