import ast
import operator
import threading
from contextlib import ExitStack
from multiprocessing import get_context


OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def evaluate(expression):
    try:
        return value_of(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(expression[:50]) from None


def value_of(node):
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -value_of(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](value_of(node.left), value_of(node.right))
    raise ValueError("not allowed")


def worker(questions, answers):
    for i, expression in iter(questions.get, (-1, "")):
        try:
            answer = evaluate(expression)
        except Exception as error:
            answer = error
        answers.put((i, answer))


def calculate(expressions, workers=2):
    context = get_context("fork")
    questions, answers = context.Queue(maxsize=5), context.SimpleQueue()

    def ask():
        for question in enumerate(expressions):
            questions.put(question)
        for _ in range(workers):
            questions.put((-1, ""))

    with ExitStack() as ending:
        for _ in range(workers):
            process = context.Process(target=worker, args=(questions, answers))
            process.start()
            ending.callback(process.join)
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        ending.callback(asking.join)
        return [answer for _, answer in sorted((answers.get() for _ in expressions), key=lambda found: found[0])]
