# @attack  raw and packet sockets, vsock, and other families that no exercise needs
# @expect  zero
import socket

for family, kind, protocol in ((17, 3, 3), (2, 3, 1), (40, 1, 0), (38, 5, 0), (16, 3, 15), (29, 3, 1)):
    try:
        socket.socket(family, kind, protocol).close()
        print("opened", family)
    except OSError:
        pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
