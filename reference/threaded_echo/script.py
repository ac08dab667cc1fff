"""What our side does in `threaded_echo`: clients of every kind, well-behaved and not, one at a time and in crowds.

Chapter part 2, section 1.1. Whatever a client does to the server, the next one, or its neighbour, then asks for an
echo: the echo is the proof that the server is still there.
"""

from functools import partial

from grader.instrument import Connection, Stage, case
from grader.wire import payload
from reference.peers import serving
from reference.peers.endurance import stand_still
from reference.peers.serving import (
    MIB,
    Crowd,
    churn,
    closed,
    noticed,
    numbered,
    patience,
    resources,
    shrunk,
    turn,
    watch,
)

HELLO = b"Hello, server"
STILL = b"still there?"


Server = partial(serving.Server, entry="echo_server:serve")


def hello(client: Connection) -> bytes:
    return turn(client, HELLO)


def plain(stage: Stage, size: int) -> bytes:
    """Letters and digits, and no q: only one case is about what a server makes of other bytes."""
    alphabet = payload.PLAIN.replace("q", "").replace("Q", "")
    unit = "".join(stage.rng.choices(alphabet, k=min(size, 4093))).encode()
    return (unit * (size // len(unit) + 1))[:size]


# --- listening ------------------------------------------------------------------------------------------------------


@case("listen.starts")
def listen(stage: Stage) -> None:
    serving.listens(stage, Server)


@case("listen.restart")
def restart(stage: Stage) -> None:
    serving.restart(stage, Server, hello)


@case("listen.restart-after-kill")
def restart_after_kill(stage: Stage) -> None:
    serving.restart_after_kill(stage, Server, hello)


# --- one client -----------------------------------------------------------------------------------------------------


@case("echo.messages")
def messages(stage: Stage) -> None:
    client = Server(stage).client("a")
    for message in (HELLO, b"second message", b"3"):
        turn(client, message)
    client.finish()
    client.receive_to_end(1000)


@case("echo.long-stream")
def long_stream(stage: Stage) -> None:
    client = Server(stage).client("a")
    for size in (5000, 1024, 4096, 8192):
        turn(client, plain(stage, size))
    client.exchange(plain(stage, MIB + 77), MIB + 77, window=8192)


@case("echo.any-bytes")
def any_bytes(stage: Stage) -> None:
    client = Server(stage).client("a")
    for octet in "好😀".encode():
        turn(client, bytes([octet]))
    turn(client, b"two messages, " + b"glued")
    turn(client, b"  blanks, a line end and more blanks \r\n\t \n")
    turn(client, b"\r\n")
    turn(client, bytes(range(256)))
    turn(client, b"\xff\xfe not UTF-8 \xc3\x28 \xed\xa0\x80 \0 NUL")
    turn(client, "你好".encode()[:4])
    turn(client, b"q")


@case("echo.backpressure")
def backpressure(stage: Stage) -> None:
    """First as much as all the buffers between us hold, at most 8 MiB, and then another one."""
    server = Server(stage)
    client = server.client("a", receive_buffer=65_536)
    data = plain(stage, 9 * MIB)
    sent = client.flood(data[: 8 * MIB])
    stand_still(stage, server.run)
    whole = sent + MIB
    client.exchange(data[sent:whole], whole)


@case("echo.half-close")
def half_close(stage: Stage) -> None:
    """Half of the reply is still in the server's buffer when it closes: nothing is read before."""
    server = Server(stage)
    client = server.client("a", receive_buffer=4096)
    data = plain(stage, 6000)
    client.send(data)
    client.finish()
    client.drained()
    stage.until(lambda: not server.close_wait() or noticed(stage, 0.02), "end", server.run, polling=True)
    client.receive_to_end(len(data))


@case("echo.short-io")
def short_io(stage: Stage) -> None:
    for most in (7, 1):
        stage.mark(f"at most {most} bytes a call")
        client = Server(stage, entry="serve_short", shim=most).client(f"cap {most}")
        for size in (5, 120):
            turn(client, plain(stage, size))
        if stage.over:
            return
        stage.resume()


# --- several clients ------------------------------------------------------------------------------------------------


@case("clients.idle-neighbour")
def idle_neighbour(stage: Stage) -> None:
    server = Server(stage)
    idle = server.client("idle")
    turn(server.client("b"), HELLO)
    turn(idle, STILL)


@case("clients.slow-neighbours")
def slow_neighbours(stage: Stage) -> None:
    server = Server(stage)
    slow = Crowd(stage, server)
    slow.grow(20)
    slow.turn(lambda number: b"%d" % (number % 10))
    turn(server.client("b"), HELLO)
    slow.turn(lambda number: b"%d" % (number % 7))
    stage.measure("slow clients served", slow.served / 2)


@case("clients.fifty")
def fifty(stage: Stage) -> None:
    crowded(stage, 50, rounds=8)


@case("clients.five-hundred")
def five_hundred(stage: Stage) -> None:
    crowded(stage, 500, rounds=1)


def crowded(stage: Stage, count: int, rounds: int) -> None:
    """So many clients are connected; in each round all of them talk at the same time."""
    server = Server(stage)
    crowd = Crowd(stage, server)
    crowd.grow(count)
    stage.measure("clients connected", len(crowd.members))
    for i in range(rounds):
        rest = f"round {i}, ".encode() + plain(stage, 1000)
        if not crowd.turn(numbered(1000, rest)):
            break
    stage.measure("turns served", crowd.served)
    crowd.leave()


# --- clients that are no friends ------------------------------------------------------------------------------------


@case("clients.early-close")
def early_close(stage: Stage) -> None:
    server = Server(stage)
    server.client("rude").close()
    noticed(stage)
    turn(server.client("b"), HELLO)


@case("clients.reset-idle")
def reset_idle(stage: Stage) -> None:
    server = Server(stage)
    rude, ruder = server.client("rude"), server.client("ruder")
    turn(rude, HELLO)
    noticed(stage)
    rude.reset()
    ruder.reset()
    noticed(stage)
    turn(server.client("b"), HELLO)


@case("clients.reset-midway")
def reset_midway(stage: Stage) -> None:
    """One breaks off when the answer lies in its buffer; one with its words, which the server finds together with the
    cut: so it is always its answer that fails."""
    server = Server(stage)
    neighbour = server.client("neighbour")
    turn(neighbour, HELLO)
    unread = server.client("rude")
    unread.step(plain(stage, 5000))
    noticed(stage)
    unread.reset()
    at_once = server.client("ruder")
    turn(at_once, HELLO)
    with serving.paused(stage, server.run):
        at_once.send(plain(stage, 5000))
        at_once.reset()
    noticed(stage)
    turn(server.client("b"), HELLO)
    turn(neighbour, STILL)


@case("clients.broken-pipe")
def broken_pipe(stage: Stage) -> None:
    """While a client does not read, another is served; then it breaks off. One cuts; one closes first, so that the
    server finds a broken pipe in place of a reset."""
    server = Server(stage)
    for name, leave in (("rude", Connection.reset), ("ruder", Connection.close)):
        rude = server.client(name, receive_buffer=4096)
        rude.flood(plain(stage, 8 * MIB))
        turn(server.client(f"neighbour of the {name} one"), HELLO)
        leave(rude)
        noticed(stage)
    turn(server.client("b"), HELLO)


# --- resources ------------------------------------------------------------------------------------------------------


@case("idle")
def idle(stage: Stage) -> None:
    """Nobody but a silent client; then one that comes and goes; the silent one is still served at the end."""
    server = Server(stage)
    silent = server.client("silent")
    turn(silent, HELLO)
    watch(stage, "idle")
    guest = server.client("guest")
    turn(guest, HELLO)
    guest.close()
    watch(stage, "after a client has gone")
    patience(stage, silent)
    stage.mark("the silent client speaks")
    turn(silent, STILL)
    closed(stage, server)


@case("load.churn")
def load(stage: Stage) -> None:
    server = Server(stage)
    message = numbered(8000, plain(stage, 8000))
    churn(stage, server, [10] * 5, message)
    before = resources(stage, server, "before")
    served = churn(stage, server, [10] * 30, message)
    if shrunk(stage, server, before):  # otherwise that is enough
        served += churn(stage, server, [10] * 70, message)
    stage.measure("clients served", served)
    shrunk(stage, server, before)
    resources(stage, server, "after")


# --- stopping -------------------------------------------------------------------------------------------------------


@case("stop.interrupt")
def interrupt(stage: Stage) -> None:
    serving.stop(stage, Server, hello, "SIGINT")


@case("stop.terminate")
def terminate(stage: Stage) -> None:
    serving.stop(stage, Server, hello, "SIGTERM")
