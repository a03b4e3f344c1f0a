package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/simgen-dev/simgen/internal/command"
)

func main() {
	run := flag.String("run", "", "run the packages whose import path matches `regexp`; the results of the others are kept")
	seeds := flag.String("seeds", "1-20", "run these `seeds`")
	verify := flag.Bool("verify", false, "run every seed twice, in different surroundings")
	flag.Parse()
	match, err := regexp.Compile(*run)
	if err != nil {
		fail(err)
	}
	if err := conformance(match, *seeds, *verify); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "conformance:", err)
	os.Exit(1)
}

// conformance is started in the repository's root.
func conformance(match *regexp.Regexp, seeds string, verify bool) error {
	all, err := loadResults()
	if err != nil {
		return err
	}
	why, err := loadReasons()
	if err != nil {
		return err
	}
	if err := runAll(all, match, seeds, verify); err != nil {
		return err
	}
	p := &page{all: all, reasons: why}
	p.write()
	if err := os.WriteFile(filepath.FromSlash("docs/conformance.md"), []byte(p.text.String()), 0o666); err != nil {
		return err
	}
	for _, text := range p.problems {
		fmt.Println(text)
	}
	if n := len(p.problems); n > 0 {
		return fmt.Errorf("%d things are not as they should be", n)
	}
	return nil
}

// runAll runs the packages that match, and saves after each.
func runAll(all results, match *regexp.Regexp, seeds string, verify bool) error {
	tmp, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	simgen, err := command.Build(".", tmp)
	if err != nil {
		return err
	}
	for _, s := range suites {
		for _, path := range s.packages {
			if !match.MatchString(path) {
				continue
			}
			fmt.Fprintln(os.Stderr, path)
			r, err := runPackage(simgen, filepath.FromSlash(s.module), path, seeds, verify)
			if err != nil {
				fmt.Printf("%s: %v\n", path, err)
				continue
			}
			all[path] = r
			if err := all.save(); err != nil {
				return err
			}
		}
	}
	return nil
}
