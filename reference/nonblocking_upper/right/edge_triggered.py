"""边沿触发的 epoll，一个连接一个对象，recv_into + memoryview + sendmsg"""
import collections, select, signal, socket, os
class Peer:
    buf = bytearray(1 << 16)
    def __init__(self, sk):
        self.sk, self.out, self.size, self.eof, self.readable, self.writable = sk, collections.deque(), 0, False, False, True
    def pump(self):
        """一次搬一点，返回是否还有事可做"""
        moved = False
        if self.readable and not self.eof and self.size < 1 << 20:
            try:
                n = self.sk.recv_into(self.buf)
            except BlockingIOError:
                self.readable = False
            else:
                moved = True
                if n: self.out.append(memoryview(bytes(self.buf[:n]).upper())); self.size += n
                else: self.eof = True
        if self.writable and self.out:
            try:
                n = self.sk.sendmsg(list(self.out)[:8])
            except BlockingIOError:
                self.writable = False
            else:
                moved = True; self.size -= n
                while n:
                    m = self.out.popleft()
                    if n < len(m): self.out.appendleft(m[n:]); n = 0
                    else: n -= len(m)
        return moved
    @property
    def done(self): return self.eof and not self.out
def serve(host, port):
    r, w = os.pipe(); os.set_blocking(w, False)
    signal.set_wakeup_fd(w)
    for s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, lambda *_: None)
    lst = socket.create_server((host, port), backlog=256); lst.setblocking(False)
    ep = select.epoll(); ep.register(lst, select.EPOLLIN); ep.register(r, select.EPOLLIN)
    peers, todo = {}, {}
    while True:
        for fd, ev in ep.poll(0 if todo else -1):
            if fd == r: return
            if fd == lst.fileno():
                try: sk, _ = lst.accept()
                except OSError: continue
                sk.setblocking(False); p = peers[sk.fileno()] = Peer(sk)
                ep.register(sk, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET | select.EPOLLRDHUP)
                continue
            p = peers[fd]
            if ev & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP): p.readable = True
            if ev & (select.EPOLLOUT | select.EPOLLERR | select.EPOLLHUP): p.writable = True
            todo[fd] = p
        for fd, p in list(todo.items()):
            try: busy = p.pump(); gone = p.done
            except OSError: busy, gone = False, True
            if gone:
                del peers[fd]; del todo[fd]; ep.unregister(fd); p.sk.close()
            elif not busy: del todo[fd]
