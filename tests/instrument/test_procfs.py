"""Readings from a /proc made by hand, and from the real one where the kernel's own word matters."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.instrument.procfs import (
    ESTABLISHED,
    LISTEN,
    UNCONNECTED,
    Row,
    Task,
    Watcher,
    asleep,
    busiest,
    idle,
    rounds,
    switches,
)
from grader.instrument.sockdiag import ANY, UDP, Socket
from grader.model import Seen

AGENT = 40
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads the real /proc")


class Proc:
    """A /proc in a folder. tells_children: as kernels do since Linux 3.5, unless they were built without it."""

    def __init__(self, root: Path, tells_children: bool) -> None:
        self.root, self.tells_children = root, tells_children
        self.tracers: dict[int, int] = {}
        self.write("net/tcp", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n")

    def write(self, name: str, content: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def process(self, pid: int, parent: int, *threads: tuple[str, int, int, int], comm: bytes = b"python3") -> None:
        """threads: (state, switches, nanoseconds run, nanoseconds waited), the main thread first."""
        threads = threads or (("S", 0, 0, 0),)
        stat = b"%d (%s) %s %d %d" % (pid, comm, threads[0][0].encode(), parent, pid)
        self.write(f"{pid}/stat", stat + b" 0" * 14 + b" %d 0 0\n" % len(threads))
        head = b"Name:\t" + comm + b"\nState:\t%s (as it is)\n"
        figures = b"VmHWM:\t    3072 kB\nVmRSS:\t    2048 kB\nRssAnon:\t    1024 kB\nThreads:\t%d\nFDSize:\t64\n" % len(
            threads
        )
        kin = b"PPid:\t%d\nTracerPid:\t%d\n" % (parent, self.tracers.get(pid, 0))
        self.write(f"{pid}/status", head % threads[0][0].encode() + kin + figures)
        for tid, (state, switched, ran, waited) in enumerate(threads, pid):
            counts = b"voluntary_ctxt_switches:\t%d\nnonvoluntary_ctxt_switches:\t2\n" % switched
            self.write(f"{pid}/task/{tid}/status", head % state.encode() + counts)
            self.write(f"{pid}/task/{tid}/schedstat", f"{ran} {waited} 17\n")
            if self.tells_children and not (self.root / f"{pid}/task/{tid}/children").exists():
                self.write(f"{pid}/task/{tid}/children", "")
        kin = self.root / f"{parent}/task/{parent}/children"
        if kin.exists() and str(pid) not in kin.read_text().split():
            kin.write_text(f"{kin.read_text()}{pid} ")

    def watcher(self) -> Watcher:
        watcher = Watcher(AGENT, str(self.root))
        if watcher._diag:  # these tests read the made rows, not this machine's sockets
            watcher._diag._netlink.close()
            watcher._diag = None
        return watcher


@pytest.fixture(params=[True, False], ids=["children", "no children"])
def proc(tmp_path: Path, request: pytest.FixtureRequest) -> Proc:
    proc = Proc(tmp_path, request.param)
    for pid, parent in ((1, 0), (AGENT, 1), (50, AGENT), (51, 50), (52, 51), (60, 1), (61, 60)):
        proc.process(pid, parent)
    return proc


# --- processes -------------------------------------------------------------------------------------------------------


def test_beside_others_only_what_descends_from_the_agent_is_the_students(proc):
    assert proc.watcher().pids() == [50, 51, 52]


def test_as_the_pods_first_process_all_but_itself_and_the_agent_is_the_students(proc, monkeypatch):
    monkeypatch.setattr("os.getpid", lambda: 1)
    assert sorted(proc.watcher().pids()) == [50, 51, 52, 60, 61]


@pytest.mark.parametrize("comm", [b"python3", b"a) S 1 (b", b"\xff\xfe", b"\xe4\xbd", b"R 1 1", b"", b"\x0cState:\tZ"])
def test_a_process_cannot_hide_behind_its_name(proc, comm):
    proc.process(50, AGENT, ("R", 3, 5_000, 7), ("S", 4, 6_000, 8), comm=comm)
    watcher = proc.watcher()
    assert watcher.pids() == [50, 51, 52]
    assert watcher.tasks()[:2] == (Task(50, 50, "R", 5, 5_000, 7), Task(50, 51, "S", 6, 6_000, 8))
    assert watcher.threads() == 4
    assert watcher.memory() == 3 * 2048 * 1024
    assert watcher.peak() == 3 * 3072 * 1024
    assert watcher.private() == 3 * 1024 * 1024
    assert watcher.descriptor_slots() == 3 * 64


@pytest.mark.parametrize("state", ["Z", "X"])
def test_the_dead_do_not_count(proc, state):
    proc.process(52, 51, (state, 0, 0, 0))
    watcher = proc.watcher()
    assert watcher.pids() == [50, 51]
    assert not watcher.alive(52)
    assert watcher.alive(51)
    assert watcher.agent_alive()
    assert not watcher.alive(99)


def test_a_process_lives_while_one_of_its_threads_does(proc):
    proc.process(52, 51, ("Z", 0, 0, 0), ("R", 0, 0, 0))
    watcher = proc.watcher()
    assert 52 in watcher.pids()
    assert watcher.alive(52)


def test_a_thread_may_have_children_too(proc):
    proc.process(52, 51, ("Z", 0, 0, 0), ("S", 0, 0, 0))
    proc.process(70, 52)
    if proc.tells_children:
        (proc.root / "52/task/52/children").rename(proc.root / "52/task/53/children")
    assert proc.watcher().pids() == [50, 51, 52, 70]


def test_a_census_counts_zombies_but_not_the_agent_and_its_recorders(proc):
    proc.tracers[50] = 53
    proc.process(50, AGENT, ("S", 0, 0, 0), ("S", 0, 0, 0))
    proc.process(51, 50, ("Z", 0, 0, 0))
    proc.process(52, 51, ("Z", 0, 0, 0), ("R", 0, 0, 0))  # only its first thread is dead
    proc.process(53, AGENT)
    assert proc.watcher().census() == (Seen(50, AGENT, "S", 2), Seen(51, 50, "Z", 1), Seen(52, 51, "S", 2))


def test_the_pods_first_process_counts_orphans_as_well(proc, monkeypatch):
    monkeypatch.setattr("os.getpid", lambda: 1)
    assert [s.pid for s in proc.watcher().census()] == [50, 51, 52, 60, 61]


def test_no_name_of_a_process_changes_what_a_census_says(proc):
    proc.process(52, 51, comm=b"\x0cState:\tZ\x0cPPid:\t1\x0cTracerPid:\t50\x0c")
    assert proc.watcher().census()[-1] == Seen(52, 51, "S", 1)


def test_a_process_that_goes_while_it_is_looked_at_is_left_out(proc):
    (proc.root / "51/stat").unlink()
    (proc.root / "50/task/50/status").write_bytes(b"")
    assert proc.watcher().pids() == [50]
    assert proc.watcher().tasks() == ()


def test_a_system_without_proc_has_nothing_to_read(tmp_path):
    watcher = Watcher(AGENT, str(tmp_path / "none"))
    assert not watcher.available
    assert watcher.pids() == watcher.tcp() == []
    assert watcher.tasks() == ()
    assert watcher.memory() == watcher.threads() == watcher.peak() == watcher.private() == 0
    assert watcher.queues(("127.0.0.1", 1), ("127.0.0.1", 2)) is None
    assert watcher.listener(("127.0.0.1", 1)) is None


# --- what the threads do ---------------------------------------------------------------------------------------------


def task(state: str = "S", switched: int = 0, ran: float = 0, waited: float = 0, tid: int = 1) -> Task:
    """ran, waited: in seconds."""
    return Task(1, tid, state, switched, int(ran * 1e9), int(waited * 1e9))


# name: (before, after, asleep, idle), one second between the two
LOOKS = {
    "nothing changed": ([task()], [task()], True, True),
    "stopped": ([task("T")], [task("T")], True, True),
    "a zombie": ([task("Z")], [task("Z")], True, True),
    "no thread at all": ([], [], False, False),
    "the first look": ([], [task()], False, False),
    "runs now": ([task("R")], [task("R")], False, False),
    "wants to run, and was not let for a second": ([task("S")], [task("R")], False, False),
    "waits for a slow disk": ([task("D")], [task("D")], False, False),
    "one of two runs": ([task(), task(tid=2)], [task(), task("R", tid=2)], False, False),
    "woke once": ([task()], [task(switched=1)], False, True),
    "ran without a switch": ([task()], [task(ran=0.001)], False, True),
    "looks up twice a second": ([task()], [task(switched=2, ran=0.0002)], False, True),
    "looks up a thousand times": ([task()], [task(switched=1000, ran=0.01)], False, False),
    "computes half of the time": ([task()], [task(switched=2, ran=0.5)], False, False),
    "computed in vain for a processor": ([task()], [task(switched=2, waited=0.5)], False, False),
    "a thread came": ([task()], [task(), task(tid=2)], False, False),
    "a thread went": ([task(), task(tid=2)], [task()], False, False),
    "a thread was exchanged": ([task(tid=2)], [task(tid=3)], False, False),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_asleep_and_idle(look):
    before, after, is_asleep, is_idle = look
    assert asleep(tuple(before), tuple(after)) is is_asleep
    assert idle(tuple(before), tuple(after), 1.0) is is_idle


@pytest.mark.parametrize(
    ("before", "after", "seconds", "share"),
    [
        ([], [], 1.0, 0.0),
        ([task(ran=5)], [task(ran=6)], 1.0, 1.0),
        ([task(ran=5)], [task(ran=6)], 2.0, 0.5),
        ([task(waited=1)], [task(waited=1.9, ran=0.1)], 1.0, 1.0),  # as a spinner looks beside nine others
        ([task(), task(tid=2)], [task(ran=0.6), task(ran=0.7, tid=2)], 1.0, 0.7),  # the busiest, not the sum
        ([task()], [task(ran=9, tid=2)], 1.0, 0.0),  # a new thread has no share yet
    ],
)
def test_share_of_the_busiest(before, after, seconds, share):
    assert busiest(tuple(before), tuple(after), seconds) == pytest.approx(share)


def test_switches_are_counted_over_the_threads_that_stayed():
    before, after = (task(switched=1), task(switched=9, tid=2)), (task(switched=4), task(switched=100, tid=3))
    assert switches(before, after) == 3


@pytest.mark.parametrize(
    ("before", "after", "least"),
    [
        ([task(), task(tid=2)], [task(switched=60), task(tid=2)], 60),  # one goes round, the other sleeps
        ([task(), task(tid=2)], [task(switched=60), task(switched=2, tid=2)], 2),  # one may be at something long
        ([task()], [task()], 0),  # nobody does anything
        ([task()], [task(switched=60), task(tid=2)], 0),  # somebody has come
        ([task(), task(tid=2)], [task(switched=60)], 0),  # somebody has gone
        ([task()], [task(switched=60, ran=0.3, waited=0.3)], 0),  # it computes, and is kept waiting for it
        ([task()], [task("R", switched=60)], 0),
        ([], [], 0),
    ],
)
def test_rounds_of_threads_that_wake_and_sleep_again(before, after, least):
    assert rounds(tuple(before), tuple(after), 1.0) == least


# --- sockets ---------------------------------------------------------------------------------------------------------

LOCAL, OTHER = ("127.0.0.1", 9000), ("127.0.0.1", 40000)
ROWS = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2328 00000000:0000 0A 00000000:00000003 00:00000000 00000000 64002        0 77 1 0000000000000000 100 0
   1: 0100007F:9C40 0100007F:2328 01 00000010:00000000 01:00000014 00000000 64001        0 78 2 0000000000000000 20 4
   2: 0100007F:2328 0100007F:9C40 01 00000000:0000002A 00:00000000 00000000 64002        0 79 1 0000000000000000 20 4
   3: 0100007F:2328 0100007F:9C41 08 00000000:00000001 00:00000000 00000000 64002        0 80 1 0000000000000000 20 4
   4: 00000000:2329 00000000:0000 0A 00000000:00000000 00:00000000 00000000 64002        0 81 1 0000000000000000 100 0
   5: 0100007F:2328 0100007F:9C42 06 00000000:00000000 03:00000014 00000000     0        0 0 3 0000000000000000
"""


