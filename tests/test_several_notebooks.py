"""An assignment of several notebooks: marks are those of the whole, and every notebook is told apart."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from pages_samples import parsed, text_of
from several_samples import WEEK, grade, make_course
from tiny_course import write

from autograder.course import Course, CourseError
from autograder.export import export_week
from autograder.pages.lesson import answers_of, place_of
from autograder.pages.similar import similarity_page
from autograder.record.database import open_gradebook
from autograder.record.late import late_policy
from autograder.record.pages import write_feedback, write_report
from autograder.record.results import load_result
from autograder.record.writer import Writer
from autograder.similar import similar_answers
from autograder.spec import load_assignment

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Grade the class; then somebody marks ann's essays, and hal hands in."""
    course = make_course(tmp_path_factory.mktemp("physics"))
    grade(course)
    with open_gradebook(course.gradebook_url, "physics") as gradebook:
        for notebook, score in (("p1", 1.5), ("p2", 0.5)):
            mark = gradebook.find_grade("essay", notebook, WEEK, "ann")
            mark.manual_score, mark.needs_manual_grade = score, False
        gradebook.find_comment("essay", "p1", WEEK, "ann").manual_comment = "A fine colour."
        gradebook.find_comment("answer", "p2", WEEK, "ann").manual_comment = "Newton would agree."
        gradebook.db.commit()
    shutil.copytree(course.submitted(WEEK, "gil"), course.submitted(WEEK, "hal"))
    return course


@pytest.fixture
def course(graded: Course, tmp_path: Path) -> Course:
    return Course.find(Path(shutil.copytree(graded.root, tmp_path / "course")))


def exported(course: Course) -> dict[str, dict[str, str]]:
    with export_week(course, WEEK, "csv").path.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


# student: status, score, penalty, marks before it
STANDINGS = {
    "ann": ("graded", "9", "", "9"),
    "bob": ("graded", "2", "2", "4"),
    "cat": ("graded", "4", "", "4"),
    "dan": ("error", "", "", ""),
    "eve": ("zero", "0", "", "0"),
    "fay": ("graded", "4", "", "4"),
    "gil": ("graded", "7", "", "7"),
    "hal": ("not graded", "", "", ""),
}


def test_exported_marks_are_those_of_all_notebooks(course: Course) -> None:
    found = exported(course)
    columns = ("status", "score", "penalty", "score_before_penalty")
    assert {name: tuple(row[column] for column in columns) for name, row in found.items()} == STANDINGS
    assert {row["max_score"] for row in found.values()} == {"10"}
    assert found["dan"]["reason"].startswith("p2: ")
    assert found["bob"]["hours_late"] == "2.50"


def test_report_is_about_the_whole_assignment_and_tells_notebooks_apart(course: Course) -> None:
    text = text_of(write_report(course, WEEK).read_text(encoding="utf-8"))
    assert "6 of 8 submissions graded, 1 needs a person, 1 not yet" in text
    assert "Mean 4.33, median 4 of 7 marks; from 0 to 7" in text
    assert "dan p2: " in text
    assert 'Run: autograder grade "Problem Set 1" hal : p1, p2' in text
    items = text[text.index("Exercise Marks Share of marks") : text.index("Checks that failed most")]
    assert re.search(r"p1 Doubling 3 .* Means 1 .* p2 answer test 2 .* source test 1 ", items)
    assert "fewer than" not in items
    assert "answer test p1/answer_test 2 5 40 %" in text
    assert "Colours 2 1 0 5" in text
    assert "ann (p1 of ann, p2 of ann) 4 3 7" in text
    assert "Other notebooks" not in text


def test_students_who_are_excluded_are_not_missed(course: Course) -> None:
    config = course.root / "nbgrader_config.py"
    write(config, f"{config.read_text()}c.CourseDirectory.student_id_exclude = 'hal'\n")
    assert "hal" not in exported(course)
    assert " hal " not in text_of(write_report(course, WEEK).read_text(encoding="utf-8"))


def test_report_links_to_every_feedback_page_where_the_course_keeps_them(course: Course) -> None:
    path = write_report(course, WEEK)
    links = [at["href"] or "" for tag, at in parsed(path.read_text(encoding="utf-8")).tags if tag == "a"]
    assert "../returned/ann/Problem%20Set%201/p2.html" in links
    assert all((path.parent / link.replace("%20", " ")).is_file() for link in links)


