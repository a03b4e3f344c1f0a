package rewrite

import (
	"fmt"
	"strings"
	"testing"
)

// Every way of writing a call of the kernel or of what reaches it is found where it stands, and nothing that only looks like one.
func TestAssembly(t *testing.T) {
	for _, c := range []struct{ arch, src, want string }{
		{"amd64", "TEXT ·f(SB), NOSPLIT, $0-8\n\tMOVQ $39, AX\n\tSYSCALL\n\tRET\n", "3:2"},
		{"amd64", "\tMOVQ $39, AX; SYSCALL\n", "1:16"},
		{"amd64", "loop:\tSYSENTER\n", "1:7"},
		{"amd64", "\tINT $0x80\n", "1:2"},
		{"amd64", "\tINT\t$3\n", "1:2"},
		{"amd64", "\tBYTE $0x0F; BYTE $0x05 // syscall\n", "1:2"},
		{"amd64", "\tBYTE $0xf ;BYTE $5\n\tBYTE $0x0f; BYTE $0x34\n", "2:2"},
		{"amd64", "#define KERNEL \\\n\tSYSCALL \\\n\tRET\n#define CALL(n) MOVQ n, AX; SYSCALL\n", "2:2 4:29"},
		{"amd64", "\t// SYSCALL\n\t/* SYSCALL\n\tSYSCALL */ RET\n\tCALL ·SYSCALL(SB)\nTEXT ·INT(SB), 4, $0\n\tSYSCALLX\n", ""},
		{"amd64", "/* open\n\tSYSCALL\n", ""},
		{"arm64", "\tMOVD $172, R8\n\tSVC\n", "2:2"},
		{"arm64", "\tSVC $0\n\tWORD $0xd4000001\n\tWORD $0xD4000021\n", "1:2 2:2 3:2"},
		{"arm64", "\tSYSCALL\n\tWORD $0xd4000003\n\tWORD $0xd503201f\n", ""},
		{"riscv64", "\tECALL\n", ""},
		{"amd64", "\tCALL runtime·entersyscall(SB)\n\tJMP\truntime∕internal∕syscall·Syscall6<ABIInternal>(SB)\n\tCALL syscall·rawVforkSyscall(SB)\n", "1:7 2:6 3:7"},
		{"amd64", "TEXT ·Syscall(SB), 4, $0-56\n\tJMP syscall·Syscall(SB)\n", "2:6"},
		{"amd64", "\tRDTSC\n\tRDTSCP; LFENCE\nagain: RDRANDQ AX\n\tRDSEEDL BX\n\tCPUID\n", "1:2w 2:2w 3:8w 4:2w"},
		{"arm64", "\tMRS CNTVCT_EL0, R0\n\tMRS ID_AA64ISAR0_EL1, R0\n", "1:2w"},
		{"arm64", "\tB runtime·nanotime(SB) // the host's clock\n", "1:4"},
		{"amd64", "\tCALL runtime·memmove(SB)\n\tCMPB runtime·x86HasSSE41(SB), $1\n\tCALL runtime·panicIndex(SB)\n" +
			"\tCALL example.com∕p·entersyscall(SB)\n\tJMP ·entersyscall(SB)\n", ""},
	} {
		var got []string
		for _, d := range Assembly("a.s", c.arch, []byte(c.src)) {
			got = append(got, fmt.Sprintf("%d:%d%s", d.Pos.Line, d.Pos.Column, map[bool]string{true: "w"}[d.Warning]))
			if d.Pos.Filename != "a.s" || !strings.Contains(d.Message, "assembly") || d.Advice == "" {
				t.Errorf("%s: %v", c.src, d)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: found at %v, want %s", c.src, got, c.want)
		}
	}
}
