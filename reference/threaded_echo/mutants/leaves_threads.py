# kills: threaded_echo.load.churn
# A writer thread per client that nobody ever ends.
import queue
import socketserver
import threading


def write(sock, q):
    while True:
        data = q.get()
        try:
            sock.sendall(data)
        except OSError:
            pass
        q.task_done()


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        q = queue.Queue(10)
        threading.Thread(target=write, args=(self.request, q), daemon=True).start()
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            q.put(data)
        q.join()


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
