"""Count what a class found easy and hard. Only submissions that were graded are counted."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import correlation, mean, median, pstdev

from autograder.model import ExerciseResult, SubmissionResult

ENOUGH = 5  # fewer students than this say nothing about how well an exercise separates them
MAX_BARS = 14


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
    """Hold one range of marks, from `low` to under `high` (the last includes it), and how many are in it."""

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
    """Hold how often one check failed, or could not decide, among those who were judged by it."""

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
    """Return the checks that failed or could not decide, those that failed most first."""
    judged: Counter[tuple[str, str]] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    undecided: Counter[tuple[str, str]] = Counter()
    for exercise in (exercise for result in results for exercise in automatic(result)):
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
            if exercise.mistake:
                students[exercise.exercise, exercise.mistake, exercise.sentence].append(result.student)
    rows = (MistakeStatistics(*key, tuple(sorted(names))) for key, names in students.items())
    return tuple(sorted(rows, key=lambda row: (-len(row.students), row.exercise, row.mistake)))
