package main

import (
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"strconv"
)

// maxBody bounds a PUT.
const maxBody = 64 << 10

func handler(s *store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /keys/{key}", func(w http.ResponseWriter, r *http.Request) {
		item, ok := s.get(r.PathValue("key"))
		if !ok {
			fail(w, http.StatusNotFound, "no such key")
			return
		}
		answer(w, http.StatusOK, item)
	})
	mux.HandleFunc("PUT /keys/{key}", func(w http.ResponseWriter, r *http.Request) { put(s, w, r) })
	return mux
}

func put(s *store, w http.ResponseWriter, r *http.Request) {
	match := anyVersion
	if h := r.Header.Get("If-Match"); h != "" {
		v, err := strconv.Atoi(h)
		if err != nil || v < 0 {
			fail(w, http.StatusBadRequest, "If-Match is not a version")
			return
		}
		match = v
	}
	var body struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&body); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	if body.Value == nil {
		fail(w, http.StatusBadRequest, "no value")
		return
	}
	item, err := s.put(r.PathValue("key"), body.Value, match)
	switch {
	case errors.Is(err, errVersion):
		fail(w, http.StatusPreconditionFailed, err.Error())
	case err != nil:
		log.Printf("put %s: %v", r.PathValue("key"), err)
		fail(w, http.StatusInternalServerError, err.Error())
	default:
		answer(w, http.StatusOK, item)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"error": message})
}
