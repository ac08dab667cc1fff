"""Scheduled runs from end to end: an agent, a coordinator, small programs of processes and threads.

Nothing here waits for luck or for a clock: each program is played under schedules that are chosen, and what is asserted
holds in every one of them.
"""

from __future__ import annotations

import base64
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.catalog import find_course
from grader.codec import event_from
from grader.model import Did, Event, Kept, Limits, Marked, Scheduled, Standing, Step
from grader.sandbox.base import POINTS
from grader.sandbox.process import ProcessSandbox
from tests.instrument.troupe import linux_only

pytestmark = linux_only

SCRIPT = """
from dataclasses import replace

from grader.instrument import case
from grader.instrument.exploring import Explorer, Situation
from grader.schedule.segments import read
from grader.schedule.strategies import *

SITUATION = Situation("m:main", ["out"], {"out": "0"}, ["out"])

@case("play")
def play(stage):
    with Explorer(stage) as explorer:
        for i, plan in enumerate(PLANS):
            explorer.play(SITUATION, plan, eval(plan), told=True)

@case("held up")
def held_up(stage):
    stage.start("m:main", ["out"], files={"out": "0"}, keep=["out"], pause=0.01).wait()

@case("doubted")
def doubted(stage):
    busy = [True, True]
    def all_wait():
        stage.mark("asked")
        return not busy or not busy.pop()
    stage.all_wait = all_wait
    with Explorer(stage) as explorer:
        explorer.play(SITUATION, "random", RandomWalk("1"), told=True)

@case("explore")
def explore(stage):
    with Explorer(stage) as explorer:
        explorer.explore([SITUATION], lost, random=20, pct=10)

@case("late feeders")
def late_feeders(stage):
    with Explorer(stage) as explorer:
        explorer.explore([SITUATION], lost, random=4, pct=0, feeding=[replace(SITUATION, feeds=True)])

def lost(played):
    return "" if played.run.kept["out"].text == WANTED else "lost"
"""

Play = Callable[..., "Trail"]


class Trail(list[Event]):
    """The events of a case."""

    def ends(self) -> list[str]:
        return [e.how for e in self if isinstance(e, Scheduled)]

    def reasons(self) -> set[str]:
        return {e.reason for e in self if isinstance(e, Scheduled)}

    def left(self) -> list[str]:
        return [e.text for e in self if isinstance(e, Kept)]

    def schedules(self) -> list[str]:
        return [e.schedule for e in self if isinstance(e, Scheduled)]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    made = ProcessSandbox(find_course(Path(__file__).parents[2]).bundle())
    yield made
    made.close()


@pytest.fixture
def play(sandbox: ProcessSandbox) -> Iterator[Play]:
    pods = []

    def play(program: str, *plans: str, wanted: str = "", seed: int = 1, case: str = "") -> Trail:
        pod = sandbox.open(Limits())
        pods.append(pod)
        files = {"m.py": base64.b64encode(textwrap.dedent(program).encode()).decode()}
        pod.tell("agent", json.dumps({"op": "load", "files": files, "points": POINTS.read_text("utf-8")}))
        script = f"PLANS = {plans!r}\nWANTED = {wanted!r}\n{SCRIPT}"
        load = {"script": script, "seed": seed, "options": {}, "agent_pid": pod.info.agent_pid, "modules": ["m"]}
        pod.tell("instrument", json.dumps({"op": "load", "proc": "/proc", **load}))
        case = case or ("play" if plans else "explore")
        pod.tell("instrument", json.dumps({"op": "play", "case": case, "pace": 1.0}))
        trail = Trail()
        while True:
            source, line = pod.inbox.get(timeout=60)
            assert line is not None, source
            if source == "agent":
                pod.tell("instrument", "@" + line.rstrip("\n"))
                continue
            message = json.loads(line)
            assert message.get("op") != "broken", message
            if message.get("op") == "done":
                return trail
            if message.get("op") == "tell":
                pod.tell("agent", message["line"])
            elif "event" in message:
                trail.append(event_from(message))

    yield play
    for pod in pods:
        pod.close()


