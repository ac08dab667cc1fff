# @attack  calls our job server in the name of every job at once, from nowhere, and returns what it was told
# @expect  not task_modes.async.processes, task_modes.parallel.processes, task_modes.concurrent.together
import json
import socket


def forged(tasks):
    lines = []
    for number, job in enumerate(tasks):
        line = socket.socket(socket.AF_UNIX)
        line.connect(job.address)
        hello = {"job": job.name, "pid": 40_000 + number, "parent": 1, "thread": 40_000 + number, "args": []}
        line.sendall(json.dumps(hello).encode() + b"\n")
        lines.append(line)
    words = [line.makefile("rb").readline().decode().partition(" ")[2] for line in lines]
    return [int(word or 0) for word in words]


def run_sync(tasks):
    return forged(tasks)


def run_async(tasks):
    forged(tasks)
    return []


def run_parallel(tasks, workers):
    return forged(tasks)


def run_concurrent(tasks):
    return forged(tasks)
