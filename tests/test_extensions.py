"""Who was given more time is late later: `extensions.csv` is honoured on top of nbgrader's rules."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from export_samples import DUE, make_class
from tiny_course import WEEK
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.export import export_week
from autograder.record.database import open_gradebook
from autograder.record.extensions import EXAMPLE, Extension, extension_of, read_extensions
from autograder.record.writer import Writer
from autograder.spec import load_assignment

HEAD = "student,week,until,hours\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("template")).root


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    return Course(Path(shutil.copytree(template, tmp_path / "course")))


def give(course: Course, text: str) -> None:
    (course.root / "extensions.csv").write_text(text, encoding="utf-8-sig")


def penalty(course: Course) -> tuple[float, float]:
    """Return how many hours late bob is after all, and what that costs (half a mark an hour)."""
    done = export_week(course, WEEK, "csv")
    (bob,) = (entry.standing for entry in done.entries if entry.standing.student == "bob")
    return bob.hours_late, bob.penalty


# lines for bob, who handed in 2.5 hours late, and how many hours late that makes him
LINES = [
    ("", 2.5),
    ("bob,week03,,1", 1.5),
    ("bob,week03,,2.5", 0.0),
    ("bob,3,,48", 0.0),
    ("bob,*,,1", 1.5),
    ("bob,*,,48\nbob,week03,,0.5", 2.0),
    (f"bob,{WEEK},2026-03-02 13:30,", 1.0),
    ("bob,week03,2026-03-02 15:00 CET,", 0.5),
    ("bob,week03,2026-03-02T14:30:00+00:00,", 0.0),
    ("bob,week03,2026-03-02,", 0.0),
    ("bob,week03,2026-03-01,", 2.5),
    ("bob,week04,,48", 2.5),
    ("ada,week03,,48", 2.5),
    (" bob , WEEK03 , , 1 \n,,,\n", 1.5),
    ("BOB,week03,,1", 1.5),
    ("bob@uni.org,week03,,1", 1.5),
    ("zed,week03,,48\nBob,3,,1", 1.5),
]


@pytest.mark.parametrize(("lines", "hours"), LINES)
def test_an_extension_moves_the_due_date_of_one_student(course: Course, lines: str, hours: float) -> None:
    give(course, HEAD + lines)
    late, taken = penalty(course)
    assert late == pytest.approx(hours)
    assert taken == 0.5 * int(hours)


def test_the_columns_may_come_in_any_order_and_one_kind_is_enough(course: Course) -> None:
    give(course, "Hours,Week,Student\n1,week03,bob\n")
    assert penalty(course)[0] == pytest.approx(1.5)


def test_nbgrader_sees_the_extension_in_its_gradebook(course: Course) -> None:
    give(course, HEAD + "bob,week03,,1\n")
    penalty(course)
    with open_gradebook(course.gradebook_url) as gradebook:
        row = gradebook.find_submission(WEEK, "bob")
        assert row.extension == timedelta(hours=1)
        assert row.duedate == DUE + timedelta(hours=1)
        assert row.late_submission_penalty == 0.5


def test_grading_again_honours_a_new_extension_though_no_submission_changed(course: Course) -> None:
    give(course, HEAD + "bob,week03,,48\n")
    with Writer(course, load_assignment(course, WEEK)) as writer:
        assert writer.gradebook.find_submission(WEEK, "bob").late_submission_penalty == 0


def test_an_extension_taken_back_is_gone(course: Course) -> None:
    give(course, HEAD + "bob,week03,,48\n")
    assert penalty(course) == (0, 0)
    give(course, HEAD)
    assert penalty(course) == (2.5, 1)


def test_without_the_file_an_extension_given_through_nbgrader_stays(course: Course) -> None:
    with open_gradebook(course.gradebook_url) as gradebook:
        gradebook.update_or_create_submission(WEEK, "bob", extension=timedelta(hours=2))
    assert read_extensions(course) is None
    assert penalty(course)[0] == pytest.approx(0.5)


def test_without_a_due_date_nobody_is_late_and_nothing_breaks(course: Course) -> None:
    with open_gradebook(course.gradebook_url) as gradebook:
        gradebook.find_assignment(WEEK).duedate = None
        gradebook.db.commit()
    give(course, HEAD + "bob,week03,,48\n")
    assert penalty(course) == (0, 0)
    assert Extension(hours=3).beyond(None) is None


def test_the_example_in_the_message_is_right(course: Course) -> None:
    give(course, EXAMPLE)
    found = read_extensions(course)
    assert found is not None
    assert extension_of(found, "ada", "week03_losses") == Extension(until=datetime(2026, 3, 5, 12))
    assert extension_of(found, "bob", "week03") == Extension(hours=48.0)
    assert extension_of(found, "bob", "week04") is None


TROUBLE = [
    ("", "needs a first line that names its columns"),
    ("student,week\nbob,3\n", "needs a first line that names its columns"),
    (HEAD + "bob,week03,,\n", "line 2: fill in either"),
    (HEAD + "bob,week03,2026-03-05,48\n", "line 2: fill in either"),
    (HEAD + "bob,week03,,two days\n", "line 2: `hours` is 'two days'"),
    (HEAD + "bob,week03,,-1\n", "line 2: `hours` is '-1'"),
    (HEAD + "bob,week03,,nan\n", "line 2: `hours` is 'nan'"),
    (HEAD + "\nbob,week03,Friday,\n", "line 3: `until` is 'Friday'"),
    (HEAD + "bob,week03,12,\n", "`until` is '12'"),
    (HEAD + "bob,,,48\n", "line 2: name both a student and a week"),
    (HEAD + "bob,3,,48\nbob,week03,,24\n", "line 3: bob already has a line for week03"),
    (HEAD + "bob,3,,48\nBOB,week03,,24\n", "line 3: bob already has a line for week03"),
]


@pytest.mark.parametrize(("text", "words"), TROUBLE)
def test_a_slip_in_the_file_is_told_with_its_line(course: Course, text: str, words: str) -> None:
    give(course, text)
    with pytest.raises(CourseError, match=words):
        read_extensions(course)


def test_a_file_in_another_encoding_is_refused_in_words(course: Course) -> None:
    (course.root / "extensions.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError, match="Save it as a CSV file in UTF-8"):
        read_extensions(course)


SEMICOLONS = "student;week;until;hours\nBob;week03;;1\n"
# as spreadsheets save the same table
SAVED = [
    SEMICOLONS.encode(),
    SEMICOLONS.encode("utf-8-sig"),
    SEMICOLONS.replace(";", "\t").encode("utf-16"),
    ("sep=;\r\n" + SEMICOLONS).encode(),
    SEMICOLONS.replace("\n", "\r\n").encode() + "Zoë;week03;;1\r\n".encode("cp1252"),
]


@pytest.mark.parametrize("data", SAVED)
def test_the_file_may_be_as_any_spreadsheet_saves_it(course: Course, data: bytes) -> None:
    course.extensions.write_bytes(data)
    assert penalty(course)[0] == pytest.approx(1.5)


def test_a_line_of_nobody_is_named_and_stops_nothing(course: Course) -> None:
    give(course, HEAD + "zed,week03,,48\nBOB,week03,,48\n")
    said = CliRunner().invoke(app, ["export", "week03", "--course", str(course.root)])
    assert said.exit_code == 0
    assert "extensions.csv, line 2: nobody called zed has handed in anything." in said.stderr
    assert "BOB" not in said.stderr


WORKBOOK = b"PK\x03\x04\x14\x00"


@pytest.mark.parametrize("name", ["extensions.csv", "extensions.xlsx", "class.xlsx", "class.csv"])
def test_an_excel_file_is_called_what_it_is(course: Course, name: str) -> None:
    path = course.root / name
    path.write_bytes(WORKBOOK)
    with pytest.raises(CourseError, match=rf"{name} is an Excel file.* as CSV"):
        export_week(course, WEEK, "csv", path if "class" in name else None)
