# -*- coding: utf-8 -*-
# TCP聊天 服务器端
import socket


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(5)
    print("服务器启动了，等待客户端连接...")
    while 1:
        conn, addr = sk.accept()
        print("客户端来了:", addr)
        flag = True
        while flag:
            # 输入一句话，不能是空的，也不能太长
            content = ""
            while content == "" or len(content.encode("utf-8")) > 1024:
                try:
                    content = input("请输入: ")
                except EOFError:
                    flag = False
                    break
            if flag == False:
                break
            try:
                conn.send(content.encode("utf-8"))
                if content == "Q" or content == "q":
                    flag = False
                else:
                    msg = conn.recv(1024)
                    if len(msg) == 0:
                        print("客户端走了")
                        flag = False
                    else:
                        msg = msg.decode("utf-8")
                        if msg == "Q" or msg == "q":
                            print("客户端不想聊了")
                            flag = False
                        else:
                            print("客户端说:" + msg)
            except Exception as e:
                print("出错了", e)
                flag = False
        conn.close()
