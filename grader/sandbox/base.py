"""What every sandbox offers. Layer 5.

A pod holds two programs: the **instrument** (ours: peers, script, watcher) and the **agent** (beside the student's
code, untrusted). Neither knows the other; each speaks lines of JSON with the host, and `run.py` passes them on. A pod
serves one exercise of one submission and is then closed, whatever happened in it.

Start of a pod, the same in every sandbox: the instrument is started first with `BOOT`, is sent its program (a zip) and
says {"op": "hello", "python": …}; then the agent says {"op": "hello", "pid": …, "digest": …} before any student's code
has come near it. Only then is the pod handed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, Protocol

from grader.model import Limits

Source = Literal["instrument", "agent"]

# The instrument's first program: reads "<size> <path>\n", that many bytes of zip, and runs what is inside.
BOOT = (
    "import sys;r=sys.stdin.buffer;n,p=r.readline().split();p=p.decode();"
    "open(p,'wb').write(r.read(int(n)));sys.path.insert(0,p);"
    "from grader.instrument.main import main;main()"
)

# The agent: a folder of parts, started by the path of its __main__.py.
AGENT = Path(__file__).with_name("agent")

# What the agent puts into a run that is to be scheduled; it is handed over with the student's files.
POINTS = Path(__file__).with_name("points.py")

# A line for the instrument that begins so is the agent's word, passed on unread.
RELAYED = "@"

# A line of the agent longer than this is not read to its end: the agent counts as gone.
LINE_CAP = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PodInfo:
    """What stands in the result about where the submission ran. image: the image's id, "" without one."""

    isolation: str
    python: str
    image: str
    agent_pid: int


class Pod(Protocol):
    """inbox: what the two programs say, as (source, line); (source, None) once a program is gone."""

    info: PodInfo
    inbox: SimpleQueue[tuple[Source, str | None]]

    def tell(self, whom: Source, line: str) -> None:
        """Sends one line. A program that is gone is no error here: its None is, or will be, in the inbox."""

    def close(self) -> None:
        """Ends both programs and everything that the student's code left. Never raises; may be called twice."""


class Sandbox(Protocol):
    """A maker of pods. `prepare` is a hint that pods of these limits will be wanted soon, and may do nothing.

    made_of: tells the programs that its pods are made from; where it differs, traces may differ.
    """

    isolation: str
    made_of: str

    def prepare(self, limits: Limits, count: int = 1) -> None: ...

    def open(self, limits: Limits) -> Pod:
        """A pod that is ready. Raises MachineError."""

    def close(self) -> None:
        """Closes every pod that is still open or warm. Never raises."""
