"""Pack what a student needs for a week into one zip: notebook, files, requirements, and how to start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

import nbformat

from autograder.build.bundle_requirements import requirements_text
from autograder.build.files import CACHES, DATA, support_files
from autograder.build.make import build_weeks
from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.intake.files import Refused, list_submission
from autograder.zips import zipped

README = Path(__file__).with_name("bundle_README.txt")
MAX_FILE = 1 << 30
OTHERS = ("jupyterlab", "ipykernel")  # a place to work in
OWN = (*OTHERS, "nbimporter", "scipy")  # what a week imports is installed for all of them
OWN_TROUBLE = """The first cell says which file or library is missing. To look closer: `python doctor.py` here
(with the `python` of `.venv`): each line says "ok", or what to do.
"""
OTHER_TROUBLE = """Does an error name a module? If it is a file, it belongs beside the notebook; if it is a
library, install it with pip.
"""
LICENCE = """
Lessons are under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), code is under the BSD 3-Clause
licence: The Trainwell authors."""


def write_bundle(course: Course, week: str, output: Path | None = None) -> Path:
    """Write the zip of a week (default: `bundles/WEEK.zip`) and return its path.

    Raises CourseError if the release is missing, or is not what building the week would make.
    """
    files = released_files(course, week)
    files["requirements.txt"] = requirements_text(files, OWN if course.layout.own else OTHERS).encode()
    files["README.md"] = readme(course, week, files).encode()
    path = output or course.root / "bundles" / f"{week}.zip"
    write_atomically(path, zipped({f"{week}/{name}": content for name, content in files.items()}))
    return path


def released_files(course: Course, week: str) -> dict[str, bytes]:
    """Return the files that students of a week get, by name. In a course of ours the gate has seen them."""
    folder = course.release(week).parent
    command = "autograder build" if course.layout.own else "nbgrader generate_assignment"
    build = f"{command} {course.typed(week)}"
    if not folder.is_dir():
        raise CourseError(f"{folder} is not there: {week} has not been released. Run: {build}")
    if course.layout.own:
        (result,) = build_weeks(course, [week], check=True)
        if result.problems:
            raise CourseError(f"{week} cannot be bundled: {result.problems[0]}")
        names = [f"{week}.ipynb", DATA, *support_files(course, week)]
        return {name: (folder / name).read_bytes() for name in names}
    try:
        entries = list_submission(folder).entries
        return {
            entry.name: entry.read(MAX_FILE)
            for entry in entries
            if not set(CACHES) & {*entry.name.split("/")}
        }
    except Refused as error:
        raise CourseError(f"{folder} cannot be bundled: {error} Run: {build}") from None


def readme(course: Course, week: str, files: Mapping[str, bytes]) -> str:
    """Return the page that says how to start, and how to hand in."""
    notebooks = sorted(name for name in files if name.endswith(".ipynb") and "/" not in name)
    own = course.layout.own
    text = Template(README.read_text(encoding="utf-8")).substitute(
        title=_title(files[notebooks[0]], week) if notebooks else week,
        notebook="`, `".join(notebooks),
        trouble=OWN_TROUBLE if own else OTHER_TROUBLE,
        licence=LICENCE if own else "",
    )
    return text.rstrip() + "\n"


def _title(notebook: bytes, week: str) -> str:
    """Return the first heading of a notebook."""
    cells = nbformat.reads(notebook.decode(), as_version=4).cells
    lines = (line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next((line.lstrip("# ") for line in lines if line.startswith("# ")), week)
