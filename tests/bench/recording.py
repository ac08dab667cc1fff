"""What a record costs, and whether it is whole: 300 children that live a millisecond, and 300 that exit at once, one
after another and 48 at a time. Runs the agent on two pipes, without any pod."""

from __future__ import annotations

import base64
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

AGENT = Path(__file__).parents[2] / "grader" / "sandbox" / "agent" / "__main__.py"
CHILDREN, KINDS = 300, 7
WIDTHS, MILLISECONDS = (1, 48), (0, 1)
PROGRAM = """
import os, time

def f(children, width, milliseconds):
    alive = 0
    for i in range(children):
        if alive == width:
            os.wait()
            alive -= 1
        if os.fork() == 0:
            if milliseconds:
                time.sleep(milliseconds / 1000)
            os._exit(i % 7)
        alive += 1
    while alive:
        os.wait()
        alive -= 1
"""


def run(width: int, milliseconds: int, record: bool) -> tuple[float, list[dict[str, Any]]]:
    """Seconds from the order to the last word on a run, and all that was said of it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-I", "-B", AGENT, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        ) as agent,
    ):
        assert agent.stdin
        assert agent.stdout

        def tell(**message: Any) -> None:
            agent.stdin.write(json.dumps(message).encode() + b"\n")

        lines = open(agent.stdout.fileno(), "rb", closefd=False)  # noqa: SIM115  # as long as the agent
        tell(op="load", files={"m.py": base64.b64encode(PROGRAM.encode()).decode()})
        tell(op="run", run="warm", entry="m:f", args=[1, 1, 0], record=record)
        while json.loads(lines.readline())["op"] != ("recorded" if record else "exited"):
            pass
        began, said = time.monotonic(), []
        tell(op="run", run="a", entry="m:f", args=[CHILDREN, width, milliseconds], record=record)
        while not said or said[-1]["op"] != ("recorded" if record else "exited"):
            said.append(json.loads(lines.readline()))
        elapsed = time.monotonic() - began
        agent.stdin.close()
        return elapsed, said


def cost(work: Path) -> float:
    """Recorded over unrecorded, of children that live a millisecond: medians of five, alternating."""
    times = [(run(1, 1, record=True)[0], run(1, 1, record=False)[0]) for _ in range(5)]
    recorded, unrecorded = (statistics.median(column) for column in zip(*times, strict=True))
    return recorded / unrecorded


def lost(work: Path) -> float:
    """Starts, exit codes and reaps that are missing from four records."""
    return sum(missing(width, milliseconds) for width in WIDTHS for milliseconds in MILLISECONDS)


def missing(width: int, milliseconds: int) -> int:
    said = run(width, milliseconds, record=True)[1]
    due = Counter({"forked": CHILDREN, "reaped": CHILDREN})
    due += Counter({("died", code): len(range(code, CHILDREN, KINDS)) for code in range(KINDS)})
    root = next(m["pid"] for m in said if m["op"] == "started")
    got = Counter(m["op"] for m in said if m["op"] in ("forked", "reaped"))
    got += Counter(("died", m["code"]) for m in said if m["op"] == "died" and m["pid"] != root)
    return sum((due - got).values()) + sum((got - due).values())
