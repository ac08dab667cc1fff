"""What the stage and its connections prove about a program on the other end: real sockets, real processes, and a
troupe in the agent's place."""

from __future__ import annotations

import os
import socket
import time
from types import SimpleNamespace

import pytest

from grader.instrument import connection as connections
from grader.instrument import waiting
from grader.instrument.ports import Ports
from grader.instrument.run import Run
from grader.instrument.stage import Stage
from grader.model import (
    Busy,
    Connected,
    Drained,
    Ended,
    File,
    Finished,
    Flow,
    GaveUp,
    Listed,
    Listening,
    NotListening,
    Quiet,
    Received,
    Refused,
    Reset,
    Sent,
    Unproven,
    Unread,
    Vanished,
)
from tests.instrument.troupe import HOST, callee, linux_only

MIB = 1 << 20


def sizes(run: Run) -> list[int]:
    return [o.value.size for o in run.outcomes]


# --- lock-step and gluing --------------------------------------------------------------------------------------------

READS = "s = call()\nwhile data := s.recv(4096): returned(len(data))"


@linux_only
def test_each_piece_is_read_alone(stage, troupe):
    run, conn = callee(stage, READS)
    assert conn.step(*[b"x"] * 60, b"yy")
    conn.finish()
    assert run.wait()
    assert sizes(run) == [1] * 60 + [2]
    assert [(e.total, e.proof) for e in troupe.of(Drained)] == [(n, "queue") for n in (*range(1, 61), 62)]


@linux_only
def test_a_buffer_lies_there_whole_before_its_first_byte_can_be_read(stage, troupe):
    run, conn = callee(stage, "s = call()\ntold_to()\n" + READS.removeprefix("s = call()\n").replace("4096", "60_000"))
    conn.send(b"x" * 60_000)
    troupe.cue(run)
    conn.finish()
    assert run.wait()
    assert sizes(run) == [60_000]


@linux_only
def test_a_program_that_peeks_leaves_bytes_and_is_let_be(stage, troupe):
    run, conn = callee(
        stage, "s = call()\nwhile len(s.recv(4, socket.MSG_PEEK | socket.MSG_WAITALL)) == 4: returned(len(s.recv(4)))"
    )
    assert conn.step(b"1", b"234", b"5", b"6", b"7", b"8")
    assert [e.size for e in troupe.of(Unread)] == [1, 1, 2, 3]
    conn.finish()
    assert run.wait()
    assert sizes(run) == [4, 4]
    assert not troupe.of(Quiet, Busy, GaveUp)


@linux_only
def test_a_program_that_sleeps_before_it_reads_is_waited_for(stage, troupe):
    run, conn = callee(stage, "s = call()\nwhile data := (time.sleep(0.3), s.recv(10))[1]: returned(len(data))")
    assert conn.step(b"1", b"2", b"3")
    conn.finish()
    assert run.wait()
    assert sizes(run) == [1, 1, 1]


@linux_only
def test_bytes_are_left_lying_also_where_another_thread_looks_up_now_and_then(stage, troupe, monkeypatch):
    monkeypatch.setattr(connections, "NOT_READING_IDLE", 0.4)
    program = """
        s = call()
        def watch():
            while True: select.select([], [], [], 0.1)
        threading.Thread(target=watch, daemon=True).start()
        s.recv(2, socket.MSG_PEEK | socket.MSG_WAITALL)
        returned(len(s.recv(2)))
    """
    run, conn = callee(stage, program)
    assert conn.step(b"1", b"2")
    assert run.wait()
    assert sizes(run) == [2]


@linux_only
def test_a_program_that_ends_will_read_no_more(stage, troupe):
    run, conn = callee(stage, "s = call()\ns.recv(1)")
    assert not conn.step(b"x", b"y", b"z")
    assert run.wait()
    assert conn.ended
    assert [e.total for e in troupe.of(Drained)] in ([], [1])


def test_without_proc_pieces_are_kept_apart_by_time_and_nothing_is_claimed(blind, troupe):
    run, conn = callee(blind, READS)
    assert conn.step(b"x", b"y")
    conn.finish()
    assert run.wait()
    assert {e.proof for e in troupe.of(Drained)} == {"delay"}
    assert len(troupe.of(Unproven)) == 1


# --- ends of conversations -------------------------------------------------------------------------------------------


def test_half_close_is_an_end_to_read_and_answers_still_come(stage, troupe):
    run, conn = callee(stage, READS + "\ns.sendall(b'bye')")
    conn.send(b"hello")
    conn.finish()
    assert conn.receive_to_end(100) == b"bye"
    assert run.wait()
    kinds = [type(e) for e in troupe.of(Connected, Sent, Finished, Received, Ended)]
    assert kinds == [Connected, Sent, Finished, Received, Ended]
    assert conn.ended == "fin"


