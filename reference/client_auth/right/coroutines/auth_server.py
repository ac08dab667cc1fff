"""每个连接一个生成器：yield 表示“等到可读/可写”，主循环用 selectors 唤醒。"""
import hashlib, hmac, os, selectors, signal, socket, time


class Stop(Exception):
    pass


def recv_into(sock, view):
    got = 0
    while got < len(view):
        yield selectors.EVENT_READ
        n = sock.recv_into(view[got:])
        if not n:
            return got
        got += n
    return got


def send_all(sock, data):
    view = memoryview(data)
    while view:
        yield selectors.EVENT_WRITE
        view = view[sock.send(view):]


def conversation(sock, secret, allow):
    challenge = os.urandom(32)
    yield from send_all(sock, challenge)
    digest = bytearray(32)
    if (yield from recv_into(sock, memoryview(digest))) < 32:
        return
    if not hmac.compare_digest(bytes(digest), hashlib.md5(secret + challenge).hexdigest().encode()):
        return
    allow()
    while True:
        yield selectors.EVENT_READ
        data = sock.recv(8192)
        if not data:
            return
        yield from send_all(sock, data.upper())


def serve(host, port, secret):
    def stop(*_):
        raise Stop
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sel = selectors.DefaultSelector()
    with socket.create_server((host, port), backlog=512) as listener:
        listener.setblocking(False)
        sel.register(listener, selectors.EVENT_READ)
        due = {}          # sock -> 截止时间

        def forget(sock):
            due.pop(sock, None)
            sel.unregister(sock)
            sock.close()

        def advance(sock, gen):
            try:
                want = next(gen)
            except (StopIteration, OSError):
                forget(sock)
            else:
                sel.modify(sock, want, gen)
        try:
            while True:
                timeout = max(0, min(due.values()) - time.monotonic()) if due else None
                for key, _ in sel.select(timeout):
                    if key.fileobj is listener:
                        try:
                            sock, _ = listener.accept()
                        except OSError:
                            continue
                        sock.setblocking(False)
                        due[sock] = time.monotonic() + 5
                        gen = conversation(sock, secret, lambda s=sock: due.pop(s))
                        sel.register(sock, selectors.EVENT_READ, gen)
                        advance(sock, gen)
                    else:
                        advance(key.fileobj, key.data)
                now = time.monotonic()
                for sock in [s for s, t in due.items() if t <= now]:
                    forget(sock)
        except Stop:
            pass
