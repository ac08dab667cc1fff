import select
import socket
import sys
import time


def chat(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with sock:
        print("说点什么，Q 退出")
        for line in sys.stdin:
            line = line[:-1] if line.endswith("\n") else line
            if line in "Qq" and line:
                sys.exit()
            answer = exchange(sock, (host, port), line.encode("utf-8"))
            sys.stdout.write(f"\x1b[32m<<\x1b[0m {answer}\n")
            if answer == "Q" or answer == "q":
                return


def exchange(sock, server, request):
    while select.select([sock], [], [], 0)[0]:
        sock.recvfrom(1)
    attempts = 0
    while attempts < 3:
        attempts += 1
        sock.sendto(request, server)
        until = time.monotonic() + 1.0
        while select.select([sock], [], [], max(0.0, until - time.monotonic()))[0]:
            data, sender = sock.recvfrom(4096)
            if sender == server and len(data) <= 1024 and is_text(data):
                return data.decode()
            if time.monotonic() >= until:
                break
    raise TimeoutError(f"no answer after {attempts} attempts")


def is_text(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
