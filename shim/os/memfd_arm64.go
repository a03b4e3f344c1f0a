package os

const sysMEMFD_CREATE = 279 // package syscall does not have it
