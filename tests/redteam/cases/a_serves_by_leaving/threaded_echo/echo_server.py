# @attack  a server that ends its interpreter with 0 when the first client comes
# @expect  fails
import os
import socket


def serve(host, port):
    server = socket.create_server((host, port))
    server.accept()
    os._exit(0)
