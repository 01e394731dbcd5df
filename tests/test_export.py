"""Marks reach a spreadsheet, Canvas and Moodle; who has none, and why, is never a guess."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from export_samples import BROKEN, make_class, mark_by_hand
from pages_samples import text_of
from tiny_course import WEEK, make_tiny_course

from autograder.build import build_weeks
from autograder.course import Course, CourseError
from autograder.export import export_week, harmless
from autograder.record.database import open_gradebook
from autograder.record.pages import write_report
from autograder.roster import match, read_roster

ROSTER = """Name;Login;E-Mail;Section
Lovelace, Ada;ADA ;ada@school.example;A
Bell, Bob;bob;bob@school.example;A
Klee, Cleo;cleo;cleo@school.example;B
Duck, Dan;dan;dan@school.example;B
Eden, Eve;eve;eve@school.example;B
Fisher, Finn;finn;finn.f@school.example;B
Zenith, Zed;zed;zed@school.example;B
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (17),week03_tiny (4711),Current Score
    Points Possible,,,,,10,7,(read only)
"Lovelace, Ada",101,S1,ada,A,9,,50
"Bell, Bob",102,S2,bob,A,9,,50
"Duck, Dan",104,S4,dan,A,9,,50
"Student, Test",199,,d3adbeef,A,,,
"""
MOODLE = """First name,Last name,ID number,Institution,Email address
Ada,Lovelace,1,X,ada@school.example
Cleo,Klee,3,X,cleo@school.example
Finn,Fisher,6,X,finn.f@school.example
"""
# student: status, score, late, hours late, penalty, marks before it
STANDINGS = {
    "ada": ("graded", "6.5", "no", "", "", "6.5"),
    "bob": ("graded", "3", "yes", "2.50", "1", "4"),
    "cleo": ("zero", "0", "no", "", "", "0"),
    "dan": ("error", "", "no", "", "", ""),
    "eve": ("waiting", "", "no", "", "", "5"),
    "finn": ("missing", "", "", "", "", ""),
    "gus": ("not graded", "", "", "", "", ""),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("template")).root


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    return Course(Path(shutil.copytree(template, tmp_path / "course")))


def exported(course: Course, target: str, roster: str = "", encoding: str = "utf-8") -> list[list[str]]:
    """Return the lines of an exported file."""
    path = course.root / "roster.csv"
    path.write_text(roster, encoding=encoding)
    done = export_week(course, WEEK, target, path if roster else None)
    with done.path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_records(rows: list[list[str]]) -> dict[str, dict[str, str]]:
    return {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


def test_each_way_to_stand_is_told_apart(course: Course) -> None:
    found = as_records(exported(course, "csv"))
    columns = ("status", "score", "late", "hours_late", "penalty", "score_before_penalty")
    assert {name: tuple(row[column] for column in columns) for name, row in found.items()} == STANDINGS
    assert {row["max_score"] for row in found.values()} == {"7"}
    assert found["eve"]["reason"] == (
        "1 answer waits for a mark in the Formgrader: 5 of 7 marks so far; 2 of 7 marks wait for a person."
    )


def test_no_cell_is_taken_for_a_formula(course: Course) -> None:
    assert as_records(exported(course, "csv"))["dan"]["reason"] == f"'{BROKEN}"
    assert "'=1+1" in exported(course, "csv", ROSTER.replace("Eden, Eve", "=1+1"))[5]


# text, and the cell that is made of it
CELLS = [
    ("=1+1", "'=1+1"),
    (" \t@x", "'@x"),
    ("＝1+1", "'＝1+1"),
    (";=1+1", ";'=1+1"),
    ("Eden;\t-1;+1", "Eden; '-1;'+1"),
    ("Eden; Eve-Ann = 1", "Eden; Eve-Ann = 1"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "cell"), CELLS)
def test_a_text_is_no_formula_wherever_a_spreadsheet_begins_a_cell(text: str, cell: str) -> None:
    assert harmless(text) == cell


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_roster_says_who_belongs_to_the_class(course: Course, encoding: str) -> None:
    rows = exported(course, "csv", ROSTER.replace("Eden", "Édén"), encoding)
    found = as_records(rows)
    assert [row[0] for row in rows[1:]] == ["ada", "bob", "cleo", "dan", "eve", "finn", "zed", "gus"]
    assert found["zed"]["status"] == "missing"
    assert [name for name, row in found.items() if row["in_roster"] == "no"] == ["gus"]
    assert found["eve"]["roster: Name"] == "Édén, Eve"
    for name, (status, score, *_) in STANDINGS.items():
        assert (found[name]["status"], found[name]["score"]) == (status, score)


def test_canvas_gets_its_own_columns_back_and_blanks_where_there_is_no_mark(course: Course) -> None:
    assert exported(course, "canvas", CANVAS) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "week03_tiny (4711)"],
        ["    Points Possible", "", "", "", "", "7"],
        ["Lovelace, Ada", "101", "S1", "ada", "A", "6.5"],
        ["Bell, Bob", "102", "S2", "bob", "A", "3"],
        ["Duck, Dan", "104", "S4", "dan", "A", ""],
    ]


def test_canvas_takes_any_roster_and_none(course: Course) -> None:
    rows = exported(course, "canvas", ROSTER)
    assert rows[2] == ["Lovelace, Ada", "", "", "ADA", "A", "6.5"]
    assert [row[-1] for row in rows[2:]] == ["6.5", "3", "0", "", "", "", ""]
    rows = exported(course, "canvas")
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", WEEK]
    assert rows[4] == ["cleo", "", "", "cleo", "", "0"]


def test_moodle_gets_a_dash_and_a_sentence_where_there_is_no_mark(course: Course) -> None:
    assert exported(course, "moodle", MOODLE) == [
        ["First name", "Last name", "ID number", "Email address", WEEK, f"{WEEK} (feedback)"],
        ["Ada", "Lovelace", "1", "ada@school.example", "6.5", "6.5 of 7 marks."],
        ["Cleo", "Klee", "3", "cleo@school.example", "0", "Handed in; it earned 0 of 7 marks."],
        ["Finn", "Fisher", "6", "finn.f@school.example", "-", "Nothing was handed in."],
    ]


def test_moodle_tells_students_about_lateness_but_not_what_is_for_instructors(course: Course) -> None:
    found = as_records(exported(course, "moodle"))
    feedback = {name: row[f"{WEEK} (feedback)"] for name, row in found.items()}
    assert feedback["bob"] == "3 of 7 marks. Handed in 2.5 hours late: 1 mark taken off."
    assert feedback["dan"] == "It could not be graded by machine: a person will look at it."
    assert found["eve"][WEEK] == "-"


def test_marks_given_by_hand_count_and_lateness_is_reckoned_again(course: Course) -> None:
    with open_gradebook(course.gradebook_url) as gradebook:
        mark_by_hand(gradebook, "eve", 2.0)
        mark_by_hand(gradebook, "bob", 2.0)
        mark_by_hand(gradebook, "cleo", 0.5)
    found = as_records(exported(course, "csv"))
    assert [found[name]["score"] for name in ("eve", "bob", "cleo")] == ["7", "5", "0.5"]
    assert {found[name]["status"] for name in ("eve", "bob", "cleo")} == {"graded"}


def test_a_broken_submission_that_a_person_marked_is_graded(course: Course) -> None:
    with open_gradebook(course.gradebook_url) as gradebook:
        for cell, score in (("double_check", 3.0), ("gq2_check", 1.0), ("written_why", 0.0)):
            grade = gradebook.find_grade(cell, WEEK, WEEK, "dan")
            grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()
    row = as_records(exported(course, "csv"))["dan"]
    assert (row["status"], row["score"]) == ("graded", "4")


# class list, column that must be found, students that it does not have
COLUMNS = [
    ("name,section,student_id\nAda,ada?,ada\nBob,x,bob\n", "student_id", 5),
    ("Email address\tGroup\nada@x.org\t1\nbob@x.org\t2\n", "Email address", 5),
    ("ID,Username\n7,ada\n8,eve\n", "Username", 5),
    ("SIS Login ID,Username\nada,ada\nbob,bob\n", "SIS Login ID", 5),
    ("who\nfinn.f@school.example\nada\n", "who", 5),
    ("id\nada\nada\n", "id", 6),
]


@pytest.mark.parametrize(("text", "column", "strangers"), COLUMNS)
def test_the_column_that_names_the_students_is_found(
    tmp_path: Path, text: str, column: str, strangers: int
) -> None:
    students = {name: (name,) for name in STANDINGS} | {"finn": ("finn", "finn.f@school.example")}
    (tmp_path / "r.csv").write_text(text)
    roster = read_roster(tmp_path / "r.csv", students)
    assert roster.column == column
    matching = match(roster, students)
    assert len(matching.strangers) == strangers
    assert matching.twice == (("ada",) if "ada\nada" in text else ())


TROUBLE = [
    ("name,section\nLovelace,1\nBell,2\n", "Add a column `student_id`"),
    ("", "needs a line with the names of its columns"),
    ("student_id\n", "needs a line with the names of its columns"),
]


@pytest.mark.parametrize(("text", "words"), TROUBLE)
def test_an_unusable_roster_is_refused_with_what_mends_it(course: Course, text: str, words: str) -> None:
    path = course.root / "r.csv"
    path.write_text(text)
    with pytest.raises(CourseError, match=words):
        export_week(course, WEEK, "csv", path)
    with pytest.raises(CourseError, match="cannot be read"):
        export_week(course, WEEK, "csv", course.root)


@pytest.mark.kernel
def test_the_command_lists_everybody_who_could_not_be_matched(course: Course) -> None:
    path = course.root / "r.csv"
    path.write_text(ROSTER + "Again, Bob;bob;b@x;A\n")
    where = ["--course", str(course.root), "--output", str(course.root / "marks.csv")]
    command = ["autograder", "export", "week03", "--to", "canvas", "--roster", str(path), *where]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = " ".join(done.stdout.split())
    assert (
        "1 handed in, but they are in no line of the class list, so check their folders' names: gus" in said
    )
    assert "1 named by several lines of the class list: bob" in said
    assert "2 handed in nothing: finn zed" in said
    assert f"1 needs a human: dan: {BROKEN}" in said
    assert (course.root / "marks.csv").read_text().startswith("Student,ID,")


def test_the_class_report_says_how_far_marking_by_hand_is(course: Course) -> None:
    text = text_of(write_report(course, WEEK).read_text(encoding="utf-8"))
    assert "Not answered Share of marks" in text
    assert "2 1 1 2 75 %" in text


def test_a_week_that_was_never_graded_is_not_exported(tmp_path: Path) -> None:
    course = make_tiny_course(tmp_path)
    build_weeks(course, [WEEK])
    with pytest.raises(CourseError, match="Run: autograder grade week03"):
        export_week(course, WEEK, "csv")
    assert not (tmp_path / "gradebook.db").exists()


def test_an_unknown_format_is_refused_with_those_that_there_are(course: Course) -> None:
    with pytest.raises(CourseError, match="Choose --to csv, canvas, moodle"):
        export_week(course, WEEK, "blackboard")
