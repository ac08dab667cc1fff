# The image of both containers of a pod: Python with its whole standard library, strace, and the agent. Nothing else:
# no pip packages, no network tools, no answer of any exercise. `make image` builds it, and a base where none can be had.
ARG BASE_IMAGE=python:3.13-slim
FROM ${BASE_IMAGE}
RUN command -v strace || (apt-get update \
    && apt-get install -y --no-install-recommends strace \
    && rm -rf /var/lib/apt/lists/*)
COPY grader/sandbox/agent/*.py /opt/grader/agent/
# The agent runs under a uid of its own; a checkout made under a strict umask must not lock it out.
RUN chmod -R a=rX /opt/grader
