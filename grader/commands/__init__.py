"""One module for each command of `grader`; `command` in it is what cli.py calls. Layer 8."""
