import os, time, itertools, multiprocessing
def ticks(interval):
    """绝对时间，不漂移"""
    start = time.monotonic()
    for n in itertools.count(1):
        yield
        time.sleep(max(0, start + n * interval - time.monotonic()))
def heart(path, interval):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for _ in ticks(interval):
        os.write(fd, b"is alive\n")
def start_heart(path, interval):
    p = multiprocessing.Process(target=heart, kwargs=dict(path=path, interval=interval))
    setattr(p, "daemon", True)
    p.start()
    return p
def run(path, interval, work):
    start_heart(path, interval)
    result = work()
    return result
def stop(process):
    import signal
    if process.is_alive():
        os.kill(process.pid, signal.SIGTERM)
    while process.is_alive():
        process.join(0.2)
    return process.is_alive()
def run_with_sibling(path, interval, work, sibling):
    brother = multiprocessing.Process(target=sibling)
    brother.start()
    p = start_heart(path, interval)
    try:
        work()
    finally:
        stop(p)
        brother.join()
