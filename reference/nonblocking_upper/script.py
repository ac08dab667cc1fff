"""What our side does in `nonblocking_upper`: clients that talk, are silent, do not read or break off.

Chapter part 2, section 1.2. The server has one thread, so a client's turn that comes back is the proof that nobody
stops it. Right programs may go round without a pause (the chapter's own does): what they never do, a bystander tells.
"""

from __future__ import annotations

from grader.instrument import Connection, Stage, case
from grader.instrument.procfs import asleep
from grader.model import Flow
from grader.wire import payload
from reference.peers import serving
from reference.peers.serving import Bystander, Crowd, Server, churn, closed, noticed, numbered, turn, watch

MIB = 1 << 20
HELLO = b"Hello, server"
STILL = b"still there?"
ENTRY = "upper_server:serve"
SPIN = 0.9  # share of the time in which a thread runs or wants to run
OVERFLOW = 5 * MIB // 2  # twice as much as the system keeps for a reluctant client
REST = 48 * 1024  # more than the system keeps on the side of a reluctant client, and less than on both sides
OFFERED = 64 * MIB
ENOUGH = 49 * MIB  # growth of memory that shows that a queue has no bound
PORTION = 1 << 19
INFINITY = float("inf")
SLOW = 3.0  # seconds in which a server has not taken what was offered: its queue is copied at every step
AGAIN = "it queues slowly: once more, with more bytes a call"


def upper(data: bytes) -> bytes:
    return data.upper()


def start(stage: Stage, port: int = 0, *, name: str = "server", entry: str = ENTRY, shim: int = 0) -> Server:
    server = alone(stage, port, name=name, entry=entry, shim=shim)
    stage.bystander = Bystander(server.address).turns
    return server


def alone(stage: Stage, port: int = 0, *, name: str = "server", entry: str = ENTRY, shim: int = 0) -> Server:
    """Without a bystander: where another client would change what happens, or where the program has time to stop."""
    stage.bystander = None
    return Server(stage, port, entry=entry, name=name, shim=shim)


def hello(client: Connection) -> bytes:
    return turn(client, HELLO)


def welcome(server: Server, name: str) -> Connection:
    """A client that has been served, so that none waits to be accepted when the next one calls."""
    client = server.client(name)
    hello(client)
    return client


def reluctant(server: Server, name: str) -> Connection:
    """A client for which the system keeps little: what it does not read is soon left to the server."""
    return server.client(name, receive_buffer=16_384, segment=1460)


