"""Peers for programs that move one file over one connection: a sender that can lie about every field, and a receiver.

A case has parts, named p01, p02, …: each is a call of the student's function, a connection of that name and a folder of
that name. The calls of a case are made by one run, "calls", one after another, unless a part has a run of its own
name. The student's receiver is to write in `inbox(part)`, which lies two folders deep, so that names like ../../x stay
inside the part's folder. What lies there is recorded before the first part and after the last.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from grader.instrument import Connection, Run, Stage
from grader.model import Event, Flow, Raised, Returned
from grader.wire import frames
from grader.wire.payload import FlowMeter

HOST = "127.0.0.1"
CALLS = "calls"  # the run that makes the calls
LONGEST = 65_536  # bytes of a header
PERIOD = 4093  # of grader.wire.payload.octets
STEP = 65_536
AWAKE = 1 << 20  # receive buffer of a reader that is slow no more

Thing = dict[str, Any]  # what the driver is to make: see `made` and driver.py
T = TypeVar("T")


def prepare(stage: Stage, *things: Thing) -> None:
    """Has the things made, and records what there is then."""
    stage.start("make", {"things": things}, name="setup").wait()
    stage.list_files()


def inbox(part: str) -> str:
    return f"{part}/box/inbox"


def made(path: str, content: bytes, **more: Any) -> Thing:
    """A file. What is long must repeat itself as payload.octets does, so that it can be told in few words."""
    unit = content if len(content) <= 2 * PERIOD else content[:PERIOD]
    if content and (unit * (len(content) // len(unit) + 1))[: len(content)] != content:
        raise ValueError(f"the content of {path} is too long to be told")
    return {"path": path, "unit": unit.hex(), "size": len(content), **more}


def header(name: object, size: object) -> bytes:
    return json.dumps({"filename": name, "filesize": size}, ensure_ascii=False).encode("utf-8", "surrogatepass")


def opening(stage: Stage, head: bytes, length: int | None = None) -> bytes:
    """The four bytes and the header. length: what the four bytes say, where that is a lie."""
    order = stage.options["byte_order"]
    return frames.header(len(head) if length is None else length, order) + head


def names(count: int) -> list[str]:
    return [f"p{i:02}" for i in range(1, count + 1)]


# --- the student receives -------------------------------------------------------------------------------------------


class Sender:
    """Our sender, connected to the student's receiver in one part.

    call: which of the run's calls that is, from 0. missed: it ended otherwise than it should, which is enough to know.
    """

    def __init__(self, stage: Stage, part: str, run: Run, call: int = 0) -> None:
        self.part, self.run = part, run
        self.missed = False
        self._stage, self._call = stage, call
        stage.until(lambda: len(run.calls) > call, "listen", run)
        self._address = HOST, _port(run, call)
        self.conn = self._connect(part)

    def _connect(self, name: str) -> Connection:
        stage = self._stage
        if stage.watcher.available:
            stage.until(lambda: stage.watcher.listener(self._address) is not None, "listen", self.run, polling=True)
        else:
            stage.settle()
        conn = stage.connect(self._address, name)
        conn.run = self.run
        return conn

    def told(self, name: str, content: bytes) -> bytes:
        """Records what is sent; the four bytes and the header of it."""
        self.conn.tell(name)
        self.conn.tell(content)
        return opening(self._stage, header(name, len(content)))

    def send(self, name: str, content: bytes) -> None:
        """A good transfer: the header, and when that has been read the content."""
        if self.conn.step(self.told(name, content)):
            self.conn.send(content)

    def deliver(self, name: str, content: bytes) -> None:
        """A good transfer to its end."""
        self.send(name, content)
        self.end()

    def offer(self, what: str, head: bytes, content: bytes = b"") -> None:
        """What is to be refused: whatever header, whatever content, and the end. what: said of it."""
        self.conn.tell(what)
        self.conn.send(opening(self._stage, head) + content)
        self.end(Raised)

    def answered(self, patience: float = 2.0) -> bool:
        """Until this call has returned or raised."""
        return self.run.wait_outcomes(self._call + 1, patience)

    def again(self, door: Connection) -> None:
        """The call is over: it is made again, on the same port, and we call as soon as that listens."""
        door.send(b".")
        self._call += 1
        self._stage.until(lambda: len(self.run.calls) > self._call, "listen", self.run)
        self.conn = self._connect("again")

    def end(self, *wanted: type[Event]) -> None:
        """Our FIN, and the end of the call. wanted: Returned, Raised, or either; Returned where nothing is said."""
        self.conn.finish()
        self.answered()
        self.conn.look()
        outcome = self.run.outcomes[self._call : self._call + 1]
        self.missed = not outcome or not isinstance(outcome[0], wanted or Returned)


def _port(run: Run, call: int) -> int:
    """The port that the driver has chosen; 0, where nobody listens, if the call was not made."""
    shown = [value.shown for c in run.calls[call : call + 1] for value in c.args[1:2]]
    return int(shown[0]) if shown and shown[0].isdecimal() and int(shown[0]) < 65_536 else 0


def receiving(stage: Stage, parts: Sequence[str], name: str = CALLS, **options: Any) -> Run:
    """A run that calls receive_file for the inbox of each part. options: see driver.py."""
    args = {"host": HOST, "directories": [inbox(part) for part in parts], **options}
    return stage.start("receive", args, name=name)


def each(
    stage: Stage, items: Sequence[T], *things: Thing, room: str = "", **options: Any
) -> Iterator[tuple[Sender, T]]:
    """A part for each item, up to the first that went wrong. things: to be made besides.

    room: the part in whose inbox all of them write, where that is not their own. options: see driver.py.
    """
    parts = names(len(items))
    prepare(stage, *({"path": inbox(part)} for part in parts), *things)
    run = receiving(stage, [room or part for part in parts], **options)
    for call, (part, item) in enumerate(zip(parts, items, strict=True)):
        sender = Sender(stage, part, run, call)
        yield sender, item
        if sender.missed:
            break
    else:
        run.wait()
    end_early(run)
    stage.list_files()


def end_early(run: Run) -> None:
    """What more the run was to do is not wanted any more."""
    if not run.exited:
        run.stop()


# --- the student sends ----------------------------------------------------------------------------------------------


class Receiver:
    """Our receiver, called by the student's sender: one run that sends these files one after another.

    door: the student's process waits for a byte of ours before each call (`accept`), and for one at the end (`end`).
    idle: its own memory while it waits for the first, in bytes.
    """

    def __init__(
        self,
        stage: Stage,
        *paths: str,
        name: str = CALLS,
        receive_buffer: int = 0,
        shim: int = 0,
        door: bool = False,
    ) -> None:
        self._stage = stage
        self._listener = stage.listen(receive_buffer=receive_buffer)
        gate = stage.listen() if door else None
        host, port = self._listener.address
        args = {"host": host, "port": port, "paths": paths, "door": gate and gate.address[1]}
        self.run = stage.start("send", args, name=name, shim=shim)
        self._door = gate.accept("door", self.run) if gate else None
        self.idle = stage.watcher.private()

    def accept(self, part: str) -> Connection:
        self._let_through()
        return self._listener.accept(part, self.run)

    def _let_through(self) -> None:
        if self._door:
            self._door.send(b".")

    def end(self) -> None:
        self._let_through()
        self.run.wait()

    def hear(self, conn: Connection, content: bytes) -> None:
        """A transfer to its end."""
        self.hear_header(conn)
        self.hear_content(conn, content)

    def hear_header(self, conn: Connection) -> None:
        length = int.from_bytes(conn.receive(frames.HEADER), self._stage.options["byte_order"], signed=True)
        conn.receive(length if 0 < length <= LONGEST else 0)

    def hear_content(self, conn: Connection, content: bytes) -> None:
        """Records what is due after the header and what came, to the end or well beyond what is due; closes too."""
        stage = self._stage
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, AWAKE)  # where it was small, it has served its turn
        conn.due(content)
        body = FlowMeter()
        while conn.alive and not stage.over and body.size <= len(content) + STEP:
            body.add(conn.receive(STEP))
        stage.record(Flow(stage.now(), conn.name, "body", body.size, body.blocks(), body.head))
        conn.close()


def collect(stage: Stage, *files: tuple[str, bytes], shim: int = 0) -> None:
    """Has files made, one in the folder of each part, and sent; a path that begins with ./ is given as it is."""
    parts = names(len(files))
    places = [(part, place(part, path), content) for part, (path, content) in zip(parts, files, strict=True)]
    prepare(stage, *(made(path, content) for _, path, content in places))
    receiver = Receiver(stage, *(path for _, path, _ in places), shim=shim, door=True)
    for call, (part, _, content) in enumerate(places):
        receiver.hear(receiver.accept(part), content)
        receiver.run.wait_outcomes(call + 1)
        if not all(isinstance(o, Returned) for o in receiver.run.outcomes) or len(receiver.run.outcomes) <= call:
            break
    else:
        receiver.end()
    end_early(receiver.run)


def place(part: str, path: str) -> str:
    return f"./{part}/{path[2:]}" if path.startswith("./") else f"{part}/{path}"
