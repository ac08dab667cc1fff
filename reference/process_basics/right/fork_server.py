"""Every process comes from a fork server; the target runs in a subclass of one's own."""

import multiprocessing
import os

context = multiprocessing.get_context("forkserver")


class Task(context.Process):
    def __init__(self, target, args):
        super().__init__()
        self.target, self.arguments = target, args

    def run(self):
        return self.target(*self.arguments)


def start_all(target, args_list):
    tasks = [Task(target, args) for args in args_list]
    for task in tasks:
        task.start()
    return tasks


class LineWriter(context.Process):
    def __init__(self, path, text):
        super().__init__()
        self.path, self.text = os.path.abspath(path), text

    def run(self):
        # 由 fork server 启动的子进程，父进程是 fork server
        with open(self.path, "a", encoding="utf-8") as file:
            print(self.text, os.getpid(), os.getppid(), sep=",", file=file)


def whoami():
    return os.getpid(), os.getppid()


def _child(box, pipe):
    box[0] += 1
    pipe.send(box[0])


def bump(box):
    ours, theirs = context.Pipe()
    child = context.Process(target=_child, args=(box, theirs))
    child.start()
    seen = ours.recv()
    child.join()
    return box[0], seen


def stop(process):
    process.terminate()
    process.join(1)
    if process.exitcode is None:
        process.kill()
        process.join()
    return process.is_alive()
