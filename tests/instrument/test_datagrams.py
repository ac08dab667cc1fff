"""Datagrams between us and a program: each is one event, and whether it was read is proved."""

from __future__ import annotations

import socket
import struct
import textwrap

import pytest

from grader.instrument import datagrams
from grader.instrument.sockdiag import UDP
from grader.model import (
    DatagramReceived,
    DatagramSent,
    Drained,
    GaveUp,
    Listening,
    NotListening,
    Quiet,
    Unproven,
)
from tests.instrument.troupe import HOST, linux_only

SERVER = "s = socket.socket(type=socket.SOCK_DGRAM)\ns.bind((host, port))\n"
ANSWERS = SERVER + "while True:\n data, addr = s.recvfrom(2048)\n s.sendto(b'got ' + data, addr)\n"


def serve(stage, program):
    return stage.serve(program, name="server", protocol=UDP)


def test_an_answer_is_one_event_with_its_address(stage, troupe):
    run, address = serve(stage, ANSWERS)
    ours = stage.datagrams("a", run)
    for message in (b"one", b"", b"three"):
        ours.send(message, address)
        assert ours.receive().data == b"got " + message
    server = "{}:{}".format(*address)
    assert [(e.to, e.data, e.size) for e in troupe.of(DatagramSent)] == [
        (server, b"one", 3),
        (server, b"", 0),
        (server, b"three", 5),
    ]
    assert [(e.source, e.data) for e in troupe.of(DatagramReceived)] == [
        (server, b"got one"),
        (server, b"got "),
        (server, b"got three"),
    ]


@linux_only
def test_each_datagram_is_read_alone(stage, troupe):
    run, address = serve(stage, SERVER + "while data := s.recv(2048): returned(len(data))")
    ours = stage.datagrams("a", run)
    for size in (1, 1000, 65_507, 2):
        ours.send(b"x" * size, address)
        assert ours.read(address)
        assert ours.unread(address) == 0
    assert [e.proof for e in troupe.of(Drained)] == ["queue"] * 4
    ours.send(b"", address)
    assert run.wait()
    assert [o.value.size for o in run.outcomes] == [1, 1000, 2048, 2]


@linux_only
def test_what_nobody_reads_is_proved_to_lie_there(stage, troupe):
    run, address = serve(stage, SERVER + "told_to()")
    ours = stage.datagrams("a", run)
    ours.send(b"", address)
    assert ours.unread(address) > 0, "an empty datagram takes room too"
    assert not ours.read(address)
    assert [(e.run, e.waiting_for) for e in troupe.of(Quiet)] == [("server", "read")]


def test_where_nobody_is_nothing_breaks_and_nothing_is_claimed(stage, troupe):
    with socket.socket(type=socket.SOCK_DGRAM) as gone:
        gone.bind((HOST, 0))
        address = gone.getsockname()
    ours = stage.datagrams("a")
    for _ in range(3):
        ours.send(b"anybody?", address)
        assert not ours.read(address)
    assert not troupe.of(Drained)
    assert ours.look() == 0


def test_a_datagram_that_is_to_be_lost_is_told_of_and_not_sent(stage, troupe):
    ours, other = stage.datagrams("a"), stage.datagrams("b")
    ours.send(b"lost", other.address, lost=True)
    ours.send(b"found", other.address)
    assert other.receive().data == b"found"
    assert [(e.data, e.lost) for e in troupe.of(DatagramSent)] == [(b"lost", True), (b"found", False)]


@linux_only
def test_the_kernel_says_when_a_datagram_arrived_however_late_we_look(stage, troupe):
    ours, other = stage.datagrams("a"), stage.datagrams("b")
    ours.send(b"x", other.address)
    arrived = stage.now()
    stage.watch(0.1)
    assert other.look() == 1
    assert other.arrived[0].at < arrived + 0.05
    (event,) = troupe.of(DatagramReceived)
    assert event.at == other.arrived[0].at


@linux_only
def test_nothing_arrives_before_it_was_sent(stage, troupe):
    ours, other = stage.datagrams("a"), stage.datagrams("b")
    for i in range(500):
        ours.send(b"%d" % i, other.address)
        other.look()
    times = [e.at for e in troupe.of(DatagramSent, DatagramReceived)]
    assert len(times) == 1000
    assert times == sorted(times)


@pytest.mark.parametrize("stamp", [b"", b"\0" * 3, struct.pack("@ll", 1 << 40, 0), struct.pack("@ll", 0, 0)])
def test_a_stamp_that_cannot_be_is_not_believed(stage, stamp):
    ours = stage.datagrams("a")
    ours._take_in(b"x", [(socket.SOL_SOCKET, datagrams.SO_TIMESTAMPNS, stamp)], 0, (HOST, 1))
    assert 0 <= ours.arrived[0].at <= stage.now()


def test_a_closed_socket_of_ours_answers_as_nobody(stage):
    ours, other = stage.datagrams("a"), stage.datagrams("b")
    gone = ours.address
    ours.close()
    assert ours.look() == 0
    with socket.socket(type=socket.SOCK_DGRAM) as caller:
        caller.connect(gone)
        caller.send(b"x")
        with pytest.raises(ConnectionRefusedError):
            caller.recv(1)
    other.send(b"x", gone)
    other.send(b"x", gone)


@linux_only
def test_whoever_answers_a_vanished_socket_of_ours_is_told_that_nobody_is_there(stage):
    program = """
        data, addr = s.recvfrom(10)
        s.connect(addr)
        s.send(b"answer")
        try: s.recv(10)
        except ConnectionRefusedError: returned(len(data))
    """
    run, address = serve(stage, textwrap.dedent(SERVER) + textwrap.dedent(program))
    ours = stage.datagrams("a", run)
    ours.vanish()
    ours.send(b"123", address)
    assert run.wait()
    assert [o.value.size for o in run.outcomes] == [3]
    assert ours.look() == 0


@linux_only
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", ""])
def test_readiness_is_seen_without_a_datagram(stage, troupe, host):
    run, address = serve(stage, SERVER.replace("host", repr(host)) + "s.sendto(*s.recvfrom(9))\ntold_to()")
    assert [(e.address, e.port) for e in troupe.of(Listening)] == [(host or "0.0.0.0", address[1])]
    ours = stage.datagrams("a", run)
    ours.send(b"first", address)
    assert ours.receive().data == b"first"


@linux_only
def test_a_server_on_another_port_is_found(stage, troupe):
    serve(stage, SERVER.replace("port", "0") + "returned(s.getsockname()[1])\ntold_to()")
    port = stage._runs["server"].outcomes[0].value.size
    assert [e.others for e in troupe.of(NotListening)] == [(f"127.0.0.1:{port}",)]


def test_without_proc_nothing_is_claimed(blind, troupe):
    run, address = serve(blind, ANSWERS)
    ours = blind.datagrams("a", run)
    ours.send(b"x", address)
    assert ours.read(address)
    assert [e.proof for e in troupe.of(Drained)] == ["delay"]
    assert len(troupe.of(Unproven)) == 1
    assert not troupe.of(Quiet, GaveUp)
