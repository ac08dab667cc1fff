"""Isolation "docker": one pod of two containers for each submission. Layer 5.

What the containers may do stands in hardening.py, what is asked of the engine in engine.py. Here: pods.

Rule 1: both containers are attached to before they start, so that no byte is lost, and nothing is ever read from their
logs. The attachment is also the leash: when it ends, the instrument ends, and the pod with it.
Rule 2: a pod is made by a thread of the sandbox and is known to it from the first container on; so it is removed on
every way out, whoever was interrupted.
Rule 3: nobody waits for a removal but `close` of the sandbox. Removing the instrument kills all that the pod holds.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from grader.errors import MachineError
from grader.model import Limits, say
from grader.sandbox.agent.digest import digest_of
from grader.sandbox.attached import Line
from grader.sandbox.base import AGENT, PodInfo, Source
from grader.sandbox.engine import PATIENCE, Engine
from grader.sandbox.hardening import instrument_config, student_config
from grader.sandbox.owner import OWNER, POD, owner, sweep

IMAGE = os.environ.get("GRADER_IMAGE", "grader-sandbox")  # several checkouts may share one engine
AGENT_COMMAND = ("python3", "-I", "-B", "/opt/grader/agent/__main__.py")
BUNDLE_PATH = "/tmp/instrument.zip"
# So long an ended program's stream may take to end as well.
SETTLING = 2.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What every pod of a sandbox is made from. image: an id. digest: of the agent's parts, as its hello must say."""

    bundle: bytes
    image: str
    command: Sequence[str]
    digest: str
    labels: Mapping[str, str]
    patience: float


class DockerPod:
    """See base.Pod. Comes into being empty; `assemble` makes it a pod."""

    info: PodInfo

    def __init__(self, engine: Engine, recipe: Recipe, retire: Callable[[DockerPod], None]) -> None:
        self._engine = engine
        self._recipe = recipe
        self._retire = retire
        self._closing = threading.Lock()
        self._lines: dict[Source, Line] = {}
        self.inbox: SimpleQueue[tuple[Source, str | None]] = SimpleQueue()
        self.containers: dict[Source, str] = {}  # ids, the instrument's first

    def assemble(self, limits: Limits) -> None:
        """Both containers, started and greeted. Raises MachineError; what was made stays for `remove`."""
        engine, recipe = self._engine, self._recipe
        first = self._admit("instrument", instrument_config(recipe.image, recipe.labels))
        with ThreadPoolExecutor(1) as aside:  # the student's can be made, not started, while the other one starts
            starting = aside.submit(engine.start, first)
            config = student_config(recipe.image, recipe.labels, first, limits, recipe.command)
            second = self._admit("agent", config)
            starting.result()
        self._lines["instrument"].send(f"{len(recipe.bundle)} {BUNDLE_PATH}\n".encode() + recipe.bundle)
        try:
            engine.start(second)
        except MachineError as e:
            if self._lines["instrument"].ended(SETTLING):  # then nothing was there to join, and why says more
                raise self._unstarted() from e
            raise
        self.info = self._greet()

    def _admit(self, source: Source, config: Mapping[str, Any]) -> str:
        container = self.containers[source] = self._engine.create(config)
        self._lines[source] = Line(source, self._engine.attach(container), self.inbox)
        return container

    def _greet(self) -> PodInfo:
        """Takes both hellos out of the inbox, in whatever order they come."""
        deadline = time.monotonic() + self._recipe.patience
        hellos: dict[Source, Any] = {}
        while len(hellos) < 2:
            try:
                source, line = self.inbox.get(timeout=max(0.0, deadline - time.monotonic()))
                hellos[source] = json.loads(line or "")
                if hellos[source]["op"] != "hello":
                    raise ValueError
            except (Empty, ValueError, TypeError, KeyError) as e:
                raise self._unstarted() from e
        if hellos["agent"].get("digest") != self._recipe.digest:
            raise MachineError(
                say("The image holds another version of the agent. Run `make image` (`grader doctor` looks closer).")
            )
        python = hellos["agent"].get("python") or hellos["instrument"].get("python")
        return PodInfo("docker", str(python), self._recipe.image, int(hellos["agent"]["pid"]))

    def _unstarted(self) -> MachineError:
        words = str(self._lines["instrument"].stderr) or str(self._lines["agent"].stderr)
        return MachineError(
            say(
                "A program of the pod did not start. Is the image of this version? `make image` makes it. {error}",
                error=words,
            )
        )

    @property
    def ready(self) -> bool:
        """Whether both programs are still there."""
        return not any(line.gone for line in self._lines.values())

    def tell(self, whom: Source, line: str) -> None:
        self._lines[whom].send(line.encode() + b"\n")

    def close(self) -> None:
        """Returns at once; the removal goes on behind."""
        if self._closing.acquire(blocking=False):
            self._retire(self)

    def remove(self) -> None:
        """Returns when both containers are gone, the instrument's first: with it, every process of the pod dies."""
        for container in self.containers.values():
            with contextlib.suppress(MachineError):  # the sandbox looks again when it closes; then the next one sweeps
                self._engine.remove(container)
        for line in self._lines.values():
            line.hang_up()
            line.ended(SETTLING)


