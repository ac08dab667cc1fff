# kills: ipc_queue.evaluate.values
import re
from collections import deque
from multiprocessing import Process, Queue
from threading import Thread

TOKEN = re.compile(r"(\d+\.\d+|\d+|[-+*/()])")
DEEPEST = 200  # brackets and signs within each other


def evaluate(expression: str) -> int | float:
    tokens = deque(tokens_of(expression))
    value = total(tokens, 0)
    if tokens:
        raise ValueError(f"{tokens[0]!r} is not expected here")
    return value


def tokens_of(expression: str) -> list[str]:
    text, at, found = expression, 0, []
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


def worker(questions: Queue, answers: Queue) -> None:
    for number, expression in iter(questions.get, None):
        try:
            answers.put((number, evaluate(expression)))
        except Exception as error:
            answers.put((number, error))


def ask(questions: Queue, expressions: list[str], workers: int) -> None:
    for question in (*enumerate(expressions), *[None] * workers):
        questions.put(question)


def calculate(expressions: list[str], workers: int = 2) -> list:
    questions, answers = Queue(5), Queue()
    processes = [Process(target=worker, args=(questions, answers)) for _ in range(workers)]
    for process in processes:
        process.start()
    asking = Thread(target=ask, args=(questions, expressions, workers))
    asking.start()
    found = dict(answers.get() for _ in expressions)
    asking.join()
    for process in processes:
        process.join()
    return [found[i] for i in range(len(expressions))]
