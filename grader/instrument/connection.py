"""Our end of a TCP connection, and the listener that takes one. Records what it does and what it sees.

Lock-step (`step`): after each piece we wait until the student's receive queue is empty, which proves that the program
has read it; only the receiver's queue in /proc/net/tcp is such a proof (an acknowledgement is the kernel's alone).
Gluing (`send` of one buffer): everything lies in the queue before the student can read its first byte.
"""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import struct
import time
from typing import TYPE_CHECKING

from grader.instrument.procfs import Task, asleep, idle
from grader.instrument.sockdiag import Address
from grader.instrument.waiting import TURNS, Turns
from grader.model import (
    Connected,
    Drained,
    Ended,
    Finished,
    Flow,
    Received,
    Refused,
    Reset,
    Sent,
    Told,
    Unread,
)
from grader.wire.payload import FlowMeter, value_of

if TYPE_CHECKING:
    from grader.instrument.run import Run
    from grader.instrument.stage import Stage

KEPT = 2048
CHUNK = 65_536
STUCK_AFTER = 0.02  # seconds in which no byte moves and the program sleeps: the buffers between us are full
STUCK_AT_LAST = 0.5  # the same of a program that never quite sleeps, where no bystander can tell
# Seconds with bytes unread, each less than what proves a Quiet: the program may be right to wait for more of them.
NOT_READING = 0.15  # asleep for good
ASKED_AGAIN = 0.05  # whether it will wake by itself
NOT_READING_IDLE = 1.5  # some wait has a time-out: it may still wake and read


