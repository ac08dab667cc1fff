# kills: nonblocking_upper.clients.silent-neighbour
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    while True:
        conn, addr = sk.accept()
        try:
            while True:
                msg = conn.recv(1024)
                if not msg:
                    break
                conn.sendall(msg.upper())
        except ConnectionError:
            pass
        conn.close()
