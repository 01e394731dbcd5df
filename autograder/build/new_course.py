"""Write the folder of a new course: the engine of lessons, and one small week that builds and grades."""

from __future__ import annotations

import shutil
from pathlib import Path
from string import Template

from autograder.build.new import write_week
from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.starter import prefer_engine_of, starter

WEEK = "week01_example"
MARKS = 3  # of the example
TEMPLATE = Path(__file__).with_name("course_template")
TEXTS = {
    "README.md": "README.md.txt",
    ".gitignore": "gitignore.txt",
    "course/README.md": "course_README.md.txt",
    "course/glossary.md": "course_glossary.md.txt",
}
MORE = f"course/{WEEK}/hidden/running_mean_more.py"  # so that the example obeys every law of `verify`
ENGINE = ("nbgrader_config.py", "jupytext.toml", "utils.py")
NEXT = """Wrote a course into {folder}, with the example {week}. Go on there:

  cd {folder}
  autograder build              make the notebooks; students get release/
  autograder verify             prove the checks of the example
  autograder new week02_topic   write a week of your own

Its README.md says what lies where."""


def write_course(folder: Path) -> str:
    """Write a course into a new or empty folder and return what to do next.

    Raises CourseError, before anything is written, if something lies there, or it lies in another course.
    """
    _refuse(folder)
    origin = starter()
    for name in ENGINE:
        write_atomically(folder / name, (origin / name).read_bytes())
    skip = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(origin / "course" / "shared", folder / "course" / "shared", ignore=skip)
    for target, name in TEXTS.items():
        text = Template((TEMPLATE / name).read_text(encoding="utf-8"))
        filled = text.substitute(title=folder.resolve().name, marks=MARKS)
        write_atomically(folder / target, filled.encode())
    prefer_engine_of(folder.resolve())
    write_week(Course(folder.resolve()), WEEK)
    write_atomically(folder / MORE, (TEMPLATE / "running_mean_more.py.txt").read_bytes())
    return NEXT.format(folder=folder, week=WEEK)


def _refuse(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is there already and is not empty. Name a new folder.")
    above = next((path for path in folder.resolve().parents if (path / "nbgrader_config.py").is_file()), None)
    if above is not None:
        raise CourseError(f"{folder} would lie inside the course {above}. Name a folder outside it.")
