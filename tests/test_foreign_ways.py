"""A test cell that can be judged apart must pass beside the student's code, too: neither way is fooled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import pytest
from test_foreign_cells import LIMITS, assignment_of, cell

from autograder.judge.cells import APART, BESIDE, CellJudge
from autograder.judge.reach import Reach
from autograder.judge.submission import judge_submission
from autograder.judge.ways import Ways, plan_judging
from autograder.model import ExerciseResult, Limits, Submission, SubmissionResult, SubmittedCell
from autograder.sandbox.launcher import Zygote
from autograder.spec import Assignment
from autograder.spec import Kind as CellKind


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as running:
        yield running


def planned(zygote: Zygote, assignment: Assignment) -> Ways:
    ways = plan_judging(assignment, zygote, LIMITS, 7)
    assert ways is not None
    return ways


def earned(
    zygote: Zygote, assignment: Assignment, ways: Ways, answers: Mapping[str, str], limits: Limits = LIMITS
) -> dict[str, ExerciseResult]:
    """Return what the instructor's notebook earns with some answers replaced."""
    cells = tuple(
        SubmittedCell(c.grade_id, c.cell_type, answers.get(c.grade_id or "", c.source))
        for c in assignment.cells
    )

    def judged(judge: CellJudge) -> SubmissionResult:
        return judge_submission(Submission("ann", "ps1", cells), assignment, zygote, limits, judge, 7)

    return {item.exercise: item for item in ways.judge(judged).exercises}


# (right answer, wrong answer, test): the test says what must not be, and apart from the answer it never is
MUST_NOT: dict[str, tuple[str, str, str]] = {
    "a copy": (
        "def copied(xs): return list(xs)",
        "def copied(xs): return xs",
        "given = [1, 2]\nassert copied(given) == given and copied(given) is not given",
    ),
    "a deep copy": (
        "def deep(rows): return [list(row) for row in rows]",
        "def deep(rows): return rows",
        "given = [[1], [2]]\ndeep(given)[0][0] = 9\nassert given[0][0] == 1",
    ),
    "a tool that is forbidden": (
        "def dot(a, b): return sum(x * y for x, y in zip(a, b))",
        "def dot(a, b): return np.dot(a, b)",
        "from unittest.mock import patch\nwith patch('numpy.dot', side_effect=AssertionError('by hand')):\n"
        "    assert dot([1, 2], [3, 4]) == 11",
    ),
    "a warning": (
        "def logs(x): return np.log(np.where(x > 0, x, 1.0))",
        "def logs(x): return np.where(x > 0, np.log(x), 0.0)",
        "with np.errstate(all='raise'):\n    assert logs(np.array([0.0, 1.0])).sum() == 0",
    ),
    "a list for all objects": (
        "class Cat:\n    def __init__(self): self.tricks = []",
        "class Cat:\n    tricks = []",
        "one, other = Cat(), Cat()\none.tricks.append('sit')\nassert other.tricks == []",
    ),
    "all are equal": (
        "class Card:\n    def __init__(self, n): self.n = n\n    def __eq__(self, o): return self.n == o.n",
        "class Card:\n    def __init__(self, n): self.n = n\n    def __eq__(self, o): return True",
        "assert Card(1) != Card(2)",
    ),
    "a set that is changed": (
        "def union(a, b): return a | b",
        "def union(a, b):\n    a |= b\n    return a",
        "given = {1}\nassert union(given, {2}) == {1, 2} and given == {1}",
    ),
    "no description": ("def f():\n    'Say why.'", "def f(): pass", "assert f.__doc__"),
}
ASSIGNMENT = assignment_of([(right, test) for right, _, test in MUST_NOT.values()])


@pytest.fixture(scope="module")
def ways(zygote: Zygote) -> Ways:
    return planned(zygote, ASSIGNMENT)


def test_right_answers_earn_their_marks_on_both_ways(zygote: Zygote, ways: Ways) -> None:
    found = earned(zygote, ASSIGNMENT, ways, {})
    assert {item.score for item in found.values()} == {3.0}
    assert {item.way for item in found.values()} == {APART}


