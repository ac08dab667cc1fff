import signal, socketserver, threading
class H(socketserver.BaseRequestHandler):
    def handle(self):
        buf = bytearray(65536); view = memoryview(buf)
        try:
            while (n := self.request.recv_into(buf)):
                at = 0
                while at < n: at += self.request.sendmsg([view[at:n]])
        except OSError: return
def serve(host, port):
    class S(socketserver.ThreadingMixIn, socketserver.TCPServer):
        allow_reuse_address, daemon_threads, block_on_close, request_queue_size = True, True, False, 50
        def handle_error(self, request, client_address): pass
    done = threading.Event()
    for s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, lambda *a: done.set())
    srv = S((host, port), H)
    t = threading.Thread(target=srv.serve_forever, daemon=True); t.start()
    done.wait(); srv.shutdown(); srv.server_close()
