"""The release gate: nothing reaches students that gives an answer away or cannot be graded."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from lesson_data import decode

from autograder.build.figures import figure_problems
from autograder.build.files import CACHES, DATA, shared_files, support_files
from autograder.build.leaks import (
    Passage,
    check_leaks,
    check_secrets,
    leaks,
    secrets_of,
    squeeze,
    told_early,
)
from autograder.build.lesson import PLACE, assignment_problems, name_of
from autograder.build.parts import kept_in
from autograder.build.syllabus import syllabus_marks
from autograder.course import HIDDEN, Course, CourseError, short_name
from autograder.spec import without_magics

Notebook = Any  # nbformat's NotebookNode, which has no types

VISIBLE = "visible.py"  # the checks that students see: some may be copies of hidden ones, on purpose


@dataclass(frozen=True)
class Release:
    """Hold a week as the instructor wrote it, and all files that students would get, by name."""

    week: str
    source: Notebook
    files: Mapping[str, bytes]
    draft: bool = False


def release_gate(course: Course, week: str) -> list[str]:
    """Return what is wrong with `release/<week>/` as it lies there, one sentence each.

    Raises CourseError, naming the command that builds them, if there is no source or release.
    """
    source, folder = course.source(week), course.release(week).parent
    if not source.is_file() or not folder.is_dir():
        raise CourseError(f"There is no release of {week} yet. Run: autograder build {week}")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return list(release_problems(course, Release(week, nbformat.read(source, as_version=4), files)))


def release_problems(course: Course, release: Release) -> Iterator[str]:
    """Yield what is wrong with a release, one sentence each, ending with what mends it."""
    name = f"{release.week}.ipynb"
    yield from _stray_files(course, release, name)
    try:
        notebook = nbformat.v4.reads(_text(release.files[name]))  # unlike nbformat.reads, repairs nothing
        notebook.cells[0].metadata  # noqa: B018 - anything else than a notebook fails here
    except Exception:  # of many kinds, for files that are not notebooks
        yield f"{name} is missing or not a notebook. Run: autograder build {release.week}"
        return
    yield from _leaks(course, release)
    yield from assignment_problems(notebook)
    for cell in notebook.cells:
        yield from (f"the cell {name_of(cell)} {problem}" for problem in _cell_problems(cell))
    yield from _frame_problems(course, release, notebook)
    if not release.draft:
        yield from _marks_problems(course, release, notebook)
    engine = shared_files(course)
    scripts = {n: _text(c) for n, c in release.files.items() if n.endswith(".py") and n not in engine}
    yield from figure_problems(notebook, scripts)
    yield from _import_problems(course, release, notebook)


def _stray_files(course: Course, release: Release, name: str) -> Iterator[str]:
    expected = {name, DATA, *support_files(course, release.week)}
    for path in release.files:
        if path not in expected and not any(cache in path.split("/") for cache in CACHES):
            yield f"{path} does not belong to the lesson. Delete it or put it into course/{release.week}/."


def _leaks(course: Course, release: Release) -> Iterator[str]:
    shared = sorted(shared_files(course))
    passages = [
        p for name, content in release.files.items() for p in _passages(name, content, name in shared)
    ]
    engine = squeeze("".join(_text(release.files.get(name, b"")) for name in shared))
    yield from leaks(passages, secrets_of(release.source), engine)
    yield from told_early(passages, kept_in(release.source))
    passages += _decoded_hints(release)
    for module in sorted(course.hidden(release.week).glob("*.py")):
        if module.read_bytes() in release.files.values():
            yield f"a file of the release is the hidden {module.name}. Delete the copy beside the lesson."
        names, lines, expected = check_secrets(module.read_text(encoding="utf-8"))
        # A visible check may be a copy of a hidden one: instructors choose what to show.
        yield from leaks([passage for passage in passages if not passage.is_given], lines, engine)
        yield from check_leaks(passages, names, expected)


def _decoded_hints(release: Release) -> Iterator[Passage]:
    """Yield what the data of a lesson tells those whose visible checks fail."""
    try:
        hints = dict(json.loads(_text(release.files.get(DATA, b"")))["hints"])
        told = {exercise: decode(encoded) for exercise, encoded in hints.items()}
    except (ValueError, KeyError, TypeError):  # then it is not what the build wrote, and out of date
        return
    for exercise, sentences in told.items():
        yield Passage(f"{DATA} in the hints of {exercise}", "\n".join(_strings(sentences)))


def _passages(name: str, content: bytes, engine: bool) -> Iterator[Passage]:
    """Yield the pieces of a file in which a leak would be seen: cells, functions, or all of it."""
    text = _text(content)
    if name.endswith(".ipynb"):
        yield from _cell_passages(name, text)
    elif name.endswith(".py"):
        pieces = [text] if engine else re.split(r"^(?=\s*(?:def|class)\s)", text, flags=re.MULTILINE)
        given = name == VISIBLE
        yield from (Passage(name, piece, is_engine=engine, is_given=given) for piece in pieces)
    else:
        yield Passage(name, text)


def _cell_passages(name: str, text: str) -> Iterator[Passage]:
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError):
        yield Passage(name, text)
        return
    for cell in cells:
        source = "".join(cell["source"])
        rest = "\n".join(_strings({name: value for name, value in cell.items() if name != "source"}))
        given = cell["cell_type"] == "markdown" or bool(cell["metadata"].get("nbgrader", {}).get("locked"))
        yield Passage(f"{name} in cell {cell.get('id')}", source, is_given=given)
        yield Passage(f"{name} in the metadata or output of cell {cell.get('id')}", rest)


def _strings(value: Any) -> Iterator[str]:
    """Yield all the text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _cell_problems(cell: Notebook) -> Iterator[str]:
    meta = cell.metadata.get("nbgrader", {})
    if cell.get("outputs"):
        yield "holds output. Releases have none: build again."
    if cell.get("execution_count") is not None:
        yield "has been run. Releases have not: build again."
    if meta.get("grade") and cell.metadata.get("deletable", True):
        yield "carries marks but can be deleted. Build again."
    if meta.get("grade") and not meta.get("solution") and not (meta.get("locked") and _is_read_only(cell)):
        yield "carries marks but is not locked. Set locked: true in its nbgrader options."
    if meta.get("solution") and not PLACE.search(cell.source):
        yield "is for students to write but does not say where. Mark the solution with BEGIN SOLUTION."


