# kills: daemon_process.sibling.raises
import time
from multiprocessing import Process


def beat(path, interval):
    while True:
        with open(path, "a", encoding="utf-8") as f:
            f.write("is alive\n")
        time.sleep(interval)


def run(path, interval, work):
    Process(target=beat, args=(path, interval), daemon=True).start()
    work()


def stop(process):
    process.terminate()
    process.join()
    return process.is_alive()


def run_with_sibling(path, interval, work, sibling):
    Process(target=beat, args=(path, interval), daemon=True).start()
    other = Process(target=sibling)
    other.start()
    try:
        work()
    except Exception as e:
        print("work failed:", e)
    other.join()
