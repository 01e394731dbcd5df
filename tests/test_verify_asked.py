"""What an exercise asks for: a letter, a value, a function, or a class whose name is not the exercise's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from new_week import WEEK, make_new_week

from autograder.checks.week import load_checks
from autograder.spec import Assignment, load_assignment
from autograder.verify.exercise import Exercise, exercises_of


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return load_assignment(make_new_week(tmp_path_factory.mktemp("new")), WEEK)


SOLUTIONS = [
    ("def running_mean(values): ...", "running_mean", False),
    ("import math\n\nclass RunningMean:\n    def step(self, value): ...", "RunningMean", False),
    ("def helper(): ...\n\nrunning_mean = helper()", "running_mean", True),
    ("running_mean = {0.5: [1.0]}", "running_mean", True),
    ("def one(): ...\n\ndef two(): ...", "running_mean", True),
    ('answer_running_mean = "A"', "answer_running_mean", True),
]


@pytest.mark.parametrize(("source", "name", "is_value"), SOLUTIONS)
def test_the_name_that_students_define_is_found(
    assignment: Assignment, source: str, name: str, is_value: bool
) -> None:
    cells = tuple(
        replace(cell, source=source) if cell.grade_id == "running_mean" else cell for cell in assignment.cells
    )
    exercise = Exercise(replace(assignment, cells=cells), "running_mean", (), (), ())
    assert (exercise.asked_for, exercise.is_value) == (name, is_value)


def test_a_value_is_made_once_for_all_seeds(assignment: Assignment, tmp_path: Path) -> None:
    values = [e for e in exercises_of(assignment, load_checks(assignment)) if e.is_value]
    assert [exercise.is_question for exercise in values] == [True]
    runs = tmp_path / "runs"
    source = f"with open({str(runs)!r}, 'a') as file:\n    file.write('once ')\nanswer_{values[0].name} = 'A'"
    assert len(values[0].judge_all(source)) == 3
    assert runs.read_text() == "once "
