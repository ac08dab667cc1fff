"""Ten plain probes of a length-prefix server, as they are written without any isolation: start it, talk, compare."""

import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

SERVER = Path(__file__).with_name("server.py")
TEXTS = (b"Parallel", b"", "你好".encode(), b"x", b"\n\n", b"a" * 1000, b"b" * 65536, b"\0\1\2", b"  ", b"end")


def probe(text: bytes, cut: int) -> bool:
    """One fresh server, one frame sent in two pieces, the echo compared."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, str(SERVER), str(port)])
    try:
        sock = connect(port)
        frame = struct.pack("<i", len(text)) + text
        sock.sendall(frame[:cut])
        sock.sendall(frame[cut:])
        got = b""
        while len(got) < len(frame):
            got += sock.recv(65536)
        sock.close()
        return got == frame
    finally:
        server.kill()
        server.wait()


def connect(port: int) -> socket.socket:
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 5)
        except ConnectionRefusedError:
            time.sleep(0.005)  # what such probes do; ours wait for the LISTEN row
