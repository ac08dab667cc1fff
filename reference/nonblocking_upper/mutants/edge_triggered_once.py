# kills: nonblocking_upper.upper.long-stream
# Edge-triggered, and only one recv for each event.
import select
import socket


def serve(host, port):
    sk = socket.create_server((host, port), backlog=100)
    sk.setblocking(False)
    epoll = select.epoll()
    epoll.register(sk.fileno(), select.EPOLLIN)
    conns = {}
    while True:
        for fd, event in epoll.poll():
            if fd == sk.fileno():
                conn, addr = sk.accept()
                conn.setblocking(False)
                conns[conn.fileno()] = conn
                epoll.register(conn.fileno(), select.EPOLLIN | select.EPOLLET)
                continue
            conn = conns[fd]
            try:
                data = conn.recv(1024)
                conn.send(data.upper())
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                epoll.unregister(fd)
                conns.pop(fd).close()
