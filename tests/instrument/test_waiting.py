"""Programs that never rest: a bystander's turns tell that they go round, and what they leave undone."""

from __future__ import annotations

import contextlib
import socket

import pytest

from grader.instrument import waiting
from grader.instrument.procfs import Task
from grader.instrument.stage import Stage
from grader.model import Busy, GaveUp, PassedOver, Quiet
from tests.instrument.troupe import callee, linux_only

MIB = 1 << 20

# Answers every byte at once, but nothing that begins with "x". POLL: how it looks again and again.
SERVER = """
l = socket.create_server((host, port)); l.setblocking(False)
clients = []
while True:
    {poll}
    try: clients.append(l.accept()[0]); clients[-1].setblocking(False)
    except BlockingIOError: pass
    for c in clients:
        try: data = c.recv(1024, socket.MSG_PEEK)
        except BlockingIOError: continue
        if data[:1] != b"x": c.send(c.recv(1024))
"""
SPINS, POLLS, SLEEPS = "pass", "time.sleep(0.01)", "select.select([l, *clients], [], [])"


class Bystander:
    """A second client of the server, as `Stage.bystander`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self.asked, self._answers = sock, 0, 0

    def __call__(self) -> int:
        self.asked += 1
        self._sock.send(b"?")
        with contextlib.suppress(BlockingIOError):
            self._answers += len(self._sock.recv(1024))
        return self._answers


def served(stage: Stage, poll: str):
    """A server that a client has called, and a bystander."""
    run, address = stage.serve(SERVER.format(poll=poll), name="server")
    conn, other = stage.connect(address, "a"), stage.connect(address, "bystander")
    conn.run = run
    stage.bystander = Bystander(other.sock)
    return conn, stage.bystander


@linux_only
@pytest.mark.parametrize("poll", [SPINS, POLLS])
def test_a_program_that_never_rests_and_leaves_our_bytes_is_told(stage, troupe, poll):
    conn, _ = served(stage, poll)
    conn.send(b"x")
    assert conn.receive(1) == b""
    assert stage.over
    assert stage.spent
    (told,) = troupe.of(PassedOver)
    assert (told.run, told.waiting_for) == ("server", "bytes")
    assert told.turns >= waiting.TURNS
    assert not troupe.of(Quiet, Busy, GaveUp)


@linux_only
def test_one_that_does_its_work_is_not_passed_over_however_long_it_spins(stage, troupe, monkeypatch):
    monkeypatch.setattr(waiting, "RESTLESS_AFTER", 0.0)
    conn, _ = served(stage, SPINS)
    for _ in range(20):
        conn.send(b"y")
        assert conn.receive(1) == b"y"
    assert not troupe.of(PassedOver, Quiet, Busy, GaveUp)


@linux_only
def test_a_program_that_sleeps_is_not_woken_to_ask_it(stage, troupe):
    conn, bystander = served(stage, SLEEPS)
    conn.send(b"y")
    assert conn.receive(2) == b"y"
    assert bystander.asked == 0
    assert troupe.of(Quiet)


@linux_only
def test_a_program_that_sleeps_proves_nothing_while_the_kernel_has_bytes_on_their_way(stage, troupe, monkeypatch):
    monkeypatch.setattr(waiting, "DEADLINE", 0.8)
    _, conn = callee(stage, "s = call()\ns.recv(1)")
    monkeypatch.setattr(stage.watcher, "under_way", lambda ours, theirs: True)
    assert conn.receive(1) == b""
    assert troupe.of(GaveUp)
    assert not troupe.of(Quiet)


@linux_only
def test_a_program_that_never_rests_has_settled_after_some_turns(stage):
    _, bystander = served(stage, SPINS)
    assert stage.settle()
    assert bystander.asked


@linux_only
def test_a_program_that_answers_nobody_has_not_settled(stage):
    served(stage, "while clients: pass")
    assert not stage.settle(at_most=0.5)


@linux_only
@pytest.mark.parametrize("poll", [SPINS, POLLS, SLEEPS])
def test_a_flood_ends_where_the_program_goes_round_and_reads_no_more(stage, troupe, poll):
    conn, _ = served(stage, poll.replace("*clients", ""))
    assert 0 < conn.flood(b"x" * (64 << 20)) < 64 << 20
    assert not troupe.of(PassedOver, Quiet, Busy, GaveUp)


@linux_only
def test_a_flood_goes_on_while_one_that_looks_asleep_may_be_on_its_way(stage, monkeypatch):
    conn, _ = served(stage, SLEEPS.replace("*clients", ""))
    said, plain = [False, False], stage.all_wait
    monkeypatch.setattr(stage, "all_wait", lambda: said.pop() if said else plain())
    assert conn.flood(b"x" * (64 << 20)) > 0
    assert not said


@linux_only
def test_a_flood_that_is_read_whole_is_over_then(stage, troupe):
    run, conn = callee(stage, "s = call()\nn = 0\nwhile data := s.recv(1024): n += len(data)\nreturned(n)")
    assert conn.flood(b"x" * MIB, wait=False) == MIB
    assert conn.flood(b"x" * MIB) == MIB
    assert conn.queues() == (0, 0)
    conn.finish()
    assert run.wait()
    assert [o.value.size for o in run.outcomes] == [2 * MIB]
    assert not troupe.of(PassedOver, Quiet, Busy, GaveUp)


@linux_only
@pytest.mark.parametrize("moving", [True, False])
def test_what_comes_bit_by_bit_has_time_for_each(stage, monkeypatch, moving):
    monkeypatch.setattr(waiting, "DEADLINE", 1.2)
    _, conn = callee(stage, "s = call()\nfor c in b'123': time.sleep(0.5); s.sendall(bytes([c]))\ns.recv(1)")
    assert (
        stage.until(lambda: conn.look() or len(conn.data) == 3, "bytes", None, reading=[conn.sock], moving=moving)
        is moving
    )


@linux_only
def test_what_comes_bit_by_bit_for_ever_is_given_up_all_the_same(stage, troupe, monkeypatch):
    monkeypatch.setattr(waiting, "LONGEST", 0.6)
    _, conn = callee(stage, "s = call()\nwhile True: time.sleep(0.01); s.sendall(b'1')")
    assert not stage.until(lambda: conn.look() or False, "bytes", None, reading=[conn.sock], moving=True)
    (given_up,) = troupe.of(GaveUp)
    assert given_up.seconds >= 0.6


@linux_only
def test_a_time_out_that_does_not_show_is_waited_for_where_it_is_asked_for(stage, troupe):
    program = """
        s = call()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 500_000))
        try: s.recv(1)
        except BlockingIOError: returned(1)
        s.recv(1)
    """
    run, _ = callee(stage, program)
    assert stage.until(lambda: bool(run.outcomes), "return", run, patience=2, clocked=True)
    assert not troupe.of(Quiet)


@linux_only
def test_whoever_sleeps_for_all_of_our_patience_has_no_such_time_out(stage, troupe):
    run, _ = callee(stage, "s = call()\ns.recv(1)")
    assert not stage.until(lambda: bool(run.outcomes), "return", run, patience=0.5, clocked=True)
    (quiet,) = troupe.of(Quiet)
    assert not quiet.timed
    assert not stage.spent


@linux_only
def test_who_only_goes_round_is_given_up_after_so_many_rounds(stage, troupe):
    run, _ = callee(stage, "s = call()\nwhile True: time.sleep(0.002)")
    assert not stage.until(lambda: bool(run.outcomes), "return", run, rounds=100)
    (given_up,) = troupe.of(GaveUp)
    assert given_up.turns >= 100
    assert given_up.seconds < waiting.DEADLINE / 2
    assert stage.spent


@linux_only
def test_rounds_count_from_what_has_come_last(stage, troupe):
    run, conn = callee(
        stage, "s = call()\nfor _ in range(4):\n for _ in range(60): time.sleep(0.002)\n s.sendall(b'1')"
    )
    assert stage.until(lambda: conn.look() or len(conn.data) == 4, "bytes", run, reading=[conn.sock], rounds=100)
    assert not troupe.of(GaveUp)


def test_only_the_time_on_a_processor_is_work():
    before = Task(1, 1, "R", 0, 0, 0), Task(1, 2, "R", 0, 10**9, 0)
    after = Task(1, 1, "R", 0, 6 * 10**8, 9 * 10**9), Task(1, 2, "R", 0, 17 * 10**8, 0), Task(1, 3, "R", 0, 10**10, 0)
    assert waiting.worked(before, after) == pytest.approx(0.7)
    assert waiting.worked((), after) == 0
