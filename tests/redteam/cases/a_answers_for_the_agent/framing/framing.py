# @attack  writes the answers of a right run where the agent reports
# @expect  zero
import json
import os

for fd in range(3, 20):
    try:
        for call in range(50):
            os.write(fd, (json.dumps({"op": "returned", "call": call, "value": {"kind": "none"}}) + "\n").encode())
    except OSError:
        pass

def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