class DockerSandbox:
    """See base.Sandbox. Raises MachineError where there is no engine or no image.

    bundle: the instrument's program as a zip. image: name or id. workers: how many pods are made at a time (as many as
    there are processors). command, agent: how the image starts the agent, and the folder of the parts that it should
    have. base_url, patience: see Engine.
    """

    isolation = "docker"

    def __init__(
        self,
        bundle: bytes,
        image: str = IMAGE,
        *,
        workers: int | None = None,
        command: Sequence[str] = AGENT_COMMAND,
        agent: Path = AGENT,
        base_url: str | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.engine = Engine(base_url, patience)
        self.name = secrets.token_hex(8)
        try:
            image_id = self.engine.image_id(image)
            sweep(self.engine)
        except MachineError:
            self.engine.close()
            raise
        self._recipe = Recipe(
            bundle,
            image_id,
            command,
            digest_of(agent),
            {POD: "pod", OWNER: owner(), f"{POD}.sandbox": self.name},
            patience,
        )
        self.made_of = f"docker {image_id} {hashlib.sha256(bundle).hexdigest()}"
        self._lock = threading.Lock()
        self._warm: dict[Limits, deque[Future[DockerPod]]] = {}
        self._pods: set[DockerPod] = set()
        self._makers = ThreadPoolExecutor(workers or os.cpu_count() or 2, "grader-pods")
        self._removers = ThreadPoolExecutor(8, "grader-removal")

    def prepare(self, limits: Limits, count: int = 1) -> None:
        """Starts `count` more pods in the background; each serves one later `open` of the same limits."""
        for _ in range(count):
            with contextlib.suppress(MachineError), self._lock:
                self._warm.setdefault(limits, deque()).append(self._order(limits))

    def await_warm(self) -> None:
        """Returns when every pod that was prepared and not yet handed out is ready, or has failed."""
        with self._lock:
            ordered = [future for warm in self._warm.values() for future in warm]
        wait(ordered)

    def open(self, limits: Limits) -> DockerPod:
        """A warm pod of these limits, or a new one. Raises MachineError."""
        while warm := self._take(limits):
            with contextlib.suppress(MachineError, CancelledError):  # the one ordered below will say what is wrong
                pod = warm.result()
                if pod.ready:
                    return pod
                pod.close()
        with self._lock:
            fresh = self._order(limits)
        try:
            return fresh.result()
        except CancelledError as e:
            raise closed() from e

    def _take(self, limits: Limits) -> Future[DockerPod] | None:
        """A pod that is ready if there is one, else the one that was ordered first."""
        with self._lock:
            warm = self._warm.get(limits)
            if not warm:
                return None
            chosen = next((f for f in warm if f.done()), warm[0])
            warm.remove(chosen)
            return chosen

    def _order(self, limits: Limits) -> Future[DockerPod]:
        try:
            return self._makers.submit(self._make, limits)
        except RuntimeError as e:
            raise closed() from e

    def _make(self, limits: Limits) -> DockerPod:
        pod = DockerPod(self.engine, self._recipe, self._retire)
        with self._lock:
            self._pods.add(pod)
        try:
            pod.assemble(limits)
        except BaseException:
            pod.close()
            raise
        return pod

    def _retire(self, pod: DockerPod) -> None:
        def remove() -> None:
            pod.remove()
            with self._lock:
                self._pods.discard(pod)

        with contextlib.suppress(RuntimeError):  # the sandbox is closed, and has removed it
            self._removers.submit(remove)

    def close(self) -> None:
        """Returns when nothing of this sandbox is left on the engine, or the engine is gone. May be called twice."""
        self._makers.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            pods = tuple(self._pods)
        for pod in pods:
            pod.close()
        self._removers.shutdown(wait=True)
        with contextlib.suppress(MachineError):
            for container in self.engine.labelled(f"{POD}.sandbox={self.name}"):
                self.engine.remove(container["Id"])
        self.engine.close()


def closed() -> MachineError:
    return MachineError(say("The sandbox is closed."))
