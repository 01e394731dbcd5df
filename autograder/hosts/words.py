"""Tell in plain text what a feedback page tells, for places that take no page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autograder.model import CheckResult, SubmissionResult
from autograder.pages.feedback import ExerciseView, Failure, ManualMark, exercise_view
from autograder.pages.words import marks_words, readable, sentence_name, shortened
from autograder.spec import Assignment

MAX_SHOWN = 1_000  # characters of one value that came back


def exercise_views(
    result: SubmissionResult, assignment: Assignment, manual: Mapping[str, ManualMark] | None = None
) -> tuple[ExerciseView, ...]:
    """Return what is to be said about each exercise, as on the feedback page; `manual` as there."""
    return tuple(exercise_view(item, result, assignment, manual or {}, {}, {}) for item in result.exercises)


def told(view: ExerciseView) -> str:
    """Return in plain text what the feedback page says about an exercise: no answer, no hidden check."""
    return readable("\n".join(_lines(view)))


def findings_text(result: SubmissionResult) -> str:
    """Return what was met in reading a submission, a line each."""
    lines = (
        f"{'Put right: ' if finding.kind == 'repaired' else ''}{finding.text}"
        for finding in result.findings
        if finding.text
    )
    return readable("\n".join(f"- {line}" for line in lines))


def _lines(view: ExerciseView) -> Iterator[str]:
    yield f"{view.verdict[:1].upper()}{view.verdict[1:]}."
    if view.sentence and not view.empty:
        yield f"{'What probably happened' if view.incomplete else 'Why this is right'}: {view.sentence}"
    if view.cause:
        yield view.cause
    elif view.stopped:
        yield f"Your cell stopped with an error, so not all of it was run:\n{view.stopped}"
    if not view.empty:
        for failure in view.failures:
            yield from _failure(failure, with_hint=True)
        for failure in view.folded:
            yield from _failure(failure, with_hint=False)
    yield from (f"Your marker says: {comment}" for comment in view.comments)
    if view.undecided:
        yield "This is not your doing: a check of ours went wrong, and your teacher will look at it."
    for check in view.passed:
        yield f"Passed: {_worth(check)}"
    if view.incomplete:
        yield f"To read again: the section “{view.section}” of the lesson."


def _failure(failure: Failure, with_hint: bool) -> Iterator[str]:
    check = failure.check
    yield f"Not passed: {_worth(check)}"
    for name, value in (("We tried", check.call), ("Came back", check.got), ("Expected", check.expected)):
        if value:
            yield f"    {name}: {shortened(value, MAX_SHOWN)}"
    if with_hint and check.hint:
        yield f"    Try this: {check.hint}"
    for other in failure.alike:
        yield f"    The same happened here: {_worth(other)}"


def _worth(check: CheckResult) -> str:
    return sentence_name(check.name) + (f" ({marks_words(check.marks)})" if check.marks > 0 else "")
