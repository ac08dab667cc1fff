# kills: client_auth.server.half-close
import hashlib, os, select, socket, time
def serve(host, port, secret):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, port)); s.listen(600); s.setblocking(False)
    poll = select.epoll(); poll.register(s, select.EPOLLIN)
    conns = {}
    def drop(fd):
        c = conns.pop(fd); poll.unregister(fd); c['s'].close()
    try:
        while True:
            now = time.monotonic()
            waits = [c['until'] - now for c in conns.values() if not c['ok']]
            for fd, ev in poll.poll(max(0, min(waits)) if waits else None):
                if fd == s.fileno():
                    try: k, _ = s.accept()
                    except OSError: continue
                    k.setblocking(False)
                    r = os.urandom(32); k.sendall(r)
                    conns[k.fileno()] = dict(s=k, r=r, d=b'', ok=False, out=b'', until=time.monotonic()+5)
                    poll.register(k, select.EPOLLIN)
                    continue
                c = conns[fd]
                try:
                    if ev & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                        data = c['s'].recv(4096)
                        if not data:
                            drop(fd); continue
                        if not c['ok']:
                            c['d'] += data
                            if len(c['d']) < 32: continue
                            if c['d'][:32] != hashlib.md5(secret + c['r']).hexdigest().encode():
                                drop(fd); continue
                            c['ok'] = True; data = c['d'][32:]
                        c['out'] += data.upper()
                    if c['out']:
                        try:
                            n = c['s'].send(c['out']); c['out'] = c['out'][n:]
                        except BlockingIOError: pass
                    poll.modify(fd, select.EPOLLIN | (select.EPOLLOUT if c['out'] else 0))
                except OSError:
                    drop(fd)
            now = time.monotonic()
            for fd in [f for f, c in conns.items() if not c['ok'] and c['until'] <= now]:
                drop(fd)
    except KeyboardInterrupt:
        pass
