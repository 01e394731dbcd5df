"""A whole class through the real commands, sandbox and gradebook."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from nbgrader.api import Gradebook

from autograder.answers import hand_in
from autograder.course import Course
from autograder.demo import sample_course
from autograder.grading import grade_class
from autograder.options import Options
from autograder.record.pages import write_report
from autograder.sample_class import make_sample_class

pytestmark = pytest.mark.sandbox
HOME = Course(ROOT)
WEEK = HOME.resolve("week03")
QUICK = ("--cell-seconds", "4")
# Mistakes of the tables lose what `autograder verify` shows; here only what must hold for each student.
MARKS = {
    "ada": 12.0,
    "blaise": 12.0,
    "carl": 12.0,
    "hugo-untouched": 0.0,
    "ines-syntax-error": 10.0,
    "jack-endless-loop": 9.0,
    "mallory-hostile": 10.0,
    "nora-damaged": 0.0,
    "olga-from-colab": 12.0,
}
SOME_MARKS = ("dora", "emmy", "felix")
HONEST = ("ada", "blaise", "carl", "dora", "emmy", "felix", "hugo-untouched", "ines-syntax-error")


def grade(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `autograder grade` on a course and return what it said."""
    command = ["autograder", "grade", WEEK, "--course", str(course.root), *arguments]
    several_threads = {**os.environ, "OMP_NUM_THREADS": "2"}  # as on most machines
    return subprocess.run(command, capture_output=True, text=True, timeout=1000, env=several_threads)


def marks_in_gradebook(course: Course) -> dict[tuple[str, str], float | None]:
    """Return the automatic mark of every student and grade cell."""
    with Gradebook(course.gradebook_url) as gradebook:
        return {
            (submission.student.id, grade.cell.name): grade.auto_score
            for submission in gradebook.assignment_submissions(WEEK)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, subprocess.CompletedProcess[str]]:
    """Grade the sample class once for all tests of this file that only look."""
    course = sample_course(HOME, WEEK, tmp_path_factory.mktemp("class"))
    make_sample_class(course, WEEK)
    return course, grade(course, "--json", *QUICK)


