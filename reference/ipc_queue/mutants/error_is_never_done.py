# kills: ipc_queue.queue.errors
"""task_done is not called for an expression that cannot be worked out: questions.join() waits for ever."""

import re
from collections import deque
from multiprocessing import JoinableQueue, Manager, Process

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


def worker(questions, answers):
    while True:
        i, e = questions.get()
        try:
            answers.append((i, evaluate(e)))
            questions.task_done()
        except Exception as x:
            answers.append((i, x))


def calculate(expressions, workers=2):
    with Manager() as m:
        questions, answers = JoinableQueue(5), m.list()
        ps = [Process(target=worker, args=(questions, answers), daemon=True) for _ in range(workers)]
        for p in ps:
            p.start()
        for x in enumerate(expressions):
            questions.put(x)
        questions.join()
        for p in ps:
            p.terminate()
        for p in ps:
            p.join()
        found = dict(answers)
        return [found[i] for i in range(len(expressions))]
