"""One of several notebooks earns nothing only where nothing that was handed in may be it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from several_samples import WEEK, make_course

from autograder.intake.submission import read_submission
from autograder.model import Submission
from autograder.nbgrader_options import was_not_handed_in
from autograder.spec import load_assignment

# (what is beside p1.ipynb in place of p2.ipynb: a name, and what it holds; what becomes of p2)
ABSENT = [
    (None, "", "earns nothing"),
    ("tables.py", "text", "earns nothing"),
    ("timestamp.txt", "text", "earns nothing"),
    (".DS_Store", "text", "earns nothing"),
    (".ipynb_checkpoints/p1-checkpoint.ipynb", "p1", "earns nothing"),
    ("P2.IPYNB", "p2", "is graded"),
    ("p2.ipynb.txt", "p2", "is graded"),
    ("old/p2.ipynb", "p2", "is graded"),
    ("homework.ipynb", "p2", "is graded"),
    ("work.zip", "zip of p2", "is graded"),
    ("work.zip", "text", "needs a human"),
    ("p2.json", "p2", "needs a human"),
    ("p2.py", "text", "needs a human"),
    ("p2.pdf", "text", "needs a human"),
    ("old/p2.ipynb", "text", "needs a human"),
    ("p2.ipynb", "link", "needs a human"),
]


@pytest.mark.parametrize(("name", "content", "expected"), ABSENT, ids=[f"{c[0]} {c[1]}" for c in ABSENT])
def test_nothing_is_earned_only_where_nothing_may_be_the_notebook(
    tmp_path: Path, name: str | None, content: str, expected: str
) -> None:
    course = make_course(tmp_path)
    folder = course.submitted(WEEK, "ann")
    contents = {place.stem: place.read_bytes() for place in folder.glob("*.ipynb")} | {"text": b"x = 1"}
    (folder / "p2.ipynb").unlink()
    path = folder / (name or "p1.ipynb")
    path.parent.mkdir(exist_ok=True)
    if content == "link":
        path.symlink_to(folder / "p1.ipynb")
    elif content == "zip of p2":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("p2.ipynb", contents["p2"])
    elif name:
        path.write_bytes(contents[content])
    assignment = load_assignment(course, WEEK, "p2")
    submission = read_submission(folder, "ann", "p2", assignment)
    if was_not_handed_in(course, assignment, submission):
        assert expected == "earns nothing"
    else:
        assert expected == ("is graded" if isinstance(submission, Submission) else "needs a human")
