"""sendmsg for header and text at once, recvmsg_into for what comes."""

import socket
import struct

LIMIT = 1_048_576


def send_message(sock: socket.socket, text: str) -> None:
    body = text.encode("utf-8")
    if len(body) > LIMIT:
        raise ValueError(f"{len(body)} bytes")
    buffers = [memoryview(struct.pack("<i", len(body))), memoryview(body)]
    while buffers:
        sent = sock.sendmsg(buffers)
        while buffers and sent >= len(buffers[0]):
            sent -= len(buffers.pop(0))
        if buffers:
            buffers[0] = buffers[0][sent:]


def recv_message(sock: socket.socket) -> str | None:
    head = bytearray(4)
    match _into(sock, head):
        case 0:
            return None
        case 1 | 2 | 3 as n:
            raise ConnectionError(f"only {n} bytes of a length")
    (length,) = struct.unpack("<i", head)
    if length < 0 or length > LIMIT:
        raise ValueError(f"length {length}")
    body = bytearray(length)
    if _into(sock, body) != length:
        raise ConnectionError("message cut off")
    return body.decode("utf-8")


def _into(sock: socket.socket, target: bytearray) -> int:
    done = 0
    while done < len(target):
        count, _, _, _ = sock.recvmsg_into([memoryview(target)[done:]])
        if not count:
            break
        done += count
    return done