@pytest.mark.skipif(sys.byteorder != "little", reason="the rows are those of a little-endian machine")
def test_rows_of_the_kernels_table(proc):
    proc.write("net/tcp", ROWS)
    watcher = proc.watcher()
    assert len(watcher.tcp()) == 6
    assert watcher.tcp()[2] == Row(LOCAL, OTHER, ESTABLISHED, 0, 42, 64002, 79)
    assert watcher.listener(LOCAL) == Socket(LISTEN, 3, 0, 64002)
    assert watcher.listener(OTHER) is None
    assert watcher.listening() == {LOCAL, ("0.0.0.0", 9001)}
    assert watcher.close_wait(9000) == 1
    assert watcher.queues(OTHER, LOCAL) == (16, 42)
    assert watcher.queues(("127.0.0.1", 40002), LOCAL) is None, "TIME_WAIT: nobody can read there"
    assert watcher.queues(("127.0.0.1", 40003), LOCAL) is None, "no such connection"


class Wire:
    """In a sock_diag's place: all bytes arrive between the first look and the second."""

    def __init__(self) -> None:
        self.looks = 0

    def find(self, local, remote) -> Socket:
        self.looks += 1
        ours, arrived = local == OTHER, self.looks > 1
        return Socket(ESTABLISHED, 5 * (not ours and arrived), 5 * (ours and not arrived), 0)


