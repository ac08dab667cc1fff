# kills: nonblocking_upper.clients.leave-together
# The chapter's way with a dictionary of queues; those who end are deleted while the loop goes over it.
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    sk.setblocking(False)
    queues = {}
    while True:
        try:
            conn, addr = sk.accept()
            conn.setblocking(False)
            queues[conn] = bytearray()
        except BlockingIOError:
            pass
        try:
            for conn, queue in queues.items():
                alive = True
                try:
                    data = conn.recv(4096)
                    queue += data.upper()
                    alive = bool(data)
                except BlockingIOError:
                    pass
                except OSError:
                    alive = False
                try:
                    del queue[: conn.send(queue)]
                except BlockingIOError:
                    pass
                except OSError:
                    alive = False
                if not alive:
                    del queues[conn]
                    conn.close()
        except RuntimeError:
            # 有时会报 dictionary changed size during iteration,重来就好
            queues.clear()
