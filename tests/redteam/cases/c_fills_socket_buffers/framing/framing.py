# @attack  connections to itself whose buffers are full, as many as there may be
# @expect  zero
import socket

server = socket.create_server(("127.0.0.1", 0))
held = [server]
try:
    while True:
        client = socket.create_connection(server.getsockname())
        served, _ = server.accept()
        for s in (client, served):
            s.setblocking(False)
            try:
                while s.send(b"x" * 65536):
                    pass
            except BlockingIOError:
                pass
        held += [client, served]
except OSError:
    pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
