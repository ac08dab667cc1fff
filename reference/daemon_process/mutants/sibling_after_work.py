# kills: daemon_process.sibling.runs
import time
from multiprocessing import Process
def beat(path, interval):
    while True:
        with open(path, "a") as f:
            f.write("is alive\n")
        time.sleep(interval)
def run(path, interval, work):
    p = Process(target=beat, args=(path, interval))
    p.daemon = True
    p.start()
    work()
def stop(process):
    process.terminate()
    process.join()
    return process.is_alive()
def run_with_sibling(path, interval, work, sibling):
    p = Process(target=beat, args=(path, interval), daemon=True)
    q = Process(target=sibling)
    p.start()
    work()
    q.start()
