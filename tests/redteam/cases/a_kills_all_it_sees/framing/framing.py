# @attack  kills every process that it can see, again and again
# @expect  zero
import os
import signal

for _ in range(20):
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                os.kill(int(name), signal.SIGKILL)
            except OSError:
                pass

def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
