# kills: threaded_echo.clients.reset-idle, threaded_echo.clients.reset-midway, threaded_echo.clients.reset-neighbours
# One loop for all clients, and the first one that breaks off ends it with ConnectionResetError.
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
            else:
                data = s.recv(1024)
                if data:
                    s.sendall(data)
                else:
                    inputs.remove(s)
                    s.close()
