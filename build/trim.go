package build

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The size of the cache.
//
// Each unit of the cache (a rewritten package, an executable, the shadow of a module) is a directory whose time says when it was used last. A
// trim removes those that were not used for a while, then the oldest until the rest is small enough, and what killed builds have left
// behind. It happens once a day, and only when no other simgen uses the cache: each holds a lock on it until it ends.

const (
	defaultCacheSize = 8 << 30 // bytes
	defaultCacheAge  = 30 * 24 * time.Hour
	trimEvery        = 24 * time.Hour
	usedEvery        = time.Hour // a use is noted again after that
)

// CacheInfo is what is known about the cache.
type CacheInfo struct {
	Dir     string
	Size    int64 // bytes
	Units   int
	MaxSize int64
	MaxAge  time.Duration
}

// unit is a part of the cache that is kept or removed as a whole.
type unit struct {
	path string
	used time.Time
	size int64
}

// cacheLimits are $SIMGEN_CACHE_SIZE, such as 2GiB, and $SIMGEN_CACHE_AGE, such as 72h.
func cacheLimits() (size int64, age time.Duration, err error) {
	size, age = defaultCacheSize, defaultCacheAge
	if text := os.Getenv("SIMGEN_CACHE_SIZE"); text != "" {
		if size, err = parseSize(text); err != nil {
			return 0, 0, errorf("SIMGEN_CACHE_SIZE=%s: write a size such as 512MiB or 8GiB", text)
		}
	}
	if text := os.Getenv("SIMGEN_CACHE_AGE"); text != "" {
		if age, err = time.ParseDuration(text); err != nil || age <= 0 {
			return 0, 0, errorf("SIMGEN_CACHE_AGE=%s: write a duration above zero such as 720h", text)
		}
	}
	return size, age, nil
}

func parseSize(text string) (int64, error) {
	for _, u := range []struct {
		name string
		size int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}} {
		if number, ok := strings.CutSuffix(text, u.name); ok {
			n, err := strconv.ParseInt(number, 10, 32)
			if err != nil || n < 0 {
				return 0, errors.New("no size")
			}
			return n * u.size, nil
		}
	}
	return 0, errors.New("no unit")
}

// lockFile is held open, and locked, by every process that uses the cache, until it ends.
const lockFile = "lock"

// share locks the cache for use. It waits while somebody trims it.
func (c *cache) share() error {
	f, err := os.OpenFile(filepath.Join(c.dir, lockFile), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	if err := flock(f, syscall.LOCK_SH); err != nil {
		f.Close()
		return err
	}
	c.lock = f
	return nil
}

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if err != syscall.EINTR {
			return err
		}
	}
}

// own makes the lock exclusive if nobody else uses the cache, and reports whether it did.
func (c *cache) own() bool { return flock(c.lock, syscall.LOCK_EX|syscall.LOCK_NB) == nil }

// trimIfDue trims the cache unless that was done today or somebody else uses it. Without it the cache is larger, not wrong: errors
// are of no interest.
func (c *cache) trimIfDue() error {
	size, age, err := cacheLimits()
	if err != nil {
		return err
	}
	mark := filepath.Join(c.dir, "trimmed")
	if fi, err := os.Stat(mark); err == nil && time.Since(fi.ModTime()) < trimEvery {
		return nil
	}
	if c.own() {
		c.trim(size, age)
		_ = os.WriteFile(mark, nil, 0o666)
		_ = flock(c.lock, syscall.LOCK_SH)
	}
	return nil
}

// trim removes what is too old or too much, and leftovers. The lock is exclusive.
func (c *cache) trim(size int64, age time.Duration) {
	units, leftovers := c.units()
	for _, path := range leftovers {
		_ = os.RemoveAll(path)
	}
	slices.SortFunc(units, func(a, b unit) int { return cmp.Or(b.used.Compare(a.used), cmp.Compare(a.path, b.path)) })
	kept := int64(0)
	for _, u := range units {
		if kept += u.size; kept > size || time.Since(u.used) > age {
			_ = os.RemoveAll(u.path)
		}
	}
}

// units lists the parts of the cache, and what builds that did not come to their end have left.
func (c *cache) units() (units []unit, leftovers []string) {
	temporary := func(name string) bool {
		for _, prefix := range []string{"build-", "main-", "goroot-", "new-"} {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		return strings.HasSuffix(name, ".tmp")
	}
	for _, pattern := range []string{"*", "rewrite/*/*", "bin/*", "mod/*", "mod/*/new-*", "goroot/*"} {
		paths, _ := filepath.Glob(filepath.Join(c.dir, pattern))
		for _, path := range paths {
			name := filepath.Base(path)
			switch fi, err := os.Lstat(path); {
			case err != nil:
			case temporary(name):
				leftovers = append(leftovers, path)
			case pattern == "*" && !strings.HasPrefix(name, "hint-"):
			case pattern == "mod/*/new-*":
			default:
				units = append(units, unit{path, fi.ModTime(), sizeOf(path)})
			}
		}
	}
	return units, leftovers
}

// sizeOf is what the files below a path take, in bytes.
func sizeOf(path string) (size int64) {
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if fi, err := d.Info(); err == nil {
				size += fi.Size()
			}
		}
		return nil
	})
	return size
}

// use notes that a unit is used.
func use(path string) {
	if fi, err := os.Stat(path); err == nil && time.Since(fi.ModTime()) > usedEvery {
		now := time.Now()
		_ = os.Chtimes(path, now, now)
	}
}

// Cache describes the cache.
func Cache() (CacheInfo, error) {
	dir, err := cacheDir()
	if err != nil {
		return CacheInfo{}, err
	}
	info := CacheInfo{Dir: dir}
	if info.MaxSize, info.MaxAge, err = cacheLimits(); err != nil {
		return info, err
	}
	units, _ := (&cache{dir: dir}).units()
	for _, u := range units {
		info.Size += u.size
	}
	info.Units = len(units)
	return info, nil
}

// CleanCache empties the cache and says what it was. It fails if another simgen uses it.
func CleanCache() (info CacheInfo, err error) {
	defer explain(&err)
	if info, err = Cache(); err != nil {
		return info, err
	}
	if _, err := os.Stat(info.Dir); os.IsNotExist(err) {
		return info, nil
	}
	c := &cache{dir: info.Dir}
	if err := c.share(); err != nil {
		return info, err
	}
	defer c.lock.Close()
	if !c.own() {
		return info, errorf("another simgen uses the cache %s: try again when it has ended", info.Dir)
	}
	entries, err := os.ReadDir(info.Dir)
	if err != nil {
		return info, err
	}
	for _, e := range entries {
		if e.Name() == lockFile {
			continue
		}
		if err := os.RemoveAll(filepath.Join(info.Dir, e.Name())); err != nil {
			return info, fmt.Errorf("cleaning the cache: %w", err)
		}
	}
	return info, nil
}