def test_bytes_under_way_are_never_overlooked(proc):
    watcher = proc.watcher()
    watcher._diag = Wire()
    assert watcher.queues(OTHER, LOCAL) != (0, 0)


class Ends:
    """In a sock_diag's place: (unread, unsent) at our end and at theirs; None where an end is gone."""

    def __init__(self, ours: tuple[int, int] | None, theirs: tuple[int, int] | None) -> None:
        self._queues = {OTHER: ours, LOCAL: theirs}

    def find(self, local, remote) -> Socket | None:
        found = self._queues[local]
        return found and Socket(ESTABLISHED, *found, 0)


@pytest.mark.parametrize(
    ("ours", "theirs", "under_way"),
    [
        ((0, 0), (0, 0), False),
        ((0, 0), (0, 9), True),  # theirs, and we have nothing yet
        ((4, 0), (0, 9), False),  # we do not read, so it waits for us
        ((0, 9), (0, 0), True),  # ours, and they have nothing yet
        ((0, 9), (4, 0), False),  # they do not read
        ((0, 9), None, False),
        (None, (0, 9), False),
    ],
)
def test_what_the_kernel_is_still_about(proc, ours, theirs, under_way):
    watcher = proc.watcher()
    watcher._diag = Ends(ours, theirs)
    assert watcher.under_way(OTHER, LOCAL) is under_way


