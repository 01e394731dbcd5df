"""Write the folder of a new week: a small lesson that builds, verifies and grades, to be changed."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from autograder.build.syllabus import add_row, syllabus_marks
from autograder.course import WEEK, Course, CourseError, short_name
from autograder.files import write_atomically

PLANNED = 12  # marks of a week for which the table of weeks has no row yet: most weeks have as many
TEMPLATE = Path(__file__).with_name("template")
NEXT = """Wrote course/{week}: a lesson with one exercise, two questions, one prediction and one widget,
its cards and its hidden checks. Look at it:

  autograder build --draft {short}     make the notebooks; without --draft the marks must be the syllabus's
  autograder verify {short}            prove the checks; of a draft it lists what is still to be written
  autograder grade {short}             grade what lies in submitted/

Then change it: docs/writing-a-lesson.md and docs/writing-a-check.md. Its new words go into
course/glossary.md. When it is finished, link it in the row of {short} in course/README.md."""


def write_week(course: Course, name: str) -> str:
    """Write `course/<name>/` and return what to do next.

    A week that the table of weeks in course/README.md does not know gets a row there, with 12 marks.
    Raises CourseError, before anything is written, if the name is no week's, its number is taken, or there
    is no table.
    """
    if not WEEK.fullmatch(name) or name != name.lower():
        raise CourseError(f"{name} is no name for a week. Write two digits and a topic: week11_clipping")
    short, topic = short_name(name), name.split("_", 1)[1]
    _refuse_taken(course, name)
    if short not in syllabus_marks(course):
        add_row(course, f"| {short} | {title_of(topic)} | {PLANNED} | planned |")
    values = {"number": str(int(short[4:])), "title": title_of(topic), "topic": topic, "short": short}
    for path in sorted(TEMPLATE.rglob("*.txt")):
        target = course.lesson(name).parent / _target(path.relative_to(TEMPLATE).as_posix(), name, topic)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, Template(path.read_text(encoding="utf-8")).substitute(values).encode())
    return NEXT.format(week=name, short=short)


def _refuse_taken(course: Course, name: str) -> None:
    folders = [course.lesson(week).parent for week in course.weeks() if short_name(week) == short_name(name)]
    folder = next((path for path in [*folders, course.lesson(name).parent] if path.exists()), None)
    if folder is not None:
        shown = folder.relative_to(course.root)
        raise CourseError(f"{shown} is there already. Take another number, or remove that folder.")


def title_of(topic: str) -> str:
    """Return `Loss curves` for `loss_curves`."""
    return re.sub(r"_+", " ", topic).strip().capitalize()


def _target(path: str, week: str, topic: str) -> str:
    renamed = {"lesson.md.txt": f"{week}.md", "widgets.py.txt": f"{topic}_widgets.py"}
    return renamed.get(path, path.removesuffix(".txt"))
