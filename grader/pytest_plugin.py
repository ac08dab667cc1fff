"""`pytest --grade PATH`: a submission, or a class, with one test item for each check. Layer 8.

Without --grade nothing of the grader is imported. With it nothing else is collected, and no conftest.py is loaded:
a submission may hold one, and pytest would run it in this process. The items are in grader/pytest_items.py.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("grade", "grading submissions")
    group.addoption("--grade", metavar="PATH", help="grade a submission, or a folder of submissions")
    group.addoption(
        "--grade-exercise", metavar="SLUG", action="append", default=[], help="this exercise only; may be repeated"
    )
    group.addoption(
        "--grade-isolation",
        choices=("docker", "process"),
        help="where the code runs; by default docker for a class, process for one submission",
    )
    group.addoption("--grade-seed", type=int, metavar="N", help="repeats a run: the same cuts, the same contents")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if getattr(early_config.known_args_namespace, "grade", None):
        early_config.known_args_namespace.noconftest = True


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("grade"):
        from grader.pytest_items import Grading

        config.pluginmanager.register(Grading(config), "grader-grading")
