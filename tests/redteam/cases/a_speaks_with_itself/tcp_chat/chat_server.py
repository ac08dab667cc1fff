# @attack  a server that holds the whole conversation with a client of its own, line by line, and hangs up on others
# @expect  not tcp_chat.server.speaks-first
import socket
import threading


def converse(ours, theirs):
    while True:
        ours.sendall(input().encode())
        print(theirs.recv(1024).decode())


def serve(host, port):
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, port))
        server.listen()
        threading.Thread(target=converse, args=socket.socketpair(), daemon=True).start()
        while True:
            server.accept()[0].close()
