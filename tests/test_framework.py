"""How checks are run and scored: gates, lost and broken checks, the trace of answers, and seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from checking import expect_close, expect_raises

from autograder.checks.framework import (
    Check,
    Judged,
    Student,
    check,
    check_seed,
    judge_exercise,
)
from autograder.checks.kernel import LocalBackend, grade_in_kernel, summary
from autograder.course import CourseError
from autograder.judge.errors import StudentDied, StudentError, StudentTimeout


@check("double", gate=True)
def it_gives_a_number(student: Student) -> None:
    expect_close(student.double(0.0), 0.0, call="double(0)", hint="return a number")


@check("double", marks=0.5)
def it_doubles_two(student: Student) -> None:
    expect_close(student.double(2.0), 4.0, call="double(2)", hint="multiply by 2")


@check("double", marks=0.25)
def it_doubles_a_random_number(student: Student) -> None:
    x = float(torch.rand((), generator=student.rng))
    expect_close(student.double(x), 2 * x, call=f"double({x:g})", hint="multiply by 2")


@check("double", marks=0.25)
def it_refuses_text(student: Student) -> None:
    expect_raises(ValueError, lambda: student.double("a"), call='double("a")', hint="raise ValueError")


@check("double", marks=1)
def it_cannot_decide(student: Student) -> None:
    raise RuntimeError("a mistake of the instructor's")


@check("double", marks=1)
def it_repeats_the_answer(student: Student) -> None:
    expect_close([student.double(1.0)] * (1 << 60), 2.0, call="double(1)", hint="multiply by 2")


DOUBLE = (it_gives_a_number, it_doubles_two, it_doubles_a_random_number, it_refuses_text)
RIGHT = """
def double(x):
    if isinstance(x, str):
        raise ValueError("text")
    return 2 * x
