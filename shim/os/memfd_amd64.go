package os

const sysMEMFD_CREATE = 319 // package syscall does not have it
