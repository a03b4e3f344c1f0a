package runtime

// GodebugUpdate is called by package internal/godebug when a process initialises
// it. update is called with the settings that the program was built with and
// those in the process's environment: at once, and whenever the process changes
// $GODEBUG.
//
//go:norace
func GodebugUpdate(update func(defaults, environ string)) {
	g := current()
	g.vars.godebug = update
	environ := ""
	for _, line := range Env() {
		if hasPrefix(line, godebug+"=") {
			environ = line[len(godebug)+1:]
			break // as in getenv, the first one counts
		}
	}
	update(programGodebug(g.process.program), environ)
}

const godebug = "GODEBUG"

// EnvironChanged is called when a process sets one of its environment variables;
// one that it removes is "".
//
//go:norace
func EnvironChanged(key, value string) {
	g := current()
	if update := g.vars.godebug; update != nil && key == godebug {
		update(programGodebug(g.process.program), value)
	}
}
