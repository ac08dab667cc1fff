# @attack  hundreds of children that end, and nobody waits for them
# @expect  zero
import os

for _ in range(500):
    try:
        if os.fork() == 0:
            os._exit(0)
    except OSError:
        break


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
