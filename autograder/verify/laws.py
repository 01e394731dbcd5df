"""The laws that the checks and known answers of every exercise obey, tried in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograder.checks.diagnose import find_mistake
from autograder.checks.framework import Judged
from autograder.model import ExerciseResult, Mistake
from autograder.verify.exercise import SEEDS, CannotJudge, Exercise
from autograder.verify.odd import errors, odd_values, without_an_idea
from autograder.verify.verdict import Kind, Verdict

FEWEST = {"checks": 6, "mistakes": 8, "variants": 2}
FEWEST_FOR_PRACTICE = {"checks": 2, "mistakes": 4, "variants": 1}  # of an exercise worth no marks
MOST_FOR_A_TABLE = 0.25  # of the marks: what may be earned without computing anything
FIXED = "a table of fixed answers"
SHORTEST_SENTENCE = 30  # characters: a tutor's sentence says what is wrong and what to try

Find = Callable[[list[ExerciseResult]], str]  # says what is wrong with the results of an answer, or ""


def verify_exercise(exercise: Exercise) -> Iterator[Verdict]:
    """Yield a verdict for each known answer and each law of an exercise."""
    yield _files(exercise)
    yield _right(exercise, "reference", exercise.cell.source)
    for variant in exercise.variants:
        yield _right(exercise, variant.name, variant.source)
    yield from _mistakes(exercise)
    yield _untouched(exercise)
    yield from _worthless(exercise)
    if not exercise.is_value:  # of which a table can hold nothing but the answer
        yield _table(exercise)


def _files(exercise: Exercise) -> Verdict:
    """Return what is wrong with, or still missing from, the files of an exercise."""
    faults, missing = list(_faults(exercise)), list(_shortages(exercise))
    problems, todo = (faults, missing) if exercise.assignment.draft else (faults + missing, [])
    verdict = _verdict(exercise, "files", "the files", None, "; ".join(problems))
    return replace(verdict, todo="; ".join(todo))


def _faults(exercise: Exercise) -> Iterator[str]:
    total = sum(check.marks for check in exercise.checks)
    if total != exercise.marks:
        yield f"its checks add up to {total:g} marks, the lesson says {exercise.marks:g}: change one of them"
    for check in exercise.checks:
        if check.marks < 0 or check.marks * 4 != round(check.marks * 4):
            yield f"the check «{check.name}» is worth {check.marks:g}: marks come in quarters"
    things: dict[str, Sequence[Any]] = {
        "checks": exercise.checks, "mistakes": exercise.mistakes, "variants": exercise.variants,
    }  # fmt: skip
    for what, items in things.items():
        names = [item.name for item in items]
        yield from (
            f"two {what} are called {name}: rename one"
            for name in sorted({n for n in names if names.count(n) > 1})
        )
    for mistake in exercise.mistakes:
        text = mistake.sentence.strip()
        if len(text) <= SHORTEST_SENTENCE or not text.endswith((".", "?", "!")):
            yield f"the sentence of {mistake.name} does not help: say what is wrong and what to try"


def _shortages(exercise: Exercise) -> Iterator[str]:
    things = {"checks": exercise.checks, "mistakes": exercise.mistakes, "variants": exercise.variants}
    for what, fewest in (FEWEST if exercise.marks else FEWEST_FOR_PRACTICE).items():
        have = len(things[what])
        if have < fewest:
            yield f"{have} of at least {fewest} {what}: write {fewest - have} more"


def _right(exercise: Exercise, name: str, source: str) -> Verdict:
    def find(results: list[ExerciseResult]) -> str:
        lost = [check for result in results for check in result.checks if not check.passed]
        if all(result.is_right for result in results) or not lost:
            return ""
        first = lost[0]
        return f"a right answer must earn all marks: «{first.name}» {first.call} came back {first.got}"

    return _judged(exercise, "right", name, source, find)


def _mistakes(exercise: Exercise) -> Iterator[Verdict]:
    """Yield for each mistake whether it loses marks, the same for each seed, and is named rightly."""
    answers: dict[str, list[Judged]] = {}
    for mistake in exercise.mistakes:
        try:
            answers[mistake.name] = exercise.judge_all(mistake.source)
        except CannotJudge as error:
            yield _verdict(exercise, "mistake", mistake.name, None, str(error))
    judged = [mistake for mistake in exercise.mistakes if mistake.name in answers]
    for mistake in judged:
        named = {_named(answers, judged, mistake, number) for number in range(len(SEEDS))}
        results = [item.result for item in answers[mistake.name]]
        problem = _broken(results) or _fault_of_mistake(mistake, results, named)
        verdict = _verdict(exercise, "mistake", mistake.name, results[0], problem)
        yield replace(verdict, named="" if problem else mistake.name)


def _fault_of_mistake(mistake: Mistake, results: list[ExerciseResult], named: set[str]) -> str:
    scores = sorted({result.score for result in results})
    if any(result.is_right for result in results):
        return "a wrong answer must lose marks: add a check that catches it"
    if len(scores) > 1:
        return f"it earns {' or '.join(f'{s:g}' for s in scores)}, by the luck of the draw: draw surer inputs"
    others = sorted(named - {mistake.name})
    if others:
        return (
            f"it is named {others[0] or 'nothing'}: the two answer all checks alike; add a check between them"
        )
    return ""


def _named(
    answers: dict[str, list[Judged]], mistakes: Sequence[Mistake], mistake: Mistake, number: int
) -> str:
    """Return the name that feedback would give to a mistake's answers with one of the seeds."""
    known = [(item, answers[item.name][number].trace) for item in mistakes]
    found = find_mistake(answers[mistake.name][number].trace, [pair for pair in known if pair[1]])
    return found.name if found else ""


