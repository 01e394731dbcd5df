"""Say in the words of Gradescope's results.json what grading gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.hosts.words import exercise_views, findings_text, told
from autograder.model import SubmissionResult
from autograder.pages.feedback import ExerciseView
from autograder.pages.words import marks_words, readable
from autograder.spec import Assignment

Record = dict[str, Any]
# Gradescope escapes plain text: what a student's code gave back cannot become part of its page.
PLAIN: Record = {
    "output_format": "text",
    "test_output_format": "text",
    "test_name_format": "text",
    "visibility": "visible",
    "stdout_visibility": "hidden",
}
NOT_GRADED = "Your work arrived, but it could not be graded here. It is not your doing: tell your instructor."


def not_graded(reason: str = NOT_GRADED) -> Record:
    """Return what Gradescope shows if there is no result: no marks, and why."""
    return {**PLAIN, "score": 0, "output": readable(reason), "tests": []}


def record_of(graded: Sequence[tuple[SubmissionResult, Assignment]]) -> Record:
    """Return the results of a submission's notebooks as Gradescope takes them: a test for each exercise.

    A written answer is worth nothing here: its marks are given in Gradescope, by a person.
    """
    tests, texts = [], []
    for result, assignment in graded:
        name = assignment.name if len(graded) > 1 else ""
        views = exercise_views(result, assignment)
        by_hand = {item.exercise for item in result.exercises if item.manual}
        tests += [_test(view, name, view.name in by_hand) for view in views]
        texts.append(_about(result, views, by_hand))
    return {
        **PLAIN,
        "output": "\n\n".join(filter(None, texts)) or "Everything was read and run.",
        "execution_time": round(sum(result.seconds for result, _ in graded), 1),
        "tests": [{**test, "number": str(place)} for place, test in enumerate(tests, 1)],
        "extra_data": {
            "seed": graded[0][0].seed,
            "isolation": graded[0][0].isolation,
            "status": sorted({result.status for result, _ in graded}),
        },
    }


def _test(view: ExerciseView, notebook: str, by_hand: bool) -> Record:
    title = view.title if view.name in view.title else f"{view.title} ({view.name})"
    title = f"{notebook}: {title}" if notebook else title
    test: Record = {"name": readable(title), "visibility": "visible", "output": told(view)}
    if by_hand:
        text = f"A person marks this answer: {marks_words(view.marks)}. They are not part of the total above."
        return {**test, "score": 0, "max_score": 0, "output": text}
    status = {"✓": "passed", "✗": "failed", "–": "failed"}.get(view.sign)
    return {**test, "score": view.score, "max_score": view.marks} | ({"status": status} if status else {})


def _about(result: SubmissionResult, views: Sequence[ExerciseView], by_hand: set[str]) -> str:
    """Return what there is to say about a notebook as a whole."""
    waiting = sum(view.marks for view in views if view.name in by_hand)
    lines = [
        f"A person has to look at what you handed in. {result.reason}" if result.status != "graded" else "",
        f"{marks_words(waiting)} for written answers: a person gives them." if waiting else "",
        findings_text(result),
    ]
    return readable("\n".join(filter(None, lines)))