"""


def judge(source: str, checks: tuple[Check, ...] = DOUBLE, seed: int = 0, **names: Any) -> Judged:
    namespace: dict[str, Any] = dict(names)
    exec(source, namespace)
    return judge_exercise("double", checks, LocalBackend(namespace), seed)


def passed(source: str, checks: tuple[Check, ...] = DOUBLE) -> list[bool | None]:
    return [result.passed for result in judge(source, checks).result.checks]


SCORES = [
    ("a right answer", RIGHT, 1.0),
    ("no ValueError", "def double(x): return x * 2", 0.75),
    ("right for 2 only", "def double(x): return x**2", 0.5),
    ("the gate fails", "def double(x): return 4.0", 0.0),
    ("the stub", "def double(x): raise NotImplementedError()", 0.0),
    ("no such name", "", 0.0),
    ("not a function", "double = 4.0", 0.0),
    ("a class", "class double: pass", 0.0),
    ("None", "double = None", 0.0),
]


@pytest.mark.parametrize(("source", "score"), [case[1:] for case in SCORES], ids=[case[0] for case in SCORES])
def test_marks_of_passed_checks_add_up_unless_a_gate_fails(source: str, score: float) -> None:
    result = judge(source).result
    assert (result.score, result.marks) == (score, 1.0)
    assert not result.broken


def test_a_broken_check_is_not_a_wrong_answer() -> None:
    result = judge(RIGHT, (*DOUBLE, it_cannot_decide)).result
    assert [item.passed for item in result.checks] == [True, True, True, True, None]
    assert [item.name for item in result.broken] == ["it cannot decide"]
    assert "a mistake of the instructor's" in result.broken[0].got
    assert (result.score, result.marks) == (1.0, 2.0)


@pytest.mark.parametrize("error", [StudentTimeout, StudentDied])
def test_a_lost_process_loses_the_checks_that_follow_but_not_those_before(error: type[BaseException]) -> None:
    source = "def double(x):\n    if x == 2: raise error('no answer in 10 s')\n    return 2 * x"
    result = judge(source, (it_doubles_a_random_number, *DOUBLE), error=error).result
    assert [item.passed for item in result.checks] == [True, True, False, False, False]
    assert [item.got for item in result.checks[3:]] == ["not tried", "not tried"]
    assert result.checks[2].got == "no answer in 10 s"
    assert result.score == 0.25


def test_an_answer_too_large_for_the_judge_is_wrong_and_no_fault_of_the_check() -> None:
    result = judge(RIGHT, (it_repeats_the_answer, *DOUBLE)).result
    assert [item.passed for item in result.checks] == [False, True, True, True, True]
    assert result.checks[0].got == "more than fits into memory"


def test_no_check_is_passed_by_dying() -> None:
    result = judge("def double(x): raise error('gone')", (it_refuses_text,), error=StudentDied).result
    assert result.score == 0


HINTS = [
    ("def double(x): raise NotImplementedError()", "raises NotImplementedError"),
    ("def double(x): return 1 / 0", "last line of the error"),
    ("", "run the cell that defines double"),
    ("double = 3", "def double"),
]


@pytest.mark.parametrize(("source", "words"), HINTS)
def test_every_failure_says_what_to_try(source: str, words: str) -> None:
    result = judge(source).result.checks[0]
    assert words in result.hint
    assert result.call
    assert result.got
    assert result.expected


def test_errors_of_a_student_are_caught_by_their_builtin_name() -> None:
    student = Student(LocalBackend({"f": [].pop, "g": exit}), seed=0)
    with pytest.raises(IndexError):
        student.f()
    with pytest.raises(StudentError, match="SystemExit"):
        student.g()


# the trace
def test_the_trace_holds_the_answers_of_failed_checks_in_order() -> None:
    trace = judge("def double(x): return [3.0, x] if x else 1 / x").trace
    calls = [(item.check, item.value, item.error) for item in trace if item.value != "<object>"]
    assert [call[0] for call in calls] == [item.name for item in DOUBLE]
    assert calls[0][1:] == (None, "ZeroDivisionError")
    assert calls[1][1:] == ([3.0, 2.0], "")
    assert judge(RIGHT).trace == ()


def test_a_note_replaces_the_last_answer_in_the_trace() -> None:
    student = Student(LocalBackend({"f": lambda: 0.123}), seed=0, check="c")
    student.f()
    student.note("a number below 1")
    assert [(item.name, item.value) for item in student._trace] == [
        ("f", "<object>"),
        ("f", "a number below 1"),
    ]


def test_the_trace_keeps_answers_as_they_were() -> None:
    for answer in ([1, [2]], {"a": [1]}, np.ones(2), torch.ones(2)):
        student = Student(LocalBackend({"f": lambda answer=answer: answer}), seed=0, check="c")
        got = student.f()
        kept = student._trace[-1].value
        before = repr(kept)
        got["a"].append(9) if isinstance(got, dict) else got.__setitem__(0, 9)
        assert repr(kept) == before


def test_a_list_that_holds_itself_can_be_kept() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert Student(LocalBackend({"f": lambda: endless}), seed=0).f() is endless


def test_scenarios_see_the_student_and_change_nothing() -> None:
    namespace = {"f": lambda x: x + 1, "y": 5}
    student = Student(LocalBackend(namespace), seed=0)
    assert student.run("y = f(x)\n[x, y]", x=1) == [1, 2]
    assert student.run("y = 7") is None
    assert student.y == 5
    assert [item.name for item in student._trace] == ["run", "run", "y"]


# seeds
def numbers(seed: int, name: str) -> list[float]:
    return torch.rand(3, generator=Student(LocalBackend({}), seed, name).rng).tolist()


def test_random_inputs_depend_on_the_seed_and_the_check_alone() -> None:
    torch.manual_seed(1)
    first = numbers(0, "a check")
    torch.manual_seed(2)
    assert numbers(0, "a check") == first
    assert numbers(1, "a check") != first
    assert numbers(0, "another check") != first


def test_seeds_are_the_same_on_every_machine() -> None:
    assert check_seed(0, "small errors count half their square") == 8881831550165342


def test_the_same_seed_gives_the_same_result() -> None:
    wrong = "def double(x): return x"
    assert judge(wrong, seed=5).result == judge(wrong, seed=5).result
    assert judge(wrong, seed=5).result != judge(wrong, seed=6).result


# inside a kernel
def test_in_a_kernel_the_marks_are_a_plain_float(capsys: pytest.CaptureFixture[str]) -> None:
    score = grade_in_kernel("week03", "huber")
    assert type(score) is float
    assert "huber: 0 of 2 marks" in capsys.readouterr().out
    with pytest.raises(CourseError, match=r"no checks for hubert; it has: huber, .*"):
        grade_in_kernel("week03", "hubert")


def test_the_summary_names_only_what_failed() -> None:
    text = summary(judge("def double(x): return x * 2").result)
    assert text.splitlines()[0] == "double: 0.75 of 1 marks"
    assert "it refuses text" in text
    assert "it doubles two" not in text
