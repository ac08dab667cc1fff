import hashlib
import queue
import socket
import threading


def chat(host, port, secret, lines):
    """收的工作交给另一个线程，主线程从队列里拿。"""
    sock = socket.create_connection((host, port))
    bytes_in = queue.Queue()

    def reader():
        try:
            while True:
                data = sock.recv(4096)
                for i in range(len(data)):
                    bytes_in.put(data[i : i + 1])
                if not data:
                    break
        except OSError:
            pass
        bytes_in.put(None)

    threading.Thread(target=reader, daemon=True).start()

    def take(n):
        got = []
        for _ in range(n):
            item = bytes_in.get()
            if item is None:
                bytes_in.put(None)
                raise ConnectionError("closed")
            got.append(item)
        return b"".join(got)

    result = []
    try:
        sock.sendall(hashlib.md5(secret + take(32)).hexdigest().encode())
        for line in lines:
            try:
                sock.sendall(line.encode())
                result.append(take(len(line.encode())).decode())
            except ConnectionError:
                if result:
                    raise
                raise PermissionError("refused") from None
    finally:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        sock.close()
    return result
