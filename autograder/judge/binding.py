"""Run an instructor's own cells in the judge, with the student's names bound to their proxies."""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.judge.errors import Missing
from autograder.judge.scenario import evaluate
from autograder.judge.timer import interrupt_after
from autograder.spec import Assignment, SpecCell, top_level_names, without_magics

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class TestTooLong(BaseException):
    """Report that a test cell did not come to an end. Not an Exception: no test may catch it."""

    __test__ = False  # pytest takes every class called Test… for tests


class Desk:
    """Remember what the instructor's cells have defined in the judge beside one process of the student's.

    A name that a solution cell defines is looked up in the student's process each time that a cell uses it,
    unless a later cell of the instructor's defines it, too; so is one that no such cell defines. Imports and
    the instructor's names never are, even where what defines them has failed.
    """

    def __init__(self, backend: Any, assignment: Assignment) -> None:
        self.backend, self.assignment = backend, assignment
        self.names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        self.modules: dict[str, ModuleType] = {}
        self.theirs: set[str] = set()  # names that, up to here, are the student's to define
        self.ours = {
            name for cell in assignment.cells if _is_run(cell) for name in top_level_names(cell.source)
        }
        self.done = -1

    def run(self, cell: SpecCell) -> Any:
        """Run a test cell, and the set-up cells before it, and return the value of its last expression."""
        place = self.assignment.cells.index(cell)
        if self.done < 0:
            self.done = 0
            for given in self.assignment.cells:
                if given.cell_type == "code":
                    self._run_statements(given.source, (ast.Import, ast.ImportFrom))
        for earlier in self.assignment.cells[self.done : place]:
            self._prepare(earlier)
        self.done = max(self.done, place + 1)
        source = without_magics(cell.source)
        self._bind(source)
        value = evaluate(source, self.names)
        return None if source.rstrip().endswith(";") else value

    def _prepare(self, cell: SpecCell) -> None:
        """Run a locked cell; take from a test cell what it defines for later ones."""
        if cell.kind in ("solution", "written") and cell.cell_type == "code":
            self.theirs |= top_level_names(cell.source)
        elif cell.kind == "check":
            self._run_statements(cell.source, DEFINITIONS)
        elif _is_run(cell):
            with contextlib.suppress(SyntaxError):
                self._bind(without_magics(cell.source))
            self.theirs -= top_level_names(cell.source)
            self._run_statements(cell.source, (ast.stmt,))

    def _run_statements(self, source: str, kinds: tuple[type[ast.stmt], ...]) -> None:
        # What fails here fails in the notebook, too, or is for the eye alone: a test says what it misses.
        for node in statements(source):
            if isinstance(node, kinds):
                with contextlib.suppress(Exception):
                    exec(compile(ast.Module([node], []), "<set-up cell>", "exec"), self.names)

    def _bind(self, source: str) -> None:
        """Bind the student's names that a cell uses. One that the student does not define is left unbound."""
        for name in sorted(used_names(source)):
            known = name in self.names or name in self.ours or hasattr(builtins, name)
            if name in self.theirs or not known:
                self.names.pop(name, None)
                with contextlib.suppress(Missing):
                    self.names[name] = self.backend.lookup(name)


def _is_run(cell: SpecCell) -> bool:
    """Return whether the judge runs a cell of the instructor's whenever it comes by."""
    return cell.kind == "locked" and cell.cell_type == "code" and "demo" not in cell.tags


def statements(source: str) -> list[ast.stmt]:
    """Return the top-level statements of a cell; none if it is not Python."""
    try:
        return ast.parse(without_magics(source)).body
    except (SyntaxError, ValueError):
        return []


def used_names(source: str) -> set[str]:
    """Return the names that a cell reads. Raises SyntaxError if it is not Python."""
    nodes = ast.walk(ast.parse(source))
    return {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}


@contextlib.contextmanager
def course_folder(
    files: Mapping[str, bytes], modules: dict[str, ModuleType], seconds: float
) -> Iterator[None]:
    """Let trusted code find the course's files and modules where it expects them, silently and not for ever.

    `modules` holds the course's modules that were imported before, and is brought up to date.
    Raises TestTooLong after `seconds`.
    """
    path, stdin, hidden = sys.path.copy(), sys.stdin, io.StringIO()
    with (
        tempfile.TemporaryDirectory(prefix="course-") as folder,
        contextlib.chdir(folder),
        _own_modules(files, modules),
        _environment(NBGRADER_EXECUTION="autograde"),
        contextlib.redirect_stdout(hidden),
        contextlib.redirect_stderr(hidden),
    ):
        _write(Path(folder), files)
        try:
            sys.path.insert(0, folder)
            sys.stdin = io.StringIO()
            with interrupt_after(
                seconds, lambda: TestTooLong(f"the test ran for more than {seconds:g} seconds")
            ):
                yield
        finally:
            sys.path[:], sys.stdin = path, stdin


@contextlib.contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set variables that tests may ask for, as they are set where the student's code runs."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _own_modules(files: Iterable[str], modules: dict[str, ModuleType]) -> Iterator[None]:
    """Let the course's modules stand in the place of others of the same names, such as our own utils."""
    names = {file.split("/", 1)[0].removesuffix(".py") for file in files}

    def taken() -> dict[str, ModuleType]:
        return {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".", 1)[0] in names}

    others = taken()
    sys.modules.update(modules)
    try:
        yield
    finally:
        modules.update(taken())
        sys.modules.update(others)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
