"""Class lists as systems and spreadsheets really write them: nobody gets somebody else's mark."""

from __future__ import annotations

import csv
import shutil
import unicodedata
from pathlib import Path

import pytest
from export_samples import make_class
from tiny_course import WEEK

from autograder.course import Course
from autograder.export import Export, export_week
from autograder.export_view import show_export
from autograder.roster import Matching, Roster, match, read_roster

CLASS = {name: (name,) for name in ("ada", "bob", "00123", "jürgen")} | {"finn": ("finn", "finn.f@x.org")}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("template")).root


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    return Course(Path(shutil.copytree(template, tmp_path / "course")))


def matched(
    folder: Path, data: bytes, students: dict[str, tuple[str, ...]] = CLASS
) -> tuple[Roster, Matching]:
    (folder / "class.csv").write_bytes(data)
    roster = read_roster(folder / "class.csv", students)
    return roster, match(roster, students)


TABLE = 'Name;Login\n"Lovelace, Ada, the 1st";ada\nBöhm, Bob;bob\nZed;zed\n'
# what the file is like, and its bytes; it always names ada and bob, in this order, and then zed
FILES = [
    ("semicolons, more commas inside", TABLE.encode()),
    ("byte order mark", TABLE.encode("utf-8-sig")),
    ("UTF-16 with tabs, as spreadsheets export", TABLE.replace(";", "\t").encode("utf-16")),
    ("Latin-1", TABLE.encode("cp1252")),
    ("Windows line ends", TABLE.replace("\n", "\r\n").encode()),
    ("old Mac line ends", TABLE.replace("\n", "\r").encode()),
    ("the separator told first", b"sep=;\r\n" + TABLE.encode()),
    ("a title above", b"Deep Learning, summer\n\n" + TABLE.encode()),
    ("blank lines and cells", TABLE.replace("\nB", "\n;;\n\n  ;  \nB").encode()),
    ("a line break inside a cell", TABLE.replace("the 1st", "the\n1st").encode()),
    ("a separator of paragraphs inside a cell", TABLE.replace("the 1st", "the\u20281st").encode()),
    ("more cells than columns", TABLE.replace("bob\n", "bob;x;y\n").encode()),
    ("extra columns before", b"No;Note;" + TABLE.replace("\n", "\n7;bob;", 3).encode()),
    ("two columns of one name", TABLE.replace("Name", "Login").encode()),
    ("a column without a name", TABLE.replace("Login", "").encode()),
    ("names in capitals and with blanks", TABLE.replace(";bob", "; BOB ").encode()),
    ("e-mail addresses", TABLE.replace(";bob", ";bob@x.org").replace(";ada", ";Ada@x.org").encode()),
]


@pytest.mark.parametrize("data", [case[1] for case in FILES], ids=[case[0] for case in FILES])
def test_a_class_list_is_read_however_it_is_written(tmp_path: Path, data: bytes) -> None:
    roster, found = matched(tmp_path, data)
    assert [found.students.get(number) for number in range(len(roster.lines))] == ["ada", "bob", None]
    assert found.strangers == ("00123", "finn", "jürgen")
    assert any("Böhm" in value for value in roster.lines[1].values())
    assert len(set(roster.columns)) == len(roster.columns)


# values of a column, and whom each names (None: nobody)
VALUES = [
    (["00123", "ada"], ["00123", "ada"]),
    (["123", "ada"], ["00123", "ada"]),
    (["123.0", "ada"], ["00123", "ada"]),
    (["0123", "00123"], [None, "00123"]),
    (["1230", "ada"], [None, "ada"]),
    (["JÜRGEN", "ada"], ["jürgen", "ada"]),
    ([unicodedata.normalize("NFD", "jürgen"), "ada"], ["jürgen", "ada"]),
    (["jurgen", "ada"], [None, "ada"]),
    (["ada", "ada"], ["ada", "ada"]),
    (["ada@x.org", "ada@y.org"], [None, None]),
    (["ada@x.org", "ada"], [None, "ada"]),
    (["finn.f@x.org", "finn@y.org"], ["finn", None]),
]


