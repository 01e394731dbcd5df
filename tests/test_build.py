"""Text becomes notebooks: the same every time, without losing anybody's work."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from jupytext.cli import jupytext
from tiny_course import LESSON, WEEK, make_tiny_course, write

from autograder.build import build_weeks, release_gate
from autograder.build.syllabus import syllabus_marks
from autograder.course import Course, CourseError, short_name
from autograder.spec import load_assignment


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return make_tiny_course(tmp_path)


@pytest.fixture
def built(course: Course) -> Course:
    build_weeks(course, [WEEK])
    return course


def cells_of(path: Path) -> dict[str, str]:
    return {
        c.metadata.get("nbgrader", {}).get("grade_id", c.id): c.source for c in nbformat.read(path, 4).cells
    }


def make_newer(path: Path, than: Path) -> None:
    seconds = than.stat().st_mtime + 10
    os.utime(path, (seconds, seconds))


def edit_source(course: Course, old: str, new: str) -> None:
    path = course.source(WEEK)
    path.write_text(path.read_text().replace(old, new))
    make_newer(path, course.lesson(WEEK))


def test_two_builds_of_the_same_text_are_byte_identical(tmp_path: Path) -> None:
    courses = [make_tiny_course(tmp_path / name) for name in ("one", "two") if not (tmp_path / name).mkdir()]
    for course in courses:
        (result,) = build_weeks(course, [WEEK])
        assert result.problems == ()
        assert result.marks == 7
    for path in (Course.source, Course.release):
        one, two = (path(course, WEEK).read_bytes() for course in courses)
        assert one == two


def test_a_second_build_writes_nothing(built: Course) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.root.rglob("*") if path.is_file()}
    (result,) = build_weeks(built, [WEEK])
    assert result.changed == ()
    assert {path: path.stat().st_mtime_ns for path in built.root.rglob("*") if path.is_file()} == before


def test_cells_are_numbered_and_a_release_keeps_their_ids(built: Course) -> None:
    source, release = (nbformat.read(path(built, WEEK), 4).cells for path in (Course.source, Course.release))
    assert [cell.id for cell in source] == [f"week03-{n:03d}" for n in range(1, len(source) + 1)]
    assert [cell.id for cell in release] == [cell.id for cell in source]


def test_students_get_stubs_and_a_choice_stays_an_empty_answer(built: Course) -> None:
    cells = cells_of(built.release(WEEK))
    assert cells["double"].endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    names: dict[str, str] = {}
    exec(cells["gq2"], names)
    assert names["answer_gq2"] == ""
    assert cells["written_why"] == (
        "*YOUR ANSWER HERE: double-click this line, or select it and press Enter, and write in its place.*"
    )
    assert cells["why"].strip() == "Say in two sentences why doubling is linear."
    assert cells["double_check"] == "# The hidden checks for double run when your work is graded."


def test_support_files_travel_and_stale_ones_go(built: Course) -> None:
    figures = built.lesson(WEEK).with_name("tiny_figures.py")
    write(figures, "COLOURS = 3\n")
    build_weeks(built, [WEEK])
    names = {"tiny_figures.py", "utils.py", "lesson_data.json", f"{WEEK}.ipynb"}
    for folder in (built.source(WEEK).parent, built.release(WEEK).parent):
        assert {path.name for path in folder.iterdir()} == names
    figures.unlink()
    build_weeks(built, [WEEK])
    for folder in (built.source(WEEK).parent, built.release(WEEK).parent):
        assert {path.name for path in folder.iterdir()} == names - {"tiny_figures.py"}


def test_a_clone_without_copies_in_source_is_graded_with_the_files_of_its_release(built: Course) -> None:
    support = load_assignment(built, WEEK).support
    assert {"utils.py", "lesson_data.json"} <= support.keys()
    for path in built.source(WEEK).parent.iterdir():
        if path.suffix != ".ipynb":
            path.unlink()
    assert load_assignment(built, WEEK).support == support


def test_check_says_what_is_out_of_date_and_writes_nothing(built: Course) -> None:
    write(built.lesson(WEEK), LESSON.replace("# Doubling", "# Twice"))
    before = built.source(WEEK).read_bytes()
    (result,) = build_weeks(built, [WEEK], check=True)
    assert [problem.split()[0] for problem in result.problems] == [
        f"source/{WEEK}/{WEEK}.ipynb",
        f"release/{WEEK}/{WEEK}.ipynb",
    ]
    assert built.source(WEEK).read_bytes() == before


def test_a_clone_lacks_copies_in_source_but_its_releases_are_complete(built: Course) -> None:
    built.source(WEEK).with_name("utils.py").unlink()
    (result,) = build_weeks(built, [WEEK], check=True)
    assert result.problems == ()
    outdated = (f"release/{WEEK}/utils.py is out of date. Run: autograder build {WEEK}",)
    copy = built.release(WEEK).with_name("utils.py")
    for change in (lambda: write(copy, "old = True\n"), copy.unlink):
        change()
        (result,) = build_weeks(built, [WEEK], check=True)
        assert result.problems == outdated


def test_newer_edits_in_source_are_refused_and_the_named_command_carries_them_back(
    built: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_source(built, "Return twice x.", "Return x two times.")
    with pytest.raises(CourseError, match="was edited after") as refusal:
        build_weeks(built, [WEEK])
    command = re.search(r"run: jupytext (--sync \S+)", str(refusal.value))
    assert command
    monkeypatch.chdir(built.root)
    jupytext(command[1].split())
    assert "Return x two times." in built.lesson(WEEK).read_text()
    (result,) = build_weeks(built, [WEEK])
    assert result.problems == ()
    assert "Return x two times." in cells_of(built.release(WEEK))["double"]


@pytest.mark.parametrize(
    ("old", "new"), [('"points": 4', '"points": 3'), ("Return twice x.", "Twice x."), ('"demo"', '"example"')]
)
def test_texts_options_and_tags_are_what_an_edit_is(built: Course, old: str, new: str) -> None:
    edit_source(built, old, new)
    with pytest.raises(CourseError, match="--force"):
        build_weeks(built, [WEEK])
    (result,) = build_weeks(built, [WEEK], force=True)
    assert f"source/{WEEK}/{WEEK}.ipynb" in result.changed


def test_a_newer_notebook_with_the_same_content_is_no_edit(built: Course) -> None:
    edit_source(built, '"execution_count": null', '"execution_count": 7')
    (result,) = build_weeks(built, [WEEK])
    assert result.problems == ()


@pytest.mark.parametrize(
    ("old", "new"), [('"execution_count": null', '"execution_count": 1'), ("YOUR ANSWER HERE", "Because.")]
)
def test_work_done_in_a_release_is_not_overwritten(built: Course, old: str, new: str) -> None:
    path = built.release(WEEK)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CourseError, match="holds somebody's work"):
        build_weeks(built, [WEEK])
    build_weeks(built, [WEEK], force=True)
    assert release_gate(built, WEEK) == []


def test_a_lesson_that_fails_its_gate_leaves_the_release_alone(built: Course) -> None:
    before = built.release(WEEK).read_bytes()
    write(built.lesson(WEEK), LESSON.replace("# Doubling", "One way: `return x + the_number_once_more`."))
    (result,) = build_weeks(built, [WEEK])
    assert any("the solution of double" in problem for problem in result.problems)
    assert built.release(WEEK).read_bytes() == before


BROKEN_LESSONS = [
    ("    ### END SOLUTION\n", "", "the cell double has a BEGIN or END SOLUTION without its partner"),
    ("grade_id: gq2,", "grade_id: double,", "2 cells have the grade_id double"),
    (
        "nbgrader: {grade_id: gq2,",
        "nbgrader: [grade_id, gq2]  #",
        "has the nbgrader option ['grade_id', 'gq2']",
    ),
    ("solution: true", "sollution: true", "has the nbgrader option sollution, which does not exist"),
    ("points: 4", "points: many", "the cell double_check is graded but its points are not a number"),
    (
        '"grade_id": "why"',
        '"grade_id": "why", "locked": false',
        "the cell why holds a mark scheme but is not",
    ),
    ("grade_id: double_visible", "", "has nbgrader options without a grade_id"),
    (
        "grade_id: gq2_check, points: 1",
        "grade_id: gq2_check",
        "gq2_check holds hidden checks but carries no marks",
    ),
    ("solution: true", "solution: false", "the cell double holds a solution but is not marked as one"),
    ("nbgrader: {grade_id", "nbgrader: {grade_id: [", "is not a MyST notebook"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN_LESSONS)
def test_a_lesson_that_cannot_be_an_assignment_is_refused_in_one_sentence(
    course: Course, old: str, new: str, sentence: str
) -> None:
    write(course.lesson(WEEK), LESSON.replace(old, new, 1))
    with pytest.raises(CourseError, match=re.escape(sentence)):
        build_weeks(course, [WEEK])
    assert not course.source(WEEK).exists()


def test_the_syllabus_lists_every_week_and_links_those_that_exist() -> None:
    course = Course(ROOT)
    marks = syllabus_marks(course)
    assert list(marks.values()) == [0, 10, 12, 12, 12, 12, 12, 16, 14, 15, 20]
    text = (ROOT / "course" / "README.md").read_text()
    linked = re.findall(r"\((week\w+)/\1\.md\)", text)
    assert tuple(linked) == course.weeks()
    assert {short_name(week) for week in linked} <= set(marks)


def test_everything_in_shared_and_beside_the_lesson_goes_to_students_and_nothing_hidden(
    course: Course,
) -> None:
    write(course.shared / "helpers.py", "HELP = 1\n")
    write(course.shared / "table.csv", "1,2\n")
    write(course.lesson(WEEK).with_name("tiny_widgets.py"), "import helpers\n")
    (result,) = build_weeks(course, [WEEK])
    assert result.problems == ()
    names = {path.name for path in course.release(WEEK).parent.iterdir()}
    made = {f"{WEEK}.ipynb", "lesson_data.json"}
    assert names == made | {"utils.py", "helpers.py", "table.csv", "tiny_widgets.py"}


def test_a_file_of_the_week_may_not_hide_a_shared_one(course: Course) -> None:
    write(course.shared / "helpers.py", "HELP = 1\n")
    write(course.lesson(WEEK).with_name("helpers.py"), "HELP = 2\n")
    sentence = f"course/{WEEK}/helpers.py has the name of course/shared/helpers.py.* Rename it"
    with pytest.raises(CourseError, match=sentence):
        build_weeks(course, [WEEK])


def test_a_copy_of_a_hidden_module_is_refused(course: Course) -> None:
    write(course.lesson(WEEK).with_name("copy.py"), (course.hidden(WEEK) / "double.py").read_text())
    (result,) = build_weeks(course, [WEEK])
    assert any("is the hidden double.py" in problem for problem in result.problems)
    assert not course.release(WEEK).exists()