def test_wrong_answers_that_a_test_only_refuses_earn_nothing(zygote: Zygote, ways: Ways) -> None:
    wrong = {f"answer{number}": wrong for number, (_, wrong, _) in enumerate(MUST_NOT.values())}
    found = earned(zygote, ASSIGNMENT, ways, wrong)
    scores = {name: found[f"test{number}"].score for number, name in enumerate(MUST_NOT)}
    assert scores == dict.fromkeys(MUST_NOT, 0.0)


# Answers of which the two ways say something else: right ones that cannot be sent, and one that tampers.
IN_DOUBT = [
    ("def half(x): return x / 2", "from fractions import Fraction\ndef half(x): return Fraction(x, 2)"),
    ("def half(x): return x / 2", "import builtins\nbuiltins.abs = lambda x: 0\ndef half(x): return 7"),
]


@pytest.mark.parametrize(("right", "other"), IN_DOUBT, ids=["right", "tampered"])
def test_where_the_two_ways_disagree_a_person_decides(zygote: Zygote, right: str, other: str) -> None:
    assignment = assignment_of([(right, "assert abs(half(3) - 1.5) < 1e-9")])
    found = earned(zygote, assignment, planned(zygote, assignment), {"answer0": other})["test0"]
    (check,) = found.checks
    assert (found.score, check.passed) == (0.0, None)
    assert "3 of 3 marks beside the student's code" in check.got


def test_no_second_look_is_taken_where_nothing_was_earned(zygote: Zygote, ways: Ways) -> None:
    looks: list[CellJudge] = []
    nothing = SubmissionResult("ann", "ps1", "graded", exercises=(ExerciseResult("test0", 0.0, 3.0),))
    ways.judge(lambda judge: looks.append(judge) or nothing)
    assert looks == [ways.beside]


def test_a_test_that_passes_only_apart_is_judged_apart_alone(zygote: Zygote) -> None:
    test = "assert not hasattr(f, '__code__') and f() == 1"
    assignment = assignment_of([("f = lambda: 1", test)])
    ways = planned(zygote, assignment)
    assert ways.alone == {"test0"}
    assert earned(zygote, assignment, ways, {})["test0"].score == 3.0
    assert earned(zygote, assignment, ways, {"answer0": "f = lambda: 2"})["test0"].score == 0.0


def test_both_ways_start_from_the_notebook_as_it_is(zygote: Zygote) -> None:
    deposit = "balance = []\ndef deposit(x):\n    balance.append(x)\n    return len(balance)"
    assignment = assignment_of([(deposit, "assert deposit(5) == 1"), ("", "assert deposit(5) == 2")])
    found = earned(zygote, assignment, planned(zygote, assignment), {})
    assert [item.score for item in found.values()] == [3.0, 3.0]
    assert {item.way.startswith(BESIDE) for item in found.values()} == {False}


ANSWER = ("solution", "formula = 'x**2'")
HELPER = ("locked", "def at(text, x):\n    return eval(text, {'x': x})")
READER = ("locked", "def lines(path):\n    with open(path) as f:\n        return [line for line in f]")
FILE = {"helpers.py": b"import sympy\ndef value(text): return sympy.sympify(text)"}
# What hands a student's text to something that runs it or opens it: cells before the test, the test, the word
DANGERS: dict[str, tuple[list[tuple[str, str]], str, str]] = {
    "in the test": ([ANSWER], "import pickle\nassert pickle.loads(formula)", "loads"),
    "in a helper": ([HELPER, ANSWER], "assert at(formula, 3) == 9", "eval"),
    "behind a helper": ([HELPER, ("locked", "def b(t): return at(t, 3)"), ANSWER], "b(formula)", "eval"),
    "in a file": ([ANSWER], "import helpers\nassert helpers.value(formula)", "sympy"),
    "from a file": ([("locked", "from helpers import value"), ANSWER], "value(formula)", "sympy"),
    "while setting up": ([ANSWER, ("locked", "y = open(formula).read()")], "f() == 1", "open"),
    "set up by a helper": ([READER, ANSWER, ("locked", "y = lines(formula)")], "f() == 1", "open"),
    "a module": ([ANSWER], "import os\nos.remove(formula)", "os"),
    "a renamed module": ([("locked", "import os as o"), ANSWER], "o.remove(formula)", "os"),
    "a table": ([ANSWER], "import pandas as pd\npd.read_csv(formula)", "read_csv"),
    "another name": ([("locked", "f = np.loadtxt"), ANSWER], "f(formula)", "loadtxt"),
    "a lambda": ([("locked", "f = lambda t: eval(t)"), ANSWER], "f(formula)", "eval"),
    "by import": ([ANSWER], "from numpy import load\nload(formula)", "load"),
}


