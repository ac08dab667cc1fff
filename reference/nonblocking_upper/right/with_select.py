"""select.select with dictionaries; a beginner's clumsy one."""
import select
import socket


def serve(host, port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, port))
    s.listen(5)
    s.setblocking(0)
    inputs = [s]
    outputs = []
    buffers = {}
    finished = []

    def forget(c):
        if c in inputs:
            inputs.remove(c)
        if c in outputs:
            outputs.remove(c)
        if c in finished:
            finished.remove(c)
        if c in buffers:
            del buffers[c]
        c.close()

    while True:
        r, w, x = select.select(inputs, outputs, inputs)
        for c in r:
            if c is s:
                try:
                    c2, a = s.accept()
                except OSError:
                    continue
                c2.setblocking(0)
                inputs.append(c2)
                buffers[c2] = bytearray()
                continue
            if c not in buffers:
                continue
            try:
                data = c.recv(1024)
            except BlockingIOError:
                continue
            except Exception as e:
                print("lost", e)
                forget(c)
                continue
            if data:
                buffers[c].extend(data.upper())
                if c not in outputs:
                    outputs.append(c)
                if len(buffers[c]) > 100000:
                    inputs.remove(c)
            else:
                inputs.remove(c)
                finished.append(c)
                if not buffers[c]:
                    forget(c)
        for c in w:
            if c not in buffers:
                continue
            try:
                sent = c.send(buffers[c])
            except BlockingIOError:
                continue
            except OSError:
                forget(c)
                continue
            buffers[c] = buffers[c][sent:]
            if len(buffers[c]) <= 100000 and c not in inputs and c not in finished:
                inputs.append(c)
            if not buffers[c]:
                outputs.remove(c)
                if c in finished:
                    forget(c)
