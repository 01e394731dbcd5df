"""Build weeks: read the text, write the instructor's notebook, and the release once it passes its gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.build.files import Changes, changes, others, support_files
from autograder.build.gate import Release, release_problems
from autograder.build.lesson import notebook_text, read_lesson, refuse_losing_work, refuse_newer_edits
from autograder.course import Course, CourseError


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
            return f"{count} problem{'s' if count > 1 else ''}; students get nothing new until mended"
        what = f"{len(self.changed)} files written" if self.changed else "nothing to do"
        return f"{self.marks:g} marks, {what}"


def build_weeks(
    course: Course, weeks: Sequence[str], *, check: bool = False, force: bool = False
) -> list[BuildResult]:
    """Build the weeks and return what happened, in order.

    With `check` nothing is written, and a file that is out of date is a problem. Raises CourseError, before
    anything is written, if a text cannot be built, or (without `force`) if source/ holds newer edits or
    release/ somebody's work.
    """
    lessons = [(week, read_lesson(course, week)) for week in weeks]
    if not (force or check):
        for week, notebook in lessons:
            refuse_newer_edits(course, week, notebook)
            refuse_losing_work(course, week)
    plans = [_plan(course, week, notebook) for week, notebook in lessons]
    return [_checked(plan) if check else _built(plan) for plan in plans]


@dataclass(frozen=True)
class _Plan:
    week: str
    marks: float
    source: Changes
    release: Changes
    problems: tuple[str, ...]


def _plan(course: Course, week: str, notebook: Any) -> _Plan:
    """Return what building a week would change, and what speaks against giving it to students."""
    support = support_files(course, week)
    name = f"{week}.ipynb"
    source = {name: notebook_text(notebook).encode(), **support}
    release = {name: notebook_text(_released(course, week, notebook)).encode(), **support}
    here, there = course.source(week).parent, course.release(week).parent
    # In source/, what is neither ours nor a script stays; a release holds only what it must.
    scripts = [path for path in others(here, source) if path.suffix == ".py"]
    return _Plan(
        week,
        _marks(notebook),
        changes(here, source, scripts),
        changes(there, release, others(there, release)),
        tuple(release_problems(course, Release(week, notebook, release))),
    )


def _built(plan: _Plan) -> BuildResult:
    plan.source.make()
    if plan.problems:
        return BuildResult(plan.week, plan.marks, plan.source.names, plan.problems)
    plan.release.make()
    return BuildResult(plan.week, plan.marks, plan.source.names + plan.release.names)


def _checked(plan: _Plan) -> BuildResult:
    outdated = [
        f"{name} is out of date. Run: autograder build {plan.week}"
        for name in plan.source.outdated + plan.release.outdated
    ]
    return BuildResult(plan.week, plan.marks, (), (*plan.problems, *outdated))


def _released(course: Course, week: str, notebook: Any) -> Any:
    # nbgrader takes seconds to import: once for all weeks, and only to build.
    from autograder.nbgrader_plugin import released

    try:
        return released(notebook)
    except Exception as error:  # nbgrader raises RuntimeError, ValidationError and others
        text = course.lesson(week).relative_to(course.root)
        raise CourseError(f"{text} cannot be released: {error}. Mend the text and build again.") from error


def _marks(notebook: Any) -> float:
    metas = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return sum(float(meta["points"]) for meta in metas if meta.get("grade"))
