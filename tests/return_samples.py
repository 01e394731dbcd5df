"""How Moodle and Canvas read what a teacher uploads, rule by rule, and a class whose work came from them."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from export_samples import make_class
from small_class import CHECKS
from tiny_course import WEEK, write

from autograder.course import Course
from autograder.marks.arrivals import Arrival, System, write_arrivals

MOODLE_PLUGINS = ("assignsubmission", "assignfeedback"), ("file", "onlinetext", "comments")
NOTEBOOK, PAGE = f"{WEEK}.ipynb", f"{WEEK}.html"
# student: how the notebook lay in a download of Moodle's 4.1 and later, of older ones, and in flat ones
FROM_MOODLE = {
    "ada": f"Ada Lovelace_1001_assignsubmission_file/{NOTEBOOK}",
    "bob": f"Bob Bell_1002_assignsubmission_file_/sub folder/{NOTEBOOK}",
    "cleo": f"Cléo Klee_1003_assignsubmission_file_{NOTEBOOK}",
    "dan": f"Dan Duck_1004_assignsubmission_file/{NOTEBOOK}",
    "eve": f"Eve Eden_1005_assignsubmission_file/work.zip/{NOTEBOOK}",
}
FROM_CANVAS = {
    "ada": f"lovelaceada_101_9001_{NOTEBOOK}",
    "bob": f"bellbob_LATE_102_9002_{WEEK}-2.ipynb",
    "cleo": "kleecleo_103_9003_work.zip/deep/notes_7.ipynb",
    "dan": f"duckdan_104_9004_{NOTEBOOK}",
    "eve": f"anon_aB3xY_9005_{NOTEBOOK}",
}
CANVAS_FILES = {"9001": "101", "9002": "102", "9003": "103", "9004": "104", "9005": "aB3xY"}
SAMPLES: Mapping[System, Mapping[str, str]] = {"moodle": FROM_MOODLE, "canvas": FROM_CANVAS}


def moodle_takes(name: str, participants: Iterable[str], least: int = 4) -> tuple[str, str] | None:
    """Return to whom Moodle gives a file of an uploaded zip, and under which path; None if it passes over it.

    The rules are those of `mod/assign/feedback/file/importziplib.php`: of all parts of the path, the first
    with at least four pieces between underscores counts, if the second is a participant's number and the next
    two name a plugin. Before 4.1 (`least=5`) there had to be one more. What is left of it and the parts below
    are the path of the feedback file.
    """
    if posixpath.basename(name).startswith((".", "~")):
        return None
    parts = ["", "import", *name.split("/")]
    while parts:
        pieces = parts.pop(0).split("_", 4)
        if len(pieces) < least or not pieces[1].isdigit() or str(int(pieces[1])) not in set(participants):
            continue
        if pieces[2] in MOODLE_PLUGINS[0] and pieces[3] in MOODLE_PLUGINS[1]:
            rest = [*pieces[4:], *parts] if len(pieces) > 4 else ["", *parts]
            return pieces[1], "/".join(rest).lstrip("/")
    return None


def canvas_takes(name: str, files: Mapping[str, str]) -> str | None:
    """Return to whom Canvas gives a file of an uploaded zip, None if it passes over it.

    The rules are those of `infer_comment_context_from_filename`: `files` has the student of each file that
    was handed in, by number. `anon` is followed by who it was; else the first two numbers are student, file.
    """
    base = posixpath.basename(name)
    pieces = [piece for piece in base.split("_") if piece != "LATE"]
    if pieces[0] == "anon":
        student, file = (*pieces[1:3], "", "")[:2]
    else:
        student, file = (*[piece for piece in pieces if re.fullmatch("[0-9]+", piece)][:2], "", "")[:2]
    if re.match("link", pieces[-1]) or base.startswith("._"):
        return None
    return student if file and files.get(file) == student else None


def collected(template: Path, root: Path, system: System) -> Course:
    """Return a copy of a class, whose work came from a system, two attempts of ada's."""
    course = Course(Path(shutil.copytree(template, root)))
    arrivals = [
        Arrival(student, system, place, "digest", attempt=2) for student, place in SAMPLES[system].items()
    ]
    older = Arrival("ada", system, "old_1_2_assignsubmission_file_x.ipynb", "digest", counts=False, kept="k")
    write_arrivals(course, WEEK, [older, *arrivals])
    return course


def make_template(root: Path) -> Path:
    """Make a class in which everybody stands differently, and return its folder."""
    course = make_class(root)
    write(course.hidden(WEEK) / "double.py", CHECKS)
    return course.root
