# @attack  a fork bomb, bounded at 3000
# @expect  zero
import os
import time

for _ in range(3000):
    try:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
    except OSError:
        time.sleep(0.001)

def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
