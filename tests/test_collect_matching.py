"""Whose a submission is: by the class list, with close forms, and never by a guess."""

from __future__ import annotations

import pytest
from collect_samples import WEEK, make_course, moodle, notebook, write_folder, write_zip

from autograder.course import Course, CourseError
from autograder.marks.collect import carry_out, planned
from autograder.marks.collect_people import safe_name

NB = f"{WEEK}.ipynb"
MOODLE = """First name,Surname,ID number,Email address
Ada,Lovelace,ada,ada@uni.edu
Jürgen,Mueller,jm,jm@uni.edu
Sean,O'Brien,sob,sean@uni.edu
Mary Ann,de la Cruz,mary,mary@uni.edu
Anna,Schmidt,anna1,anna.s@uni.edu
Anna,Schmidt,anna2,anna.z@uni.edu
Łukasz,Nowak,ln,ln@uni.edu
"""
WORKSHEET = """Identifier,Full name,Email address,Status,Grade
Participant 11,Ada Lovelace,ada@uni.edu,Submitted,
Participant 14,Anna Schmidt,anna.s@uni.edu,Submitted,
Participant 15,Anna Schmidt,anna.z@uni.edu,Submitted,
"""
GERMAN = "Nachname;Vorname;Matrikelnummer\nLovelace;Ada;100\nMüller;Jürgen;101\n"
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Week 3 (9)
    Points Possible,,,,,12
