"""The known mistakes of `ipc_queue`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.process_mistakes import PROCESS_MISTAKES
from grader.analysis.time_outs import TIME_OUT_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *PROCESS_MISTAKES,
    *TIME_OUT_MISTAKES,
    # evaluate
    mistake(
        "eval-runs-code",
        say("The expression was executed as code: whoever may write it can do anything that you can."),
        say("What else does the function that you call understand, beside numbers and signs?"),
        "return eval(expression)",
    ),
    mistake(
        "literal-only",
        say("Only a plain number is understood; an expression has operators too."),
        say("ast.literal_eval knows values and no sums. Which parts does an expression have?"),
        "return ast.literal_eval(expression)",
    ),
    mistake(
        "refuses-blanks",
        say("An expression with blanks in it was refused; they stand between its parts, and mean nothing."),
        say("Where in the text may a blank stand, and what does your program do when it meets one?"),
        'if char not in "0123456789.+-*/()":\n    raise ValueError(char)',
    ),
    mistake(
        "precedence",
        say("The signs were worked out in the wrong order."),
        say("Which signs go first, and in which direction do signs of the same rank go?"),
        "for sign, number in pairs:\n    value = apply(sign, value, number)   # from left to right, all alike",
    ),
    mistake(
        "unary-minus",
        say("A minus that stands before a number or a bracket, with nothing to its left, was not understood."),
        say("Where may a minus stand, and when is it no subtraction?"),
        "left, right = expression.split('-')",
    ),
    mistake(
        "floor-division",
        say("The division threw the fraction away."),
        say("What is the difference between / and //?"),
        "return left // right",
    ),
    mistake(
        "returns-no-number",
        say("What came back is no number."),
        say("Look at the return type in the stub."),
        "return str(value)",
    ),
    mistake(
        "zero-hidden",
        say("A division by zero did not come out as what it is."),
        say("Python raises the right exception by itself. Who catches it?"),
        "except Exception:\n    raise ValueError",
    ),
    mistake(
        "takes-too-much",
        say("Something was accepted that is no such expression."),
        say("Say what is allowed, and refuse all the rest. Which kinds of nodes or tokens do you let through?"),
        "ast.walk(tree)     # and every kind of node is let through",
    ),
    mistake(
        "other-error",
        say("It was refused, but with another exception than ValueError."),
        say("Which exceptions can the parts raise that you use, and who turns them into ValueError?"),
        "tree = ast.parse(expression, mode='eval')     # SyntaxError",
    ),
    mistake(
        "crashes-when-deep",
        say("Brackets within brackets, or very many terms, were too much."),
        say("Every call within a call needs a place on the stack. How deep do you go, and who stops you?"),
        "def total(...):\n    return total(rest) + last       # once more for each term",
    ),
    # calculate
    mistake(
        "order-of-ending",
        say("The answers came back in the order in which they were ready, and not in the order asked."),
        say("What must travel with a question so that its answer finds its place?"),
        "return [answers.get() for _ in expressions]",
    ),
    mistake(
        "numbers-as-text",
        say("The answers were sorted by the numbers of their questions as texts, and as a text 10 comes before 2."),
        say("Of which type is what you sort by?"),
        "number, expression = question.split(':')\nanswers.put((number, evaluate(expression)))   # '10' < '2'",
    ),
    mistake(
        "process-for-each",
        say("A process was started for each expression; a worker is one that takes one question after another."),
        say("Who takes the next question when the first is answered?"),
        "for expression in expressions:\n    Process(target=answer_one, args=(questions, answers)).start()",
    ),
    mistake(
        "answers-missing",
        say("Answers are missing: there are fewer than questions, or there is nothing in their places."),
        say("How do you know that the last answer has come? empty() only tells how it was a moment ago."),
        "while not answers.empty():\n    results.append(answers.get())",
    ),
    mistake(
        "stands-still",
        say("Everybody waits for somebody else: no question and no answer moves any more."),
        say("Two queues, both of them full: who takes something out, and who puts something in?"),
        "for e in expressions:\n    questions.put(e)         # and nobody takes the answers meanwhile",
    ),
    mistake(
        "ends-too-early",
        say("A worker left although questions were still to come, or waited although none would."),
        say("What tells a worker that there are no more questions? empty() cannot know what is still under way."),
        "while not questions.empty():\n    ...",
    ),
    mistake(
        "depends-on-luck",
        say("In another order of events the answers are other ones."),
        say("Two processes did something at the same time. What do they share?"),
        "index.value += 1",
    ),
    mistake(
        "still-on-its-way",
        say("All had been put, and the answers were counted; but some of them were still on their way."),
        say("put hands the item to a thread of its process. When is it certain that this thread has done its work?"),
        "while done.value < workers or not answers.empty():\n    ...    # done was counted right after put",
    ),
    mistake(
        "hangs-without-questions",
        say("With no questions, or fewer than workers, somebody waits for ever."),
        say("Does every worker hear that there are no more questions, also one that never got any?"),
        "questions.put(None)          # one for all",
    ),
    mistake(
        "join-before-get",
        say("The workers were joined before their answers were taken; they end only when all they have put is taken."),
        say("What does a process wait for at its end when it has put something into a queue?"),
        "for p in processes:\n    p.join()\nreturn [answers.get() for _ in expressions]",
    ),
    mistake(
        "dies-of-an-error",
        say("A worker died of an exception, and its answer never came."),
        say("What does a worker do when evaluate raises?"),
        "answers.put((i, evaluate(e)))      # and if it raises?",
    ),
    mistake(
        "falsy-sentinel",
        say("An empty expression was taken for the sign of the end: its answer, an exception, never came."),
        say("Which value can no question ever be? Ask for exactly that one."),
        "if not expression:\n    break",
    ),
    mistake(
        "raises-instead",
        say("One bad expression, and all the answers are lost: calculate itself raised."),
        say("An exception is an object. Where can you put it?"),
        "raise answer",
    ),
    mistake(
        "no-exception",
        say("In the place of an expression that could not be worked out there is no exception object."),
        say("What do you put into the queue when evaluate raises: its text, None, or the exception?"),
        "except Exception as e:\n    answers.put((i, str(e)))",
    ),
    mistake(
        "unbounded-queue",
        say("The questions go through a queue that takes any number: all of them lie in memory at once."),
        say("How does a queue know how many it may hold?"),
        "questions = Queue()",
    ),
    mistake(
        "workers-ignored",
        say("There were fewer worker processes than asked for."),
        say("Look for a number where the parameter should stand."),
        "for _ in range(2):",
    ),
    mistake(
        "workers-idle",
        say("The workers were started and had nothing to do: the main process has worked out everything itself."),
        say("In which process does evaluate run, when you call it there?"),
        "for e in expressions:\n    results.append(evaluate(e))      # in calculate",
    ),
    mistake(
        "returns-no-list",
        say("What was returned is not a list."),
        say("Look at the return type in the stub."),
        "return dict(results)",
    ),
    mistake(
        "workers-left",
        say("The answers are there, and processes still wait for questions that nobody will ask."),
        say("Who tells the workers to go home, each of them, and who waits until they have?"),
        "return results        # and the workers?",
    ),
)
