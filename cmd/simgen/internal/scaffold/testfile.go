package scaffold

import (
	"bytes"

	"github.com/dave/jennifer/jen"
)

// Test is the simulation test of the server with so many copies, sealed.
func Test(pkg string, s *Server, nodes int) ([]byte, error) {
	f := jen.NewFile(pkg)
	f.ImportName(simPath, "sim")
	addNodes(f, s, nodes)
	addTest(f, s)
	addTally(f)
	addProber(f)
	addProbe(f, s)
	var out bytes.Buffer
	if err := f.Render(&out); err != nil {
		return nil, err
	}
	return Seal(out.Bytes()), nil
}

// comment adds a comment of several lines.
func comment(f *jen.File, lines ...string) {
	for _, line := range lines {
		f.Comment(line)
	}
}

// addNodes writes
//
//	const nodes = 3
//	var ports = []string{"7000"}
func addNodes(f *jen.File, s *Server, nodes int) {
	f.Comment("nodes is how many copies of the server run, each on a machine of its own.")
	f.Const().Id("nodes").Op("=").Lit(nodes)
	f.Line()
	if len(s.Listens) == 0 {
		comment(f,
			"ports are where a copy listens. None was found in the source: add the server's",
			"ports here, and what makes it listen on them to Args below.")
	} else {
		f.Comment("ports are where a copy listens.")
	}
	f.Var().Id("ports").Op("=").Index().String().ValuesFunc(func(g *jen.Group) {
		for _, l := range s.Listens {
			g.Lit(l.Port)
		}
	})
	f.Line()
}

// addTest writes the test function with its configuration.
func addTest(f *jen.File, s *Server) {
	comment(f,
		"TestSimulation runs the servers through crashes, graceful restarts, partitions",
		"and a slow network, while probers ask them. One seed, one simulation: a copy that",
		"panics, exits by itself or deadlocks fails its seed, and so does a server that",
		"is not back when the faults are over.",
		"",
		"Run it with: go test -run TestSimulation, or with more seeds: simgen test -seeds 1-1000")
	f.Func().Id("TestSimulation").Params(jen.Id("t").Op("*").Qual("testing", "T")).Block(
		jen.Qual(simPath, "Test").Call(jen.Id("t"), jen.Qual(simPath, "Config").Values(
			line(jen.Id("Servers"), jen.Index().Qual(simPath, "Server").Values(
				jen.Values(append(serverFields(s), jen.Line())...),
			)),
			line(jen.Id("Workloads"), jen.Qual(simPath, "Fresh").Call(jen.Lit(2), jen.Func().Params(jen.Id("i").Int()).Qual(simPath, "Workload").Block(
				jen.Return(jen.Op("&").Id("prober").Values()),
			))),
			line(jen.Id("Invariants"), jen.Index().Qual(simPath, "Invariant").Values(
				jen.Qual(simPath, "InvariantFunc").Call(jen.Lit("no more answers than questions"), jen.Id("tallyIsSound")),
			)),
			line(jen.Id("Faults"), jen.Qual(simPath, "AllFaults").Call()),
			line(jen.Id("ChaosFor"), jen.Lit(30).Op("*").Qual("time", "Second")),
			jen.Line(),
		)),
	)
	f.Line()
}

// line is a field of a composite literal on a line of its own.
func line(key, value *jen.Statement) jen.Code {
	return jen.Line().Add(key).Op(":").Add(value)
}

func serverFields(s *Server) []jen.Code {
	fields := []jen.Code{
		line(jen.Id("Name"), jen.Lit(s.Name())),
		line(jen.Id("Program"), jen.Id(s.Const())),
	}
	var args, env []jen.Code
	for _, l := range s.Listens {
		switch {
		case l.Flag != "":
			args = append(args, jen.Lit(s.dashes()+l.Flag), jen.Lit(l.value()))
		case l.Env != "":
			env = append(env, jen.Lit(l.Env+"="+l.Port))
		}
	}
	if len(args) > 0 {
		fields = append(fields, line(jen.Id("Args"), jen.Index().String().Values(args...)))
	}
	if len(env) > 0 {
		fields = append(fields, line(jen.Id("Env"), jen.Index().String().Values(env...)))
	}
	fields = append(fields, line(jen.Id("Count"), jen.Qual(simPath, "Exactly").Call(jen.Id("nodes"))))
	if len(s.Listens) == 0 {
		fields = append(fields, line(jen.Id("ReadyAfter"), jen.Qual("time", "Second")))
	}
	return fields
}

