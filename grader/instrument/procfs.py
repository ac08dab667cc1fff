"""Readings of the student's processes and sockets, taken from outside them. No judgement here.

Everything comes from /proc and needs no privilege: across the pod's containers only world-readable files are used.
Where /proc is missing (`available` is False) every reading is empty, and the stage says so in the trace.

Sources: facts measured for this project; Linux Documentation/filesystems/proc.rst, net/ipv4/tcp_ipv4.c and udp.c for
the columns of /proc/net/tcp and udp (rx_queue of a LISTEN row is the accept backlog; a FIN that was not read yet counts
as one; of a UDP row the queues hold what their datagrams cost the kernel, and the last column counts those dropped).
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from grader.instrument.kinship import below, seen
from grader.instrument.reading import children, slurp, threads_of
from grader.instrument.rows import Row, row_of
from grader.instrument.sockdiag import ANY, TCP, UDP, Address, Found, SockDiag, Socket
from grader.model import Seen

ESTABLISHED, UNCONNECTED, CLOSE_WAIT, LISTEN = 0x01, 0x07, 0x08, 0x0A
GONE = (0x06, 0x07, LISTEN)  # TIME_WAIT, CLOSE, or only the listener is left: nobody can read there any more


@dataclass(frozen=True, slots=True)
class Task:
    """One thread: its state letter, context switches of both kinds so far, nanoseconds run and waited to run."""

    pid: int
    tid: int
    state: str
    switches: int
    ran: int
    waited: int


class Watcher:
    """Looks at the processes below `agent_pid`; where this process is the pod's pid 1, at all others.

    root: where /proc is mounted; a path without one shows how things look on a system that has none.
    """

    def __init__(self, agent_pid: int, root: str = "/proc") -> None:
        self.root = Path(root)
        self.available = (self.root / "net" / "tcp").exists()
        self.agent_pid = agent_pid
        self._tells_children = (self.root / str(agent_pid) / "task" / str(agent_pid) / "children").exists()
        self._diag = _sock_diag() if self.available else None
        self._me = os.getpid()

    def tcp(self) -> list[Row]:
        """All TCP sockets of this network namespace."""
        return [row_of(line.split()) for line in self._read("net/tcp").splitlines()[1:]]

    def udp(self) -> list[Row]:
        """All UDP sockets of this network namespace that have an address."""
        lines = [line.split() for line in self._read("net/udp").splitlines()[1:]]
        return [row_of(f, drops=int(f[12])) for f in lines]

    def queues(self, ours: Address, theirs: Address) -> tuple[int, int] | None:
        """(bytes that we sent and they have not acknowledged, bytes that they have but did not read yet).

        None where their end of the connection is gone.
        """
        mine = self._find(ours, theirs)  # first: what it has no more lies in the queue that is looked at next
        yours = self._find(theirs, ours)
        if yours is None or yours.state in GONE:
            return None
        return mine.tx if mine and mine.state != LISTEN else 0, yours.rx

    def under_way(self, ours: Address, theirs: Address) -> bool:
        """The kernel still moves bytes between the two ends: theirs that we do not have, or ours where they have none.

        Timers of seconds may lie between two of its attempts (RFC 9293, 3.8), in which nobody but it has work to do.
        """
        mine, yours = self._find(ours, theirs), self._find(theirs, ours)
        if mine is None or yours is None or LISTEN in (mine.state, yours.state):
            return False
        return bool(yours.tx and not mine.rx) or bool(mine.tx and not yours.rx)

    def listener(self, address: Address) -> Socket | None:
        """The LISTEN socket on an address; its rx is the number of connections that wait to be accepted."""
        found = self._find(address, ANY) or self._find(("0.0.0.0", address[1]), ANY)
        return found if found and found.state == LISTEN else None

    def listening(self, protocol: int = TCP) -> set[Address]:
        """All addresses that somebody listens on, the student's side or not; "0.0.0.0" stands for every address.

        A UDP socket listens where it has an address and takes datagrams from everybody.
        """
        return {found.local for found in self._all_in(UNCONNECTED if protocol == UDP else LISTEN, protocol)}

    def their_addresses(self, protocol: int = TCP) -> set[Address]:
        """The addresses that the student's side listens on."""
        found = self._all_in(UNCONNECTED if protocol == UDP else LISTEN, protocol)
        if self._me == 1:
            return {f.local for f in found if f.uid != os.getuid()}
        inodes = self._socket_inodes()
        return {f.local for f in found if f.inode in inodes}

    def _socket_inodes(self) -> set[int]:
        found: set[int] = set()
        for pid in self.pids():
            with contextlib.suppress(OSError):
                for fd in (self.root / str(pid) / "fd").iterdir():
                    with contextlib.suppress(OSError, ValueError):
                        found.add(int(str(fd.readlink()).removeprefix("socket:[").removesuffix("]")))
        return found

    def close_wait(self, port: int) -> int:
        """Connections to this port that the caller has ended and the student's side has not closed."""
        return sum(found.local[1] == port for found in self._all_in(CLOSE_WAIT))

    def receiver(self, source: Address, target: Address) -> Socket | None:
        """The UDP socket that would receive a datagram from `source` to `target`; its rx is 0 if it has read all."""
        if self._diag and self._diag.knows_udp:
            return self._diag.receiver(source, target)
        rows = [r for r in self.udp() if r.local in (target, ("0.0.0.0", target[1])) and r.remote in (source, ANY)]
        rows.sort(key=lambda r: (r.local != target, r.remote != source))
        return Socket(rows[0].state, rows[0].rx_queue, rows[0].tx_queue, rows[0].uid) if rows else None

    def drops(self, port: int) -> int:
        """Datagrams that the UDP sockets on this port had no room for."""
        return sum(r.drops for r in self.udp() if r.local[1] == port)

    def _all_in(self, state: int, protocol: int = TCP) -> list[Found]:
        if self._diag and (protocol == TCP or self._diag.knows_udp):
            return self._diag.all_in(state, protocol)
        rows = self.udp() if protocol == UDP else self.tcp()
        return [Found(r.local, r.remote, r.uid, r.inode) for r in rows if r.state == state]

    def _find(self, local: Address, remote: Address) -> Socket | None:
        if self._diag:
            return self._diag.find(local, remote)
        rows = [r for r in self.tcp() if r.local == local and r.remote == remote]
        return Socket(rows[0].state, rows[0].rx_queue, rows[0].tx_queue, rows[0].uid) if rows else None

    def pids(self) -> list[int]:
        """Live processes of the student's side, the agent not among them."""
        if self._me == 1:
            return [pid for pid in self._all() if pid not in (1, self.agent_pid) and self.alive(pid)]
        if self._tells_children:
            return sorted(self._descendants())
        stats = {pid: stat for pid in self._all() if (stat := self._stat(pid)) and _lives(stat)}
        return sorted(below(self.agent_pid, {pid: int(stat[1]) for pid, stat in stats.items()}))

    def _descendants(self) -> set[int]:
        """The same without a look at every process of the machine: this is asked for all the time."""
        found: set[int] = set()
        frontier = {self.agent_pid}
        while frontier := {c for pid in frontier for c in children(self.root, pid) if self.alive(c)} - found:
            found |= frontier
        return found

    def _all(self) -> list[int]:
        names = os.listdir(self.root) if self.available else ()  # noqa: PTH208  # twice as fast
        return [int(name) for name in names if name.isdigit()]

    def census(self) -> tuple[Seen, ...]:
        """Every process of the student's side, zombies too, but not the agent and the recorders that it has."""
        found = {pid: status for pid in self._all() if (status := self._status(pid))}
        return seen(found, self.agent_pid, alone=self._me == 1)

    def alive(self, pid: int) -> bool:
        stat = self._stat(pid)
        return stat is not None and _lives(stat)

    def agent_alive(self) -> bool:
        return self.alive(self.agent_pid)

    def tasks(self) -> tuple[Task, ...]:
        """Every thread of every process of the student's side."""
        found = []
        for pid in self.pids():
            found += [task for tid in threads_of(self.root, pid) if (task := self._task(pid, tid))]
        return tuple(found)

    def threads(self) -> int:
        return sum(int(self._status(pid).get("Threads", "0")) for pid in self.pids())

    def memory(self) -> int:
        """Resident memory of the student's processes now, in bytes."""
        return 1024 * sum(int(self._status(pid).get("VmRSS", "0").split()[0]) for pid in self.pids())

    def peak(self) -> int:
        """Sum of the greatest resident memory that each process ever had, in bytes."""
        return 1024 * sum(int(self._status(pid).get("VmHWM", "0").split()[0]) for pid in self.pids())

    def private(self) -> int:
        """Memory that is the processes' own and no file's, in bytes: what was read into it, not what is mapped."""
        return 1024 * sum(int(self._status(pid).get("RssAnon", "0").split()[0]) for pid in self.pids())

    def descriptor_slots(self) -> int:
        """Sizes of the student's descriptor tables. They grow by doubling and never shrink: a leak shows as a step."""
        return sum(int(self._status(pid).get("FDSize", "0")) for pid in self.pids())

    def _status(self, pid: int) -> dict[str, str]:
        rows = (line.partition(":") for line in self._read(f"{pid}/status").splitlines())
        return {key: value.strip() for key, _, value in rows}

    def _stat(self, pid: int) -> list[str] | None:
        text = self._read(f"{pid}/stat")
        return text.rsplit(")", 1)[1].split() if ")" in text else None

    def _task(self, pid: int, tid: int) -> Task | None:
        status = self._read(f"{pid}/task/{tid}/status")
        if not status:
            return None
        state = status[status.index("\nState:\t") + 8]
        _, voluntary, _, others, *_ = status[status.rindex("\nvoluntary_ctxt_switches:") :].split()
        schedule = self._read(f"{pid}/task/{tid}/schedstat").split()
        ran, waited = (int(schedule[0]), int(schedule[1])) if len(schedule) == 3 else (0, 0)
        return Task(pid, tid, state, int(voluntary) + int(others), ran, waited)

    def _read(self, name: str) -> str:
        return slurp(f"{self.root}/{name}").decode(errors="replace")  # a thread may give itself any bytes as its name