RANDOM = tuple(f"RandomWalk('{i}')" for i in range(6))
COUNT = """
from multiprocessing import Lock, Process
import time

def add(lock, path):
    with lock:
        n = int(open(path).read())
        time.sleep(100)
        with open(path, "w") as f:
            f.write(str(n + 1))

def main(path):
    lock = Lock()
    ps = [Process(target=add, args=(lock, path)) for _ in range(3)]
    for p in ps: p.start()
    for p in ps: p.join()
"""
UNLOCKED = COUNT.replace("with lock:", "if True:")


def test_a_right_program_ends_alike_in_every_schedule_and_sleeps_no_time(play):
    trail = play(COUNT, *RANDOM)
    assert trail.ends() == ["ended"] * 6
    assert trail.left() == ["3"] * 6
    assert len(set(trail.schedules())) > 3


def test_a_lost_update_is_found_made_short_and_told(play):
    trail = play(UNLOCKED, wanted="3")
    last = [e for e in trail if isinstance(e, Scheduled)][-1]
    assert last.plan.startswith("replay")
    assert len(last.plan.split()) <= 6
    assert trail.left()[-1] != "3"
    assert [e.verb for e in trail if isinstance(e, Did) and e.run == last.run].count("writes") == 3


def test_the_same_seed_explores_the_same_schedules(play):
    once, again, other = (play(UNLOCKED, wanted="3", seed=seed) for seed in (5, 5, 6))
    assert once.schedules() == again.schedules()
    assert once.schedules() != other.schedules()


def test_a_written_schedule_is_played_as_written(play):
    plan = "Replay(read('main*4 1*3 2*4 3*2 1 2 3 main'))"
    first, second = play(UNLOCKED, plan), play(UNLOCKED, plan)
    assert first.schedules() == second.schedules()
    assert first.schedules()[0].startswith("main*4 1*3 2*4 3*2")


def test_a_deadlock_is_proved_and_says_where_everybody_stands(play):
    trail = play(COUNT.replace("with lock:", "with lock, lock:"), *RANDOM)
    assert trail.ends() == ["deadlock"] * 6
    standing = [e for e in trail if isinstance(e, Standing) and e.run == "schedule 1"]
    assert {e.task for e in standing} == {"main", "1", "2", "3"}
    assert "with lock, lock:" in {e.where.source for e in standing if e.where}


def test_threads_are_tasks_too(play):
    trail = play(
        COUNT.replace("multiprocessing import Lock, Process", "threading import Lock, Thread as Process"), *RANDOM
    )
    assert trail.left() == ["3"] * 6
    assert {e.task for e in trail if isinstance(e, Step)} == {"main", "t1", "t2", "t3"}


def test_many_threads_are_all_followed(play):
    trail = play(
        """
        from threading import Thread

        begun = []

        def begin(n):
            begun.append(n)

        def main(path):
            ts = [Thread(target=begin, args=(n,)) for n in range(12)]
            for t in ts: t.start()
            for t in ts: t.join()
            with open(path, "w") as f:
                f.write(str(len(begun)))
        """,
        "RandomWalk('1')",
    )
    assert trail.ends() == ["ended"]
    assert trail.left() == ["12"]
    assert {s.task for s in trail if isinstance(s, Step)} == {"main", *(f"t{n}" for n in range(1, 13))}


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_new_interpreters_are_followed(play, method):
    program = COUNT.replace(
        "lock = Lock()", f"import multiprocessing as m; c = m.get_context({method!r}); lock = c.Lock()"
    )
    trail = play(program.replace("[Process(", "[c.Process("), *RANDOM[:2])
    assert trail.left() == ["3"] * 2
    assert len({e.task for e in trail if isinstance(e, Step) and e.kind == "step"}) == 4


def test_feeders_managers_and_pools_are_nobodys_deadlock(play):
    trail = play(
        """
        from multiprocessing import Manager, Pool, Process, Queue

        def put(q, n):
            for i in range(n):
                q.put(i)

        def main(path):
            with Manager() as manager, Pool(2) as pool:
                box = manager.list(pool.map(abs, [-1, -2]))
                q = Queue(1)
                p = Process(target=put, args=(q, 3))
                p.start()
                box.append(q.get() + q.get() + q.get())
                p.join()
                with open(path, "w") as f:
                    f.write(str(sum(box)))
        """,
        *RANDOM[:4],
    )
    assert trail.ends() == ["ended"] * 4
    assert trail.left() == ["6"] * 4


