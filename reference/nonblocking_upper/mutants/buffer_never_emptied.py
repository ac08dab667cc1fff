# kills: nonblocking_upper.clients.alternate
# Each client has a buffer of 1024 bytes; what has been answered stays in it.
import selectors
import socket


class Client:
    def __init__(self, sock):
        self.sock = sock
        self.buffer = memoryview(bytearray(1024))
        self.filled = self.sent = 0

    def go_on(self):
        n = self.sock.recv_into(self.buffer[self.filled :])
        self.filled += n
        self.sent += self.sock.send(bytes(self.buffer[self.sent : self.filled]).upper())
        return n > 0


def serve(host, port):
    selector = selectors.DefaultSelector()
    listener = socket.create_server((host, port), backlog=100)
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.data is None:
                sock, _ = listener.accept()
                sock.setblocking(False)
                selector.register(sock, selectors.EVENT_READ, Client(sock))
                continue
            try:
                alive = key.data.go_on()
            except BlockingIOError:
                continue
            except OSError:
                alive = False
            if not alive:
                selector.unregister(key.fileobj)
                key.fileobj.close()
