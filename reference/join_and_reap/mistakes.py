"""The known mistakes of `join_and_reap`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.process_mistakes import PROCESS_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *PROCESS_MISTAKES,
    # exit codes
    mistake(
        "code-before-end",
        say("An exit code was asked for while the process was still running: then it is None."),
        say("When does a process get its exit code? What must have happened before you read it?"),
        "return [p.exitcode for p in processes]     # nobody has waited",
    ),
    mistake(
        "bools-not-codes",
        say("True and False were returned; the exit codes are numbers."),
        say("What does Process keep in exitcode? Return it as it is."),
        "p.exitcode == 0",
    ),
    mistake(
        "order-of-ending",
        say("The exit codes stand in the order in which the processes ended, not in that of the jobs."),
        say("Which process belongs to jobs[0]? Go through the processes in the order in which you started them."),
        "for sentinel in wait(sentinels): codes.append(…)",
    ),
    mistake(
        "order-lost",
        say("The exit codes are right, and they do not stand in the order of the jobs."),
        say("Which process belongs to jobs[0]? Sets and active_children() know nothing of the order."),
        "codes = [p.exitcode for p in set_of_processes]",
    ),
    mistake(
        "waits-for-nobody",
        say("All processes have ended, and the function still waits for something that none of them can send now."),
        say("A process that was killed sends nothing any more. What is there of every process, however it ended?"),
        "return [answers.get() for p in processes]    # one that was killed has put nothing",
    ),
    mistake(
        "sign-lost",
        say("A negative exit code says which signal ended the process; the minus is part of it."),
        say("exitcode of a process that was killed by SIGKILL is -9. Return it as it is."),
        "abs(p.exitcode)",
    ),
    mistake(
        "wait-status",
        say("What was returned is the status that os.wait gives: the exit code stands in its upper byte."),
        say("Process.exitcode needs no arithmetic; for a status there is os.waitstatus_to_exitcode."),
        "pid, status = os.wait()\ncodes.append(status)      # 256 for an exit code of 1",
    ),
    mistake(
        "end-of-job-lost",
        say(
            "The process did not end as its job did: what the job raised was caught, or another code put in its place."
        ),
        say("What does a process end with if nobody catches what its target raises? sys.exit raises, too."),
        "try:\n    job()\nexcept Exception as e:\n    print(e)                # and the process ends with 0",
    ),
    # in order
    mistake(
        "codes-made-up",
        say("Only zeros were returned, and not every process ended with 0: nobody has read the exit codes."),
        say("Which attribute of a process that has ended tells how it ended?"),
        "codes.append(0)             # because join() came back?",
    ),
    mistake(
        "returns-no-list",
        say("What was returned is not a list."),
        say("Look at the return type in the stub. How many exit codes are there?"),
        "for p in processes:\n    p.join()\nreturn p.exitcode          # of the last one only",
    ),
    mistake(
        "wrong-order",
        say("The jobs ran in another order than the one in which they were given."),
        say("Go through the list from its beginning."),
        "while jobs:\n    job = jobs.pop()         # the last one first",
    ),
    mistake(
        "all-at-once",
        say("A process was started while the one before was still running."),
        say("What has to stand between two calls of start()?"),
        "for job in jobs:\n    p = Process(target=job)\n    p.start()        # and join()?",
    ),
    mistake(
        "stops-at-failure",
        say("After a process with an exit code other than 0 no further one was started."),
        say("Each job is to be run, whatever became of the one before."),
        "if p.exitcode != 0:\n    break",
    ),
    # the first to end
    mistake(
        "waits-for-all",
        say("One process had ended, and the function went on waiting for others, which may take for ever."),
        say("join() waits for one process that you must choose beforehand. What can wait for whichever ends first?"),
        "for i, p in enumerate(processes):\n    p.join()         # waits for the first in the list\n    return i",
    ),
    mistake(
        "waits-for-success",
        say("The first process had ended with an exit code other than 0, and the function did not take it for an end."),
        say("Which exit codes does a process have that has ended, and which one that still runs?"),
        "if p.exitcode == 0:\n    return i",
    ),
    mistake(
        "does-not-wait",
        say("The function did not wait long enough: the time had not come yet."),
        say("What are you waiting for here, and which call does it?"),
        "for i, p in enumerate(processes):\n    if p.is_alive():\n        return i",
    ),
    mistake(
        "counts-from-one",
        say("The first job has the index 0."),
        say("What does enumerate count from?"),
        "for number, p in enumerate(processes, 1):",
    ),
    mistake(
        "pid-not-index",
        say("What was returned is the number of the process (pid), not its place among the jobs."),
        say("Which list tells at which place a process stands?"),
        "return process.pid",
    ),
    mistake(
        "no-index",
        say("What was returned is not an index: neither a name nor a process tells the caller which job it was."),
        say("Look at the return type in the stub. Which place in the list does the process have?"),
        "return process.name",
    ),
    mistake(
        "asks-after-ending-all",
        say("The index is that of a process that the function itself has ended, not of the one that ended first."),
        say("When do you look who has ended: before you terminate the rest, or after?"),
        "for p in processes:\n    p.terminate()\n    p.join()\nreturn [p.is_alive() for p in processes].index(False)",
    ),
    mistake(
        "leaves-the-rest",
        say("The other processes were left running."),
        say("Who ends those that came too late?"),
        "return index                # and the other processes?",
    ),
    mistake(
        "terminated-not-joined",
        say("terminate() only sends a signal. The function returned while the process was still there."),
        say("Who waits until it has really ended?"),
        "p.terminate()\nreturn None                 # and join()?",
    ),
    # the deadline
    mistake(
        "sleeps-to-the-deadline",
        say("The job had ended, and the function went on waiting for its time to be over."),
        say("join takes a time-out, and comes back sooner if the process ends sooner."),
        "time.sleep(seconds)\nif p.is_alive(): ...",
    ),
    mistake(
        "no-deadline",
        say("The function waits for the job, however long that takes."),
        say("What does join do if it is given a number?"),
        "p.join()                    # and seconds?",
    ),
    mistake(
        "other-deadline",
        say("The function waited for another time than the one that it was given."),
        say("What is seconds for, and where do you use it?"),
        "p.join(2)                   # and seconds?",
    ),
    mistake(
        "taken-for-late",
        say("A signal had ended the job in time, and it was taken for one that was too late."),
        say("What tells that the time was over: how the job ended, or that it was still alive then?"),
        "if p.exitcode < 0:\n    return None",
    ),
    mistake(
        "raises-not-none",
        say("When the time is over an exception is raised; the caller was promised None."),
        say("A job that takes too long is no error here. What does the function return then?"),
        "raise TimeoutError",
    ),
    mistake(
        "leaves-it-running",
        say("The time was over, and the job was left running."),
        say("join with a time-out does nothing to the process. What does?"),
        "p.join(seconds)\nreturn p.exitcode           # None, and the process lives on",
    ),
    mistake(
        "code-of-terminated",
        say("The exit code of the terminated job was returned; None says that it was late."),
        say("After terminate() the exit code is -15. What is to be returned then?"),
        "p.terminate()\np.join()\nreturn p.exitcode",
    ),
    mistake(
        "code-or-none",
        say("0 is false in Python, and was taken for no exit code at all."),
        say("How do you ask whether something is None?"),
        "return p.exitcode or None",
    ),
    # the end of the program
    mistake(
        "daemon-children",
        say("Daemon processes are terminated when the main code ends; these were to run to their own end."),
        say("Which kind of process does a program wait for at its end?"),
        "Process(target=job, daemon=True)",
    ),
    mistake(
        "exits",
        say("The function ended the program itself; who called it wanted to go on."),
        say("How does a function end, and how a whole program? Which of the two is asked for?"),
        "sys.exit()                  # in a function that is to return",
    ),
    mistake(
        "orphans",
        say("The program ended before its children. Orphans remained, for which nobody waits any more."),
        say("How does a program end if nothing is done about it? What does it do before it ends?"),
        "os._exit(0)",
    ),
)
