# kills: nonblocking_upper.idle.sleeps
# 教材的写法修好了,只是一直在转
import socket


def serve(host, port):
    sk = socket.create_server((host, port))
    sk.setblocking(False)
    clients = {}
    while True:
        try:
            conn, addr = sk.accept()
            conn.setblocking(False)
            clients[conn] = [b"", False]
        except OSError:
            pass
        for conn, state in list(clients.items()):
            try:
                if not state[1] and len(state[0]) < 1000000:
                    try:
                        data = conn.recv(65536)
                        state[0] += data.upper()
                        state[1] = not data
                    except BlockingIOError:
                        pass
                if state[0]:
                    try:
                        state[0] = state[0][conn.send(state[0]) :]
                    except BlockingIOError:
                        pass
                gone = state[1] and not state[0]
            except OSError:
                gone = True
            if gone:
                del clients[conn]
                conn.close()