def _untouched(exercise: Exercise) -> Verdict:
    # A cell for students to fill in may itself raise NotImplementedError: then its names are simply missing.
    source = f"try:\n    exec({exercise.cell.released_source!r}, globals())\nexcept Exception:\n    pass"
    return _judged(exercise, "untouched", "untouched release", source, _nothing_earned)


def _worthless(exercise: Exercise) -> Iterator[Verdict]:
    """Yield for values, and functions that compute nothing, whether they earn nothing and break no check."""
    ideas = {} if exercise.is_question else without_an_idea(exercise.cell.source)
    for name, function in ideas.items():
        yield _judged_values(exercise, "nothing", name, (function,))
    for name, answers in {**odd_values(), **errors()}.items():
        yield _judged_values(exercise, "odd", name, answers)


def _judged_values(exercise: Exercise, kind: Kind, name: str, answers: tuple[Any, ...]) -> Verdict:
    try:
        results = [exercise.judge_value(answer).result for answer in answers]
    except CannotJudge as error:
        return _verdict(exercise, kind, name, None, str(error))
    return _verdict(exercise, kind, name, results[0], _broken(results) or _nothing_earned(results))


def _nothing_earned(results: list[ExerciseResult]) -> str:
    most = max(result.score for result in results)
    if most:
        return f"it earns {most:g} marks and must earn none: let a check with gate=True refuse it"
    return "it passes all checks: add one that refuses it" if any(r.is_right for r in results) else ""


def _table(exercise: Exercise) -> Verdict:
    """Return whether a function that knows no more than the answers to fixed questions earns too much."""
    try:
        result, guess = exercise.best_table()
    except CannotJudge as error:
        return _verdict(exercise, "table", FIXED, None, str(error))
    problem = ""
    if result.score > exercise.marks * MOST_FOR_A_TABLE:
        passed = ", ".join(f"«{check.name}»" for check in result.checks if check.passed and check.marks)
        problem = (
            f"a table of fixed answers earns {result.score:g} of {exercise.marks:g}: draw the inputs of the "
            f"checks {passed}, so that at most a quarter of the marks is left to it (asked for anything "
            f"else, it {guess})"
        )
    return _verdict(exercise, "table", FIXED, result, problem)


def _judged(exercise: Exercise, kind: Kind, name: str, source: str, find: Find) -> Verdict:
    try:
        results = [judged.result for judged in exercise.judge_all(source)]
    except CannotJudge as error:
        return _verdict(exercise, kind, name, None, str(error))
    return _verdict(exercise, kind, name, results[0], _broken(results) or find(results))


def _broken(results: list[ExerciseResult]) -> str:
    """Return what a check said that could not decide, or ""."""
    broken = [check for result in results for check in result.broken]
    return f"the check «{broken[0].name}» breaks: {broken[0].got}" if broken else ""


def _verdict(
    exercise: Exercise, kind: Kind, name: str, result: ExerciseResult | None, problem: str
) -> Verdict:
    score = result.score if result else 0.0
    return Verdict(exercise.week, exercise.name, kind, name, score, exercise.marks, problem=problem)
