from grader.checks import check, say, fail
from grader.model import Trace, Text, Returned, Told

@check("recv.one", points=7, requirement=say("one"))
def one(trace: Trace) -> Text:
    got = [r.value for r in trace.of(Returned)][:1]
    want = [t.value for t in trace.of(Told)]
    if not got or not got[0].same(want[0]):
        fail(say("x"), say("y"))
    return say("ok")

@check("recv.split", points=8, requirement=say("one"), needs=("recv.one",))
def two(trace: Trace) -> Text:
    return one(trace)
