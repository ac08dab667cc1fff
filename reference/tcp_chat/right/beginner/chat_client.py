# -*- coding: utf-8 -*-
# TCP聊天 客户端
import socket


def chat(host, port):
    sk = socket.socket()
    sk.connect((host, port))
    print("连接上了")
    while 1:
        msg = sk.recv(1024)
        if len(msg) == 0:
            print("服务器走了")
            break
        msg = msg.decode("utf-8")
        if msg == "Q" or msg == "q":
            break
        print("服务器说:" + msg)
        content = ""
        end = False
        while content == "" or len(content.encode("utf-8")) > 1024:
            try:
                content = input("请输入: ")
            except EOFError:
                end = True
                break
        if end:
            break
        sk.send(content.encode("utf-8"))
        if content == "Q" or content == "q":
            break
    sk.close()
