# 用 select 轮询，每 0.2 秒看一次有没有超时的客户端
import hashlib
import random
import select
import socket
import time

suiji = random.SystemRandom()


def serve(host, port, secret):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(64)
    sk.setblocking(False)
    keren = {}      # conn -> [期望的摘要, 已收到的, 开始时间, 等待发送的]
    while True:
        xie = [c for c in keren if keren[c][3]]
        du = [c for c in keren if len(keren[c][3]) < 300000]
        poll = select.poll()
        fds = {sk.fileno(): sk}
        poll.register(sk, select.POLLIN)
        for c in set(xie) | set(du):
            fds[c.fileno()] = c
            poll.register(c, (select.POLLIN if c in du else 0) | (select.POLLOUT if c in xie else 0))
        for fd, event in poll.poll(200):
            conn = fds[fd]
            if conn is sk:
                try:
                    conn, addr = sk.accept()
                except OSError:
                    continue
                conn.setblocking(False)
                rand = bytes(suiji.getrandbits(8) for _ in range(32))
                qiwang = hashlib.md5(secret + rand).hexdigest().encode()
                keren[conn] = [qiwang, b'', time.time(), rand]
                continue
            ke = keren[conn]
            try:
                if event & select.POLLOUT:
                    n = conn.send(ke[3])
                    ke[3] = ke[3][n:]
                if event & (select.POLLIN | select.POLLHUP | select.POLLERR) and conn in du:
                    msg = conn.recv(20000)
                    if not msg:
                        conn.setblocking(True)
                        conn.settimeout(2)
                        conn.sendall(ke[3])     # 剩下的都发完
                        raise ConnectionError
                    if ke[2] is not None:
                        ke[1] += msg
                        msg = b''
                        if len(ke[1]) >= 32:
                            if ke[1][:32] != ke[0]:
                                raise ConnectionError
                            msg = ke[1][32:]
                            ke[2] = None        # 通过了，不再计时
                    ke[3] += msg.upper()
            except BlockingIOError:
                pass
            except OSError:
                del keren[conn]
                conn.close()
        now = time.time()
        for conn in [c for c in keren if keren[c][2] is not None and now - keren[c][2] > 5]:
            del keren[conn]
            conn.close()
