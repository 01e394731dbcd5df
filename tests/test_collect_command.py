"""The command as an instructor meets it: the table, what is written, and grading what came in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import small_class
from collect_samples import WEEK, make_course, moodle, notebook, tree, write_folder, write_zip
from test_collect_attempts import collect
from typer.testing import CliRunner

from autograder.answers import fill_in, reference_answers, released_notebook
from autograder.cli import app
from autograder.course import Course
from autograder.files import held
from autograder.marks.arrivals import read_arrivals
from autograder.record.database import open_gradebook
from autograder.spec import load_assignment

NB = f"{WEEK}.ipynb"
TABLE = """submission_1:
  :submitters:
  - :name: Ada Lovelace
    :email: ada@uni.edu
  :created_at: 2026-03-02 13:00:00 Z
submission_2:
  :submitters:
  - :name: Bo Bar
    :email: bo@uni.edu
  :created_at: 2026-03-02 11:00:00 Z
"""


def run(course: Course, *arguments: object, week: str = WEEK):
    command = ["collect", week, *map(str, arguments), "--course", str(course.root)]
    return CliRunner().invoke(app, command, env={"COLUMNS": "80"})


def class_list(path: Path) -> Path:
    path.write_text(
        "student_id,First name,Last name\nada,Ada,Lovelace\nbo,Bo,Bar\nzed,Zed,Zeh\n", encoding="utf-8"
    )
    return path


def test_a_dry_run_shows_everything_and_writes_nothing(tmp_path):
    course, roster = make_course(tmp_path / "course"), class_list(tmp_path / "class.csv")
    archive = write_zip(tmp_path / "x.zip", {
        moodle("Ada Lovelace", 1, "Week 3 final.ipynb"): notebook(), moodle("Ada Lovelace", 1, "d.csv"): "1",
        moodle("Bo Q. Bar", 2): notebook(), moodle("Eve Nobody", 3): notebook(), f"../{NB}": notebook(),
        "strange.txt": "1", "__MACOSX/._x": "",
    })  # fmt: skip
    before = tree(course.root)
    done = run(course, archive, "--roster", roster, "--dry-run")
    assert tree(course.root) == before
    assert done.exit_code == 3
    assert max(map(len, done.stdout.splitlines())) <= 80
    text = " ".join(done.stdout.split())
    for words in (
        "│ ada │ Ada Lovelace: Week 3 final.ipynb +1 │ 1 │",
        "│ bo │ Bo Q. Bar │ 1; another name │",
        "1 not collected: Eve Nobody, participant 3: is not in the class list",
        f"../{NB}: has a path that leads elsewhere",
        "strange.txt: is named like no submission",
        "2 of 3 handed in; not here: zed (Zed Zeh).",
        "Nothing was written.",
    ):
        assert words in text


def test_the_command_says_what_comes_next(tmp_path):
    course, roster = make_course(tmp_path / "course"), class_list(tmp_path / "class.csv")
    archive = write_zip(
        tmp_path / "x.zip", {moodle("Ada Lovelace", 1): notebook(), moodle("Bo Bar", 2): "<p>"}
    )
    done = run(course, archive, "--roster", roster)
    assert done.exit_code == 0
    assert "2 of 3 handed in; missing: zed (Zed Zeh)." in done.stdout
    assert f"Next: autograder grade {WEEK}" in done.stdout
    again = run(course, archive, "--roster", roster)
    assert (again.exit_code, "2 are here already." in again.stdout) == (0, True)


def test_who_is_late_is_told_by_times_that_are_known(tmp_path):
    course = make_course(tmp_path / "course")
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        gradebook.add_assignment(WEEK, duedate=datetime(2026, 3, 2, 12))
    files = {"e/submission_metadata.yml": TABLE}
    files |= {f"e/submission_{number}/{NB}": notebook(str(number)) for number in (1, 2)}
    archive = write_zip(tmp_path / "x.zip", files)
    lines = run(course, archive, "--dry-run").stdout.splitlines()
    (ada,), (bo,) = ([line for line in lines if f"│ {name} " in line] for name in ("ada", "bo"))
    assert "2 Mar 13:00 late" in ada
    assert ("2 Mar 11:00" in bo, "late" in bo) == (True, False)
    (course.root / "extensions.csv").write_text(f"student,week,hours\nada,{WEEK},2\n", encoding="utf-8")
    write_folder(course.submitted(WEEK, "ada"), {NB: notebook("old")})
    assert "late" not in run(course, archive, "--dry-run").stdout


def test_an_assignment_of_several_notebooks_is_collected_whole(tmp_path):
    course = make_course(tmp_path / "course")
    folder = course.source(WEEK).parent
    for name in ("p1", "p2"):
        (folder / f"{name}.ipynb").write_bytes(notebook())
    (folder / NB).unlink()
    archive = write_zip(
        tmp_path / "x.zip", {f"a_1_{number}_p{number}.ipynb": notebook() for number in (1, 2)}
    )
    plan = collect(course, archive)
    assert set(tree(course.submitted(WEEK, plan.rows[0].student))) == {"p1.ipynb", "p2.ipynb"}


def test_two_at_once_do_not_meet(tmp_path):
    course = make_course(tmp_path / "course")
    with held(course.root / "collected" / f".{WEEK}.lock", 1):
        done = run(course, write_zip(tmp_path / "x.zip", {"ada.ipynb": notebook()}))
    assert "Another program collects" in str(done.exception)
    assert course.students(WEEK) == ()


@pytest.mark.kernel
def test_a_process_that_is_killed_loses_nothing(tmp_path):
    """The run is killed as soon as the first student's work is there; the next one completes it."""
    course, twin = make_course(tmp_path / "course"), make_course(tmp_path / "twin")
    old = write_zip(tmp_path / "1.zip", {f"s{number:03}.ipynb": notebook("old") for number in range(150)})
    files = {f"s{number:03}.ipynb": notebook(f"new{number}") for number in range(300)}
    new = write_zip(tmp_path / "2.zip", files, (2026, 4, 1, 12, 0, 0))
    for one in (course, twin):
        collect(one, old)
    code = f"""
import os, signal, sys
from autograder.marks import collect_placing
settle = collect_placing.settle
def killed(course, week, student, attempts):
    if student == "s140":
        os.kill(os.getpid(), signal.SIGKILL)
    settle(course, week, student, attempts)
collect_placing.settle = killed
from autograder.cli import main
sys.argv = ["autograder", "collect", "{WEEK}", {str(new)!r}, "--course", {str(course.root)!r}]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=dict(os.environ), check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert len(course.students(WEEK)) == 150
    collect(course, new)
    collect(twin, new)
    assert tree(course.root / "submitted") == tree(twin.root / "submitted")
    assert read_arrivals(course, WEEK) == read_arrivals(twin, WEEK)


@pytest.mark.sandbox
def test_what_was_collected_is_graded(tmp_path):
    course = small_class.make_class(tmp_path, 0)
    week = small_class.WEEK
    right = reference_answers(load_assignment(course, week))
    solved = json.dumps(fill_in(released_notebook(course, week), right))
    archive = write_zip(tmp_path / "x.zip", {
        f"lovelaceada_1_10_{week}-1.ipynb": solved, "barbo_LATE_2_11_my solution.ipynb": solved,
        "foocleo_3_12_week.pdf": b"%PDF-1.7", "foocleo_3_13_notes.txt": "see the page",
    })  # fmt: skip
    assert run(course, archive, week=week).exit_code == 0
    code, said = small_class.grade(course)
    assert code == 3
    assert "week.pdf" in said
    with open_gradebook(course.gradebook_url) as gradebook:
        scores = {one.student.id: one.score for one in gradebook.assignment_submissions(week)}
    assert scores["lovelaceada-1"] == scores["barbo-2"] > 0
