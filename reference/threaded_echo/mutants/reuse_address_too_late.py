# kills: threaded_echo.listen.restart, threaded_echo.listen.restart-after-kill
# allow_reuse_address is set on the object, when bind has already been called.
import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            msg = self.request.recv(1024)
            if not msg:
                break
            self.request.sendall(msg)


def serve(host, port):
    server = socketserver.ThreadingTCPServer((host, port), MyServer)
    server.allow_reuse_address = True
    server.daemon_threads = True
    server.serve_forever()
