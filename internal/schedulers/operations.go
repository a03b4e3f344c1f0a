package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/simgen-dev/simgen/sim/report"
)

// An operation is a kind of operation at which one goroutine can overtake another, with what was seen of it.
type operation struct {
	name   string
	orders map[string]bool // of two goroutines' statements around it: abc, acb, cab; nil: was not looked at
	places map[string]bool // where others ran: before its effect, after it; nil: nobody can see its effect
}

// operations runs the tests of testdata/bugs/orders, which say what they saw in the words of their failure.
func (s *stresser) operations() ([]operation, error) {
	o := stresser{s.simgen, filepath.Join(s.dir, "orders")}
	var all []operation
	index := map[string]int{}
	var wrong error
	err := o.run([]string{"TestOrders", "TestPlaces"}, "1-300", nil, func(r *report.SeedResult) {
		if r.Failure == nil || r.Failure.Kind != "fail" {
			wrong = fmt.Errorf("%s, seed %d, did not fail as it always does: %+v", r.Test, r.Seed, r.Failure)
			return
		}
		_, list, _ := strings.Cut(r.Failure.Message, ".go:")
		_, list, _ = strings.Cut(list, ": ")
		list, _, _ = strings.Cut(list, "\n")
		for _, entry := range strings.Split(list, ";") {
			name, seen, _ := strings.Cut(entry, "=")
			i, known := index[name]
			if !known {
				i = len(all)
				index[name], all = i, append(all, operation{name: name})
			}
			if r.Test == "TestOrders" {
				note(&all[i].orders, seen)
			} else {
				note(&all[i].places, strings.Split(seen, ",")...)
			}
		}
	})
	if err == nil {
		err = wrong
	}
	return all, err
}

func note(set *map[string]bool, seen ...string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	for _, s := range seen {
		if s != "" {
			(*set)[s] = true
		}
	}
}

// switchPoints is the table of operations.
func switchPoints(operations []operation) string {
	var w strings.Builder
	w.WriteString("| operation | others can run |\n|---|---|\n")
	for _, o := range operations {
		where := "at it"
		switch p := o.places; {
		case p == nil:
		case p["before"] && p["after"]:
			where = "before it, after it"
		case p["before"]:
			where = "before it"
		case p["after"]:
			where = "after it"
		default:
			where = "no"
		}
		fmt.Fprintf(&w, "| %s | %s |\n", o.name, where)
	}
	return w.String()
}
