"""Reference clients and servers: the other end of the wire, built from grader.instrument and grader.wire."""
