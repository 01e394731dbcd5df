"""The class report: what it counts is right, and it says what it leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pages_samples import ASSIGNMENT, BROKEN, FAILED, PASSED, assert_harmless, exercise, parsed, result

from autograder.model import CheckResult, ExerciseResult, Finding
from autograder.pages.analysis import (
    check_statistics,
    distribution,
    exercise_statistics,
    mistake_statistics,
    summary,
)
from autograder.pages.report import class_report


def scored(student, *scores):
    """Return a result with these marks of 2 for exercises called a, b, …"""
    names = "abcdefgh"[: len(scores)]
    done = tuple(ExerciseResult(name, score, 2.0) for name, score in zip(names, scores, strict=True))
    return result(student, exercises=done)


def report_text(*results):
    return " ".join(parsed(class_report(results, ASSIGNMENT)).text.split())


# marks of the students in exercises a and b, difficulty of a, discrimination of a (None = not shown)
ITEMS = [
    ([(0, 0), (1, 1), (2, 2), (1, 1), (0, 0)], 0.4, 1.0),
    ([(2, 0), (1, 1), (0, 2), (1, 1), (2, 0)], 0.6, -1.0),
    ([(2, 0), (2, 1), (2, 2), (2, 1), (2, 0)], 1.0, None),
    ([(0, 0), (1, 1), (2, 2), (2, 2)], 0.625, None),
]


@pytest.mark.parametrize(("marks", "difficulty", "discrimination"), ITEMS)
def test_difficulty_and_discrimination_of_an_exercise(marks, difficulty, discrimination):
    first = exercise_statistics([scored(str(n), *pair) for n, pair in enumerate(marks)])[0]
    assert first.difficulty == pytest.approx(difficulty)
    assert first.discrimination == (None if discrimination is None else pytest.approx(discrimination))
    assert bool(first.why_not) is (discrimination is None)


# marks of the students, marks to be had, number of students in each bar
DISTRIBUTIONS = [
    ([], 3, [0, 0, 0]),
    ([0, 0.9, 1, 2.99, 3], 3, [2, 1, 2]),
    ([-1, 5], 3, [1, 0, 1]),
    ([0.25], 0.5, [1]),
    ([0], 0, [1]),
    ([29, 30], 30, [0] * 9 + [2]),
]


@pytest.mark.parametrize(("scores", "marks", "counts"), DISTRIBUTIONS)
def test_every_student_is_in_one_bar_of_the_distribution(scores, marks, counts):
    bars = distribution([scored(str(n), score) for n, score in enumerate(scores)], marks)
    assert [bar.count for bar in bars] == counts
    assert bars[-1].high == marks


def test_the_summary_leaves_out_what_people_mark():
    done = (exercise(PASSED), ExerciseResult("written_why", 3.0, 3.0, manual=True))
    assert summary([result(exercises=done)]).mean == 0.75
    assert summary([]) is None
    assert "Written answers (3 marks) are marked by people" in report_text(result())


def test_checks_that_fail_most_come_first_and_broken_ones_are_told_apart():
    results = [result("a"), result("b", exercises=(exercise(replace(PASSED, passed=False), FAILED, BROKEN),))]
    rows = check_statistics(results)
    assert [(row.check, row.failed, row.undecided, row.judged) for row in rows] == [
        ("negative_errors_count_too", 2, 0, 2),
        ("small_errors_count_half_their_square", 1, 0, 2),
        ("gradients_flow", 0, 1, 1),
    ]
    assert "The fault is in the check" in report_text(*results)


def test_common_mistakes_come_with_the_sentence_to_say_and_who_made_them():
    named = exercise(FAILED, mistake="no_absolute_value", sentence="Take the absolute value first.")
    results = [result(name, exercises=(named,)) for name in ("zoe", "ada")] + [result("bob")]
    assert mistake_statistics(results)[0].students == ("ada", "zoe")
    text = report_text(*results)
    assert "2 huber: no absolute value Take the absolute value first. (ada, zoe)" in text


def test_those_who_need_a_person_are_listed_with_the_reason_and_not_counted():
    stuck = result("nora", status="needs a human", reason="The notebook breaks off.")
    text = report_text(result("ada"), stuck)
    assert "1 of 2 submissions graded, 1 needs a person" in text
    assert "nora The notebook breaks off." in text
    assert "Mean 0.75, median 0.75 of 2 marks" in text


def test_repaired_and_suspicious_submissions_are_listed_apart():
    findings = (Finding("repaired", "A cell was put back."), Finding("suspicious", "Marks had been changed."))
    text = report_text(result("ada", findings=findings), result("bob"))
    assert text.index("attempt to gain marks") < text.index("ada : Marks had been changed.")
    assert text.index("What was put right") < text.index("ada : A cell was put back.")


def test_every_student_and_every_mark_is_in_the_table():
    results = [
        result(f"student{n}", exercises=(exercise(CheckResult("x", 0.01 * n, True)),), seconds=n)
        for n in range(1, 9)
    ]
    text = report_text(*results)
    for n in range(1, 9):
        assert f"student{n} {0.01 * n:g} {0.01 * n:g}" in text
    assert "36.0 seconds in all, 4.5 for the middle submission and 8.0 for the longest" in text


@pytest.mark.parametrize("results", [[], [result(status="needs a human", reason="Nothing was handed in.")]])
def test_a_report_without_a_graded_submission_is_still_a_page(results):
    page = class_report(results, ASSIGNMENT)
    assert_harmless(page)
    assert "0</strong> of" in page


def test_the_figure_has_a_text_twin_with_the_same_numbers():
    reader = parsed(class_report([result("a"), result("b")], ASSIGNMENT))
    assert "0 to under 1 2 1 to 2 0" in " ".join(reader.text.split())
    assert [at["role"] for tag, at in reader.tags if tag == "svg" and "role" in at] == ["img"]
