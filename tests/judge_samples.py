"""What the tests of the judge share: a student's names, and a tiny assignment with its checks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from checking import expect_close

from autograder.checks.framework import Check, Student, check, judge_exercise
from autograder.judge.backend import RemoteBackend
from autograder.judge.connection import Connection
from autograder.model import ExerciseResult, Limits, Submission, SubmittedCell
from autograder.sandbox.launcher import Zygote
from autograder.spec import Assignment, CellType, Kind, SpecCell

QUICK = Limits(cell_seconds=3.0, call_seconds=2.0, total_seconds=60.0)
PATIENT = Limits(call_seconds=60.0)


class Names:
    """Show a student's names as attributes, as a check sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._backend = connection, RemoteBackend(connection)

    def __getattr__(self, name: str) -> Any:
        return self._backend.lookup(name)

    def run(self, source: str, **inputs: Any) -> Any:
        """Run a scenario beside the student's code."""
        return self._backend.run(source, inputs)


@contextlib.contextmanager
def student_of(zygote: Zygote, source: str, limits: Limits = PATIENT) -> Iterator[Names]:
    """Yield the names that `source` defines in a sandboxed process of its own."""
    with zygote.spawn({}, {"course_module.py": b"def half(x):\n    return x / 2\n"}, limits) as session:
        connection = Connection(session, limits.call_seconds, modules=["course_module"])
        report = connection.ask("cell", 20.0, source=source, limit=1000)
        assert not report["failed"], report["outputs"]
        yield Names(connection)


def spec_cell(grade_id: str | None, kind: Kind, source: str = "", cell_type: CellType = "code") -> SpecCell:
    """Return a cell of the tiny assignment; a check cell is worth 2 marks."""
    return SpecCell(grade_id, kind, cell_type, source, source, marks=2.0 * (kind == "check"))


ASSIGNMENT = Assignment(
    "week99_tiny",
    (
        spec_cell("imports", "locked", "import torch\nfrom helpers import triple"),
        spec_cell("double", "solution", "def double(x):\n    return 2 * x"),
        spec_cell("double_check", "check", "# hidden checks of double"),
        spec_cell("square", "solution", "def square(x):\n    return x * x"),
        spec_cell("square_check", "check", "# hidden checks of square"),
        spec_cell("negate", "solution", "def negate(x):\n    return -x"),
        spec_cell("negate_check", "check", "# hidden checks of negate"),
    ),
    {"helpers.py": b"def triple(x):\n    return 3 * x\n"},
)


def _checks(name: str, cases: Mapping[float, float]) -> tuple[Check, ...]:
    def tensors(student: Student) -> None:
        values, wanted = list(cases), list(cases.values())
        expect_close(
            getattr(student, name)(torch.tensor(values)),
            wanted,
            call=f"{name}(tensor)",
            hint="element by element",
        )

    def numbers(student: Student) -> None:
        for value, wanted in cases.items():
            expect_close(getattr(student, name)(value), wanted, call=f"{name}({value})", hint="by hand")

    return check(name, 1.0)(tensors), check(name, 1.0)(numbers)


CHECKS = {
    "double": _checks("double", {1.5: 3.0, -2.0: -4.0, 0.25: 0.5}),
    "square": _checks("square", {1.5: 2.25, -2.0: 4.0, 3.0: 9.0}),
    "negate": _checks("negate", {1.5: -1.5, -2.0: 2.0, 0.5: -0.5}),
}
RIGHT = {cell.grade_id: cell.source for cell in ASSIGNMENT.cells if cell.grade_id and cell.kind == "solution"}


def judge_tiny(exercise: str, backend: Any, seed: int) -> ExerciseResult:
    """Judge an exercise of the tiny assignment."""
    return judge_exercise(exercise, CHECKS[exercise], backend, seed).result


def hand_in(
    answers: Mapping[str, str], before: str = "", files: Mapping[str, bytes] | None = None
) -> Submission:
    """Return a submission with these answers (others right), with `before` in a first cell of its own."""
    cells = [SubmittedCell(None, "code", before)] if before else []
    for cell in ASSIGNMENT.cells:
        source = {**RIGHT, **answers}.get(cell.grade_id or "", "print('edited by the student')")
        cells.append(SubmittedCell(cell.grade_id, "code", source))
    return Submission("ann", ASSIGNMENT.week, tuple(cells), files or {})
