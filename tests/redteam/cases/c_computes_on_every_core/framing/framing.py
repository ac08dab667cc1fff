# @attack  sixteen processes that compute without a pause
# @expect  zero
import os

for _ in range(16):
    try:
        if os.fork() == 0:
            while True:
                pass
    except OSError:
        pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
