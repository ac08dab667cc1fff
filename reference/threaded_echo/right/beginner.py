# -*- coding: utf-8 -*-
# 作业：socketserver 实现并发的回声服务器
import socketserver
import struct   # 上一节用的，这里没用到
import time


class Mysocket(socketserver.BaseRequestHandler):
    """
    每来一个客户端，socketserver 就会新建一个线程执行 handle 方法
    """
    def handle(self):
        print('来了一个客户端：', self.client_address)
        while 1:
            try:
                msg = self.request.recv(1024)     # 收到的是 bytes
                if len(msg) == 0:                 # 客户端断开了
                    print('客户端走了', self.client_address)
                    break
                print('收到了', len(msg), '个字节')
                self.request.sendall(msg)         # 原样发回去
            except Exception as e:
                print('出错了', e)
                break
        self.request.close()


class Myserver(socketserver.ThreadingTCPServer):
    allow_reuse_address = True      # 不然会报 Address already in use
    daemon_threads = True           # 主线程结束，子线程也结束


def serve(host, port):
    ip_port = (host, port)
    server = Myserver(ip_port, Mysocket)
    print('服务器启动了……')
    server.serve_forever()


if __name__ == '__main__':
    serve('127.0.0.1', 9000)
