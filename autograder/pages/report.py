"""The page that the instructor gets: how the class did, what to say next time, and who needs a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from autograder.marks.count import Standing
from autograder.model import FindingKind, SubmissionResult
from autograder.pages.analysis import (
    ENOUGH,
    Bar,
    ByHand,
    automatic,
    automatic_score,
    check_statistics,
    distribution,
    exercise_statistics,
    mistake_statistics,
    summary,
    timing,
    unreadable_statistics,
    written_statistics,
)
from autograder.pages.lesson import assignment_title, place_of
from autograder.pages.several import Whole, by_notebook, notebook_of
from autograder.pages.words import render
from autograder.spec import Assignment

WIDTH, HEIGHT, FOOT, TOP = 720.0, 220.0, 34.0, 18.0
MOST_FAILED = 15
SLOWEST = 5

Address = Callable[[str, str], str]  # student, notebook -> where the feedback page is, seen from the report


@dataclass(frozen=True)
class DrawnBar:
    """Hold the place of one bar of the figure, in the figure's own units."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int


def whole_report(
    found: Whole, by_hand: ByHand, address: Address, standings: Mapping[str, Standing] | None = None
) -> str:
    """Return the HTML page that shows an instructor how a class did. It is complete in itself.

    The numbers are of marks that checks gave, and of submissions that were graded. `by_hand` holds what
    people gave, by student and answer; it tells how far marking the written answers is. `standings` is how
    everybody stands in the gradebook: with marks by hand, and what lateness costs.
    """
    assignment = found.assignment
    ordered = sorted(found.results, key=lambda result: result.student)
    graded = [result for result in ordered if result.status == "graded"]
    judged = [cell for cell in assignment.graded if cell.kind == "check"]
    marks = sum(cell.marks for cell in judged)
    bars, times = distribution(graded, marks), timing(ordered)
    checks, exercises = check_statistics(graded), exercise_statistics(graded)
    groups = by_notebook((item.exercise, item) for item in exercises) if found.several else [("", exercises)]
    return render(
        "report.html",
        title=assignment_title(assignment), week=assignment.week, results=ordered, graded=graded, marks=marks,
        by_hand=assignment.marks - marks, summary=summary(graded), bars=bars, drawn=drawn_bars(bars),
        times=times, drawn_times=drawn_bars(times), written=written_statistics(graded, by_hand or {}),
        figure=(WIDTH, HEIGHT, FOOT), exercises=exercises, groups=groups, enough=ENOUGH, found=found,
        titles=titles(assignment),
        checks=[check for check in checks if check.failed][:MOST_FAILED],
        undecided=[check for check in checks if check.undecided], mistakes=mistake_statistics(graded),
        unreadable=unreadable_statistics(graded),
        people=[result for result in ordered if result.status != "graded"],
        repaired=with_findings(ordered, "repaired"), suspicious=with_findings(ordered, "suspicious"),
        notes=with_findings(ordered, "note"), score=automatic_score, address=address,
        columns=found.notebooks if found.several else [item.exercise for item in exercises],
        marks_of=marks_by_notebook if found.several else marks_by_exercise,
        slowest=sorted(ordered, key=lambda result: -result.seconds)[:SLOWEST],
        seconds=sorted((result.seconds for result in ordered), reverse=True),
        middle=median([result.seconds for result in ordered]) if ordered else 0.0,
        isolations=sorted({result.isolation for result in ordered if result.isolation}),
        seeds=found.seeds, in_gradebook=in_gradebook(ordered, standings or {}),
    )  # fmt: skip


@dataclass(frozen=True)
class InGradebook:
    """Hold what counts: the marks of each student in words, those that are final, and what waits."""

    told: Mapping[str, str]
    final: tuple[float, ...]
    waiting: int  # students
    answers: int
    maximum: float

    @property
    def mean(self) -> float:
        """Return the mean of the final marks."""
        return mean(self.final) if self.final else 0.0


def in_gradebook(
    results: Sequence[SubmissionResult], standings: Mapping[str, Standing]
) -> InGradebook | None:
    """Return what the gradebook says of these students' marks, None if it says nothing."""
    known = [standings[result.student] for result in results if result.student in standings]
    marks = {one.student: one.marks for one in known if one.marks is not None}
    if not marks:
        return None
    return InGradebook(
        {student: own.shown for student, own in marks.items()},
        tuple(one.score for one in known if one.score is not None),
        sum(one.status == "waiting" for one in known),
        sum(own.answers for own in marks.values()),
        max(own.maximum for own in marks.values()),
    )


def titles(assignment: Assignment) -> dict[str, str]:
    """Return the heading of each exercise in the lesson."""
    names = [cell.name for cell in assignment.graded]
    return {name: place_of(name, assignment).title for name in names}


def drawn_bars(bars: Sequence[Bar]) -> tuple[DrawnBar, ...]:
    """Return the bars of a figure; the highest fills it."""
    step = WIDTH / max(len(bars), 1)
    most = max((bar.count for bar in bars), default=0) or 1
    room = HEIGHT - FOOT - TOP
    return tuple(
        DrawnBar(
            x=n * step + 0.1 * step, y=HEIGHT - FOOT - room * bar.count / most, width=0.8 * step,
            height=room * bar.count / most, count=bar.count,
            label=f"{bar.low:g}–{bar.high:g}",
        )
        for n, bar in enumerate(bars)
    )  # fmt: skip


def with_findings(results: Sequence[SubmissionResult], kind: FindingKind) -> list[tuple[str, list[str]]]:
    """Return the students with findings of one kind, and the sentences."""
    found = ((r.student, [finding.text for finding in r.findings if finding.kind == kind]) for r in results)
    return [(student, texts) for student, texts in found if texts]


def marks_by_exercise(result: SubmissionResult) -> dict[str, float]:
    """Return the marks that the checks gave, by exercise."""
    return {exercise.exercise: exercise.score for exercise in automatic(result)}


def marks_by_notebook(result: SubmissionResult) -> dict[str, float]:
    """Return the marks that the checks gave, by notebook."""
    marks: dict[str, float] = {}
    for exercise in automatic(result):
        notebook = notebook_of(exercise.exercise)
        marks[notebook] = marks.get(notebook, 0.0) + exercise.score
    return marks
