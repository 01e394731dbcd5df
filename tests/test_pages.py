"""The feedback page: nothing a student wrote becomes markup, nothing is loaded, and every number is there."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
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
    text_of,
)

from autograder.judge.pictures import checked_picture
from autograder.model import ExecutedCell, Finding
from autograder.pages.feedback import Lateness, feedback_page


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
    assert 0 < text.index("You compare the signed error") < text.index("take the absolute value")


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
    assert "not filled in yet" not in feedback_page(result(), ASSIGNMENT)


def test_an_error_in_the_answer_is_told_before_the_checks_that_it_made_fail():
    error = {
        "output_type": "error",
        "ename": "SyntaxError",
        "evalue": "'(' was never closed",
        "traceback": [],
    }
    text = parsed(feedback_page(result(outputs=[error]), ASSIGNMENT)).text
    assert 0 < text.index("SyntaxError: '(' was never closed") < text.index("What did not pass")
    assert text.count("SyntaxError") == 1


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
