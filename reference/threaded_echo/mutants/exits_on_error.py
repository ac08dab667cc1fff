# kills: threaded_echo.clients.reset-idle, threaded_echo.clients.reset-neighbours
# Any error of one client ends the program.
import os
import socketserver
import traceback


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while True:
                data = self.request.recv(1024)
                if not data:
                    break
                self.request.sendall(data)
        except Exception:
            traceback.print_exc()
            os._exit(1)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
