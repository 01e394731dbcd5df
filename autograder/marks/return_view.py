"""What `autograder return` shows in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager

from rich.console import Console

from autograder.marks.arrivals import SHOWN
from autograder.marks.returning import FOLDER, Return

NEXT = {
    "moodle": "In Moodle: the assignment, Submissions (or View all submissions), and in the menu Actions (or "
    "Grading action): Upload multiple feedback files in a zip. The assignment must have the feedback type "
    "«Feedback files».",
    "canvas": "In Canvas: Gradebook, the menu in the head of the assignment's column, Re-Upload Submissions. "
    "It is there once the submissions were downloaded. Canvas shows each page under the name of a student's "
    "own file, so it is a notebook, or a zip where a zip was handed in.",
    FOLDER: "Each student has a folder; index.csv lists name, e-mail address, page and score for a mail "
    "merge.",
}
ELSEWHERE = {
    "moodle": "came from Moodle: --to moodle",
    "canvas": "came from Canvas: --to canvas",
    "gradescope": "came from Gradescope: --to folder",
    "folder": "came from a folder: --to folder",
    "git": "came from a git repository: --to folder",
    "nbgrader": "lay in submitted/ already: --to folder, or nbgrader release_feedback",
    "": "was not collected with autograder collect: --to folder, or nbgrader release_feedback",
}


def working() -> AbstractContextManager[object]:
    """Say on standard error that pages are being written, as long as it takes."""
    return Console(stderr=True).status("Writing the pages with the marks of now …")


def show_return(done: Return) -> None:
    """Print what was written, who is not in it and why, and where to click next."""
    console = Console()
    if done.pages:
        state = "" if done.written else ", as it was before"
        lines = [f"{done.path}: the pages of {_students(len(done.students))}{state}"]
    else:
        lines = [f"Nothing to give back to {SHOWN[done.target]} yet: {done.path} was not written."]
    if done.unfinished:
        lines.append(f"{len(done.unfinished)} of these still wait for a person, and the pages say so.")
    lines += _reasons("left out", done.left_out)
    lines += _reasons(
        "not from there",
        {name: ELSEWHERE.get(system, ELSEWHERE[""]) for name, system in done.elsewhere.items()},
    )
    lines += ["", NEXT[done.target]] if done.pages else []
    for line in lines:
        console.print(line, highlight=False, markup=False)


def _students(count: int) -> str:
    return "1 student" if count == 1 else f"{count} students"


def _reasons(title: str, reasons: Mapping[str, str]) -> list[str]:
    head = ["", f"{_students(len(reasons))} {title}:"] if reasons else []
    return head + [f"  {name}: {reason}" for name, reason in reasons.items()]
