"""Build weeks: read the text, write the instructor's notebook, and the release once it passes its gate."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import nbformat

from autograder.build.data import data_file
from autograder.build.files import DATA, Changes, changes, others, support_files
from autograder.build.gate import Release, release_problems
from autograder.build.lesson import notebook_text, read_lesson, refuse_losing_work, refuse_newer_edits
from autograder.build.short import shortened
from autograder.build.syllabus import syllabus_marks
from autograder.course import Course, CourseError, short_name
from autograder.spec import MARK


@dataclass(frozen=True)
class BuildResult:
    """Say what building a week did. With `problems` the folder in release/ was left as it was."""

    week: str
    marks: float
    changed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """Return one line for the terminal."""
        if self.problems:
            count = len(self.problems)
            return f"{count} problem{'s' if count > 1 else ''}; students get nothing new until solved"
        what = f"{len(self.changed)} files written" if self.changed else "nothing to do"
        return f"{self.marks:g} marks, {what}"


def build_weeks(
    course: Course, weeks: Sequence[str], *, check: bool = False, force: bool = False, draft: bool = False
) -> list[BuildResult]:
    """Build the weeks and return what happened, in order.

    With `check` nothing is written, and a file that is out of date is a problem. With `draft` a lesson whose
    marks are not those of the syllabus is built, too: its release says that it is a draft.
    Raises CourseError, before anything is written, if a text cannot be built, or (without `force`) if source/
    holds newer edits or release/ somebody's work.
    """
    lessons = [(week, read_lesson(course, week)) for week in weeks]
    if not (force or check):
        for week, notebook in lessons:
            refuse_newer_edits(course, week, notebook)
            refuse_losing_work(course, week)
    return [_checked(plan) if check else _built(plan) for plan in _plans(course, lessons, draft)]


@dataclass(frozen=True)
class _Plan:
    week: str
    marks: float
    text: Changes
    source: Changes
    release: Changes
    problems: tuple[str, ...]


def _plans(course: Course, lessons: Sequence[tuple[str, Any]], draft: bool) -> list[_Plan]:
    """Plan as many weeks at a time as there are processors: most of the work is trying answers."""
    plan = partial(_plan, course, draft)
    workers = min(len(lessons), os.cpu_count() or 1)
    if workers < 2:
        return [plan(lesson) for lesson in lessons]
    fresh = multiprocessing.get_context("spawn")  # a fork would share PyTorch's threads
    with ProcessPoolExecutor(workers, mp_context=fresh, initializer=_use_one_thread) as pool:
        return list(pool.map(plan, lessons))


def _use_one_thread() -> None:
    import torch  # here: the other commands start without it

    torch.set_num_threads(1)


def _plan(course: Course, draft: bool, lesson: tuple[str, Any]) -> _Plan:
    """Return what building a week would change, and what speaks against giving it to students."""
    week, notebook = lesson
    support = {**support_files(course, week), DATA: data_file(course, week, notebook)}
    name, text = f"{week}.ipynb", course.lesson(week)
    released = _released(course, week, notebook)
    draft = draft and _marks(notebook) != syllabus_marks(course).get(short_name(week))
    if draft:
        notebook.metadata[MARK] = {"draft": True}
        released.cells.insert(0, _banner(course, week, _marks(notebook)))
    source = {name: notebook_text(notebook).encode(), **support}
    release = {name: notebook_text(released).encode(), **support}
    here, there = course.source(week).parent, course.release(week).parent
    # In source/, what is neither ours nor a script stays; a release holds only what it must.
    scripts = [path for path in others(here, source) if path.suffix == ".py"]
    return _Plan(
        week,
        _marks(notebook),
        changes(text.parent, {text.name: shortened(text.read_text(encoding="utf-8")).encode()}, ()),
        changes(here, source, scripts),
        changes(there, release, others(there, release)),
        tuple(release_problems(course, Release(week, notebook, release, draft))),
    )


def _banner(course: Course, week: str, marks: float) -> Any:
    """Return the cell that says at the top of a release that the lesson is not finished."""
    want = syllabus_marks(course).get(short_name(week))
    of = "" if want is None else f" of {want:g}"
    text = f"> **Draft.** This lesson is not finished ({marks:g}{of} marks so far). Do not hand it out."
    return nbformat.v4.new_markdown_cell(text, id=f"{short_name(week)}-draft")


def _built(plan: _Plan) -> BuildResult:
    plan.text.make()
    plan.source.make()
    written = plan.text.names + plan.source.names
    if plan.problems:
        return BuildResult(plan.week, plan.marks, written, plan.problems)
    plan.release.make()
    return BuildResult(plan.week, plan.marks, written + plan.release.names)


def _checked(plan: _Plan) -> BuildResult:
    outdated = [
        f"{name} is out of date. Run: autograder build {plan.week}"
        for name in plan.text.outdated + plan.source.outdated_beyond_copies + plan.release.outdated
    ]
    return BuildResult(plan.week, plan.marks, (), (*plan.problems, *outdated))


def _released(course: Course, week: str, notebook: Any) -> Any:
    # nbgrader takes seconds to import: once for all weeks, and only to build.
    from autograder.nbgrader_plugin import released

    try:
        return released(notebook)
    except Exception as error:  # nbgrader raises RuntimeError, ValidationError and others
        text = course.lesson(week).relative_to(course.root)
        raise CourseError(f"{text} cannot be released: {error}. Correct the text and build again.") from error


def _marks(notebook: Any) -> float:
    metas = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return sum(float(meta["points"]) for meta in metas if meta.get("grade"))
