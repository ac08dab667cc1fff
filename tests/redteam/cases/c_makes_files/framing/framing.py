# @attack  makes three hundred thousand empty files
# @expect  zero
import os

for folder in ("/work", "/tmp", "/dev/shm"):
    for i in range(100_000):
        try:
            os.close(os.open(os.path.join(folder, f"f{i}"), os.O_CREAT | os.O_WRONLY))
        except OSError:
            break


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
