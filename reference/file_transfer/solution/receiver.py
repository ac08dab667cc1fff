"""The model answer: the header is checked before anything is written, and a file gets its name when it is whole."""

import json
import os
import socket
import struct
import tempfile

CHUNK = 65_536
LONGEST_HEADER = 65_536
LONGEST_NAME = 255
MOMENT = 0.1  # seconds in which the end, or bytes too many, may follow the last byte


def receive_file(host: str, port: int, directory: str) -> str:
    with socket.create_server((host, port)) as listener:
        sock, _ = listener.accept()
    with sock:
        (length,) = struct.unpack("<i", _recv_exactly(sock, 4))
        if not 0 < length <= LONGEST_HEADER:
            raise ValueError(f"a header of {length} bytes")
        name, size = _read_header(_recv_exactly(sock, length))
        descriptor, partial = tempfile.mkstemp(dir=directory)
        try:
            with open(descriptor, "wb") as file:
                _copy(sock, file, size)
            _expect_end(sock)
            path = os.path.join(directory, name)
            os.replace(partial, path)
        except BaseException:
            os.unlink(partial)
            raise
        return path


def _read_header(raw: bytes) -> tuple[str, int]:
    try:
        header = json.loads(raw.decode("utf-8"))
    except RecursionError:
        raise ValueError("the header is nested too deeply") from None
    if not isinstance(header, dict):
        raise ValueError("the header is no JSON object")
    name, size = header.get("filename"), header.get("filesize")
    if type(size) is not int or size < 0:
        raise ValueError(f"no size: {size!r}")
    if not isinstance(name, str) or name in ("", ".", "..") or any(c in name for c in "/\\\0"):
        raise ValueError(f"no bare name: {name!r}")
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise ValueError("the name is too long")
    return name, size


def _recv_exactly(sock, size):
    data = bytearray()
    while len(data) < size:
        chunk = sock.recv(size - len(data))
        if not chunk:
            raise ConnectionError("the sender ended inside the header")
        data += chunk
    return bytes(data)


def _copy(sock, file, size):
    while size:
        chunk = sock.recv(min(CHUNK, size))
        if not chunk:
            raise ConnectionError(f"the sender ended {size} bytes too early")
        file.write(chunk)
        size -= len(chunk)


def _expect_end(sock):
    sock.settimeout(MOMENT)
    try:
        if sock.recv(1):
            raise ValueError("more bytes came than were announced")
    except TimeoutError:
        pass  # it stays connected; the file is whole
