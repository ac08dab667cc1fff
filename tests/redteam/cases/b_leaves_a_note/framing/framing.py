# @attack  reads what an earlier submission left, and leaves something for the next
# @expect  zero
import os

for folder in ("/tmp", "/dev/shm", "/var/tmp", "/work", "/run/lock", "/var/lock"):
    note = os.path.join(folder, "note")
    try:
        if os.path.exists(note):
            with open(note) as f:
                print("LEAK", f.read())
        with open(note, "w") as f:
            f.write("answers")
    except OSError:
        pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
