"""Expressions worked out by several processes, which talk through queues."""

import re
from collections import deque
from multiprocessing import Process, Queue
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
from multiprocessing import Pipe
from multiprocessing.connection import wait


class Worker(Process):
    """每个工人有自己的管道。"""

    def __init__(self, questions):
        super().__init__()
        self.questions = questions
        self.ours, self.theirs = Pipe(duplex=False)

    def run(self):
        self.ours.close()
        while (question := self.questions.get()) is not None:
            number, text = question
            try:
                answer = evaluate(text)
            except Exception as error:
                answer = error
            self.theirs.send((number, answer))
        self.theirs.close()


def calculate(expressions, workers=2):
    questions = Queue(5)
    staff = [Worker(questions) for _ in range(workers)]
    for w in staff:
        w.start()
        w.theirs.close()

    def ask():
        for pair in enumerate(expressions):
            questions.put(pair)
        for _ in staff:
            questions.put(None)

    asking = Thread(target=ask)
    asking.start()
    answers, open_ends = [None] * len(expressions), [w.ours for w in staff]
    while open_ends:
        for end in wait(open_ends):
            try:
                number, answer = end.recv()
            except EOFError:
                open_ends.remove(end)
            else:
                answers[number] = answer
    asking.join()
    for w in staff:
        w.join()
    return answers
