"""Peers for the framing exercise: one that speaks frames to a student's receiver, one that listens to a sender."""

from __future__ import annotations

from grader.instrument import Connection, Run, Stage
from grader.wire import frames

Said = str | tuple[str, int]  # a text, or (unit, n) for unit * n, which is short to pass on however long it is
OPEN = b"!"  # what driver.py sends last of all, to show that the socket was left open
PORTION = 20  # answers, or fiftieths of a stream, that are waited for at once: a slow program has time for each


def receiver(stage: Stage, name: str, times: int, **options: object) -> tuple[Run, Connection]:
    """Starts the student's recv_message on a fresh connection, called until None, an exception, or `times` times."""
    listener = stage.listen()
    host, port = listener.address
    run = stage.start("receive", {"host": host, "port": port, "times": times, **options}, name=name)
    return run, listener.accept(name, run)


def sender(
    stage: Stage, name: str, texts: tuple[Said, ...], receive_buffer: int = 0, **options: object
) -> tuple[Run, Connection]:
    """Starts the student's send_message with each text on a fresh connection."""
    listener = stage.listen(receive_buffer=receive_buffer)
    host, port = listener.address
    run = stage.start("send", {"host": host, "port": port, "texts": texts, **options}, name=name)
    return run, listener.accept(name, run)


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
    for count in (*range(PORTION, answers, PORTION), answers):
        run.wait_outcomes(count)
    connection.finish()
    run.wait()
    connection.receive_to_end(1024)


def hear(stage: Stage, run: Run, connection: Connection, texts: tuple[Said, ...]) -> None:
    """Records what is due for these texts, without and with the driver's last byte; then reads to the end of the
    connection, or well beyond what is due."""
    due = b"".join(frame(stage, t if isinstance(t, str) else t[0] * t[1]) for t in texts)
    connection.due(due)
    connection.due(due + OPEN)
    while connection.alive and not stage.over and connection.received < len(due) + 4096:
        connection.receive(max(1000, len(due) // 50))
    run.wait()
