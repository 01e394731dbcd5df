"""A class of which nothing has changed is not looked at again; whatever changes, it is."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from small_class import WEEK, grade, make_class
from tiny_course import write

from autograder.course import Course, Layout
from autograder.marks.count import Standing
from autograder.model import Limits
from autograder.options import Options
from autograder.record.database import open_gradebook
from autograder.standing import class_standings
from autograder.unchanged import bytes_read, remember, standings_after, unchanged_class

pytestmark = [pytest.mark.sandbox, pytest.mark.alone]
NOTEBOOK = f"{WEEK}.ipynb"
STUDENTS = ("student00", "student01", "student02")
PLUGIN = """from nbgrader.plugins import LateSubmissionPlugin

class Own(LateSubmissionPlugin):
    pass
"""


@pytest.fixture(scope="module")
def ungraded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of 3 that nobody has graded."""
    root = tmp_path_factory.mktemp("unchanged") / "course"
    root.mkdir()
    return make_class(root, 3)


@pytest.fixture(scope="module")
def graded(ungraded: Course) -> Course:
    """The same, graded."""
    code, said = grade(ungraded)
    assert code == 0, said
    return ungraded


@pytest.fixture
def copy(graded: Course, tmp_path: Path) -> Course:
    """A copy of the graded class that a test may change. The folder is another: that is a change, too."""
    made = Course(Path(shutil.copytree(graded.root, tmp_path / "course")))
    assert unchanged_class(made, WEEK, Options()) is None
    return made


@pytest.fixture
def course(copy: Course) -> Course:
    """The same, as a run of the whole class leaves it."""
    remember(copy, WEEK, STUDENTS, state_before(copy), standings(copy))
    assert unchanged_class(copy, WEEK, Options()) is not None
    return copy


def state_before(course: Course) -> str:
    """Return a hash of what a run of the whole class reads."""
    return bytes_read(course, WEEK, STUDENTS, Limits())


def standings(course: Course) -> dict[str, Standing]:
    """Return how everybody stands at the end of a run."""
    return class_standings(course, WEEK)[0]


def was_looked_at(course: Course, *arguments: str) -> bool:
    """Grade the class; return whether each submission was read, which the log tells."""
    log = course.root / "logs" / f"grade-{WEEK}.jsonl"
    before = log.read_text().count('"start"')
    code, said = grade(course, *arguments)
    assert code == 0, said
    return log.read_text().count('"start"') > before


def records(said: str) -> list[dict[str, Any]]:
    """Return what `--json` printed, without what the terminal showed before it."""
    return list(json.loads(said[said.index("[") :]))