def test_time_outs_end_only_where_nothing_else_can_happen(play):
    trail = play(
        """
        import time
        from multiprocessing import Lock, Process, Queue
        from queue import Empty

        def late(q, lock):
            time.sleep(50)
            q.put(lock.acquire(timeout=30))

        def main(path):
            q, lock = Queue(), Lock()
            p = Process(target=late, args=(q, lock))
            lock.acquire()
            before = time.monotonic()
            p.start()
            try:
                got = q.get(timeout=500)
            except Empty:
                got = "empty"
            passed = time.monotonic() - before
            p.join(timeout=1000)
            with open(path, "w") as f:
                f.write(f"{got} {30 <= passed < 500}")
        """,
        *RANDOM,
    )
    assert trail.left() == ["False True"] * 6


WAIT = """
from multiprocessing import Process, Queue
from queue import Empty

def late(q):
    for _ in range(5):
        str(q)
    q.put("came")

def main(path):
    q = Queue()
    p = Process(target=late, args=(q,))
    p.start()
    try:
        got = q.get(timeout=SECONDS)
    except Empty:
        got = "empty"
    with open(path, "w") as f:
        f.write(got)
    p.join()
"""


def test_what_a_feeder_brings_comes_before_a_time_out(play):
    trail = play(
        """
        from multiprocessing import Process, Queue, SimpleQueue

        def guest(q, meals):
            meals.put(q.get(timeout=500))

        def main(path):
            q, meals = Queue(), SimpleQueue()
            ps = [Process(target=guest, args=(q, meals)) for _ in range(3)]
            for p in ps: p.start()
            for _ in ps: q.put(1)
            eaten = sum(meals.get() for _ in ps)
            with open(path, "w") as f:
                f.write(str(eaten))
        """,
        *RANDOM,
    )
    assert trail.ends() == ["ended"] * 6
    assert trail.left() == ["3"] * 6


def test_no_time_runs_out_while_somebody_may_still_be_on_the_way(play):
    trail = play(
        """
        import os
        from multiprocessing import Lock, Process

        def main(path):
            r, w = os.pipe()
            child = Process(target=os.read, args=(r, 1))
            child.start()
            lock = Lock()
            lock.acquire()
            lock.acquire(timeout=5)
            os.write(w, b"x")
            child.join()
        """,
        case="doubted",
    )
    assert trail.ends() == ["ended"]
    asked = [i for i, e in enumerate(trail) if isinstance(e, Marked)]
    assert len(asked) >= 3
    assert [i > asked[-1] for i, e in enumerate(trail) if isinstance(e, Step) and e.kind == "time-out"] == [True]


def test_who_lags_behind_comes_after_the_time_out(play):
    short, guard = (WAIT.replace("SECONDS", seconds) for seconds in ("3", "10"))
    lagging = ("Laggard('1', RandomWalk('1'))",)
    trail = play(short, *lagging)
    assert trail.left() == ["empty"]
    assert [e.kind for e in trail if isinstance(e, Step) and e.task == "main"].count("time-out") == 1
    again = play(short, f"Replay(read({trail.schedules()[0]!r}))")
    assert again.left() == ["empty"]
    assert again.schedules() == trail.schedules()
    assert play(guard, *lagging).left() == ["came"]
    assert play(short, *RANDOM).left() == ["came"] * 6


COUNTED = """
from multiprocessing import Process, Queue, Value

def cook(q, left):
    q.put("food")
    with left.get_lock():
        left.value -= 1
        if not left.value:
            q.put("end")

def main(path):
    q, left = Queue(), Value("i", 2)
    ps = [Process(target=cook, args=(q, left)) for _ in range(2)]
    for p in ps: p.start()
    JOINED
    came = len(list(iter(q.get, "end")))
    with open(path, "w") as f:
        f.write(str(came))
    for p in ps: p.join()
"""


def test_what_was_put_may_come_later_than_what_another_one_puts_after_it(play):
    trail = play(COUNTED.replace("JOINED", ""), wanted="2", case="late feeders")
    assert trail.left()[:5] == ["2"] * 5
    assert trail.left()[-1] == "1"
    assert "feed" in {e.kind for e in trail if isinstance(e, Step)}
    again = play(COUNTED.replace("JOINED", ""), wanted="2", case="late feeders")
    assert again.schedules() == trail.schedules()


