package runner

import (
	"os/exec"
	"syscall"
)

// DieWithParent has the kernel end a worker whose parent was killed and could not see to it. A worker
// between two seeds notices by itself, one that is inside an endless seed would not.
func DieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// apart keeps the signals of a terminal from a worker: an interrupt is its parent's business.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr.Setpgid = true }