def records(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """Return what `--json` printed, by student."""
    return {record["student"]: record for record in json.loads(done.stdout)}


def test_each_of_the_sample_class_earns_what_is_due(graded: Any) -> None:
    found = {student: record["score"] for student, record in records(graded[1]).items()}
    assert {student: found[student] for student in MARKS} == MARKS
    assert all(0 < found[student] < 12 for student in SOME_MARKS)
    assert len(found) == 12


def test_exit_code_3_says_that_a_human_is_needed_and_why(graded: Any) -> None:
    assert graded[1].returncode == 3
    waiting = [record for record in records(graded[1]).values() if record["status"] == "needs a human"]
    assert [record["student"] for record in waiting] == ["nora-damaged"]
    assert "breaks off in the middle" in waiting[0]["reason"]


def test_typical_mistakes_are_named(graded: Any) -> None:
    named = [e["mistake"] for e in records(graded[1])["dora"]["exercises"]]
    assert all(named)


def test_gradebook_holds_the_same_marks_as_the_command_printed(graded: Any) -> None:
    stored = marks_in_gradebook(graded[0])
    for student, record in records(graded[1]).items():
        if record["status"] == "graded":
            assert (
                sum(stored[student, f"{e['exercise']}_check"] or 0 for e in record["exercises"])
                == record["score"]
            )
    assert all(mark is None for (student, _), mark in stored.items() if student == "nora-damaged")


def test_everyone_gets_a_page_and_the_log_a_line(graded: Any) -> None:
    course = graded[0]
    for student in course.students(WEEK):
        assert student in (course.feedback(WEEK, student) / f"{WEEK}.html").read_text()
    lines = [
        json.loads(line) for line in (course.root / "logs" / f"grade-{WEEK}.jsonl").read_text().splitlines()
    ]
    assert [line["event"] for line in lines].count("graded") == 12
    report = write_report(course, WEEK).read_text()
    assert all(student in report for student in course.students(WEEK))


def test_a_second_run_grades_only_what_changed(graded: Any, tmp_path: Path) -> None:
    course = Course(tmp_path / "copy")
    shutil.copytree(graded[0].root, course.root)
    again = records(grade(course, "--json", *QUICK))
    assert not any(record["fresh"] for record in again.values())
    assert {s: r["score"] for s, r in again.items()} == {s: r["score"] for s, r in records(graded[1]).items()}
    text = (course.submitted(WEEK, "ada") / f"{WEEK}.ipynb").read_text()
    hand_in(course, WEEK, "dora", text)
    after = records(grade(course, "--json", *QUICK))
    assert [student for student, record in after.items() if record["fresh"]] == ["dora"]
    assert after["dora"]["score"] == 12


def test_a_lost_gradebook_is_written_again_without_grading(graded: Any, tmp_path: Path) -> None:
    course = Course(tmp_path / "copy")
    shutil.copytree(graded[0].root, course.root)
    before = marks_in_gradebook(course)
    (course.root / "gradebook.db").unlink()
    again = records(grade(course, "--json", *QUICK))
    assert not any(record["fresh"] for record in again.values())
    assert marks_in_gradebook(course) == before


def test_one_worker_and_two_give_the_same_results(tmp_path: Path) -> None:
    course = sample_course(HOME, WEEK, tmp_path)
    make_sample_class(course, WEEK)
    names = ("ada", "dora", "ines-syntax-error")
    runs = [
        sorted(
            (g.result for g in grade_class(course, WEEK, Options(names, workers, True, seed=5))),
            key=lambda r: r.student,
        )
        for workers in (1, 2)
    ]
    one, two = ([replace(result, seconds=0.0) for result in run] for run in runs)
    assert one == two


def test_one_student_alone_is_graded_like_all_together(graded: Any, tmp_path: Path) -> None:
    course = sample_course(HOME, WEEK, tmp_path)
    shutil.copytree(graded[0].submitted(WEEK, "ada"), course.submitted(WEEK, "ada"))
    done = grade(course, "--student", "ada", "--json", "--total-seconds", "200")
    assert records(done)["ada"]["score"] == MARKS["ada"]


def test_killed_in_the_middle_and_started_again_nothing_is_lost_or_doubled(
    graded: Any, tmp_path: Path
) -> None:
    course = sample_course(HOME, WEEK, tmp_path)
    for student in HONEST[:4]:
        shutil.copytree(graded[0].submitted(WEEK, student), course.submitted(WEEK, student))
    log = course.root / "logs" / f"grade-{WEEK}.jsonl"
    command = ["autograder", "grade", WEEK, "--course", str(course.root), "--workers", "1"]
    run = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    end = time.monotonic() + 1000
    while (
        run.poll() is None
        and time.monotonic() < end
        and not (log.is_file() and '"graded"' in log.read_text())
    ):
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert grade(course).returncode == 0
    expected = {key: mark for key, mark in marks_in_gradebook(graded[0]).items() if key[0] in HONEST[:4]}
    assert marks_in_gradebook(course) == expected


def test_plain_nbgrader_gives_honest_submissions_the_same_marks(graded: Any, tmp_path: Path) -> None:
    course = sample_course(HOME, WEEK, tmp_path)
    for student in HONEST:
        shutil.copytree(graded[0].submitted(WEEK, student), course.submitted(WEEK, student))
    for command in (["generate_assignment", WEEK, "--force"], ["autograde", WEEK]):
        done = subprocess.run(
            ["nbgrader", *command], cwd=course.root, capture_output=True, text=True, timeout=1000
        )
        assert done.returncode == 0, done.stderr
    in_kernel, isolated = marks_in_gradebook(course), marks_in_gradebook(graded[0])
    assert in_kernel == {key: isolated[key] for key in in_kernel}
    assert {student for student, _ in in_kernel} == set(HONEST)


PROBLEMS = [
    (["grade", "week99"], "Did you mean"),
    (["grade", "losses"], "Did you mean"),
    (["grade", "week03", "--student", "nobody"], "handed in nothing"),
    (["build", "week77"], "Did you mean"),
    (["report", "week99"], "Did you mean"),
]


@pytest.mark.parametrize(("arguments", "words"), PROBLEMS)
def test_a_mistake_of_the_instructor_ends_in_one_sentence(
    graded: Any, arguments: list[str], words: str
) -> None:
    command = ["autograder", *arguments, "--course", str(graded[0].root)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_outside_a_course_the_commands_say_so(tmp_path: Path) -> None:
    done = subprocess.run(["autograder", "grade", "week03"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "is not inside a course" in done.stderr


def test_with_nothing_handed_in_grading_says_where_submissions_belong(tmp_path: Path) -> None:
    done = grade(sample_course(HOME, WEEK, tmp_path))
    assert done.returncode == 1
    assert done.stderr == f"Nobody has handed in {WEEK}: put submissions into submitted/<student>/{WEEK}/.\n"
