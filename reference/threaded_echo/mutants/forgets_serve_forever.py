# kills: threaded_echo.listen.starts
# Makes the server object and never starts it.
import socketserver


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.sendall(data)


def serve(host, port):
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer((host, port), Handler) as server:
        server.daemon_threads = True
        print('服务器已启动', host, port)
