"""The page that a student gets: marks, what each check saw, what to try, and where to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from autograder.marks.count import Marks
from autograder.model import CheckResult, ExecutedCell, ExerciseResult, SubmissionResult
from autograder.pages.causes import MISSING, lost_check, one_cause, was_reached
from autograder.pages.lesson import answers_of, assignment_title, place_of
from autograder.pages.outputs import ShownOutput, error_text, shown_outputs
from autograder.pages.solutions import Solution
from autograder.pages.words import render, shortened
from autograder.spec import Assignment, SpecCell

MAX_SOURCE = 20_000
MOST_NEXT = 3  # exercises that are named as the next to work on

Output = Mapping[str, Any]  # of nbformat's


class ManualMark(Protocol):
    """Hold what a person gave an answer: `score` may be None; `waiting` means that somebody should look."""

    @property
    def score(self) -> float | None: ...
    @property
    def comment(self) -> str: ...
    @property
    def waiting(self) -> bool: ...


@dataclass(frozen=True)
class Lateness:
    """Hold by how much a notebook was late, and the marks that this costs."""

    hours: float
    taken: float


@dataclass(frozen=True)
class Due:
    """Hold until when (UTC) a student may hand in, None if there is no date, and what follows from it today.

    `told`: everybody's time is over, so that solutions may be told.
    """

    until: datetime | None = None
    is_open: bool = True
    told: bool = False


@dataclass(frozen=True)
class Failure:
    """Hold a check that did not pass, and the names of later ones that failed in exactly the same way."""

    check: CheckResult
    alike: tuple[CheckResult, ...] = ()


@dataclass(frozen=True)
class ExerciseView:
    """Hold what the page says about one exercise.

    `cause` tells once why an answer could not be tried. The checks in `folded` are explained by it, or by
    the `sentence` about the one mistake behind them: what they tried is shown, without hints of their own.
    """

    name: str
    title: str
    section: str
    link: str
    score: float
    marks: float
    verdict: str
    sign: str
    sentence: str
    comments: tuple[str, ...]
    empty: bool
    stopped: str
    cause: str
    failures: tuple[Failure, ...]
    folded: tuple[Failure, ...]
    passed: tuple[CheckResult, ...]
    undecided: tuple[CheckResult, ...]
    source: str
    outputs: tuple[ShownOutput, ...]
    solution: Solution | None

    @property
    def incomplete(self) -> bool:
        """Return whether marks are missing or, where there are none to earn, checks did not pass."""
        return self.score < self.marks or (not self.marks and bool(self.failures or self.folded))

    @property
    def told(self) -> bool:
        """Return whether there is more to say than the line in the table of marks."""
        checks = self.failures or self.folded or self.passed or self.undecided
        return bool(checks or self.source or self.comments or self.solution)


def feedback_page(
    result: SubmissionResult,
    assignment: Assignment,
    manual: Mapping[str, ManualMark] | None = None,
    links: Mapping[str, str] | None = None,
    late: Lateness | None = None,
    due: Due | None = None,
    solutions: Mapping[str, Solution] | None = None,
    counted: Marks | None = None,
) -> str:
    """Return the HTML page that tells a student what was right, what was not, and what to try.

    `manual` holds what people gave, by `grade_id`; `links` the address of the lesson's section, by exercise.
    `due` says until when it may be handed in again. The `solutions` are shown: give none before their time.
    `counted` is what the gradebook says of this notebook (None: what the result and `manual` say).
    The page is complete in itself: it loads nothing and needs no script.
    """
    views = [
        exercise_view(exercise, result, assignment, manual or {}, links or {}, solutions or {})
        for exercise in result.exercises
    ]
    marks = counted or _counted(views, late)
    settled = result.status == "graded" or (marks.final and marks.by_hand > 0)
    return render(
        "feedback.html",
        result=result,
        title=assignment_title(assignment),
        views=views,
        counted=marks,
        late=late,
        notebook=assignment.name if assignment.others else "",
        others=assignment.others,
        own=assignment.own,
        waiting=[view for view in views if view.sign == "…"],
        findings=[finding for finding in result.findings if finding.text],
        graded=settled,
        due=due or Due(),
        solved=bool(solutions),
        open_marks=[view for view in views if view.incomplete and view.sign in "✗–"][:MOST_NEXT],
    )


def _counted(views: Sequence[ExerciseView], late: Lateness | None) -> Marks:
    """Return the marks that a page would tell without a gradebook."""
    waiting = [view.marks for view in views if view.sign == "…"]
    return Marks(
        earned=sum(view.score for view in views),
        maximum=sum(view.marks for view in views),
        waiting=sum(waiting),
        answers=len(waiting),
        taken=late.taken if late else 0.0,
        by_hand=sum(view.sign == "✎" for view in views),
    )


def exercise_view(
    exercise: ExerciseResult,
    result: SubmissionResult,
    assignment: Assignment,
    manual: Mapping[str, ManualMark],
    links: Mapping[str, str],
    solutions: Mapping[str, Solution],
) -> ExerciseView:
    """Return what the page says about one exercise."""
    name = exercise.exercise
    place = place_of(name, assignment)
    names = answers_of(name, assignment)
    by_hand = [manual[one] for one in dict.fromkeys((f"{name}_check", name, *names)) if one in manual]
    given = next((mark.score for mark in by_hand if mark.score is not None), None)
    cells = [cell for cell in result.cells if cell.grade_id in names]
    empty = bool(cells) and all(_is_empty(cell, assignment.by_id.get(cell.grade_id or "")) for cell in cells)
    outputs = [output for cell in cells for output in cell.outputs]
    stopped = [error_text(output) for output in outputs if output.get("output_type") == "error"]
    waiting = any(mark.waiting for mark in by_hand)
    cause = "" if empty else one_cause(exercise, outputs)
    verdict, sign = _verdict(exercise, given, result, waiting, empty)
    if cause and not was_reached(exercise) and sign == "✗":
        verdict = "could not be tried"
    failures, folded = _told_and_folded(exercise, cause or "\n".join(stopped[-1:]))
    return ExerciseView(
        name=name, title=place.title, section=place.section, link=links.get(name, ""),
        score=exercise.score if given is None else given, marks=exercise.marks,
        verdict=verdict, sign=sign,
        sentence=exercise.sentence, empty=empty,
        comments=tuple(mark.comment for mark in by_hand if mark.comment.strip()),
        stopped="" if empty or cause else "\n".join(stopped[-1:]), cause=cause,
        failures=failures, folded=folded, passed=_worth_telling(exercise), undecided=exercise.broken,
        source=shortened("\n\n".join(cell.source for cell in cells), MAX_SOURCE),
        outputs=() if empty else _outputs(outputs, name, result),
        solution=solutions.get(name),
    )  # fmt: skip


def _told_and_folded(exercise: ExerciseResult, cause: str) -> tuple[tuple[Failure, ...], tuple[Failure, ...]]:
    """Return the failed checks that are told in full, and those that one sentence explains.

    A mistake in one function explains nothing about a second one that is not there.
    """
    if exercise.mistake:
        absent = [check for check in exercise.checks if check.got == MISSING]
        others = [check for check in exercise.checks if check.got != MISSING]
        explained = any(check.passed is False for check in others)
        return (_grouped(absent), _grouped(others)) if explained else ((), _grouped(absent))
    if cause and not was_reached(exercise):
        return (), _grouped(exercise.checks)
    lost = lost_check(exercise)
    before = exercise.checks.index(lost) if lost else len(exercise.checks)
    return _grouped(exercise.checks[:before]), _grouped(exercise.checks[before:])


def _worth_telling(exercise: ExerciseResult) -> tuple[CheckResult, ...]:
    """Return the checks that passed, but for those that only establish a usable answer and earn nothing."""
    return tuple(check for check in exercise.checks if check.passed and (check.marks or not exercise.marks))


def _is_empty(cell: ExecutedCell, spec: SpecCell | None) -> bool:
    return bool(cell.grade_id and spec and cell.source.strip() in ("", spec.released_source.strip()))


def _verdict(
    exercise: ExerciseResult, given: float | None, result: SubmissionResult, waiting: bool, empty: bool
) -> tuple[str, str]:
    """Return in a few words how the exercise went, and the sign that stands for it."""
    failed = sum(check.passed is False for check in exercise.checks)
    if given is not None:
        return ("marked by hand, and will be looked at again" if waiting else "marked by hand"), "✎"
    blank = exercise.manual and empty  # earns nothing without a person, unless one was asked
    if waiting or result.status != "graded" or exercise.broken or (exercise.manual and not blank):
        return "a person will look at this", "…"
    if empty and (failed or exercise.score < exercise.marks):
        return "not filled in yet", "–"
    if failed and len(exercise.checks) == 1:
        return "the check did not pass", "✗"
    if failed:
        return f"{failed} of {len(exercise.checks)} checks did not pass", "✗"
    return ("all checks passed", "✓") if exercise.score >= exercise.marks else ("some marks are missing", "✗")


def _grouped(checks: Iterable[CheckResult]) -> tuple[Failure, ...]:
    """Return the failed checks in order; those that failed alike are told once."""
    groups: dict[tuple[str, str], list[CheckResult]] = {}
    for check in checks:
        if check.passed is False:
            groups.setdefault((check.got, check.hint), []).append(check)
    return tuple(Failure(first, tuple(rest)) for first, *rest in groups.values())


def _outputs(answer: Iterable[Output], exercise: str, result: SubmissionResult) -> tuple[ShownOutput, ...]:
    """Return the outputs of the answer, and of visible checks in a cell of their own: no hidden ones."""
    visible = (cell for cell in result.cells if cell.grade_id == f"{exercise}_visible")
    own = [output for output in answer if output.get("output_type") != "error"]
    return shown_outputs([*own, *(output for cell in visible for output in cell.outputs)], exercise)
