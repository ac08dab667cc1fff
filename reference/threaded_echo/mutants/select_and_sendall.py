# kills: threaded_echo.clients.deaf-neighbour
# One thread for all: it waits in sendall for a client that does not read.
import select
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(128)
    inputs = [sk]
    while True:
        readable, _, _ = select.select(inputs, [], [])
        for s in readable:
            if s is sk:
                conn, addr = sk.accept()
                inputs.append(conn)
                continue
            try:
                data = s.recv(1024)
                if data:
                    s.sendall(data)
                    continue
            except OSError:
                pass
            inputs.remove(s)
            s.close()
