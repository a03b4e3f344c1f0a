// Package net is the network of the simulated machines: hosts, the links between them, and the TCP and UDP
// sockets on each host. It knows nothing of system calls, descriptors or goroutines: package shim decodes
// those and calls the sockets here, which answer at once, with an errno where Linux would give one.
//
// # Modelled
//
//   - Links: one per ordered pair of hosts, each with a latency distribution; a packet crosses a link only if
//     the link is up both when it leaves and when it arrives. Partition (both ways), PartitionOneWay, Heal.
//     Traffic of a host to itself has its own, shorter latency.
//   - TCP: listen with backlog, connect, accept, SYN retransmission (gives up after 127 s with ETIMEDOUT),
//     RST for a port nobody listens on (ECONNREFUSED), in-order delivery, splitting of writes into segments
//     at seeded places (partial reads), send buffer and receive window with back pressure, half close, FIN,
//     RST when a socket is closed with unread data or data arrives for a closed socket, retransmission with
//     exponential backoff (200 ms doubling to 120 s, ETIMEDOUT after 924.6 s or TCP_USER_TIMEOUT),
//     keepalive, SO_LINGER with zero time, SO_REUSEADDR, SO_REUSEPORT, dual-stack wildcard sockets.
//     Bytes never vanish inside a stream that lives: what a link swallows is sent again.
//   - UDP: datagrams with boundaries, independent latencies (so they overtake each other), connected sockets,
//     ECONNREFUSED from a closed port, receive queue overflow.
//   - Unix sockets: streams, datagrams, sequenced packets, without latency since both ends are on one host.
//   - A host that crashes is silent: packets to it are lost until it boots again; then packets of connections
//     from before the crash are answered with RST. Sockets of a process that dies are closed by its kernel,
//     which is alive: FIN, or RST when data was left unread.
//
// # Events exist only while they can matter
//
// A pending event keeps the simulation from noticing a deadlock, and costs time. So timers whose outcome is
// already certain are not started: the retransmission timer starts when a packet was lost (the network knows),
// keepalive probing starts when the other side became unreachable, and acknowledgements are entries in a queue
// which the sender looks at when it needs to know, with an event only when something waits for them.
//
// # Not modelled
//
// Bandwidth, congestion control, loss and duplication outside partitions, path MTU, urgent data, TCP fast
// open, TIME_WAIT (a port is free again at once, as with SO_REUSEADDR, which Go always sets), IPv6 addresses
// other than ::1 and ::, multicast and broadcast, SACK (a segment after a hole is dropped and sent again).
//
// # Who may call it
//
// Package shim, and package sim for the latencies. Everything here must run where
// nothing else runs at the same time: in kernel mode, or before the simulation starts.
package net
