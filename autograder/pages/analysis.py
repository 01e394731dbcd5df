"""Count what a class found easy and hard. Only submissions that were graded are counted."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import correlation, mean, median, pstdev
from typing import Protocol

from autograder.model import ExerciseResult, SubmissionResult
from autograder.pages.causes import syntax_words, was_reached

ENOUGH = 5  # fewer students than this say nothing about how well an exercise separates them
MAX_BARS = 14
MAX_TIME_BARS = 10


@dataclass(frozen=True)
class Summary:
    """Hold the marks of a class in a few numbers."""

    students: int
    mean: float
    median: float
    spread: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Bar:
    """Hold one range of values, from `low` to under `high` (the last includes it), and how many are in it."""

    low: float
    high: float
    count: int
    last: bool

    @property
    def label(self) -> str:
        """Return the range in words."""
        return f"{self.low:g} to {self.high:g}" if self.last else f"{self.low:g} to under {self.high:g}"


@dataclass(frozen=True)
class ExerciseStatistics:
    """Hold how hard an exercise was. If `discrimination` is None, `why_not` says why."""

    exercise: str
    marks: float
    difficulty: float
    full: int
    none: int
    discrimination: float | None
    why_not: str


@dataclass(frozen=True)
class CheckStatistics:
    """Hold how often one check failed, or could not decide, among those who had an answer to judge."""

    exercise: str
    check: str
    failed: int
    undecided: int
    judged: int


@dataclass(frozen=True)
class MistakeStatistics:
    """Hold a mistake that was recognised, what to say about it in class, and who made it."""

    exercise: str
    mistake: str
    sentence: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class UnreadableStatistics:
    """Hold a kind of syntax error, in which answers it stands, and how many students made it."""

    words: str
    answers: tuple[str, ...]
    students: int


@dataclass(frozen=True)
class WrittenStatistics:
    """Hold how far marking a written answer by hand is. `share` is the mean of the marks given, if any."""

    exercise: str
    marks: float
    marked: int
    waiting: int
    unanswered: int
    share: float | None


class Given(Protocol):
    """Stand for what a person gave an answer in the gradebook."""

    @property
    def score(self) -> float | None:
        """Return the marks, or None."""

    @property
    def waiting(self) -> bool:
        """Say whether somebody should look at it."""


ByHand = Mapping[str, Mapping[str, Given]]  # by student and grade_id


def automatic(result: SubmissionResult) -> tuple[ExerciseResult, ...]:
    """Return the exercises of a submission that checks mark (written answers are marked by people)."""
    return tuple(exercise for exercise in result.exercises if not exercise.manual)


def automatic_score(result: SubmissionResult) -> float:
    """Return the marks that the checks gave."""
    return sum(exercise.score for exercise in automatic(result))


def summary(results: Sequence[SubmissionResult]) -> Summary | None:
    """Return the marks of the class in a few numbers, or None if nobody was graded."""
    scores = [automatic_score(result) for result in results]
    if not scores:
        return None
    return Summary(len(scores), mean(scores), median(scores), pstdev(scores), min(scores), max(scores))


def distribution(results: Sequence[SubmissionResult], marks: float) -> tuple[Bar, ...]:
    """Return how many submissions lie in each range of marks; the ranges are a whole number of marks wide."""
    width = max(1, math.ceil(marks / MAX_BARS))
    bars = max(1, math.ceil(marks / width))
    counts = Counter(min(int(max(automatic_score(result), 0.0) / width), bars - 1) for result in results)
    edges = [min(number * width, marks) for number in range(bars + 1)]
    return tuple(Bar(edges[n], edges[n + 1], counts[n], n == bars - 1) for n in range(bars))


def timing(results: Sequence[SubmissionResult]) -> tuple[Bar, ...]:
    """Return how many submissions took how long to grade; the ranges are a round number of seconds wide."""
    longest = max((result.seconds for result in results), default=0.0)
    width = round_up(longest / MAX_TIME_BARS)
    bars = max(1, math.ceil(longest / width))
    counts = Counter(min(int(max(result.seconds, 0.0) / width), bars - 1) for result in results)
    return tuple(Bar(n * width, (n + 1) * width, counts[n], n == bars - 1) for n in range(bars))


def round_up(value: float) -> float:
    """Return the next of 0.1, 0.2, 0.5, 1, 2, 5, 10, …"""
    steps = (step * 10.0**power for power in range(-1, 9) for step in (1, 2, 5))
    return next((step for step in steps if step >= value), 1e9)


def written_statistics(results: Sequence[SubmissionResult], by_hand: ByHand) -> tuple[WrittenStatistics, ...]:
    """Return for each written answer how many are marked, wait for a mark, or were left as they were."""
    found: dict[tuple[str, float], list[Given | None]] = defaultdict(list)
    for result in results:
        for exercise in result.exercises:
            if exercise.manual:
                given = by_hand.get(result.student, {}).get(exercise.exercise)
                found[exercise.exercise, exercise.marks].append(given)
    return tuple(_written(name, marks, given) for (name, marks), given in found.items())


def _written(name: str, marks: float, given: Sequence[Given | None]) -> WrittenStatistics:
    waiting = sum(one is not None and one.waiting for one in given)
    scores = [one.score for one in given if one is not None and not one.waiting and one.score is not None]
    share = mean(scores) / marks if scores and marks else None
    return WrittenStatistics(name, marks, len(scores), waiting, len(given) - waiting - len(scores), share)


def exercise_statistics(results: Sequence[SubmissionResult]) -> tuple[ExerciseStatistics, ...]:
    """Return difficulty (mean share of marks) and discrimination (item-rest correlation) by exercise."""
    scores: dict[str, list[float]] = defaultdict(list)
    rests: dict[str, list[float]] = defaultdict(list)
    marks: dict[str, float] = {}
    for result in results:
        total = automatic_score(result)
        for exercise in automatic(result):
            scores[exercise.exercise].append(exercise.score)
            rests[exercise.exercise].append(total - exercise.score)
            marks[exercise.exercise] = exercise.marks
    return tuple(_exercise(name, marks[name], scores[name], rests[name]) for name in scores)


def _exercise(name: str, marks: float, scores: list[float], rest: list[float]) -> ExerciseStatistics:
    value, why_not = None, ""
    if len(scores) < ENOUGH:
        why_not = f"fewer than {ENOUGH} students"
    elif max(scores) - min(scores) < 1e-9 or max(rest) - min(rest) < 1e-9:
        why_not = "all alike"
    else:
        value = correlation(scores, rest)
    difficulty = mean(scores) / marks if marks else 0.0
    full, none = sum(score >= marks for score in scores), sum(score <= 0 for score in scores)
    return ExerciseStatistics(name, marks, difficulty, full, none, value, why_not)


def check_statistics(results: Sequence[SubmissionResult]) -> tuple[CheckStatistics, ...]:
    """Return the checks that failed or could not decide, those that failed most first.

    Counted are those who have the function, or an answer: who has none fails them all and tells nothing.
    """
    judged: Counter[tuple[str, str]] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    undecided: Counter[tuple[str, str]] = Counter()
    for exercise in filter(was_reached, (one for result in results for one in automatic(result))):
        for check in exercise.checks:
            key = (exercise.exercise, check.name)
            judged[key] += 1
            failed[key] += check.passed is False
            undecided[key] += check.passed is None
    rows = (CheckStatistics(*key, failed[key], undecided[key], judged[key]) for key in judged)
    unhappy = (row for row in rows if row.failed or row.undecided)
    return tuple(sorted(unhappy, key=lambda row: (-row.failed / row.judged, row.exercise, row.check)))


def mistake_statistics(results: Sequence[SubmissionResult]) -> tuple[MistakeStatistics, ...]:
    """Return the mistakes that were recognised, the most common first."""
    students: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for result in results:
        for exercise in result.exercises:
            if exercise.mistake and was_reached(exercise):
                students[exercise.exercise, exercise.mistake, exercise.sentence].append(result.student)
    rows = (MistakeStatistics(*key, tuple(sorted(names))) for key, names in students.items())
    return tuple(sorted(rows, key=lambda row: (-len(row.students), row.exercise, row.mistake)))


def unreadable_statistics(results: Sequence[SubmissionResult]) -> tuple[UnreadableStatistics, ...]:
    """Return the kinds of syntax errors in answers, the most common first."""
    students: dict[str, set[str]] = defaultdict(set)
    answers: dict[str, set[str]] = defaultdict(set)
    for result in results:
        for cell in (cell for cell in result.cells if cell.grade_id):
            for words in filter(None, map(syntax_words, cell.outputs)):
                students[words].add(result.student)
                answers[words].add(str(cell.grade_id))
    rows = (UnreadableStatistics(w, tuple(sorted(answers[w])), len(names)) for w, names in students.items())
    return tuple(sorted(rows, key=lambda row: (-row.students, row.words)))