def _sock_diag() -> SockDiag | None:
    try:
        return SockDiag()
    except OSError:
        return None


def resting(tasks: tuple[Task, ...]) -> bool:
    """No thread runs, wants to run (R, however long it is kept waiting) or waits for a disk (D, which will end)."""
    return all(t.state in "STtIZX" for t in tasks)


def asleep(before: tuple[Task, ...], after: tuple[Task, ...]) -> bool:
    """No thread ran between two readings, none wanted to, none came or went."""
    return bool(before) and resting(after) and _marks(before) == _marks(after)


def idle(before: tuple[Task, ...], after: tuple[Task, ...], seconds: float) -> bool:
    """The same threads, and none of them did more than look now and then whether there is work (select(…, 0.5))."""
    same = [(t.pid, t.tid) for t in before] == [(t.pid, t.tid) for t in after]
    if not before or not same or not resting(after):
        return False
    return busiest(before, after, seconds) < 0.1 and switches(before, after) < 20 * seconds + 2


def rounds(before: tuple[Task, ...], after: tuple[Task, ...], seconds: float) -> int:
    """How often each thread that did not sleep all along has gone to sleep and woken; of several, the least. 0 where
    threads came or went, or one is at something that takes it long."""
    old, new = ({(t.pid, t.tid): t.switches for t in tasks} for tasks in (before, after))
    if old.keys() != new.keys() or not resting(after) or busiest(before, after, seconds) > 0.5:
        return 0
    return min({new[t] - old[t] for t in new} - {0}, default=0)


def busiest(before: tuple[Task, ...], after: tuple[Task, ...], seconds: float) -> float:
    """Share of the time in which the busiest thread ran or wanted to run: > 0.9 is a busy loop on any machine."""
    old = {(t.pid, t.tid): t.ran + t.waited for t in before}
    shares = [(t.ran + t.waited - old[t.pid, t.tid]) / 1e9 / seconds for t in after if (t.pid, t.tid) in old]
    return max(shares, default=0.0)


def switches(before: tuple[Task, ...], after: tuple[Task, ...]) -> int:
    """Context switches between two readings of the threads that are in both."""
    old = {(t.pid, t.tid): t.switches for t in before}
    return sum(t.switches - old[t.pid, t.tid] for t in after if (t.pid, t.tid) in old)


def _lives(stat: list[str]) -> bool:
    """A process whose first thread is dead lives on in its others: field 20 of proc(5)'s stat counts them."""
    return stat[0] not in "ZX" or int(stat[17]) > 1


def _marks(tasks: tuple[Task, ...]) -> list[tuple[int, int, int, int]]:
    return [(t.pid, t.tid, t.switches, t.ran) for t in tasks]
