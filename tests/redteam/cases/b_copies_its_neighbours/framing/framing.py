# @attack  looks for the work of others
# @expect  zero
import glob

for path in glob.glob("/**/*.py", recursive=True)[:5000]:
    if "honest" in path or "solution" in path or "student" in path:
        with open(path) as f:
            print("LEAK", f.read(500))


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
