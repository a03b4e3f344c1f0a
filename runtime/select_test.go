package runtime

import "testing"

var selectScenarios = []struct {
	says string
	want string
	run  func() string
}{
	{"the one case that is possible is taken", "case 1: 5", func() string {
		a, b := make(chan int), make(chan int, 1)
		Send(b, 5)
		ra, rb := CaseRecv(a), CaseRecv(b)
		i := Select(ra, rb)
		return "case " + itoa(int64(i)) + ": " + itoa(int64(rb.Value()))
	}},
	{"default is taken when nothing is possible", "-1", func() string {
		return itoa(int64(SelectDefault(CaseRecv(make(chan int)), CaseSend(make(chan int), 1), CaseRecv[int](nil))))
	}},
	{"default is not taken when something is possible", "0", func() string {
		ch := make(chan int, 1)
		return itoa(int64(SelectDefault(CaseSend(ch, 1))))
	}},
	{"a blocked select is woken by a sender", "case 1: 9 true", func() string {
		a, b := make(chan int), make(chan int)
		Go(func() { Send(b, 9) })
		ra, rb := CaseRecv(a), CaseRecv(b)
		i := Select(ra, rb)
		v, ok := rb.Value2()
		return "case " + itoa(int64(i)) + ": " + itoa(int64(v)) + " " + panicText(ok)
	}},
	{"a blocked select is woken by a receiver", "0 3", func() string {
		ch, got := make(chan int), make(chan int, 1)
		Go(func() { Send(got, Recv(ch)) })
		i := Select(CaseSend(ch, 3), CaseRecv[int](nil))
		return itoa(int64(i)) + " " + itoa(int64(Recv(got)))
	}},
	{"the other cases of a select are forgotten when one is carried out", "true", func() string {
		a, b := make(chan int), make(chan int)
		Go(func() { Select(CaseRecv(a), CaseRecv(b)) })
		Sleep(1e6)
		Send(a, 1)
		return panicText(SelectDefault(CaseSend(b, 1)) == -1)
	}},
	{"close wakes a select with the zero value", "0 false", func() string {
		ch := make(chan int)
		Go(func() {
			Sleep(1e6)
			Close(ch)
		})
		r := CaseRecv(ch)
		Select(r, CaseRecv[int](nil))
		v, ok := r.Value2()
		return itoa(int64(v)) + " " + panicText(ok)
	}},
	{"a select that sends on a channel that is closed panics", "send on closed channel, send on closed channel", func() string {
		ch, blocked := make(chan int), make(chan int)
		Close(ch)
		Go(func() {
			Sleep(1e6)
			Close(blocked)
		})
		return panics(func() { SelectDefault(CaseSend(ch, 1)) }) + ", " +
			panics(func() { Select(CaseSend(blocked, 1), CaseRecv[int](nil)) })
	}},
	{"two selects on both sides of one channel meet", "1", func() string {
		ch, got := make(chan int), make(chan int, 1)
		Go(func() {
			r := CaseRecv(ch)
			Select(r, CaseRecv[int](nil))
			Send(got, r.Value())
		})
		Select(CaseSend(ch, 1), CaseRecv[int](nil))
		return itoa(int64(Recv(got)))
	}},
	{"a select does not meet itself", "-1", func() string {
		ch := make(chan int)
		return itoa(int64(SelectDefault(CaseSend(ch, 1), CaseRecv(ch))))
	}},
	{"the same channel may be in several cases", "8", func() string {
		ch := make(chan int)
		Go(func() { Send(ch, 8) })
		a, b := CaseRecv(ch), CaseRecv(ch)
		Select(a, b)
		return itoa(int64(a.Value() + b.Value()))
	}},
	{"a select makes room in a full buffer for a sender that waits", "1 2", func() string {
		ch := make(chan int, 1)
		Go(func() {
			Send(ch, 1)
			Send(ch, 2)
		})
		Sleep(1e6)
		r := CaseRecv(ch)
		Select(r, CaseRecv[int](nil))
		return itoa(int64(r.Value())) + " " + itoa(int64(Recv(ch)))
	}},
	{"values of another type than the channel's are converted", "true", func() string {
		ch := make(chan any, 1)
		Select(CaseSendTo(ch).Value("x"))
		return panicText(Recv(ch) == any("x"))
	}},
}

func TestSelect(t *testing.T) {
	for _, s := range selectScenarios {
		t.Run(s.says, func(t *testing.T) { always(t, s.want, s.run) })
	}
}

// Among several possible cases each one is as likely as the others.
func TestSelectIsFair(t *testing.T) {
	const rounds = 4000
	var count [4]int
	passes(t, 1, func() {
		var chans [4]chan int
		for i := range chans {
			chans[i] = make(chan int, 1)
		}
		chans[2] = nil
		for range rounds {
			cases := make([]Case, len(chans))
			for i, ch := range chans {
				cases[i] = CaseSend(ch, i)
			}
			i := Select(cases...)
			count[i]++
			Recv(chans[i])
		}
	})
	for i, n := range count {
		want := rounds / 3
		if i == 2 {
			want = 0
		}
		if n < want*9/10 || n > want*11/10 {
			t.Errorf("case %d was taken %d times in %d, should be about %d", i, n, rounds, want)
		}
	}
}

func TestNativeSelect(t *testing.T) {
	a, b := make(chan int), make(chan string)
	go func() { b <- "x" }()
	ra, rb := CaseRecv(a), CaseRecv(b)
	if i := Select(ra, rb); i != 1 || rb.Value() != "x" {
		t.Errorf("native select took case %d with %q", i, rb.Value())
	}
	if i := SelectDefault(ra, CaseSend(b, "y")); i != -1 {
		t.Errorf("native select took case %d, should be the default", i)
	}
	buffered := make(chan int, 1)
	if i := SelectDefault(CaseSend(buffered, 3)); i != 0 || <-buffered != 3 {
		t.Error("native select did not send")
	}
	Close(a)
	if i := Select(ra, CaseSend[string](nil, "")); i != 0 {
		t.Errorf("native select took case %d, should be the closed channel", i)
	}
	if _, ok := ra.Value2(); ok {
		t.Error("native receive from a closed channel reports a value")
	}
}
