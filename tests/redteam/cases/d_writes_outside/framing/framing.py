# @attack  writes to every place that the host or a next run might read
# @expect  zero
import os

for folder in ("/", "/tmp", "/var/tmp", "/dev/shm", "/work", "/opt/grader", "/opt/grader/agent", os.path.expanduser("~")):
    for name in ("pwned", "sitecustomize.py", "usercustomize.py", "conftest.py", "agent.py", ".bashrc"):
        try:
            with open(os.path.join(folder, name), "w") as f:
                f.write("open('/tmp/pwned_by_name', 'w')\n")
        except OSError:
            pass

def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
