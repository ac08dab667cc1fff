# @attack  leaves result files of every kind in every place it may write to
# @expect  zero
import atexit
import glob
import os

JSON = '{"schema": 1, "score": 100, "max_score": 100, "exercises": [], "verdict": "pass", "tests": [{"status": "passed"}]}'


def write():
    for folder in {"/tmp", "/work", "/dev/shm", os.getcwd(), *glob.glob("/tmp/*/")}:
        for name in ("results.json", "result.json", "summary.json", "junit.xml", "last.json", "journal.jsonl"):
            try:
                with open(os.path.join(folder, name), "w") as f:
                    f.write(JSON)
            except OSError:
                pass


write()
atexit.register(write)


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
