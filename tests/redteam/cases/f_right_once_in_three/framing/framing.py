# @attack  works in one run of three
# @expect  fails
import os
import struct

RIGHT = os.getpid() % 3 == 0


def send_message(sock, text):
    data = text.encode()
    sock.sendall(struct.pack("<i", len(data)) + data if RIGHT else data)


def recv_message(sock):
    if not RIGHT:
        return "wrong"
    size = struct.unpack("<i", sock.recv(4, 256))[0]
    return sock.recv(size, 256).decode()
