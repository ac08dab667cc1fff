"""The mistakes of programs that start processes, whatever for: what each is, a hint, the wrong code. Layer 1, pure.

An exercise's MISTAKES begin with these; one of its own with the same code stands in place of the general one.
"""

from grader.checks import mistake
from grader.model import say

PROCESS_MISTAKES = (
    mistake(
        "join-in-start-loop",
        say("Each process was waited for before the next one was started, so they ran one after another."),
        say("How many loops do you need if all must be running before anybody waits?"),
        "for args in args_list:\n    p = Process(target=target, args=args)\n    p.start()\n    p.join()",
    ),
    mistake(
        "waits-for-children",
        say("The function waited for the processes that it had started; who called it wanted to go on at once."),
        say("Who should call join here: you, or the one who gets the list from you?"),
        "for p in processes:\n    p.join()\nreturn processes",
    ),
    mistake(
        "ended-before-return",
        say("Processes had ended before the function returned, although nobody had told them to."),
        say("The function starts processes and does nothing else to them."),
        "p.terminate()",
    ),
    mistake(
        "run-not-start",
        say("run() executes the target here, in the main process; only start() makes a new process."),
        say("Which method of Process creates the process, and which one is called inside it?"),
        "p.run()                     # no process is created",
    ),
    mistake(
        "thread-not-process",
        say("A thread was started: it lives in the same process and shares its memory."),
        say("Which class of which module creates a process?"),
        "from threading import Thread",
    ),
    mistake(
        "one-process-for-all",
        say("One process did the work of several, one after another or in threads of its own."),
        say("One argument tuple, one process."),
        "Process(target=lambda: [target(*args) for args in args_list])",
    ),
    mistake(
        "not-direct",
        say("The target ran in a grandchild: a process that was started by a process that you started."),
        say("Only the parent can join a process. Who is the parent here?"),
        "Process(target=start_one, args=(target, args))   # and start_one starts another Process",
    ),
    mistake(
        "starts-too-few",
        say("Fewer processes were started than there are argument tuples."),
        say("Is start() called on every one of them? Does the loop end early?"),
        "for args in args_list:\n    p = Process(target=target, args=args)\np.start()    # only the last",
    ),
    mistake(
        "nothing-to-do-fails",
        say("With nothing to do the function failed, or did something all the same."),
        say("An empty list has no first element, and a loop over it ends before it begins. What is there to return?"),
        "first = processes[0]        # of an empty list?",
    ),
    mistake(
        "unpicklable-target",
        say("A function that is defined inside another one, or a lambda, cannot be sent to a spawned process."),
        say("Hand the target itself to Process, or define your helper at the top of the module."),
        "Process(target=lambda: target(*args))",
    ),
    mistake(
        "never-joined",
        say("The function did not wait for its child: it returned while that was still running."),
        say("Which method waits for a process to end and collects it?"),
        "p.start()\nreturn p.exitcode           # None, and join()?",
    ),
    mistake(
        "zombie",
        say("A process had ended and nobody had asked for its exit status: until then it remains, as a zombie."),
        say("join() does it, also for a process that has long ended. For whom was it not called?"),
        "p.terminate()               # and p.join()?",
    ),
    mistake(
        "never-terminated",
        say("The process was not told to end; to wait for it alone may take for ever."),
        say("Which method of Process ends it?"),
        "process.join()\nreturn process.is_alive()",
    ),
    mistake(
        "kill-not-terminate",
        say("It was killed at once: SIGKILL leaves a process no time to tidy up."),
        say("Ask politely first. Which method sends SIGTERM?"),
        "process.kill()",
    ),
    mistake(
        "other-signal",
        say("The process was sent another signal than SIGTERM."),
        say("Which signal does terminate() send? Programs get ready for that one."),
        "os.kill(process.pid, signal.SIGINT)",
    ),
    mistake(
        "alive-before-join",
        say("terminate() only sends a signal; a moment later the process is still there, and is_alive() says so."),
        say("Between the signal and the question something must wait."),
        "process.terminate()\nreturn process.is_alive()   # still True",
    ),
    mistake(
        "waits-for-ever",
        say("The process ignores SIGTERM, and the function waits for it for ever, in join() or in a loop."),
        say("join takes a time-out. What can be done when it is over and the process is still alive?"),
        "process.terminate()\nprocess.join()              # never returns",
    ),
    mistake(
        "never-killed",
        say("The process ignores SIGTERM and was left running."),
        say("What can no process ignore?"),
        "process.terminate()\nprocess.join(1)\nreturn process.is_alive()",
    ),
    mistake(
        "killed-late",
        say("The process ignores SIGTERM and was killed, but more than 5 seconds after it."),
        say("How long does your join() wait before kill()?"),
        "process.terminate()\nprocess.join(10)            # at most 5\nprocess.kill()",
    ),
    mistake(
        "killed-not-joined",
        say("kill() only sends a signal as well. The function returned before the process was joined."),
        say("Who waits for the end of a process that was killed?"),
        "process.kill()\nreturn process.is_alive()   # and join()?",
    ),
    mistake(
        "child-raises",
        say("A process that was started raised an exception or exited by itself, and did not do its work."),
        say("Its traceback stands on the terminal. Call the function by itself, without a process: does it work?"),
        "def child(number): ...\n\nProcess(target=child)       # TypeError: the child gets no number",
    ),
    mistake(
        "returns-nothing",
        say("Nothing was returned."),
        say("What does the function return if there is no return statement?"),
        "process.join()              # and no return",
    ),
    mistake(
        "keeps-earlier",
        say(
            "What was returned still holds something of an earlier call: the list was made once, and not by every call."
        ),
        say("Where is the list made? A default value is made once only, like all that stands at the top of a module."),
        "def start_all(target, args_list, processes=[]):",
    ),
    mistake(
        "starts-at-import",
        say("The module starts processes as soon as it is imported; a spawned child imports it as well."),
        say('What belongs under `if __name__ == "__main__":`?'),
        "start_all(print, [('hello',)])    # at the end of the file, without a guard",
    ),
    mistake(
        "order-swapped",
        say("The two values are in the other order."),
        say("The docstring says which one comes first."),
        "return os.getppid(), os.getpid()",
    ),
)