UDP_ROWS = """\
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 7312: 0100007F:2328 00000000:0000 07 00000000:00000340 00:00000000 00000000 64002        0 90 2 0000000000000000 3
 7313: 00000000:2329 00000000:0000 07 00000000:00000000 00:00000000 00000000 64002        0 91 2 0000000000000000 0
 7314: 0100007F:2329 0100007F:9C40 01 00000000:00000011 00:00000000 00000000 64002        0 92 2 0000000000000000 0
"""


@pytest.mark.skipif(sys.byteorder != "little", reason="the rows are those of a little-endian machine")
def test_rows_of_the_kernels_udp_table(proc):
    proc.write("net/udp", UDP_ROWS)
    watcher = proc.watcher()
    assert watcher.receiver(OTHER, LOCAL) == Socket(UNCONNECTED, 0x340, 0, 64002)
    assert watcher.receiver(OTHER, ("127.0.0.1", 9001)).rx == 0x11, "the connected socket comes before the wildcard"
    assert watcher.receiver(LOCAL, ("127.0.0.1", 9001)).rx == 0
    assert watcher.receiver(OTHER, ("127.0.0.1", 9002)) is None
    assert watcher.listening(UDP) == {LOCAL, ("0.0.0.0", 9001)}
    assert (watcher.drops(9000), watcher.drops(9001)) == (3, 0)


