"""Finds the exercises of a course by looking: exercises/<slug> and reference/<slug>. Layer 4. No list of them exists.

A course is a folder that holds `exercises` and `reference`: the one named by GRADER_COURSE, else the nearest above
the current folder, else the one that the package was installed with. reference/<slug>/checks.py is loaded into this
process (it is the author's, and trusted); script.py and driver.py are only read, they run inside a pod.
"""

from __future__ import annotations

import difflib
import gettext
import importlib
import io
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from grader.checks import Check, checks_of, mistakes_of
from grader.errors import ExerciseError, UsageError
from grader.likeness import form
from grader.model import Limits, Mistake, Severity, say

PACKAGE = Path(__file__).parent
# What the instrument's program consists of; it runs on the standard library alone.
INSTRUMENT = ("__init__.py", "model.py", "codec.py", "wire", "schedule", "instrument")


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str


class Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"schema_version": "schema"}):
    """exercise.json; the same as grader/schema/exercise.json."""

    schema_version: int
    order: int
    section: str
    title: Title
    modules: tuple[str, ...]
    points: float
    roles: tuple[str, ...]
    limits: Limits = Limits()
    options: dict[str, Any] = {}


@dataclass(frozen=True)
class Exercise:
    """One exercise: what students receive (`public`) and what knows the answer (`secret`)."""

    slug: str
    public: Path
    secret: Path
    meta: Meta

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Raises ExerciseError where checks.py is missing, breaks, or its points are not those of exercise.json."""
        checks = checks_of(self._checks_module, self.slug)
        _must_be_in_order(checks)
        _must_be_whole(checks, self._checks_module, self.slug)
        total = round(sum(c.points for c in checks if c.severity is not Severity.BONUS), 6)
        if total != self.meta.points:
            raise ExerciseError(
                say(
                    "{slug}: the checks give {total} points, exercise.json says {points}",
                    slug=self.slug,
                    total=total,
                    points=self.meta.points,
                )
            )
        return checks

    @cached_property
    def mistakes(self) -> Mapping[str, Mistake]:
        return mistakes_of(self._checks_module)

    @cached_property
    def _checks_module(self) -> ModuleType:
        return _load(self.secret, self.slug)

    @cached_property
    def script(self) -> str:
        return _text(self.secret / "script.py")

    @cached_property
    def driver(self) -> str | None:
        path = self.secret / "driver.py"
        return _text(path) if path.exists() else None

    @cached_property
    def inside(self) -> Mapping[str, str]:
        """The modules of reference/inside that driver.py imports: they go into the sandbox with it."""
        files = sorted((self.secret.parent / "inside").glob("*.py"))
        wanted = set(re.findall(r"^(?:import|from) (\w+)", self.driver or "", re.MULTILINE))
        return {path.name: _text(path) for path in files if path.stem in wanted}

    @cached_property
    def stubs(self) -> Mapping[str, bytes]:
        return {m: _bytes(self.public / m) for m in self.meta.modules}

    def solution(self) -> Mapping[str, bytes]:
        return {m: _bytes(self.secret / "solution" / m) for m in self.meta.modules}

    @cached_property
    def form(self) -> str:
        """Of the solution, see likeness.py; "" in a course that comes without solutions."""
        try:
            return form(self.solution())
        except ExerciseError:
            return ""

    def mutants(self) -> Mapping[str, tuple[Mapping[str, bytes], tuple[str, ...]]]:
        """name → (modules, ids of the checks that must kill it). A mutant is a file for the only or first module, or
        a folder with the modules that differ from the solution; its first line is `# kills: <check id>[, …]`."""
        return {p.stem: (self._whole(p), _kills(p)) for p in _programs(self.secret / "mutants")}

    def right(self) -> Mapping[str, Mapping[str, bytes]]:
        """name → modules of programs, other than the solution, that no must or should may fail; files as of mutants."""
        return {p.stem: self._whole(p) for p in _programs(self.secret / "right")}

    def _whole(self, path: Path) -> Mapping[str, bytes]:
        own = {p.name: p.read_bytes() for p in path.glob("*.py")} if path.is_dir() else {}
        return {**self.solution(), **(own or {self.meta.modules[0]: path.read_bytes()})}

    def catalogue(self) -> gettext.NullTranslations:
        """The Chinese of this exercise's texts."""
        return translations(self.secret / "zh.po")