def _is_read_only(cell: Notebook) -> bool:
    return cell.metadata.get("editable") is False


def _frame_problems(course: Course, release: Release, notebook: Notebook) -> Iterator[str]:
    ids = Counter(cell.get("id") for cell in notebook.cells)
    yield from (f"{n} cells have the id {i}. Build again." for i, n in ids.items() if n > 1 or i is None)
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the notebook names no python3 kernel. Add the kernelspec to the head of the lesson text."
    have, want = _grade_ids(notebook), _grade_ids(release.source)
    if have != want:
        differing = ", ".join(sorted(have ^ want))
        yield f"source and release differ in the cells {differing}. Run: autograder build {release.week}"
    for grade_id in sorted(have):
        exercise = grade_id.removesuffix("_check")
        if exercise not in have:
            yield f"the check cell {grade_id} has no solution cell {exercise}. Name one so."


def _grade_ids(notebook: Notebook) -> set[str]:
    return {g for cell in notebook.cells if (g := cell.metadata.get("nbgrader", {}).get("grade_id"))}


def _marks_problems(course: Course, release: Release, notebook: Notebook) -> Iterator[str]:
    metas = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    have = sum(float(meta.get("points") or 0) for meta in metas if meta.get("grade"))
    week = short_name(release.week)
    want = syllabus_marks(course).get(week)
    look = f"To look at it unfinished: autograder build --draft {week}"
    if want is None:
        row = f"| {week} | Title | {have:g} | planned |"
        yield f"the table in course/README.md has no row for {week}. Add: {row} {look}"
    elif have != want:
        yield (
            f"the marks add up to {have:g}, the table in course/README.md says {want:g}. "
            f"Change one of them. {look}"
        )


def _import_problems(course: Course, release: Release, notebook: Notebook) -> Iterator[str]:
    """Yield imports of the course's own modules that are not in the folder: students have nothing else."""
    code = {f"the cell {c.get('id')}": c.source for c in notebook.cells if c.cell_type == "code"}
    code |= {name: _text(content) for name, content in release.files.items() if name.endswith(".py")}
    for place, source in code.items():
        for module in sorted(_imports(source)):
            if f"{module}.py" not in release.files and _is_ours(course, module):
                yield f"{place} imports {module}, which students do not have. Use the week's own files."


def _imports(source: str) -> set[str]:
    try:
        nodes = list(ast.walk(ast.parse(without_magics(source))))
    except SyntaxError:
        return set()
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def _is_ours(course: Course, module: str) -> bool:
    weeks = (course.root / "course").glob("week*")
    folders = (course.root, course.shared, *(place for week in weeks for place in (week, week / HIDDEN)))
    here = any((folder / f"{module}.py").is_file() or (folder / module).is_dir() for folder in folders)
    return here or module == "autograder"  # which instructors may have installed


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")
