# @attack  announces two gibibytes to the receiver
# @expect  zero
import struct


def send_message(sock, text):
    sock.sendall(struct.pack("<i", 2**31 - 1) + text.encode())


def recv_message(sock):
    return sock.recv(2**31 - 1).decode("utf-8", "replace")
