"""The form that every lesson has: its size, its parts, what is folded away, and whom its hints help."""

from __future__ import annotations

import jupytext
import nbformat
import pytest
from lesson_form import exercise_problems, folding_problems, form_problems, words_of
from nbformat import NotebookNode
from new_week import WEEK as NEW
from new_week import make_new_week
from weeks import COURSE, WEEKS, checks_of

from autograder.build.hints import hint_problems
from autograder.build.lesson import read_lesson
from autograder.build.parts import kept_in
from autograder.course import Course

weeks = pytest.mark.parametrize("week", WEEKS)


def release_of(course: Course, week: str) -> NotebookNode:
    return nbformat.read(course.release(week), as_version=4)


@weeks
def test_a_lesson_is_short_and_has_all_its_parts(week: str) -> None:
    assert list(form_problems(read_lesson(COURSE, week), release_of(COURSE, week))) == []


@weeks
def test_graded_exercises_say_minutes_and_difficulty_and_have_a_ladder(week: str) -> None:
    assert list(exercise_problems(read_lesson(COURSE, week))) == []


@weeks
def test_predictions_reveal_their_outcome_only_after_a_guess(week: str) -> None:
    kinds = {part.kind for part in kept_in(read_lesson(COURSE, week))}
    assert kinds == {"reveal", "replies"}


@weeks
def test_each_mistake_is_told_its_own_sentence_by_the_visible_checks(week: str) -> None:
    assert checks_of(week).mistakes
    assert list(hint_problems(COURSE, week, read_lesson(COURSE, week))) == []


@pytest.mark.parametrize("week", WEEKS)
def test_what_nobody_learns_from_is_folded_away(week: str) -> None:
    assert list(folding_problems(release_of(COURSE, week))) == []


def test_a_new_week_has_this_form_but_for_what_only_a_long_lesson_has(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    course = make_new_week(tmp_path_factory.mktemp("new"))
    source, release = read_lesson(course, NEW), release_of(course, NEW)
    assert list(form_problems(source, release)) == [
        "no heading says: find the broken line", "no heading says: a stopping place"
    ]  # fmt: skip
    assert list(exercise_problems(source)) == []
    assert list(folding_problems(release)) == []


COUNTED = [
    ("Two *words*.", 2),
    ("| a | b |\n|---|---|\n| 1 | x − y |", 5),
    ("```python\nnot counted\n```\n\nOne", 1),
    ("<details><summary>A nudge</summary>\n\nGo.\n\n</details>", 3),
]


@pytest.mark.parametrize(("text", "count"), COUNTED)
def test_words_are_counted_without_code_and_signs(text: str, count: int) -> None:
    assert words_of(jupytext.reads(f"{text}\n", fmt="md:myst")) == count
