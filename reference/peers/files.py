"""Peers for programs that move one file over one connection: a sender that can lie about every field, and a receiver.

A case has parts, and each part has a run, a connection and a folder of its own, all of the same name. The student's
receiver is to write in `inbox(part)`, which lies two folders deep, so that names like ../../x stay inside the part's
folder. What lies there is recorded before the first part and after the last.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from grader.instrument import Connection, Stage
from grader.model import Flow
from grader.wire import frames
from grader.wire.payload import FlowMeter

LONGEST = 65_536  # bytes of a header
PERIOD = 4093  # of grader.wire.payload.octets
STEP = 65_536
AWAKE = 1 << 20  # receive buffer of a reader that is slow no more

Thing = dict[str, Any]  # what the driver is to make: see `made` and driver.py


T = TypeVar("T")


def each(stage: Stage, items: Sequence[T], *things: Thing) -> Iterator[tuple[str, T]]:
    """A part for each item, with an inbox; `things` are made besides. Ends early where a wait has failed."""
    named = [(f"p{i:02}", item) for i, item in enumerate(items, 1)]
    prepare(stage, *({"path": inbox(part)} for part, _ in named), *things)
    for part, item in named:
        if stage.over:
            break
        yield part, item
    stage.list_files()


def prepare(stage: Stage, *things: Thing) -> None:
    """Has the things made, and records what there is then."""
    stage.start("make", {"things": things}, name="make").wait()
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


# --- the student receives -------------------------------------------------------------------------------------------


class Sender:
    """Our sender, connected to the student's receiver in a run of its own.

    room: the part in whose inbox the student's side is to write, where that is not this one. most: see driver.py.
    twice: the student's receiver is called again, see `again`.
    """

    def __init__(self, stage: Stage, part: str, room: str = "", *, twice: bool = False, most: int = 0) -> None:
        self._stage = stage
        self._door = stage.listen() if twice else None
        args = {"directory": inbox(room or part), "most": most, "door": self._door and self._door.address[1]}
        self.run, self._address = stage.serve("receive", name=part, args=args)
        self.conn = self._call(part)

    def _call(self, name: str) -> Connection:
        conn = self._stage.connect(self._address, name)
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

    def again(self) -> None:
        """The first call is over: the second one begins, and we call as soon as it listens."""
        stage = self._stage
        if self._door:
            door = self._door.accept("door", self.run)
            door.send(b".")
        if stage.watcher.available:
            stage.until(lambda: stage.watcher.listener(self._address) is not None, "listen", self.run, polling=True)
        else:
            stage.settle()
        self.conn = self._call("again")

    def end(self) -> None:
        """Our FIN, and the end of the student's program."""
        self.conn.finish()
        self.run.wait()
        self.conn.receive_to_end(1024)


def deliver(stage: Stage, part: str, name: str, content: bytes, room: str = "") -> Sender:
    """One good transfer, to its end."""
    sender = Sender(stage, part, room)
    sender.send(name, content)
    sender.end()
    return sender


def offer(stage: Stage, part: str, what: str, head: bytes, content: bytes = b"", length: int | None = None) -> None:
    """One transfer that is to be refused: whatever header, whatever content, and the end. what: said of it."""
    sender = Sender(stage, part)
    sender.conn.tell(what)
    sender.conn.send(opening(stage, head, length) + content)
    sender.end()


# --- the student sends ----------------------------------------------------------------------------------------------


class Receiver:
    """Our receiver, called by the student's sender in a run of its own.

    door: the student's process waits for a byte of ours before send_file is called, and for another one afterwards.
    idle: its own memory while it waits for the first, in bytes.
    """

    def __init__(
        self,
        stage: Stage,
        part: str,
        path: str,
        *,
        receive_buffer: int = 0,
        shim: int = 0,
        door: bool = False,
        relative: bool = False,
    ) -> None:
        self._stage = stage
        listener = stage.listen(receive_buffer=receive_buffer)
        gate = stage.listen() if door else None
        host, port = listener.address
        args = {"host": host, "port": port, "path": path, "relative": relative, "door": gate and gate.address[1]}
        self.run = stage.start("send", args, name=part, shim=shim)
        self.door = gate.accept("door", self.run) if gate else None
        self.idle = stage.watcher.private()
        self._let_through()
        self.conn = listener.accept(part, self.run)

    def _let_through(self) -> None:
        if self.door:
            self.door.send(b".")

    def hear(self, content: bytes) -> None:
        """Records what is due after the header and what came, to the end or well beyond what is due."""
        stage, conn = self._stage, self.conn
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, AWAKE)  # where it was small, it has served its turn
        conn.due(content)
        length = int.from_bytes(conn.receive(frames.HEADER), stage.options["byte_order"], signed=True)
        conn.receive(length if 0 < length <= LONGEST else 0)
        body = FlowMeter()
        while conn.alive and not stage.over and body.size <= len(content) + STEP:
            body.add(conn.receive(STEP))
        stage.record(Flow(stage.now(), conn.name, "body", body.size, body.blocks(), body.head))

    def end(self) -> None:
        """We close too; the end of the student's program."""
        self.conn.close()
        self._let_through()
        self.run.wait()


def collect(stage: Stage, part: str, path: str, content: bytes, **options: Any) -> None:
    """One transfer of a file of this content."""
    receiver = Receiver(stage, part, path, **options)
    receiver.hear(content)
    receiver.end()


def each_file(stage: Stage, *files: tuple[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    """Has files made, a part for each; then (part, path, content) of each. Ends early where a wait has failed."""
    named = [(f"p{i:02}", f"p{i:02}/{path}", content) for i, (path, content) in enumerate(files, 1)]
    prepare(stage, *(made(path, content) for _, path, content in named))
    for part, path, content in named:
        if stage.over:
            return
        yield part, path, content