def test_our_reset_is_seen_as_one(stage, troupe):
    run, conn = callee(
        stage,
        """
        s = call()
        try: s.recv(1)
        except ConnectionResetError: returned(104)
        """,
    )
    conn.reset()
    assert run.wait()
    assert sizes(run) == [104]
    assert troupe.of(Reset)
    assert not troupe.of(Ended)


def test_their_reset_is_told_from_their_end(stage, troupe):
    _, conn = callee(stage, "s = call(); linger(s); s.recv(1); s.close()")
    conn.send(b"x")
    assert conn.receive_to_end(100) == b""
    assert [e.how for e in troupe.of(Ended)] == ["reset"]


def test_a_caller_that_resets_at_once_breaks_nothing(stage, troupe):
    listener = stage.listen()
    run = stage.start("s = call(); linger(s); s.close()", listener.address)
    assert stage.until(lambda: run.exited is not None, "exit", None)  # the reset lies before our accept
    conn = listener.accept("a", run)
    assert conn.receive_to_end(10) == b""
    assert conn.ended == "reset"


def test_a_server_that_resets_at_once_breaks_nothing(stage, troupe):
    with socket.create_server((HOST, 0)) as server:
        conn = stage.connect(server.getsockname(), "warm-up")
        server.accept()[0].close()
    run, address = stage.serve(
        "l = socket.create_server((host, port))\nwhile True: s, _ = l.accept(); linger(s); s.close()"
    )
    for i in range(20):
        conn = stage.connect(address, f"c{i}")
        conn.run = run
        assert conn.receive_to_end(10) == b""


@linux_only
def test_what_came_before_a_reset_is_not_lost(stage, troupe):
    run, conn = callee(stage, "s = call()\ns.recv(1)\ns.sendall(b'enough of it')\ns.close()")
    conn.send(b"x" * 100)
    assert run.wait()
    assert conn.exchange(b"y" * MIB, 12) == b"enough of it"


def test_a_full_close_with_nothing_unread_is_an_end_although_we_go_on_sending(stage, troupe):
    run, conn = callee(stage, "s = call()\ns.sendall(b'bye')\ns.close()")
    assert run.wait()
    conn.send(b"y")
    assert not conn.exchange(b"y" * MIB, 3) or conn.data == b""
    assert [e.how for e in troupe.of(Ended)] == ["fin"]
    assert sum(e.size for e in troupe.of(Received)) == 3


def test_nobody_calls(stage, troupe):
    listener = stage.listen()
    conn = listener.accept("a", stage.start("pass"))
    assert [e.conn for e in troupe.of(Refused)] == ["a"]
    assert not conn.send(b"x")
    assert not conn.step(b"x")
    assert not conn.drained()
    assert conn.queues() is None
    assert conn.receive(1) == conn.receive_to_end(1) == conn.exchange(b"x", 1) == b""
    conn.finish()
    conn.reset()
    conn.close()
    assert not troupe.of(Sent, Received, Finished, Reset, Ended, Quiet, Busy, GaveUp)


def test_nobody_listens(stage, troupe):
    with socket.socket() as free:
        free.bind((HOST, 0))
        conn = stage.connect(free.getsockname(), "a")
    assert [(e.conn, e.error) for e in troupe.of(Refused)] == [("a", "ECONNREFUSED")]
    assert not conn.alive


# --- bytes -----------------------------------------------------------------------------------------------------------


def test_both_directions_at_once_stop_nobody(stage, troupe):
    data = os.urandom(4096) * 2048
    _, conn = callee(stage, "s = call()\nwhile data := s.recv(65536): s.sendall(data)")
    conn.due(data)
    assert conn.exchange(data, len(data)) == data
    conn.summarise()
    flows = {e.direction: (e.size, e.blocks, e.head) for e in troupe.of(Flow)}
    assert flows["due"] == flows["sent"] == flows["received"]
    assert flows["due"][0] == len(data)


@linux_only
def test_what_a_program_passes_on_is_taken_in_while_it_is_fed(stage, troupe):
    """More than all buffers between us hold: it could not read on if nobody read what it writes."""
    data = os.urandom(4096) * 4096
    listener = stage.listen()
    run = stage.start("a, b = call(), call()\nwhile data := a.recv(65536): b.sendall(data)", listener.address)
    source, back = listener.accept("source", run), listener.accept("back", run)
    assert source.pour(data, back)
    assert troupe.of(Drained)[0].total == len(data)
    source.finish()
    assert back.receive_to_end(len(data)) == data


def test_bytes_in_a_row_are_one_event_and_the_order_of_events_stays(stage, troupe):
    _, conn = callee(stage, "s = call()\nfor _ in range(3): s.sendall(b'a' * 1000); s.recv(1)")
    for _ in range(2):
        conn.receive(400)
        conn.receive(600)
        conn.send(b"x")
    kinds = [(type(e), e.size) for e in troupe.of(Sent, Received)]
    assert kinds == [(Received, 1000), (Sent, 1), (Received, 1000), (Sent, 1)]


