"""One truth about marks: table, page, report, exports and `--json` tell the same of everybody.

What counts is decided in the gradebook. Each student is in another situation, and each place is asked.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from export_samples import BROKEN, DUE, begin, make_course_with_penalties, record_result
from hypothesis import given
from hypothesis import strategies as st
from tiny_course import WEEK

from autograder.course import Course
from autograder.export import export_week
from autograder.graded import Graded
from autograder.marks.count import Marks
from autograder.marks_view import as_it_stands, in_gradebook, line_of
from autograder.model import ExecutedCell, ExerciseResult, SubmissionResult
from autograder.record.database import open_gradebook
from autograder.record.pages import write_feedback, write_report
from autograder.record.results import load_result
from autograder.spec import Assignment, load_assignment
from autograder.standing import class_standings, standing_of

# Not over yet: solutions, which are told then, are not what is asked here.
LATER = DUE.replace(year=2126)
IN_TIME, TWO_HOURS_LATE = "2126-03-02 11:00:00 UTC", "2126-03-02 14:30:00 UTC"


@dataclass(frozen=True)
class Case:
    """Hold what a student did, what a person gave, and what every place must say: so far and waiting."""

    checks: tuple[float, float]  # of 4 and of 1
    answered: bool
    score: float
    waiting: float
    by_hand: dict[str, float] = field(default_factory=dict)  # by grade_id
    extra: float = 0.0
    when: str = IN_TIME
    broken: bool = False
    flagged: bool = False


CASES = {
    "answered": Case((4, 1), True, 5, 2),
    "untouched": Case((4, 1), False, 5, 0),
    "marked": Case((4, 0), True, 5.5, 0, {"written_why": 1.5}),
    "overruled": Case((1, 1), False, 4, 0, {"double_check": 3}),
    "extra": Case((4, 1), True, 7.5, 0, {"written_why": 2}, extra=0.5),
    "late": Case((4, 0), False, 3, 0, when=TWO_HOURS_LATE),
    "late-waiting": Case((4, 0), True, 3, 2, when=TWO_HOURS_LATE),
    "flagged": Case((4, 1), True, 6, 2, {"written_why": 1}, flagged=True),
    "broken": Case((0, 0), False, 0, 7, broken=True),
    "broken-marked": Case(
        (0, 0), False, 4, 0, {"double_check": 2, "gq2_check": 1, "written_why": 1}, broken=True
    ),
    "nothing": Case((0, 0), False, 0, 0),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A recorded class with one student in each situation, its pages and report written."""
    course = make_course_with_penalties(tmp_path_factory.mktemp("truth"))
    assignment = load_assignment(course, WEEK)
    with open_gradebook(course.gradebook_url) as gradebook:
        begin(gradebook, assignment, LATER)
        for student, case in CASES.items():
            record_result(course, gradebook, assignment, result_of(student, case, assignment), case.when)
            mark_by_hand(gradebook, student, case)
    write_feedback(course, WEEK)
    write_report(course, WEEK)
    return course


def result_of(student: str, case: Case, assignment: Assignment) -> SubmissionResult:
    """Return what grading gave a student."""
    names = [assignment.by_id[name].exercise or "" for name in ("double_check", "gq2_check")]
    checked = [
        ExerciseResult(name, got, of) for name, got, of in zip(names, case.checks, (4.0, 1.0), strict=True)
    ]
    exercises = (*checked, ExerciseResult("written_why", 0.0, 2.0, manual=True))
    if case.broken:
        return SubmissionResult(student, WEEK, "needs a human", BROKEN, exercises)
    texts = {"written_why": "It is linear."} if case.answered else {}
    cells = tuple(
        ExecutedCell(cell.grade_id, cell.cell_type, texts.get(cell.grade_id or "", cell.released_source))
        for cell in assignment.cells
    )
    return SubmissionResult(student, WEEK, "graded", exercises=exercises, cells=cells)


def mark_by_hand(gradebook: Any, student: str, case: Case) -> None:
    """Do what the Formgrader does."""
    for name, score in case.by_hand.items():
        grade = gradebook.find_grade(name, WEEK, WEEK, student)
        grade.manual_score, grade.needs_manual_grade = score, case.flagged
        grade.extra_credit = case.extra or None
    gradebook.db.commit()


