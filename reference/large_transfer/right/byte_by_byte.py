"""Slow and right: recv(1) for the length, send in a loop, pieces of odd sizes, the sink's own count."""


def split(data, size=65536):
    if size < 1:
        raise ValueError
    piece = bytearray()
    for byte in data:
        piece.append(byte)
        if len(piece) == size:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def merge(pieces):
    data = bytearray()
    for piece in pieces:
        for byte in piece:
            data.append(byte)
    return bytes(data)


def send_all(sock, data):
    while data:
        data = data[sock.send(data):]


def send_stream(sock, source):
    size = 1
    piece = source.read(size)
    while piece:
        send_all(sock, len(piece).to_bytes(4, "little") + piece)
        size = size * 2 % 65521 + 1
        piece = source.read(size)
    send_all(sock, b"\0\0\0\0")


def recv_stream(sock, sink):
    before = sink.tell()
    while True:
        head = b""
        while len(head) < 4:
            byte = sock.recv(1)
            if not byte:
                raise ConnectionError("end of stream in a length")
            head += byte
        size = int.from_bytes(head, "little", signed=True)
        if size not in range(65537):
            raise ValueError(size)
        if size == 0:
            break
        while size:
            part = sock.recv(min(size, 999))
            if part == b"":
                raise ConnectionError("end of stream in a piece")
            sink.write(part)
            size -= len(part)
    return sink.tell() - before