def test_no_more_is_taken_than_was_asked_for(stage):
    _, conn = callee(stage, "s = call()\ns.sendall(b'0123456789')\ns.recv(1)")
    assert conn.receive(4) == b"0123"
    assert conn.receive(4) == b"4567"
    assert conn.received == 8


# --- what ends a waiting ---------------------------------------------------------------------------------------------


@linux_only
def test_all_asleep_for_good_is_a_proof(stage, troupe):
    troupe.lies["stack"] = {"op": "stack", "text": '  File "/w/m.py", line 7 in recv_message\n', "folder": "/w"}
    run, conn = callee(stage, "s = call()\ns.recv(1)")
    assert conn.receive(1) == b""
    (quiet,) = troupe.of(Quiet)
    assert (quiet.run, quiet.waiting_for, str(quiet.where)) == (run.name, "bytes", "m.py:7")
    assert stage.over
    assert not run.wait(), "later waits of the case must return at once"
    assert not troupe.of(GaveUp)


@linux_only
def test_a_program_with_work_to_do_is_not_asleep(stage, troupe, monkeypatch):
    monkeypatch.setattr(waiting, "DEADLINE", 0.5)
    _, conn = callee(stage, "s = call()\nwhile True: time.sleep(0.001)")
    assert conn.receive(1) == b""
    assert [e.waiting_for for e in troupe.of(GaveUp)] == ["bytes"]
    assert not troupe.of(Quiet, Busy)


@linux_only
@pytest.mark.parametrize(
    "wait",
    [
        "time.sleep(0.5)",
        "select.select([], [], [], 0.5)",
        "s.settimeout(0.5)\ntry: s.recv(1)\nexcept TimeoutError: pass",
    ],
)
def test_a_wait_with_a_time_out_is_waited_for(stage, troupe, wait):
    _, conn = callee(stage, f"s = call()\n{wait}\ns.sendall(b'x')\ns.recv(1)")
    assert conn.receive(1) == b"x"
    assert not troupe.of(Quiet, Busy, GaveUp)


@linux_only
def test_one_thread_that_will_wake_keeps_all_others_from_being_given_up(stage, troupe):
    program = """
        s = call()
        threading.Thread(target=lambda: (time.sleep(0.5), s.sendall(b"x"))).start()
        s.recv(1)
    """
    _, conn = callee(stage, program)
    assert conn.receive(1) == b"x"


@linux_only
def test_a_machine_that_stood_still_proves_nothing(stage, troupe, monkeypatch):
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + clock.stood, stood=0.0)
    monkeypatch.setattr(waiting, "time", clock)
    run, looks = stage.start("time.sleep(0.6)"), []

    def exited() -> bool:
        looks.append(run.exited)
        clock.stood = 3.0 if len(looks) > 6 else 0.0
        return run.exited is not None

    assert stage.until(exited, "exit", None)
    assert not troupe.of(Quiet, Busy, GaveUp)


@linux_only
def test_a_busy_loop_is_told(stage, troupe, monkeypatch):
    monkeypatch.setattr(waiting, "BUSY_AFTER", 0.3)
    run, conn = callee(stage, "s = call()\nwhile True: pass")
    assert conn.receive(1) == b""
    (busy,) = troupe.of(Busy)
    assert busy.run == run.name
    assert busy.share > 0.9
    assert not troupe.of(Quiet, GaveUp)


@linux_only
def test_silence_is_no_proof_while_the_agent_does_not_answer(stage, troupe, monkeypatch):
    monkeypatch.setattr(waiting, "DEADLINE", 0.5)
    monkeypatch.setattr(Stage, "ask", lambda self, question, answer: None)
    _, conn = callee(stage, "s = call()\ns.recv(1)")
    assert conn.receive(1) == b""
    assert troupe.of(GaveUp)
    assert not troupe.of(Quiet)


def test_a_run_that_has_ended_is_not_waited_for_but_what_it_left_is_taken(stage, troupe):
    run, conn = callee(stage, "s = call()\ns.sendall(b'last words')")
    assert run.wait()
    assert conn.receive(10) == b"last words"
    assert conn.receive(10) == b""
    assert not troupe.of(Quiet, Busy, GaveUp)
    assert not stage.over


def test_the_end_of_the_agent_ends_the_case(stage, troupe):
    run, conn = callee(stage, "s = call()\ns.recv(1)")
    stage.agent_gone("its process has ended")
    stage.agent_gone("its process has ended")
    assert conn.receive(1) == b""
    assert not run.wait()
    assert len(troupe.of(Vanished)) == 1
    stage.resume()
    assert stage.over


