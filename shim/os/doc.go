// Package os is what a simulated machine has besides the network: a disk with files and directories, pipes,
// and file locks. It knows nothing of system calls, processes or goroutines: package shim decodes those and
// calls the operations here, which answer at once, with an errno where Linux would give one.
//
// # Modelled
//
//   - A disk per machine: regular files (sparse, in pages), directories, symbolic and hard links, the devices
//     /dev/null, zero, full, random and urandom; rename (also NOREPLACE and EXCHANGE), O_APPEND, O_EXCL,
//     O_TRUNC, O_DIRECTORY, O_NOFOLLOW, unlinked files that are still open, mode bits, times, umask, flock
//     and byte-range locks, directory listing in the order of creation with stable positions.
//   - Crashes. What a process wrote survives its death, but a crash of the machine loses what was not synced;
//     see below.
//   - Shared mappings, which show at once what is written to the file, and are the file where programs write to them. msync makes that
//     durable, as does fsync.
//   - Pipes: 64 KiB, writes of up to 4096 bytes are atomic, end of file and EPIPE.
//
// # What a crash of the machine leaves
//
// Data: for each file with unsynced changes one of three things is drawn: all of them are lost, all survive,
// or some do. In the last case every overwritten page keeps its old content, has the new one, or is torn
// between two sectors of 512 bytes, and of what was appended a part of any length survives. fsync, fdatasync,
// and each write to a file opened with O_SYNC or O_DSYNC make the data durable.
//
// Names: creations, links, renames and unlinks are kept in a journal, as ext4, xfs and btrfs do: a crash
// leaves a state in which a prefix of them has happened; which one is drawn. fsync of a file makes its own
// creation and renames durable and with them everything earlier; fsync of a directory does it for the
// directory's names. A rename is one change: it has happened or not.
// Data and names are independent: a file renamed without fsync may be found under its new name, empty.
//
// Age: without any sync, a file of which something has been dirty for 30 s is written altogether at the next look of the kernel, of which there is one every
// 5 s; a change of names is durable 5 s after the first one that was not, at the latest. Both ages can be set, also to never. Files that are mapped for
// writing are not written by age.
//
// # Not modelled
//
// Permissions are kept and reported but not enforced, since processes run as root. No quota and no full disk,
// no I/O errors, no extended attributes, no inotify, no device or FIFO special files made by mknod.
// Mode and time changes are durable at once.
//
// # Who may call it
//
// Package shim. Everything here must run where nothing else runs at the same time: in kernel mode, or before
// the simulation starts.
package os