class Connection:
    """ended: None, "fin" or "reset". data: what was received and not yet taken by `take`."""

    def __init__(self, stage: Stage, name: str, sock: socket.socket) -> None:
        self.name, self.sock = name, sock
        self.ended: str | None = None
        self.data = bytearray()
        self.run: Run | None = None
        self._stage = stage
        self._sent, self._received = FlowMeter(), FlowMeter()
        self._ours: Address = ("", 0)
        self._theirs: Address = ("", 0)
        self._patience = NOT_READING
        self._open = False

    @property
    def alive(self) -> bool:
        return self._open and self.ended is None

    @property
    def sent(self) -> int:
        return self._sent.size

    @property
    def received(self) -> int:
        return self._received.size

    # --- beginning ----------------------------------------------------------------------------------------------

    def open(self, address: Address) -> bool:
        """Calls the student's server."""
        error = self.sock.connect_ex(address)
        if error == errno.EINPROGRESS:
            self._stage.until(self._writable, "connect", self.run, writing=[self.sock])
            error = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or (0 if self._writable() else error)
        if error:
            self._stage.refused(self.name, errno.errorcode.get(error, str(error)))
            return False
        self.opened("peer", address)
        return True

    def opened(self, by: str, theirs: Address) -> None:
        self._open = True
        self.sock.setblocking(False)
        with contextlib.suppress(OSError):  # they may have reset it already, and getpeername would then raise too
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ours, self._theirs = self.sock.getsockname(), theirs
        self._stage.record(Connected(self._stage.now(), self.name, by))

    # --- sending ------------------------------------------------------------------------------------------------

    def tell(self, message: object) -> None:
        """Records a message that the next bytes will carry, so that a check knows what was meant."""
        self._stage.record(Told(self._stage.now(), self.name, value_of(message)))

    def due(self, data: bytes) -> None:
        """Records the bytes that the specification asks the student's side to send here."""
        meter = FlowMeter()
        meter.add(data)
        self._stage.record(Flow(self._stage.now(), self.name, "due", meter.size, meter.blocks(), meter.head))

    def send(self, data: bytes) -> bool:
        """Hands all bytes to the wire, as fast as it takes them."""
        if not self.alive:
            return False
        self._stage.record(Sent(self._stage.now(), self.name, data[:KEPT], len(data)))
        rest = memoryview(data)
        while rest:
            n = self._push(rest)
            rest = rest[n:]
            if not self.alive:
                return False
            if rest and not self._stage.until(self._writable, "read", self.run, writing=[self.sock]):
                return False
        return True

    def _push(self, rest: memoryview) -> int:
        try:
            n = self.sock.send(rest[:CHUNK])
        except BlockingIOError:
            return 0
        except OSError as e:
            self._take_what_is_left()
            # EPIPE: their FIN had come, and the reset only answers what we sent after it.
            self._note_end("fin" if e.errno == errno.EPIPE else "reset")
            return 0
        self._sent.add(rest[:n])
        self._stage.made_progress(n)
        return n

    def flood(self, data: bytes, *, wait: bool = True) -> int:
        """Sends, and receives nothing, until all is sent or all buffers between us are full; how many bytes went out.

        wait: where all is sent, also until the program has read it or reads no more.
        """
        rest, jam = memoryview(data), _Jam(self)

        def stuck() -> bool:
            nonlocal rest
            while rest and self.alive and (n := self._push(rest)):
                rest = rest[n:]
            return not self.alive or jam.stands() or (not rest and (not wait or self.queues() == (0, 0)))

        self._stage.until(stuck, "read", self.run, polling=True, moving=True)
        sent = len(data) - len(rest)
        if data:
            self._stage.record(Sent(self._stage.now(), self.name, data[: min(KEPT, sent)], sent))
        return sent

    def step(self, *pieces: bytes) -> bool:
        """Sends each piece only after the student's program has read the one before; waits for the last too."""
        return all(self.send(p) and self.drained() for p in pieces if p)

    def pour(self, data: bytes, back: Connection) -> bool:
        """As `step` with one piece of any size, and takes in meanwhile what the student's side writes to another
        connection: a program that passes on what it reads must not wait for us to read it."""
        if not self.alive:
            return False
        self._stage.record(Sent(self._stage.now(), self.name, data[:KEPT], len(data)))
        rest = memoryview(data)

        def sent() -> bool:
            nonlocal rest
            back.look()
            while rest and self.alive and (n := self._push(rest)):
                rest = rest[n:]
            return not rest or not self.alive

        done = self._stage.until(sent, "read", self.run, reading=[back.sock], writing=[self.sock])
        return done and self.drained(back)

    def drained(self, back: Connection | None = None) -> bool:
        """Until the student's program has read everything. True also where it sleeps on unread bytes (Unread).

        back: see `pour`."""
        stage = self._stage
        if not self._open:
            return False
        if not stage.watcher.available:
            stage.unproven("no /proc: pieces were kept apart by delays, without proof that each was read alone")
            stage.settle(0.02)
            stage.record(Drained(stage.now(), self.name, self._sent.size, "delay"))
            return True
        unread = _Unread(self)

        def done() -> bool:
            if back:
                before = back.received
                back.look()
                if back.received > before:
                    unread.again()  # the program may have slept because we had not read
            return unread.none() or unread.left_lying()

        met = stage.until(done, "read", self.run, polling=True)
        if unread.gone:
            self._pull(0)
            return False
        if met and not unread.size:
            stage.record(Drained(stage.now(), self.name, self._sent.size))
        elif unread.size:
            self._patience = 0.05
            stage.record(Unread(stage.now(), self.name, unread.size))
        return met

    def queues(self) -> tuple[int, int] | None:
        return self._stage.watcher.queues(self._ours, self._theirs) if self._open else None

    def under_way(self) -> bool:
        return self._open and self._stage.watcher.under_way(self._ours, self._theirs)

    # --- receiving ----------------------------------------------------------------------------------------------

    def widen(self, receive_buffer: int = 16 * CHUNK) -> None:
        """SO_RCVBUF from here on: whoever read slowly, to fill the buffers on the way, goes on quickly."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)

    def receive(self, size: int) -> bytes:
        """Reads until so many bytes are there and takes them; fewer where the conversation ended or stopped."""
        self._stage.until(lambda: self._has(size), "bytes", self.run, reading=[self.sock])
        taken = bytes(self.data[:size])
        del self.data[:size]
        return taken

    def receive_to_end(self, most: int) -> bytes:
        """Reads until the student's side ends the conversation, or more than `most` bytes have come; takes all."""
        self._stage.until(lambda: self._has(most + 1), "end", self.run, reading=[self.sock])
        taken = bytes(self.data)
        self.data.clear()
        return taken

    def exchange(self, data: bytes, expect: int, window: int = 0) -> bytes:
        """Sends while it reads, so that neither side waits for the other's buffer; then reads `expect` bytes.

        window: where not 0, the bytes sent are never so many more than those received.
        """
        if not self.alive:
            return b""
        self._stage.record(Sent(self._stage.now(), self.name, data[:KEPT], len(data)))
        rest, ahead = memoryview(data), self._sent.size - self._received.size

        def room() -> int:
            return window - (self._sent.size - self._received.size - ahead) if window else CHUNK

        def done() -> bool:
            nonlocal rest
            while rest and self.alive and room() > 0 and (n := self._push(rest[: room()])):
                rest = rest[n:]
            return self._has(expect)

        self._stage.until(done, "bytes", self.run, reading=[self.sock], writing=[self.sock], moving=True)
        taken = bytes(self.data[:expect])
        del self.data[:expect]
        return taken

    def look(self) -> None:
        """Takes in what has come by now, without waiting, or a mebibyte of it."""
        self._has(len(self.data) + 16 * CHUNK)

    def _has(self, size: int) -> bool:
        while len(self.data) < size and self.ended is None and self._open and self._pull(size - len(self.data)):
            pass
        return len(self.data) >= size or self.ended is not None or not self._open

    def _pull(self, size: int) -> bool:
        """Reads once; False where nothing more is there now."""
        try:
            data = self.sock.recv(min(CHUNK, size) or 1, 0 if size else socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            self._note_end("reset")
            return False
        if not data:
            self._note_end("fin")
            return False
        if size:
            self._took(data)
        return True

    def _took(self, data: bytes) -> None:
        self._received.add(data)
        self.data += data
        self._stage.record(Received(self._stage.now(), self.name, data[:KEPT], len(data)))

    def _take_what_is_left(self) -> None:
        """What came before a reset can still be read after it."""
        with contextlib.suppress(OSError):
            while data := self.sock.recv(CHUNK):
                self._took(data)

    # --- ending -------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Our FIN; reading goes on."""
        if self.alive:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_WR)
            self._stage.record(Finished(self._stage.now(), self.name))

    def reset(self) -> None:
        """Our RST."""
        if self._open:
            self._open = False
            self._stage.record(Reset(self._stage.now(), self.name))
            with contextlib.suppress(OSError):
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.sock.close()

    def close(self) -> None:
        """Our FIN, and no more reading."""
        self.finish()
        self.drop()

    def drop(self) -> None:
        """Frees the socket without a word in the trace."""
        self._open = False
        self.sock.close()

    def summarise(self) -> None:
        """Flow events for both directions."""
        for direction, meter in (("sent", self._sent), ("received", self._received)):
            if meter.size:
                self._stage.record(
                    Flow(self._stage.now(), self.name, direction, meter.size, meter.blocks(), meter.head)
                )

    def _note_end(self, how: str) -> None:
        if self.ended is None:
            self.ended = how
            self._stage.record(Ended(self._stage.now(), self.name, how))

    def _writable(self) -> bool:
        return bool(select.select([], [self.sock], [], 0)[1])


