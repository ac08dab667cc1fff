"""Lines of /proc/<pid>/task/<tid>/syscall on both machines: which waits only somebody else can end."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from grader.instrument.waits import all_wait, for_good, time_outs

NEVER, POINTER = 0xFFFFFFFF, 0x7FFD_1234_5678


def line(call: int, *arguments: int) -> str:
    """As the kernel writes it: the call, six arguments, stack and program counter."""
    return " ".join([str(call), *(hex(a) for a in (*arguments, *[0] * 6)[:6]), hex(POINTER), hex(POINTER)]) + "\n"


# (name, x86_64, aarch64): the call with its arguments; None where the machine has no such call
FOR_GOOD = [
    ("read", (0, 3), (63, 3)),
    ("write", (1, 3), (64, 3)),
    ("recvfrom", (45, 3), (207, 3)),
    ("recvmsg", (47, 3), (212, 3)),
    ("sendto", (44, 3), (206, 3)),
    ("accept", (43, 3), (202, 3)),
    ("accept4", (288, 3), (242, 3)),
    ("connect", (42, 3), (203, 3)),
    ("wait4", (61, NEVER), (260, NEVER)),
    ("waitid", (247, 0), (95, 0)),
    ("flock", (73, 3, 2), (32, 3, 2)),
    ("pause", (34,), None),
    ("futex without a time-out", (202, POINTER, 0x189, 0, 0), (98, POINTER, 0x189, 0, 0)),
    ("poll(-1)", (7, POINTER, 1, NEVER), None),
    ("ppoll(NULL)", (271, POINTER, 1, 0), (73, POINTER, 1, 0)),
    ("select(NULL)", (23, 4, POINTER, 0, 0, 0), None),
    ("pselect6(NULL)", (270, 4, POINTER, 0, 0, 0, POINTER), (72, 4, POINTER, 0, 0, 0, POINTER)),
    ("epoll_wait(-1)", (232, 4, POINTER, 8, NEVER), None),
    ("epoll_pwait(-1)", (281, 4, POINTER, 8, NEVER), (22, 4, POINTER, 8, NEVER)),
]
TIMED = [
    ("futex with a time-out", (202, POINTER, 0x189, 0, POINTER), (98, POINTER, 0x189, 0, POINTER)),
    ("poll(500 ms)", (7, POINTER, 1, 500), None),
    ("poll(0)", (7, POINTER, 1, 0), None),
    ("ppoll", (271, POINTER, 1, POINTER), (73, POINTER, 1, POINTER)),
    ("select", (23, 4, POINTER, 0, 0, POINTER), None),
    ("pselect6", (270, 4, POINTER, 0, 0, POINTER), (72, 4, POINTER, 0, 0, POINTER)),
    ("epoll_wait(500 ms)", (232, 4, POINTER, 8, 500), None),
    ("epoll_pwait(500 ms)", (281, 4, POINTER, 8, 500), (22, 4, POINTER, 8, 500)),
    ("clock_nanosleep", (230, 1, 0, POINTER), (115, 1, 0, POINTER)),
    ("nanosleep", (35, POINTER), (101, POINTER)),
    ("rt_sigtimedwait", (128, POINTER, 0, POINTER), (137, POINTER, 0, POINTER)),
    ("openat, a slow disk", (257, 3), (56, 3)),
    ("fsync, a slow disk", (74, 3), (82, 3)),
    ("a call that no table names", (9999,), (9999,)),
]
CASES = [
    pytest.param(machine, line(*call), expected, id=f"{machine}: {name}")
    for table, expected in ((FOR_GOOD, True), (TIMED, False))
    for name, *calls in table
    for machine, call in zip(("x86_64", "aarch64"), calls, strict=True)
    if call
]


@pytest.mark.parametrize(("machine", "text", "expected"), CASES)
def test_a_wait_is_for_good_only_where_nothing_but_somebody_else_ends_it(machine, text, expected):
    assert for_good([text], machine) is expected


RECV, SLEEP = line(45, 3), line(230, 1, 0, POINTER)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["running\n"],
        ["-1 0x7ffd12345678 0x7ffd12345678\n"],  # blocked, but in no system call: a page fault
        ["nonsense"],
        [RECV[:10]],
        ["9" * 5000 + " 0x0"],
        [RECV, "running\n"],
        [RECV, SLEEP],
        [SLEEP, RECV],
        [RECV, ""],
    ],
)
def test_what_is_not_known_or_not_true_of_all_is_not_for_good(lines):
    assert for_good([RECV, RECV], "x86_64")
    assert not for_good(lines, "x86_64")


@pytest.mark.parametrize(("lines", "expected"), [([RECV, SLEEP], True), ([RECV, "running\n"], False), ([], True)])
def test_all_wait_where_none_is_seen_to_run(lines, expected):
    assert all_wait(lines) is expected


def test_an_unknown_machine_knows_no_wait():
    assert not for_good([RECV], "s390x")
    assert time_outs([line(7, POINTER, 1, 500)], "s390x") == []


def test_time_outs_that_stand_in_the_call():
    lines = [
        line(7, POINTER, 1, 1500),
        line(232, 4, POINTER, 8, 20),
        line(7, POINTER, 1, NEVER),
        RECV,
        SLEEP,
        "running",
    ]
    assert time_outs(lines, "x86_64") == [1.5, 0.02]
    assert time_outs([line(22, 4, POINTER, 8, 700)], "aarch64") == [0.7]


PROGRAMS = {
    "sock.accept()": True,
    "sock.settimeout(600); sock.accept()": False,
    "select.select([sock], [], [])": True,
    "select.select([sock], [], [], 600)": False,
    "threading.Event().wait()": True,
    "threading.Event().wait(600)": False,
    "threading.Lock().acquire() and lock.acquire() and lock.acquire()": True,
    "selectors.DefaultSelector().select()": True,
    "time.sleep(600)": False,
    "sys.stdin.read()": True,
}


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64") or sys.platform != "linux", reason="reads /proc")
def test_what_this_kernel_and_this_python_write_for_real_waits():
    """The tables above are from the kernel's headers; this is the kernel itself."""
    head = "import select, selectors, socket, sys, threading, time; lock = threading.Lock()\n"
    head += "sock = socket.create_server(('127.0.0.1', 0)); print(flush=True)\n"
    players = {
        wait: subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", head + wait], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for wait in PROGRAMS
    }
    try:
        for wait, player in players.items():
            assert player.stdout
            player.stdout.readline()
            while not asleep_in_a_call(player.pid):
                assert player.poll() is None
            assert for_good([Path(f"/proc/{player.pid}/syscall").read_text()]) is PROGRAMS[wait], wait
    finally:
        for player in players.values():
            player.kill()
            player.communicate()


def asleep_in_a_call(pid: int) -> bool:
    """Asleep in the same call at two looks, and not in the write of its greeting."""
    state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    call = Path(f"/proc/{pid}/syscall").read_text()
    return state == "S" and call == Path(f"/proc/{pid}/syscall").read_text() and not call.startswith(("running", "-1"))
