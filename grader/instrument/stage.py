"""The stage on which a script plays a case: the student's runs, our peers, and the one place where anything waits.

Rule 1: nothing here sleeps and hopes. `until` waits for a condition; what ends it otherwise is a *proof* that the
condition will not come: the run has ended, or every thread of the student sleeps with nothing pending (Quiet). Only
where neither can be shown a deadline ends it (GaveUp, Busy), and then the case is played again with more time.
Rule 2: no method raises for what the student's side does. It records an event and answers False or what it has, so a
script reads straight through. Once a wait has failed for good, later waits of the case return at once.
Rule 3: what the student's side says (returned values, exit codes) is recorded as such; what decides is seen here.
"""

from __future__ import annotations

import json
import random
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from grader.instrument.connection import Connection, Listener
from grader.instrument.datagrams import DatagramSocket
from grader.instrument.hearsay import event_of, listed
from grader.instrument.ports import HOST, Ports
from grader.instrument.procfs import Task, Watcher, asleep
from grader.instrument.run import Run
from grader.instrument.sockdiag import ANY, TCP, UDP, Address
from grader.instrument.waiting import BUSY_AFTER, DEADLINE, IDLE_AFTER, TURNS, Turns, Wait
from grader.instrument.waits import all_wait, for_good, time_outs
from grader.model import (
    Census,
    Event,
    Given,
    Listening,
    Marked,
    Measured,
    NotListening,
    Quiet,
    Received,
    Recorded,
    Refused,
    Shown,
    Stack,
    Unproven,
    Vanished,
)

KEPT = 2048  # bytes of one event
ANSWERS = {"pong", "waits", "readers", "files", "stopped"}  # to questions of ours: no progress of the student's side


class Link(Protocol):
    """The instrument's line to the host: through it runs what the agent says and is told."""

    def pump(self, reading: Iterable[socket.socket], writing: Iterable[socket.socket], timeout: float) -> None:
        """Waits until a socket is ready, a line has come or the time is over; hands lines to the stage."""

    def tell(self, message: Mapping[str, Any]) -> None: ...

    def emit(self, event: Event) -> None: ...


CaseFunction = Callable[["Stage"], None]


def case(name: str, *, clock: bool = False) -> Callable[[CaseFunction], CaseFunction]:
    """Marks a function of a script.py as the case of that name ("group.what").

    clock: it waits for seconds that the exercise itself names to pass, and does little else; so it is played in a pod
    of its own, while other cases go on.
    """

    def mark(function: CaseFunction) -> CaseFunction:
        function.case, function.clock = name, clock  # type: ignore[attr-defined]  # by these marks it is found
        return function

    return mark


