"""A stage with a troupe on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.instrument.procfs import Watcher
from grader.instrument.stage import Stage
from tests.instrument.troupe import Troupe


@pytest.fixture(scope="module")
def watcher() -> Iterator[Watcher]:
    watcher = Watcher(os.getpid())
    yield watcher
    if watcher._diag:
        watcher._diag._netlink.close()


@pytest.fixture
def troupe() -> Iterator[Troupe]:
    troupe = Troupe()
    yield troupe
    if troupe.stage:
        troupe.stage.finish()
    troupe.close()


@pytest.fixture
def stage(troupe: Troupe, watcher: Watcher) -> Stage:
    troupe.stage = Stage("some.case", 7, {}, troupe, watcher)
    return troupe.stage


@pytest.fixture
def blind(troupe: Troupe, tmp_path: Path) -> Stage:
    """A stage on a system without /proc."""
    troupe.stage = Stage("some.case", 7, {}, troupe, Watcher(os.getpid(), str(tmp_path)))
    return troupe.stage