@dataclass(frozen=True)
class Course:
    """The folder with `exercises` and `reference`."""

    root: Path

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        """All exercises, in the order of the chapter."""
        metas = {p.parent.name: _meta(p) for p in (self.root / "exercises").glob("*/exercise.json")}
        return tuple(sorted(metas, key=lambda s: (metas[s].order, s)))

    def exercise(self, slug: str) -> Exercise:
        """Raises UsageError (with the nearest name) or ExerciseError."""
        public, secret = self.root / "exercises" / slug, self.root / "reference" / slug
        if slug not in self.slugs:
            near = difflib.get_close_matches(slug, self.slugs, 1, 0.4)
            if near:
                raise UsageError(say("No exercise {slug}. Did you mean {near}?", slug=slug, near=near[0]))
            raise UsageError(say("No exercise {slug}. `grader list` names them all.", slug=slug))
        return Exercise(slug, public, secret, _meta(public / "exercise.json"))

    def exercises(self, slugs: Iterable[str] = ()) -> tuple[Exercise, ...]:
        """The named exercises in the order of the chapter; all of them without names."""
        wanted = {s.replace("-", "_") for s in slugs}
        for s in wanted - set(self.slugs):
            self.exercise(s)
        return tuple(self.exercise(s) for s in self.slugs if not wanted or s in wanted)

    def modules(self) -> dict[str, tuple[str, ...]]:
        """slug → file names: what may be taken from a submission."""
        return {e.slug: e.meta.modules for e in self.exercises()}

    def bundle(self) -> bytes:
        """The instrument's program: our files and the reference peers, as a zip. The same files, the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as z:
            for name in INSTRUMENT:
                path = PACKAGE / name
                for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
                    z.writestr(_entry("grader/" + file.relative_to(PACKAGE).as_posix()), file.read_bytes())
            z.writestr(_entry("reference/__init__.py"), "")
            for file in sorted((self.root / "reference" / "peers").rglob("*.py")):
                z.writestr(
                    _entry("reference/" + file.relative_to(self.root / "reference").as_posix()), file.read_bytes()
                )
        return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name)  # without a time of its own: 1980


def find_course(start: Path | None = None) -> Course:
    """The course to use. Raises UsageError where there is none."""
    named = os.environ.get("GRADER_COURSE")
    here = (start or Path.cwd()).resolve()
    candidates = [Path(named)] if named else [here, *here.parents, PACKAGE.parent, PACKAGE / "course"]
    for root in candidates:
        if (root / "exercises").is_dir() and (root / "reference").is_dir():
            return Course(root)
    raise UsageError(
        say("No course found: a folder with `exercises` and `reference`. Name it in GRADER_COURSE, or go there.")
    )


def translations(path: Path) -> gettext.NullTranslations:
    """A .po file as gettext translations; empty where there is none."""
    if not path.exists():
        return gettext.NullTranslations()
    import polib  # lazily: English needs none of it

    return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path), encoding="utf-8").to_binary()))


def _meta(path: Path) -> Meta:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Meta)
    except OSError as e:
        raise ExerciseError(say("{path} cannot be read: {error}", path=str(path), error=str(e))) from None
    except msgspec.DecodeError as e:
        raise ExerciseError(say("{path} is broken: {error}", path=str(path), error=str(e))) from None


def _programs(folder: Path) -> list[Path]:
    """Files, and folders of files, of one program each."""
    return [p for p in sorted(folder.glob("*")) if p.suffix == ".py" or (p.is_dir() and any(p.glob("*.py")))]


def _kills(path: Path) -> tuple[str, ...]:
    for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
        first = file.read_bytes().decode(errors="replace").partition("\n")[0]
        if first.startswith("# kills:"):
            return tuple(k.strip() for k in first.removeprefix("# kills:").split(","))
    raise ExerciseError(say("{path}: the first line must be `# kills: <check id>`", path=str(path)))


def _must_be_in_order(checks: Iterable[Check]) -> None:
    before: set[str] = set()
    for c in checks:
        for need in c.needs:
            if need not in before:
                text = say("{id} needs {need}, which is no check that stands before it", id=c.id, need=need)
                raise ExerciseError(text)
        if c.id in before:
            raise ExerciseError(say("two checks are called {id}", id=c.id))
        before.add(c.id)


def _must_be_whole(checks: Iterable[Check], module: ModuleType, slug: str) -> None:
    """Of two functions of one name that checks.py takes from two files only the later is left."""
    ids = {c.id for c in checks}
    siblings = [m for name, m in sys.modules.items() if name.startswith(f"{module.__package__}.")]
    for sibling in siblings:
        for lost in [c.id for c in checks_of(sibling, slug) if c.id not in ids]:
            file = f"{sibling.__name__.rpartition('.')[2]}.py"
            text = say("{id} is in {file} and not in checks.py: another function has the same name", id=lost, file=file)
            raise ExerciseError(text)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise ExerciseError(say("{path} cannot be read: {error}", path=str(path), error=str(e))) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise ExerciseError(say("{path} cannot be read: {error}", path=str(path), error=str(e))) from None


def _load(folder: Path, slug: str) -> ModuleType:
    """checks.py of an exercise, as a module of a package, so that it may be written in several files."""
    package = ModuleType(f"reference_{slug}")
    package.__path__ = [str(folder)]
    for name in [n for n in sys.modules if n.partition(".")[0] == package.__name__]:
        del sys.modules[name]  # of another course
    sys.modules[package.__name__] = package
    importlib.invalidate_caches()
    try:
        return importlib.import_module(f"{package.__name__}.checks")
    except Exception as e:  # whatever the author's file does wrong
        error, path = f"{type(e).__name__}: {e}", str(folder / "checks.py")
        raise ExerciseError(say("{path} is broken: {error}", path=path, error=error)) from e