class _Unread:
    """Looks how many bytes the student's program has not read, and since when it sleeps on them."""

    def __init__(self, connection: Connection) -> None:
        self.size, self.gone = 0, False
        self._connection = connection
        self._tasks = connection._stage.watcher.tasks
        self._before: tuple[Task, ...] = ()
        self._since = self._asked = self._began = time.monotonic()

    def none(self) -> bool:
        queues, before = self._connection.queues(), self.size
        self.gone = queues is None
        self.size = queues[1] if queues else 0
        self._connection._stage.made_progress(self.size != before)
        return queues is None or queues == (0, 0)

    def again(self) -> None:
        """Whatever it did so far proves nothing."""
        self._before = ()

    def left_lying(self) -> bool:
        now = time.monotonic()
        if now - self._began < 0.05:
            return False
        after, seconds = self._tasks(), now - self._since
        if not idle(self._before, after, seconds):
            self._before, self._since = after, now
            return False
        if seconds >= NOT_READING_IDLE:
            return True
        soon = seconds < self._connection._patience or now - self._asked < ASKED_AGAIN
        if soon or not asleep(self._before, after):
            return False
        self._asked = now  # not once for all: a thread on its way to sleep is not seen in its wait yet
        return self._connection._stage.waits_for_good()


class _Jam:
    """Looks whether the student's program reads no more because it sleeps, and not because it has no processor.

    What the kernel moves between our buffer and its own is none of the program's doing, and goes on for seconds.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turns = Turns(connection._stage)
        self._read = -1  # bytes that the program has read
        self._tasks: tuple[Task, ...] = ()
        self._since = self._moved = time.monotonic()

    def stands(self) -> bool:
        now, stage = time.monotonic(), self._connection._stage
        queues = self._connection.queues()
        if queues is None:
            return True
        read = self._connection.sent - sum(queues)
        if read > self._read:
            stage.made_progress()
            self._read, self._tasks, self._since, self._moved = read, (), now, now
        if now - self._since < STUCK_AFTER or not queues[1]:  # what we sent is on its way to the program
            return False
        before, self._tasks, self._since = self._tasks, stage.watcher.tasks(), now
        if asleep(before, self._tasks):  # or it had to give way on its way to sleep, which the kernel can tell apart
            return stage.all_wait() and asleep(self._tasks, stage.watcher.tasks())
        if stage.bystander:
            return self._turns.taken(now, self._read) >= TURNS
        return now - self._moved > STUCK_AT_LAST


class Listener:
    """A server of ours. address: where it listens."""

    def __init__(self, stage: Stage, receive_buffer: int = 0) -> None:
        self._stage = stage
        self._sock = socket.socket()
        if receive_buffer:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._sock.bind(("127.0.0.1", 0))
        self._sock.listen(128)
        self._sock.setblocking(False)
        self.address: Address = self._sock.getsockname()

    def accept(self, name: str, run: Run | None) -> Connection:
        """The next connection of the student's side; a dead one (Refused) where nobody calls."""
        accepted: list[tuple[socket.socket, Address]] = []

        def done() -> bool:
            with contextlib.suppress(BlockingIOError):
                accepted.append(self._sock.accept())
            return bool(accepted)

        if not self._stage.until(done, "connect", run, reading=[self._sock]):
            self._stage.record(Refused(self._stage.now(), name, "nobody called"))
            return self._stage.adopt(Connection(self._stage, name, socket.socket()))
        sock, theirs = accepted[0]
        connection = self._stage.adopt(Connection(self._stage, name, sock))
        connection.run = run
        connection.opened("student", theirs)
        return connection

    def drop(self) -> None:
        self._sock.close()
