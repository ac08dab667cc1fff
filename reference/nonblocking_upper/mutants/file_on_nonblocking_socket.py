# kills: nonblocking_upper.backpressure.nothing-lost
# A raw file writes what there is room for, and says how much: nobody listens.
import select
import socket


def serve(host, port):
    listener = socket.create_server((host, port), backlog=100)
    listener.setblocking(False)
    files = {}
    while True:
        for sock in select.select([listener, *files], [], [])[0]:
            if sock is listener:
                conn, _ = listener.accept()
                conn.setblocking(False)
                files[conn] = conn.makefile("rwb", buffering=0)
                continue
            try:
                data = files[sock].read(4096)
                if data is None:
                    continue
                files[sock].write(data.upper())
            except OSError:
                data = b""
            if not data:
                files.pop(sock).close()
                sock.close()
