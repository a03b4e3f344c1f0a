// Package net is the network of the simulated machines: hosts, the links between them, and the TCP and UDP
// sockets on each host. It knows nothing of system calls, descriptors or goroutines: package shim decodes
// those and calls the sockets here, which answer at once, with an errno where Linux would give one.
//
// # Modelled
//
//   - Links: one per ordered pair of hosts, each with a latency distribution; a packet crosses a link only if
//     the link is up both when it leaves and when it arrives. Partition (both ways), PartitionOneWay, Heal.
//     Traffic of a host to itself has its own, shorter latency.
//   - TCP: listen with backlog, connect, accept, RST for a port nobody listens on (ECONNREFUSED), in-order delivery,
//     splitting of writes into segments at seeded places (partial reads), send buffer and receive window with back
//     pressure, half close, FIN, RST when a socket is closed with unread data or data arrives for a closed socket,
//     SO_LINGER with zero time, SO_REUSEADDR, SO_REUSEPORT, dual-stack wildcard sockets, and the timers below.
//     Bytes never vanish inside a stream that lives: what a link swallows is sent again.
//   - UDP: datagrams with boundaries, independent latencies (so they overtake each other), connected sockets,
//     ECONNREFUSED from a closed port, receive queue overflow.
//   - Unix sockets: streams, datagrams, sequenced packets, without latency since both ends are on one host.
//   - A host that crashes is silent: packets to it are lost until it boots again; then packets of connections
//     from before the crash are answered with RST. Sockets of a process that dies are closed by its kernel,
//     which is alive: FIN, or RST when data was left unread.
//
// # The timers of TCP
//
// They are Linux 6.1's with its default settings (net/ipv4/tcp_timer.c, Documentation/networking/ip-sysctl.rst, tcp(7)):
//
//   - SYN: sent again after 1 s, doubling, six times or TCP_SYNCNT times; ETIMEDOUT after 127 s. SYN-ACK: five times, after 63 s the
//     server forgets the connection; the client finds out when it sends.
//   - Retransmission: the timeout is the round trip plus four times its variance, that at least 200 ms (RFC 6298), doubling to 120 s.
//     ETIMEDOUT at the first timeout later than 924.6 s after the first retransmission (tcp_retries2 = 15): after 925 s on a fast network.
//     A connection that was closed is given up after 102.2 s, without a word to the other end.
//   - Closed window: probed after the retransmission timeout, doubling to 120 s, for as long as the other end answers; ETIMEDOUT
//     after 15 probes in a row without an answer. A connection that was closed is given up after eight, or once the time between
//     probes has reached 120 s: after 324 s, answered or not.
//   - TCP_USER_TIMEOUT: ETIMEDOUT so long after the first retransmission, or after the first probe of a window that stays closed,
//     answered or not; the same for a SYN.
//   - Keepalive, if SO_KEEPALIVE is on: a probe after TCP_KEEPIDLE (7200 s) without data or acknowledgement, then every TCP_KEEPINTVL
//     (75 s); after TCP_KEEPCNT (9) probes without an answer, ETIMEDOUT, and a RST for the other end. With TCP_USER_TIMEOUT, at the
//     first probe later than that. Not while data is outstanding or waits for a window.
//   - FIN-WAIT-2: a connection that was closed is forgotten if the other end does not finish within 60 s or TCP_LINGER2.
//   - TIME-WAIT: the end that finished first keeps the port for 60 s. It can be bound if both sockets have SO_REUSEADDR; connect does
//     not choose it for the same destination, on the loopback interface for one second.
//
// # Events exist only while they can matter
//
// A pending event keeps the simulation from noticing a deadlock, and costs time. So timers whose outcome is already certain are not
// started: the retransmission timer starts when a packet was lost (the network knows), probes of keepalive and of a closed window are sent
// when the other side became unreachable, acknowledgements are entries in a queue which the sender looks at when it needs to
// know, with an event only when something waits for them, and TIME-WAIT is a table that is looked at when somebody wants a port.
//
// # Not modelled
//
// Bandwidth, congestion control, loss and duplication outside partitions, path MTU, urgent data, TCP fast
// open, IPv6 addresses other than ::1 and ::, multicast and broadcast. SACK and tail loss probes: a segment after a hole is dropped, and
// sent again at the retransmission timeout. Nagle's algorithm and delayed acknowledgements: small segments are sent, and segments
// acknowledged, at once.
//
// # Who may call it
//
// Package shim, and package sim for the latencies. Everything here must run where
// nothing else runs at the same time: in kernel mode, or before the simulation starts.
package net
