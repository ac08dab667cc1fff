"""A student's server and its clients: one at a time and in crowds, well-behaved and not; its start, rest and stop.

What every server must bear is played here, whatever it serves: a `Talk` is one turn that a client takes with it, and
thereby the proof that the server still serves. grader/analysis/serving.py reads the traces.

A crowd's clients sit on bare sockets, because a trace needs no thousand alike conversations: it gets the sums, and
the turn of the first client that was not served well in full, under the name "client <n>".
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from grader.instrument import Connection, Run, Stage
from grader.instrument.procfs import busiest, resting, switches
from grader.instrument.sockdiag import Address
from grader.model import Connected, Ended, Received, Sent
from reference.peers.endurance import endurance

Talk = Callable[[Connection], object]  # one turn on a connection that stands
Start = Callable[..., "Server"]  # (stage, port=0, *, name="server"): starts the exercise's server
Answer = Callable[[bytes], bytes]  # what is due for what was sent, as many bytes

MIB = 1 << 20
LOOK, LOOK_AGAIN, LOOK_AT_MOST = 0.2, 0.8, 3.0  # seconds of watching for a busy loop
IDLE, BUSY = 0.3, 0.95  # shares of the time: below is no busy loop, above is one, on any machine
WAITED = 31.0  # seconds: longer time-outs are not waited for
WAITING = 2  # connections in the server's accept queue before another one calls


class Server:
    """The student's server in one run of it."""

    def __init__(
        self,
        stage: Stage,
        port: int = 0,
        *,
        entry: str,
        name: str = "server",
        shim: int = 0,
        tty: bool = False,
        args: Mapping[str, Any] | None = None,
    ) -> None:
        """entry, tty, args: as in Stage.serve."""
        self._stage = stage
        self.run, self.address = stage.serve(entry, port, name=name, shim=shim, tty=tty, args=args)

    def client(self, name: str, *, receive_buffer: int = 0, segment: int = 0) -> Connection:
        connection = self._stage.connect(self.address, name, receive_buffer=receive_buffer, segment=segment)
        connection.run = self.run
        return connection

    def listens(self) -> bool:
        if self._stage.watcher.available:
            return any(port == self.address[1] for _, port in self._stage.watcher.listening())
        with socket.socket() as probe:
            return probe.connect_ex(self.address) == 0

    def close_wait(self) -> int:
        return self._stage.watcher.close_wait(self.address[1])


class Bystander:
    """A client that takes turns only while the program works and nothing comes of it. For Stage.bystander.

    It calls when it is first asked: a program that rests is not even connected to.
    """

    def __init__(self, address: Address, message: bytes = b"?") -> None:
        """message: gets an answer of as many bytes, always."""
        self._address, self._message = address, message
        self._sock: socket.socket | None = None
        self._asked = self._answers = 0  # bytes

    def turns(self) -> int:
        """Asks, or looks whether the last question was answered; the number of answers so far."""
        with contextlib.suppress(OSError):
            if self._sock is None:
                self._sock = socket.socket()
                self._sock.setblocking(False)
                self._sock.connect_ex(self._address)
            if self._answers < self._asked:
                self._answers += len(self._sock.recv(self._asked - self._answers))
            if self._answers == self._asked:
                self._asked += self._sock.send(self._message)
        return self._answers // len(self._message)


def turn(client: Connection, message: bytes) -> bytes:
    """One message and an answer of as many bytes."""
    client.send(message)
    return client.receive(len(message))


class Member:
    """One of a crowd. got: what came back in this turn."""

    def __init__(self, number: int) -> None:
        self.name = f"client {number}"
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.ended = ""
        self.rest, self.wants, self.got = b"", 0, b""

    def begin(self, message: bytes, wants: int) -> None:
        self.rest, self.wants, self.got = message, wants, b""

    def go_on(self) -> int:
        """Sends and reads what can be; the number of bytes moved."""
        before = len(self.rest) - len(self.got)
        try:
            if self.rest and not self.ended:
                self.rest = self.rest[self.sock.send(self.rest) :]
            while len(self.got) < self.wants and not self.ended:
                data = self.sock.recv(self.wants - len(self.got))
                self.got, self.ended = self.got + data, "" if data else "fin"
        except BlockingIOError:
            pass
        except OSError:
            self.ended = "reset"
        return before - (len(self.rest) - len(self.got))

    @property
    def done(self) -> bool:
        return (len(self.got) == self.wants and not self.rest) or bool(self.ended)


