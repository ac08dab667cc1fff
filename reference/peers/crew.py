"""Our end of the jobs that run in the student's processes; the other end is reference/inside/jobs.py.

Which process a job calls from is the kernel's word (SO_PEERCRED), so that nobody speaks in another's name. What a job
says of itself (its parent, its thread) is the student's; a check compares it with the record.
"""

from __future__ import annotations

import json
import secrets
import socket
import struct
from contextlib import suppress
from typing import Any

from grader.instrument import Run, Stage
from grader.instrument.procfs import asleep
from grader.instrument.run import STARTING
from grader.instrument.waiting import IDLE_AFTER
from grader.model import Arrived, Released

MOST = 64  # calls taken
HELLO = 65_536  # bytes of one
RESTING = 0.02  # seconds in which no thread of the student's has done anything
SPAWNING = 12.0  # seconds of computing that new interpreters may take, on a busy machine
STUBBORN = 6.0  # seconds that a call may do nothing but wait for one who ignores SIGTERM: five are allowed
DAWDLES = "the call waits, with a time-out"  # label of a mark: all jobs were running, and it was not over
NAP = 4.0  # seconds for which a call may sleep without stirring, before we go on
RESTLESS = 0.5  # seconds after which we go on although one does, now and then
CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid


class Member:
    """One job that has called. released: it was let go. gone: its connection has ended, so the job is over."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.pid, *_ = CREDENTIALS.unpack(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size))
        self.hello = b""
        self.name = ""
        self.args: tuple[str, ...] = ()
        self.released = self.gone = False

    def read(self) -> None:
        """Takes in what has come."""
        try:
            data = self.line.recv(HELLO)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.gone = self.gone or not data
        self.hello = (self.hello + data)[:HELLO]


class Crew:
    """The jobs of one run. address: where they call. effort, patience, rounds, clocked: as in Stage.until."""

    def __init__(
        self,
        stage: Stage,
        run: str = "a",
        effort: float = STARTING,
        patience: float = IDLE_AFTER,
        rounds: int = 0,
        clocked: bool = False,
    ) -> None:
        self._stage, self._name, self._effort, self._clocked = stage, run, effort, clocked
        self._limits: Any = {"patience": patience, "rounds": rounds}
        self.address = f"\0grader-{secrets.token_hex(8)}"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.address)
        self._listener.listen(128)
        self._listener.setblocking(False)
        self.members: list[Member] = []
        self.run: Run | None = None

    def start(self, entry: str, **args: Any) -> Run:
        """Starts a function of the driver, recorded; it gets our address with the other keywords."""
        self.run = self._stage.start(entry, {"address": self.address, **args}, name=self._name, record=True)
        return self.run

    def gather(self, *names: str) -> bool:
        """Until all of these jobs have called, in whatever order."""
        return self._until(lambda: set(names) <= {m.name for m in self.members}, "job")

    def begun(self, name: str) -> bool:
        """Until this job of the main code's has called. Once the call is over none will, but for one that was handed to
        somebody else and is late."""
        called = self._until(lambda: self.member(name) or self.member("main"), "job")
        return called and (bool(self.member(name)) or (self._settled() and bool(self.member(name))))

    def rest(self, *either: str) -> bool:
        """Until one of these has called, and then until nobody does anything any more, or only now and then."""
        return self._until(lambda: any(map(self.member, either)), "job") and self._settled()

    def wait_it_out(self, *either: str) -> bool:
        """The same, and then until the call is over or waits without a time-out. If it does neither: long enough, and
        until it has stirred; for whoever only sleeps has not looked at what goes on, and may be over when he wakes."""
        if not self.rest(*either):
            return False
        began, before = self._stage.now(), self._stage.watcher.tasks()
        while not self.member("main") and not self._stage.waits_for_good():
            seconds = self._stage.now() - began
            if seconds >= (NAP if asleep(before, self._stage.watcher.tasks()) else RESTLESS):
                break
            self._settled()
        return not self._stage.over

    def _settled(self) -> bool:
        """True, also where somebody goes round a loop."""
        self._stage.settle(RESTING, RESTLESS)
        self._take()
        return not self._stage.over

    def member(self, name: str) -> Member | None:
        return next((m for m in self.members if m.name == name), None)

    @property
    def waiting(self) -> list[str]:
        """The jobs that wait for our word, in the order in which they called."""
        return [m.name for m in self.members if m.name and not m.released and not m.gone]

    def more(self) -> bool:
        """Until a job waits for our word."""
        return self._until(lambda: bool(self.waiting), "job")

    def said(self, name: str) -> tuple[str, ...]:
        """What a job said that it was given; nothing where it has never called."""
        member = self.member(name)
        return member.args if member else ()

    def release(self, name: str, how: str = "return") -> None:
        """Lets a job go on, the first of that name that waits; see jobs.obey for the words. Nothing happens where none
        does."""
        member = next((m for m in self.members if m.name == name and not m.released), None)
        if member and not member.gone:
            member.released = True
            self._stage.record(Released(self._stage.now(), self._name, name, how))
            with suppress(OSError):
                member.line.sendall(how.encode() + b"\n")

    def end(self, name: str, how: str = "return") -> bool:
        """Lets a job go on and waits until it is over; in a process of its own, until that has died."""
        self.release(name, how)
        return self.over(name)

    def dead(self, pid: int) -> bool:
        """Until this process of the run has died."""
        return self.run is not None and self.run.wait_dead(pid, **self._limits)

    def gone(self) -> bool:
        """Until no process of the run is left."""
        return self.run is not None and self.run.wait_record(**self._limits)

    def over(self, name: str) -> bool:
        """Until a job that has called is over."""
        member = self.member(name)
        if not member or not self._until(lambda: member.gone, "died"):
            return False
        assert self.run
        return member.pid == self.run.pid or self.dead(member.pid)

    def tidy(self, *names: str) -> bool:
        """Until the call is over: each of these jobs that tidies up may go on once all the others have come to rest."""
        waiting = [f"{name} tidies up" for name in names]
        while waiting and not self.member("main"):
            if not self.rest("main", *waiting):
                return False
            for name in [name for name in waiting if self.member(name)]:
                self.release(name)
                waiting.remove(name)
        return True

    def dawdles(self, at_least: float) -> bool:
        """All jobs that have called are held, everything has come to rest, and the call, which is not over, would go on
        by itself after so many seconds: it waits for one of them with a time-out (a plain sleep does not count)."""
        if self.member("main") or not self._stage.settle(RESTING, 4 * RESTLESS):
            return False
        self._take()
        return not self.member("main") and max(self._stage.time_outs(), default=0.0) >= at_least

    def outlives(self, name: str, seconds: float) -> bool:
        """So long after now this job still runs, the call is not over, and nobody is about to do anything."""
        end = self._stage.now() + seconds
        while self._stage.now() < end and not self.member("main") and not self._stage.over:
            self._stage.pump(RESTING)
            self._take()
        if self.member("main") or not self._stage.settle(RESTING, RESTLESS):
            return False
        self._take()
        member = self.member(name)
        return not self.member("main") and member is not None and not member.gone

    def left(self) -> bool:
        """Until the main code has ended, and then until nobody does anything any more."""
        assert self.run
        return self.run.wait_left() and self._settled()

    def look(self, *names: str) -> bool:
        """Until the driver stands still (jobs.pause), which is to say that the call is over; then all processes are
        counted, these jobs and the driver may go on, and we wait until no process of the run is left."""
        if not self.gather("main"):
            return False
        self._stage.census()
        for name in (*names, "main"):
            self.release(name)
        return self.gone()

    def _until(self, done: Any, waiting_for: str) -> bool:
        reading: list[socket.socket] = []

        def look() -> bool:
            self._take()
            reading[:] = [self._listener, *(m.line for m in self.members if not m.gone)]
            return bool(done())

        limits = {"moving": True, "effort": self._effort, "clocked": self._clocked, **self._limits}
        return self._stage.until(look, waiting_for, self.run, reading=reading, **limits)

    def _take(self) -> None:
        with suppress(OSError):
            while len(self.members) < MOST:
                line, _ = self._listener.accept()
                line.setblocking(False)
                self.members.append(Member(line))
        for member in self.members:
            if not member.gone:
                member.read()
            if not member.name and b"\n" in member.hello:
                self._greet(member)

    def _greet(self, member: Member) -> None:
        member.name = "?"
        with suppress(ValueError, KeyError, TypeError):
            hello = json.loads(member.hello.partition(b"\n")[0])
            member.name = str(hello["job"])[:100]
            member.args = tuple(str(a)[:200] for a in list(hello["args"])[:20])
            where = member.pid, int(hello["parent"]), int(hello["thread"])
            self._stage.record(Arrived(self._stage.now(), self._name, member.name, *where, member.args))
            self._stage.made_progress()

    def close(self) -> None:
        """Lets every job go that still waits for our word."""
        for member in self.members:
            member.line.close()
        self._listener.close()
