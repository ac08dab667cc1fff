"""Our end of UDP: a socket that sends and receives datagrams and records each as one event, with its addresses.

Lock-step (`read`): after a datagram we wait until the queue of the socket that it went to is empty, which proves that
the student's program has taken it. A queue holds some two hundred datagrams and then drops in silence: whoever sends
many has them read in between, a score at a time.
When a datagram arrived is the kernel's own word (SO_TIMESTAMPNS), so that the time between two of the student's
datagrams is theirs, however late the machine lets us look.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from typing import TYPE_CHECKING, NamedTuple

from grader.instrument.sockdiag import Address
from grader.model import DatagramReceived, DatagramSent, Drained

if TYPE_CHECKING:
    from grader.instrument.run import Run
    from grader.instrument.stage import Stage

KEPT = 2048  # bytes of one event
LARGEST = 65_507  # bytes that one datagram can carry over IPv4
SO_TIMESTAMPNS = 35  # Linux, include/uapi/asm-generic/socket.h; Python has no name for it
TIMESPEC = struct.Struct("@ll")


class Datagram(NamedTuple):
    """at: when it arrived, in the case's time."""

    source: Address
    data: bytes
    at: float


class DatagramSocket:
    """arrived: what has come and was not taken yet. run: the run whose doings are waited for."""

    def __init__(self, stage: Stage, name: str, host: str, run: Run | None = None) -> None:
        self.name, self.run = name, run
        self.arrived: list[Datagram] = []
        self._stage = stage
        self._sent = 0
        self.sock = socket.socket(type=socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        self.sock.bind((host, 0))
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.address: Address = self.sock.getsockname()

    # --- sending ------------------------------------------------------------------------------------------------

    def send(self, data: bytes, to: Address, *, lost: bool = False) -> None:
        """One datagram. lost: it is to be lost on its way, so it is told of and not sent."""
        stage = self._stage
        stage.record(DatagramSent(stage.now(), self.name, "{}:{}".format(*to), data[:KEPT], len(data), lost))
        stage.made_progress()
        if not lost:
            self._sent += len(data)
            with contextlib.suppress(OSError):  # what an earlier datagram met: nobody is there
                self.sock.sendto(data, to)

    def read(self, to: Address) -> bool:
        """Until the student's program has taken every datagram sent so far to this address."""
        stage = self._stage
        if not stage.watcher.available:
            stage.unproven("no /proc: datagrams were kept apart by delays, without proof that each was read alone")
            stage.settle(0.02)
            stage.record(Drained(stage.now(), self.name, self._sent, "delay"))
            return True
        if not stage.until(lambda: not self.unread(to), "read", self.run, polling=True):
            return False
        if stage.watcher.receiver(self.address, to) is None:
            return False
        stage.record(Drained(stage.now(), self.name, self._sent))
        return True

    def unread(self, to: Address) -> int:
        """What the unread datagrams at this address cost the kernel; 0 where there are none, or nobody is there."""
        found = self._stage.watcher.receiver(self.address, to)
        return found.rx if found else 0

    # --- receiving ----------------------------------------------------------------------------------------------

    def receive(self) -> Datagram | None:
        """Takes the next datagram; None where none comes."""
        self.wait(1)
        return self.arrived.pop(0) if self.arrived else None

    def wait(self, count: int) -> bool:
        """Until so many datagrams are there that were not taken yet."""
        return self._stage.until(lambda: self.look() >= count, "datagram", self.run, reading=[self.sock])

    def look(self) -> int:
        """Takes in what has come by now, without waiting; how many are there that were not taken yet."""
        with contextlib.suppress(BlockingIOError):
            while self._open:
                self._take_in(*self.sock.recvmsg(65_536, 64))
        return len(self.arrived)

    def _take_in(self, data: bytes, ancillary: list[tuple[int, int, bytes]], flags: int, source: Address) -> None:
        at = self._arrival(ancillary)
        self.arrived.append(Datagram(source, data, at))
        self._stage.record(DatagramReceived(at, self.name, "{}:{}".format(*source), data[:KEPT], len(data)))
        self._stage.made_progress()

    def _arrival(self, ancillary: list[tuple[int, int, bytes]]) -> float:
        """Never before it left, nor after now: the machine may stop us between two readings of clocks, and then the
        wall's, read first, makes it seem younger than it is."""
        wall = time.time()
        now = self._stage.now()
        stamps = [TIMESPEC.unpack(d) for _, kind, d in ancillary if kind == SO_TIMESTAMPNS and len(d) == TIMESPEC.size]
        ago = wall - stamps[0][0] - stamps[0][1] / 1e9 if stamps else 0.0
        return round(now - ago, 6) if 0 < ago < now else now

    # --- ending -------------------------------------------------------------------------------------------------

    @property
    def _open(self) -> bool:
        return self.sock.fileno() >= 0

    def vanish(self) -> None:
        """From now on the kernel answers whoever writes here that nobody is there; we can still send (on Linux)."""
        self.sock.connect(self.address)  # and so it takes no datagrams but its own

    def close(self) -> None:
        """From now on the kernel answers whatever comes here: nobody is there."""
        self.sock.close()
