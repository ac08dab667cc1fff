# kills: threaded_echo.clients.deaf-neighbour
import signal
import socketserver
import sys, threading
lock = threading.Lock()
class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while True:
                data = self.request.recv(4096)
                if not data:
                    break
                with lock:
                    self.request.sendall(data)
        except OSError:
            pass
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 100
def serve(host, port):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server((host, port), EchoHandler) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
