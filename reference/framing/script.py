from grader.instrument import Stage, case
from grader.wire import frames

@case("recv.one")
def recv_one(stage: Stage) -> None:
    peer = stage.listen()
    run = stage.start("receive", {"host": peer.address[0], "port": peer.address[1]})
    conn = peer.accept("a", run)
    conn.tell("Parallel")
    conn.step(frames.encode(b"Parallel"))
    run.wait_outcomes(1)
    conn.finish()
    run.wait()

@case("recv.split")
def recv_split(stage: Stage) -> None:
    peer = stage.listen()
    run = stage.start("receive", {"host": peer.address[0], "port": peer.address[1]})
    conn = peer.accept("a", run)
    conn.tell("Parallel")
    conn.step(*[bytes([b]) for b in frames.encode(b"Parallel")])
    run.wait_outcomes(1)
    conn.finish()
    run.wait()