"Lovelace, Ada",4711,s1,ada@uni.edu,A,
"Schmidt, Anna",4712,s2,anna1@uni.edu,A,4
"Schmidt, Anna",4713,s3,anna2@uni.edu,A,5
"Student, Test",4799,,x,A,
"""
GITHUB = "student,repository\nada,course/week03-ada-l\nbob,course/week03-bobby\n"

# class list, path in the download, whose it is ("": nobody's), a word of the reason
CASES = [
    (MOODLE, moodle("Ada Lovelace", 1), "ada", ""),
    (MOODLE, moodle("Lovelace, Ada", 1), "ada", ""),
    (MOODLE, moodle("ADA LOVELACE", 1), "ada", ""),
    (MOODLE, moodle("Jürgen Müller", 1), "jm", ""),
    (MOODLE, moodle("Sean OBrien", 1), "sob", ""),
    (MOODLE, moodle("Mary Ann de la Cruz", 1), "mary", ""),
    (MOODLE, moodle("Mary de la Cruz", 1), "mary", "another name"),
    (MOODLE, moodle("Ada King Lovelace", 1), "ada", "another name"),
    (MOODLE, moodle("Lukasz Nowak", 1), "ln", ""),
    (MOODLE, moodle("Anna Schmidt", 14), "", "anna1 or anna2"),
    (MOODLE, moodle("Ada Lovelac", 1), "", "did you mean ada"),
    (MOODLE, moodle("Zed Nobody", 1), "", "not in the class list"),
    (WORKSHEET, moodle("Anna Schmidt", 15), "anna.z", ""),
    (WORKSHEET, moodle("Participant 14", 14), "anna.s", ""),
    (WORKSHEET, moodle("Ada Lovelace", 14), "", "its name ada's"),
    (GERMAN, moodle("Jürgen Müller", 1), "101", ""),
    (GERMAN, "100.ipynb", "100", ""),
    (CANVAS, f"lovelaceada_4711_1_{NB}", "ada", ""),
    (CANVAS, f"schmidtanna_4713_1_{NB}", "anna2", ""),
    (CANVAS, f"group 7_4712_1_{NB}", "anna1", ""),
    (CANVAS, f"schmidtanna_9999_1_{NB}", "", "anna1 or anna2"),
    (CANVAS, f"lovelaceada_4712_1_{NB}", "", "its name ada's"),
    (
        "Login,First name,Last name\ns11,Ada,Lovelace\ns12,Bo,Bar\n",
        moodle("Eve Nobody", 11),
        "",
        "not in the",
    ),
    (GITHUB, f"ada/{NB}", "ada", ""),
    (GITHUB, f"week03-bob/{NB}", "bob", ""),
    (GITHUB, f"week03-bobby/sub/{NB}", "bob", ""),
    (GITHUB, f"{WEEK}.ipynb", "", "tells no student"),
    (GITHUB + "ada,course/week03-ada-l\n", f"ada/{NB}", "ada", ""),
    (MOODLE, "sean@uni.edu.ipynb", "sob", ""),
    (MOODLE, f"Nowak_{NB}", "", "not in the class list"),
]


@pytest.mark.parametrize(("text", "path", "student", "word"), CASES)
def test_a_class_list_says_whose_a_submission_is(text, path, student, word, tmp_path):
    course = make_course(tmp_path / "course")
    roster = tmp_path / "class.csv"
    roster.write_text(text, encoding="utf-8")
    with planned(course, WEEK, write_zip(tmp_path / "x.zip", {path: notebook()}), roster) as plan:
        (row,) = plan.rows
    assert row.student == student
    assert word in " ".join(row.notes)
    assert bool(row.notes) == bool(word)


def test_two_who_are_called_alike_are_not_taken_for_one(tmp_path):
    course = make_course(tmp_path / "course")
    files = {moodle("Anna Schmidt", 1): notebook("a"), moodle("Anna Schmidt", 2): notebook("b")}
    with planned(course, WEEK, write_zip(tmp_path / "x.zip", files), None) as plan:
        assert [row.student for row in plan.rows] == ["", ""]
        assert all("grading worksheet" in row.notes[0] for row in plan.rows)
        assert not plan.work


def test_the_same_name_wins_over_one_that_is_alike(tmp_path):
    course = make_course(tmp_path / "course")
    roster = tmp_path / "class.csv"
    roster.write_text(MOODLE, encoding="utf-8")
    files = {moodle("Ada Lovelace", 1): notebook("a"), moodle("Ada Ann Lovelace", 2): notebook("b")}
    with planned(course, WEEK, write_zip(tmp_path / "x.zip", files), roster) as plan:
        assert {row.delivery.name: row.student for row in plan.rows} == {
            "Ada Lovelace": "ada",
            "Ada Ann Lovelace": "",
        }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (moodle("Jürgen Müller", 1), moodle("Jürgen Müller", 77)),  # Moodle's numbers are of one assignment
        (f"lovelaceada_4711_1_{NB}", f"kingada_4711_2_{NB}"),  # she has married
        (f"anon_x7Kq2_1_{NB}", f"anon_x7Kq2_2_{NB}"),
    ],
)
def test_without_a_class_list_a_student_is_called_the_same_next_time(first, second, tmp_path):
    course = make_course(tmp_path / "course")
    names = set()
    for number, path in enumerate((first, second)):
        with planned(
            course, WEEK, write_zip(tmp_path / f"{number}.zip", {path: notebook(path)}), None
        ) as plan:
            names |= {row.student for row in carry_out(course, WEEK, plan).rows}
    assert (len(names), course.students(WEEK)) == (1, tuple(names))


@pytest.mark.parametrize("path", [moodle("Jürgen Müller", 1), f"müllerjürgen_4711_1_{NB}"])
def test_a_class_list_that_comes_later_keeps_the_folders(path, tmp_path):
    course = make_course(tmp_path / "course")
    archive = write_zip(tmp_path / "x.zip", {path: notebook()})
    roster = tmp_path / "class.csv"
    roster.write_text("student_id,First name,Last name,ID\njm,Jürgen,Müller,4711\n", encoding="utf-8")
    for given in (None, roster):
        with planned(course, WEEK, archive, given) as plan:
            done = carry_out(course, WEEK, plan)
    assert (len(course.students(WEEK)), done.missing) == (1, ())


def test_those_who_handed_in_nothing_are_missing(tmp_path):
    course = make_course(tmp_path / "course")
    roster = tmp_path / "class.csv"
    roster.write_text(MOODLE, encoding="utf-8")
    write_folder(course.submitted(WEEK, "sob"), {NB: notebook()})  # nbgrader collected it before
    with planned(course, WEEK, write_zip(tmp_path / "x.zip", {"ada.ipynb": notebook()}), roster) as plan:
        assert plan.missing == ("anna1", "anna2", "jm", "ln", "mary")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("O'Brien, Seán", "obrien-seán"),
        ("../../etc", "etc"),
        ("李 小龍", "李-小龍"),
        ("a\x00b\u202ec", "a-b-c"),
        ("...", ""),
        ("x" * 500, "x" * 120),
    ],
)
def test_a_name_for_a_folder_is_safe(name, safe):
    assert safe_name(name) == safe


def test_a_list_that_tells_nobody_apart_is_refused(tmp_path):
    course = make_course(tmp_path / "course")
    roster = tmp_path / "class.csv"
    roster.write_text("name,section\nAnna,A\nAnna,B\n", encoding="utf-8")
    archive = write_zip(tmp_path / "x.zip", {"ada.ipynb": notebook()})
    with pytest.raises(CourseError, match="student_id"), planned(course, WEEK, archive, roster):
        pass


def test_students_get_their_names_in_the_gradebook(tmp_path):
    course = make_course(tmp_path / "course")
    roster = tmp_path / "class.csv"
    roster.write_text(CANVAS, encoding="utf-8")
    rename(course, "ada", "Countess", "")
    rename(course, "other", "Typed", "Byhand")
    archive = write_zip(tmp_path / "x.zip", {f"lovelaceada_4711_1_{NB}": notebook()})
    for _ in range(2):
        with planned(course, WEEK, archive, roster) as plan:
            carry_out(course, WEEK, plan)
    assert names_of(course) == {
        "ada": ("Ada", "Lovelace", "ada@uni.edu", "4711"),
        "anna1": ("Anna", "Schmidt", "anna1@uni.edu", "4712"),
        "anna2": ("Anna", "Schmidt", "anna2@uni.edu", "4713"),
        "other": ("Typed", "Byhand", None, None),
    }


def names_of(course: Course) -> dict[str, tuple[str | None, ...]]:
    from autograder.record.database import open_gradebook

    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        return {
            one.id: (one.first_name, one.last_name, one.email, one.lms_user_id) for one in gradebook.students
        }


def rename(course: Course, student: str, first: str, last: str) -> None:
    from autograder.record.database import open_gradebook

    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        gradebook.update_or_create_student(student, first_name=first, last_name=last or None)
