# @attack  keeps all that comes, and all that is to be sent, in the memory of a child, so that its own process stays small
# @expect  not large_transfer.recv.memory, large_transfer.send.memory
import os
import struct


def exactly(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data


def split(data, size=65_536):
    return [data[i : i + size] for i in range(0, len(data), size)]


def merge(pieces):
    return b"".join(pieces)


def keeper():
    """A child that reads to the end before it gives back anything: (file to write to, file to read from)."""
    reading, writing = os.pipe()
    back, out = os.pipe()
    if os.fork() == 0:
        os.close(writing)
        os.close(back)
        with open(reading, "rb") as file, open(out, "wb") as answer:
            answer.write(file.read())
        os._exit(0)
    os.close(reading)
    os.close(out)
    return open(writing, "wb"), open(back, "rb")


def send_stream(sock, source):
    given, back = keeper()
    total = 0
    with given:
        while piece := source.read(65_536):
            given.write(piece)
    with back:
        while piece := back.read(65_536):
            sock.sendall(struct.pack("<i", len(piece)) + piece)
            total += len(piece)
    sock.sendall(struct.pack("<i", 0))
    os.wait()
    return total


def recv_stream(sock, sink):
    given, back = keeper()
    total = 0
    with given:
        while size := struct.unpack("<i", exactly(sock, 4))[0]:
            if not 0 < size <= 65_536:
                raise ValueError(size)
            given.write(exactly(sock, size))
            total += size
    with back:
        while piece := back.read(65_536):
            sink.write(piece)
    os.wait()
    return total
