"""One TCP or UDP socket of this network namespace, looked up by its addresses through NETLINK_SOCK_DIAG.

Why not /proc/net/tcp: that walks the machine's whole table (3.8 ms a reading where measured, whatever the number of
sockets), and lock-step asks after every byte. The exact lookup costs some 10 µs and needs no privilege.
Sources: Linux include/uapi/linux/inet_diag.h, sock_diag(7); net/ipv4/udp_diag.c, which finds a UDP socket by asking
who would receive a datagram ("src and dst are swapped for historical reasons").
"""

from __future__ import annotations

import socket
import struct
from typing import NamedTuple

Address = tuple[str, int]

SOCK_DIAG_BY_FAMILY, NLMSG_ERROR, NLMSG_DONE, NLM_F_REQUEST, NLM_F_DUMP = 20, 2, 3, 1, 0x300
NETLINK_SOCK_DIAG = 4
ANY_STATE = 0xFFFFFFFF
NO_COOKIE = b"\xff" * 8
TCP, UDP = socket.IPPROTO_TCP, socket.IPPROTO_UDP
ANY: Address = ("0.0.0.0", 0)
ADDRESS = struct.Struct("!4s12x")
REPLY_HEAD = struct.Struct("=IHHIIBBBB")  # nlmsghdr, then family, state, timer, retransmits
REPLY_TAIL = struct.Struct("=IIIII")  # expires, rqueue, wqueue, uid, inode
ID_SIZE = 48


class Socket(NamedTuple):
    """state as in /proc/net/tcp. Of a listener, rx is the number of waiting connections and tx the backlog.

    Of a UDP socket, rx and tx are what the datagrams in its queues cost the kernel: 0 where there is none.
    """

    state: int
    rx: int
    tx: int
    uid: int


class Found(NamedTuple):
    """One socket of a listing. inode: what /proc/<pid>/fd calls it."""

    local: Address
    remote: Address
    uid: int
    inode: int


class SockDiag:
    """knows_udp: the system answers for UDP too. Raises OSError at construction where there is no such netlink."""

    def __init__(self) -> None:
        self._netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG)
        self._netlink.settimeout(2)
        with socket.socket() as probe, socket.socket(type=socket.SOCK_DGRAM) as udp_probe:
            for each in (probe, udp_probe):
                each.bind(("127.0.0.1", 0))
            probe.listen()
            if self.find(probe.getsockname(), ANY) is None:
                raise OSError("sock_diag does not know TCP here")
            self.knows_udp = self.receiver(ANY, udp_probe.getsockname()) is not None

    def find(self, local: Address, remote: Address) -> Socket | None:
        """The socket with these addresses; the kernel answers with a listener on `local` where no connection is."""
        return self._lookup(TCP, local, remote)

    def receiver(self, source: Address, target: Address) -> Socket | None:
        """The UDP socket that would receive a datagram from `source` to `target`."""
        return self._lookup(UDP, source, target)

    def _lookup(self, protocol: int, first: Address, second: Address) -> Socket | None:
        ends = struct.pack("!HH", first[1], second[1])
        ends += ADDRESS.pack(socket.inet_aton(first[0])) + ADDRESS.pack(socket.inet_aton(second[0]))
        body = struct.pack("=BBxxI", socket.AF_INET, protocol, ANY_STATE)
        body += ends + struct.pack("=I", 0) + NO_COOKIE
        self._netlink.send(struct.pack("=IHHII", 16 + len(body), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0) + body)
        reply = self._netlink.recv(8192)
        _, kind, _, _, _, _, state, _, _ = REPLY_HEAD.unpack_from(reply)
        if kind == NLMSG_ERROR:
            return None
        _, rx, tx, uid, _ = REPLY_TAIL.unpack_from(reply, REPLY_HEAD.size + ID_SIZE)
        return Socket(state, rx, tx, uid)

    def all_in(self, state: int, protocol: int = TCP) -> list[Found]:
        """Every IPv4 socket in one state; some 0.1 to 0.4 ms."""
        body = struct.pack("=BBxxI48x", socket.AF_INET, protocol, 1 << state)
        flags = NLM_F_REQUEST | NLM_F_DUMP
        self._netlink.send(struct.pack("=IHHII", 16 + len(body), SOCK_DIAG_BY_FAMILY, flags, 2, 0) + body)
        found: list[Found] = []
        while True:
            rest = memoryview(self._netlink.recv(1 << 18))
            while rest:
                size, kind = struct.unpack_from("=IH", rest)
                if kind in (NLMSG_DONE, NLMSG_ERROR):
                    return found
                found.append(_found(rest[REPLY_HEAD.size : size]))
                rest = rest[(size + 3) & ~3 :]


def _found(reply: memoryview) -> Found:
    ports = struct.unpack_from("!HH", reply)
    local, remote = zip((socket.inet_ntoa(reply[at : at + 4]) for at in (4, 20)), ports, strict=True)
    *_, uid, inode = REPLY_TAIL.unpack_from(reply, ID_SIZE)
    return Found(local, remote, uid, inode)
