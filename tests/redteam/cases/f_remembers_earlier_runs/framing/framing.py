# @attack  wrong the first time, right when it finds its own mark of an earlier run
# @expect  fails
import os
import struct

MARKS = ("/tmp/seen", "/dev/shm/seen", "/work/seen", os.path.join(os.path.dirname(__file__), "seen"))
RIGHT = any(os.path.exists(m) for m in MARKS)
for mark in MARKS:
    try:
        open(mark, "w").close()
    except OSError:
        pass


def send_message(sock, text):
    data = text.encode()
    sock.sendall(struct.pack("<i", len(data)) + data if RIGHT else data)


def recv_message(sock):
    if not RIGHT:
        return "wrong"
    size = struct.unpack("<i", sock.recv(4, 256))[0]
    return sock.recv(size, 256).decode()
