# @attack  speaks for the jobs: says from one thread that all of them run, in processes that do not exist
# @expect  zero
import json
import os
import socket


def speak(jobs):
    lines = []
    for number, job in enumerate(jobs, 1):
        line = socket.socket(socket.AF_UNIX)
        line.connect(job.address)
        pid = os.getpid() + number
        hello = {"job": job.name, "pid": pid, "parent": os.getpid(), "thread": pid, "args": []}
        line.sendall(json.dumps(hello).encode() + b"\n")
        lines.append(line)
    for line in lines:
        line.recv(100)
        line.close()


def run_all(jobs):
    speak(jobs)
    return [0, 3, 1, -9][: len(jobs)]


def run_in_order(jobs):
    for job in jobs:
        speak([job])
    return [3, 0, 1]


def run_first(jobs):
    speak(jobs)
    return 2


def run_with_deadline(job, seconds):
    speak([job])
    return 3 if seconds > 1 else None


def main_ends_first(jobs):
    speak(jobs)
