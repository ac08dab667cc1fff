"""The known mistakes of `task_modes`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.process_mistakes import PROCESS_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *PROCESS_MISTAKES,
    mistake(
        "overlaps",
        say("Several tasks ran at the same time; synchronous means that one waits for the other."),
        say("Start nothing that you do not also wait for before the next one."),
        "for t in threads:\n    t.start()\nfor t in threads:\n    t.join()",
    ),
    mistake(
        "wrong-order",
        say("The tasks ran in another order than the one in which they were given."),
        say("Go through the list from its beginning."),
        "while tasks:\n    results.append(tasks.pop()())   # the last one first",
    ),
    mistake(
        "results-lost",
        say("The tasks ran, but what they returned was not brought back."),
        say("A child's return value goes nowhere by itself. What can carry it to the parent?"),
        "p = Process(target=task)\np.start()\np.join()       # and the result?",
    ),
    mistake(
        "falsy-dropped",
        say("A task whose result counts as false (0, '', None) has lost its place in the list."),
        say("Which results does `if result` let through? Is 0 no result?"),
        "return [r for r in results if r]",
    ),
    mistake(
        "order-of-ending",
        say("The results came back in the order in which the tasks ended, not in the order in which they were given."),
        say("Who remembers which result belongs to which task?"),
        "for f in as_completed(futures):\n    results.append(f.result())",
    ),
    mistake(
        "returns-no-list",
        say("What was returned is not a list."),
        say("Look at the return type in the stub."),
        "return tuple(results)",
    ),
    mistake(
        "results-changed",
        say("The results are no longer what the tasks returned: on the way they became texts, or something like that."),
        say("What does your code do with a result before it is put into the list?"),
        "results.append(str(task()))",
    ),
    mistake(
        "returns-others",
        say("The list that was returned is not the one of the processes that run the tasks, in their order."),
        say("What do you append to the list, and when?"),
        "return processes[::-1]",
    ),
    mistake(
        "failure-swallowed",
        say("A task raised an exception, and nobody was told of it."),
        say("What does your code do with the exception of a task: keep it, or let it pass?"),
        "try:\n    results.append(task())\nexcept Exception as e:\n    results.append(e)",
    ),
    mistake(
        "failure-not-seen",
        say("A task raised an exception, and the function waits for a result that will never come."),
        say("What arrives at the parent when a child dies of an exception?"),
        "result = queue.get()     # the child died before its put",
    ),
    mistake(
        "process-not-thread",
        say("Processes were started where one process was asked for."),
        say("Waiting needs no second processor. What can wait several times within one process?"),
        "with ProcessPoolExecutor() as pool: ...",
    ),
    mistake(
        "unbounded",
        say("More processes were alive at the same time than there are workers."),
        say("Before a process is started: how many are there, and whom must you wait for?"),
        "for p in processes:\n    p.start()          # all of them",
    ),
    mistake(
        "too-few-workers",
        say("Fewer tasks ran at the same time than there are workers, although others were waiting for their turn."),
        say("How many processes does your pool have, and who decides that?"),
        "pool = Pool()          # as many as there are processors",
    ),
    mistake(
        "too-few-threads",
        say("Only so many tasks waited at the same time; the others had to wait for a free thread."),
        say("How many threads does your pool have, and how many tasks are there?"),
        "with ThreadPoolExecutor() as pool:     # how many threads are that?",
    ),
    mistake(
        "one-after-another",
        say("The tasks ran one after another: while one waited, nothing else happened."),
        say("Who waits for the first task, and when is the second one started?"),
        "for task in tasks:\n    t = Thread(target=task)\n    t.start()\n    t.join()",
    ),
    mistake(
        "pool-left-open",
        say("The function returned, and processes that it had started were still running."),
        say("Who ends the processes of a pool when its work is done, and who waits for them?"),
        "pool = Pool(workers)\nreturn pool.map(call, tasks)",
    ),
    mistake(
        "no-tasks-no-workers",
        say("With no tasks at all, something was asked to work with no workers."),
        say("What does your pool say to a size of 0?"),
        "ThreadPoolExecutor(max_workers=len(tasks))",
    ),
)
