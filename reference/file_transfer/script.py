"""What our side does in `file_transfer`: sends files to receive_file, well and badly; receives what send_file sends.

Chapter section 1.7. Every cut is a lock-step cut: a piece is sent only after the student's program has read the one
before. Names that are attacks stay inside the part's own folder, whatever a program makes of them (peers/filenames.py).
"""

import os
from collections.abc import Iterable, Sequence
from itertools import pairwise

from grader.instrument import Connection, Stage, case
from grader.model import Raised, Returned
from grader.wire import frames, payload
from reference.peers import filenames
from reference.peers.endurance import stand_still
from reference.peers.files import (
    LONGEST,
    Receiver,
    Sender,
    collect,
    each,
    header,
    inbox,
    made,
    names,
    opening,
    prepare,
    receiving,
)

KIB, MIB = 1 << 10, 1 << 20
REPORT = ["report.txt"]
SIZES = (0, 1, 1023, 4096, 65_535, 65_536, 65_537)
STREAM, PORTION, TOO_MUCH = 12 * MIB, 512 * KIB, 6 * MIB  # of the memory cases
LINGERS = 6.5  # seconds that we stay connected, at most
RETRIES = 5.0  # seconds for which a sender may go on calling where nobody listens
ALIASES = (("file_name", "file_size"), ("file_name", "filesize"), ("filename", "file_size"), ("name", "size"))
BAD_SIZES = ("-1", '"12"', "1e3", "12.0", "true", "null", "[12]", "", str(2**63))
BAD_HEADERS = (
    b'{"filename": open("evil-p01", "w").name, "filesize": 3}',  # no JSON, but a program
    b"",
    b"not JSON",
    b"[]",
    b'"evil"',
    b"3",
    b"null",
    b"{}",
    b'{"filename": "evil", "filesize": 3',
    b"{'filename': 'evil', 'filesize': 3}",
    b'{"filename": "evil\xff", "filesize": 3}',
    b'{"filename": 5, "filesize": 3}',
    b'{"filename": null, "filesize": 3}',
    b'{"filename": ["evil"], "filesize": 3}',
    b'{"filesize": 3}',
)


FREE_HEADERS = (
    b'{"filesize":300,"filename":"free.txt"}',
    b' {\r\n\t"filename" : "free.txt" ,\n\t"filesize" : 300\n}\n',
    b'{"version": 2, "filename": "free.txt", "tags": ["a", {"filename": "b"}], "filesize": 300, "md5": null}',
)


def words(stage: Stage, size: int) -> bytes:
    return payload.text(stage.rng, size, payload.PLAIN).encode()


