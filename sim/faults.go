package sim

import (
	"fmt"
	"time"
)

// Faults are the faults that happen by themselves. A family that is nil does not happen.
// When and whom they hit is drawn from the seed, from streams of their own.
type Faults struct {
	// Attrition stops servers and starts them again.
	Attrition *Attrition
	// Partitions cuts machines off from each other for a while.
	Partitions *Partitions
	// Slow makes the whole network slow for a while.
	Slow *Slow
	// Swarm switches each family off in half of the seeds, independently of each other: some
	// bugs only show when another fault does not get in the way.
	Swarm bool
}

// AllFaults is every family with its default values, as a swarm.
func AllFaults() Faults {
	return Faults{Attrition: &Attrition{}, Partitions: &Partitions{}, Slow: &Slow{}, Swarm: true}
}

// Attrition stops servers, in one of four ways, and starts them again after a while:
//
//   - gracefully: SIGTERM, a grace period, SIGKILL;
//   - by killing the process: no deferred function runs, the machine closes its connections,
//     what it has written to files stays;
//   - by crashing the machine, as a power cut does: peers hear nothing any more, data that was not synced to disk may be lost;
//   - by crashing the machine and wiping its disk.
type Attrition struct {
	// MaxDead is how many servers may be down at the same time. Zero means one.
	MaxDead int
	// Graceful, Kill, Crash and Wipe are weights. All zero means 1, 1, 1, 0: a wiped disk is a fault that
	// only a replicated server can be asked to survive.
	Graceful, Kill, Crash, Wipe float64
	// Every is the time between two attempts. Zero means 1 s to 5 s.
	Every Span
	// Recovery is how long a server stays down. Zero means 1 s to 10 s.
	Recovery Span
	// Grace is the time between SIGTERM and SIGKILL. Zero means 2 s to 5 s.
	Grace Span
}

// Partitions cuts the network in two for a while. The cut goes around machines drawn one by one,
// around a group of a drawn size, or around a single machine. Workloads' machines are cut off as well.
type Partitions struct {
	// Every is the time from the end of a partition to the next. Zero means 1 s to 10 s.
	Every Span
	// For is how long a partition lasts. Zero means 200 ms to 5 s.
	For Span
	// OneWay is the share of partitions in which packets are lost in one direction only. Zero means
	// 0.25; a negative number, none.
	OneWay float64
}

// Slow gives the whole network other latencies for a while.
type Slow struct {
	// Latency is drawn per packet while the network is slow. Zero means 10 ms to 500 ms.
	Latency Latency
	// Every is the time from the end of a slow period to the next. Zero means 2 s to 10 s.
	Every Span
	// For is how long it lasts. Zero means 500 ms to 5 s.
	For Span
}

// Span is a range of durations from which one is drawn uniformly.
type Span struct{ Min, Max time.Duration }

func (r Span) or(min, max time.Duration) Span {
	if r == (Span{}) {
		return Span{min, max}
	}
	return r
}

func (f Faults) withDefaults() Faults {
	if f.Attrition != nil {
		a := *f.Attrition
		if a.MaxDead == 0 {
			a.MaxDead = 1
		}
		if a.Graceful == 0 && a.Kill == 0 && a.Crash == 0 && a.Wipe == 0 {
			a.Graceful, a.Kill, a.Crash = 1, 1, 1
		}
		a.Every = a.Every.or(time.Second, 5*time.Second)
		a.Recovery = a.Recovery.or(time.Second, 10*time.Second)
		a.Grace = a.Grace.or(2*time.Second, 5*time.Second)
		f.Attrition = &a
	}
	if f.Partitions != nil {
		p := *f.Partitions
		p.Every = p.Every.or(time.Second, 10*time.Second)
		p.For = p.For.or(200*time.Millisecond, 5*time.Second)
		if p.OneWay == 0 {
			p.OneWay = 0.25
		}
		f.Partitions = &p
	}
	if f.Slow != nil {
		s := *f.Slow
		s.Every = s.Every.or(2*time.Second, 10*time.Second)
		s.For = s.For.or(500*time.Millisecond, 5*time.Second)
		if s.Latency == (Latency{}) {
			s.Latency = Latency{10 * time.Millisecond, 500 * time.Millisecond}
		}
		f.Slow = &s
	}
	return f
}

// validate is called on faults that have their defaults.
func (f Faults) validate() []error {
	var errs []error
	span := func(name string, r Span) {
		if r.Min < 0 || r.Max < r.Min {
			errs = append(errs, fmt.Errorf("Faults.%s: %v to %v is no range", name, r.Min, r.Max))
		}
	}
	if a := f.Attrition; a != nil {
		span("Attrition.Every", a.Every)
		span("Attrition.Recovery", a.Recovery)
		span("Attrition.Grace", a.Grace)
		if a.Graceful < 0 || a.Kill < 0 || a.Crash < 0 || a.Wipe < 0 || a.MaxDead < 0 {
			errs = append(errs, fmt.Errorf("Faults.Attrition: weights and MaxDead cannot be negative"))
		}
	}
	if p := f.Partitions; p != nil {
		span("Partitions.Every", p.Every)
		span("Partitions.For", p.For)
	}
	if s := f.Slow; s != nil {
		span("Slow.Every", s.Every)
		span("Slow.For", s.For)
		span("Slow.Latency", Span(s.Latency))
	}
	return errs
}
