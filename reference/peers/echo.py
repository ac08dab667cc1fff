"""Clients of an echo server, one at a time and in crowds.

A crowd's clients sit on bare sockets, because a trace needs no thousand alike conversations: it gets the sums, and
the turn of the first client that was not served well in full, under the name "client <n>".
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable, Sequence

from grader.instrument import Connection, Stage
from grader.model import Connected, Ended, Received, Sent

ENTRY = "echo_server:serve"
WAITING = 2  # connections in the server's accept queue before another one calls


class Server:
    """The student's server in one run of it."""

    def __init__(self, stage: Stage, port: int = 0, *, name: str = "server", entry: str = ENTRY, shim: int = 0) -> None:
        self._stage = stage
        self.run, self.address = stage.serve(entry, port, name=name, shim=shim)

    def client(self, name: str, *, receive_buffer: int = 0) -> Connection:
        connection = self._stage.connect(self.address, name, receive_buffer=receive_buffer)
        connection.run = self.run
        return connection

    def listens(self) -> bool:
        if self._stage.watcher.available:
            return any(port == self.address[1] for _, port in self._stage.watcher.listening())
        with socket.socket() as probe:
            return probe.connect_ex(self.address) == 0

    def close_wait(self) -> int:
        return self._stage.watcher.close_wait(self.address[1])


def turn(client: Connection, message: bytes) -> bytes:
    """One message and the echo of it."""
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

    def begin(self, message: bytes) -> None:
        self.rest, self.wants, self.got = message, len(message), b""

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
        return len(self.got) == self.wants or bool(self.ended)


class Crowd:
    """Clients of one server that are there at the same time. served: turns that came back right, so far."""

    def __init__(self, stage: Stage, server: Server) -> None:
        self._stage, self._server = stage, server
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
        messages = [message(number) for number in range(1, len(self.members) + 1)]
        for member, text in zip(self.members, messages, strict=True):
            member.begin(text)
        waiting = list(self.members)
        reading: list[socket.socket] = []

        def done() -> bool:
            self._stage.made_progress(sum(member.go_on() for member in waiting))
            waiting[:] = [m for m in waiting if not m.done]
            reading[:] = [m.sock for m in waiting]
            return not waiting

        self._stage.until(done, "bytes", self._server.run, reading=reading)
        return self._judge(messages)

    def _judge(self, messages: Sequence[bytes]) -> bool:
        wrong = [(m, text) for m, text in zip(self.members, messages, strict=True) if m.got != text]
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


def churn(stage: Stage, server: Server, rounds: Iterable[int], message: Callable[[int], bytes]) -> int:
    """In each round so many clients call, take one turn and close. The number of turns that came back right."""
    served = 0
    for count in rounds:
        crowd = Crowd(stage, server)
        good = crowd.grow(count) and crowd.turn(message)
        served += crowd.served
        crowd.leave()
        if not good:
            break
    return served
