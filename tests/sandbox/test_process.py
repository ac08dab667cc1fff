"""A pod of plain processes: ready when it is handed out, and gone without a trace when it is closed."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.catalog import find_course
from grader.errors import MachineError
from grader.model import Limits
from grader.sandbox import process
from grader.sandbox.process import ProcessPod, ProcessSandbox

PATIENCE = 20.0  # seconds; only ever reached on failure
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="finds orphans in /proc")


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No folder and no child may outlive a test."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = children()
    yield
    assert list(scratch.iterdir()) == []
    assert children() <= before


def children() -> set[int]:
    """Those of this process, the dead that nobody has waited for among them."""
    return {int(p.name) for p in Path("/proc").glob("[0-9]*") if stat(int(p.name))[1:2] == [str(os.getpid())]}


def alive(pid: int) -> bool:
    return bool(stat(pid)) and stat(pid)[0] not in "ZX"


def stat(pid: int) -> list[str]:
    """State, parent and the rest; nothing of a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def a_bundle(main: str) -> bytes:
    """An instrument's program of one's own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("grader/__init__.py", "")
        z.writestr("grader/instrument/__init__.py", "")
        z.writestr("grader/instrument/main.py", main)
    return out.getvalue()


GREETS = a_bundle("""
import json, sys
def main():
    print(json.dumps({"op": "hello", "python": "3"}), flush=True)
    for line in sys.stdin: print(json.dumps({"op": "echo", "line": line}), flush=True)
""")


@pytest.fixture
def pod() -> Iterator[ProcessPod]:
    pod = ProcessSandbox(GREETS).open(Limits())
    assert isinstance(pod, ProcessPod)
    yield pod
    pod.close()


def hear(pod: ProcessPod, op: str) -> dict[str, Any]:
    while True:
        _, line = pod.inbox.get(timeout=PATIENCE)
        assert line is not None
        if (message := json.loads(line))["op"] == op:
            return message


def run(pod: ProcessPod, source: str, call: str = "m:f") -> int:
    """Loads a module and starts its f; returns the run's pid."""
    files = {"m.py": base64.b64encode(source.encode()).decode()}
    pod.tell("agent", json.dumps({"op": "load", "files": files}))
    pod.tell("agent", json.dumps({"op": "run", "run": "a", "entry": call, "args": []}))
    return hear(pod, "started")["pid"]


def test_a_pod_is_ready_when_it_is_handed_out(pod):
    assert pod.info.isolation == "process"
    assert pod.info.image == ""
    assert pod.info.python == ".".join(map(str, sys.version_info[:3]))
    assert alive(pod.info.agent_pid)
    assert pod.inbox.empty(), "both greetings have been taken"


def test_both_programs_hear_what_they_are_told_and_are_told_apart(pod):
    pod.tell("instrument", "a line")
    assert pod.inbox.get(timeout=PATIENCE) == ("instrument", json.dumps({"op": "echo", "line": "a line\n"}) + "\n")
    pod.tell("agent", json.dumps({"op": "ping", "n": 5}))
    assert pod.inbox.get(timeout=PATIENCE) == ("agent", json.dumps({"op": "pong", "n": 5}) + "\n")


def test_temporary_files_are_the_pods_own_and_are_listed(pod):
    run(pod, "import tempfile\ndef f(): tempfile.NamedTemporaryFile(delete=False)")
    hear(pod, "exited")
    pod.tell("agent", json.dumps({"op": "files", "n": 1}))
    answer = hear(pod, "files")
    assert len([f for f in answer["files"] if f["path"].startswith(str(Path(answer["folder"]).parent / "tmp/"))]) == 1


def test_closing_ends_everything_and_may_be_done_twice(pod):
    runs = run(pod, "import os\ndef f(): os.fork(); os.read(os.pipe()[0], 1)")
    hear(pod, "called")
    pod.close()
    pod.close()
    assert not alive(runs)
    assert not alive(pod.info.agent_pid)
    assert list(Path(tempfile.gettempdir()).iterdir()) == []


