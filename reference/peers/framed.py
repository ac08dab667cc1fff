"""Peers for the framing exercise: one that speaks frames to a student's receiver, one that listens to a sender."""

from __future__ import annotations

from grader.instrument import Connection, Run, Stage
from grader.wire import frames


def receiver(stage: Stage, name: str, times: int, **options: object) -> tuple[Run, Connection]:
    """Starts the student's recv_message on a fresh connection, called until None, an exception, or `times` times."""
    listener = stage.listen()
    host, port = listener.address
    run = stage.start("receive", {"host": host, "port": port, "times": times, **options}, name=name)
    return run, listener.accept(name, run)


def sender(
    stage: Stage, name: str, texts: list[str | tuple[str, int]], receive_buffer: int = 0, **options: object
) -> tuple[Run, Connection]:
    """Starts the student's send_message with each text; (unit, n) stands for unit * n. Records what is due."""
    listener = stage.listen(receive_buffer=receive_buffer)
    host, port = listener.address
    run = stage.start("send", {"host": host, "port": port, "texts": texts, **options}, name=name)
    connection = listener.accept(name, run)
    whole = [t if isinstance(t, str) else t[0] * t[1] for t in texts]
    connection.due(b"".join(frame(stage, t) for t in whole))
    return run, connection


def frame(stage: Stage, text: str | bytes) -> bytes:
    """The frame of a text in the course's byte order."""
    return frames.encode(text.encode() if isinstance(text, str) else text, stage.options["byte_order"])


def told(stage: Stage, connection: Connection, *texts: str) -> list[bytes]:
    """Records the messages and returns their frames."""
    for text in texts:
        connection.tell(text)
    return [frame(stage, t) for t in texts]


def part(run: Run, connection: Connection, answers: int) -> None:
    """The end of a receiver's conversation: the answers first, then our FIN, then its last byte and its end."""
    run.wait_outcomes(answers)
    connection.finish()
    run.wait()
    connection.receive_to_end(1024)
