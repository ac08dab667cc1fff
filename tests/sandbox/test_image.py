from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.model import Limits, say
from grader.sandbox.base import AGENT
from grader.sandbox.docker import DockerSandbox
from grader.sandbox.engine import Engine
from grader.sandbox.image import BASE, build, build_context, image_id, import_base, run_tool, split_name
from tests.sandbox.fakes import OBEDIENT_AGENT, bundle

docker = pytest.mark.docker


@docker
def test_the_image_holds_strace_and_this_agent_and_is_the_same_when_built_again(image: str, engine: Engine) -> None:
    steps: list[str] = []
    real = build(steps.append, "grader-test-real")
    assert any("grader-test-real" in step for step in steps)
    assert real == build(steps.append, "grader-test-real") == image_id("grader-test-real") != image_id(image)
    sandbox = DockerSandbox(bundle(), "grader-test-real")
    pod = sandbox.open(Limits())  # it looks at the agent's digest
    agent = pod.containers["agent"]
    parts = sorted(path.name for path in AGENT.glob("*.py"))
    assert engine.execute(agent, ["ls", "/opt/grader", "/opt/grader/agent"]).split() == [
        *("/opt/grader:", "agent", "/opt/grader/agent:"),
        *parts,
    ]
    assert "/strace" in engine.execute(agent, ["sh", "-c", "command -v strace"])
    sandbox.close()


@docker
def test_an_unreadable_checkout_still_gives_a_readable_agent(image: str, engine: Engine, tmp_path: Path) -> None:
    agent = tmp_path / "agent"
    agent.mkdir()
    (agent / "__main__.py").write_bytes((OBEDIENT_AGENT / "__main__.py").read_bytes())
    (agent / "__main__.py").chmod(0o600)
    assert build(lambda _: None, image, agent=agent) == engine.image_id(image)


@docker
def test_a_base_that_cannot_be_had_is_named_with_what_to_do(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    reason = MachineError(say("no registry"))
    with pytest.raises(MachineError, match=r"no-such-base:1 .*no registry.*debootstrap.*docker load"):
        import_base(lambda _: None, engine, "no-such-base:1", reason)


@docker
def test_a_build_that_fails_says_why(engine: Engine) -> None:
    """A base without a shell: an image of nothing but one file."""
    with engine.calls():
        engine.api.import_image_from_data(build_context({"x": b""}).read(), repository="grader-test-empty", tag="1")
    with pytest.raises(MachineError, match="could not do it"):
        build(lambda _: None, "grader-test-broken", base="grader-test-empty:1")
    assert engine.find_image("grader-test-broken") is None
    with engine.calls():
        engine.api.remove_image("grader-test-empty:1")


def test_the_context_depends_on_nothing_but_the_files() -> None:
    one, two = (build_context({"Dockerfile": b"FROM x\n", "a/b.py": b"1"}) for _ in range(2))
    assert one.getvalue() == two.getvalue()
    with tarfile.open(fileobj=io.BytesIO(one.getvalue())) as tar:
        assert {m.name: (m.mode, m.size) for m in tar} == {"Dockerfile": (0o644, 7), "a/b.py": (0o644, 1)}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (BASE, ("python", "3.13-slim")),
        ("python", ("python", "latest")),
        ("host:5000/python", ("host:5000/python", "latest")),
        ("host:5000/python:3", ("host:5000/python", "3")),
    ],
)
def test_names_split_at_the_tag(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_a_tool_that_fails_is_quoted() -> None:
    with pytest.raises(MachineError, match=r"sh failed: out of paper"):
        run_tool(["sh", "-c", "echo out of paper; exit 3"])
    with pytest.raises(MachineError, match="no-such-tool failed"):
        run_tool(["no-such-tool"])
