"""The recorder as the agent's owner meets it: what the kernel saw of a run's processes, whole and in order."""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from grader.sandbox.agent.kernel import descendants
from tests.sandbox.test_agent import Owner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ptrace(2) as Linux has it")

PRELUDE = """
import multiprocessing, os, signal, subprocess, sys, threading, time

def child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid
"""


@pytest.fixture
def owner(tmp_path) -> Iterator[Owner]:
    made = Owner(tmp_path)
    made.hear("hello")
    yield made
    made.close()


def recorded(owner: Owner, source: str, entry: str = "m:f") -> list[dict[str, Any]]:
    """All that is said of a recorded run, in the order of its times."""
    owner.load(PRELUDE + textwrap.dedent(source))
    since = len(owner.said)
    owner.run(entry, record=True)
    assert owner.hear("recorded")["whole"]
    return sorted(owner.said[since:], key=lambda m: m.get("t", 0.0))


def of(said: list[dict[str, Any]], *ops: str) -> list[dict[str, Any]]:
    return [m for m in said if m["op"] in ops]


def root(said: list[dict[str, Any]]) -> int:
    return int(of(said, "started")[0]["pid"])


@pytest.mark.parametrize("width", [1, 12])
@pytest.mark.parametrize("milliseconds", [0, 1])
def test_nothing_is_lost(owner, width, milliseconds):
    said = recorded(
        owner,
        f"""
        def f():
            def live():
                time.sleep({milliseconds} / 1000)
                os._exit(i % 7)
            alive = 0
            for i in range(42):
                if alive == {width}:
                    os.wait()
                    alive -= 1
                child(live)
                alive += 1
            while alive:
                os.wait()
                alive -= 1
        """,
    )
    me = root(said)
    assert Counter(m["by"] for m in of(said, "forked")) == {me: 42}
    assert Counter(m["by"] for m in of(said, "reaped")) == {me: 42}
    assert Counter(m["code"] for m in of(said, "died") if m["pid"] != me) == dict.fromkeys(range(7), 6)
    for pid in {m["pid"] for m in of(said, "forked")}:
        assert [m["op"] for m in said if m.get("pid") == pid] == ["forked", "died", "reaped"]


def test_a_report_stands_where_it_was_made(owner):
    said = recorded(owner, "def f(): child(lambda: None); os.wait()")
    story = ["imported", "called", "forked", "died", "reaped", "returned", "left", "died"]
    assert [m["op"] for m in said if "t" in m] == story
    assert {m["recorded"] for m in of(said, "called", "returned", "left")} == {0}
    assert {m["recorded"] for m in of(said, "forked", "died", "reaped")} == {1}


def test_what_a_run_says_of_itself_is_no_record(owner):
    forged = '{"op": "forked", "pid": 1, "by": 2, "recorded": 1, "t": 0.5}'
    said = recorded(owner, f"def f(): os.write(3, b'{forged}\\n')")
    assert [(m["recorded"], m["t"] > 1) for m in of(said, "forked")] == [(0, True)]


def test_nor_is_what_its_children_say(owner):
    said = recorded(owner, """def f(): child(lambda: os.write(3, b'{"op": "returned", "call": 7}\\n')); os.wait()""")
    assert [m["call"] for m in of(said, "returned")] == [0]


@pytest.mark.parametrize(
    "kill",
    [
        "os.kill(pid, signal.SIGTERM)",
        "os.killpg(pid, signal.SIGTERM)",
        "signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGTERM)",
    ],
)
def test_who_sent_a_signal(owner, kill):
    said = recorded(
        owner,
        f"""
        def f():
            ready, told = os.pipe()
            def wait():
                os.setpgid(0, 0)
                os.write(told, b"!")
                signal.pause()
            pid = child(wait)
            os.read(ready, 1)
            {kill}
            os.waitpid(pid, 0)
        """,
    )
    (pid,) = [m["pid"] for m in of(said, "forked")]
    assert [(m["pid"], m["by"], m["signal"]) for m in of(said, "killed")] == [(pid, root(said), "SIGTERM")]
    assert of(said, "died")[0]["signal"] == "SIGTERM"


def test_signal_0_and_signals_to_the_dead_are_none(owner):
    said = recorded(
        owner,
        """
        def f():
            pid = child(lambda: None)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            os.kill(os.getpid(), 0)
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
        """,
    )
    assert of(said, "killed") == []
    assert len(of(said, "reaped")) == 1


