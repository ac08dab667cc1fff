# @attack  the solution under other names: a black box sees a right program; the instructor is told
# @expect  full
import socket
import struct

MAXIMUM = 1_048_576  # 1 MiB


def send_message(verbindung: socket.socket, nachricht: str) -> None:
    payload = nachricht.encode("utf-8")
    if len(payload) > MAXIMUM:
        raise ValueError(f"a message of {len(payload)} bytes is longer than {MAXIMUM}")
    verbindung.sendall(struct.pack("<i", len(payload)) + payload)


def recv_message(verbindung: socket.socket) -> str | None:
    laenge = read_all(verbindung, 4)
    if not laenge:
        return None
    if len(laenge) < 4:
        raise ConnectionError("the peer ended inside a length")
    (n,) = struct.unpack("<i", laenge)
    if not 0 <= n <= MAXIMUM:
        raise ValueError(f"a length of {n}")
    payload = read_all(verbindung, n)
    if len(payload) < n:
        raise ConnectionError("the peer ended inside a message")
    return payload.decode("utf-8")


def read_all(verbindung: socket.socket, n: int) -> bytes:
    """`n` bytes, or fewer if the peer ended before."""
    bisher = bytearray()
    while len(bisher) < n:
        stueck = verbindung.recv(n - len(bisher))
        if not stueck:
            break
        bisher += stueck
    return bytes(bisher)
