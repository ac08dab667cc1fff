# kills: threaded_echo.echo.three-messages, threaded_echo.echo.long-stream
# The chapter's own sample, typos fixed: one message per connection, one recv(1024), decoded and encoded again.
import socketserver


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        self.data = self.request.recv(1024).decode('utf-8')
        print(self.client_address, self.data)
        self.request.send(self.data.encode('utf-8'))


def serve(host, port):
    socketserver.TCPServer.allow_reuse_address = True
    server = socketserver.ThreadingTCPServer((host, port), MyServer)
    server.daemon_threads = True
    server.serve_forever()
