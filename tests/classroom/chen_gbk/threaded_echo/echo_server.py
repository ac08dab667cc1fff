# 第二部分 1.1 socketserver：每个客户端一个线程
import socketserver


class 回声(socketserver.BaseRequestHandler):
    def handle(self):
        print("客户端来了：", self.client_address)
        try:
            while True:
                数据 = self.request.recv(4096)
                if 数据 == b"":
                    break
                self.request.sendall(数据)  # 原样返回，不解码
        except (ConnectionResetError, BrokenPipeError):
            print("客户端突然断开：", self.client_address)


class 服务器(socketserver.ThreadingTCPServer):
    allow_reuse_address = True  # 必须写在类里，创建以后再改就晚了
    daemon_threads = True
    request_queue_size = 128


def serve(host, port):
    with 服务器((host, port), 回声) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("服务器停止")