def append(path: Path, text: str) -> None:
    """Add text to a file."""
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def mark_by_hand(course: Course) -> None:
    """Change the marks in the gradebook."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as db, db:
        db.execute("UPDATE grade SET manual_score = 0.5")


def answer_otherwise(course: Course) -> None:
    """Hand in a notebook with one more line."""
    path = course.submitted(WEEK, "student00") / NOTEBOOK
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] += "\n "
    path.write_text(json.dumps(notebook), encoding="utf-8")


def hand_in_too_much(course: Course) -> None:
    """Hand in more than anybody would read: files that say they are large and take no space."""
    for number in range(40):
        with (course.submitted(WEEK, "student01") / f"large{number}").open("wb") as file:
            file.truncate(100 << 30)


def hand_in_a_pipe(course: Course) -> None:
    """Hand in something that would never end if it were read."""
    os.mkfifo(course.submitted(WEEK, "student01") / "notes")


CHANGES: dict[str, Callable[[Course], object]] = {
    "a submission": answer_otherwise,
    "a file beside it": lambda c: write(c.submitted(WEEK, "student00") / "data.csv", "1,2"),
    "a pipe beside it": hand_in_a_pipe,
    "more than can be read": hand_in_too_much,
    "the time of hand-in": lambda c: write(c.submitted(WEEK, "student00") / "timestamp.txt", "2026-03-02"),
    "an empty folder of a new student": lambda c: c.submitted(WEEK, "zoe").mkdir(parents=True),
    "a name that nobody can have": lambda c: c.submitted(WEEK, "a\nb").mkdir(parents=True),
    "a student less": lambda c: shutil.rmtree(c.submitted(WEEK, "student02")),
    "the source notebook": lambda c: append(c.source(WEEK), "\n"),
    "the released notebook": lambda c: append(c.release(WEEK), "\n"),
    "a file given to students": lambda c: append(c.source(WEEK).parent / "utils.py", "# more\n"),
    "a check": lambda c: append(c.hidden(WEEK) / "all.py", "# more\n"),
    "the configuration": lambda c: append(c.root / "nbgrader_config.py", "# more\n"),
    "an extension": lambda c: write(c.root / "extensions.csv", "student,week,until,hours\nstudent00,*,,48\n"),
    "a mark in the gradebook": mark_by_hand,
    "no gradebook": lambda c: (c.root / "gradebook.db").unlink(),
    "a graded notebook less": lambda c: (c.autograded(WEEK, "student00") / NOTEBOOK).unlink(),
    "a stored result less": lambda c: (c.autograded(WEEK, "student00") / ".grade.json").unlink(),
    "a damaged result": lambda c: write(c.autograded(WEEK, "student00") / ".grade.json", "{"),
    "a change that is being made": lambda c: write(c.root / "gradebook.db-journal", "…"),
    "no trace of the last run": lambda c: shutil.rmtree(c.root / "logs"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_each_submission_is_looked_at(course: Course, change: str) -> None:
    CHANGES[change](course)
    assert unchanged_class(course, WEEK, Options()) is None


ASKED = {
    "to grade again": Options(force=True),
    "one student": Options(students=("student00",)),
    "one notebook": Options(notebooks=("*",)),
    "another limit": Options(limits=Limits(cell_seconds=7)),
}
PLACES = {
    "a setting of nbgrader's": Layout(traits=("--Autograde.create_student=True",)),
    "another gradebook": Layout(database="sqlite:////nowhere/gradebook.db"),
    "a gradebook on a server": Layout(database="postgresql+psycopg://nobody@nowhere/grades"),
    "a gradebook with options": Layout(database="sqlite:///gradebook.db?mode=ro"),
}


@pytest.mark.parametrize("options", ASKED.values(), ids=ASKED)
def test_what_is_asked_for_is_done(course: Course, options: Options) -> None:
    assert unchanged_class(course, WEEK, options) is None


@pytest.mark.parametrize("layout", PLACES.values(), ids=PLACES)
def test_where_only_a_run_can_tell_there_is_one(course: Course, layout: Layout) -> None:
    assert unchanged_class(Course(course.root, layout), WEEK, Options()) is None


def test_what_changes_while_the_class_is_graded_is_looked_at_the_next_time(copy: Course) -> None:
    read = state_before(copy)
    answer_otherwise(copy)
    remember(copy, WEEK, STUDENTS, read, standings(copy))
    assert unchanged_class(copy, WEEK, Options()) is None


def test_what_is_too_large_to_read_is_compared_by_size_and_time(copy: Course) -> None:
    hand_in_too_much(copy)
    remember(copy, WEEK, STUDENTS, state_before(copy), standings(copy))
    assert unchanged_class(copy, WEEK, Options()) is not None
    os.utime(copy.submitted(WEEK, "student01") / "large7")
    assert unchanged_class(copy, WEEK, Options()) is None


def test_who_hands_in_while_the_class_is_graded_is_graded_the_next_time(copy: Course) -> None:
    read = state_before(copy)
    copy.submitted(WEEK, "zoe").mkdir(parents=True)
    remember(copy, WEEK, STUDENTS, read, standings(copy))
    assert unchanged_class(copy, WEEK, Options()) is None


def test_nothing_is_kept_without_a_result_that_can_be_shown(copy: Course) -> None:
    read = state_before(copy)
    write(copy.autograded(WEEK, "student02") / ".grade.json", "{")
    remember(copy, WEEK, STUDENTS, read, standings(copy))
    assert unchanged_class(copy, WEEK, Options()) is None


def test_nothing_is_kept_while_somebody_changes_the_gradebook(course: Course) -> None:
    read, found = state_before(course), standings(course)
    shutil.rmtree(course.root / "logs")
    write(course.root / "gradebook.db-journal", "…")
    remember(course, WEEK, STUDENTS, read, found)
    (course.root / "gradebook.db-journal").unlink()
    assert unchanged_class(course, WEEK, Options()) is None


def test_a_second_run_shows_the_same_without_looking(copy: Course) -> None:
    assert was_looked_at(copy)
    assert not was_looked_at(copy)
    looked_at, skipped = (grade(copy, "--json", *more)[1] for more in (("--student", "*"), ()))
    assert records(skipped) == records(looked_at)
    assert [record["fresh"] for record in records(skipped)] == [False] * 3
    assert "Nothing was written" in grade(copy, "--dry-run")[1]


def test_what_is_kept_of_the_marks_is_told_as_long_as_the_gradebook_is_the_same(course: Course) -> None:
    kept, found = standings_after(course, WEEK, STUDENTS), standings(course)
    assert {student: kept[student].marks for student in STUDENTS} == {
        student: found[student].marks for student in STUDENTS
    }
    with open_gradebook(course.gradebook_url) as gradebook:
        row = gradebook.find_grade("written_why", WEEK, WEEK, "student02")
        row.manual_score, row.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    now = standings_after(course, WEEK, STUDENTS)
    before, after = kept["student02"].marks, now["student02"].marks
    assert before is not None
    assert after is not None
    assert (after.earned - before.earned, after.answers) == (2.0, 0)
    assert before.answers == 1


def test_a_late_plugin_of_the_instructors_is_asked_each_time(copy: Course) -> None:
    write(copy.root / "own_rules.py", PLUGIN)
    append(copy.root / "nbgrader_config.py", '\nc.AssignLatePenalties.plugin_class = "own_rules.Own"\n')
    assert was_looked_at(copy)
    assert was_looked_at(copy)


PROGRAM = """
import sys
from autograder.cli import main
sys.argv[1:] = ["grade", sys.argv[1]]
try:
    main()
finally:
    print(sorted({"nbgrader", "sqlalchemy", "nbformat", "torch", "numpy"} & set(sys.modules)))
"""


def test_no_library_is_loaded_that_takes_long(course: Course) -> None:
    command = [sys.executable, "-c", PROGRAM, WEEK]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "0 graded, 3 unchanged" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
