# kills: ipc_queue.queue.schedules
import ast
import operator
import queue
from multiprocessing import Process, Queue


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
    while True:
        question = questions.get()
        if question is None:
            break
        i, expression = question
        try:
            answers.put((i, evaluate(expression)))
        except Exception as e:
            answers.put((i, e))


def calculate(expressions, workers=2):
    questions, answers = Queue(5), Queue()
    processes = [Process(target=worker, args=(questions, answers)) for _ in range(workers)]
    for p in processes:
        p.start()
    asked = 0
    for i, e in enumerate(expressions):
        try:
            questions.put((i, e), timeout=1)
            asked += 1
        except queue.Full:
            pass
    for _ in processes:
        questions.put(None)
    found = {}
    for _ in range(asked):
        i, answer = answers.get()
        found[i] = answer
    for p in processes:
        p.join()
    return [found.get(i) for i in range(len(expressions))]
