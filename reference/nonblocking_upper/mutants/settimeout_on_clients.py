# kills: nonblocking_upper.backpressure.nothing-lost
# A short time-out instead of no waiting at all; what sendall had sent of it by then is not known.
import select
import socket


def serve(host, port):
    sk = socket.create_server((host, port), backlog=50)
    clients = []
    while True:
        for s in select.select([sk, *clients], [], [])[0]:
            if s is sk:
                conn, addr = sk.accept()
                conn.settimeout(0.001)
                clients.append(conn)
                continue
            try:
                data = s.recv(4096)
                s.sendall(data.upper())
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                clients.remove(s)
                s.close()