@pytest.mark.parametrize(
    "collect",
    [
        "os.waitpid(pid, 0)",
        "os.wait()",
        "os.wait4(-1, 0)",
        "os.waitid(os.P_PID, pid, os.WEXITED)",
        "os.waitid(os.P_ALL, 0, os.WEXITED)",
        "os.waitid(os.P_PIDFD, os.pidfd_open(pid), os.WEXITED)",
        "[None for _ in iter(lambda: os.waitpid(pid, os.WNOHANG)[0], pid)]",
    ],
)
def test_every_way_to_collect_a_child(owner, collect):
    said = recorded(owner, f"def f():\n    pid = child(lambda: None)\n    {collect}")
    assert [m["by"] for m in of(said, "reaped")] == [root(said)]


def test_a_stopped_child_is_not_collected(owner):
    said = recorded(
        owner,
        """
        def f():
            pid = child(lambda: os.kill(os.getpid(), signal.SIGSTOP))
            assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
            os.kill(pid, signal.SIGCONT)
            os.waitpid(pid, 0)
        """,
    )
    assert [m["op"] for m in of(said, "died", "reaped")] == ["died", "reaped", "died"]
    assert [m["signal"] for m in of(said, "killed")] == ["SIGSTOP", "SIGCONT"]


def test_threads_are_no_processes_and_may_have_children(owner):
    said = recorded(
        owner,
        """
        def f():
            threads = [threading.Thread(target=lambda: os.waitpid(child(lambda: None), 0)) for _ in range(5)]
            [t.start() for t in threads]
            [t.join() for t in threads]
        """,
    )
    assert [m["by"] for m in of(said, "forked")] == [root(said)] * 5
    assert [m["by"] for m in of(said, "reaped")] == [root(said)] * 5


def test_programs_that_are_started_with_vfork_and_exec(owner):
    said = recorded(owner, "def f(): subprocess.run(['sh', '-c', 'exit 3'])")
    assert [m["argv"] for m in of(said, "execed")] == [["sh", "-c", "exit 3"]]
    assert [(m["op"], m.get("code")) for m in of(said, "died", "reaped")][:2] == [("died", 3), ("reaped", None)]


def test_the_record_goes_on_when_the_run_has_ended(owner):
    said = recorded(
        owner,
        """
        def f():
            ready, told = os.pipe()
            def outlive():
                os.close(told)
                os.read(ready, 1)
            child(outlive)
            os._exit(5)
        """,
    )
    assert sorted(m["code"] for m in of(said, "died")) == [0, 5]  # the pipe ends a little before the run is dead
    assert of(said, "reaped") == []  # an orphan is collected by nobody of ours


def test_spawned_processes_and_what_multiprocessing_adds(owner):
    said = recorded(
        owner,
        """
        def f():
            p = multiprocessing.get_context("spawn").Process(target=print)
            p.start()
            p.join()
            return p.exitcode
        """,
    )
    assert of(said, "returned")[0]["value"]["shown"] == "0"
    assert any("resource_tracker" in word for m in of(said, "execed") for word in m["argv"])
    assert any("--multiprocessing-fork" in m["argv"] for m in of(said, "execed"))


def test_who_ends_the_recorder_ends_the_run(owner):
    owner.load(
        PRELUDE
        + """
def f():
    tracer = next(row for row in open("/proc/self/status") if row.startswith("TracerPid"))
    os.kill(int(tracer.split()[1]), signal.SIGKILL)
    signal.pause()
"""
    )
    owner.run("m:f", record=True)
    assert not owner.hear("recorded")["whole"]
    assert "SIGKILL" in [m.get("signal") for m in owner.said if m["op"] == "exited"] or owner.hear("exited")["signal"]


def test_a_run_that_is_stopped_takes_its_recorder_along(owner):
    owner.load(PRELUDE + "def f(): signal.pause()")
    owner.run("m:f", record=True)
    owner.hear("called")
    owner.tell("stop", run="a")
    record = owner.hear("recorded")
    owner.hear("stopped")
    assert owner.of("died") or not record["whole"]  # whole only where the recorder still saw the run die
    assert descendants(owner.process.pid, set()) == set()
