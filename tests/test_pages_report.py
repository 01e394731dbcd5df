"""The class report: what it counts is right, and it says what it leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pages_samples import (
    ASSIGNMENT,
    BROKEN,
    FAILED,
    PASSED,
    Mark,
    assert_harmless,
    class_report,
    exercise,
    parsed,
    result,
    text_of,
)

from autograder.model import CheckResult, ExerciseResult, Finding
from autograder.pages.analysis import (
    check_statistics,
    distribution,
    exercise_statistics,
    mistake_statistics,
    summary,
    timing,
    unreadable_statistics,
    written_statistics,
)


def scored(student, *scores):
    """Return a result with these marks of 2 for exercises called a, b, …"""
    names = "abcdefgh"[: len(scores)]
    done = tuple(ExerciseResult(name, score, 2.0) for name, score in zip(names, scores, strict=True))
    return result(student, exercises=done)


def report_text(*results):
    return text_of(class_report(results, ASSIGNMENT))


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
    shown, _, below = text.partition("Exercises")
    assert "2 huber: no absolute value Take the absolute value first." in shown
    assert not {"ada", "zoe"} & set(shown.split("Mistakes to talk about in class")[1].split())
    assert "zoe 0 0 no absolute value" in below


MISSING = [
    ("no function", replace(FAILED, got="no such name"), None),
    ("a stub", replace(FAILED, got="'NotImplementedError'"), None),
    ("a blank letter", FAILED, "left_blank"),
]


@pytest.mark.parametrize(("check", "mistake"), [case[1:] for case in MISSING], ids=[c[0] for c in MISSING])
def test_who_has_no_answer_is_not_counted_among_those_whose_checks_failed(check, mistake):
    nothing = exercise(replace(PASSED, passed=False, got=check.got), check, mistake=mistake)
    rows = check_statistics([result("a"), result("b", exercises=(nothing,))])
    assert [(row.check, row.failed, row.judged) for row in rows] == [("negative_errors_count_too", 1, 1)]


def test_syntax_errors_are_counted_by_kind_and_nobody_is_named():
    def torn(student, message):
        error = {"output_type": "error", "ename": "SyntaxError", "evalue": f"{message} (<cell>, line 3)"}
        return result(student, outputs=[error])

    results = [torn("ada", "'(' was never closed"), torn("bob", "'[' was never closed"), result("cleo")]
    rows = unreadable_statistics([*results, torn("dan", "expected ':'")])
    assert [(row.words, row.answers, row.students) for row in rows] == [
        ("a bracket is not closed", ("huber",), 2),
        ("the colon at the end is missing", ("huber",), 1),
    ]
    text = report_text(*results)
    assert "2 a bracket is not closed huber" in text


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


def test_each_figure_has_a_text_twin_with_the_same_numbers():
    reader = parsed(class_report([result("a"), result("b", seconds=31.0)], ASSIGNMENT))
    text = " ".join(reader.text.split())
    assert "0 to under 1 2 1 to 2 0" in text
    assert "10 to under 15 1" in text
    assert "30 to 35 1" in text
    figures = [at for tag, at in reader.tags if tag == "svg" and "role" in at]
    assert [at["role"] for at in figures] == ["img", "img"]
    assert {at["aria-labelledby"] for at in figures} <= {at.get("id") for _, at in reader.tags}


# seconds that the submissions took, width of the ranges, number of submissions in each
TIMES = [
    ([], 0.1, [0]),
    ([0.0], 0.1, [1]),
    ([0.04, 0.9, 1.0], 0.1, [1] + [0] * 8 + [2]),
    ([1.2, 1.9, 31.0], 5, [2, 0, 0, 0, 0, 0, 1]),
    ([240.0], 50, [0, 0, 0, 0, 1]),
]


@pytest.mark.parametrize(("seconds", "width", "counts"), TIMES)
def test_every_submission_is_in_one_bar_of_the_times(seconds, width, counts):
    bars = timing([result(str(n), seconds=taken) for n, taken in enumerate(seconds)])
    assert [bar.count for bar in bars] == counts
    assert bars[0].high == pytest.approx(width)


def test_the_slowest_are_named():
    text = report_text(*(result(f"s{n}", seconds=float(n)) for n in range(8)))
    assert "The slowest: s7 (7.0 s), s6 (6.0 s), s5 (5.0 s), s4 (4.0 s), s3 (3.0 s)." in text


def test_written_answers_say_how_far_marking_is():
    by_hand = {
        "ada": {"written_why": Mark(3.0)},
        "bob": {"written_why": Mark(1.5, "Why?")},
        "cleo": {"written_why": Mark(2.0, waiting=True)},
        "dan": {"written_why": Mark(waiting=True)},
    }
    results = [result(name) for name in ("ada", "bob", "cleo", "dan", "eve")]
    (row,) = written_statistics(results, by_hand)
    assert (row.marked, row.waiting, row.unanswered, row.share) == (2, 2, 1, 0.75)
    text = text_of(class_report(results, ASSIGNMENT, by_hand))
    assert "GQ2 · Why? 3 2 2 1 75 %" in text
    assert "none marked yet" in report_text(*results)
