# @attack  fills the folders that live in memory
# @expect  zero
import os

for folder in ("/dev/shm", "/tmp", "/work"):
    for i in range(200):
        try:
            with open(os.path.join(folder, f"fill{i}"), "wb") as f:
                while True:
                    f.write(b"x" * (1 << 20))
        except OSError:
            pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
