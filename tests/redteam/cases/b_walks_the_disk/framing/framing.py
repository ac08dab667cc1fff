# @attack  prints whatever looks like an answer or a secret, and the environment of everybody
# @expect  zero
import glob
import os

for folder, _, names in os.walk("/"):
    if folder.startswith(("/proc", "/sys", "/usr/lib")):
        continue
    for name in names:
        if any(word in name for word in ("reference", "solution", "secret", "answer", "checks")):
            try:
                with open(os.path.join(folder, name)) as f:
                    print("LEAK", f.read(300))
            except (OSError, UnicodeDecodeError):
                pass
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        with open(path) as f:
            print("LEAK", f.read())
    except OSError:
        pass

def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
