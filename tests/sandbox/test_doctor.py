from __future__ import annotations

import pytest

from grader.sandbox.doctor import examine
from grader.sandbox.engine import Engine
from grader.sandbox.image import build
from grader.sandbox.owner import POD, owner


@pytest.mark.docker
def test_a_good_machine_passes_every_probe_and_is_left_clean(engine: Engine) -> None:
    build(lambda _: None, "grader-test-real")
    findings = list(examine("grader-test-real"))
    assert [(str(f.name), str(f.detail)) for f in findings if not f.ok] == []
    assert len(findings) == 7
    ours = [c for c in engine.labelled(POD) if c["Labels"]["grader.owner"] == owner()]
    assert ours == []


@pytest.mark.docker
def test_without_an_image_the_rest_is_not_looked_at(engine: Engine) -> None:
    findings = {str(f.name): f for f in examine("grader-test-absent")}
    assert [f.ok for f in findings.values()] == [True, True, False, None, None, None, None]
    assert "make image" in str(findings["Image"].remedy)


@pytest.mark.docker
def test_another_agent_is_noticed(image: str) -> None:
    findings = [f.ok for f in examine(image)]
    assert findings == [True, True, True, False, None, None, None]


def test_without_an_engine_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    findings = list(examine())
    assert [f.ok for f in findings] == [False, None, None, None, None, None, None]
    assert "make engine" in str(findings[0].remedy)
