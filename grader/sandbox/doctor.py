"""Looks whether this machine's Docker engine does what the pods rely on. Layer 5.

Rule 1: a probe shows the thing itself, on this engine, with a pod like those that grade: whether the reverse of a
promise happens, not whether a version number promises it. Some engines end a whole pod when one container is stopped.
Rule 2: the findings are records; whoever calls prints them.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from queue import Empty
from typing import TypeVar

from grader.errors import MachineError
from grader.model import Limits, Text, say
from grader.sandbox.base import Source
from grader.sandbox.docker import IMAGE, DockerPod, DockerSandbox
from grader.sandbox.engine import Engine
from grader.sandbox.owner import leftovers, sweep

T = TypeVar("T")

PATIENCE = 20.0

# Stands in for the instrument: says back what it is told.
ECHO = """
import json, sys
def main():
    print(json.dumps({"op": "hello", "python": sys.version.split()[0]}), flush=True)
    for line in sys.stdin:
        print(line, end="", flush=True)
"""
UNSHARE = "import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.unshare(0x10000000), ctypes.get_errno())"


@dataclass(frozen=True, slots=True)
class Finding:
    """ok: None where it could not be looked at, because something before it failed. remedy: what to do if it failed."""

    name: Text
    ok: bool | None
    detail: Text
    remedy: Text


@dataclass(slots=True)
class Bench:
    """What the probes share: each later one builds on what an earlier one put here."""

    image: str
    cleanup: ExitStack
    engine: Engine | None = None
    sandbox: DockerSandbox | None = None
    pods: list[DockerPod] = field(default_factory=list)


class NotTried(Exception):
    """Something that this probe needs is missing."""


def examine(image: str = IMAGE) -> Iterator[Finding]:
    """One finding after the other, as they are made: about 2 s in all. Leaves nothing behind."""
    with ExitStack() as cleanup:
        bench = Bench(image, cleanup)
        for name, probe, remedy in probes():
            try:
                finding = Finding(name, True, probe(bench), remedy)
            except NotTried:
                finding = Finding(name, None, say("not looked at: it needs what failed above"), remedy)
            except MachineError as e:
                finding = Finding(name, False, e.text, remedy)
            yield finding


def probes() -> tuple[tuple[Text, Callable[[Bench], Text], Text], ...]:
    """Name, probe and remedy, in the order in which they build on each other."""
    other_engine = say("Use another version of the engine for grading; until then, --isolation process for own code.")
    return (
        (say("Docker engine"), probe_engine, say("Start the engine: `make engine`, or start Docker Desktop.")),
        (say("Leftovers of graders that are gone"), probe_leftovers, say("Remove them with `docker rm -f`.")),
        (say("Image"), probe_image, say("Run `make image`.")),
        (say("A pod with this agent"), probe_pod, say("Run `make image`.")),
        (say("System calls are filtered"), probe_seccomp, say("Use an engine that supports seccomp profiles.")),
        (say("The instrument outlives the student's container"), probe_order, other_engine),
        (say("Removing the instrument ends the student's side"), probe_kill_switch, other_engine),
    )


def probe_engine(bench: Bench) -> Text:
    bench.engine = bench.cleanup.enter_context(Engine(patience=PATIENCE))
    with bench.engine.calls():
        info = bench.engine.api.info()
    return say(
        "version {version} on {system}, cgroup v{cgroup}",
        version=info.get("ServerVersion"),
        system=info.get("OperatingSystem"),
        cgroup=info.get("CgroupVersion", "1"),
    )


def probe_leftovers(bench: Bench) -> Text:
    engine = needed(bench.engine)
    found = sweep(engine)
    if left := len(leftovers(engine)):
        raise MachineError(say("{count} containers cannot be removed", count=left))
    return say("{count} found and removed", count=found) if found else say("none")


def probe_image(bench: Bench) -> Text:
    return say("{image} is {id}", image=bench.image, id=needed(bench.engine).image_id(bench.image))


def probe_pod(bench: Bench) -> Text:
    """Two pods: the order probe uses up the first, the kill switch the second."""
    if not needed(bench.engine).find_image(bench.image):
        raise NotTried
    sandbox = bench.sandbox = DockerSandbox(echo_bundle(), bench.image, patience=PATIENCE)
    bench.cleanup.callback(sandbox.close)
    sandbox.prepare(Limits(), 1)
    began = time.monotonic()
    bench.pods = [sandbox.open(Limits()), sandbox.open(Limits())]
    seconds = time.monotonic() - began
    return say(
        "Python {python}; two started in {seconds} s", python=bench.pods[0].info.python, seconds=f"{seconds:.2f}"
    )


def probe_seccomp(bench: Bench) -> Text:
    pod = needed(bench.pods)[0]
    answer = needed(bench.engine).execute(pod.containers["agent"], ["python3", "-I", "-c", UNSHARE])
    if answer != "-1 1":  # EPERM
        raise MachineError(say("a new namespace was not refused: {answer}", answer=answer[-200:]))
    return say("a new namespace is refused")


def probe_order(bench: Bench) -> Text:
    """With several processes in the student's container: that is where some engines end the whole pod."""
    engine, pod = needed(bench.engine), needed(bench.pods)[0]
    for _ in range(3):
        engine.execute_detached(pod.containers["agent"], ["sleep", "60"])
    engine.kill(pod.containers["agent"])
    hear(pod, "agent", None)
    pod.tell("instrument", "still here")
    hear(pod, "instrument", "still here")
    return say("it answers after the other was killed")


def probe_kill_switch(bench: Bench) -> Text:
    pod = needed(bench.pods)[1]
    needed(bench.engine).remove(pod.containers["instrument"])
    hear(pod, "agent", None)
    return say("it ends at once")


def needed(thing: T | None) -> T:
    """What an earlier probe made; raises NotTried where there is nothing."""
    if not thing:
        raise NotTried
    return thing


def hear(pod: DockerPod, source: Source, line: str | None) -> None:
    """Waits until this is in the inbox; raises MachineError where it does not come, or the other program is gone."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            said = pod.inbox.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            raise MachineError(say("nothing was heard for {seconds} s", seconds=f"{PATIENCE:g}")) from None
        if said == (source, line):
            return
        if said == (source, None):
            raise MachineError(say("it was ended together with the other container"))


def echo_bundle() -> bytes:
    """A bundle as the sandbox takes it, whose instrument only echoes."""
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as archive:
        for path, content in {
            "grader/__init__": "",
            "grader/instrument/__init__": "",
            "grader/instrument/main": ECHO,
        }.items():
            archive.writestr(f"{path}.py", content)
    return bundle.getvalue()