// dashes is how the server's flags are written: the pflag family wants two,
// the standard library takes one or two.
func (s *Server) dashes() string {
	if s.StdFlags {
		return "-"
	}
	return "--"
}

// value is what the flag is set to, so that other machines reach the server.
func (l Listen) value() string {
	switch {
	case l.Int:
		return l.Port
	case l.Local:
		return "{ip}:" + l.Port
	}
	return ":" + l.Port
}

// addTally writes the state that the probers share and the invariant over it.
func addTally(f *jen.File) {
	f.Comment("tally counts what the probers did. It is shared by all of them.")
	f.Type().Id("tally").Struct(jen.List(jen.Id("asked"), jen.Id("answered")).Int())
	f.Line()
	comment(f,
		"tallyIsSound is asked after every event of the simulation. It is an example: say",
		"here what must never be, whatever happens.")
	f.Func().Id("tallyIsSound").Params(jen.Id("v").Op("*").Qual(simPath, "View")).Error().Block(
		jen.List(jen.Id("t"), jen.Id("ok")).Op(":=").Qual(simPath, "Get").Types(jen.Op("*").Id("tally")).
			Call(jen.Id("v").Dot("State").Call(), jen.Lit("tally")),
		jen.If(jen.Id("ok").Op("&&").Id("t").Dot("answered").Op(">").Id("t").Dot("asked")).Block(
			jen.Return(jen.Qual("fmt", "Errorf").Call(jen.Lit("%d answers to %d questions"), jen.Id("t").Dot("answered"), jen.Id("t").Dot("asked"))),
		),
		jen.Return(jen.Nil()),
	)
	f.Line()
}

