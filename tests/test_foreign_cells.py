"""Test cells of other people's courses: what they are worth, and which way they can be judged."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from foreign_samples import HELPERS, KINDS, SET_UP, Kind

from autograder.judge.cells import APART, BESIDE, CellJudge, as_number, marks_for, why_beside
from autograder.judge.submission import judge_submission
from autograder.judge.ways import plan_judging
from autograder.model import ExerciseResult, Limits, Submission, SubmissionResult, SubmittedCell
from autograder.sandbox.launcher import Zygote
from autograder.spec import Assignment, SpecCell
from autograder.spec import Kind as CellKind

LIMITS = Limits(cell_seconds=20.0, call_seconds=10.0, total_seconds=120.0)


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as running:
        yield running


def cell(name: str, kind: CellKind, source: str, marks: float = 0.0) -> SpecCell:
    """Return a code cell of an instructor's notebook."""
    return SpecCell(name, kind, "code", source, source, marks, is_test=kind == "check")


def assignment_of(pairs: list[tuple[str, str]], marks: float = 3.0) -> Assignment:
    """Return an assignment of answers and their tests: answer0, test0, answer1, …"""
    cells = [cell("set_up", "locked", SET_UP)]
    for number, (answer, test) in enumerate(pairs):
        cells.append(cell(f"answer{number}", "solution", answer))
        cells.append(cell(f"test{number}", "check", test, marks=marks))
    return Assignment("ps1", tuple(cells), {"helpers.py": HELPERS.encode()}, own=False)


def judged(
    zygote: Zygote, assignment: Assignment, judge: CellJudge, answers: dict[str, str]
) -> dict[str, ExerciseResult]:
    """Judge the instructor's notebook with some answers replaced."""
    cells = tuple(
        SubmittedCell(c.grade_id, c.cell_type, answers.get(c.grade_id or "", c.source))
        for c in assignment.cells
    )
    result = judge_submission(Submission("ann", "ps1", cells), assignment, zygote, LIMITS, judge, 7)
    assert isinstance(result, SubmissionResult)
    return {item.exercise: item for item in result.exercises}


EVERY = assignment_of([(kind.right, kind.test) for kind in KINDS])


@pytest.fixture(scope="module")
def judge(zygote: Zygote) -> CellJudge:
    planned = plan_judging(EVERY, zygote, LIMITS, 7)
    assert planned is not None
    return planned.apart


@pytest.fixture(scope="module")
def right(zygote: Zygote, judge: CellJudge) -> dict[str, ExerciseResult]:
    return judged(zygote, EVERY, judge, {})


@pytest.fixture(scope="module")
def wrong(zygote: Zygote, judge: CellJudge) -> dict[str, ExerciseResult]:
    return judged(zygote, EVERY, judge, {f"answer{n}": kind.wrong for n, kind in enumerate(KINDS)})


@pytest.mark.parametrize(("number", "kind"), enumerate(KINDS), ids=[kind.name for kind in KINDS])
def test_every_kind_of_test_cell_tells_right_from_wrong(
    number: int, kind: Kind, right: dict[str, ExerciseResult], wrong: dict[str, ExerciseResult]
) -> None:
    name = f"test{number}"
    assert (right[name].score, wrong[name].score) == (3.0, 0.0), (right[name], wrong[name])
    assert right[name].way.startswith(APART if kind.apart else BESIDE), right[name].way
    assert wrong[name].way == right[name].way
    assert wrong[name].checks[0].got


# (value of the last line, marks of 3)
VALUES = [
    (None, 3.0),
    (True, 3.0),
    (False, 0.0),
    (1, 1.0),
    (0.5, 0.5),
    (3, 3.0),
    (-1.0, 0.0),
    (math.nan, 0.0),
    (np.float64(0.0), 0.0),
    (np.float32(1.5), 1.5),
    (np.bool_(False), 0.0),
    (torch.tensor(0.0), 0.0),
    (torch.tensor([2.0]), 2.0),
    (torch.tensor(False), 0.0),
    (np.array(1.0), 1.0),
    ("well done", 3.0),
    ([0.0, 1.0], 3.0),
    (torch.zeros(2), 3.0),
    (3.5, None),
    (math.inf, None),
]


@pytest.mark.parametrize(("value", "marks"), VALUES, ids=[repr(value) for value, _ in VALUES])
def test_last_value_of_a_test_cell_is_worth_what_it_says(value: object, marks: float | None) -> None:
    assert marks_for(value, 3.0) == marks
    shown = as_number(repr(value)) if value is not None else None
    assert marks_for(shown, 3.0) == marks, "beside the student's code only the displayed text is known"


LAST_LINES = ["False", "np.float64(0.0)", "torch.tensor(0.)", "float('nan')", "-1.0", "1.5", "None", "2.0;"]
EARNED = [0.0, 0.0, 0.0, 0.0, 0.0, 1.5, 3.0, 3.0]
TALKATIVE = "import sys, warnings\nwarnings.warn('old')\nprint('trouble', file=sys.stderr)\n"


