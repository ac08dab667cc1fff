"""The command line. Layer 8: options in, the calls of lower layers, exit codes out.

    0 passed   1 checks failed   2 wrong use   3 our trouble: the machine, an exercise, the grader, Ctrl-C

A command is a module in grader/commands, loaded when it is called; so `grader list` pays for nothing but itself.
Rule: whatever goes wrong is said in one sentence on standard error, with what to do next. Only an error that nobody
foresaw is a bug of ours, and is said to be one.
"""

from __future__ import annotations

import difflib
import importlib
import os
import shlex
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TextIO

import click

from grader import __version__
from grader.commands.app import FAILED, MISUSED, TROUBLE, App
from grader.commands.help import Example, Group, Option
from grader.errors import GraderError, SubmissionError, UsageError
from grader.model import Text, say

COMMANDS = ("list", "start", "check", "explain", "doctor", "batch", "selftest", "new-exercise")


class Commands(Group):
    """`grader` itself."""

    about = say("Grades network and concurrent programming exercises from outside, byte by byte.")
    examples: Sequence[Example] = (
        ("grader start framing", say("get the files of an exercise")),
        ("grader check framing", say("check what you have written")),
        ("grader batch CLASS --out DIR", say("grade a whole class in Docker")),
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"grader.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, COMMANDS, 1, 0.4)
            if near:
                raise UsageError(say("No command {name}. Did you mean `grader {near}`?", name=name, near=near[0]))
            raise UsageError(say("No command {name}. `grader --help` names them all.", name=name))
        return super().resolve_command(ctx, args)


@click.command(cls=Commands, name="grader", invoke_without_command=True)
@click.option("--version", is_flag=True, cls=Option, about=say("show the version"))
@click.pass_context
def cli(ctx: click.Context, version: bool) -> int:
    """Without a command: the version or the help."""
    if ctx.invoked_subcommand is None:
        ctx.obj.echo(f"grader {__version__}" if version else ctx.get_help())
    return 0 if version else MISUSED


def main() -> None:
    """The console script."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped by a CI or by Ctrl-C: the same way out
    sys.exit(run(sys.argv[1:], sys.stdout, sys.stderr, os.environ))


def run(args: Sequence[str], out: TextIO | None, err: TextIO | None, env: Mapping[str, str]) -> int:
    """One call of `grader`; its exit code."""
    app = App(out, err, env)
    app.lang = _asked_for(args) or app.lang
    try:
        code: int = cli.main(args=list(args), prog_name="grader", standalone_mode=False, obj=app)
        app.out.flush()
        return code
    except click.ClickException as e:
        app.warn(_misuse(e))
        return MISUSED
    except GraderError as e:
        app.warn(e.text)
        return MISUSED if isinstance(e, UsageError) else FAILED if isinstance(e, SubmissionError) else TROUBLE
    except (KeyboardInterrupt, click.Abort):
        app.warn(say("Stopped."))
        return TROUBLE
    except Exception as e:
        _own_up(app, args, e, bool(env.get("GRADER_DEBUG")))
        return TROUBLE


def _asked_for(args: Sequence[str]) -> str | None:
    """The language in --lang, known before anything else is, so that every error can be said in it."""
    given = [a.removeprefix("--lang=") for a in args if a.startswith("--lang=")]
    given += [b for a, b in pairwise(args) if a == "--lang"]
    return next((g for g in given if g in ("zh", "en")), None)


def _misuse(e: click.ClickException) -> Text:
    """click's complaints in our words; those that it has no data for stay in its own."""
    ctx = getattr(e, "ctx", None)
    help_ = (ctx.command_path if ctx else "grader") + " --help"
    what = e.param.get_error_hint(ctx) if isinstance(e, click.BadParameter) and e.param and ctx else ""
    match e:
        case click.NoSuchOption(option_name=name, possibilities=[near, *_]):
            return say(
                "No option {name}. Did you mean {near}? `{help}` names them all.", name=name, near=near, help=help_
            )
        case click.NoSuchOption(option_name=name):
            return say("No option {name}. `{help}` names them all.", name=name, help=help_)
        case click.MissingParameter():
            return say("{what} is missing. `{help}` shows how.", what=what, help=help_)
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            return say("{what} must be one of: {choices}.", what=what, choices=", ".join(map(str, choices)))
        case click.BadParameter(param=click.Parameter(type=click.IntRange(min=least))):
            return say("{what} must be a whole number, {least} or more.", what=what, least=least)
    return say("{error} `{help}` shows how.", error=e.format_message(), help=help_)


def _own_up(app: App, args: Sequence[str], error: Exception, debug: bool) -> None:
    if debug:
        app.err.write("".join(traceback.format_exception(error)))
    app.warn(
        say(
            "This is a bug in the grader, not in anybody's exercise: {error}. Please report it with the command"
            " `grader {args}` and with what GRADER_DEBUG=1 adds to this message.",
            error=f"{type(error).__name__}: {error}",
            args=shlex.join(args),
        )
    )