class Crowd:
    """Clients of one server that are there at the same time. served: turns that came back right, so far."""

    def __init__(self, stage: Stage, server: Server, answer: Answer = bytes) -> None:
        self._stage, self._server, self._answer = stage, server, answer
        self.members: list[Member] = []
        self.served = 0
        self._told = False

    def grow(self, count: int) -> bool:
        """Lets more clients call, one after another, none while others wait to be accepted. False: one got stuck."""
        for _ in range(count):
            if not self._stage.until(self._accepted, "accept", self._server.run, polling=True):
                return False
            member = Member(len(self.members) + 1)
            with contextlib.suppress(BlockingIOError):
                member.sock.connect(self._server.address)
            self.members.append(member)
        return True

    def _accepted(self) -> bool:
        listener = self._stage.watcher.listener(self._server.address)
        return listener is None or listener.rx <= WAITING

    def turn(self, message: Callable[[int], bytes]) -> bool:
        """Every client sends its message(number), all at once, and reads as many bytes back. True: all came right."""
        messages = self._messages(message)
        self._exchange(messages, [len(text) for text in messages])
        return self._judge(messages)

    def hear(self, size: int) -> list[bytes]:
        """What the server says first: so many bytes to each client; fewer where it says less."""
        self._exchange([b""] * len(self.members), [size] * len(self.members))
        return [member.got for member in self.members]

    def tell(self, message: Callable[[int], bytes]) -> None:
        """Every client sends its message(number), to which no answer is due."""
        messages = self._messages(message)
        self._exchange(messages, [0] * len(messages))

    def _messages(self, message: Callable[[int], bytes]) -> list[bytes]:
        return [message(number) for number in range(1, len(self.members) + 1)]

    def _exchange(self, messages: Sequence[bytes], wants: Sequence[int]) -> None:
        for member, text, size in zip(self.members, messages, wants, strict=True):
            member.begin(text, size)
        waiting = list(self.members)
        reading: list[socket.socket] = []

        def done() -> bool:
            self._stage.made_progress(sum(member.go_on() for member in waiting))
            waiting[:] = [m for m in waiting if not m.done]
            reading[:] = [m.sock for m in waiting]
            return not waiting

        self._stage.until(done, "bytes", self._server.run, reading=reading, moving=True)

    def _judge(self, messages: Sequence[bytes]) -> bool:
        wrong = [(m, text) for m, text in zip(self.members, messages, strict=True) if m.got != self._answer(text)]
        self.served += len(messages) - len(wrong)
        if wrong and not self._told:
            self._told = True
            self._tell(*wrong[0])
        return not wrong

    def _tell(self, member: Member, message: bytes) -> None:
        stage, name = self._stage, member.name
        stage.record(Connected(stage.now(), name, "peer"))
        stage.record(Sent(stage.now(), name, message, len(message)))
        if member.got:
            stage.record(Received(stage.now(), name, member.got, len(member.got)))
        if member.ended:
            stage.record(Ended(stage.now(), name, member.ended))

    def leave(self) -> None:
        """All of them close."""
        for member in self.members:
            member.sock.close()
        self.members.clear()


def numbered(size: int, rest: bytes) -> Callable[[int], bytes]:
    """Messages of `size` bytes that begin with their client's number."""
    return lambda number: (f"client {number}: ".encode() + rest)[:size]


def churn(
    stage: Stage, server: Server, rounds: Iterable[int], message: Callable[[int], bytes], answer: Answer = bytes
) -> int:
    """In each round so many clients call, take one turn and close. The number of turns that came back right."""
    served = 0
    for count in rounds:
        crowd = Crowd(stage, server, answer)
        good = crowd.grow(count) and crowd.turn(message)
        served += crowd.served
        crowd.leave()
        if not good:
            break
    return served


# --- start, rest and stop -------------------------------------------------------------------------------------------


def noticed(stage: Stage, at_most: float = 0.5) -> bool:
    """Until the program has dealt with what just happened: all of it sleeps (one that polls gets a little time)."""
    return stage.settle(0.01, at_most)


@contextlib.contextmanager
def paused(stage: Stage, run: Run) -> Iterator[None]:
    """Meanwhile the program is stopped (SIGSTOP): it finds all that happens at once. Processes that it has started go
    on: where a program may have such, this settles nothing."""
    run.signal("SIGSTOP")
    stage.until(
        lambda: all(t.state in "TZ" for t in stage.watcher.tasks() if t.pid == run.pid), "stop", run, polling=True
    )
    yield
    run.signal("SIGCONT")