def test_a_program_that_is_gone_is_said_once_and_telling_it_something_is_no_error(pod):
    os.kill(pod.info.agent_pid, signal.SIGKILL)
    assert pod.inbox.get(timeout=PATIENCE) == ("agent", None)
    for _ in range(3):
        pod.tell("agent", "x" * 100_000)
    pod.tell("instrument", "still there")
    assert pod.inbox.get(timeout=PATIENCE)[0] == "instrument"


def test_a_line_that_does_not_end_counts_as_an_end(pod, monkeypatch):
    monkeypatch.setattr(process, "LINE_CAP", 1000)
    run(pod, "import os\ndef f(): os.write(3, b'{' + b'x' * 3000 + b'}\\n')")
    while (said := pod.inbox.get(timeout=PATIENCE)) != ("agent", None):
        assert len(said[1]) <= 1000


@linux_only
def test_what_has_killed_its_agent_is_found_all_the_same(pod, tmp_path):
    living = tmp_path / "living"
    os.mkfifo(living)
    witness = os.open(living, os.O_RDWR)
    run(
        pod,
        "import os, signal\n"
        "agent = os.getppid()\n"
        "def f():\n"
        "    for _ in range(2): os.fork()\n"
        f"    os.write(os.open({str(living)!r}, os.O_WRONLY), b'.')\n"
        "    os.kill(agent, signal.SIGKILL)\n"
        "    os.read(os.pipe()[0], 1)\n",
    )
    seen = 0
    while seen < 4:
        seen += len(os.read(witness, 4))
    reader = os.open(living, os.O_RDONLY)
    os.close(witness)
    pod.close()
    assert os.read(reader, 1) == b"", "none of the four lives on"
    os.close(reader)


@pytest.mark.parametrize(
    ("main", "reason"),
    [
        ("raise RuntimeError('no instrument today')", "no instrument today"),
        ("import sys\ndef main(): sys.exit('no instrument today')", "no instrument today"),
        ("def main(): print('hello')", "did not start"),
    ],
)
def test_a_helper_that_does_not_start_is_the_machines_fault(main, reason):
    with pytest.raises(MachineError, match=reason):
        ProcessSandbox(a_bundle(main)).open(Limits())


def test_a_helper_that_says_nothing_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(process, "PATIENCE", 0.3)
    with pytest.raises(MachineError):
        ProcessSandbox(a_bundle("import sys\ndef main(): sys.stdin.read()")).open(Limits())


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [
        (process, "AGENT", Path("/no/such/agent")),
        (sys, "executable", "/no/such/python"),
        (tempfile, "tempdir", "/no/such/folder"),
    ],
)
def test_what_is_missing_on_the_machine_is_the_machines_fault(where, name, value, monkeypatch):
    with monkeypatch.context() as patched, pytest.raises(MachineError):
        patched.setattr(where, name, value)
        ProcessSandbox(GREETS).open(Limits())


def test_it_is_made_of_every_part_of_the_agent(tmp_path, monkeypatch):
    folder = shutil.copytree(process.AGENT, tmp_path / "agent")
    monkeypatch.setattr(process, "AGENT", folder)
    parts = sorted(folder.glob("*.py"))
    made = {ProcessSandbox(GREETS).made_of}
    for part in parts:
        part.write_bytes(part.read_bytes() + b"#")
        made.add(ProcessSandbox(GREETS).made_of)
    assert len(made) == len(parts) + 1


def test_a_system_without_fork_is_told_what_to_do(monkeypatch):
    monkeypatch.delattr(os, "fork")
    with pytest.raises(MachineError, match="--isolation docker"):
        ProcessSandbox(GREETS).open(Limits())


def test_the_real_instrument_greets_and_loads(monkeypatch):
    sandbox = ProcessSandbox(find_course().bundle())
    sandbox.prepare(Limits())
    pod = sandbox.open(Limits())
    pod.tell("instrument", json.dumps({"op": "load", "script": "1/0", "modules": [], "agent_pid": 1, "proc": "/proc"}))
    source, line = pod.inbox.get(timeout=PATIENCE)
    assert (source, json.loads(line)["op"]) == ("instrument", "broken")
    assert pod.inbox.get(timeout=PATIENCE) == ("instrument", None)
    pod.close()
    sandbox.close()