@pytest.fixture(scope="module")
def real() -> Iterator[Watcher]:
    watcher = Watcher(os.getpid())
    yield watcher
    if watcher._diag:
        watcher._diag._netlink.close()


@pytest.fixture(params=["sock_diag", "/proc/net/tcp"])
def kernel(request, real, monkeypatch) -> Watcher:
    """The real kernel, asked in both ways."""
    if request.param != "sock_diag":
        monkeypatch.setattr(real, "_diag", None)
    elif real._diag is None:
        pytest.skip("no sock_diag on this system")
    return real


@linux_only
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_kernel_tells_of_a_listener_wherever_it_listens(kernel, host):
    with socket.create_server((host, 0)) as server:
        address = ("127.0.0.1", server.getsockname()[1])
        found = kernel.listener(address)
        assert found
        assert (found.state, found.rx) == (LISTEN, 0)
        with socket.create_connection(address):
            assert kernel.listener(address).rx == 1
        assert (host, address[1]) in kernel.listening()
    assert kernel.listener(address) is None


@linux_only
def test_the_kernel_tells_what_is_unread_and_who_has_gone(kernel):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as ours:
        theirs, _ = server.accept()
        ends, port = (ours.getsockname(), server.getsockname()), server.getsockname()[1]
        assert kernel.queues(*ends) == (0, 0)
        ours.sendall(b"12345")
        assert kernel.queues(*ends) == (0, 5)
        theirs.recv(3)
        assert kernel.queues(*ends) == (0, 2)
        theirs.recv(2)
        ours.shutdown(socket.SHUT_WR)
        assert kernel.queues(*ends)[1] == 1, "an end that was not read counts as one"
        assert kernel.close_wait(port) == 1
        assert theirs.recv(1) == b""
        assert kernel.queues(*ends)[1] == 0
        theirs.close()
        assert kernel.queues(*ends) is None
        assert kernel.close_wait(port) == 0


@linux_only
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_kernel_tells_who_would_receive_a_datagram_and_what_is_unread(kernel, host):
    with (
        socket.socket(type=socket.SOCK_DGRAM) as server,
        socket.socket(type=socket.SOCK_DGRAM) as one,
        socket.socket(type=socket.SOCK_DGRAM) as other,
    ):
        for sock, address in ((server, host), (one, "127.0.0.1"), (other, "127.0.0.1")):
            sock.bind((address, 0))
        target = ("127.0.0.1", server.getsockname()[1])
        assert kernel.receiver(ANY, target).rx == 0
        assert (host, target[1]) in kernel.listening(UDP)
        one.sendto(b"", target)
        one.sendto(b"x" * 60_000, target)
        for _ in range(2):
            assert kernel.receiver(one.getsockname(), target).rx > 0
            server.recv(10)
        assert kernel.receiver(one.getsockname(), target).rx == 0
        server.connect(one.getsockname())
        assert kernel.receiver(one.getsockname(), target) is not None
        assert kernel.receiver(other.getsockname(), target) is None
    assert kernel.receiver(ANY, target) is None


@linux_only
def test_the_kernel_counts_the_datagrams_that_it_had_no_room_for(kernel):
    with socket.socket(type=socket.SOCK_DGRAM) as server, socket.socket(type=socket.SOCK_DGRAM) as client:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        server.bind(("127.0.0.1", 0))
        for _ in range(20):
            client.sendto(b"x" * 500, server.getsockname())
        assert 0 < kernel.drops(server.getsockname()[1]) < 20
