"""Collect what a week's hidden/ folder holds: its checks, typical mistakes, right variants and questions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from autograder.checks.choice import Question, choice_items
from autograder.checks.framework import Check
from autograder.checks.modules import hidden_modules
from autograder.course import CourseError
from autograder.model import Mistake, Variant
from autograder.spec import Assignment, SpecCell, without_magics

Item = Check | Mistake | Variant

GUIDE = "docs/writing-a-check.md shows how; `autograder new` writes an example."


@dataclass(frozen=True)
class Reply:
    """Hold why the right option of a question is right."""

    exercise: str
    text: str


@dataclass(frozen=True)
class WeekChecks:
    """Hold the checks of a week by exercise, in the order of the lesson, and its known answers.

    `replies` say why the right option of a question is right, by exercise.
    """

    checks: Mapping[str, tuple[Check, ...]]
    mistakes: tuple[Mistake, ...]
    variants: tuple[Variant, ...]
    replies: Mapping[str, str] = field(default_factory=dict)

    def mistakes_of(self, exercise: str) -> tuple[Mistake, ...]:
        """Return the typical mistakes of an exercise, in the order of the file."""
        return tuple(item for item in self.mistakes if item.exercise == exercise)

    def variants_of(self, exercise: str) -> tuple[Variant, ...]:
        """Return the right answers of an exercise that are written differently."""
        return tuple(item for item in self.variants if item.exercise == exercise)


def load_checks(assignment: Assignment) -> WeekChecks:
    """Return what the modules of a week's hidden/ folder define at top level, alone or in tuples.

    A question takes its right letter from the lesson's solution cell. Raises CourseError, naming the file and
    the edit, if a module cannot be run, an exercise has no checks, or something belongs to no exercise.
    """
    graded = {cell.exercise: cell for cell in assignment.graded if cell.exercise}
    for exercise in graded:
        if exercise not in assignment.by_id:
            raise CourseError(_without_answer(assignment.week, exercise))
    defined = list(_items(assignment, graded))
    items = [item for item in defined if not isinstance(item, Reply)]
    checks = {exercise: _of(items, exercise) for exercise in graded}
    for exercise, found in checks.items():
        if not found:
            raise CourseError(_without_checks(assignment, graded[exercise]))
    mistakes = tuple(item for item in items if isinstance(item, Mistake))
    variants = tuple(item for item in items if isinstance(item, Variant))
    replies = {item.exercise: item.text for item in defined if isinstance(item, Reply)}
    return WeekChecks(checks, mistakes, variants, replies)


def _items(assignment: Assignment, graded: Iterable[str]) -> Iterator[Item | Reply]:
    """Yield all that the hidden modules define, file by file."""
    seen: list[Item | Question] = []  # a module may import what another one defines
    for place, module in hidden_modules(assignment.week, assignment.hidden):
        for item in _defined(module):
            if any(item is other for other in seen):
                continue
            seen.append(item)
            if item.exercise not in graded:
                raise CourseError(_without_cell(place, item.exercise, graded))
            yield from _keyed(item, assignment, place) if isinstance(item, Question) else (item,)


def _of(items: Iterable[Item], exercise: str) -> tuple[Check, ...]:
    return tuple(item for item in items if isinstance(item, Check) and item.exercise == exercise)


def _defined(module: ModuleType) -> Iterator[Item | Question]:
    for value in vars(module).values():
        for item in value if isinstance(value, tuple | list) else (value,):
            if isinstance(item, Check | Mistake | Variant | Question):
                yield item


def _keyed(question: Question, assignment: Assignment, place: str) -> tuple[Item | Reply, ...]:
    """Return the checks and known answers of a question, with the letter and the marks of the lesson."""
    name = question.exercise
    letter = right_letter(assignment.by_id.get(name), f"answer_{name}")
    if letter is None or letter not in tuple(question.letters):
        raise CourseError(
            f"The solution cell {name} of {assignment.week} gives no right letter. Between BEGIN SOLUTION "
            f'and END SOLUTION write answer_{name} = "{question.letters[0]}", with one of {question.letters}.'
        )
    missing = [option for option in question.letters if option != letter and option not in question.why]
    if missing:
        raise CourseError(
            f"{place}: question {name} says nothing to those who choose {', '.join(missing)}. "
            f'Add to why: "{missing[0]}": "…".'
        )
    items = choice_items(question, letter, assignment.by_id[f"{name}_check"].marks)
    why = question.why_right(letter)
    return (*items, Reply(name, why)) if why else items


def right_letter(cell: SpecCell | None, name: str) -> str | None:
    """Return the text that a solution cell assigns to `name` last, or None."""
    try:
        tree = ast.parse(without_magics(cell.source if cell else ""))
    except SyntaxError:
        return None
    values: list[Any] = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    return values[-1] if values and isinstance(values[-1], str) else None


def _without_answer(week: str, exercise: str) -> str:
    return (
        f"{week} has a cell {exercise}_check and no cell {exercise} for its answer. "
        f"Give the solution cell grade_id: {exercise}, and build again."
    )


def _without_cell(place: str, exercise: str, graded: Iterable[str]) -> str:
    return (
        f"{place} is about {exercise}, and the lesson has no cell {exercise}_check with marks. "
        f"It has: {', '.join(graded) or 'none'}. Correct the name in one of the two."
    )


def _without_checks(assignment: Assignment, cell: SpecCell) -> str:
    week, exercise = assignment.week, cell.exercise
    own = "" if "grade(" in cell.source else f" The tests in the cell {cell.grade_id} itself are not run."
    return (
        f"{week} has no hidden checks for {exercise}.{own} Write course/{week}/hidden/{exercise}.py. {GUIDE}"
    )
