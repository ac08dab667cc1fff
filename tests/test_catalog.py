"""Exercises are found by looking; what is broken in them is said with the file, the place and what is wrong."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.catalog import Course, Exercise, find_course, translations
from grader.errors import ExerciseError, UsageError
from grader.model import Limits

META = {
    "schema": 1,
    "order": 3,
    "section": "1.5",
    "title": {"zh": "翻倍", "en": "Twice"},
    "modules": ["twice.py", "more.py"],
    "points": 3,
    "roles": ["receiver"],
}
CHECKS = """
from grader.checks import BONUS, check, mistake, say

MISTAKES = (mistake("forgot", say("It was forgotten."), say("Think.")),)

@check("group.one", points=2, requirement=say("one"))
def one(trace): return say("seen")

@check("group.two", points=1, requirement=say("two"), needs=("group.one",), case="group.one")
def two(trace): return say("seen")

@check("group.extra", points=5, severity=BONUS, requirement=say("extra"))
def extra(trace): return say("seen")
"""


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def add(root: Path, slug: str, checks: str = CHECKS, **meta: object) -> Exercise:
    put(
        root,
        {
            f"exercises/{slug}/exercise.json": json.dumps({**META, **meta}),
            f"exercises/{slug}/twice.py": "def twice(x): ...\n",
            f"exercises/{slug}/more.py": "def more(): ...\n",
            f"reference/{slug}/checks.py": checks,
            f"reference/{slug}/script.py": "# 脚本\n",
            f"reference/{slug}/solution/twice.py": "def twice(x): return 2 * x\n",
            f"reference/{slug}/solution/more.py": "def more(): return 1\n",
            f"reference/{slug}/mutants/thrice.py": f"# kills: {slug}.group.one\ndef twice(x): return 3 * x\n",
            f"reference/{slug}/mutants/less/more.py": f"# kills: {slug}.group.one, {slug}.group.two\ndef more(): 0\n",
        },
    )
    return Course(root).exercise(slug)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "reference").mkdir()
    return tmp_path


# --- an exercise -----------------------------------------------------------------------------------------------------


def test_an_exercise_is_what_its_two_folders_hold(root):
    exercise = add(root, "twice")
    assert (exercise.slug, exercise.meta.title.zh, exercise.meta.limits) == ("twice", "翻倍", Limits())
    assert exercise.stubs == {"twice.py": b"def twice(x): ...\n", "more.py": b"def more(): ...\n"}
    assert exercise.script == "# 脚本\n"
    assert exercise.driver is None
    assert exercise.solution()["more.py"] == b"def more(): return 1\n"
    assert list(exercise.mistakes) == ["forgot"]
    put(root, {"reference/twice/driver.py": "# drives\n"})
    assert Course(root).exercise("twice").driver == "# drives\n"
    assert Course(root).exercise("twice").inside == {}


def test_a_driver_brings_the_shared_modules_that_it_imports(root):
    add(root, "twice")
    put(root, {f"reference/inside/{name}.py": f"# {name}\n" for name in ("jobs", "boxes", "other")})
    put(root, {"reference/twice/driver.py": "import os\nimport jobs\nfrom boxes import Box\n# import other\n"})
    assert Course(root).exercise("twice").inside == {"jobs.py": "# jobs\n", "boxes.py": "# boxes\n"}


def test_checks_have_whole_names_and_stand_in_their_order(root):
    checks = add(root, "twice").checks
    assert [(c.id, c.case, c.needs) for c in checks] == [
        ("twice.group.one", "group.one", ()),
        ("twice.group.two", "group.one", ("twice.group.one",)),
        ("twice.group.extra", "group.extra", ()),
    ]


def test_a_check_that_another_of_its_name_hides_is_not_lost_in_silence(root):
    hidden = '@check("group.hidden", points=1, requirement=say("hidden"))\ndef extra(trace): return say("seen")\n'
    exercise = add(root, "twice", "from .more import *\n" + CHECKS)
    put(root, {"reference/twice/more.py": "from grader.checks import check, say\n\n" + hidden})
    with pytest.raises(ExerciseError, match=r"twice\.group\.hidden is in more\.py and not in checks\.py"):
        _ = exercise.checks


def test_mutants_are_the_solution_but_for_what_they_change(root):
    mutants = add(root, "twice").mutants()
    assert sorted(mutants) == ["less", "thrice"]
    files, kills = mutants["thrice"]
    assert kills == ("twice.group.one",)
    assert (b"3 * x" in files["twice.py"], files["more.py"]) == (True, b"def more(): return 1\n")
    files, kills = mutants["less"]
    assert kills == ("twice.group.one", "twice.group.two")
    assert (files["twice.py"], b"): 0" in files["more.py"]) == (b"def twice(x): return 2 * x\n", True)


def test_a_mutant_that_does_not_say_what_it_kills_is_an_error(root):
    exercise = add(root, "twice")
    put(root, {"reference/twice/mutants/silent.py": "def twice(x): return 0\n"})
    with pytest.raises(ExerciseError, match=r"silent\.py: the first line must be"):
        exercise.mutants()


def test_points_need_not_be_whole(root):
    tenths = CHECKS.replace("points=2", "points=0.1").replace("points=1", "points=0.2")
    assert add(root, "twice", tenths, points=0.3).checks


# name: (what is done to the exercise, what the error says)
BROKEN_JSON = {
    "no JSON": ("{", "exercise.json is broken: "),
    "not UTF-8": ("\udcff", "exercise.json is broken: "),
    "a key is missing": (json.dumps({k: v for k, v in META.items() if k != "title"}), "`title`"),
    "a key too many": (json.dumps({**META, "colour": 1}), "`colour`"),
    "a wrong type": (json.dumps({**META, "title": {"zh": 1, "en": "x"}}), r"\$\.title\.zh"),
    "wrong limits": (json.dumps({**META, "limits": {"memory_mib": "much"}}), r"\$\.limits\.memory_mib"),
}
BROKEN_CHECKS = {
    "a syntax error": ("def", r"checks\.py is broken: SyntaxError"),
    "an import error": ("import no_such_module", r"checks\.py is broken: ModuleNotFoundError"),
    "other points": (CHECKS.replace("points=2", "points=4"), "the checks give 5 points, exercise.json says 3"),
    "a need that is no check": (CHECKS.replace('needs=("group.one"', 'needs=("group.won"'), r"twice\.group\.won"),
    "a need that comes later": (CHECKS.replace('needs=("group.one"', 'needs=("group.extra"'), r"twice\.group\.extra"),
    "two checks of one name": (CHECKS.replace('"group.two"', '"group.one"'), r"twice\.group\.one"),
}


@pytest.mark.parametrize(("text", "says"), BROKEN_JSON.values(), ids=BROKEN_JSON.keys())
def test_a_broken_exercise_json_is_named_with_the_place(root, text, says):
    add(root, "twice")
    path = root / "exercises/twice/exercise.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ExerciseError, match=says) as error:
        Course(root).exercise("twice")
    assert str(path) in str(error.value)


@pytest.mark.parametrize(("checks", "says"), BROKEN_CHECKS.values(), ids=BROKEN_CHECKS.keys())
def test_broken_checks_are_the_authors_error(root, checks, says):
    exercise = add(root, "twice", checks)
    with pytest.raises(ExerciseError, match=says):
        _ = exercise.checks


@pytest.mark.parametrize(
    ("missing", "look"),
    [
        ("reference/twice/checks.py", lambda e: e.checks),
        ("reference/twice/checks.py", lambda e: e.mistakes),
        ("reference/twice/script.py", lambda e: e.script),
        ("exercises/twice/more.py", lambda e: e.stubs),
        ("reference/twice/solution/more.py", lambda e: e.solution()),
    ],
)
def test_a_missing_file_is_the_authors_error_and_named(root, missing, look):
    exercise = add(root, "twice")
    (root / missing).unlink()
    with pytest.raises(ExerciseError) as error:
        look(exercise)
    assert str(root / missing) in str(error.value)


# --- a course --------------------------------------------------------------------------------------------------------


def test_exercises_are_found_by_looking_in_the_order_of_the_chapter(root):
    for slug, order in (("zebra", 1), ("apple", 9), ("mango", 9), ("middle", 5)):
        add(root, slug, order=order)
    put(root, {"exercises/README.md": "", "exercises/notes/README.md": "", "reference/peers/x.py": ""})
    course = Course(root)
    assert course.slugs == ("zebra", "middle", "apple", "mango")
    assert [e.slug for e in course.exercises()] == list(course.slugs)
    assert [e.slug for e in course.exercises(["apple", "zebra"])] == ["zebra", "apple"]
    assert course.modules()["apple"] == ("twice.py", "more.py")


@pytest.mark.parametrize(
    ("slug", "says"),
    [
        ("framin", "No exercise framin. Did you mean framing?"),
        ("threaded-ech", "No exercise threaded_ech. Did you mean threaded_echo?"),
        ("xyz", "No exercise xyz. `grader list` names them all."),
        ("../framing", "No exercise ../framing. Did you mean framing?"),
    ],
)
def test_an_unknown_slug_is_answered_with_the_nearest(root, slug, says):
    add(root, "framing")
    add(root, "threaded_echo")
    with pytest.raises(UsageError) as error:
        Course(root).exercises([slug])
    assert str(error.value) == says


def test_a_slug_may_be_written_with_a_hyphen(root):
    add(root, "threaded_echo")
    assert [e.slug for e in Course(root).exercises(["threaded-echo"])] == ["threaded_echo"]


# --- where the course is ---------------------------------------------------------------------------------------------


def test_the_course_is_the_nearest_above_unless_one_is_named(root, tmp_path_factory, monkeypatch):
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    below = root / "exercises/some/where"
    below.mkdir(parents=True)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert find_course(below).root == root
    assert find_course(elsewhere).slugs, "without one above, that of the package"
    monkeypatch.setenv("GRADER_COURSE", str(root))
    assert find_course(elsewhere).root == root
    monkeypatch.setenv("GRADER_COURSE", str(elsewhere))
    with pytest.raises(UsageError, match="GRADER_COURSE"):
        find_course(root)


# --- the instrument's program ----------------------------------------------------------------------------------------


def test_the_bundle_runs_on_the_standard_library_alone_and_holds_no_answer(tmp_path):
    bundle = find_course().bundle()
    (tmp_path / "program.zip").write_bytes(bundle)
    names = zipfile.ZipFile(io.BytesIO(bundle)).namelist()
    assert len(names) == len(set(names))
    assert not [n for n in names if "solution" in n or n.endswith(("checks.py", "script.py"))]
    modules = [n.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for n in names]
    program = (
        "import sys\n"
        f"sys.path[:] = [{str(tmp_path / 'program.zip')!r}] + [p for p in sys.path if 'site-packages' not in p]\n"
        f"for name in {modules!r}: __import__(name)\n"
        "import grader\n"
        "assert 'program.zip' in grader.__file__\n"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True, timeout=60)


# --- translations ----------------------------------------------------------------------------------------------------


def test_translations_are_those_of_the_file_or_none(root):
    put(root, {"zh.po": 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "one"\nmsgstr "一"\n'})
    assert translations(root / "zh.po").gettext("one") == "一"
    assert translations(root / "zh.po").gettext("two") == "two"
    assert translations(root / "no.po").gettext("one") == "one"
