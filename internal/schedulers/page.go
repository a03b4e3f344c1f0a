package main

import (
	_ "embed"
	"fmt"
	"math"
	"strings"
)

// words is what the page says besides its tables.
//
//go:embed words.md
var words string

// page is docs/schedulers.md.
func page(operations []operation, bugs []bug, t table) string {
	before, after, _ := strings.Cut(words, "<!-- tables -->\n")
	before = strings.Replace(before, "<!-- switch points -->\n", switchPoints(operations), 1)
	return "<!-- Written by go run ./internal/schedulers. Do not edit; the words are in internal/schedulers/words.md. -->\n\n" +
		before + results(bugs, t) + kinds(bugs) + after
}

// results has a row for each bug and a column for each scheduler.
func results(bugs []bug, t table) string {
	var w strings.Builder
	row := func(first string, cell func(scheduler string) string) {
		fmt.Fprintf(&w, "| %s |", first)
		for _, s := range schedulers {
			fmt.Fprintf(&w, " %s |", cell(s))
		}
		w.WriteByte('\n')
	}
	row("bug", func(s string) string { return "`" + s + "`" })
	row("---", func(string) string { return "---:" })
	for _, b := range bugs {
		row(strings.TrimPrefix(b.test, "Test"), func(s string) string { return cell(t[b.test][s]) })
	}
	row("**geometric mean**", func(s string) string {
		sum := 0.0
		for _, b := range bugs {
			sum += math.Log(t[b.test][s].mean())
		}
		return number(math.Exp(sum / float64(len(bugs))))
	})
	row("**found in every range**", func(s string) string {
		n := 0
		for _, b := range bugs {
			if t[b.test][s].found() == ranges {
				n++
			}
		}
		return fmt.Sprintf("%d of %d", n, len(bugs))
	})
	row("**never found**", func(s string) string {
		n := 0
		for _, b := range bugs {
			if t[b.test][s].found() == 0 {
				n++
			}
		}
		return fmt.Sprint(n)
	})

	return w.String()
}

// kinds says what the bugs are.
func kinds(bugs []bug) string {
	var w strings.Builder
	w.WriteString("\nWhat they are, and what is reported:\n\n| bug | class | kind |\n|---|---|---|\n")
	for _, b := range bugs {
		fmt.Fprintf(&w, "| %s | %s | `%s` |\n", strings.TrimPrefix(b.test, "Test"), b.class, strings.Join(b.want, "`, `"))
	}
	return w.String()
}

// cell is the mean, and in how many of the ranges the bug was found if that is not all of them.
func cell(f *finding) string {
	switch n := f.found(); n {
	case ranges:
		return number(f.mean())
	case 0:
		return "-"
	default:
		return fmt.Sprintf("> %s (%d/%d)", number(f.mean()), n, ranges)
	}
}

func number(x float64) string {
	if x < 9.95 {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}
