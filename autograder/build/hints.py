"""Work out what each typical mistake answers to the visible checks, and which sentence helps there."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.course import Course, CourseError
from autograder.importing import importable
from autograder.spec import Assignment, spec_cell, without_magics

Notebook = Any  # nbformat's NotebookNode, which has no types
Hints = dict[str, dict[str, str]]  # by exercise: the sentence for each key

VISIBLE = "visible"
SECONDS = 10.0  # of computing, for one known answer: only what never ends takes so long
ALIKE = 3  # so many mistakes at most that answer the visible checks alike
OR = " Or: "  # between their sentences
TOGETHER = ", and "  # in the name of two mistakes made at once
PLACE_IN_MEMORY = " at 0x"  # differs from build to build


@dataclass(frozen=True)
class Tried:
    """Hold what came of a known answer in the visible checks: `key` is empty if they passed.

    `general` means that the answer gets a sentence that fits all exercises (no return, a wrong shape).
    """

    exercise: str
    name: str
    sentence: str
    key: str = ""
    general: bool = False

    @property
    def shown(self) -> str:
        """Return the key on one line."""
        return " came back ".join(self.key.splitlines())


def hints_of(course: Course, week: str, notebook: Notebook) -> Hints:
    """Return for each exercise the sentences to show for what the visible checks find, by their keys.

    Where a few mistakes answer alike, all their sentences are shown, and where many do, none. A week whose
    hidden checks or visible ones are not written yet has no hints.
    """
    hints: Hints = {}
    for exercise, sentences in _sentences(_mistakes(course, week, notebook)).items():
        hints[exercise] = {key: OR.join(texts) for key, texts in sentences.items() if len(texts) <= ALIKE}
    return {exercise: found for exercise, found in hints.items() if found}


def hint_problems(course: Course, week: str, notebook: Notebook) -> Iterator[str]:
    """Yield where a known answer is not told what was written for it: many answer alike, or it is right."""
    tried = list(_mistakes(course, week, notebook))
    for exercise, sentences in _sentences(tried).items():
        for key, texts in sentences.items():
            if len(texts) > ALIKE:
                names = " and ".join(t.name for t in tried if (t.exercise, t.key) == (exercise, key))
                shown = next(t.shown for t in tried if t.key == key)
                yield (
                    f"{exercise}: {names} answer the visible checks alike ({shown}), and each has its own "
                    "sentence. Ask in visible.py what tells them apart, before this."
                )
    for known in _tried(course, week, notebook, variants=True):
        if known.key:
            yield (
                f"{known.exercise}: the right answer {known.name} fails a visible check ({known.shown}). "
                "Mend the check in visible.py."
            )


def _sentences(tried: Iterator[Tried] | list[Tried]) -> dict[str, dict[str, dict[str, None]]]:
    """Return by exercise and key the different sentences, in order. General answers need none.

    Of two mistakes made at once, `summed, and overflow`, the first is told: its sentence serves for both.
    """
    found: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    told = [known for known in tried if known.key and not known.general and PLACE_IN_MEMORY not in known.key]
    places = {(known.exercise, known.key, known.name) for known in told}
    for known in told:
        first = known.name.partition(TOGETHER)[0]
        if first == known.name or (known.exercise, known.key, first) not in places:
            found[known.exercise][known.key][known.sentence] = None
    return found


def _mistakes(course: Course, week: str, notebook: Notebook) -> Iterator[Tried]:
    return _tried(course, week, notebook, variants=False)


def _tried(course: Course, week: str, notebook: Notebook, *, variants: bool) -> Iterator[Tried]:
    """Yield what came of each typical mistake, or of each right variant, of the exercises of a week."""
    path = course.lesson(week).with_name(f"{VISIBLE}.py")
    if not path.is_file() or "@visible" not in path.read_text(encoding="utf-8"):
        return
    from autograder.checks.week import load_checks  # loads torch, which takes a second

    cells = tuple(spec_cell(cell, cell.source) for cell in notebook.cells)
    hidden = {file.name: file.read_text("utf-8") for file in sorted(course.hidden(week).glob("*.py"))}
    try:
        known = load_checks(Assignment(week, cells, hidden=hidden))
    except CourseError:  # of a week that is being written; `autograder verify` says what is missing
        return
    with visible_module(path) as module:
        for exercise in known.checks:
            check: Any = getattr(module, f"check_{exercise}", None)
            if not hasattr(check, "__wrapped__") or not getattr(check, "hints", True):
                continue  # it only looks at a letter, or trains
            arguments = _arguments(notebook, exercise)
            items = known.variants_of(exercise) if variants else known.mistakes_of(exercise)
            for item in items:
                error = _error_of(check.__wrapped__, item.source, arguments)
                yield _found(exercise, item.name, getattr(item, "sentence", ""), error)
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")  # those that known answers drew


def _found(exercise: str, name: str, sentence: str, error: Exception | None) -> Tried:
    from tutor import hint_key

    if error is None:
        return Tried(exercise, name, sentence)
    general = isinstance(error, NotImplementedError) or bool(getattr(error, "general", False))
    return Tried(exercise, name, sentence, hint_key(error), general)


@contextlib.contextmanager
def visible_module(path: Path) -> Iterator[ModuleType]:
    """Run a week's visible.py, with the week's other modules to import. None of them stays loaded."""
    names = {file.stem for file in path.parent.glob("*.py")}
    before = {name: sys.modules.pop(name) for name in names & sys.modules.keys()}
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # the folder is the author's
    try:
        with importable(path.parent):
            yield _run(path)
    finally:
        sys.dont_write_bytecode = writes
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(before)


def _run(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(VISIBLE, path)
    if spec is None or spec.loader is None:
        raise CourseError(f"{path} cannot be imported. Write a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[VISIBLE] = module  # its dataclasses look for it there
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CourseError(
            f"{path} cannot be run ({type(error).__name__}: {error}). Correct it and build again."
        ) from error
    return module


def _arguments(notebook: Notebook, exercise: str) -> list[str]:
    """Return what the lesson gives to the visible check of an exercise: most often its function alone."""
    for cell in notebook.cells:
        source = without_magics(cell.source) if f"check_{exercise}(" in cell.source else ""
        for node in ast.walk(ast.parse(source if cell.cell_type == "code" else "")):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"check_{exercise}":
                return [ast.unparse(argument) for argument in node.args]
    return [exercise]


def _error_of(check: Callable[..., Any], source: str, arguments: list[str]) -> Exception | None:
    """Return what a visible check raises for a known answer, or None if it passes or cannot be asked."""
    from course_data import one_thread

    from autograder.checks.known import course_names, quiet
    from autograder.judge.submission import warm_up
    from autograder.judge.timer import interrupt_after

    warm_up()  # before the clock starts: an interrupted import of torch's would break all later answers
    names = course_names()
    in_time = interrupt_after(SECONDS, _TooLong, clock="processor")
    with one_thread(), quiet(), contextlib.suppress(_TooLong), in_time:
        _seed(names)
        try:
            exec(source, names)
            values = [eval(argument, names) for argument in arguments]
        except Exception:  # this answer is about something else than the visible check
            return None
        try:
            check(*values)
        except Exception as error:
            return error
    return None


class _TooLong(BaseException):
    """Report that a known answer takes too long. No check can catch it by mistake."""


def _seed(names: Mapping[str, Any]) -> None:
    """Let answers that draw numbers draw the same in every build."""
    random.seed(0)
    names["np"].random.seed(0)
    names["torch"].manual_seed(0)
