import socket
import struct

LIMIT = 1048576


def send_message(sock, text):
    encoded = text.encode()
    if len(encoded) > LIMIT:
        raise ValueError("text is longer than 1 MiB")
    sock.sendall(struct.pack(f"<i{len(encoded)}s", len(encoded), encoded))


def recv_message(sock):
    try:
        header = b"".join(_pieces(sock, 4))
    except EOFError as e:
        if e.args[0] == 4:
            return None
        raise ConnectionError("connection closed inside a header") from None
    size = struct.unpack("<i", header)[0]
    if size < 0 or size > LIMIT:
        raise ValueError(f"size {size}")
    try:
        return b"".join(_pieces(sock, size)).decode()
    except EOFError:
        raise ConnectionError("connection closed inside a message") from None


def _pieces(sock, missing):
    # MSG_WAITALL mostly gives all at once, but may not: with a timeout, or when a signal comes
    while missing:
        piece = sock.recv(missing, socket.MSG_WAITALL)
        if not piece:
            raise EOFError(missing)
        yield piece
        missing -= len(piece)
