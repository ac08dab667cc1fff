"""UDP peers: clients of a student's server, its start and stop; our server behind a scripted relay, for its client.

The relay stands for the network between the two. What becomes of an answer on its way back is an action, one per
request, written down in the script and never drawn by lot; when they have run out, all is well (`pass`):

    pass     it arrives                    hold  it is kept back                 strange  somebody else's comes first
    lose     it is lost                    late  what was kept back comes first
    double   it arrives twice              swap  what was kept back comes after it

Every answer of ours is another one, so that a trace shows which of them a client took for the answer to what.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from grader.instrument import DatagramSocket, Stage
from grader.instrument.datagrams import Datagram
from grader.instrument.ports import HOST
from grader.instrument.procfs import Task, asleep
from grader.instrument.sockdiag import UDP, Address
from reference.peers.serving import LOOK, noticed

Start = Callable[..., "DatagramServer"]  # (stage, port=0, *, name="server"): starts the exercise's server

AT_ONCE = 20  # datagrams that lie unread in a server's queue, which holds some two hundred
NAP = 0.25  # seconds
STRANGER = "我是陌生人".encode()  # what somebody else says
OTHER_HOST = "127.0.0.2" if sys.platform == "linux" else HOST  # elsewhere this machine has but one such address


# --- a student's server ---------------------------------------------------------------------------------------------


class DatagramServer:
    """The student's server in one run of it, at a terminal."""

    def __init__(self, stage: Stage, port: int = 0, *, entry: str, name: str = "server") -> None:
        self._stage = stage
        self.run, self.address = stage.serve(entry, port, name=name, tty=True, protocol=UDP)

    def client(self, name: str) -> DatagramSocket:
        return self._stage.datagrams(name, self.run)

    def listens(self) -> bool:
        return any(port == self.address[1] for _, port in self._stage.watcher.listening(UDP))

    def ask(self, client: DatagramSocket, message: bytes) -> Datagram | None:
        """A message and its answer."""
        client.send(message, self.address)
        return client.receive()

    def offer(self, client: DatagramSocket, message: bytes) -> None:
        """A message that deserves no answer: it is read, the program comes to rest, and whatever has come is seen."""
        client.send(message, self.address)
        client.read(self.address)
        noticed(self._stage)
        client.look()

    def burst(self, clients: Sequence[DatagramSocket], messages: Sequence[bytes]) -> None:
        """The messages, by turns from each client, so many at once as lie safely in the server's queue.

        Ends early where the server sleeps although messages lie there, and measures that.
        """
        before, nap = sum(client.look() for client in clients), Nap(self._stage, clients[0], self.address)
        for first in range(0, len(messages), AT_ONCE):
            portion = messages[first : first + AT_ONCE]
            for i, message in enumerate(portion):
                clients[i % len(clients)].send(message, self.address)
            due = before + first + len(portion)

            def done(due: int = due) -> bool:
                return sum(client.look() for client in clients) >= due or nap.taken()

            reading = [client.sock for client in clients]
            if not self._stage.until(done, "datagram", self.run, reading=reading) or nap.taken():
                break
        self._stage.measure("asleep while messages lay there", nap.taken())


def restart(stage: Stage, start: Start, message: bytes) -> None:
    """Stopped after it has served a client; then started "again" on the same port."""
    server = start(stage)
    server.ask(server.client("a"), message)
    server.run.signal("SIGTERM")
    if not server.run.wait(patience=3.0):
        stage.resume()  # it is killed here: this case is about the port
    if stage.measure("port still held", server.listens()):
        return
    stage.mark("started again at once, on the same port")
    again = start(stage, server.address[1], name="again")
    again.ask(again.client("b"), message)


def stop(stage: Stage, start: Start, message: bytes, signal: str) -> None:
    """A client has been served; then the signal comes. Measures what grader.analysis.serving.stopped reads."""
    server = start(stage)
    client = server.client("a")
    server.ask(client, message)
    server.run.signal(signal)
    if server.run.wait(patience=3.0):
        stage.until(lambda: not stage.watcher.pids(), "stop", None, polling=True, patience=3.0)
        stage.measure("processes left", len(stage.watcher.pids()))
        return
    stage.measure("processes", len(stage.watcher.pids()))
    stage.measure("listening", server.listens())
    client.send(message, server.address)
    stage.watch(LOOK)
    stage.measure("accepting", client.look() > 0)