def test_each_notebook_has_a_feedback_page_without_hidden_tests(course: Course) -> None:
    pages = {
        path.relative_to(course.root / "returned").as_posix(): path for path in write_feedback(course, WEEK)
    }
    assert len(pages) == 14
    for path in pages.values():
        page = path.read_text(encoding="utf-8")
        assert "HIDDEN" not in page
        assert "assert " not in page
    first, second = (text_of(pages[f"ann/{WEEK}/{name}.html"].read_text()) for name in ("p1", "p2"))
    assert "5.5 of 6 marks" in first
    assert "A fine colour." in first
    assert "def double(x): return 2 * x" in first
    assert "3.5 of 4 marks" in second
    assert "Newton would agree." in second
    assert "A fine colour." not in second
    assert "These are the marks of this notebook. p1 has a page of its own." in second


def test_feedback_says_what_lateness_cost(course: Course) -> None:
    write_feedback(course, WEEK)
    text = text_of((course.feedback(WEEK, "bob") / "p2.html").read_text(encoding="utf-8"))
    assert "2 of 4 marks 3 for your answers, less 1 because it was handed in 2.5 hours late." in text
    assert "Handed in late −1 Total 2 4" in text
    assert (
        "handed in late"
        not in text_of((course.feedback(WEEK, "cat") / "p1.html").read_text(encoding="utf-8")).lower()
    )


def test_similar_answers_are_named_after_their_notebook(course: Course) -> None:
    found = similar_answers(course, WEEK)
    alike = {(pair.exercise, pair.students) for pair in found.pairs}
    assert ("p2/answer", ("fay", "gil")) in alike
    assert not any("p1" in exercise and "gil" in students for exercise, students in alike)
    assert [(one.student, one.reason[:4]) for one in found.unread] == [("dan", "p2: ")]
    text = text_of(similarity_page(found))
    assert "fay and gil p2: answer" in text


def test_a_notebook_that_nobody_graded_yet_is_no_lost_mark(course: Course, tmp_path: Path) -> None:
    fresh = make_course(tmp_path / "fresh")
    saved = load_result(course.results(WEEK, "gil", "p1"))
    assert saved is not None
    with Writer(fresh, load_assignment(fresh, WEEK, "p1")) as writer:
        writer.write(saved)
    gil = exported(fresh)["gil"]
    assert (gil["status"], gil["score"], gil["score_before_penalty"]) == ("not graded", "", "4")
    assert (gil["max_score"], gil["reason"]) == ("10", "Not graded yet: p2.")
    text = text_of(write_report(fresh, WEEK).read_text(encoding="utf-8"))
    assert "the notebook p2 , of everybody" in text
    assert "1 of 7 submissions graded, 6 not yet" in text
    assert "4 of 4 marks" in text


def test_a_result_for_one_of_two_notebooks_waits_for_the_other(course: Course) -> None:
    shutil.rmtree(course.results(WEEK, "gil", "p2"))
    text = text_of(write_report(course, WEEK).read_text(encoding="utf-8"))
    assert "gil : p2" in text
    assert "gil (p1" not in text


HEAD = "from nbgrader.plugins import LateSubmissionPlugin\nclass ByHour(LateSubmissionPlugin):\n"
METHOD = "    def late_submission_penalty(self, student_id, score, total_seconds_late): return "
# (the module of the late plugin, part of the sentence about it)
PLUGINS = [
    (None, "The late plugin rule0.ByHour cannot be loaded: .*Put its module beside nbgrader_config.py"),
    ("class Other: pass", "The late plugin rule1.ByHour cannot be loaded"),
    ("import nothing_like_it", "No module named 'nothing_like_it'"),
    (f"{HEAD}{METHOD}'all'", "The late plugin ByHour fails for bob, 9000 s late"),
    (f"{HEAD}{METHOD}float('nan')", "nan is no number of marks"),
]


