"""Read any course of nbgrader's: its settings, and its assignments as its own preprocessors make them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_notebook
from nbgrader import preprocessors as stock
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3
from traitlets import TraitError
from traitlets.config import Config, JSONFileConfigLoader, PyFileConfigLoader
from traitlets.config.loader import KeyValueConfigLoader

from autograder.build.restore import frame_cell
from autograder.course import Course, CourseError, Layout
from autograder.importing import importable
from autograder.intake.given import read_given
from autograder.intake.others import signs
from autograder.settings_files import settings_elsewhere, settings_of
from autograder.spec import Assignment, SpecCell, spec_cell

Notebook = Any  # nbformat's NotebookNode, which has no types

AUTOTEST = "AUTOTEST"
BEFORE = (stock.IncludeHeaderFooter, stock.LockCells)
RELEASE = (stock.ClearSolutions, stock.ClearHiddenTests, stock.ClearMarkScheme)


def read_config(folder: Path, traits: Sequence[str] = ()) -> Config:
    """Return nbgrader's settings for the course in a folder, changed by `traits`.

    As nbgrader does, it reads those of the user and the machine first: what the course says wins.
    Raises CourseError if a file cannot be run or a trait cannot be read.
    """
    config = Config()
    for path in (*settings_elsewhere(), *settings_of(folder)):
        config.merge(_settings_in(path, folder))
    try:
        config.merge(KeyValueConfigLoader(list(traits)).load_config() if traits else Config())
    except (Exception, SystemExit) as error:
        raise CourseError(
            f"{' '.join(traits)} cannot be read: write --Class.trait=value. ({error})"
        ) from None
    return config


def _settings_in(path: Path, folder: Path) -> Config:
    kind = JSONFileConfigLoader if path.suffix == ".json" else PyFileConfigLoader
    try:
        with importable(folder):  # it may import what lies in the course's folder
            return kind(path.name, path=str(path.parent)).load_config()
    except (Exception, SystemExit) as error:  # the file is Python: anything can go wrong in it
        raise CourseError(f"{path} cannot be read: {error!r}. Mend it; nbgrader reads it, too.") from error


def course_config(course: Course) -> Config:
    """Return nbgrader's settings for a course."""
    return read_config(course.layout.settings or course.root, course.layout.traits)


def read_layout(folder: Path, traits: tuple[str, ...], own: bool) -> tuple[Path, Layout]:
    """Return the root of the course whose settings are in `folder`, and the names of its folders."""
    config = read_config(folder, traits)
    try:
        found = CourseDirectory(config=config)
        root = Path(found.root) if "root" in config.CourseDirectory else folder
        database = found.db_url if "db_url" in config.CourseDirectory else ""
    except TraitError as error:
        raise CourseError(
            f"A setting of CourseDirectory is wrong: {error}. Mend nbgrader_config.py."
        ) from None
    layout = Layout(
        course_id=found.course_id or "default_course",
        source=found.source_directory,
        release=found.release_directory,
        submitted=found.submitted_directory,
        autograded=found.autograded_directory,
        feedback=found.feedback_directory,
        structure=found.directory_structure,
        database=database,
        ignore=tuple(found.ignore),
        settings=folder,
        traits=traits,
        own=own,
    )
    return root, layout


def load_foreign_assignment(course: Course, week: str, notebook: str) -> Assignment:
    """Read one notebook of an assignment from the instructor's version, as nbgrader releases it.

    Raises CourseError if it is missing, not for Python, or its regions are not closed.
    """
    path = course.source(week, notebook)
    config = course_config(course)
    try:
        given = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist. To see what there is: ls {path.parent.parent}") from None
    except Exception as error:  # whatever nbformat raises for a file that is no notebook
        raise CourseError(f"{path} is not a notebook ({error!r}). Restore it from your copies.") from error
    _refuse_other_languages(given, path)
    try:
        with contextlib.chdir(course.root):  # where headers, footers and autotests.yml are looked for
            source, released = as_released(given, config, path.parent)
    except (RuntimeError, ValueError, OSError) as error:
        text = str(error).rstrip(".")
        raise CourseError(f"{path}: {text}. Mend it, and try: nbgrader generate_assignment {week}") from None
    cells = tuple(map(_cell, source.cells, released.cells))
    ids = [cell.grade_id for cell in cells if cell.grade_id]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise CourseError(f"{path} has several cells called {', '.join(twice)}. Give each a name of its own.")
    files = support_files(path.parent, course.layout.ignore)
    open_to_students = set(config.Autograde.get("exclude_overwriting", {}).get(week, ()))
    editable = {name: files.pop(name) for name in open_to_students & files.keys()}
    others = {name: signs(course.source(week, name)) for name in course.notebooks(week) if name != notebook}
    given_out = read_given(course.release(week, notebook))
    return Assignment(
        week, cells, files, notebook, own=False, editable=editable, others=others, given=given_out
    )


def as_released(given: Notebook, config: Config, folder: Path) -> tuple[Notebook, Notebook]:
    """Return an instructor's notebook with its tests spelt out, and the same as students get it."""
    config = config.copy()
    # A cell without its mark in the metadata is no reason not to grade: nbgrader checks that at release.
    for step in RELEASE:
        config[step.__name__].setdefault("enforce_metadata", False)
    notebook = MetadataValidatorV3().upgrade_notebook_metadata(given)
    steps = (*BEFORE, stock.InstantiateTests) if _has_autotests(notebook) else BEFORE
    resources = {"metadata": {"path": str(folder)}, "nbgrader": {}}
    source = _through(steps, notebook, config, resources)
    return source, _through(RELEASE, source, config, resources)


def _through(steps: Sequence[Any], notebook: Notebook, config: Config, resources: Any) -> Notebook:
    notebook = deepcopy(notebook)
    for step in steps:
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def _has_autotests(notebook: Notebook) -> bool:
    return any(cell.cell_type == "code" and AUTOTEST in cell.source for cell in notebook.cells)


def _refuse_other_languages(notebook: Notebook, path: Path) -> None:
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python"
    if language.lower() != "python" and "python" not in kernel.get("name", ""):
        raise CourseError(f"{path} is written in {language}; only Python is graded. Use: nbgrader autograde")


def _cell(source: Notebook, released: Notebook) -> SpecCell:
    """Return what a cell asks, with plain dicts inside, which travel to other processes and machines."""
    cell = spec_cell(json.loads(json.dumps(source)), released.source)
    return replace(cell, is_test=cell.kind == "check")


def support_files(folder: Path, ignore: Sequence[str]) -> dict[str, bytes]:
    """Return the files that students get with the notebooks, by their path in the folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        skipped = any(fnmatch(part, pattern) for part in parts for pattern in ignore)
        if path.is_file() and path.suffix != ".ipynb" and not skipped:
            found["/".join(parts)] = path.read_bytes()
    return found


def frame_of(assignment: Assignment, kernel: dict[str, str]) -> Notebook:
    """Return the notebook as nbgrader's gradebook has it: with tests, without solutions, and checksums."""
    cells = [frame_cell(cell, _unsolved(cell), number) for number, cell in enumerate(assignment.cells)]
    return _through(
        (stock.ComputeChecksums,),
        new_notebook(cells=cells, metadata={"kernelspec": kernel}),
        Config(),
        {"nbgrader": {}},
    )


def _unsolved(cell: SpecCell) -> str:
    return cell.released_source if cell.kind in ("solution", "written") else cell.source
