# 四个进程在同一个监听 socket 上 accept，每个进程再给每个客户端一个线程
import hashlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time


def one_client(conn, secret):
    with conn:
        try:
            rand = os.urandom(32)
            conn.sendall(rand)
            want = hashlib.md5(secret + rand).hexdigest().encode()
            have = b""
            end = time.monotonic() + 5
            while len(have) < 32:
                left = end - time.monotonic()
                if left <= 0:
                    return
                conn.settimeout(left)
                more = conn.recv(32 - len(have))
                if not more:
                    return
                have += more
            if have != want:
                return
            conn.settimeout(None)
            data = conn.recv(2048)
            while data:
                conn.sendall(data.upper())
                data = conn.recv(2048)
        except (OSError, TimeoutError):
            pass


def worker(listener, secret):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=one_client, args=(conn, secret), daemon=True).start()


SIGNALS = {signal.SIGINT, signal.SIGTERM}


def serve(host, port, secret):
    listener = socket.create_server((host, port), backlog=200)
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=worker, args=(listener, secret), daemon=True) for _ in range(4)]

    def stop(*_):
        for w in workers:
            w.kill()
        sys.exit(0)

    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)   # 进程都启动好之前不处理信号
    for w in workers:
        w.start()
    for number in SIGNALS:
        signal.signal(number, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    for w in workers:
        w.join()
