package runtime

import "unsafe"

type G struct{ proc *Process }
type Process struct {
	Data any
	name string
	id   int
}
type ExitStatus struct {
	Code   int
	Signal uint32
	Panic  string
}
type PollDesc struct{}
type Event struct{}
type Stream int

const (
	Schedule Stream = iota
	Network
	Disk
	Clock
	ProcessRand
	Workload
	Faults
)

type Kernel interface {
	Syscall(p *Process, nr uintptr, a [6]uintptr) (r1, r2, errno uintptr)
	PollOpen(p *Process, fd int, pd *PollDesc) (errno int)
	PollClose(p *Process, pd *PollDesc)
	Walltime(p *Process, mono int64) (unixNano int64)
	Args(p *Process) []string
	Env(p *Process) []string
	Exited(p *Process, st ExitStatus)
	Stderr(p *Process, text string)
}
type Config struct {
	Seed      uint64
	Kernel    Kernel
	Program   string
	Main      func()
	AfterStep func()
	MaxSteps  uint64
	MaxTime   int64
	Logf      func(format string, args ...any)
}
type Result struct {
	Hash, Steps uint64
	Now         int64
	Failure     *Failure
}
type Failure struct{ Kind, Message, Stacks string }
type Package struct {
	Path    string
	Imports []string
	Init    []func()
	Main    func()
}
type Var[T any] struct{ native *T }
type Case interface{ ready() bool }
type Sender[T any] struct{ ch chan<- T }
type CaseSender[T any] struct{ ch chan<- T }
type ChanIter[T any] struct{}
type RecvCase[T any] struct{}
type SendCase[T any] struct{}
type MapIter[K comparable, V any] struct{}

func Go(f func())                                   {}
func Send[T any](ch chan<- T, v T)                  {}
func SendTo[T any](ch chan<- T) Sender[T]           { return Sender[T]{ch} }
func (s Sender[T]) Value(v T)                       {}
func Recv[T any](ch <-chan T) (v T)                 { return }
func Recv2[T any](ch <-chan T) (v T, ok bool)       { return }
func Close[T any](ch chan<- T)                      {}
func RangeChan[T any](ch <-chan T) *ChanIter[T]     { return nil }
func (it *ChanIter[T]) Next() bool                  { return false }
func (it *ChanIter[T]) Value() (v T)                { return }
func CaseRecv[T any](ch <-chan T) *RecvCase[T]      { return nil }
func (c *RecvCase[T]) ready() bool                  { return false }
func (c *RecvCase[T]) Value() (v T)                 { return }
func (c *RecvCase[T]) Value2() (v T, ok bool)       { return }
func CaseSend[T any](ch chan<- T, v T) *SendCase[T] { return nil }
func (c *SendCase[T]) ready() bool                  { return false }
func CaseSendTo[T any](ch chan<- T) CaseSender[T]   { return CaseSender[T]{ch} }
func (c CaseSender[T]) Value(v T) *SendCase[T]      { return nil }
func Select(cases ...Case) int                      { return 0 }
func SelectDefault(cases ...Case) int               { return -1 }
func RangeMap[M ~map[K]V, K comparable, V any](m M) *MapIter[K, V] {
	return nil
}
func (it *MapIter[K, V]) Next() bool   { return false }
func (it *MapIter[K, V]) Key() (k K)   { return }
func (it *MapIter[K, V]) Value() (v V) { return }
func MapKey[K comparable](k K) K       { return k }
func NewVar[T any](native *T) *Var[T]  { return &Var[T]{native} }
func (v *Var[T]) At() *T               { return v.native }
func Register(p *Package)              {}
func Point()                           {}
func Gosched()                         {}
func NumGoroutine() int                { return 0 }
func GOMAXPROCS(n int) int             { return 0 }
func NumCPU() int                      { return 0 }
func SetFinalizer(obj, finalizer any)  {}
func GC()                              {}

func Simulated() bool                                   { return false }
func Semacquire(addr *uint32, lifo bool)                {}
func Semrelease(addr *uint32, handoff bool)             {}
func NotifyListAdd(l unsafe.Pointer) uint32             { return 0 }
func NotifyListWait(l unsafe.Pointer, t uint32)         {}
func NotifyListNotifyAll(l unsafe.Pointer)              {}
func NotifyListNotifyOne(l unsafe.Pointer)              {}
func Nanotime() int64                                   { return 0 }
func Walltime() (sec int64, nsec int32)                 { return }
func Sleep(ns int64)                                    {}
func StopTimer(t unsafe.Pointer) bool                   { return false }
func ResetTimer(t unsafe.Pointer, when, p int64) bool   { return false }
func Rand64() uint64                                    { return 0 }
func MemHash(p unsafe.Pointer, seed, n uintptr) uintptr { return 0 }
func NewTimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, c unsafe.Pointer) unsafe.Pointer {
	return nil
}
func PollOpen(fd uintptr) (pd uintptr, errno int)                         { return }
func PollClose(pd uintptr)                                                {}
func PollReset(pd uintptr, mode int) int                                  { return 0 }
func PollWait(pd uintptr, mode int) int                                   { return 0 }
func PollWaitCanceled(pd uintptr, mode int)                               {}
func PollSetDeadline(pd uintptr, d int64, mode int)                       {}
func PollUnblock(pd uintptr)                                              {}
func Syscall6(nr, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) { return }
func Exit(code int)                                                       {}
func Args() []string                                                      { return nil }
func Env() []string                                                       { return nil }
func Fatal(msg string)                                                    {}
func SignalRecv() uint32                                                  { return 0 }
func SignalEnable(s uint32)                                               {}
func SignalDisable(s uint32)                                              {}
func SignalIgnore(s uint32)                                               {}
func SignalIgnored(s uint32) bool                                         { return false }
func SignalWaitUntilIdle()                                                {}

func (pd *PollDesc) Ready(mode byte)                {}
func Run(cfg Config) Result                         { return Result{} }
func Fail(kind, message string)                     {}
func NewProcess(name, program string) *Process      { return &Process{name: name} }
func (p *Process) Start(main func())                {}
func (p *Process) Go(f func())                      {}
func (p *Process) ShareGlobals(q *Process)          {}
func (p *Process) Kill()                            {}
func (p *Process) Signal(sig uint32)                {}
func (p *Process) Exit() (st ExitStatus, done bool) { return }
func (p *Process) Wait() (st ExitStatus)            { return }
func (p *Process) Name() string                     { return p.name }
func (p *Process) ID() int                          { return p.id }
func (p *Process) Goroutines() int                  { return 0 }
func Current() *G                                   { return nil }
func CurrentProcess() *Process                      { return nil }
func Now() int64                                    { return 0 }
func Park(reason string)                            {}
func (g *G) Ready()                                 {}
func (g *G) Process() *Process                      { return g.proc }
func After(d int64, f func()) *Event                { return nil }
func (e *Event) Cancel() bool                       { return false }
func Draw(s Stream, kind string, n uint64) uint64   { return 0 }
func Kernelly(f func())                             { f() }
func Stacks() string                                { return "" }
func Note(kind string, value uint64)                {}