class Stage:
    """One case being played. rng is seeded by seed and case; options are the exercise's own."""

    def __init__(self, name: str, seed: int, options: Mapping[str, Any], link: Link, watcher: Watcher, pace: float = 1):
        self.name, self.options, self.watcher = name, options, watcher
        self.rng = random.Random(f"{seed}/{name}")
        self.over = False  # a wait has failed for good
        self.vanished = False
        self.spent = False  # a deadline was reached
        self.tells_waits = False  # the system has told what a thread of the student's side waits for
        # Takes a turn with the program, or looks what became of the last one; tells how many were answered in all.
        self.bystander: Callable[[], int] | None = None
        self.folder = ""  # of the student's code, on its side; known since `list_files`
        self.meanwhile: list[Callable[[], object]] = []  # what our side does besides, whatever it waits for
        self._link = link
        self._pace = pace
        self._began = time.monotonic()
        self._runs: dict[str, Run] = {}
        self._connections: list[Connection] = []
        self._listeners: list[Listener] = []
        self._datagram_sockets: list[DatagramSocket] = []
        self._ports = Ports()
        self._held: Received | Shown | None = None
        self._answers: dict[str, dict[str, Any]] = {}  # op → the newest answer to a question of ours
        self._asked = 0
        self._progress = 0
        self._unproven = False

    # --- events -----------------------------------------------------------------------------------------------

    def now(self) -> float:
        return round(time.monotonic() - self._began, 6)

    def record(self, event: Event) -> None:
        """Puts an event into the trace. Bytes received in a row on one connection become one event, as does what a
        run shows in a row."""
        if isinstance(event, Received):
            self.made_progress(event.size)
        match self._held, event:
            case Received() as held, Received() if held.conn == event.conn:
                self._held = Received(held.at, held.conn, (held.data + event.data)[:KEPT], held.size + event.size)
            case Shown() as held, Shown() if held.run == event.run:
                self._held = Shown(held.at, held.run, held.text + event.text)
            case _, Received() | Shown():
                self._flush()
                self._held = event
            case _:
                self._flush()
                self._link.emit(event)

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, None
            self._link.emit(held)

    def mark(self, label: str) -> None:
        self.record(Marked(self.now(), label))

    def measure(self, what: str, value: float, unit: str = "") -> float:
        self.record(Measured(self.now(), what, round(value, 4), unit))
        return value

    def unproven(self, reason: str) -> None:
        """This machine cannot show what a PASS of this case needs; said once."""
        if not self._unproven:
            self._unproven = True
            self.record(Unproven(self.now(), reason))

    # --- the student's side -----------------------------------------------------------------------------------

    def start(
        self, entry: str, args: Any = None, *, name: str = "", shim: int = 0, tty: bool = False, **more: Any
    ) -> Run:
        """Forks a run: `entry` is a function of driver.py (args: its keywords) or "module:function" (args: a list).

        tty: its standard input and output are a terminal; see Run.console. more: files (name → text; the run finds
        them and nothing else in its folder), keep (names of files wanted when it has ended: `Run.kept`), schedule (see
        coordinator.py), pause (so many seconds each of its processes is stopped when it has opened a file), record
        (True: the life of its processes becomes part of the trace, from Forked to Recorded; see sandbox/agent).
        """
        run = Run(self, name or str(len(self._runs) + 1), entry)
        self._runs[run.name] = run
        run.recording = bool(more.get("record"))
        if "files" in more:
            self._give(run, args, more["files"])
        self.tell({"op": "run", "run": run.name, "entry": entry, "args": args, "shim": shim, "tty": tty, **more})
        return run

    def _give(self, run: Run, args: Any, files: Mapping[str, str]) -> None:
        for name, text in {"": json.dumps(args, ensure_ascii=False), **files}.items():
            self.record(Given(self.now(), run.name, name, text))

    def serve(
        self,
        entry: str,
        port: int = 0,
        *,
        name: str = "server",
        shim: int = 0,
        tty: bool = False,
        args: Mapping[str, Any] | None = None,
        protocol: int = TCP,
    ) -> tuple[Run, Address]:
        """Starts `entry`(host, port) and waits until it listens there; records Listening or NotListening.

        entry, tty: as in `start`; a function of driver.py gets the keywords host and port, and those of `args`.
        protocol: TCP or UDP.
        """
        port = port or self.free_port(protocol)
        given = [HOST, port] if ":" in entry else {"host": HOST, "port": port, **(args or {})}
        run = self.start(entry, given, name=name, shim=shim, tty=tty)
        if not self.watcher.available:
            self._connect_probe(run, port) if protocol == TCP else self._trust(port)
        elif self.until(lambda: self._listens(port, protocol), "listen", run, polling=True):
            hosts = {host for host, number in self.watcher.listening(protocol) if number == port}
            self.record(Listening(self.now(), HOST if HOST in hosts else min(hosts, default=HOST), port))
        else:
            others = sorted(f"{host}:{number}" for host, number in self.watcher.their_addresses(protocol))
            self.record(NotListening(self.now(), port, tuple(others[:5])))
        return run, (HOST, port)

    def tell(self, message: Mapping[str, Any]) -> None:
        self._link.tell(message)

    def heard(self, message: dict[str, Any]) -> None:
        """A line of the agent. Told by the link."""
        if message.get("op") in ANSWERS:
            self._answers[message["op"]] = message
            return
        self._progress += message.get("op") != "killed"  # who signals again and again only goes round
        run = self._runs.get(str(message.get("run")))
        if run and not run.recording:
            message = {key: x for key, x in message.items() if key not in ("t", "recorded")}  # no recorder's words
        event = event_of(message, self._time_of(message))
        if run and message.get("op") == "unrecorded" and message.get("recorded") == 1:
            self.unproven("the life of processes cannot be recorded here")
            run.recorded = Recorded(self.now(), run.name, False)
        if event is None or run is None:
            return
        if isinstance(event, Recorded) and not (event.whole or run.stopped or self._unproven):
            self.agent_gone("what records its processes has been ended")
        if (told := run.hear(event)) is not None:
            self.record(told)

    def _time_of(self, message: Mapping[str, Any]) -> float:
        """When the recorder, whose clock is ours, took note of it; now, where it was not the recorder who did."""
        t, now = message.get("t"), self.now()
        return round(min(now, max(0.0, t - self._began)), 6) if isinstance(t, int | float) else now

    def agent_gone(self, reason: str) -> None:
        """The agent's line has ended. Told by the link."""
        if not self.vanished:
            self.vanished = self.over = True
            self.record(Vanished(self.now(), reason))

    def census(self) -> Census:
        """Records which processes of the student's side there are."""
        if not self.watcher.available:
            self.unproven("no /proc: processes cannot be seen")
        began, processes = self.now(), self.watcher.census()
        census = Census(began, processes, round(self.now() - began, 6))
        self.record(census)
        return census

    def _listens(self, port: int, protocol: int) -> bool:
        if protocol == UDP:
            return self.watcher.receiver(ANY, (HOST, port)) is not None
        return self.watcher.listener((HOST, port)) is not None

    def _trust(self, port: int) -> None:
        """Where there is no /proc: a UDP socket shows to nobody that it is there."""
        self.unproven("no /proc: the server was given a moment to open its port, and nothing shows that it has")
        self.settle(0.3)
        self.record(Listening(self.now(), HOST, port))

    def _connect_probe(self, run: Run, port: int) -> None:
        """Where there is no /proc: readiness by connecting, which a one-shot server would notice."""
        self.unproven("no /proc: readiness was found by connecting")

        def answers() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex((HOST, port)) == 0

        if self.until(answers, "listen", run, polling=True):
            self.record(Listening(self.now(), HOST, port))
        else:
            self.record(NotListening(self.now(), port))

    # --- our peers --------------------------------------------------------------------------------------------

    def free_port(self, protocol: int = TCP) -> int:
        """A port for a server of the student's; a new one at every call."""
        return self._ports.free(protocol)

    def listen(self, *, receive_buffer: int = 0) -> Listener:
        """A server of ours on a port that the kernel chose. receive_buffer: SO_RCVBUF of what it accepts."""
        listener = Listener(self, receive_buffer)
        self._listeners.append(listener)
        return listener

    def datagrams(self, name: str, run: Run | None = None, *, host: str = HOST) -> DatagramSocket:
        """A UDP socket of ours on a port that the kernel chose. run: whose datagrams it waits for."""
        made = DatagramSocket(self, name, host, run)
        self._datagram_sockets.append(made)
        return made

    def connect(
        self, address: Address, name: str, *, receive_buffer: int = 0, segment: int = 0, ramp: bool = False
    ) -> Connection:
        """A client of ours. ramp: first wait until the student's accept queue is nearly empty.

        receive_buffer, segment: SO_RCVBUF and TCP_MAXSEG. Small segments keep the kernel's buffers on the student's
        side small as well: with both, one that is not read from is full after less than a megabyte instead of four.
        """
        if ramp and self.watcher.available:
            self.until(lambda: self._backlog(address) <= 2, "accept", None, polling=True)
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if segment:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment)
        sock.setblocking(False)
        connection = Connection(self, name, sock)
        self._connections.append(connection)
        connection.open(address)
        return connection

    def adopt(self, connection: Connection) -> Connection:
        self._connections.append(connection)
        return connection

    def refused(self, name: str, error: str) -> None:
        self.record(Refused(self.now(), name, error))

    def _backlog(self, address: Address) -> int:
        listener = self.watcher.listener(address)
        return listener.rx if listener else 0

    # --- waiting ----------------------------------------------------------------------------------------------

    def until(
        self,
        done: Callable[[], bool],
        waiting_for: str,
        run: Run | None,
        *,
        reading: Iterable[socket.socket] = (),
        writing: Iterable[socket.socket] = (),
        polling: bool = False,
        moving: bool = False,
        patience: float = IDLE_AFTER,
        clocked: bool = False,
        effort: float = BUSY_AFTER,
        rounds: int = 0,
    ) -> bool:
        """Waits until `done()`. False: it will not come, and the trace says why.

        run: the run that is to bring it about; once that has ended there is nothing to wait for.
        reading, writing: sockets whose readiness may change the answer. polling: so may /proc.
        moving: it comes bit by bit, and only the time since the last bit counts.
        patience: seconds for which the student's side may do nothing but wait for a time of its own to pass.
        effort: seconds for which it may compute without anything coming of it.
        clocked: the program is to wake by itself. That it sleeps in a wait without a time-out is no proof then, because
        not all time-outs show (SO_RCVTIMEO, an alarm): only when it has slept for all of `patience` it is one.
        rounds: so often the threads of a program that never rests may go round (sleep and wake) without anything coming
        of it; 0 is as often as they like. For programs that need not wait for a time of their own.
        """
        wait = Wait(self, waiting_for, run, patience, moving, clocked, effort, rounds)
        pause = 0.0
        while not done():
            if self.over or (run and run.exited):
                self._pump((), (), 0)
                return done()
            self._pump(reading, writing, pause if polling else 0.05)
            pause = min(0.005, pause + 0.00005)
            if proof := wait.hopeless():
                if done():
                    return True
                self.spent |= not isinstance(proof, Quiet) or proof.timed
                self.record(proof)
                self.over = True
                return False
        return True

    def fence(self) -> bool:
        """Until everything that the student's side had written before is here."""
        return self.ask("ping", "pong") is not None

    def waits_for_good(self) -> bool:
        """Every thread of the student's side is in a wait that only somebody else can end."""
        return for_good(self._waits())

    def all_wait(self) -> bool:
        """No thread of the student's side runs or is about to, as far as that can be known here."""
        return all_wait(self._waits())

    def time_outs(self) -> list[float]:
        """Seconds after which threads of the student's side would end their waits by themselves, where they say it."""
        return time_outs(self._waits())

    def list_files(self) -> None:
        """Records what lies where the student's code can write (Listed), as the student's side says."""
        answer = self.ask("files", "files")
        if answer is not None:
            event = listed(answer, self.now())
            self.folder = event.folder
            self.record(event)

    def _waits(self) -> list[str]:
        lines = (self.ask("waits", "waits") or {}).get("lines")
        return [str(line) for line in lines] if isinstance(lines, list) else []

    def ask(self, question: str, answer: str, **more: Any) -> dict[str, Any] | None:
        """What the agent answers; None where it does not."""
        self._asked += 1
        self.tell({"op": question, "n": self._asked, **more})
        deadline = time.monotonic() + 5 * self._pace
        while self._answers.get(answer, {}).get("n") != self._asked:
            if self.vanished or time.monotonic() > deadline:
                return None
            self._pump((), (), 0.05)
        return self._answers[answer]

    def pump(self, timeout: float) -> None:
        """Hears what the agent says, for so long at most."""
        self._pump((), (), timeout)

    def _pump(self, reading: Iterable[socket.socket], writing: Iterable[socket.socket], timeout: float) -> None:
        self._link.pump(reading, writing, timeout)
        for deed in self.meanwhile:
            deed()

    def end_runs(self) -> None:
        """Kills every run with all that it has started, and lets the next one find the folder as it was."""
        self._stop_all()

    def resume(self) -> None:
        """Ends all runs and begins an independent part of the case, whatever became of the part before.

        After a deadline nothing begins: a program that does not end costs its deadline once in a case.
        """
        self._stop_all()
        self.bystander = None
        self.over = self.vanished or self.spent

    def settle(self, seconds: float = 0.2, at_most: float = DEADLINE) -> bool:
        """Until every thread of the student's side has slept for so long; False if that does not come to be.

        Of a program that never rests it is enough that a bystander has taken turns with it meanwhile.
        """
        if not self.watcher.available:
            self.unproven("no /proc: whether the program sleeps cannot be seen")
            self._pump((), (), seconds)
            return True
        deadline = time.monotonic() + at_most * self._pace
        before, since = self.watcher.tasks(), time.monotonic()
        turns = Turns(self)
        while time.monotonic() < deadline and not self.over:
            self._pump((), (), 0.01)
            after = self.watcher.tasks()
            if not asleep(before, after):
                before, since = after, time.monotonic()
                if turns.taken(since, None) >= TURNS:
                    return True
            elif time.monotonic() - since >= seconds:
                return True
        return False

    def watch(self, seconds: float) -> tuple[tuple[Task, ...], tuple[Task, ...], float]:
        """Two readings of all threads, so far apart, and the time between them in seconds."""
        before, since = self.watcher.tasks(), time.monotonic()
        end = since + seconds
        while time.monotonic() < end:
            self._pump((), (), max(0.0, end - time.monotonic()))
        seconds = time.monotonic() - since  # without the time that the second reading takes
        return before, self.watcher.tasks(), seconds

    def pace(self) -> float:
        return self._pace

    def progress(self) -> int:
        """A number that grows with everything that was heard, sent or received."""
        return self._progress

    def under_way(self) -> bool:
        """The kernel still moves bytes of one of our connections, however long it waits in between."""
        return any(connection.under_way() for connection in self._connections)

    def made_progress(self, amount: int = 1) -> None:
        self._progress += amount

    def where(self, run: Run | None) -> Any:
        """The student's line in which a run stands, if it can be had."""
        if run is None or run.exited or self.vanished:
            return None
        run.stack = None
        self.tell({"op": "stack", "run": run.name})
        deadline = time.monotonic() + 0.5 * self._pace
        while run.stack is None and time.monotonic() < deadline and not self.vanished:
            self._pump((), (), 0.02)
        stack: Stack | None = run.stack
        return stack.frames[0] if stack and stack.frames else None

    def finish(self) -> None:
        """The end of the case: sums up the connections, ends all runs, lets nothing live on."""
        for connection in self._connections:
            connection.summarise()
        for connection in self._connections:
            connection.drop()
        for listener in self._listeners:
            listener.drop()
        for datagrams in self._datagram_sockets:
            datagrams.close()
        self._stop_all()
        self._ports.close()
        self._flush()

    def _stop_all(self) -> None:
        for run in self._runs.values():
            run.stopped = True
        self._answers.pop("stopped", None)
        self.tell({"op": "stop"})
        deadline = time.monotonic() + 8
        while "stopped" not in self._answers and not self.vanished:
            if time.monotonic() > deadline:
                self.agent_gone("it no longer answers")
            self._pump((), (), 0.05)
