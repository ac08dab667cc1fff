"""What is said: lines of JSON, each a message with `op`; the agent's on standard output. And how much at most."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False  # importing typing would cost each agent some milliseconds
if TYPE_CHECKING:
    from typing import Any

    Message = dict[str, Any]

KEEP = 64 * 1024  # of what is printed, or stands in a file
SHOWN = 120  # of a value, or of a file's beginning
REPORT = 3  # the descriptor on which a run reports, in lines of the same kind


def say(message: Message) -> None:
    write((json.dumps(message) + "\n").encode())


def write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]