def listens(stage: Stage, start: Start) -> None:
    """Two servers, "one" and "two", at the same time, so that a fixed port cannot be right twice."""
    for name in ("one", "two"):
        server = start(stage, name=name)
        if stage.over:
            return
        noticed(stage)
        stage.fence()
        stage.measure(f"{name} listens", server.listens())


def restart(stage: Stage, start: Start, talk: Talk) -> None:
    """Stopped with a client connected, so that the server closes first; then started "again" on the same port."""
    server = start(stage)
    client = server.client("a")
    talk(client)
    server.run.signal("SIGTERM")
    server.run.wait()
    stage.resume()  # one that does not stop is killed here: this case is about the port
    client.receive_to_end(1000)
    client.close()
    served_again(stage, server, start, talk)


def restart_after_kill(stage: Stage, start: Start, talk: Talk) -> None:
    server = start(stage)
    client = server.client("a")
    talk(client)
    server.run.signal("SIGKILL")
    server.run.wait()
    stage.resume()  # processes that it leaves behind die too: this case is about the port
    served_again(stage, server, start, talk)
    client.close()


def served_again(stage: Stage, before: Server, start: Start, talk: Talk) -> None:
    stage.mark("started again at once, on the same port")
    server = start(stage, before.address[1], name="again")
    talk(server.client("b"))


def stop(stage: Stage, start: Start, talk: Talk, signal: str) -> None:
    """Three clients, "a", "b" and "c", are connected and have been served; then the signal comes."""
    server = start(stage)
    for client in [server.client(name) for name in "abc"]:
        talk(client)
    server.run.signal(signal)
    if server.run.wait(patience=3.0):
        stage.until(lambda: not stage.watcher.pids(), "stop", None, polling=True, patience=3.0)
        stage.measure("processes left", len(stage.watcher.pids()))
        return
    stage.measure("processes", len(stage.watcher.pids()))
    stage.measure("listening", server.listens())
    late = Crowd(stage, server)
    late.grow(1)
    stage.watch(LOOK)
    listener = stage.watcher.listener(server.address)
    stage.measure("accepting", listener is not None and listener.rx == 0)
    late.leave()


def watch(stage: Stage, when: str) -> float:
    """Measures how often the program wakes up while nobody wants anything, and how busy its busiest thread is.

    On a loaded machine a thread that has little to do may wait long for a processor, and how long is counted only when
    it gets one. So where anything runs we look again, for longer: a busy loop goes on.
    """
    before, after, seconds = stage.watch(LOOK)
    if busiest(before, after, seconds) > IDLE or not resting(after):
        before, after, seconds = stage.watch(LOOK_AGAIN)
    while seconds < LOOK_AT_MOST and busiest(before, after, seconds) < BUSY:
        if busiest(before, after, seconds) < IDLE and resting(after):
            break
        _, after, more = stage.watch(LOOK)
        seconds += more
    stage.measure(f"switches per second, {when}", switches(before, after) / seconds)
    return stage.measure(f"busiest thread, {when}", busiest(before, after, seconds))


def patience(stage: Stage, silent: Connection) -> None:
    """Nothing is said for as long as a thread that waits with a time-out may mean to bear it; measures "silence"."""
    end = time.monotonic() + endurance(stage, WAITED)
    while silent.alive and time.monotonic() < end:
        stage.watch(0.1)
        silent.look()
    stage.measure("silence", stage.now(), "s")


def closed(stage: Stage, server: Server) -> None:
    """Waits until the server has closed every connection whose client has gone; measures how many it has not."""
    stage.until(lambda: server.close_wait() == 0, "end", server.run, polling=True)
    stage.measure("connections not closed", server.close_wait())


def grown(stage: Stage, before: tuple[int, int]) -> bool:
    return stage.watcher.threads() > before[0] + 20 or stage.watcher.descriptor_slots() > 2 * before[1]


def shrunk(stage: Stage, server: Server, before: tuple[int, int]) -> bool:
    """Waits until what the clients had needed is gone again; False where it stays. before: of `resources`."""
    return stage.until(lambda: server.close_wait() == 0 and not grown(stage, before), "end", server.run, polling=True)


def resources(stage: Stage, server: Server, when: str) -> tuple[int, int]:
    """Threads and places in the descriptor tables; measures these and more."""
    watcher = stage.watcher
    threads, slots = watcher.threads(), watcher.descriptor_slots()
    stage.measure(f"threads, {when}", threads)
    stage.measure(f"descriptor table, {when}", slots)
    stage.measure(f"connections not closed, {when}", server.close_wait())
    stage.measure(f"memory, {when}", watcher.memory() / MIB, "MiB")
    return threads, slots
