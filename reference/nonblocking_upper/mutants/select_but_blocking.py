# kills: nonblocking_upper.backpressure.neighbours
# select tells who has sent something; the sockets themselves are blocking ones.
import select
import socket


def serve(host, port):
    listener = socket.create_server((host, port))
    clients = []
    while True:
        for sock in select.select([listener, *clients], [], [])[0]:
            if sock is listener:
                conn, _ = listener.accept()
                clients.append(conn)
                continue
            try:
                data = sock.recv(4096)
                sock.sendall(data.upper())
            except ConnectionError:
                data = b""
            if not data:
                clients.remove(sock)
                sock.close()
