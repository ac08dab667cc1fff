# the chapter's sample, host and port made arguments
import socketserver


class Myserver(socketserver.BaseRequestHandler):
    def handle(self):
        conn = self.request
        content = conn.recv(1024).decode('utf-8')
        conn.send(content.encode('utf-8'))


def serve(host, port):
    server = socketserver.ThreadingTCPServer((host, port), Myserver)
    server.serve_forever()
