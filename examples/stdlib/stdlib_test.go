package stdlib

import (
	"testing"

	"github.com/simgen-dev/simgen/sim"
)

// bodies is what TestNative runs; each has a test of its own for the simulated machine.
var bodies = map[string]func(*check){
	"files": files, "tree": tree, "metadata": metadata, "locks": locks, "pipes": pipes, "process": process, "signals": signals,
	"tcp": tcp, "listening": listening, "deadlines": deadlines, "udp": udp, "unix": unixSockets, "http": httpServer, "https": httpsServer,
	"drivers": drivers, "settings": settings, "positions": positions,
}

func TestNative(t *testing.T) {
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) { native(t, body) })
	}
}

func TestFiles(t *testing.T)     { sim.Test(t, simulated(files)) }
func TestTree(t *testing.T)      { sim.Test(t, simulated(tree)) }
func TestMetadata(t *testing.T)  { sim.Test(t, simulated(metadata)) }
func TestLocks(t *testing.T)     { sim.Test(t, simulated(locks)) }
func TestPipes(t *testing.T)     { sim.Test(t, simulated(pipes)) }
func TestProcess(t *testing.T)   { sim.Test(t, simulated(process)) }
func TestSignals(t *testing.T)   { sim.Test(t, simulated(signals)) }
func TestTCP(t *testing.T)       { sim.Test(t, simulated(tcp)) }
func TestListening(t *testing.T) { sim.Test(t, simulated(listening)) }
func TestDeadlines(t *testing.T) { sim.Test(t, simulated(deadlines)) }
func TestUDP(t *testing.T)       { sim.Test(t, simulated(udp)) }
func TestUnix(t *testing.T)      { sim.Test(t, simulated(unixSockets)) }
func TestHTTP(t *testing.T)      { sim.Test(t, simulated(httpServer)) }
func TestHTTPS(t *testing.T)     { sim.Test(t, simulated(httpsServer)) }
func TestDrivers(t *testing.T)   { sim.Test(t, simulated(drivers)) }
func TestSettings(t *testing.T)  { sim.Test(t, simulated(settings)) }
func TestPositions(t *testing.T) { sim.Test(t, simulated(positions)) }
func TestMachine(t *testing.T)   { sim.Test(t, simulated(machine)) }
