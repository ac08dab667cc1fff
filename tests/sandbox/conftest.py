"""A real engine, an image of our own with the obedient agent, and a sandbox made of both.

Where CI=true every Docker test runs or fails; elsewhere they are skipped with a reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest

from grader.errors import MachineError
from grader.model import Limits
from grader.sandbox.docker import DockerPod, DockerSandbox
from grader.sandbox.engine import Engine
from grader.sandbox.image import build
from tests.sandbox.fakes import OBEDIENT_AGENT, bundle

TEST_IMAGE = "grader-test-sandbox"


def missing(reason: MachineError) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"no Docker test may be skipped here: {reason}", pytrace=False)
    pytest.skip(str(reason))


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    try:
        found = Engine(patience=60)
    except MachineError as e:
        missing(e)
    with found:
        yield found


@pytest.fixture(scope="session")
def image(engine: Engine) -> str:
    """The name of an image with the obedient agent in the agent's place."""
    try:
        build(lambda _: None, TEST_IMAGE, agent=OBEDIENT_AGENT)
    except MachineError as e:
        missing(e)
    return TEST_IMAGE


@pytest.fixture(scope="module")
def sandbox(image: str) -> Iterator[DockerSandbox]:
    made = DockerSandbox(bundle(), image, agent=OBEDIENT_AGENT)
    yield made
    made.close()


@pytest.fixture
def pod(sandbox: DockerSandbox) -> Iterator[DockerPod]:
    """A pod of one's own."""
    made = sandbox.open(Limits())
    yield made
    made.close()


@pytest.fixture(scope="module")
def jail(sandbox: DockerSandbox) -> Iterator[DockerPod]:
    """A pod that several tests share, because what they do in it leaves it as it was."""
    made = sandbox.open(Limits())
    yield made
    made.close()
