"""The known mistakes of `process_basics`, as students made them: what each is, a hint, the wrong code."""

from grader.checks import mistake
from grader.model import say

MISTAKES = (
    # start_all
    mistake(
        "join-in-start-loop",
        say("Each process was waited for before the next one was started, so they ran one after another."),
        say("How many loops do you need if all must be running before anybody waits?"),
        "for args in args_list:\n    p = Process(target=target, args=args)\n    p.start()\n    p.join()",
    ),
    mistake(
        "waits-for-children",
        say("All were started, and then the function waited for them; who called it wanted to go on at once."),
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
        "args-not-a-tuple",
        say("The target was called with other arguments: args is taken apart, so it must be the tuple itself."),
        say('What is the difference between ("abc") and ("abc",)? And which of them do you have already?'),
        'Process(target=target, args=("abc"))    # target("a", "b", "c")',
    ),
    mistake(
        "returns-no-list",
        say("The processes were started, and not handed over: nobody can join them now."),
        say("What does the function return if there is no return statement?"),
        "for p in processes:\n    p.start()\n# and no return",
    ),
    mistake(
        "returns-others",
        say("The list does not hold the processes in the order of their arguments."),
        say("Compare process.pid of the list's items with who got which arguments."),
        "return active_children()    # in no order",
    ),
    mistake(
        "unpicklable-target",
        say("A function that is defined inside another one, or a lambda, cannot be sent to a spawned process."),
        say("Hand the target itself to Process, or define your helper at the top of the module."),
        "Process(target=lambda: target(*args))",
    ),
    # LineWriter
    mistake(
        "no-super-init",
        say("The __init__ of Process was never called, so the object is not yet a process."),
        say("A subclass that has an __init__ must call the one of its base class."),
        "def __init__(self, path, text):\n    self.path, self.text = path, text      # and super().__init__()?",
    ),
    mistake(
        "no-process-class",
        say("LineWriter is not derived from Process."),
        say("class LineWriter(…): what stands in the parentheses?"),
        "class LineWriter:",
    ),
    mistake(
        "overrides-start",
        say("The work stands in start() or somewhere else, and not in run(); so it is not the child that does it."),
        say("start() makes the process and comes from the base class. What does it call inside the child?"),
        "def start(self):\n    with open(self.path, 'a') as f: ...",
    ),
    mistake(
        "starts-in-run",
        say("run() starts another process; it is itself what the child executes."),
        say("Who calls run(), and in which process?"),
        "def run(self):\n    Process(target=self.write).start()",
    ),
    mistake(
        "pid-in-init",
        say("The number was taken in the parent: __init__ runs there, before the child exists."),
        say("Which of the methods is executed by the child? Ask for the number there."),
        "def __init__(self, path, text):\n    super().__init__()\n    self.number = os.getpid()   # the parent's",
    ),
    mistake(
        "pid-made-up",
        say("No process of this program ever had this number."),
        say("os.getpid() and os.getppid() know it."),
        "file.write(f'{self.text},1,0\\n')",
    ),
    mistake(
        "pid-twice",
        say("The same number stands for the process and for its parent."),
        say("getpid is one's own number. What is the parent's called?"),
        "return os.getpid(), os.getpid()",
    ),
    mistake(
        "ppid-wrong",
        say("The second number is not that of the process's parent."),
        say("Ask for it in the child: os.getppid()."),
        "self.parent = os.getppid()  # in __init__: the parent's parent",
    ),
    mistake(
        "pid-at-import",
        say("The number was asked for once and kept; a child inherits what was kept, and has another number."),
        say("When is the code at the top of a module executed, and in which process?"),
        "PID = os.getpid()\ndef whoami():\n    return PID, ...",
    ),
    mistake(
        "order-swapped",
        say("The two values are in the other order."),
        say("The docstring says which one comes first."),
        "return os.getppid(), os.getpid()",
    ),
    mistake(
        "overwrites",
        say("The file was opened for writing, which empties it first; what others had written is gone."),
        say("Which mode of open() adds at the end?"),
        "open(self.path, 'w')",
    ),
    mistake(
        "no-newline",
        say("Lines have grown together: there is no newline at the end of each."),
        say("write() adds nothing by itself."),
        "file.write(f'{self.text},{os.getpid()},{os.getppid()}')",
    ),
    mistake(
        "writes-nothing",
        say("No line arrived in the file."),
        say("Is the file opened in run(), at the path that was given, and is it closed again?"),
        "print(self.text, os.getpid(), os.getppid())",
    ),
    mistake(
        "shared-by-all",
        say("All objects share what each should have for itself."),
        say("What belongs to one object is stored in self, not in the class or the module."),
        "LineWriter.text = text      # the last one wins",
    ),
    mistake(
        "unpicklable-object",
        say("A spawned process gets a copy of the object, and something in it cannot be copied."),
        say("Open files in run(), in the process that uses them."),
        "self.file = open(path, 'a')",
    ),
    # bump
    mistake(
        "changed-in-parent",
        say("The parent's box has changed. A child gets a copy; somebody changed the original."),
        say("After the child has ended: does the parent still do something to its box?"),
        "box[0] += 1                 # in the parent",
    ),
    mistake(
        "value-not-brought-back",
        say("The second value is not what the child saw, but what the parent has."),
        say("A child cannot change its parent's variables. What can carry a value from one process to another?"),
        "child.join()\nreturn box[0], box[0]",
    ),
    mistake(
        "value-faked",
        say("The value was computed in the parent; no child has added anything to the box."),
        say("Let the child do it, and let it tell what it sees."),
        "return box[0], box[0] + 1",
    ),
    mistake(
        "never-joined",
        say("The child was not joined: it runs on, or remains as a zombie until somebody asks for its status."),
        say("Which method waits for a process to end and collects it?"),
        "child.start()\nreturn box[0], answers.get()   # and join()?",
    ),
    # stop
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
        "alive-before-join",
        say("terminate() only sends a signal; a moment later the process is still there, and is_alive() says so."),
        say("Between the signal and the question something must wait."),
        "process.terminate()\nreturn process.is_alive()   # still True",
    ),
    mistake(
        "returns-nothing",
        say("Nothing was returned."),
        say("What does the function return if there is no return statement?"),
        "process.join()              # and no return",
    ),
    mistake(
        "stops-everyone",
        say("Other processes were ended as well."),
        say("Only the process that was handed over is to be stopped."),
        "for p in active_children():\n    p.terminate()",
    ),
    mistake(
        "waits-for-ever",
        say("The process ignores SIGTERM, and join() without a time-out waits for it for ever."),
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
        "says-without-looking",
        say("What was returned is not what is the case."),
        say("Ask is_alive() last of all, and return its answer."),
        "return False",
    ),
    # the module
    mistake(
        "works-at-import",
        say("The module starts processes as soon as it is imported; a spawned child imports it as well."),
        say('What belongs under `if __name__ == "__main__":`?'),
        "start_all(print, [('hello',)])    # at the end of the file, without a guard",
    ),
)
