// Command prometheus is a server with metrics: /work does something, /metrics says how often and how fast.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var (
	requests = promauto.NewCounterVec(prometheus.CounterOpts{Name: "work_requests_total", Help: "Requests by kind."}, []string{"kind"})
	duration = promauto.NewHistogram(prometheus.HistogramOpts{Name: "work_seconds", Help: "Time a request took.", Buckets: prometheus.DefBuckets})
	busy     = promauto.NewGauge(prometheus.GaugeOpts{Name: "work_busy", Help: "Requests at work."})
	sizes    = promauto.NewSummary(prometheus.SummaryOpts{Name: "work_size", Help: "Sizes.", Objectives: map[float64]float64{0.5: 0.05}})
)

func main() {
	addr := flag.String("addr", ":8080", "where to listen")
	flag.Parse()
	http.HandleFunc("/work", work)
	http.Handle("/metrics", promhttp.Handler())
	log.Fatal(http.ListenAndServe(*addr, nil))
}

func work(w http.ResponseWriter, r *http.Request) {
	busy.Inc()
	defer busy.Dec()
	kind := r.URL.Query().Get("kind")
	requests.WithLabelValues(kind).Inc()
	sizes.Observe(float64(len(kind)))
	timer := prometheus.NewTimer(duration)
	defer timer.ObserveDuration()
	time.Sleep(time.Duration(len(kind)) * 10 * time.Millisecond)
}
