package sim

import "time"

// Injector causes faults by hand; see [Context.Faults]. Machines are named by address or by
// host name; one that does not exist fails the seed, since it is a mistake in the test. Every
// fault is written to the timeline with its simulated time.
type Injector struct {
	sim *simulation
	by  string
}

// Crash stops a server's machine as a power cut does: no deferred function runs, peers hear
// nothing any more, data that was not synced to disk may be lost. It stays down until it is
// started again, at the latest before Check. Crashing a server that is down does nothing.
func (i *Injector) Crash(ip string) { i.sim.crash(i.sim.mustServer(ip), i.by) }

// Kill ends a server's process at once, and leaves its machine running: no deferred function
// runs, the machine closes the connections, what was written to files stays.
func (i *Injector) Kill(ip string) { i.sim.kill(i.sim.mustServer(ip), i.by) }

// Stop stops a server gracefully: SIGTERM, then SIGKILL after [Server.Grace]. It returns when the
// process is gone.
func (i *Injector) Stop(ip string) {
	s := i.sim.mustServer(ip)
	i.sim.stop(s, s.spec.Grace, i.by)
}

// Restart starts a server that is down, or crashes and starts one that is up; see [Injector.Crash].
func (i *Injector) Restart(ip string) {
	s := i.sim.mustServer(ip)
	i.sim.crash(s, i.by)
	i.sim.boot(s, i.by)
}

// Reboot stops a server gracefully and starts it again.
func (i *Injector) Reboot(ip string) {
	s := i.sim.mustServer(ip)
	i.sim.stop(s, s.spec.Grace, i.by)
	i.sim.boot(s, i.by)
}

// Wipe crashes a server and removes all files of its machine. It stays down until it is started again.
func (i *Injector) Wipe(ip string) {
	s := i.sim.mustServer(ip)
	i.sim.crash(s, i.by)
	i.sim.wipe(s, i.by)
}

// Up says whether the server is running.
func (i *Injector) Up(ip string) bool { return i.sim.mustServer(ip).up() }

// Partition cuts two machines off from each other, until [Injector.Heal] or the end of the faults.
func (i *Injector) Partition(a, b string) { i.sim.partition(a, b, false, i.by) }

// PartitionOneWay loses what one machine sends to the other.
func (i *Injector) PartitionOneWay(from, to string) { i.sim.partition(from, to, true, i.by) }

// Isolate cuts a machine off from all others.
func (i *Injector) Isolate(ip string) {
	for _, other := range i.sim.machines() {
		if other.IP != ip && other.Name != ip {
			i.sim.partition(ip, other.IP, false, i.by)
		}
	}
}

// Heal ends a partition between two machines, in both directions.
func (i *Injector) Heal(a, b string) { i.sim.heal(a, b, i.by) }

// HealAll ends all partitions.
func (i *Injector) HealAll() { i.sim.healAll(i.by) }

// SetLatency changes the delay of each packet from now on, until the end of the faults.
func (i *Injector) SetLatency(min, max time.Duration) {
	i.sim.setLatency(Latency{min, max}, i.by)
}
