"""Write the zip that Gradescope makes an autograder of: the program, one week, and two scripts."""

from __future__ import annotations

import ast
import json
import secrets
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions, version
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement

from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.hosts.gradescope_results import not_graded
from autograder.hosts.gradescope_run import SETTINGS
from autograder.model import Limits
from autograder.settings_files import settings_of
from autograder.spec import load_assignment
from autograder.zips import zipped

PACKAGE = Path(__file__).parents[1]
SCRIPTS = Path(__file__).parent / "gradescope_files"
NAME = "trainwell"
EXTRAS = ("", "grade", "student", "search")  # what grading and the lessons need
SKIPPED = ("__pycache__", ".ipynb_checkpoints")


def write_zip(
    course: Course, week: str, path: Path | None, limits: Limits, no_sandbox: bool = False
) -> tuple[Path, float]:
    """Write the zip of a week (default: into `bundles/`); return where it is, and the marks to be had there.

    Raises CourseError if the week cannot be graded, or its files lie where a copy would not find them.
    """
    marks = sum(
        cell.marks
        for name in course.notebooks(week)
        for cell in load_assignment(course, week, name).graded
        if not cell.manual
    )
    settings = {
        "week": week,
        "limits": {name: asdict(limits)[name] for name in ("cell_seconds", "total_seconds")},
        "secret": secrets.token_hex(16),
        "no_sandbox": no_sandbox,
    }
    files: dict[str, bytes] = {f"course/{name}": data for name, data in course_files(course, week)}
    files |= {f"packages/{name}": data for name, data in program_files()}
    files |= {name: text.encode() for name, text in requirement_files().items()}
    files[SETTINGS] = json.dumps(settings, indent=1).encode()
    files["not_graded.json"] = json.dumps(not_graded(), indent=1).encode()
    files |= {name: (SCRIPTS / f"{name}.txt").read_bytes() for name in ("setup.sh", "run_autograder")}
    path = path or course.root / "bundles" / f"gradescope-{week}.zip".replace(" ", "-")
    write_atomically(path, zipped(files, runnable=("setup.sh", "run_autograder")))
    return path, marks


def course_files(course: Course, week: str) -> Iterator[tuple[str, bytes]]:
    """Yield what grading a week reads: its notebooks and the files beside them, hidden checks, settings."""
    source = course.source(week).parent
    settings = course.layout.settings or course.root
    single = [*settings_of(settings), *settings.glob("*.py")]
    if not course.layout.own:
        single += [
            path for path in (*source.parent.iterdir(), course.root / "autotests.yml") if path.is_file()
        ]
    folders = (source, course.release(week).parent, course.hidden(week))
    inside = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in dict.fromkeys((*single, *inside)):
        if not path.is_relative_to(course.root):
            raise CourseError(
                f"{path} lies outside the course's folder {course.root}, so no copy of that would be graded. "
                "Copy it in, and write its place into nbgrader_config.py relative to that folder."
            )
        if not set(SKIPPED) & set(path.parts) and path.suffix != ".pyc":
            yield path.relative_to(course.root).as_posix(), path.read_bytes()


def program_files() -> Iterator[tuple[str, bytes]]:
    """Yield the files of this program, and of the lessons' modules that it uses."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and not set(SKIPPED) & set(path.parts):
            yield path.relative_to(PACKAGE.parent).as_posix(), path.read_bytes()
    for path in lesson_modules():
        yield path.name, path.read_bytes()
    about = _installed()
    yield f"{NAME}-{about.version}.dist-info/METADATA", (about.read_text("METADATA") or "").encode()


def lesson_modules() -> list[Path]:
    """Return the files of the lessons' modules that this program imports, and of those that they import."""
    found = find_spec("checking")
    if found is None or found.origin is None:
        raise CourseError("The module checking is not installed. Install the program again: pip install -e .")
    folder, files = Path(found.origin).parent, dict[str, Path]()
    waiting = [name for path in PACKAGE.rglob("*.py") for name in _imported(path)]
    while waiting:
        path = folder / f"{(name := waiting.pop())}.py"
        if name not in files and path.is_file():
            files[name] = path
            waiting += _imported(path)
    return [files[name] for name in sorted(files)]


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def requirement_files() -> Mapping[str, str]:
    """Return what is to be installed there: the libraries of this program, in the versions of this machine.

    The same versions give the same marks. What the libraries need themselves, pip chooses there.
    """
    lines = [Requirement(line) for line in _installed().requires or ()]
    wanted = {
        one.name
        for one in lines
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in EXTRAS)
    }
    pinned = sorted(f"{name}=={version(name).partition('+')[0]}" for name in wanted if _is_here(name))
    return {
        "requirements.txt": "\n".join(pinned) + "\n",
        "python.txt": f"python{sys.version_info.major}.{sys.version_info.minor}\n",
    }


def _is_here(name: str) -> bool:
    return any(True for _ in distributions(name=name))


def _installed() -> Distribution:
    try:
        return distribution(NAME)
    except PackageNotFoundError:
        raise CourseError(f"{NAME} is not installed here. Run: pip install -e .") from None