def test_partial_credit_is_the_last_value_on_either_way_and_stderr_costs_nothing(zygote: Zygote) -> None:
    assignment = assignment_of([("x = 1", f"{TALKATIVE}assert x == 1\n{line}") for line in LAST_LINES])
    apart = judged(zygote, assignment, CellJudge(assignment, LIMITS), {})
    names = [f"test{number}" for number in range(len(LAST_LINES))]
    assert [apart[name].score for name in names] == EARNED
    beside = CellJudge(assignment, LIMITS, dict.fromkeys(names, "the test wants it so"))
    assert [judged(zygote, assignment, beside, {})[name].score for name in names] == EARNED


def test_more_marks_than_a_cell_is_worth_are_for_a_human_to_decide(zygote: Zygote) -> None:
    assignment = assignment_of([("x = 5.0", "x")])
    (check,) = judged(zygote, assignment, CellJudge(assignment, LIMITS), {})["test0"].checks
    assert check.passed is None
    assert check.got == "the test cell gives 5 marks, but is worth 3"


CHEATS = [
    (
        "import numpy as np\nnp.array_equal = np.allclose = lambda *a, **k: True\nf = lambda: [0]",
        "f() == [1]",
    ),
    ("class Liar(float):\n    __eq__ = lambda s, o: True\nf = lambda: Liar(0)", "f() == 1"),
    ("class Np:\n    array_equal = lambda *a: True\nnp = Np()\nf = lambda: [0]", "np.array_equal(f(), [1])"),
    ("def expected(): return 0\nf = lambda: 0", "f() == expected()"),
    ("import builtins\nbuiltins.sum = lambda *a: 3\nf = lambda: [0]", "sum(f()) == 3"),
    ("def f():\n    get_ipython().displayhook(3.0)\n    return 0", "f() == 1"),
    ("def f():\n    import os; os._exit(0)", "f() == 1"),
    ("def f():\n    raise SystemExit(0)", "f() == 1"),
]


def test_cheats_that_fool_a_test_in_the_same_process_earn_nothing(zygote: Zygote) -> None:
    pairs = [("f = lambda: [1]", f"def expected(): return 1\nassert {test}") for _, test in CHEATS]
    assignment = assignment_of(pairs)
    for number, (answer, _) in enumerate(CHEATS):
        found = judged(zygote, assignment, CellJudge(assignment, LIMITS), {f"answer{number}": answer})
        assert found[f"test{number}"].score == 0.0, answer


def test_helpers_of_an_earlier_test_cell_serve_later_ones_even_after_a_loss(zygote: Zygote) -> None:
    helper = "def close(a, b): return abs(a - b) < 1e-6\nassert close(f(1), 2)"
    assignment = assignment_of(
        [("f = lambda x: 2 * x", helper), ("g = lambda x: x", "assert close(g(1), 1)")]
    )
    judge = CellJudge(assignment, LIMITS)
    assert [item.score for item in judged(zygote, assignment, judge, {}).values()] == [3.0, 3.0]
    dying = {"answer0": "def f(x):\n    import os; os._exit(1)"}
    assert [item.score for item in judged(zygote, assignment, judge, dying).values()] == [0.0, 3.0]


def test_test_that_hangs_on_an_answer_costs_that_test_alone(zygote: Zygote) -> None:
    assignment = assignment_of([("f = lambda: 1", "while f() != 1: pass"), ("g = 1", "assert g == 1")])
    judge = CellJudge(assignment, Limits(cell_seconds=3.0))
    found = judged(zygote, assignment, judge, {"answer0": "f = lambda: 2"})
    assert [item.score for item in found.values()] == [0.0, 3.0]
    assert "more than 3 seconds" in found["test0"].checks[0].got


# (test cell, why its text alone says that it must run beside the student's code)
TEXTS = [
    ("assert f(1) == 2", ""),
    ("net.eval()\nassert net.dir", ""),
    ("# only a comment", ""),
    ("%time f(1)", "it uses IPython's commands"),
    ("assert 'f' in dir()", "it looks into the notebook's names"),
    ("assert Out[1] == 2", "it uses IPython"),
    ("with redirect_stdout(out):\n    f()", "it reads what the answer prints"),
    ("inspect.getsource(f)", "it reads the source of the answer"),
    ("f(1", "it is not plain Python"),
]


@pytest.mark.parametrize(("source", "reason"), TEXTS)
def test_text_of_a_test_cell_says_why_it_cannot_be_judged_apart(source: str, reason: str) -> None:
    assert why_beside(source) == reason


def test_solution_that_fails_its_own_test_is_told_with_every_result(zygote: Zygote) -> None:
    assignment = assignment_of([("f = lambda: 1", "assert f() == 2, 'off by one'")])
    ways = plan_judging(assignment, zygote, LIMITS, 7)
    assert ways is not None
    way = judged(zygote, assignment, ways.apart, {})["test0"].way
    assert "test0: the instructor's own solution" in ways.problems[0]
    assert "the instructor's own solution does not earn its marks (AssertionError: off by one)" in way
