"""How a hidden check is written, what it sees of the student, and how an exercise is scored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import torch
from checking import Mismatch, show

from autograder.judge.errors import Lost, Missing, StudentError
from autograder.model import CheckResult, ExerciseResult

TOO_LARGE = "look for a loop that never ends or a very large array"


class Backend(Protocol):
    """Reach the names of a student, wherever they live."""

    def lookup(self, name: str) -> Any:
        """Return plain data or a callable. Raises Missing if the student has no such name."""

    def run(self, source: str, inputs: Mapping[str, Any]) -> Any:
        """Run `source` beside the student's code with `inputs` bound; return its last expression's value."""


@dataclass(frozen=True)
class Answer:
    """Hold one answer of the student: which name was asked, in which check, and what came back."""

    check: str
    name: str
    value: Any
    error: str = ""


@dataclass(frozen=True)
class Pair:
    """Hold what came back for one question beside what was expected: what tells how the two are related.

    `args` are the arguments of the call, if they are known.
    """

    call: str
    got: Any
    want: Any
    args: tuple[Any, ...] = ()


class Student:
    """Show a check the student's names, and remember every answer for the diagnosis of mistakes.

    `student.huber(...)` calls the student's function; `student.answer_gq5` is a plain value;
    `student.run("source", **inputs)` runs a scenario beside the student's code. Both hand over copies of what
    they are given: what the student's code changes in place is never the judge's own. `student.rng` is a
    torch.Generator seeded afresh for each check, so that inputs differ from grading to grading.
    """

    def __init__(self, backend: Backend, seed: int, check: str = "", exercise: str = "") -> None:
        self._backend, self._check, self._exercise = backend, check, exercise
        self._trace: list[Answer] = []
        self._pairs: list[Pair] = []
        self.rng = torch.Generator().manual_seed(check_seed(seed, check))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self._remember(name, lambda: self._backend.lookup(name))
        if callable(value):
            return self._recorded(name, value)
        if (
            name == self._exercise
        ):  # an exercise bears the name of the function to write, and this is only data
            expected, hint = f"a function called {name}", f"define it in its own cell: def {name}(…):"
            raise Mismatch(name, show(value), expected, hint)
        return value

    def run(self, source: str, **inputs: Any) -> Any:
        """Run a scenario beside the student's code and return the value of its last expression as data."""
        given = copied(inputs)
        return self._remember("run", lambda: self._backend.run(source, given))

    def note(self, value: Any) -> None:
        """Put what matters about the last answer into its place in the trace.

        For answers that differ by chance between right solutions, like the rows of a random split.
        """
        self._trace[-1] = replace(self._trace[-1], value=_frozen(value))

    def expects(self, call: str, got: Any, want: Any, args: Iterable[Any] = ()) -> None:
        """Keep an answer beside what was expected, so that feedback can say how the two are related."""
        self._pairs.append(Pair(call, _frozen(got), copied(want), tuple(args)))

    def _recorded(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            given, named = copied(args), copied(kwargs)
            return self._remember(name, lambda: function(*given, **named))

        return call

    def _remember(self, name: str, ask: Callable[[], Any]) -> Any:
        try:
            value = ask()
        except (Exception, Lost) as error:
            self._trace.append(Answer(self._check, name, None, type(error).__name__))
            raise
        self._trace.append(Answer(self._check, name, _frozen(value)))
        return value


def _frozen(value: Any, depth: int = 0) -> Any:
    """Copy what a later call could change in place; a callable or remote object is only noted as such."""
    if depth > 20:  # a list can hold itself
        return "<deeply nested>"
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if type(value) in (list, tuple):
        return type(value)(_frozen(item, depth + 1) for item in value)
    if type(value) is dict:
        return {key: _frozen(item, depth + 1) for key, item in value.items()}
    if type(value).__module__ == "numpy":
        return value.copy()
    return value if isinstance(value, (int, float, str, bool, bytes, complex, type(None))) else "<object>"


def copied(value: Any) -> Any:
    """Return a copy of tensors and arrays, alone or in lists, tuples and dicts; other values as they are."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(map(copied, value))
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return value


def check_seed(seed: int, check: str) -> int:
    """Return the seed of one check: the same for the same grading seed and check on every machine."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{check}".encode()).digest()[:7], "big")