def test_what_was_put_has_come_when_its_process_has_ended(play):
    ended = "for p in ps: p.join()\n    q.put('end')"
    trail = play(
        COUNTED.replace("JOINED", ended).replace("if not left.value", "if False"), wanted="2", case="late feeders"
    )
    assert set(trail.left()) == {"2"}
    assert len(trail.left()) > 5


def test_who_is_held_up_from_outside_is_overtaken_and_goes_on(play):
    """No schedule: each process is stopped, for a moment, where it has the file open."""
    program = UNLOCKED.replace("time.sleep(100)", "pass")
    left = [play(program, case="held up").left() for _ in range(6)]
    assert all(left)
    assert any(text != "3" for texts in left for text in texts)
    assert play(COUNT.replace("time.sleep(100)", "pass"), case="held up").left() == ["3"]


def test_random_numbers_are_those_of_the_seed(play):
    program = """
    import random
    from multiprocessing import Process

    def child(path):
        with open(path, "a") as f:
            f.write(f" {random.random()}")

    def main(path):
        ps = [Process(target=child, args=(path,)) for _ in range(2)]
        for p in ps: p.start()
        for p in ps: p.join()
        child(path)
    """
    plan = "Favour('main', '1', '2')"
    once, again = play(program, plan), play(program, plan)
    assert once.left() == again.left()
    assert len(set(once.left()[0].split()[1:])) == 3


ENDLESS = """
from multiprocessing import Process
def spin(path):
    while True: open(path).close()
def main(path):
    p = Process(target=spin, args=(path,), daemon=True)
    p.start()
    p.join()
"""


def test_going_round_without_an_end_is_seen(play):
    assert play(ENDLESS, *RANDOM[:1]).ends() == ["endless"]


FLEE = (
    "from multiprocessing import Process\nimport os, sys\ndef child(path):\n    {}\n    open(path).read()\n"
    + """
def main(path):
    p = Process(target=child, args=(path,))
    p.start()
    p.join()
"""
)
ESCAPES = {
    "sys.settrace(None)": "sys.settrace",
    "import ctypes; ctypes.CDLL(None).fork()": "ctypes",
    "import subprocess; subprocess.run(['true'])": "subprocess",
    "os.posix_spawn('/bin/true', ['true'], {})": "os.posix_spawn",
}
ESCAPES |= {"sys.gettrace()": "sys.gettrace", "import gc; gc.get_objects()": "gc.get_objects"}
if sys.version_info >= (3, 12):
    calls = {"free_tool_id": "(4)", "set_events": "(4, 0)", "get_tool": "(4)"}
    ESCAPES |= {f"sys.monitoring.{name}{args}": f"sys.monitoring.{name}" for name, args in calls.items()}


@pytest.mark.parametrize("escape", ESCAPES)
def test_who_will_not_be_followed_is_found_out(play, escape):
    trail = play(FLEE.format(escape), *RANDOM[:1])
    assert trail.ends() == ["unfollowed"]
    assert trail.reasons() == {ESCAPES[escape]}


def test_a_child_by_os_fork_is_followed(play):
    program = FLEE.format("pass").replace(
        "p = Process(target=child, args=(path,))\n    p.start()\n    p.join()",
        "pid = os.fork()\n    if not pid:\n        child(path)\n        os._exit(0)\n    os.waitpid(pid, 0)",
    )
    trail = play(program, *RANDOM[:2])
    assert trail.ends() == ["ended"] * 2
    assert {e.task for e in trail if isinstance(e, Step)} == {"main", "1"}


def test_a_process_without_a_line_is_noticed(play):
    program = FLEE.format("pass").replace("    p.join()", "    quietly_start()\n    p.join()") + QUIETLY
    assert play(program, *RANDOM[:1]).reasons() == {"a process that has no line of its own"}


QUIETLY = """
def quietly_start():
    import _posixsubprocess
    ends = os.pipe()
    fork = _posixsubprocess.fork_exec
    fork([b"sleep", b"9"], (b"/bin/sleep",), True, (ends[1],), None, None, -1, -1, -1, -1, -1, -1, *ends,
         False, False, -1, None, None, None, -1, None, False)
"""
