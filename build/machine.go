package build

import (
	"fmt"
	"strings"

	"github.com/simgen-dev/simgen"
	"github.com/simgen-dev/simgen/rewrite"
)

// A machine is what the simulated machine has of Linux, as shim/machine.txt says, which a test of package shim writes.
type machine struct {
	has   map[string]bool   // lines
	fails map[string]string // system calls that always fail, and how
}

func readMachine() (*machine, error) {
	text, err := simgen.Source.ReadFile("shim/machine.txt")
	if err != nil {
		return nil, err
	}
	m := &machine{map[string]bool{}, map[string]string{}}
	for _, line := range strings.Split(string(text), "\n") {
		m.has[line] = true
		if f := strings.Fields(line); len(f) == 3 && f[0] == "fails" {
			m.fails[f[1]] = f[2]
		}
	}
	return m, nil
}

// lacking warns of what the machine lacks of the system calls that a package names, once of each.
func (m *machine) lacking(uses []rewrite.KernelUse) (warnings []rewrite.Diagnostic) {
	said := map[string]bool{}
	for _, u := range uses {
		what, errno := m.lacks(u.Call)
		if what == "" || said[what] {
			continue
		}
		said[what] = true
		warnings = append(warnings, rewrite.Diagnostic{
			Pos:     u.Pos,
			Message: fmt.Sprintf("%s: the simulated machine has no %s: it fails with %s", u.By, what, errno),
			Advice:  "see that the program can do without, or that a build tag or an option has it take another way",
			Warning: true,
		})
	}
	return warnings
}

// otherNames are system calls whose constants are called otherwise on an architecture.
var otherNames = map[string]string{"fstatat": "newfstatat"}

// lacks says what the machine does not have of a system call, and what comes of it; "" if it has all that is known of it.
func (m *machine) lacks(c rewrite.KernelCall) (what, errno string) {
	name, named := strings.CutPrefix(c[0].Name, "SYS_")
	if name = strings.ToLower(name); !named {
		return strings.TrimSpace(fmt.Sprintf("system call %d %s", c[0].Value, c[0].Name)), "ENOSYS"
	}
	if other := otherNames[name]; other != "" {
		name = other
	}
	if !m.has["call "+name] {
		errno := "ENOSYS"
		if m.fails[name] != "" {
			errno = m.fails[name]
		}
		if name == "clone" {
			name += ", so that it starts no other programs"
		}
		return name, errno
	}
	switch first, second, third := c[1], c[2], c[3]; name {
	case "setsockopt", "getsockopt":
		if second.Known && third.Known && !m.has[fmt.Sprintf("%s %d %d", name, second.Value, third.Value)] {
			return "option " + text(third) + " of " + name, "ENOPROTOOPT"
		}
	case "socket", "socketpair":
		const flags = 0o2000000 | 0o4000 // SOCK_CLOEXEC, SOCK_NONBLOCK
		switch {
		case !first.Known:
		case !m.anySocket(first.Value):
			return "sockets of the family " + text(first), "EAFNOSUPPORT"
		case second.Known && !m.has[fmt.Sprintf("socket %d %d", first.Value, second.Value&^flags)]:
			return "sockets of the type " + text(second) + " in the family " + text(first), "ESOCKTNOSUPPORT"
		}
	case "fcntl":
		if second.Known && !m.has[fmt.Sprintf("fcntl %d", second.Value)] {
			return "command " + text(second) + " of fcntl", "EINVAL"
		}
	case "ioctl":
		if second.Known && !m.has[fmt.Sprintf("ioctl %d", second.Value)] {
			return "request " + text(second) + " of ioctl", "ENOTTY"
		}
	case "prctl":
		if first.Known && !m.has[fmt.Sprintf("prctl %d", first.Value)] {
			return "option " + text(first) + " of prctl", "EINVAL"
		}
	}
	return "", ""
}

func (m *machine) anySocket(family int64) bool {
	for kind := range 6 {
		if m.has[fmt.Sprintf("socket %d %d", family, kind)] {
			return true
		}
	}
	return false
}

// text is an argument by the name of its constant, or else its value.
func text(a rewrite.Argument) string {
	if a.Name != "" {
		return a.Name
	}
	return fmt.Sprint(a.Value)
}
