# kills: threaded_echo.stop.interrupt
# A bare except catches Ctrl-C as well, and the loop goes on.
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            self.request.sendall(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    server = EchoServer((host, port), EchoHandler)
    while True:
        try:
            server.handle_request()
        except:
            print('出错了，继续')
