# @attack  children that do nothing, and threads of the main process that run the jobs in the children's names
# @expect  not task_modes.async.processes, task_modes.parallel.processes
import json
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process


def idle():
    time.sleep(3600)


def speak(job, pid):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(job.address)
        hello = {"job": job.name, "pid": pid, "parent": os.getpid(), "thread": pid, "args": []}
        line.sendall(json.dumps(hello).encode() + b"\n")
        verb, _, what = line.makefile("rb").readline().decode().strip().partition(" ")
    if verb == "raise":
        raise ValueError
    return json.loads(what) if what else None


def in_its_name(job):
    child = Process(target=idle)
    child.start()
    try:
        return speak(job, child.pid)
    finally:
        child.kill()
        child.join()


def run_async(tasks):
    children = [Process(target=idle) for _ in tasks]
    for task, child in zip(tasks, children):
        child.start()
        threading.Thread(target=answer_for, args=(task, child)).start()
    return children


def answer_for(task, child):
    speak(task, child.pid)
    child.kill()


def run_parallel(tasks, workers):
    if not tasks:
        return []
    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(in_its_name, tasks))
