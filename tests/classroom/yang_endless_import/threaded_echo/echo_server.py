def wait():
    while True:
        pass


wait()


def serve(host, port):
    pass
