package libraries

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/simgen-dev/simgen/sim"
)

// A client makes requests, several at once, and compares what it made with what a scrape says.
func TestPrometheus(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers:    []sim.Server{{Name: "prometheus", Program: "example.com/libraries/cmd/prometheus"}},
		Workload:   sim.Func("client", scraping),
		Iterations: 20,
	})
}

func scraping(ctx *sim.Context) error {
	c, url := newHTTP(), "http://prometheus:8080"
	made := map[string]float64{}
	for range 5 {
		var wg sync.WaitGroup
		for range 10 {
			kind := strings.Repeat("a", 1+ctx.Rand().IntN(3))
			made[kind]++
			wg.Go(func() {
				status, text, err := do(c, http.MethodGet, url+"/work?kind="+kind, "")
				sim.Always(err == nil && status == http.StatusOK, "work is done", "answer", text, "error", err)
			})
		}
		wg.Wait()

		_, text, err := do(c, http.MethodGet, url+"/metrics", "")
		if err != nil {
			return err
		}
		parser := expfmt.NewTextParser(model.UTF8Validation)
		scraped, err := parser.TextToMetricFamilies(strings.NewReader(text))
		if err != nil {
			return err
		}
		if err := compare(scraped, made); err != nil {
			return fmt.Errorf("%w in\n%s", err, text)
		}
	}
	return nil
}

func compare(scraped map[string]*dto.MetricFamily, made map[string]float64) error {
	all := 0.0
	for kind, want := range made {
		all += want
		for _, m := range scraped["work_requests_total"].GetMetric() {
			if m.GetLabel()[0].GetValue() == kind && m.GetCounter().GetValue() != want {
				return fmt.Errorf("%v requests of kind %s, want %v", m.GetCounter().GetValue(), kind, want)
			}
		}
	}
	if got := len(scraped["work_requests_total"].GetMetric()); got != len(made) {
		return fmt.Errorf("%d kinds of requests, want %d", got, len(made))
	}
	h := scraped["work_seconds"].GetMetric()[0].GetHistogram()
	if got := float64(h.GetSampleCount()); got != all {
		return fmt.Errorf("the histogram has %v requests, want %v", got, all)
	}
	if h.GetSampleSum() < 0.01*all {
		return fmt.Errorf("%v requests of 10 ms and more took %v s", all, h.GetSampleSum())
	}
	if got := scraped["work_busy"].GetMetric()[0].GetGauge().GetValue(); got != 0 {
		return fmt.Errorf("%v requests at work after the last answer", got)
	}
	for _, own := range []string{"go_goroutines", "go_memstats_heap_alloc_bytes", "process_open_fds", "process_start_time_seconds"} {
		if m := scraped[own].GetMetric(); len(m) != 1 || m[0].GetGauge().GetValue() <= 0 {
			return fmt.Errorf("no %s", own)
		}
	}
	return nil
}
