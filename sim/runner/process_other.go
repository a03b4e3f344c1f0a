//go:build !linux

package runner

import "os/exec"

// DieWithParent does nothing here.
func DieWithParent(*exec.Cmd) {}

// apart does nothing here.
func apart(*exec.Cmd) {}