def plain(stage: Stage, size: int) -> bytes:
    """Letters, most of them small, and digits; no q, because only one case is about words."""
    alphabet = payload.PLAIN.replace("q", "").replace("Q", "").replace("XYZ", "xyz")
    unit = "".join(stage.rng.choices(alphabet, k=min(size, 4093))).encode()
    return (unit * (size // len(unit) + 1))[:size]


class Due:
    """Adds up what is due to a client whose stream is too long for one message."""

    def __init__(self, stage: Stage, client: Connection) -> None:
        self._stage, self._client, self._meter = stage, client, payload.FlowMeter()
        self.late = False  # more would have been taken, if there had been more time

    @property
    def size(self) -> int:
        return self._meter.size

    def add(self, data: bytes) -> None:
        self._meter.add(data.upper())

    def read(self, but: int = 0) -> None:
        """All of it, but for so many bytes, a portion at a time: a slow server has time for each."""
        client, size = self._client, self.size - but
        while client.alive and not self._stage.over and client.received < size:
            client.receive(min(PORTION, size - client.received))

    def record(self) -> None:
        meter = self._meter
        self._stage.record(Flow(self._stage.now(), self._client.name, "due", meter.size, meter.blocks(), meter.head))


# --- listening and stopping -----------------------------------------------------------------------------------------


@case("listen.starts")
def listen(stage: Stage) -> None:
    serving.listens(stage, alone)


@case("listen.restart")
def restart(stage: Stage) -> None:
    serving.restart(stage, alone, hello)


@case("listen.restart-after-kill")
def restart_after_kill(stage: Stage) -> None:
    serving.restart_after_kill(stage, start, hello)


@case("stop.interrupt")
def interrupt(stage: Stage) -> None:
    serving.stop(stage, alone, hello, "SIGINT")


@case("stop.terminate")
def terminate(stage: Stage) -> None:
    serving.stop(stage, alone, hello, "SIGTERM")


# --- one client -----------------------------------------------------------------------------------------------------


@case("upper.messages")
def messages(stage: Stage) -> None:
    """Another client's call makes some programs let go of a connection that they never close: so there is none.

    The first words come when the server has taken the connection and, if it will, gone to sleep again.
    """
    client = alone(stage).client("a")
    noticed(stage, 0.1)
    for message in (HELLO, b"second message", b"3 wusir"):
        turn(client, message)
    client.finish()
    client.receive_to_end(1000)


@case("upper.long-stream")
def long_stream(stage: Stage) -> None:
    client = alone(stage).client("a")
    due = Due(stage, client)
    for size in (5000, 1024, 4096, 8192):
        due.add(message := plain(stage, size))
        turn(client, message)
    due.add(stream := plain(stage, MIB + 77))
    client.exchange(stream, len(stream), window=8192)
    due.record()


@case("upper.any-bytes")
def any_bytes(stage: Stage) -> None:
    client = alone(stage).client("a")
    for octet in "好é😀".encode():
        turn(client, bytes([octet]))
    turn(client, "die große Straße, ŉ, éàü".encode())
    turn(client, b"two messages, " + b"glued")
    turn(client, b"  blanks, a line end and more blanks \r\n\t \n")
    turn(client, b"\r\n")
    turn(client, bytes(range(256)))
    turn(client, b"\xff\xfe not utf-8 \xc3\x28 \xed\xa0\x80 \0 nul")
    turn(client, "你好".encode()[:4])
    turn(client, b"q")


@case("upper.short-io")
def short_io(stage: Stage) -> None:
    for most in (7, 1):
        stage.mark(f"at most {most} bytes a call")
        client = start(stage, entry="serve_short", shim=most).client(f"cap {most}")
        for size in (5, 120):
            turn(client, plain(stage, size))
        if stage.over:
            return
        stage.resume()


# --- several clients ------------------------------------------------------------------------------------------------


@case("clients.silent-neighbour")
def silent_neighbour(stage: Stage) -> None:
    """One is silent, another talks; then both talk in turn. Where that fails, how the server is without any client."""
    server = start(stage)
    silent, talker = server.client("silent"), server.client("b")
    slept = 0.0
    for message in (HELLO, STILL, HELLO):
        talker.send(message)
        slept += slept_on(stage, talker)
        talker.receive(len(message))
    stage.measure("slept on unread bytes", slept, "s")
    turn(silent, STILL)
    for i in range(1, 30):
        turn(silent, b"wusir %d " % i * 6)
        turn(talker, b"alex %d " % i * 6)
    if stage.over:
        stage.resume()
        start(stage, name="alone")
        watch(stage, "without clients")


def slept_on(stage: Stage, client: Connection) -> float:
    """Until its bytes are read: seconds for which the program slept meanwhile, and did not even want to run."""
    slept, before, since = 0.0, stage.watcher.tasks(), stage.now()

    def read() -> bool:
        nonlocal slept, before, since
        queues, after, now = client.queues(), stage.watcher.tasks(), stage.now()
        if queues and queues[1] and asleep(before, after):
            slept += now - since
        before, since = after, now
        return queues is None or not queues[1]

    stage.until(read, "read", client.run, polling=True)
    return slept


@case("clients.slow-neighbours")
def slow_neighbours(stage: Stage) -> None:
    server = start(stage)
    slow = Crowd(stage, server, upper)
    slow.grow(20)
    slow.turn(lambda number: b"%c" % (97 + number % 10))
    turn(server.client("b"), HELLO)
    slow.turn(lambda number: b"%c" % (97 + number % 7))
    stage.measure("slow clients served", slow.served / 2)


@case("clients.fifty")
def fifty(stage: Stage) -> None:
    crowded(stage, start(stage), 50, rounds=8)


@case("clients.two-hundred")
def two_hundred(stage: Stage) -> None:
    """One of them does not read what it asked for."""
    server = start(stage)
    reluctant(server, "stalled").flood(plain(stage, OVERFLOW))
    crowded(stage, server, 200, rounds=1)


def crowded(stage: Stage, server: Server, count: int, rounds: int) -> None:
    """So many clients are connected; in each round all of them talk at the same time."""
    crowd = Crowd(stage, server, upper)
    crowd.grow(count)
    stage.measure("clients connected", len(crowd.members))
    for i in range(rounds):
        if not crowd.turn(numbered(1000, f"round {i}, ".encode() + plain(stage, 1000))):
            break
    stage.measure("turns served", crowd.served)
    crowd.leave()


# --- clients that do not read ---------------------------------------------------------------------------------------


@case("backpressure.stalled")
def stalled(stage: Stage) -> None:
    """A client sends and does not read; meanwhile a neighbour and a new client are served. Then it reads."""
    server = start(stage)
    client, neighbour = reluctant(server, "a"), server.client("b")
    turn(neighbour, HELLO)
    due = offer(stage, client, OVERFLOW)
    stage.measure("bytes on their way", due.size)
    stage.measure("threads", stage.watcher.threads())
    stage.measure("processes", len(stage.watcher.pids()))
    turn(neighbour, STILL)
    turn(server.client("newcomer"), HELLO)
    due.read()
    due.record()


@case("backpressure.bounded")
def bounded(stage: Stage) -> None:
    """64 MiB are offered by a client that does not read. Then it reads, and the connection goes on."""
    if not fills(stage, start(stage), SLOW * stage.pace()):
        stage.mark(AGAIN)
        stage.resume()
        fills(stage, start(stage, entry="serve_generously"), 10 * SLOW * stage.pace(), "again ")


def fills(stage: Stage, server: Server, seconds: float, prefix: str = "") -> bool:
    """False where the server has been too slow to tell whether its queue has a bound."""
    client, neighbour = reluctant(server, prefix + "a"), server.client(prefix + "b")
    turn(neighbour, HELLO)
    before = stage.watcher.memory()
    due = offer(stage, client, OFFERED, before + ENOUGH, seconds)
    grown = stage.watcher.memory() - before
    stage.measure(f"{prefix}bytes taken", due.size)
    stage.measure(f"{prefix}memory grown", grown / MIB, "MiB")
    stage.measure(f"{prefix}too slow", due.late)
    if due.late:
        return False
    turn(neighbour, STILL)
    if grown <= ENOUGH:
        due.read()
        due.add(STILL)
        client.send(STILL)
        due.read()
        due.record()
    return True


@case("backpressure.half-close")
def half_close(stage: Stage) -> None:
    """The client's FIN comes while most of the reply still waits in the server; the rest is read when that has closed,
    and lies in the system's buffers."""
    server = start(stage)
    client = reluctant(server, "a")
    due = offer(stage, client, OVERFLOW)
    client.finish()
    noticed(stage)
    due.read(but=REST)
    noticed(stage)
    due.read()
    due.record()
    client.receive_to_end(due.size)


def offer(stage: Stage, client: Connection, size: int, memory: float = INFINITY, seconds: float = INFINITY) -> Due:
    """Sends so much as far as it is taken, and reads nothing; no more once the program needs so much memory or time."""
    due, body, most, began = Due(stage, client), plain(stage, PORTION), PORTION, stage.now()
    while due.size < size and not due.late and client.alive and not stage.over and stage.watcher.memory() <= memory:
        portion, now = (b"from byte %d on: " % due.size + body)[: min(most, size - due.size)], stage.now()
        taken = client.flood(portion, wait=False)
        due.add(portion[:taken])
        if taken < len(portion):
            return due
        most = PORTION if stage.now() - now < seconds / 10 else PORTION // 16
        due.late = stage.now() - began > seconds
    if not due.late:
        client.flood(b"")
    return due


# --- clients that are no friends ------------------------------------------------------------------------------------


@case("clients.early-close")
def early_close(stage: Stage) -> None:
    server = alone(stage)
    server.client("rude").close()
    noticed(stage)
    turn(server.client("b"), HELLO)


@case("clients.reset-idle")
def reset_idle(stage: Stage) -> None:
    server = alone(stage)
    welcome(server, "rude").reset()
    noticed(stage)
    turn(server.client("b"), HELLO)


@case("clients.reset-midway")
def reset_midway(stage: Stage) -> None:
    """One breaks off when the answer lies in its buffer; one with its words, which the server finds together with the
    cut: so it is always its answer that fails."""
    server = start(stage)
    neighbour = server.client("neighbour")
    turn(neighbour, HELLO)
    unread = server.client("rude")
    unread.step(plain(stage, 5000))
    noticed(stage)
    unread.reset()
    at_once = welcome(server, "ruder")
    with serving.paused(stage, server.run):
        at_once.send(plain(stage, 5000))
        at_once.reset()
    noticed(stage)
    turn(server.client("b"), HELLO)
    turn(neighbour, STILL)


@case("clients.broken-pipe")
def broken_pipe(stage: Stage) -> None:
    """One cuts; one closes first, so that the server finds a broken pipe in place of a reset."""
    server = start(stage)
    for name, leave in (("rude", Connection.reset), ("ruder", Connection.close)):
        rude = reluctant(server, name)
        rude.flood(plain(stage, OVERFLOW))
        leave(rude)
        noticed(stage)
    turn(server.client("b"), HELLO)


@case("clients.leave-together")
def leave_together(stage: Stage) -> None:
    """While the server is stopped, ten clients end, in every way there is, and others speak; then it goes on."""
    server = start(stage)
    names = ["neighbour", *(f"leaving {i}" for i in range(1, 11)), "late"]
    neighbour, *leaving, late = [welcome(server, name) for name in names]
    with serving.paused(stage, server.run):
        for client in leaving[:3]:
            client.close()
        for client in leaving[3:6]:
            client.reset()
        for client in leaving[6:8]:
            client.send(HELLO)
            client.close()
        for client in leaving[8:]:
            client.send(HELLO)
            client.reset()
        neighbour.send(STILL)
        late.send(STILL)
    neighbour.receive(len(STILL))
    late.receive(len(STILL))
    noticed(stage)
    turn(neighbour, HELLO)
    turn(server.client("b"), HELLO)


@case("clients.gone-before-accept")
def gone_before_accept(stage: Stage) -> None:
    """A client that has broken off before the server takes its connection."""
    server = start(stage)
    with serving.paused(stage, server.run):
        server.client("gone").reset()
    noticed(stage)
    turn(server.client("b"), HELLO)


# --- resources ------------------------------------------------------------------------------------------------------


@case("idle")
def idle(stage: Stage) -> None:
    """Fifty silent clients, and one that has come and gone. A server that spins then is also seen without that one; and
    one that waits with a time-out is given the time to lose its patience."""
    server = start(stage)
    crowd = Crowd(stage, server, upper)
    crowd.grow(49)
    silent, guest = server.client("silent"), server.client("guest")
    turn(silent, HELLO)
    turn(guest, HELLO)
    guest.finish()
    guest.receive_to_end(1000)
    guest.close()
    noticed(stage)
    busy = watch(stage, "after a client has gone") > SPIN
    closed(stage, server)
    turn(silent, STILL)
    serving.patience(stage, silent)
    turn(silent, HELLO)
    crowd.leave()
    if busy:
        stage.resume()
        turn(start(stage, name="without guest").client("idle"), HELLO)
        watch(stage, "without a guest")


@case("load.churn")
def load(stage: Stage) -> None:
    server = start(stage)
    message = numbered(8000, plain(stage, 8000))
    churn(stage, server, [10] * 5, message, upper)
    before = serving.resources(stage, server, "before")
    served = churn(stage, server, [10] * 30, message, upper)
    if not serving.grown(stage, before):  # otherwise that is enough
        served += churn(stage, server, [10] * 70, message, upper)
    stage.measure("clients served", served)
    stage.until(lambda: server.close_wait() == 0 and not serving.grown(stage, before), "end", server.run, polling=True)
    serving.resources(stage, server, "after")


@case("load.few-files")
def few_files(stage: Stage) -> None:
    """More clients than the server has file descriptors for; then most of them leave, and those who wait are served."""
    server = start(stage, entry="serve_with_few_files")
    first = server.client("first")
    turn(first, HELLO)
    guests = []
    while len(guests) < 60 and served_in_time(stage, server, first):
        guests.append(server.client(f"guest {len(guests) + 1}"))
    stage.measure("clients connected", len(guests))
    turn(first, STILL)
    for guest in guests[:-1]:
        guest.close()
    stage.mark("most of them have left")
    turn(guests[-1], HELLO)


def served_in_time(stage: Stage, server: Server, first: Connection) -> bool:
    """Nobody waits to be accepted after another client has been served a few times."""
    for _ in range(4):
        listener = stage.watcher.listener(server.address)
        if listener is not None and listener.rx == 0:
            return True
        turn(first, STILL)
    return False
