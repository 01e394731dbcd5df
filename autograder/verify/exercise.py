"""One exercise under proof: its checks and known answers, judged in this process with several seeds."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

from autograder.checks.framework import Check, Judged
from autograder.checks.known import course_names, judge_names, judge_source, quiet
from autograder.checks.week import WeekChecks
from autograder.judge.submission import warm_up
from autograder.judge.timer import interrupt_after
from autograder.model import ExerciseResult, Mistake, Variant
from autograder.spec import Assignment, SpecCell, top_level_names, without_magics
from autograder.verify.fixed import best_table

T = TypeVar("T")

SEEDS = (20, 0, 7)  # any; fixed so that a failure can be repeated
ANSWER_SECONDS = 10.0  # of computing, for all checks of one known answer


class CannotJudge(BaseException):
    """Report that a known answer cannot be judged. No check of a week can catch it by mistake."""


@dataclass(frozen=True)
class Exercise:
    """Hold what there is to prove about one exercise of a week."""

    assignment: Assignment
    name: str
    checks: tuple[Check, ...]
    mistakes: tuple[Mistake, ...]
    variants: tuple[Variant, ...]

    @property
    def week(self) -> str:
        """Return the name of the week."""
        return self.assignment.week

    @property
    def cell(self) -> SpecCell:
        """Return the instructor's solution cell. Raises KeyError if the lesson has none."""
        return self.assignment.by_id[self.name]

    @property
    def marks(self) -> float:
        """Return the marks that the lesson gives for the exercise."""
        return self.assignment.by_id[f"{self.name}_check"].marks

    @cached_property
    def is_question(self) -> bool:
        """Return whether the answer is a letter, `answer_<name>`, and no code."""
        return self.asked_for == f"answer_{self.name}"

    @cached_property
    def asked_for(self) -> str:
        """Return the name that students define: a letter's, the exercise's own, or that of its one class."""
        names = top_level_names(self.cell.source)
        own = next((name for name in (f"answer_{self.name}", self.name) if name in names), "")
        return own or (self._defined[0] if len(self._defined) == 1 else self.name)

    @cached_property
    def is_value(self) -> bool:
        """Return whether the answer is a value, such as a letter or what a training led to, and no code."""
        return self.asked_for not in self._defined

    @cached_property
    def _defined(self) -> list[str]:
        """Return the functions and classes of the solution cell."""
        tree = ast.parse(without_magics(self.cell.source))
        return [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]

    def judge_all(self, source: str) -> list[Judged]:
        """Judge a known answer with each seed. One that stores a value is run once, since it may train."""
        if not self.is_value:
            return [self.judge(source, seed) for seed in SEEDS]
        names = course_names()
        try:
            with quiet():
                _in_time(lambda: exec(source, names))
        except Exception as error:
            raise CannotJudge(f"its source cannot be run ({type(error).__name__}: {error})") from None
        return [_in_time(partial(judge_names, names, self.name, self.checks, seed)) for seed in SEEDS]

    def judge(self, source: str, seed: int) -> Judged:
        """Judge a known answer. Raises CannotJudge, saying why, if it cannot be run or takes too long."""
        try:
            return _in_time(lambda: judge_source(source, self.name, self.checks, course_names(), seed))
        except Exception as error:  # whatever running its source raises
            raise CannotJudge(f"its source cannot be run ({type(error).__name__}: {error})") from None

    def judge_value(self, value: Any) -> Judged:
        """Judge a notebook in which the name that the exercise asks for is this value."""
        names = course_names() | {self.asked_for: value}
        return _in_time(lambda: judge_names(names, self.name, self.checks, SEEDS[0]))

    def best_table(self) -> tuple[ExerciseResult, str]:
        """Judge a table of the answers to all fixed questions; return also what it does with the others.

        Raises CannotJudge if it cannot be made.
        """
        try:
            return _in_time(lambda: best_table(self.name, self.asked_for, self.cell.source, self.checks))
        except Exception as error:
            raise CannotJudge(f"no table could be made ({type(error).__name__}: {error})") from None


def exercises_of(assignment: Assignment, week: WeekChecks) -> list[Exercise]:
    """Return the exercises of a week that have checks, in the order of the lesson."""
    return [
        Exercise(assignment, name, checks, week.mistakes_of(name), week.variants_of(name))
        for name, checks in week.checks.items()
    ]


def _in_time(judge: Callable[[], T]) -> T:
    def too_long() -> BaseException:
        return CannotJudge(f"its checks take more than {ANSWER_SECONDS:g} seconds of computing")

    warm_up()  # before the clock starts
    with interrupt_after(ANSWER_SECONDS, too_long, clock="processor"):
        return judge()