def test_a_part_can_be_independent_of_the_one_before(stage, troupe):
    program = "s = call()\ns.recv(1)\ns.sendall(b'x')"
    callee(stage, program)
    stage.over = True
    stage.resume()
    _, conn = callee(stage, program)
    conn.send(b"y")
    assert conn.receive(1) == b"x"


# --- servers ---------------------------------------------------------------------------------------------------------


@linux_only
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", ""])
def test_readiness_is_seen_and_the_first_connection_is_ours(stage, troupe, host):
    run, address = stage.serve(
        f"l = socket.create_server(({host!r}, port))\nl.accept()[0].sendall(b'first')\ntold_to()", name="server"
    )
    assert [e.port for e in troupe.of(Listening)] == [address[1]]
    conn = stage.connect(address, "a")
    conn.run = run
    assert conn.receive(5) == b"first"


@linux_only
def test_a_server_on_another_port_is_found(stage, troupe):
    run, address = stage.serve("l = socket.create_server((host, 0)); returned(l.getsockname()[1]); l.accept()")
    (event,) = troupe.of(NotListening)
    assert event.port == address[1]
    assert f"{HOST}:{sizes(run)[0]}" in event.others


def test_without_proc_readiness_is_found_by_connecting(blind, troupe):
    _, address = blind.serve("l = socket.create_server((host, port))\nwhile True: l.accept()[0].close()")
    assert [e.port for e in troupe.of(Listening)] == [address[1]]
    assert troupe.of(Unproven)


@linux_only
def test_many_callers_come_one_by_one(stage, troupe):
    run, address = stage.serve(
        """
        l = socket.socket(); l.bind((host, port)); l.listen(2)
        kept = []
        while len(kept) < 40: kept.append(l.accept()[0])
        """
    )
    for i in range(40):
        assert stage.connect(address, f"c{i}", ramp=True).alive
    assert run.wait()
    assert not troupe.of(Refused)


def test_files_are_listed_when_they_are_asked_for(stage, troupe):
    stage.list_files()
    assert stage.folder == "/w"
    troupe.lies["files"] = {"n": 0, "files": []}  # an answer to another question
    stage.list_files()
    assert [e.files for e in troupe.of(Listed)] == [(File("a", ""),)]


def test_signals_reach_the_program(stage, troupe):
    run, conn = callee(stage, "s = call()\ns.sendall(b'x')\nsignal.pause()")
    assert conn.receive(1) == b"x"
    run.signal("SIGTERM")
    assert run.wait()
    assert run.exited.signal == "SIGTERM"


@linux_only
def test_a_program_has_settled_when_all_of_it_sleeps(stage):
    run, conn = callee(stage, "s = call()\ns.recv(1)\nwhile True: pass")
    assert stage.settle(0.05)
    conn.send(b"x")
    assert not stage.settle(0.1, at_most=0.3)
    before, after, seconds = stage.watch(0.1)
    assert {t.pid for t in before} == {t.pid for t in after} == {run.pid}
    assert seconds >= 0.1


def test_one_run_is_stopped_and_the_other_lives(stage):
    _, conn = callee(stage, "s = call()\ns.recv(1)\ns.sendall(b'alive')")
    other = stage.start("told_to()")
    other.stop()
    assert other.exited.signal == "SIGKILL"
    conn.send(b"x")
    assert conn.receive(5) == b"alive"


def test_the_same_seed_and_case_make_the_same_choices(troupe, watcher):
    stages_made = [Stage(c, s, {}, troupe, watcher) for c, s in (("a", 7), ("a", 7), ("a", 8), ("b", 7))]
    first, same, *others = [s.rng.random() for s in stages_made]
    assert first == same
    assert first not in others


def test_free_ports_are_below_those_that_the_kernel_hands_out(stage):
    with socket.socket() as taken:
        port = stage.free_port()
        taken.bind((HOST, port))
        assert stage.free_port() != port
    assert 9000 <= port < 32_768


@linux_only
def test_no_two_cases_are_given_the_same_port_before_a_program_has_bound_it(monkeypatch):
    monkeypatch.setattr(os, "urandom", bytes)  # all begin at the same one
    one, two, three = Ports(), Ports(), Ports()
    port = one.free()
    assert two.free() != port
    one.close()
    assert three.free() == port
    two.close()
    three.close()


def test_our_side_can_do_something_besides_whatever_it_waits_for(stage, troupe):
    listener = stage.listen()
    run = stage.start("a, b = call(), call()\na.recv(1)\nb.sendall(b'x')\na.recv(1)", listener.address, name="a")
    talk, other = listener.accept("talk", run), listener.accept("other", run)
    stage.meanwhile.append(lambda: talk.send(b"y") if not troupe.of(Sent) else None)
    assert other.receive(1) == b"x"
