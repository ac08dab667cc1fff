# @attack  the right answer, written by somebody else: a black box cannot see it
# @expect  full
import struct

LIMIT = 1 << 20


def send_message(sock, text):
    data = text.encode()
    if len(data) > LIMIT:
        raise ValueError(f"{len(data)} bytes")
    sock.sendall(struct.pack("<i", len(data)) + data)


def recv_message(sock):
    head = exactly(sock, 4, may_end=True)
    if head is None:
        return None
    (size,) = struct.unpack("<i", head)
    if not 0 <= size <= LIMIT:
        raise ValueError(f"{size} bytes")
    return exactly(sock, size).decode()


def exactly(sock, size, may_end=False):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            if may_end and not data:
                return None
            raise ConnectionError(f"the end after {len(data)} of {size} bytes")
        data += piece
    return data
