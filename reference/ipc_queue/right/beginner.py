# 初学者的写法：两个栈算表达式；题目由一个子进程放进队列
import multiprocessing


def youxianji(c):
    return {"+": 1, "-": 1, "*": 2, "/": 2, "m": 3}[c]


def suan(nums, ops):
    op = ops.pop()
    if op == "m":
        if not nums:
            raise ValueError("缺数")
        nums.append(-nums.pop())
        return
    if len(nums) < 2:
        raise ValueError("缺数")
    b = nums.pop()
    a = nums.pop()
    if op == "+":
        nums.append(a + b)
    elif op == "-":
        nums.append(a - b)
    elif op == "*":
        nums.append(a * b)
    else:
        nums.append(a / b)


def evaluate(expression):
    nums, ops = [], []
    want = True  # 下一个应该是数
    i = 0
    while i < len(expression):
        c = expression[i]
        if c in " \t":
            i += 1
            continue
        if c in "0123456789":
            if not want:
                raise ValueError("两个数连在一起")
            j = i
            while j < len(expression) and expression[j] in "0123456789.":
                j += 1
            text = expression[i:j]
            nums.append(float(text) if "." in text else int(text))
            want = False
            i = j
            continue
        if c == "(":
            if not want:
                raise ValueError("括号")
            ops.append(c)
        elif c == ")":
            if want:
                raise ValueError("括号")
            while ops and ops[-1] != "(":
                suan(nums, ops)
            if not ops:
                raise ValueError("括号")
            ops.pop()
        elif c == "-" and want:
            ops.append("m")
        elif c in "+-*/" and not want:
            while ops and ops[-1] != "(" and youxianji(ops[-1]) >= youxianji(c):
                suan(nums, ops)
            ops.append(c)
            want = True
        else:
            raise ValueError("看不懂 " + repr(c))
        i += 1
    if want:
        raise ValueError("没有算完")
    while ops:
        if ops[-1] == "(":
            raise ValueError("括号")
        suan(nums, ops)
    return nums[0]


def worker(questions, answers):
    while True:
        q = questions.get()
        if q == "end":
            break
        try:
            a = evaluate(q[1])
        except (ValueError, ZeroDivisionError) as e:
            a = e
        answers.put([q[0], a])


def fang(questions, expressions, workers):
    n = 0
    for e in expressions:
        questions.put([n, e])
        n = n + 1
    for i in range(workers):
        questions.put("end")


def calculate(expressions, workers=2):
    q1 = multiprocessing.Queue(5)
    q2 = multiprocessing.Queue()
    ps = []
    p = multiprocessing.Process(target=fang, args=(q1, expressions, workers))
    p.start()
    ps.append(p)
    for i in range(workers):
        p = multiprocessing.Process(target=worker, args=(q1, q2))
        p.start()
        ps.append(p)
    result = [0] * len(expressions)
    for i in range(len(expressions)):
        n, a = q2.get()
        result[n] = a
    for p in ps:
        p.join()
    return result
