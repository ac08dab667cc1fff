# kills: client_auth.server.broken-pipe
import hashlib, os, socket, threading
def handle(conn, secret):
    rand = os.urandom(32)
    conn.sendall(rand)
    timer = threading.Timer(5, conn.shutdown, (socket.SHUT_RDWR,))      # 5 秒后关闭
    timer.daemon = True
    timer.start()
    digest = b""
    try:
        while len(digest) < 32:
            data = conn.recv(32 - len(digest))
            if not data:
                return
            digest += data
        timer.cancel()
        if digest != hashlib.md5(secret + rand).hexdigest().encode():
            return
        while True:
            data = conn.recv(1024)
            if not data:
                break
            try:
                conn.sendall(data.upper())
            except OSError as e:
                print('客户端断开了', e)
                os._exit(1)
    except OSError:
        pass
    finally:
        timer.cancel()
        conn.close()
def serve(host, port, secret):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, port))
    s.listen(600)
    try:
        while True:
            conn, _ = s.accept()
            threading.Thread(target=handle, args=(conn, secret), daemon=True).start()
    except KeyboardInterrupt:
        pass
    finally:
        s.close()
