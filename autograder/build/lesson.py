"""Read a lesson text as the instructor's notebook, and notice edits made in the notebook instead."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from autograder.build.parts import KEPT, part_problems
from autograder.build.short import full_options, unknown_options
from autograder.build.students import DEMO_TAG
from autograder.course import Course, CourseError, short_name

Notebook = Any  # nbformat's NotebookNode, which has no types

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
PLACE = re.compile("YOUR (CODE|ANSWER) HERE")  # what a release shows where students write
REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def read_lesson(course: Course, week: str) -> Notebook:
    """Return the lesson text of a week as a notebook with cell ids `week03-007`.

    Raises CourseError, naming the cell, if the text cannot be an assignment.
    """
    path = course.lesson(week)
    try:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    except Exception as error:  # whatever the parsers of MyST and YAML raise
        raise CourseError(
            f"{path} is not a MyST notebook: {error}. Correct the text and build again."
        ) from error
    kernel = notebook.metadata.get("kernelspec", KERNEL)
    notebook.metadata = nbformat.from_dict({"kernelspec": kernel})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"{short_name(week)}-{number:03d}"
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"] = nbformat.from_dict(_all_options(path, cell))
        if "reveal" in cell.metadata:  # grading then skips the cell that stands for it in a release
            cell.metadata["tags"] = [DEMO_TAG]
    for problem in lesson_problems(notebook):
        raise CourseError(f"{path}: {problem}")
    return notebook


def _all_options(path: Path, cell: Notebook) -> dict[str, Any]:
    """Return nbgrader's options for a cell in full. Raises CourseError for what is no option of it."""
    given = cell.metadata["nbgrader"]
    unknown = next(unknown_options(given), None) if isinstance(given, dict) else repr(given)
    if unknown is not None:
        first = cell.source.strip().partition("\n")[0]
        raise CourseError(
            f"{path}: the cell {first[:60]!r} has the nbgrader option {unknown}, which does not exist. "
            "Write grade_id with solution: true or points, or grade_id alone for a locked cell."
        )
    return full_options(given)


def lesson_problems(notebook: Notebook) -> Iterator[str]:
    """Yield what keeps a lesson from being built, each with the cell and the edit that mends it."""
    yield from assignment_problems(notebook)
    yield from part_problems(notebook)


def assignment_problems(notebook: Notebook) -> Iterator[str]:
    """Yield what keeps a notebook, of an instructor or released, from being an assignment."""
    counts = Counter(_nbgrader(cell).get("grade_id") for cell in notebook.cells)
    for grade_id, count in counts.items():
        if grade_id and count > 1:
            yield f"{count} cells have the grade_id {grade_id}. Give each its own."
    for cell in notebook.cells:
        yield from (f"the cell {name_of(cell)} {problem}" for problem in _cell_problems(cell))


def _cell_problems(cell: Notebook) -> Iterator[str]:
    meta = _nbgrader(cell)
    for region in REGIONS:
        if not _is_balanced(cell.source, region):
            yield f"has a BEGIN or END {region} without its partner. Add the missing line."
    if "BEGIN SOLUTION" in cell.source and not meta.get("solution"):
        yield "holds a solution but is not marked as one. Set solution: true in its nbgrader options."
    if "BEGIN HIDDEN TESTS" in cell.source and not meta.get("grade"):
        yield "holds hidden checks but carries no marks. Set points in its nbgrader options."
    if "BEGIN MARK SCHEME" in cell.source and not _is_restored(meta):
        yield "holds a mark scheme but is not locked. Set locked: true, or the marker cannot see it."
    if any(meta.get(key) for key in ("grade", "solution", "locked")) and not meta.get("grade_id"):
        yield "has nbgrader options without a grade_id. Add one."
    if meta.get("grade") and not isinstance(meta.get("points"), int | float):
        yield "is graded but its points are not a number. Set points in its nbgrader options."


def _is_balanced(source: str, region: str) -> bool:
    marks = [line for line in source.splitlines() if f"BEGIN {region}" in line or f"END {region}" in line]
    return len(marks) % 2 == 0 and all(
        f"{('BEGIN', 'END')[number % 2]} {region}" in line for number, line in enumerate(marks)
    )


def _is_restored(meta: Notebook) -> bool:
    """Say whether grading puts the source's text back into this cell."""
    return bool(meta.get("task") or (meta.get("locked") and not meta.get("solution")))


def name_of(cell: Notebook) -> str:
    """Return the `grade_id` of a cell, or else its first line."""
    first = cell.source.strip().partition("\n")[0]
    return str(_nbgrader(cell).get("grade_id") or repr(first[:60]))


def _nbgrader(cell: Notebook) -> Notebook:
    return cell.metadata.get("nbgrader", {})


def notebook_text(notebook: Notebook) -> str:
    """Return a notebook as the text of its file: always the same for the same content."""
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def refuse_newer_edits(course: Course, week: str, notebook: Notebook) -> None:
    """Raise CourseError if the notebook in source/ is newer than the text and says something else.

    Content is what people write: texts of cells, their kind, their nbgrader options and tags.
    """
    built, text = course.source(week), course.lesson(week)
    if not built.is_file() or built.stat().st_mtime <= text.stat().st_mtime:
        return
    if _content(_read_json(built)) != _content(notebook):
        shown = built.relative_to(course.root)
        raise CourseError(
            f"{shown} was edited after {text.relative_to(course.root)} and differs from it. "
            f"To carry the edit back into the text run: jupytext --sync {shown} "
            f"(to discard it: autograder build {week} --force)"
        )


def refuse_losing_work(course: Course, week: str) -> None:
    """Raise CourseError if somebody worked in the released notebook instead of in a copy of it."""
    path = course.release(week)
    cells = (_read_json(path) or {}).get("cells", []) if path.is_file() else []
    if any(_is_worked_on(cell) for cell in cells):
        shown = path.relative_to(course.root)
        raise CourseError(
            f"{shown} holds somebody's work. Move it to a folder outside release/ "
            f"(to discard it: autograder build {week} --force)"
        )


def _is_worked_on(cell: Any) -> bool:
    """Say whether a released cell was run, or its place for an answer filled."""
    to_answer = cell.get("metadata", {}).get("nbgrader", {}).get("solution")
    answered = to_answer and not PLACE.search("".join(cell["source"]))
    return bool(cell.get("outputs") or cell.get("execution_count") or answered)


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except ValueError:
        return None


def _content(notebook: Any) -> list[tuple[Any, ...]] | None:
    """Return what people write in a notebook; None for a file that is not one."""
    try:
        return [_cell_content(cell) for cell in notebook["cells"]]
    except (TypeError, KeyError, AttributeError):
        return None


def _cell_content(cell: Any) -> tuple[Any, ...]:
    source, meta = cell["source"], cell.get("metadata", {})
    text = source if isinstance(source, str) else "".join(source)
    options = full_options(meta["nbgrader"]) if "nbgrader" in meta else {}
    lines = tuple(line.rstrip() for line in text.strip().splitlines())
    kept = {key: meta[key] for key in (*KEPT.values(), "right", "close") if key in meta}
    return cell["cell_type"], lines, sorted(options.items()), sorted(meta.get("tags", ())), kept