// addProber writes the workload.
func addProber(f *jen.File) {
	ctx := func() *jen.Statement { return jen.Id("ctx").Op("*").Qual(simPath, "Context") }
	recv := func() *jen.Statement { return jen.Id("p").Op("*").Id("prober") }
	f.Comment("prober is a workload that asks every server again and again.")
	f.Type().Id("prober").Struct(jen.Qual(simPath, "Base"), jen.Id("tally").Op("*").Id("tally"))
	f.Line()
	f.Comment("Name is the host name of the prober's machine.")
	f.Func().Params(recv()).Id("Name").Params().String().Block(jen.Return(jen.Lit("prober")))
	f.Line()
	f.Comment("Setup runs before the faults, prober after prober.")
	f.Func().Params(recv()).Id("Setup").Params(ctx()).Error().Block(
		jen.List(jen.Id("shared"), jen.Id("ok")).Op(":=").Qual(simPath, "Get").Types(jen.Op("*").Id("tally")).
			Call(jen.Id("ctx").Dot("State").Call(), jen.Lit("tally")),
		jen.If(jen.Op("!").Id("ok")).Block(
			jen.Id("shared").Op("=").Op("&").Id("tally").Values(),
			jen.Id("ctx").Dot("State").Call().Dot("Publish").Call(jen.Lit("tally"), jen.Id("shared")),
		),
		jen.Id("p").Dot("tally").Op("=").Id("shared"),
		jen.Return(jen.Nil()),
	)
	f.Line()
	comment(f,
		"Run asks while the faults happen. A server that is down or cut off gives no answer,",
		"which is no failure; but over all seeds some must come through.")
	pause := jen.Qual("time", "Duration").Call(jen.Id("ctx").Dot("Rand").Call().Dot("IntN").Call(jen.Lit(1000))).Op("*").Qual("time", "Millisecond")
	f.Func().Params(recv()).Id("Run").Params(ctx()).Error().Block(
		jen.Id("servers").Op(":=").Id("ctx").Dot("Topology").Call().Dot("AllServerIPs").Call(),
		jen.For(jen.Id("i").Op(":=").Lit(0), jen.Id("i").Op("<").Lit(50), jen.Id("i").Op("++")).Block(
			jen.Id("ip").Op(":=").Id("servers").Index(jen.Id("ctx").Dot("Rand").Call().Dot("IntN").Call(jen.Len(jen.Id("servers")))),
			jen.For(jen.List(jen.Id("_"), jen.Id("port")).Op(":=").Range().Id("ports")).Block(
				jen.Id("err").Op(":=").Id("p").Dot("ask").Call(jen.Qual("net", "JoinHostPort").Call(jen.Id("ip"), jen.Id("port"))),
				jen.Qual(simPath, "Sometimes").Call(jen.Id("err").Op("==").Nil(), jen.Lit("a server takes a connection while faults happen")),
			),
			jen.Qual("time", "Sleep").Call(pause),
		),
		jen.Return(jen.Nil()),
	)
	f.Line()
	f.Comment("Check runs when all is healed: every server must take connections again.")
	f.Func().Params(recv()).Id("Check").Params(ctx()).Error().Block(
		jen.For(jen.List(jen.Id("_"), jen.Id("server")).Op(":=").Range().Id("ctx").Dot("Topology").Call().Dot("Servers").Call()).Block(
			jen.For(jen.List(jen.Id("_"), jen.Id("port")).Op(":=").Range().Id("ports")).Block(
				jen.If(
					jen.Id("err").Op(":=").Id("p").Dot("ask").Call(jen.Qual("net", "JoinHostPort").Call(jen.Id("server").Dot("IP"), jen.Id("port"))),
					jen.Id("err").Op("!=").Nil(),
				).Block(
					jen.Return(jen.Qual("fmt", "Errorf").Call(jen.Lit("%s is not back after the faults: %w"), jen.Id("server").Dot("Name"), jen.Id("err"))),
				),
			),
		),
		jen.Return(jen.Nil()),
	)
	f.Line()
}

// addProbe writes the prober's one operation.
func addProbe(f *jen.File, s *Server) {
	f.Comment("hello is what a prober says. Put a request of the server's own protocol here.")
	hello := "\r\n"
	if s.HTTP {
		hello = "GET / HTTP/1.0\r\n\r\n"
	}
	f.Const().Id("hello").Op("=").Lit(hello)
	f.Line()
	comment(f,
		"ask connects, says hello and waits a little for an answer. It fails when the server",
		"takes no connection; a server that says nothing is left in peace.")
	deadline := jen.Id("conn").Dot("SetDeadline").Call(jen.Qual("time", "Now").Call().Dot("Add").Call(jen.Qual("time", "Second")))
	f.Func().Params(jen.Id("p").Op("*").Id("prober")).Id("ask").Params(jen.Id("addr").String()).Error().Block(
		jen.Id("p").Dot("tally").Dot("asked").Op("++"),
		jen.List(jen.Id("conn"), jen.Err()).Op(":=").Qual("net", "DialTimeout").Call(jen.Lit("tcp"), jen.Id("addr"), jen.Lit(5).Op("*").Qual("time", "Second")),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Err())),
		jen.Defer().Id("conn").Dot("Close").Call(),
		jen.If(jen.Err().Op(":=").Add(deadline), jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Err())),
		jen.If(
			jen.List(jen.Id("_"), jen.Err()).Op(":=").Qual("io", "WriteString").Call(jen.Id("conn"), jen.Id("hello")),
			jen.Err().Op("!=").Nil(),
		).Block(jen.Return(jen.Nil()).Comment("taken, and then cut off")),
		jen.If(
			jen.List(jen.Id("n"), jen.Id("_")).Op(":=").Id("conn").Dot("Read").Call(jen.Make(jen.Index().Byte(), jen.Lit(512))),
			jen.Id("n").Op(">").Lit(0),
		).Block(jen.Id("p").Dot("tally").Dot("answered").Op("++")),
		jen.Return(jen.Nil()),
	)
}
