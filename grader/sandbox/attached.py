"""What is said to and by one container, over the engine's attachment to it. Layer 5.

Rule 1: the agent's words are the student's. A flood of them is the same as an agent that is gone.
Rule 2: the attachment may be a socket of this system, of TLS or of SSH, or a named pipe of Windows. What they have in
common is used: recv, sendall, settimeout, close. Each raises errors of its own kind, and any of them means: gone.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from queue import SimpleQueue
from typing import Any

from grader.sandbox.base import LINE_CAP, Source
from grader.sandbox.stream import STDERR, Flood, Frames, Lines, Tail

TOTAL_CAPS: dict[Source, int] = {"agent": 256 * 1024 * 1024, "instrument": 1 << 40}
STDERR_KEPT = 8 * 1024
# A program that does not read for so long is gone: the student's code may have stopped the agent.
SEND_PATIENCE = 20.0


class Line:
    """The attachment to one container. Its thread ends with the stream, and then says so in the inbox, once."""

    def __init__(
        self,
        source: Source,
        attached: Any,
        inbox: SimpleQueue[tuple[Source, str | None]],
        patience: float = SEND_PATIENCE,
    ) -> None:
        self._source = source
        self._attached = attached  # keeps the HTTP response, and so the socket, alive
        self._socket = channel(attached)
        self._socket.settimeout(patience)
        self._inbox = inbox
        self._sending = threading.Lock()
        self.stderr = Tail(STDERR_KEPT)
        self.gone = False
        self._reader = threading.Thread(target=self._read, name=f"grader-{source}", daemon=True)
        self._reader.start()

    def send(self, data: bytes) -> None:
        """Sends all of it; where the program does not read, it is cut off and counts as gone."""
        try:
            with self._sending:
                self._socket.sendall(data)
        except Exception:  # rule 2
            self.hang_up()

    def hang_up(self) -> None:
        """Ends the stream; the reading thread notices and closes it."""
        with contextlib.suppress(Exception):  # rule 2; and the engine may have closed it already
            self._socket.shutdown(socket.SHUT_RDWR)

    def ended(self, patience: float) -> bool:
        """Whether the stream ends within so many seconds."""
        self._reader.join(patience)
        return self.gone

    def _read(self) -> None:
        frames, lines = Frames(), Lines(LINE_CAP, TOTAL_CAPS[self._source])
        with contextlib.suppress(Flood):
            while data := self._receive():
                for stream, piece in frames.feed(data):
                    if stream == STDERR:
                        self.stderr.feed(piece)
                        continue
                    for line in lines.feed(piece):
                        self._inbox.put((self._source, line))
        self.gone = True
        self._inbox.put((self._source, None))
        close(self._attached)

    def _receive(self) -> bytes:
        while True:
            try:
                return bytes(self._socket.recv(65536))
            except TimeoutError:
                continue
            except Exception:  # rule 2
                return b""


def channel(attached: Any) -> Any:
    """What can be sent to, received from and given a time-out: rule 2."""
    return getattr(attached, "_sock", attached)


def close(attached: Any) -> None:
    """All parts of an attachment; whatever is closed already is no error."""
    for end in (channel(attached), attached, getattr(attached, "_response", None)):
        with contextlib.suppress(Exception):  # rule 2
            end.close()  # type: ignore[union-attr]  # one without close() is among what is suppressed
