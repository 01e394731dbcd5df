"""The feedback page: nothing a student wrote becomes markup, nothing is loaded, and every number is there."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from pages_samples import (
    ASSIGNMENT,
    BROKEN,
    FAILED,
    HOSTILE,
    PASSED,
    PNG,
    SIZED,
    Mark,
    assert_harmless,
    class_report,
    everywhere,
    exercise,
    parsed,
    result,
    text_cell,
    text_of,
)

from autograder.judge.pictures import checked_picture
from autograder.model import ExecutedCell, ExerciseResult, Finding
from autograder.pages.feedback import Due, Lateness, feedback_page
from autograder.pages.solutions import Solution, solutions_of
from autograder.spec import SpecCell


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_a_student_wrote_becomes_markup(text):
    submission = everywhere(text)
    page = feedback_page(submission, ASSIGNMENT, {"huber": Mark(comment=text)})
    stuck = replace(submission, student="b" + text, status="needs a human", reason=text)
    for made in (page, class_report([submission, stuck], ASSIGNMENT), feedback_page(stuck, ASSIGNMENT)):
        assert_harmless(made)
    harmless = feedback_page(everywhere("plain words"), ASSIGNMENT, {"huber": Mark(comment="plain words")})
    assert len(parsed(page).tags) == len(parsed(harmless).tags)
    assert [tag for tag, _ in parsed(page).tags] == [tag for tag, _ in parsed(harmless).tags]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable()])
def test_a_student_still_reads_their_answer_as_they_wrote_it(text):
    assert parsed(feedback_page(everywhere(text), ASSIGNMENT)).text.count(text) >= 8


def test_a_written_answer_that_was_left_blank_is_not_said_to_wait_unless_somebody_is_asked():
    blank = result()
    blank = replace(blank, cells=(*blank.cells, ExecutedCell("written_why", "markdown", "*Here.*")))
    assert "a person will look at" not in parsed(feedback_page(blank, ASSIGNMENT)).text
    asked = feedback_page(blank, ASSIGNMENT, {"written_why": Mark(waiting=True)})
    assert "Not final yet: a person will look at" in parsed(asked).text


# hours that a notebook was late, marks that this costs, what the page says
LATE = [
    (0.004, 0.5, "less 0.5 because it was handed in 1 minute late."),
    (0.5, 0.5, "0.75 for your answers, less 0.5 because it was handed in 30 minutes late."),
    (1.0, 5.0, "0.75 for your answers, less 5 because it was handed in 1 hour late."),
    (47.95, 0.0, "It was handed in 48 hours late, which costs no marks."),
    (60.0, 0.0, "It was handed in 2.5 days late, which costs no marks."),
]


@pytest.mark.parametrize(("hours", "taken", "words"), LATE)
def test_feedback_says_what_lateness_costs(hours, taken, words):
    text = text_of(feedback_page(result(), ASSIGNMENT, late=Lateness(hours, taken)))
    assert words in text
    assert f"{max(0.75 - taken, 0):g} of 5 marks" in text


def test_feedback_says_what_was_tried_what_came_back_and_what_to_do():
    text = parsed(feedback_page(result(), ASSIGNMENT)).text
    for words in ("huber([-3], [0])", "-1.5", "2.5", "take the absolute value", "negative errors count too",
                  "small errors count half their square", "1 of 2 checks did not pass", "GQ1 · huber",
                  "the section “2. When one point goes wild” of", "def huber(): pass"):  # fmt: skip
        assert words in text


def test_every_number_of_the_record_is_on_the_page():
    findings = (Finding("repaired", "The locked cell huber_visible had been edited: the original was used."),)
    checks = (PASSED, FAILED, replace(BROKEN, marks=0.125), replace(PASSED, name="more", marks=0.375))
    page = feedback_page(result(exercises=(exercise(*checks, marks=2.5),), findings=findings), ASSIGNMENT)
    text = parsed(page).text
    for number in ("0.75", "1.25", "0.12", "0.38", "1.12 of 2.5 marks", "4711", "12.3 seconds", "namespaces"):
        assert number in text
    assert findings[0].text in text


def test_the_tutors_sentence_comes_before_the_checks():
    named = exercise(FAILED, mistake="no_absolute_value", sentence="You compare the signed error with delta.")
    text = parsed(feedback_page(result(exercises=(named,)), ASSIGNMENT)).text
    assert 0 < text.index("You compare the signed error") < text.index("huber([-3], [0])")


def test_one_mistake_behind_all_failed_checks_stands_alone_and_the_checks_are_folded():
    named = exercise(PASSED, FAILED, mistake="relation: sign", sentence="The sign is wrong.")
    page = feedback_page(result(exercises=(named,)), ASSIGNMENT)
    folded = page.partition("<details>")[2].partition("</details>")[0]
    assert "What was tried" in folded
    assert "huber([-3], [0])" in folded
    assert "take the absolute value" not in page
    assert "What did not pass" not in page


def test_a_mistake_explains_nothing_about_a_second_function_that_is_missing():
    second = replace(FAILED, name="second", got="no such name", hint="write the second function")
    named = exercise(FAILED, second, mistake="relation: sign", sentence="The sign is wrong.")
    page = feedback_page(result(exercises=(named,)), ASSIGNMENT)
    told, _, folded = page.partition("<details>")
    assert "write the second function" in told
    assert "write the second function" not in folded
    assert "huber([-3], [0])" in folded
    alone = exercise(PASSED, second, mistake="no_second", sentence="Write the second function, too.")
    assert "write the second function" not in feedback_page(result(exercises=(alone,)), ASSIGNMENT)


def test_checks_that_earn_nothing_are_not_praised():
    done = exercise(replace(PASSED, name="it_is_a_number", marks=0.0), PASSED, FAILED)
    text = parsed(feedback_page(result(exercises=(done,)), ASSIGNMENT)).text
    assert "small errors count" in text
    assert "it is a number" not in text


GONE = [replace(FAILED, name=f"check {n}", got="no such name", hint="run the cell") for n in range(3)]
LOST = [
    replace(FAILED, name="a long list", got="no answer came within the time limit", hint="look for a loop"),
    *(replace(FAILED, name=f"check {n}", got="not tried", hint="no answer came") for n in range(3)),
]
STOPPED = {
    "output_type": "stream",
    "text": "This cell was stopped because it ran for more than 30 seconds. The rest was run without it.\n",
}


def torn(message: str, kind: str = "SyntaxError") -> dict[str, object]:
    """Return the output of a cell that Python cannot read."""
    return {"output_type": "error", "ename": kind, "evalue": f"{message} (<cell>, line 2)", "traceback": []}


# outputs of the answer, its checks, what is said once
CAUSES = [
    ([torn("'(' was never closed")], GONE, "Line 2: a bracket is not closed. Nothing else could be tried."),
    (
        [torn("unexpected indent", "IndentationError")],
        GONE,
        "Line 2: this line is indented and should not be. Nothing else could be tried.",
    ),
    ([torn("invalid syntax")], GONE, "Line 2: Python cannot read it (invalid syntax)."),
    ([STOPPED], GONE, "Your cell was stopped because it ran for more than 30 seconds. Look for a loop"),
    ([], LOST, "Your code was stopped at the check “a long list”: no answer came within the time limit."),
]


@pytest.mark.parametrize(("outputs", "checks", "words"), CAUSES)
def test_what_kept_an_answer_from_being_tried_is_told_once(outputs, checks, words):
    page = feedback_page(result(exercises=(exercise(*checks),), outputs=outputs), ASSIGNMENT)
    text = text_of(page)
    assert text.count(words) == 1
    assert "What did not pass" not in text
    assert "run the cell" not in text
    assert "Your cell stopped with an error" not in text


def test_checks_before_the_one_that_never_ended_are_told_as_usual():
    text = text_of(feedback_page(result(exercises=(exercise(PASSED, FAILED, *LOST),)), ASSIGNMENT))
    assert (
        text.index("What did not pass") < text.index("take the absolute value") < text.index("What was tried")
    )


SOON = datetime(2026, 3, 5, 12)
QUESTION = replace(
    ASSIGNMENT,
    cells=(
        *ASSIGNMENT.cells,
        text_cell("### GQ5 · Which? (1 mark)\n\n- **A.** the first\n- **B.** the second,\n  and more"),
        SpecCell("gq5", "solution", "code", 'answer_gq5 = "B"', 'answer_gq5 = ""'),
        SpecCell("gq5_check", "check", "code", "SECRET = 1", "# hidden", 1.0),
    ),
)
SOLUTIONS = solutions_of(QUESTION, {"gq5": "Because two comes after one."})


def test_solutions_are_the_right_answers_without_marks_of_the_build():
    marked = "### BEGIN SOLUTION\nanswer = 1\n### END SOLUTION"
    cells = (SpecCell("a", "solution", "code", marked, ""), SpecCell("a_check", "check", "code", "", "", 1.0))
    assert solutions_of(replace(ASSIGNMENT, cells=cells), {}) == {"a": Solution(source="answer = 1")}
    why = "Because two comes after one."
    assert SOLUTIONS["gq5"] == Solution(letter="B", words="the second, and more", why=why)
    assert "written_why" not in SOLUTIONS


NEXT = [
    (Due(SOON), {}, ["hand in again until Thursday, 05 March 2026, 12:00 UTC", "huber (1.25 marks to win)"]),
    (Due(), {}, ["hand in again as long as your teacher takes it", "read “2. When one point goes wild”"]),
    (Due(SOON, is_open=False), {}, ["The time for handing in is over. The solutions will stand here when"]),
    (
        Due(SOON, is_open=False, told=True),
        SOLUTIONS,
        ["Under each exercise stands a solution", "A worked solution", "return SECRET",
         "B. the second, and more", "Because two comes after one."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("due", "solutions", "words"), NEXT)
def test_feedback_says_what_to_do_next_and_tells_solutions_in_time(due, solutions, words):
    wrong = ExerciseResult("gq5", 0.0, 1.0, (replace(FAILED, marks=1.0),), "chose_A", "Not the first.")
    page = feedback_page(
        result(exercises=(exercise(PASSED, FAILED), wrong)), QUESTION, due=due, solutions=solutions
    )
    for text in words:
        assert text in text_of(page)
    assert ("SECRET" in page) is bool(solutions)
    assert ("two comes after one" in page) is bool(solutions)


def test_who_chose_the_right_option_reads_why_it_is_right():
    right = ExerciseResult("gq5", 1.0, 1.0, (replace(PASSED, marks=1.0),), sentence="Because two is next.")
    text = text_of(feedback_page(result(exercises=(right,)), QUESTION))
    assert "Why this is right. Because two is next." in text
    assert "Nothing is left to put right here." in text


def test_the_source_of_a_hidden_check_is_nowhere():
    undecided = result(exercises=(exercise(PASSED, BROKEN),))
    for submission in (result(), undecided):
        assert "SECRET" not in feedback_page(submission, ASSIGNMENT)
        assert "SECRET" not in class_report([submission], ASSIGNMENT)


# what a person gave, what the page says of the total and the state
MANUAL = [
    ({}, "0.75 of 5 marks", "a person will look at this"),
    ({"written_why": Mark(2.5, "Well argued.")}, "3.25 of 5 marks", "Well argued."),
    ({"written_why": Mark(waiting=True)}, "0.75 of 5 marks", "Not final yet"),
    ({"huber_check": Mark(1.5), "written_why": Mark(3)}, "4.5 of 5 marks", "marked by hand"),
    ({"huber": Mark(comment="Nice names.")}, "0.75 of 5 marks", "Nice names."),
]


@pytest.mark.parametrize(("manual", "total", "words"), MANUAL)
def test_marks_given_by_people_count_and_their_comments_are_shown(manual, total, words):
    text = text_of(feedback_page(result(), ASSIGNMENT, manual))
    assert total in text
    assert words in text


def test_an_unreadable_submission_gets_a_page_that_gives_no_mark():
    stuck = result(status="needs a human", reason="The notebook breaks off in the middle.")
    text = parsed(feedback_page(stuck, ASSIGNMENT)).text
    assert "No marks yet" in text
    assert "breaks off in the middle" in text


def test_checks_that_failed_alike_are_told_once():
    again = [replace(FAILED, name=f"case_{n}") for n in range(5)]
    text = parsed(feedback_page(result(exercises=(exercise(FAILED, *again),)), ASSIGNMENT)).text
    assert text.count("take the absolute value") == 1
    assert all(f"case {n}" in text for n in range(5))


def test_an_untouched_answer_is_called_so_and_not_lectured():
    text = parsed(feedback_page(result(source=SIZED), ASSIGNMENT)).text
    assert "This answer was not filled in yet." in text
    assert "negative errors count too" in text
    assert "take the absolute value" not in text
    assert "– not filled in yet" in " ".join(text.split())
    assert "not filled in yet" not in feedback_page(result(), ASSIGNMENT)


def test_an_error_in_the_answer_is_told_before_the_checks_that_it_made_fail():
    error = {
        "output_type": "error",
        "ename": "NameError",
        "evalue": "name 'pred' is not defined",
        "traceback": [],
    }
    text = parsed(feedback_page(result(outputs=[error]), ASSIGNMENT)).text
    assert 0 < text.index("NameError: name 'pred' is not defined") < text.index("What did not pass")
    assert text.count("NameError") == 1


PICTURES = [
    (PNG, True),
    (PNG + "\n", True),
    (base64.b64encode(b"<svg onload=alert(1)>").decode(), False),
    (base64.b64encode(b"GIF89a" + b"\0" * 40).decode(), False),
    (base64.b64encode(base64.b64decode(PNG)[:20]).decode(), False),
    (base64.b64encode(base64.b64decode(PNG).replace(b"\0\0\0\2", b"\xff\xff\0\2")).decode(), False),
    ('" onload="x', False),
    (None, False),
    (["a"], False),
    ("A" * (7 << 20), False),
]


@pytest.mark.parametrize(("value", "shown"), PICTURES)
def test_only_what_is_a_picture_is_shown_as_one(value, shown):
    assert bool(checked_picture(value, "image/png")) is shown
    outputs = [{"output_type": "display_data", "data": {"image/png": value, "text/plain": "<Figure>"}}]
    images = [
        at for tag, at in parsed(feedback_page(result(outputs=outputs), ASSIGNMENT)).tags if tag == "img"
    ]
    assert len(images) == shown
    assert all("huber" in (at["alt"] or "") and "<Figure>" in (at["alt"] or "") for at in images)


def test_long_outputs_are_cut_and_say_so():
    outputs = [{"output_type": "stream", "text": "x" * 100_000}] * 50
    page = feedback_page(result(outputs=outputs, source="y" * 100_000), ASSIGNMENT)
    assert "96,000 more characters" in page
    assert "38 more outputs" in page
    assert len(page) < 150_000


def test_a_page_has_room_for_a_few_large_pictures_and_says_which_it_left_out():
    large = base64.b64encode(base64.b64decode(PNG) + bytes(1 << 20)).decode()
    outputs = [{"output_type": "display_data", "data": {"image/png": value}} for value in (large, large, PNG)]
    page = feedback_page(result(outputs=outputs), ASSIGNMENT)
    assert [tag for tag, _ in parsed(page).tags].count("img") == 2
    assert page.count("a picture that is too large for this page") == 1
    assert len(page) < 1.6e6


@pytest.mark.parametrize("page", [feedback_page(result(), ASSIGNMENT), class_report([result()], ASSIGNMENT)])
def test_pages_are_accessible_and_need_no_script(page):
    reader = parsed(page)
    tags = [tag for tag, _ in reader.tags]
    assert page.startswith("<!DOCTYPE html>")
    assert dict(reader.tags[0][1]) == {"lang": "en"}
    assert tags.count("h1") == 1
    assert all(attributes.get("scope") for tag, attributes in reader.tags if tag == "th")
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = [attributes["aria-labelledby"] for _, attributes in reader.tags if "aria-labelledby" in attributes]
    used += [str(at["href"])[1:] for _, at in reader.tags if str(at.get("href", "")).startswith("#")]
    assert set(used) <= set(ids)
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_every_sign_has_words_beside_its_colour():
    signs = [
        at for _, at in parsed(feedback_page(result(), ASSIGNMENT)).tags if "sign" in (at.get("class") or "")
    ]
    assert signs
    assert all(at["aria-label"] for at in signs)
