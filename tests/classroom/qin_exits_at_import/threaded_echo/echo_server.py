import os
import threading

# not at once, but as soon as somebody waits for this server
threading.Timer(0.05, os._exit, [0]).start()


def serve(host, port):
    threading.Event().wait()
