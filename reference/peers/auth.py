"""Peers for challenge and response: clients of a student's server that know the secret, or lie in every way; and the
server that a student's client talks to.

The secret is another one in every case. It stands in the trace (told on no connection, but under the name "secret"),
so that a check can work out what was due.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from grader.instrument import Connection, Stage
from grader.model import Told
from grader.wire import challenge, payload
from grader.wire.challenge import SIZE, answer
from reference.peers import serving
from reference.peers.serving import Crowd, turn

HELLO = b"Hello, server"
KNOCK = b"what now? I have given my answer, have I not?"  # longer than an answer, and no hex digit in front

Proof = Callable[[bytes], bytes]  # what a client answers to a challenge


def new_secret(stage: Stage, awkward: bytes = b"") -> bytes:
    """Letters and digits, or such between bytes that are no text."""
    return tell_secret(stage, awkward + payload.text(stage.rng, 24, payload.PLAIN).encode() + awkward[::-1])


def tell_secret(stage: Stage, secret: bytes) -> bytes:
    stage.record(Told(stage.now(), "secret", payload.value_of(secret)))
    return secret


# --- clients of a student's server ----------------------------------------------------------------------------------


class Server(serving.Server):
    """The student's server in one run of it, and the secret that it shares with good clients."""

    def __init__(
        self,
        stage: Stage,
        port: int = 0,
        *,
        secret: bytes,
        name: str = "server",
        entry: str = "serve",
        shim: int = 0,
        **more: Any,
    ) -> None:
        """entry, more: a function of driver.py and its keywords."""
        super().__init__(stage, port, entry=entry, name=name, shim=shim, args={"secret": secret.hex(), **more})
        self.secret = secret
        self._asked: dict[str, bytes] = {}  # client → its challenge

    def right(self, challenge: bytes) -> bytes:
        return answer(self.secret, challenge)

    def asked(self, name: str, *, receive_buffer: int = 0, segment: int = 0) -> tuple[Connection, bytes]:
        """A client that has been given its challenge, and the right answer to it."""
        client = self.client(name, receive_buffer=receive_buffer, segment=segment)
        asked = self._asked[name] = client.receive(SIZE)
        return client, self.right(asked)

    def due(self, client: Connection, *messages: bytes) -> None:
        """Records all that the client must have got for these messages, its challenge in front."""
        client.due(self._asked[client.name] + b"".join(messages).upper())

    def enter(self, name: str, *, receive_buffer: int = 0, segment: int = 0) -> Connection:
        """A client that has answered right; whether it is let in, only an answer to its next words can show."""
        client, right = self.asked(name, receive_buffer=receive_buffer, segment=segment)
        client.step(right)
        return client

    def hello(self, name: str) -> Connection:
        """A client that has answered right and taken one turn."""
        client = self.enter(name)
        turn(client, HELLO)
        return client

    def serves(self, name: str) -> None:
        """One more client comes, takes a turn and goes: the proof that the server still serves."""
        self.hello(name).close()

    def refuses(self, name: str, proof: Proof) -> Connection:
        """A client with another answer, which goes on as if it had been let in."""
        client = self.client(name)
        client.step(proof(client.receive(SIZE)))
        return self.knock(client)

    def knock(self, client: Connection) -> Connection:
        client.send(KNOCK)
        client.receive(len(KNOCK))
        client.close()
        return client

    def crowd(self, stage: Stage, count: int) -> Crowd:
        """So many clients at once, each of which has answered its own challenge right."""
        crowd, since = Crowd(stage, self, bytes.upper), stage.now()
        asked = crowd.hear(SIZE) if crowd.grow(count) else []
        if asked and all(len(each) == SIZE for each in asked):
            crowd.tell(lambda number: self.right(asked[number - 1]))
            stage.measure("crowd answered after", stage.now() - since, "s")
        return crowd


def talk(secret: bytes) -> Callable[[Connection], None]:
    """One turn on a new connection, for what reference.peers.serving plays."""

    def take_a_turn(client: Connection) -> None:
        client.step(answer(secret, client.receive(SIZE)))
        turn(client, HELLO)

    return take_a_turn


def mistakes(secret: bytes) -> dict[str, Proof]:
    """Answers with one mistake each, by its name: one that is taken for right tells what the server has mixed up. The
    last one is right; a server that only now lets its client in has waited for the line end or the end behind it."""

    def proof(name: str) -> Proof:
        return lambda asked: dict(challenge.mistaken(secret, asked))[(name,)]

    wrong = {names[0]: proof(names[0]) for names, _ in challenge.mistaken(b"", b"") if len(names) == 1}
    return {**wrong, "waits-for-more": lambda asked: answer(secret, asked)}


# --- the server of a student's client -------------------------------------------------------------------------------


class Caller:
    """The student's client in one run of it, and our end of its connection.

    The trace is told what chat is to return, and, once the challenge is known, which bytes are due from it.
    """

    def __init__(
        self,
        stage: Stage,
        lines: Sequence[str],
        *,
        secret: bytes,
        name: str = "a",
        kind: str = "list",
        shim: int = 0,
        lives_on: bool = False,
    ) -> None:
        """kind: as in driver.py. lives_on: its process is there until the connection has ended, or never will."""
        listener = stage.listen()
        host, port = listener.address
        given: dict[str, Any] = {"host": host, "port": port, "secret": secret.hex(), "lines": lines, "kind": kind}
        self._door = stage.listen() if lives_on else None
        if self._door:
            given["door"] = self._door.address[1]
        self.lines = [line.encode() for line in lines]
        self._secret = secret
        self._stage = stage
        self.run = stage.start("chat", given, name=name, shim=shim)
        self.connection = listener.accept(name, self.run)
        self.connection.tell([line.upper().decode() for line in self.lines])

    def ask(self, asked: bytes = b"", pieces: Sequence[int] = ()) -> Caller:
        """Sends a challenge (letters and digits), in pieces that end at these offsets, and takes the answer to it."""
        asked = asked or payload.text(self._stage.rng, SIZE, payload.PLAIN).encode()
        self.connection.due(answer(self._secret, asked) + b"".join(self.lines))
        self.connection.step(*cut(asked, pieces))
        self.connection.receive(SIZE)
        return self

    def converse(self, lines: int | None = None, pieces: Callable[[int], Sequence[int]] = lambda size: ()) -> Caller:
        """Takes the bytes of each line (of so many) and sends them back in upper case.

        pieces: for a size, the offsets at which the pieces end.
        """
        for line in self.lines[:lines]:
            heard = self.connection.receive(len(line))
            if len(heard) < len(line):
                break
            self.connection.step(*cut(heard.upper(), pieces(len(line))))
        return self

    def end(self) -> None:
        """Reads until the student's side has ended, then ends too."""
        self.connection.receive_to_end(4096)
        if self._door:
            self._door.drop()
        self.connection.close()
        self.run.wait()


def cut(data: bytes, points: Sequence[int]) -> list[bytes]:
    """The data cut at these offsets."""
    return [data[a:b] for a, b in pairwise((0, *points, len(data)))]
