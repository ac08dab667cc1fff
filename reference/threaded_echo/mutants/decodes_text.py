# kills: threaded_echo.echo.any-bytes
# Decodes what it received, so half a character kills the conversation.
import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            msg = self.request.recv(1024).decode('utf-8')
            if not msg:
                break
            print(self.client_address, msg)
            self.request.sendall(msg.encode('utf-8'))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    Server((host, port), MyServer).serve_forever()