@pytest.mark.parametrize(("values", "students"), VALUES, ids=[" ".join(case[0]) for case in VALUES])
def test_each_line_is_the_student_whose_name_is_closest_or_nobody(
    tmp_path: Path, values: list[str], students: list[str | None]
) -> None:
    _, found = matched(tmp_path, "\n".join(["student_id", *values]).encode())
    assert [found.students.get(number) for number in range(len(values))] == students


def test_folders_that_differ_in_case_or_zeros_alone_are_not_mixed_up(tmp_path: Path) -> None:
    students = {name: (name,) for name in ("Ada", "ada", "7", "07")}
    _, found = matched(tmp_path, b"student_id\nada\nAda\n07\n7\nADA\n007\n", students)
    assert found.students == {0: "ada", 1: "Ada", 2: "07", 3: "7"}


def test_two_addresses_that_may_be_the_same_student_are_left_to_a_person(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "First name,Email address\nAda,ada@x.org\nAdam,ada@y.org\nBob,bob@x.org\n"
    plainly = exported(course, text, "csv")
    assert [row[2] for row in plainly[1:3]] == ["error", "error"]
    assert "may be ada: nobody can say which" in plainly[1][9]
    assert ["ada", "no"] in [[row[0], row[10]] for row in plainly[4:]]
    assert [row[1] for row in exported(course, text, "moodle")[1:]] == ["bob@x.org"]
    assert [row[3] for row in exported(course, text, "canvas")[2:]] == ["bob@x.org"]
    show_export(export(course, text, "csv"))
    said = " ".join(capsys.readouterr().out.split())
    assert "1 named by several lines of the class list: ada" in said


def export(course: Course, roster: str, target: str) -> Export:
    (course.root / "class.csv").write_text(roster, encoding="utf-8")
    return export_week(course, WEEK, target, course.root / "class.csv")


def exported(course: Course, roster: str, target: str) -> list[list[str]]:
    with export(course, roster, target).path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


# a class list, and the columns about the student and the names of the students that Moodle gets
MOODLE = [
    ("ID number,Email address\n1,ada@x\n,bob@x\n", ["Email address"], ["ada@x", "bob@x"]),
    ("ID number,Username\n,ada\n2,bob\n3,\n", ["ID number"], ["2", "3"]),
    ("ID number,Username\n,ada\n,bob\n3,\n", ["Username"], ["ada", "bob"]),
    ("Surname,First name,Username\nA,,ada\nB,,bob\n", ["First name", "Surname", "Username"], ["ada", "bob"]),
]


@pytest.mark.parametrize(("roster", "columns", "names"), MOODLE)
def test_moodle_never_gets_a_line_without_a_name_which_it_would_add_to_the_one_above(
    course: Course, roster: str, columns: list[str], names: list[str]
) -> None:
    head, *rows = exported(course, roster, "moodle")
    assert head == [*columns, WEEK, f"{WEEK} (feedback)"]
    assert [row[len(columns) - 1] for row in rows] == names


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,week03 (17)\n    Points Possible,,,,,{}\nAda,1,s,ada,A,\n"
)


@pytest.mark.parametrize(("given", "points"), [("10.0", "10.0"), ("7.00", ""), ("", ""), ("(read only)", "")])
def test_canvas_points_that_are_not_the_marks_are_told(
    course: Course, capsys: pytest.CaptureFixture[str], given: str, points: str
) -> None:
    done = export(course, CANVAS.format(given), "canvas")
    assert done.points == points
    show_export(done)
    said = " ".join(capsys.readouterr().out.split())
    assert ("set the assignment in Canvas to 7 points" in said) is bool(points)


def test_canvas_lists_with_split_names_come_back_as_they_were(course: Course) -> None:
    head = "LastName,FirstName,ID,SIS User ID,SIS Login ID,Integration ID,Section"
    text = f"{head},week03 (17)\nPoints Possible,,,,,,,7\nLovelace,Ada,1,s1,ada,,A,\nStudent,Test,9,,x,,A,\n"
    rows = exported(course, text, "canvas")
    assert rows[0] == [*head.split(","), "week03 (17)"]
    assert rows[2:] == [["Lovelace", "Ada", "1", "s1", "ada", "", "A", "6.5"]]