def binary(stage: Stage, size: int) -> bytes:
    """Everything that a text mode would change or stumble over."""
    unit = (b"\r\n\x1a\0\n\xff\xfe" + payload.octets(stage.rng, size))[:4093]
    return (unit * (size // len(unit) + 1))[:size]


def cut(data: bytes, points: Iterable[int]) -> list[bytes]:
    """The data cut at those of these offsets that lie inside."""
    return [data[a:b] for a, b in pairwise((0, *(p for p in points if p < len(data)), len(data)))]


# --- receive_file: good transfers -----------------------------------------------------------------------------------


@case("receive.listens")
def receive_listens(stage: Stage) -> None:
    """Two at the same time, so that a fixed port cannot be right twice."""
    for name in ("one", "two"):
        if not stage.over:
            stage.serve("receive", name=name, args={"directories": [inbox(name)]})


@case("receive.one")
def receive_one(stage: Stage) -> None:
    content = words(stage, 1000)
    for sender, name in each(stage, REPORT):
        sender.deliver(name, content)
    if any(isinstance(o, Returned) for o in sender.run.outcomes):
        return
    # What else would this program understand? Each answer names a mistake.
    for dialect, data in dialects(REPORT[0], content, stage.options["byte_order"]).items():
        stage.resume()
        prepare(stage, {"path": inbox(dialect)})
        sender = Sender(stage, dialect, receiving(stage, [dialect], dialect))
        sender.told(REPORT[0], content)
        sender.conn.send(data)
        sender.end()
        stage.list_files()


def dialects(name: str, content: bytes, order: str) -> dict[str, bytes]:
    """One transfer as programs with one typical mistake would put it."""
    right = header(name, len(content))
    found = {"other-order": frames.encode(right, "little" if order == "big" else "big") + content}
    for width in (2, 8):
        found[f"{width}-byte length"] = (
            len(right).to_bytes(width, "big" if order == "big" else "little") + right + content
        )
    for a, b in ALIASES:
        head = right.replace(b"filename", a.encode()).replace(b"filesize", b.encode())
        found[f"{a}, {b}"] = frames.encode(head, order) + content
    return found


@case("receive.sizes")
def receive_sizes(stage: Stage) -> None:
    for sender, size in each(stage, SIZES):
        sender.deliver(f"{size} bytes", payload.octets(stage.rng, size))


@case("receive.binary")
def receive_binary(stage: Stage) -> None:
    for sender, name in each(stage, ["picture.jpg"]):
        transfer(sender, name, binary(stage, 5 * MIB), range(0, 5 * MIB, PORTION))


@case("receive.header-split")
def receive_header_split(stage: Stage) -> None:
    plans: tuple[Iterable[int], ...] = ((1,), (2,), (3,), (4, 10), range(1, 100))
    for sender, points in each(stage, plans):
        transfer(sender, "split.txt", words(stage, 500), points)


@case("receive.glued")
def receive_glued(stage: Stage) -> None:
    """The header and the beginning of the content, or all of it, in one segment."""
    for sender, size in each(stage, (10, 1000, 3000)):
        transfer(sender, "glued.txt", words(stage, 3000), (-size,))


@case("receive.trickled")
def receive_trickled(stage: Stage) -> None:
    for sender, name in each(stage, ["slow.txt"]):
        transfer(sender, name, words(stage, 3000), [-n for n in (3000, 2999, 2998, 2500, 2499, 1200, 1)])


def transfer(sender: Sender, name: str, content: bytes, points: Iterable[int]) -> None:
    """A good transfer, cut at these offsets; those below 0 count from the end."""
    whole = sender.told(name, content) + content
    sender.conn.step(*cut(whole, sorted(p % len(whole) for p in points)))
    sender.end()


@case("receive.like-header")
def receive_like_header(stage: Stage) -> None:
    """A file that holds a whole transfer of another file, and more curly brackets."""
    other = header("other.txt", 5) + b"hello"
    for sender, content in each(stage, (other, opening(stage, other) + b'{"filename": "other.txt"}\n}')):
        transfer(sender, "transfer.log", content, ())


@case("receive.free-header")
def receive_free_header(stage: Stage) -> None:
    content = words(stage, 300)
    for sender, head in each(stage, FREE_HEADERS):
        sender.told("free.txt", content)
        sender.conn.send(opening(stage, head) + content)
        sender.end()


@case("receive.names")
def receive_names(stage: Stage) -> None:
    named(stage, filenames.LEGAL)


@case("receive.dots")
def receive_dots(stage: Stage) -> None:
    named(stage, filenames.DOTS)


@case("receive.longest-name")
def receive_longest_name(stage: Stage) -> None:
    named(stage, filenames.LONGEST)


def named(stage: Stage, wanted: Sequence[str]) -> None:
    for sender, name in each(stage, wanted):
        sender.deliver(name, words(stage, 100))


@case("receive.stays-connected")
def receive_stays_connected(stage: Stage) -> None:
    for sender, name in each(stage, REPORT):
        sender.send(name, words(stage, 1000))
        sender.conn.drained()
        since = stage.now()
        sender.answered(LINGERS)
        stage.measure("lingers", stage.now() - since, "s")
        sender.end()


@case("receive.memory")
def receive_memory(stage: Stage) -> None:
    content = payload.octets(stage.rng, STREAM)
    for sender, name in each(stage, ["film.bin"]):
        idle, grown = stage.watcher.private(), 0
        sender.conn.step(sender.told(name, content))
        for at in range(0, STREAM - PORTION, PORTION):
            if grown <= TOO_MUCH and sender.conn.step(content[at : at + PORTION]):
                grown = max(grown, stage.watcher.private() - idle)
        stage.measure("memory", grown / MIB, "MiB")
        if grown <= TOO_MUCH:
            sender.conn.send(content[-PORTION:])
        sender.end()


# --- receive_file: what is to be refused ----------------------------------------------------------------------------


@case("receive.bad-name")
def receive_bad_name(stage: Stage) -> None:
    refused_names(stage, filenames.ATTACKS)


@case("receive.nul-name")
def receive_nul_name(stage: Stage) -> None:
    refused_names(stage, filenames.NULS)


@case("receive.too-long-name")
def receive_too_long_name(stage: Stage) -> None:
    refused_names(stage, filenames.TOO_LONG)


def refused_names(stage: Stage, wanted: Sequence[str]) -> None:
    content = words(stage, 100)
    for sender, template in each(stage, wanted):
        name = template.replace("{part}", sender.part).replace("{folder}", stage.folder)
        sender.offer(name, header(name, len(content)), content)


@case("receive.short")
def receive_short(stage: Stage) -> None:
    for sender, missing in each(stage, (1000, 2000, 1)):
        broken_off(sender, "short.txt", words(stage, 2000), missing)


@case("receive.short-header")
def receive_short_header(stage: Stage) -> None:
    head = opening(stage, header("short.txt", 500))
    for sender, size in each(stage, (0, 2, 4, 20)):
        broken_off(sender, "short.txt", words(stage, 500), 500 + len(head) - size)


@case("receive.older")
def receive_older(stage: Stage) -> None:
    older = [made(f"{inbox(part)}/report.txt", b"an older, complete report") for part in names(2)]
    for sender, missing in each(stage, (1000, 2000), *older):
        broken_off(sender, "report.txt", words(stage, 2000), missing)


def broken_off(sender: Sender, name: str, content: bytes, missing: int) -> None:
    """The end comes so many bytes too early."""
    whole = sender.told(name, content) + content
    sender.conn.step(*cut(whole[:-missing], (len(whole) - len(content),)))
    sender.end(Raised)


@case("receive.extra")
def receive_extra(stage: Stage) -> None:
    """All of it in one segment: the bytes too many are there when the last of the others is."""
    for sender, (size, more) in each(stage, ((1000, 500), (8000, 1), (0, 10))):
        content = payload.octets(stage.rng, size)
        if sender.conn.step(sender.told("extra.txt", content)):
            sender.conn.send(content + words(stage, more))
        sender.end(Returned, Raised)


@case("receive.reset")
def receive_reset(stage: Stage) -> None:
    content = words(stage, 3000)
    door = stage.listen()
    for sender, name in each(stage, ["found.txt"], again=door.address[1]):
        sender.conn.step(sender.told("lost.txt", content), content[:1000])
        sender.conn.reset()
        sender.answered()
        sender.again(door.accept("door", sender.run))
        sender.deliver(name, content)


@case("receive.restart")
def receive_restart(stage: Stage) -> None:
    """The student's side ends the first connection, so that its port has to wait."""
    door = stage.listen()
    for sender, name in each(stage, ["found.txt"], again=door.address[1]):
        sender.conn.step(opening(stage, b"no JSON"))
        sender.answered()
        sender.conn.close()
        sender.again(door.accept("door", sender.run))
        sender.deliver(name, words(stage, 1000))


@case("receive.bad-size")
def receive_bad_size(stage: Stage) -> None:
    """As many bytes follow as somebody might take for the size."""
    for sender, size in each(stage, BAD_SIZES):
        head = f'{{"filename": "evil", "filesize": {size}}}' if size else '{"filename": "evil"}'
        sender.offer(head, head.encode(), words(stage, {"-1": 0, "true": 1, "1e3": 1000}.get(size, 12)))


@case("receive.bad-header")
def receive_bad_header(stage: Stage) -> None:
    for sender, head in each(stage, BAD_HEADERS):
        sender.offer(head.decode("utf-8", "backslashreplace"), head, b"abc")


@case("receive.deep-header")
def receive_deep_header(stage: Stage) -> None:
    head = b'{"filename": "evil", "filesize": 3, "x": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    for sender, what in each(stage, ["[[[[…"]):
        sender.offer(what, head, b"abc")


@case("receive.bad-length")
def receive_bad_length(stage: Stage) -> None:
    """A header that is too long by one blank; then lengths for which nobody should wait."""
    head = header("evil", 3)
    for sender, length in each(stage, (LONGEST + 1, 0x7FFFFFFF, -1)):
        sender.conn.tell(str(length))
        sender.conn.step(opening(stage, head.ljust(length) if length == LONGEST + 1 else head, length) + b"abc")
        sender.answered()
        sender.end(Raised)


# --- receive_file: other files are there ----------------------------------------------------------------------------


@case("receive.same-name")
def receive_same_name(stage: Stage) -> None:
    for sender, size in each(stage, (3000, 1000), room="p01"):
        sender.deliver("report.txt", words(stage, size))


@case("receive.two-at-once")
def receive_two_at_once(stage: Stage) -> None:
    """Both are in the middle of a file of the same name; the first ends first. The second may wait until then."""
    for one, name in each(stage, ["report.bin"]):
        two = Sender(stage, "p02", receiving(stage, [one.part], "p02"))
        first, second = (payload.octets(stage.rng, size * KIB) for size in (256, 192))
        one.conn.step(one.told(name, first), first[: 128 * KIB])
        two.conn.step(two.told(name, second))
        sent = two.conn.flood(second[: 128 * KIB])
        one.conn.step(first[128 * KIB :])
        one.end()
        two.conn.send(second[sent:])
        two.end()
        two.run.wait()


@case("receive.link")
def receive_link(stage: Stage) -> None:
    """Where the file is to lie, a link is: to a file outside the directory, and to none."""
    links = [{"path": f"{inbox(part)}/report.txt", "target": "../precious.txt"} for part in names(2)]
    for sender, name in each(stage, REPORT * 2, *links, made("p01/box/precious.txt", b"nobody may touch this")):
        sender.deliver(name, words(stage, 1000))


@case("receive.disk-full")
def receive_disk_full(stage: Stage) -> None:
    for sender, name in each(stage, ["big.bin"], most=256 * KIB):
        sender.deliver(name, payload.octets(stage.rng, MIB))


# --- send_file ------------------------------------------------------------------------------------------------------


@case("send.one")
def send_one(stage: Stage) -> None:
    collect(stage, ("report.txt", words(stage, 1000)))


@case("send.byte-length")
def send_byte_length(stage: Stage) -> None:
    collect(stage, ("文件.txt", words(stage, 100)))


@case("send.basename")
def send_basename(stage: Stage) -> None:
    collect(stage, ("a/b/c.txt", words(stage, 100)), ("./notes.txt", words(stage, 100)))


@case("send.sizes")
def send_sizes(stage: Stage) -> None:
    collect(stage, *((f"{size} bytes", payload.octets(stage.rng, size)) for size in SIZES))


@case("send.binary")
def send_binary(stage: Stage) -> None:
    collect(stage, ("picture.jpg", binary(stage, 5 * MIB)))


@case("send.names")
def send_names(stage: Stage) -> None:
    wanted = (*filenames.LEGAL, *filenames.DOTS, filenames.LONGEST[0])
    collect(stage, *((name, words(stage, 100)) for name in wanted))


@case("send.short-io")
def send_short_io(stage: Stage) -> None:
    collect(stage, ("small.txt", b"hello"), ("report.txt", words(stage, 3000)), shim=7)


@case("send.slow-reader")
def send_slow_reader(stage: Stage) -> None:
    content = payload.octets(stage.rng, STREAM)
    prepare(stage, made("p01/film.bin", content))
    receiver = Receiver(stage, "p01/film.bin", receive_buffer=4096, door=True)
    conn = receiver.accept("p01")
    stage.settle(0.03)
    stage.measure("memory", (stage.watcher.private() - receiver.idle) / MIB, "MiB")
    stand_still(stage, receiver.run)
    receiver.hear(conn, content)
    receiver.end()


@case("send.missing")
def send_missing(stage: Stage) -> None:
    prepare(stage, {"path": "p01"}, {"path": "p02/folder"}, made("p03/secret.txt", b"not for you", mode=0))
    paths = ["p01/missing.txt", "p02/folder", "p03/secret.txt"]
    for path in paths[: 2 if os.geteuid() == 0 else 3]:  # root may read everything
        if not stage.over:
            receiver = Receiver(stage, path, name=path[:3])
            receiver.accept(path[:3]).close()
            receiver.end()


@case("send.grows")
def send_grows(stage: Stage) -> None:
    changed_while_sent(stage, 7 * MIB)


@case("send.shrinks")
def send_shrinks(stage: Stage) -> None:
    changed_while_sent(stage, MIB)


def changed_while_sent(stage: Stage, size: int) -> None:
    """A file of 6 MiB gets another size when its size has been told, while all buffers between us are full."""
    path, content = "p01/changing.log", payload.octets(stage.rng, 6 * MIB)
    prepare(stage, made(path, content))
    receiver = Receiver(stage, path, receive_buffer=4096)
    conn = receiver.accept("p01")
    receiver.hear_header(conn)
    stage.settle(0.03)
    stage.mark("the file gets another size")
    stage.start("resize", {"path": path, "size": size}, name="resize").wait()
    receiver.hear_content(conn, content)
    receiver.end()


@case("send.refused")
def send_refused(stage: Stage) -> None:
    prepare(stage, made("p01/report.txt", words(stage, 100)))
    args = {"host": "127.0.0.1", "port": stage.free_port(), "paths": ["p01/report.txt"]}
    stage.start("send", args, name="p01").wait(RETRIES)


@case("send.reset")
def send_reset(stage: Stage) -> None:
    """One cuts; one closes first, so that the program finds a broken pipe in place of a reset."""
    prepare(stage, made("p01/film.bin", payload.octets(stage.rng, 6 * MIB)))
    for part, leave in (("p01", Connection.reset), ("p02", Connection.close)):
        receiver = Receiver(stage, "p01/film.bin", name=part)
        conn = receiver.accept(part)
        conn.receive(1000)
        leave(conn)
        receiver.end()
        if stage.over:
            return