def words_of(page: Path) -> str:
    """Return what a page says."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))).split())


def table(course: Course, student: str) -> tuple[float, float]:
    """Return what the table of `autograder grade` says: marks so far, and what waits."""
    saved = load_result(course.results(WEEK, student))
    assert saved is not None
    line = as_it_stands(line_of(Graded(saved.result, fresh=True)), standing_of(course, WEEK, student))
    score, of = line.points.split(" / ")
    assert of == "7"
    if line.status != "graded":
        assert line.story.startswith("needs a human")
        return float(score), 7
    waits = re.match(r"([\d.]+) of 7 marks waits? for a person", line.story)
    return float(score), float(waits[1]) if waits else 0


def as_json(course: Course, student: str) -> tuple[float, float]:
    """Return what `--json` says."""
    told = in_gradebook(standing_of(course, WEEK, student), WEEK)
    assert told is not None
    assert told["final"] is (told["waiting"] == 0)
    assert told["maximum"] == 7
    return told["score"], told["waiting"]


def page(course: Course, student: str) -> tuple[float, float]:
    """Return what a student's feedback page says."""
    words = words_of(course.feedback(WEEK, student) / f"{WEEK}.html")
    if "No marks yet" in words:
        found = re.search(r"No marks yet \(([\d.]+) of 7 so far\)", words)
        assert found
        assert "A person has to look" in words
        return float(found[1]), 7
    found = re.search(r"([\d.]+) of 7 marks( so far)?", words)
    assert found
    waits = re.search(r"([\d.]+) of 7 marks waits? for a person", words)
    assert bool(waits) is bool(found[2])
    total = re.search(r"Total ([\d.]+) 7", words)
    assert total
    assert total[1] == found[1]
    return float(found[1]), float(waits[1]) if waits else 0


def report(course: Course, student: str) -> tuple[float, float]:
    """Return what the report says in its table of students; of what waits it says that something does."""
    words = words_of(course.report(WEEK))
    found = re.search(rf" {student} (?:[\d.–]+ )*(?:… needs a person )?([\d.]+) / 7( so far)?", words)
    assert found, words
    return float(found[1]), CASES[student].waiting if found[2] else 0


def exported(course: Course, student: str) -> tuple[float, float]:
    """Return what the spreadsheet says: a mark where it is final, else what is known."""
    with export_week(course, WEEK, "csv").path.open(encoding="utf-8") as file:
        (row,) = [row for row in csv.DictReader(file) if row["student"] == student]
    if row["score"]:
        return float(row["score"]), 0
    if row["status"] == "error":
        return 0, 7
    told = re.search(r"([\d.]+) of 7 marks so far; ([\d.]+) of 7 marks waits? for a person", row["reason"])
    assert told, row
    return float(told[1]), float(told[2])


PLACES: list[Callable[[Course, str], tuple[float, float]]] = [table, as_json, page, report, exported]


@pytest.mark.parametrize("student", CASES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_every_place_tells_the_same_marks(
    course: Course, place: Callable[[Course, str], tuple[float, float]], student: str
) -> None:
    assert place(course, student) == (CASES[student].score, CASES[student].waiting)


def test_the_report_counts_final_marks_and_says_who_waits(course: Course) -> None:
    words = words_of(course.report(WEEK))
    final = [case.score for case in CASES.values() if not case.waiting]
    mean = sum(final) / len(final)
    assert f"{len(final)} final, mean {mean:.2f}".rstrip("0") in words
    assert "3 students wait for a person" in words


def test_canvas_and_moodle_get_no_mark_that_is_not_final(course: Course) -> None:
    for target in ("canvas", "moodle"):
        text = export_week(course, WEEK, target).path.read_text(encoding="utf-8")
        lines = {line.split(",")[0]: line for line in text.splitlines()}
        assert re.search(r",5\.5(,|$)", lines["marked"])
        assert not re.search(r",5(,|$)", lines["answered"])
    assert "5 of 7 marks so far; 2 of 7 marks wait for a person." in text


def test_one_student_and_the_class_are_looked_up_alike(course: Course) -> None:
    standings, _, maximum = class_standings(course, WEEK)
    assert maximum == 7
    assert {name: standing_of(course, WEEK, name) for name in CASES} == {
        name: standings[name] for name in CASES
    }


MARKS = st.floats(0, 100).map(lambda value: round(value * 4) / 4)


@given(earned=MARKS, waiting=MARKS, taken=MARKS, maximum=MARKS, answers=st.integers(0, 5))
def test_the_words_say_the_numbers(
    earned: float, waiting: float, taken: float, maximum: float, answers: int
) -> None:
    marks = Marks(earned, maximum, waiting, answers, taken)
    numbers = [float(number) for number in re.findall(r"[\d.]+", marks.told)]
    assert numbers[:2] == [marks.score, maximum]
    assert marks.score == max(earned - taken, 0)
    assert ("so far" in marks.told) is (answers > 0) is not marks.final
    assert numbers[2:] == ([] if marks.final else [waiting, maximum])
    both = marks + replace(marks, answers=answers)
    assert (both.earned, both.waiting, both.answers) == (2 * earned, 2 * waiting, 2 * answers)