@dataclass(frozen=True)
class Check:
    """Hold one hidden check: a function of the student, worth `marks`.

    `gate`: if it fails, the exercise earns nothing (for checks that only tell that an answer is usable).
    """

    exercise: str
    marks: float
    function: Callable[[Student], None] = field(repr=False)
    gate: bool = False

    @property
    def name(self) -> str:
        """Return the check's name as a sentence."""
        return self.function.__name__.replace("_", " ")


def check(
    exercise: str, marks: float = 0.0, gate: bool = False
) -> Callable[[Callable[[Student], None]], Check]:
    """Turn a function into a hidden check of `exercise` worth `marks`."""
    return lambda function: Check(exercise, marks, function, gate)


@dataclass(frozen=True)
class Tried:
    """Hold one check: its answers beside what was expected, and whether it passed (None: not decided)."""

    check: str
    gate: bool
    passed: bool | None
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Judged:
    """Hold an exercise's result together with the trace: the student's answers in the checks that failed.

    `tried` holds the answers of all checks, beside what was expected.
    """

    result: ExerciseResult
    trace: tuple[Answer, ...]
    tried: tuple[Tried, ...] = ()


def judge_exercise(exercise: str, checks: tuple[Check, ...], backend: Backend, seed: int) -> Judged:
    """Run the checks of an exercise in order and add up the marks of those that pass.

    A timeout or a death of the student's process loses the checks that come after it.
    """
    results: list[CheckResult] = []
    trace: list[Answer] = []
    tried: list[Tried] = []
    lost = ""
    for item in checks:
        if lost:
            results.append(CheckResult(item.name, item.marks, False, got="not tried", hint=lost))
            tried.append(Tried(item.name, item.gate, None, ()))
            continue
        student = Student(backend, seed, item.name, exercise)
        result, lost = _run_check(item, student)
        results.append(result)
        trace += () if result.passed else student._trace
        tried.append(Tried(item.name, item.gate, result.passed, tuple(student._pairs)))
    return Judged(_score(exercise, checks, results), tuple(trace), tuple(tried))


def _run_check(item: Check, student: Student) -> tuple[CheckResult, str]:
    """Return the outcome of one check, and why the following ones cannot be tried (or "")."""

    def failed(call: str, got: str, expected: str, hint: str) -> CheckResult:
        return CheckResult(item.name, item.marks, False, call, got, expected, hint)

    called = f"your {item.exercise}"
    try:
        item.function(student)
    except Mismatch as error:
        values = getattr(error, "values", None)  # a notebook's own kernel may have an older `checking`
        if values and error.call not in {pair.call for pair in student._pairs}:
            student.expects(error.call, *values)
        return failed(error.call, error.got, error.expected, error.hint), ""
    except Missing as error:
        return failed(
            error.name, "no such name", "a definition", f"run the cell that defines {error.name}"
        ), ""
    except Lost as error:
        reason = str(error)
        return failed(called, reason, "an answer", TOO_LARGE), reason
    except MemoryError:
        return failed(called, "more than fits into memory", "an answer", TOO_LARGE), ""
    except StudentError as error:
        return failed(called, show(str(error)), "an answer without an error", error_hint(error)), ""
    except Exception as error:
        broken = f"this check could not decide ({type(error).__name__}: {error})"
        return CheckResult(item.name, item.marks, None, called, broken), ""
    return CheckResult(item.name, item.marks, True), ""


def error_hint(error: StudentError) -> str:
    """Return what to try when the student's code raised."""
    if isinstance(error, NotImplementedError):
        return "replace the line that raises NotImplementedError with your solution"
    return "call it with small numbers in a cell of your own and read the last line of the error"


def _score(exercise: str, checks: tuple[Check, ...], results: list[CheckResult]) -> ExerciseResult:
    marks = sum(item.marks for item in checks)
    closed = any(item.gate and not result.passed for item, result in zip(checks, results, strict=True))
    score = 0.0 if closed else sum(result.marks for result in results if result.passed)
    return ExerciseResult(exercise, round(score, 6), round(marks, 6), tuple(results))
