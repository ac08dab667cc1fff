"""The sandbox as a batch uses it. Layer 7.

Pods are warmed ahead of need, as many as there are workers, so that nobody waits for an engine; and all of them, those
in use as well, can be closed at once from another thread, so that a batch ends when it is told to.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable
from weakref import WeakSet

from grader.errors import MachineError
from grader.model import Limits, say
from grader.sandbox.base import Pod, Sandbox


class Pods:
    """See sandbox.base.Sandbox. ahead: the limits of all gradings to come, in order."""

    def __init__(self, sandbox: Sandbox, workers: int, ahead: Iterable[Limits]) -> None:
        self.isolation, self.made_of = sandbox.isolation, sandbox.made_of
        self._sandbox, self._workers = sandbox, workers
        self._ahead = deque(ahead)
        self._warm: Counter[Limits] = Counter()
        self._open: WeakSet[Pod] = WeakSet()
        self._closed = False
        self._lock = threading.Lock()

    def prepare(self, limits: Limits, count: int = 1) -> None:
        """Of its own accord."""

    def open(self, limits: Limits) -> Pod:
        self.must_be_open()
        with self._lock:
            self._warm[limits] -= self._warm[limits] > 0
        self.warm()
        pod = self._sandbox.open(limits)
        with self._lock:
            self._open.add(pod)
        if self._closed:  # meanwhile
            pod.close()
        self.must_be_open()
        return pod

    def warm(self) -> None:
        """As many pods as workers, for what comes next."""
        with self._lock:
            while self._ahead and self._warm.total() < self._workers and not self._closed:
                limits = self._ahead.popleft()
                self._warm[limits] += 1
                self._sandbox.prepare(limits)

    def must_be_open(self, case: str = "") -> None:
        if self._closed:
            raise MachineError(say("the batch was stopped"))

    def close(self) -> None:
        """Ends what is being played, at once, and lets nothing more begin."""
        with self._lock:
            self._closed = True
            playing = tuple(self._open)
        for pod in playing:
            pod.close()
        self._sandbox.close()
