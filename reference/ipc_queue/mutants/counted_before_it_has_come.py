# kills: ipc_queue.queue.schedules
"""A worker counts itself done right after its last put, whose item may still be on its way."""

import queue
import re
from collections import deque
from multiprocessing import Process, Queue, Value
from threading import Thread

TOKEN = re.compile(r"\s*(\d+\.\d+|\d+|[-+*/()])")
DEEPEST = 200  # brackets and signs within each other


def evaluate(expression: str) -> int | float:
    tokens = deque(tokens_of(expression))
    value = total(tokens, 0)
    if tokens:
        raise ValueError(f"{tokens[0]!r} is not expected here")
    return value


def tokens_of(expression: str) -> list[str]:
    text, at, found = expression.rstrip(), 0, []
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(f"{text[at : at + 10]!r} is no part of an expression")
        found.append(match[1])
        at = match.end()
    return found


def total(tokens: deque[str], depth: int) -> int | float:
    value = product(tokens, depth)
    while tokens and tokens[0] in "+-":
        value = value + product(tokens, depth) if tokens.popleft() == "+" else value - product(tokens, depth)
    return value


def product(tokens: deque[str], depth: int) -> int | float:
    value = factor(tokens, depth)
    while tokens and tokens[0] in "*/":
        value = value * factor(tokens, depth) if tokens.popleft() == "*" else value / factor(tokens, depth)
    return value


def factor(tokens: deque[str], depth: int) -> int | float:
    if not tokens or depth > DEEPEST:
        raise ValueError("it ends too early" if not tokens else "it is nested too deeply")
    token = tokens.popleft()
    if token == "-":
        return -factor(tokens, depth + 1)
    if token == "(":
        value = total(tokens, depth + 1)
        if not tokens or tokens.popleft() != ")":
            raise ValueError("a bracket is not closed")
        return value
    if token in "+*/)":
        raise ValueError(f"{token!r} is not expected here")
    return float(token) if "." in token else int(token)


def one(e):
    try:
        return evaluate(e)
    except Exception as x:
        return x


def worker(questions, answers, done=None):
    for i, e in iter(questions.get, None):
        answers.put((i, one(e)))
    with done.get_lock():
        done.value += 1


def ask(q, es, w):
    for x in (*enumerate(es), *[None] * w):
        q.put(x)


def calculate(expressions, workers=2):
    questions, answers, done = Queue(5), Queue(), Value("i", 0)
    ps = [Process(target=worker, args=(questions, answers, done)) for _ in range(workers)]
    for p in ps:
        p.start()
    t = Thread(target=ask, args=(questions, expressions, workers))
    t.start()
    found = {}
    while done.value < workers or not answers.empty():
        try:
            i, a = answers.get(timeout=0.05)
            found[i] = a
        except queue.Empty:
            pass
    t.join()
    for p in ps:
        p.join()
    return [found.get(i) for i in range(len(expressions))]
