"""select.poll on file descriptors; up to 16 MiB are queued, as the task allows."""

import select
import socket

LIMIT = 16 * 1024 * 1024


def serve(host: str, port: int) -> None:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    listener.bind((host, port))
    listener.listen(100)
    listener.setblocking(False)
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    sockets: dict[int, socket.socket] = {}
    queues: dict[int, bytearray] = {}
    ended: set[int] = set()

    def close(fd: int) -> None:
        poll.unregister(fd)
        sockets.pop(fd).close()
        del queues[fd]
        ended.discard(fd)

    while True:
        for fd, event in poll.poll():
            if fd == listener.fileno():
                try:
                    sock, _ = listener.accept()
                except OSError:
                    continue
                sock.setblocking(False)
                sockets[sock.fileno()] = sock
                queues[sock.fileno()] = bytearray()
                poll.register(sock, select.POLLIN)
                continue
            sock, queue = sockets[fd], queues[fd]
            try:
                if event & (select.POLLIN | select.POLLHUP | select.POLLERR) and fd not in ended:
                    data = sock.recv(65536)
                    if data:
                        queue.extend(data.upper())
                    else:
                        ended.add(fd)
                if queue:
                    sent = sock.send(memoryview(queue))
                    del queue[:sent]
            except BlockingIOError:
                pass
            except OSError:
                close(fd)
                continue
            if fd in ended and not queue:
                close(fd)
                continue
            mask = select.POLLOUT if queue else 0
            if fd not in ended and len(queue) < LIMIT:
                mask |= select.POLLIN
            poll.modify(fd, mask)
