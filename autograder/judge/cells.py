"""Judge exercises by an instructor's own test cells: apart from the student's code, or else beside it.

Apart: the unchanged cell runs in the judge, and the student's names stand for what lives in the sandbox.
Beside: it runs in the sandbox like any cell, as nbgrader does it; the student's code could tamper with it.
"""

from __future__ import annotations

import ast
import math
import numbers
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch

from autograder.judge.binding import Desk, TestTooLong, course_folder, statements
from autograder.judge.connection import Connection
from autograder.judge.errors import Lost, StudentError, StudentTimeout, plain
from autograder.judge.outputs import Output, clean_outputs
from autograder.judge.reach import Reach
from autograder.model import CheckResult, ExerciseResult, Limits
from autograder.spec import Assignment, SpecCell

APART = "judged apart from the student's code"
BESIDE = "run beside the student's code, because"
KERNEL_NAMES = {
    **dict.fromkeys(("get_ipython", "In", "Out"), "it uses IPython"),
    **dict.fromkeys(("globals", "locals", "vars", "dir"), "it looks into the notebook's names"),
    **dict.fromkeys(("eval", "exec"), "it runs code that it makes up"),
}
ANYWHERE = {
    **dict.fromkeys(("getsource", "getsourcelines"), "it reads the source of the answer"),
    **dict.fromkeys(("redirect_stdout", "capture_output", "stdout"), "it reads what the answer prints"),
}
NUMBER = re.compile(r"(?:np\.\w+|tensor|array)\(\[*([^\[\],()]*+)\]*+(?:, *\w+=.*)?\)", re.DOTALL)
TRUTH = {"True": True, "False": False, "np.True_": True, "np.False_": False}
MESSAGE = 300


@dataclass(frozen=True)
class CellJudge:
    """Judge the exercises of an assignment by its test cells.

    `beside` says of the exercises whose cells cannot be judged apart why that is so.
    """

    assignment: Assignment
    limits: Limits
    beside: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, exercise: str, backend: Any, seed: int) -> ExerciseResult:
        """Return the marks of an exercise, what its test cell said, and which way it was judged."""
        cell = self.cell(exercise)
        if not isinstance(getattr(backend, "connection", None), Connection):
            return _failed(cell, backend.reason, APART)
        reason = self.beside.get(exercise)
        if reason:
            return self.judge_beside(cell, backend.connection, reason)
        return self.judge_apart(cell, backend)

    def cell(self, exercise: str) -> SpecCell:
        """Return the test cell of an exercise."""
        return next(c for c in self.assignment.cells if c.kind == "check" and c.exercise == exercise)

    def judge_apart(self, cell: SpecCell, backend: Any) -> ExerciseResult:
        """Run a test cell in this process. A failed assertion, or any other error, costs its marks."""
        try:
            desk = _desk(backend, self.assignment)
            with course_folder(self.assignment.support, desk.modules, self.limits.cell_seconds):
                value = desk.run(cell)
        except AssertionError as error:
            return _failed(cell, plain(str(error), MESSAGE) or "what the test asserts does not hold", APART)
        except StudentError as error:
            return _failed(cell, f"your code raised {plain(str(error), MESSAGE)}", APART)
        except Lost as error:
            return _failed(cell, str(error), APART)
        except TestTooLong as error:
            # It may have been in the middle of an exchange: the next answer would be taken for another.
            backend.connection.lose(StudentTimeout(str(error)))
            return _failed(cell, str(error), APART)
        except (Exception, SystemExit) as error:
            return _failed(cell, plain(f"{type(error).__name__}: {error}", MESSAGE), APART)
        return _scored(cell, value, APART)

    def judge_beside(self, cell: SpecCell, connection: Connection, reason: str) -> ExerciseResult:
        """Run a test cell in the student's process and read its outputs as nbgrader's documentation says."""
        way = f"{BESIDE} {reason}"
        seconds, limit = self.limits.cell_seconds, self.limits.output
        try:
            report = connection.ask("cell", seconds, source=cell.source, limit=limit)
        except (Lost, StudentError) as error:
            return _failed(cell, str(error), way)
        reported = report if type(report) is dict else {"failed": True}
        failed = reported.get("failed") is not False
        return read_outputs(cell, clean_outputs(reported.get("outputs"), limit), failed, way)


def read_outputs(cell: SpecCell, outputs: Sequence[Output], failed: bool, way: str) -> ExerciseResult:
    """Return the marks of a test cell with these outputs: none after an error, else what its value says."""
    errors = [output for output in outputs if output["output_type"] == "error"]
    if errors or failed:
        return _failed(cell, _error_text(errors), way)
    shown = [output["data"] for output in outputs if output["output_type"] == "execute_result"]
    return _scored(cell, as_number(shown[-1].get("text/plain", "")) if shown else None, way)