@pytest.mark.parametrize("name", DANGERS)
def test_what_would_run_or_open_a_text_of_the_students_stays_in_the_sandbox(name: str) -> None:
    before, test, word = DANGERS[name]
    assignment = notebook([*before, ("check", test)], FILE)
    assert f"it uses {word}," in Reach(assignment).danger(assignment.cells[-1])


PLAIN = {"helpers.py": b"def f(x): return x"}
FINE: list[tuple[list[tuple[str, str]], str]] = [
    ([("locked", "import os\ndata = open('data.txt').read()"), ANSWER], "assert formula == 'x'"),
    ([READER, ("locked", "data = lines('data.txt')"), ANSWER], "assert formula == 'x'"),
    ([("solution", "class Net: pass"), ("locked", "net = Net()\nnet.eval()")], "assert net.eval()"),
    ([ANSWER], "import json, re\nassert json.loads(formula) and re.match('x', formula)"),
    ([ANSWER], "import helpers\nhelpers.f(formula)"),
    ([HELPER, ANSWER], "assert formula == 'x'"),
    ([("locked", "import numpy\nd = numpy.loadtxt('d.txt')"), ANSWER], "assert d.sum() == 3 and formula"),
]


@pytest.mark.parametrize(("before", "test"), FINE)
def test_what_never_meets_a_students_text_may_do_what_it_likes(
    before: list[tuple[str, str]], test: str
) -> None:
    assignment = notebook([*before, ("check", test)], PLAIN)
    assert Reach(assignment).danger(assignment.cells[-1]) == ""


def notebook(cells: list[tuple[str, str]], files: Mapping[str, bytes]) -> Assignment:
    """Return an assignment of these cells (kind, source)."""
    made = tuple(
        cell(f"cell{n}", cast(CellKind, kind), source, 3.0) for n, (kind, source) in enumerate(cells)
    )
    return Assignment("ps1", made, files, own=False)


CLOSE = "print(mean([1.0, 3.0]))\n\ndef close(a, b):\n    return abs(a - b) < 1e-6\n\nwanted = 2.0"
FAILS_ONCE = """close, wanted, calls = lambda a, b: True, 0.0, []
def mean(v):
    calls.append(v)
    if len(calls) == 1:
        raise ValueError("not yet")
    return 0.0"""
MEAN, SQUARES = "def mean(v): return sum(v) / len(v)", "squares = [n * n for n in range(5)]"
# Cells of the instructor's, the last of which is a test, and an answer that puts its own names in their place
REPLACED = {
    "a set-up cell that the answer makes fail": (
        [("solution", MEAN), ("locked", CLOSE), ("check", "assert close(mean([1.0, 3.0]), wanted)")],
        FAILS_ONCE,
    ),
    "a name that stands for something else in the solution": (
        [("solution", SQUARES), ("locked", "n = 5"), ("check", "assert len(squares) == n")],
        "squares, n = [0], 1",
    ),
    "a name that the solution used before": (
        [("solution", "n = 2\nx = n"), ("locked", "n = 5"), ("check", "assert x + 3 == n")],
        "n = x = 9",
    ),
}


@pytest.mark.parametrize("name", REPLACED)
def test_the_instructors_names_are_never_the_students(zygote: Zygote, name: str) -> None:
    given, answer = REPLACED[name]
    assignment = notebook(given, {})
    apart = Ways(CellJudge(assignment, LIMITS, {"cell2": ""}), frozenset(["cell2"]))
    assert earned(zygote, assignment, apart, {})["cell2"].score == 3.0
    assert earned(zygote, assignment, apart, {"cell0": answer})["cell2"].score == 0.0