class Nap:
    """Looks whether the program sleeps, without a stir, although datagrams from one of our sockets lie there for it."""

    def __init__(self, stage: Stage, ours: DatagramSocket, address: Address) -> None:
        self._stage, self._ours, self._address = stage, ours, address
        self._tasks: tuple[Task, ...] = ()
        self._since = stage.now()

    def taken(self) -> bool:
        tasks, now = self._stage.watcher.tasks(), self._stage.now()
        if not asleep(self._tasks, tasks) or not self._ours.unread(self._address):
            self._tasks, self._since = tasks, now
        return now - self._since > NAP


# --- a student's client ---------------------------------------------------------------------------------------------


class Delivery(NamedTuple):
    """What the relay hands on. strange: not from our server; lost: not at all."""

    data: bytes
    strange: bool = False
    lost: bool = False


class Relay:
    """See the head of this module."""

    def __init__(self, actions: Iterable[str] = ()) -> None:
        self._actions = iter(actions)
        self._kept: list[Delivery] = []

    def deliveries(self, answer: bytes) -> list[Delivery]:
        """What goes out, in order, when our server has given this answer to the next request."""
        action, kept, whole = next(self._actions, "pass"), self._kept, Delivery(answer)
        if action in ("late", "swap"):
            self._kept = []
        match action:
            case "pass":
                return [whole]
            case "lose":
                return [Delivery(answer, lost=True)]
            case "double":
                return [whole, whole]
            case "hold":
                kept.append(whole)
                return []
            case "late":
                return [*kept, whole]
            case "swap":
                return [whole, *kept]
            case "strange":
                return [Delivery(STRANGER, strange=True), whole]
        raise ValueError(f"no such action: {action}")


class Partner:
    """Our server, which answers whatever else is waited for, and the student's client that talks to it.

    requests: what has come from the client so far.
    """

    def __init__(self, stage: Stage, name: str, actions: Iterable[str] = (), *, entry: str, host: str = HOST) -> None:
        self._stage, self._relay = stage, Relay(actions)
        self._server, self._stranger = stage.datagrams(name, host=host), stage.datagrams(f"stranger of {name}")
        self._answers: dict[bytes, tuple[bytes, ...]] = {}  # to what
        self._last = b""
        self._holds = False
        stage.meanwhile.append(self.serve)
        self.requests: list[Datagram] = []
        self.run = self._server.run = stage.start(entry, list(self._server.address), name=name, tty=True)

    def turn(self, line: str, *answers: bytes) -> bool:
        """Types a line when the client asks for one, and answers it: with all of `answers`, or with 收到 <n>."""
        self._answers[line.encode()], before = answers, len(self.requests)
        return self.run.console.type(line) and self.hears(before + 1)

    def hears(self, requests: int, patience: float = 0.0) -> bool:
        """Until so many requests have come in all. patience: seconds after which the client is to send by itself."""
        clock = {"patience": patience, "clocked": True} if patience else {}
        reading = [self._server.sock]
        return self._stage.until(lambda: len(self.requests) >= requests, "datagram", self.run, reading=reading, **clock)

    def slow_turn(self, line: str) -> None:
        """A turn in which the answer is given only when the client has come to rest, whatever it then waits for.

        Measures whether it sleeps on when the answer is there.
        """
        stage, self._holds = self._stage, True
        typed = self.run.console.type(line)
        if not typed or not stage.until(lambda: self._server.look() > 0, "datagram", self.run):
            return
        noticed(stage)
        self.tell_if_it_asks()
        self._holds = False
        self.serve()
        client = self.requests[-1].source
        nap = Nap(stage, self._server, client)
        stage.until(lambda: nap.taken() or not self._server.unread(client), "read", self.run, polling=True)
        stage.measure("asleep while the answer lay there", nap.taken())

    def tell_if_it_asks(self) -> None:
        """Where the client waits for a line now, the trace gets to know it."""
        if self.run.console.waits():
            self.run.console.asks()

    def serve(self) -> None:
        """Answers what has come by now, through the relay."""
        self._stranger.look()
        self._server.look()
        while self._server.arrived and not self._holds:
            self.requests.append(self._server.arrived.pop(0))
            answers = self._answers.get(self.requests[-1].data) or (f"收到 {len(self.requests)}".encode(),)
            self._last = answers[-1]
            for delivery in (d for answer in answers for d in self._relay.deliveries(answer)):
                self._deliver(*delivery)

    def repeat(self) -> None:
        """The last answer arrives once more, at the address that the client was last seen at."""
        if self.requests:
            self._deliver(self._last)

    def _deliver(self, data: bytes, strange: bool = False, lost: bool = False) -> None:
        (self._stranger if strange else self._server).send(data, self.requests[-1].source, lost=lost)

    def intrude(self) -> None:
        """Somebody else says something to the client, at the address that it was last seen at."""
        if self.requests:
            self._deliver(STRANGER, strange=True)
