"""Answers that are alike in what few others write are found; what everybody writes proves nothing."""

from __future__ import annotations

import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from pages_samples import HOSTILE, assert_harmless, parsed
from tiny_course import WEEK as TINY
from tiny_course import make_tiny_course
from weeks import checks_of

from autograder.answers import fill_in, hand_in, reference_answers, released_notebook
from autograder.build import build_weeks
from autograder.course import Course, CourseError
from autograder.demo import sample_course
from autograder.pages.similar import SHOWN, similarity_page
from autograder.similar import CODE, MAX_SOURCE, PROSE, alike, few_of, fingerprint, similar_answers, usual_of
from autograder.spec import load_assignment

HOME = Course(ROOT)
WEEK = HOME.resolve("week03")

GIVEN = 'def total(numbers):\n    """Return the sum of the squares."""\n    raise NotImplementedError()'
REFERENCE = GIVEN.replace("raise NotImplementedError()", "return sum(number * number for number in numbers)")
ODD = """def total(numbers):
    answer, left = 0.0, list(numbers)
    while len(left) > 0:
        first, *left = left
        if first != 0:
            answer = answer + abs(first) ** 2 if first > 0 else answer - first * abs(first)
    return answer
"""
RENAMED = """def total(numbers):
    # my own idea!
    s, todo = 0.0, list(numbers)

    while len(todo) > 0:
        x, *todo = todo
        if x != 0:
            s = s + abs(x) ** 2 if x > 0 else s - x * abs(x)
    return s
"""
WITH_MORE = ODD.replace(
    "    return answer", "    for check in (1, 2, 3):\n        assert check\n    return answer"
)
OTHER = """def total(numbers):
    import numpy as np
    return float(np.square(np.asarray(list(numbers), dtype=float)).sum(axis=None))
"""
SHORT = "def total(numbers):\n    return sum({0} * {0} for {0} in numbers)"
WORDY = """def total(numbers):
    # the quagga counts its zebras before sunset
    return sum(quagga * quagga for quagga in numbers)
"""
WORDY_TOO = """def total(numbers):
    return sum(quagga * quagga for quagga in numbers)  # before sunset the zebras are counted; counts
"""
# what two students wrote, and whether that is suspicious
PAIRS = [
    ("the same", ODD, ODD, True),
    ("renamed, with other comments and layout", ODD, RENAMED, True),
    ("copied, with something added", ODD, WITH_MORE, True),
    ("written differently", ODD, OTHER, False),
    ("both like the reference", SHORT.format("x"), SHORT.format("value"), False),
    ("like the reference, but with the same rare words", WORDY, WORDY_TOO, True),
    ("both with what students were given", GIVEN + "\n", GIVEN + "  # later\n", False),
    ("both with a syntax error", ODD[:-30] + "((", ODD[:-30] + "((", True),
    ("both empty", "", "", False),
]


@pytest.mark.parametrize(("one", "other", "suspicious"), [c[1:] for c in PAIRS], ids=[c[0] for c in PAIRS])
def test_two_answers_are_alike_only_in_what_is_their_own(one: str, other: str, suspicious: bool) -> None:
    sources = {"ada": one, "bob": other, "cleo": OTHER.replace("float", "1.0 * "), "dan": REFERENCE}
    found = alike("total", sources, usual_of([GIVEN, REFERENCE], CODE), CODE)
    assert (("ada", "bob") in [pair.students for pair in found]) is suspicious
    for pair in found:
        assert ["".join(part.text for part in side) for side in pair.parts] == [
            sources[s] for s in pair.students
        ]


def test_what_is_marked_is_what_both_have() -> None:
    (pair,) = alike("total", {"ada": ODD, "bob": WITH_MORE}, usual_of([GIVEN, REFERENCE], CODE), CODE)
    shared = "".join(part.text for part in pair.parts[1] if part.shared)
    assert "first, *left = left" in shared
    assert "assert check" not in shared
    assert pair.share == 1.0


@pytest.mark.parametrize(("students", "suspicious"), [(3, True), (4, False)])
def test_what_more_than_a_few_write_is_no_evidence(students: int, suspicious: bool) -> None:
    sources = {f"s{n}": ODD for n in range(students)} | {f"t{n}": SHORT.format("x") for n in range(8)}
    assert few_of(len(sources)) == 3
    found = alike("total", sources, usual_of([GIVEN, REFERENCE], CODE), CODE)
    assert bool(found) is suspicious


