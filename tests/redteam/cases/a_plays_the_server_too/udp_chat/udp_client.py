# @attack  a client that talks to a server of its own, and prints the answers that any server would give
# @expect  zero
import socket
import threading


def answer(sock):
    while True:
        _, sender = sock.recvfrom(2048)
        sock.sendto("收到".encode(), sender)


def chat(host, port):
    own = socket.socket(type=socket.SOCK_DGRAM)
    own.bind(("127.0.0.1", 0))
    threading.Thread(target=answer, args=(own,), daemon=True).start()
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        while True:
            try:
                line = input()
            except EOFError:
                return
            if line in ("Q", "q"):
                return
            sock.sendto(line.encode(), own.getsockname())
            print(sock.recv(2048).decode())
