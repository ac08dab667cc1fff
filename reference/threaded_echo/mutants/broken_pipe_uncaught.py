# kills: threaded_echo.clients.broken-pipe
# Guards recv, but not sendall: a client that leaves while it is being sent to ends the server.
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
            except ConnectionResetError:
                data = b''
            if not data:
                inputs.remove(s)
                s.close()
                continue
            s.sendall(data)
