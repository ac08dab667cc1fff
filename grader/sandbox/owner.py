"""Whose containers are whose, and the sweep of those whose grader is gone. Layer 5.

A pod normally disappears with its grader: the instrument ends when its standard input does, and takes the pod along.
What an engine keeps in spite of that carries two labels: `grader=pod`, and `grader.owner=<host>:<pid>:<start>`.
Rule: in doubt a container stays. One of another host, or of a process whose start cannot be read, is not ours to judge.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from pathlib import Path

from grader.errors import MachineError
from grader.sandbox.engine import Engine

POD = "grader"
OWNER = "grader.owner"


def owner() -> str:
    """This process, as the label names it."""
    return f"{socket.gethostname()}:{os.getpid()}:{started(os.getpid()) or ''}"


def orphaned(label: str) -> bool:
    """Whether the owner that a label names was a process of this machine and is no more."""
    match label.rsplit(":", 2):
        case [host, pid, start] if host == socket.gethostname() and pid.isdecimal() and start:
            return started(int(pid)) not in (start, "")
    return False


def started(pid: int) -> str | None:
    """When a process began, in the system's own words; None: there is no such process; "": it cannot be known."""
    if os.name != "posix":
        return ""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes() if Path("/proc/self/stat").exists() else b""
    except OSError:
        return None
    if stat:
        fields = stat.rpartition(b")")[2].split()
        return None if fields[0] in (b"Z", b"X") else fields[19].decode()
    listed = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "-".join(listed.stdout.split()).replace(":", ".") or None


def leftovers(engine: Engine) -> list[str]:
    """The ids of containers whose grader is gone. Raises MachineError."""
    return [c["Id"] for c in engine.labelled(f"{POD}=pod") if orphaned(c["Labels"].get(OWNER, ""))]


def sweep(engine: Engine) -> int:
    """Removes what graders that are gone have left; returns how many. Raises MachineError if the engine is gone too."""
    found = leftovers(engine)
    for container in found:
        with contextlib.suppress(MachineError):
            engine.remove(container)
    return len(found)