@pytest.mark.parametrize("number", range(len(PLUGINS)))
def test_a_late_plugin_that_does_not_work_is_told_in_one_sentence(tmp_path: Path, number: int) -> None:
    module, sentence = PLUGINS[number]
    settings = f"c = get_config()\nc.AssignLatePenalties.plugin_class = 'rule{number}.ByHour'\n"
    write(tmp_path / "nbgrader_config.py", settings)
    if module is not None:
        write(tmp_path / f"rule{number}.py", module)
    with pytest.raises(CourseError, match=sentence):
        late_policy(Course.find(tmp_path)).penalty("bob", 3.0, 9000.0)


# (first line of a class list, heading of the marks in what is exported for Canvas)
HEADINGS = [
    ("student_id,Problem Set 1 (4711),Other", "Problem Set 1 (4711)"),
    ("student_id,problem_set_1,Other", "problem_set_1"),
    ("student_id,Problem,Other", "Problem Set 1"),
]


@pytest.mark.parametrize(("head", "heading"), HEADINGS)
def test_marks_go_into_the_column_of_the_class_list_that_is_called_like_the_assignment(
    course: Course, head: str, heading: str
) -> None:
    write(course.root / "class.csv", f"{head}\nann,,\n")
    first = export_week(course, WEEK, "canvas", course.root / "class.csv").path.read_text().splitlines()[0]
    assert first.endswith(f",Section,{heading}")


def test_cells_of_other_peoples_courses_are_called_after_the_heading_above_them(course: Course) -> None:
    first, second = (load_assignment(course, WEEK, name) for name in ("p1", "p2"))
    titles = {name: place_of(name, first).title for name in ("answer", "answer_test", "essay", "mean_test")}
    assert titles == {
        "answer": "Doubling", "answer_test": "Doubling", "essay": "Colours", "mean_test": "Means"
    }  # fmt: skip
    assert place_of("source_test", second).title == "source test"
    answers = {name: answers_of(name, second) for name in ("answer_test", "source_test", "essay")}
    assert answers == {"answer_test": ("answer",), "source_test": (), "essay": ("essay",)}


def rename(course: Course, old: str, new: str) -> None:
    course.source(WEEK, old).rename(course.source(WEEK, new))


def in_gradebook(course: Course) -> set[str]:
    """Bring the gradebook up to date with the source, and return the notebooks that it has."""
    with Writer(course, load_assignment(course, WEEK, course.notebooks(WEEK)[0])) as writer:
        return {notebook.name for notebook in writer.gradebook.find_assignment(WEEK).notebooks}


def forget_marks_by_hand(course: Course) -> None:
    """Do what somebody does in the Formgrader who empties every mark and comment."""
    with open_gradebook(course.gradebook_url, "physics") as gradebook:
        for notebook in ("p1", "p2"):
            gradebook.find_grade("essay", notebook, WEEK, "ann").manual_score = None
            for cell in ("essay", "answer"):
                gradebook.find_comment(cell, notebook, WEEK, "ann").manual_comment = ""
        gradebook.db.commit()


@pytest.mark.parametrize("new", ["p3", None], ids=["renamed", "removed"])
def test_a_notebook_that_is_gone_counts_nowhere_and_is_kept_while_it_has_marks_by_hand(
    course: Course, new: str | None
) -> None:
    rename(course, "p2", new or "../p2")
    found = exported(course)
    assert {row["max_score"] for row in found.values()} == {"10" if new else "6"}
    standing = ("not graded", "") if new else ("graded", "5.5")
    assert (found["ann"]["status"], found["ann"]["score"]) == standing
    with pytest.raises(CourseError, match=r"no longer has p2\.ipynb, but a person marked it for ann"):
        in_gradebook(course)
    forget_marks_by_hand(course)
    assert in_gradebook(course) == {"p1"}


def test_a_notebook_that_comes_back_has_its_marks_again_without_being_judged(course: Course) -> None:
    forget_marks_by_hand(course)
    before = exported(course)["bob"]
    rename(course, "p2", "p3")
    assert in_gradebook(course) == {"p1"}
    rename(course, "p3", "p2")
    assert not any(one.fresh for one in grade(course, students=("bob",)))
    assert exported(course)["bob"] == before


def test_a_renamed_only_notebook_is_not_graded_yet(course: Course) -> None:
    course.source(WEEK, "p2").unlink()
    rename(course, "p1", "first")
    found = exported(course)["bob"]
    assert (found["status"], found["score"], found["max_score"]) == ("not graded", "", "6")
