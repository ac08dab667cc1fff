"""Programs that never rest: a bystander's turns tell that they go round, and what they leave undone."""

from __future__ import annotations

import contextlib
import socket

from grader.instrument import waiting
from grader.instrument.stage import Stage
from grader.model import Busy, GaveUp, PassedOver, Quiet
from tests.instrument.troupe import linux_only

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
def test_a_program_that_never_rests_and_leaves_our_bytes_is_told(stage, troupe):
    for poll in (SPINS, POLLS):
        conn, _ = served(stage, poll)
        conn.send(b"x")
        assert conn.receive(1) == b""
        assert stage.over
        assert stage.spent
        stage.over = False
        stage.finish()
    told = troupe.of(PassedOver)
    assert [(e.run, e.waiting_for) for e in told] == [("server", "bytes")] * 2
    assert all(e.turns >= waiting.TURNS for e in told)
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
def test_a_program_that_never_rests_has_settled_after_some_turns(stage):
    _, bystander = served(stage, SPINS)
    assert stage.settle()
    assert bystander.asked


@linux_only
def test_a_program_that_answers_nobody_has_not_settled(stage):
    served(stage, "while clients: pass")
    assert not stage.settle(at_most=0.5)


@linux_only
def test_a_flood_ends_where_the_program_goes_round_and_takes_no_more(stage, troupe):
    for poll in (SPINS, POLLS):
        conn, _ = served(stage, poll)
        assert 0 < conn.flood(b"x" * (32 << 20)) < 32 << 20
        stage.finish()
    assert not troupe.of(PassedOver, Quiet, Busy, GaveUp)