@dataclass(frozen=True)
class Trial:
    """Find out which way each test cell can be judged, with the instructor's own solution."""

    judge: CellJudge

    @cached_property
    def _reach(self) -> Reach:
        return Reach(self.judge.assignment)

    def __call__(self, exercise: str, backend: Any, seed: int) -> ExerciseResult:
        """Return the marks of the solution, judged apart if its text and a trial allow it, else beside."""
        cell = self.judge.cell(exercise)
        reason = why_beside(cell.source) or self._reach.danger(cell)
        if not reason:
            apart = self.judge.judge_apart(cell, backend)
            if apart.score >= apart.marks:
                return apart
            reason = f"apart from it even the instructor's solution fails ({apart.checks[0].got})"
        return self.judge.judge_beside(cell, backend.connection, reason)


def _desk(backend: Any, assignment: Assignment) -> Desk:
    """Return the desk beside this process of the student's: later cells use what earlier ones defined."""
    connection: Connection = backend.connection
    if connection.desk is None:
        connection.desk = Desk(backend, assignment)
    desk: Desk = connection.desk
    return desk


def why_beside(source: str) -> str:
    """Return why a test cell cannot be judged apart, as far as its text tells, or ""."""
    if any(line.lstrip().startswith(("%", "!")) for line in source.splitlines()):
        return "it uses IPython's commands"
    body = statements(source)
    if not body and source.strip() and not _is_comment(source):
        return "it is not plain Python"
    reasons = (_reason_of(node) for node in ast.walk(ast.Module(body, [])))
    return next(filter(None, reasons), "")


def _reason_of(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return KERNEL_NAMES.get(node.id, ANYWHERE.get(node.id, ""))
    if isinstance(node, ast.Attribute):
        return ANYWHERE.get(node.attr, "")
    return ""


def _is_comment(source: str) -> bool:
    return all(line.strip().startswith("#") for line in source.splitlines() if line.strip())


def marks_for(value: Any, marks: float) -> float | None:
    """Return what a test cell earns that ran to its end with this last value; None if that cannot be said.

    No value, or one that is no number, is all marks; a number is partial credit, and True or False is all or
    nothing. A number below zero and one that is not a number (nan) are no marks. More than all cannot be.
    """
    number = _plain_number(value)
    if number is None:
        return marks
    if isinstance(number, bool):
        return marks if number else 0.0
    if math.isnan(number) or number < 0:
        return 0.0
    return float(number) if number <= marks + 1e-9 else None


def _plain_number(value: Any) -> float | bool | None:
    if issubclass(type(value), (torch.Tensor, np.ndarray, np.generic)):
        single = (value.numel() if isinstance(value, torch.Tensor) else value.size) == 1
        value = value.item() if single else None
    if isinstance(value, bool):
        return value
    return float(value) if issubclass(type(value), numbers.Real) else None


def as_number(text: str) -> float | bool | str:
    """Return the number or truth value that a displayed text shows, else the text itself."""
    found = NUMBER.fullmatch(text.strip())
    inner = found[1].strip() if found else text.strip()
    if inner in TRUTH:
        return TRUTH[inner]
    try:
        return float(inner)
    except ValueError:
        return text


def _scored(cell: SpecCell, value: Any, way: str) -> ExerciseResult:
    score = marks_for(value, cell.marks)
    if score is None:
        got = f"the test cell gives {_plain_number(value):g} marks, but is worth {cell.marks:g}"
        return _result(cell, 0.0, None, got, way)
    if score >= cell.marks:
        return _result(cell, cell.marks, True, "", way)
    return _result(cell, score, False, f"{score:g} of {cell.marks:g} marks", way)


def _failed(cell: SpecCell, got: str, way: str) -> ExerciseResult:
    return _result(cell, 0.0, False, got, way)


def _result(cell: SpecCell, score: float, passed: bool | None, got: str, way: str) -> ExerciseResult:
    name = cell.exercise or ""
    hint = "" if passed else "read the exercise again, and try your answer on small inputs"
    expected = "" if passed else "a test that runs to its end"
    check = CheckResult(name, cell.marks, passed, f"the tests of {name}", got, expected, hint)
    return ExerciseResult(name, score, cell.marks, (check,), way=way)


def _error_text(errors: list[dict[str, Any]]) -> str:
    if not errors:
        return "the test did not run to its end"
    return plain(f"{errors[0]['ename']}: {errors[0]['evalue']}".removesuffix(": "), MESSAGE)