@pytest.mark.parametrize("week", HOME.weeks())
def test_a_class_of_all_known_answers_is_not_suspicious(week: str, tmp_path: Path) -> None:
    course = sample_course(HOME, week, tmp_path)
    release = released_notebook(course, week)
    known = [*checks_of(week).variants, *checks_of(week).mistakes]
    for number, item in enumerate(known[:: max(1, len(known) // 24)]):
        hand_in(course, week, f"student{number}", fill_in(release, {item.exercise: item.source}))
    assert similar_answers(course, week).pairs == ()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Four hand in: two the same odd answer under other names, one the reference, one nothing readable."""
    course = sample_course(HOME, WEEK, tmp_path_factory.mktemp("class"))
    release, right = released_notebook(course, WEEK), reference_answers(load_assignment(course, WEEK))
    odd, renamed = (
        text.replace("total(numbers)", "huber(pred, target, delta=1.0)") for text in (ODD, RENAMED)
    )
    hostile = "".join(f"# {text}\n".replace("\r", "") for text in HOSTILE)
    for student, answers in (
        ("zoe", {**right, "huber": odd + hostile}),
        ("ada", {**right, "huber": renamed + hostile, "gq5": 'answer_gq5 = "C"  # as zoe said'}),
        ("bob", right),
    ):
        hand_in(course, WEEK, student, fill_in(release, answers))
    hand_in(course, WEEK, "nora", "{")
    return course


def test_solution_cells_are_taken_out_of_the_notebooks_and_compared(copied: Course) -> None:
    found = similar_answers(copied, WEEK)
    assert [(pair.exercise, pair.students) for pair in found.pairs] == [("huber", ("ada", "zoe"))]
    assert found.together(found.pairs[0]) == ()
    assert (found.students, [one.student for one in found.unread]) == (4, ["nora"])


def test_the_page_shows_both_answers_and_runs_nothing(copied: Course) -> None:
    page = similarity_page(similar_answers(copied, WEEK))
    assert_harmless(page)
    reader = parsed(page)
    assert [tag for tag, _ in reader.tags].count("pre") == 2
    assert "mark" in {tag for tag, _ in reader.tags}
    assert "first, *left = left" in reader.text
    assert "x, *todo = todo" in reader.text
    targets = {attributes["href"] for tag, attributes in reader.tags if tag == "a"}
    assert targets <= {f"#{attributes.get('id')}" for _, attributes in reader.tags}
    assert "Likeness is a reason to ask, never a proof" in " ".join(reader.text.split())


def test_a_long_list_is_cut_and_says_so(copied: Course) -> None:
    found = similar_answers(copied, WEEK)
    page = similarity_page(replace(found, pairs=found.pairs * (SHOWN + 7)))
    assert "7 more with less in common are not shown." in parsed(page).text
    assert page.count("<pre") == 2 * SHOWN


@pytest.mark.kernel
def test_the_command_prints_the_pairs_and_names_the_page(copied: Course) -> None:
    command = ["autograder", "similar", "week03", "--course", str(copied.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "ada and zoe" in done.stdout
    assert "Not compared: nora" in done.stdout
    assert (copied.root / "reports" / f"{WEEK}-similar.html").is_file()


def test_written_answers_are_compared_as_text(tmp_path: Path) -> None:
    course = make_tiny_course(tmp_path)
    build_weeks(course, [TINY])
    release = released_notebook(course, TINY)
    essay = (
        "Doubling is what a mirror does to a candle: it takes each flame, and it adds another just like it. "
    )
    for student, why in (("ada", essay), ("bob", f"I think: {essay}"), ("cleo", "It is additive. " * 8)):
        hand_in(course, TINY, student, fill_in(release, {"written_why": why}))
    (pair,) = similar_answers(course, TINY).pairs
    assert (pair.exercise, pair.students, pair.words) == ("written_why", ("ada", "bob"), ())


def test_a_huge_answer_is_cut(tmp_path: Path) -> None:
    text = "value = 1\n" * 20_000
    course = sample_course(HOME, WEEK, tmp_path)
    for student in ("ada", "bob"):
        hand_in(course, WEEK, student, fill_in(released_notebook(course, WEEK), {"huber": text}))
    (pair,) = similar_answers(course, WEEK).pairs
    assert sum(len(part.text) for part in pair.parts[0]) == MAX_SOURCE


# What takes the lexer the square of its length, or did.
SLOW = {
    "a format of zeros": '"%' + "0" * MAX_SOURCE,
    "names of characters": '"' + "\\N{" * MAX_SOURCE,
    "blank lines": "x" + " \n" * MAX_SOURCE + "x",
    "blank lines in a text": '"""' + "\n " * MAX_SOURCE,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_no_answer_is_slow_to_compare(text: str) -> None:
    began = time.process_time()
    fingerprint(text[:MAX_SOURCE], CODE)
    assert time.process_time() - began < 3


def test_answers_with_endless_lines_and_blanks_are_compared_and_shown_whole() -> None:
    text = "numbers = [" + "1, " * 400 + "]\n" + "  \n" * 400 + ODD
    pairs = alike("total", {"ada": text, "bob": RENAMED}, usual_of([GIVEN], CODE), CODE)
    ((parts, _),) = [pair.parts for pair in pairs]
    assert "".join(part.text for part in parts) == text
    assert all(part.text in ODD for part in parts if part.shared)
    assert sum(len(part.text) for part in parts if part.shared) > len(ODD) / 2


def test_prose_rules_leave_words_alone() -> None:
    assert not alike(
        "why", {"ada": "zebra quagga okapi gnu", "bob": "okapi gnu zebra quagga"}, usual_of([], PROSE), PROSE
    )


def test_one_submission_cannot_be_compared(tmp_path: Path) -> None:
    course = sample_course(HOME, WEEK, tmp_path)
    hand_in(course, WEEK, "ada", released_notebook(course, WEEK))
    with pytest.raises(CourseError, match="nothing to compare"):
        similar_answers(course, WEEK)
