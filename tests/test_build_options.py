"""nbgrader's options are short in a lesson text and whole in its notebooks, whichever is edited."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import ROOT
from jupytext.cli import jupytext
from tiny_course import LESSON, WEEK, make_tiny_course, write

from autograder.build import build_weeks
from autograder.build.short import full_options, short_options, shortened
from autograder.course import Course

SHORT = [  # short in the text, what differs from it in full
    ({"grade_id": "a", "solution": True}, {"grade": False, "locked": False, "solution": True, "task": False}),
    ({"grade_id": "a", "points": 2}, {"grade": True, "locked": True, "solution": False, "task": False}),
    ({"grade_id": "a"}, {"grade": False, "locked": True, "solution": False, "task": False}),
    (
        {"grade_id": "a", "points": 2, "solution": True},
        {"grade": True, "locked": False, "solution": True, "task": False},
    ),
    (
        {"grade_id": "a", "points": 2, "task": True},
        {"grade": False, "locked": False, "solution": False, "task": True},
    ),
    ({"grade_id": "a", "solution": True, "locked": True}, {"locked": True, "solution": True}),
]


@pytest.mark.parametrize(("short", "full"), SHORT)
def test_options_are_short_in_the_text_and_whole_in_the_notebook(
    short: dict[str, object], full: dict[str, object]
) -> None:
    made = full_options(short)
    assert made == {**made, **short, **full, "schema_version": 3}
    assert short_options(made) == short
    assert full_options(made) == made


@pytest.mark.parametrize("week", [*Course(ROOT).weeks(), WEEK])
def test_an_edited_notebook_goes_back_into_its_text_and_the_options_stay_short(
    week: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, text = make_tiny_course(tmp_path), LESSON
    if week != WEEK:
        text = Course(ROOT).lesson(week).read_text(encoding="utf-8")
        write(course.lesson(week), text)
    build_weeks(course, [week], draft=True)
    notebook = course.source(week).read_text()
    line = next(line for line in text.splitlines() if line.startswith("# ")).removeprefix("# ")
    course.source(week).write_text(notebook.replace(line, "Another title"))
    seconds = course.lesson(week).stat().st_mtime + 10
    os.utime(course.source(week), (seconds, seconds))
    monkeypatch.chdir(course.root)
    jupytext(["--quiet", "--sync", str(course.source(week))])
    synced = course.lesson(week).read_text()
    assert "schema_version" not in synced
    build_weeks(course, [week], draft=True, force=True)
    assert course.lesson(week).read_text().splitlines() == text.replace(line, "Another title").splitlines()
    assert course.source(week).read_text() == notebook.replace(line, "Another title")


def test_long_options_are_out_of_date_and_the_build_shortens_them(tmp_path: Path) -> None:
    built = make_tiny_course(tmp_path)
    build_weeks(built, [WEEK])
    short = ":nbgrader: {grade_id: double, solution: true}\n\n"
    long = "---\nnbgrader:\n  grade: false\n  grade_id: double\n  locked: false\n  schema_version: 3\n"
    write(built.lesson(WEEK), LESSON.replace(short, f"{long}  solution: true\n  task: false\n---\n"))
    (result,) = build_weeks(built, [WEEK], check=True)
    assert result.problems == (f"course/{WEEK}/{WEEK}.md is out of date. Run: autograder build {WEEK}",)
    build_weeks(built, [WEEK])
    assert built.lesson(WEEK).read_text() == LESSON


def test_an_example_of_a_cell_in_the_prose_stays_as_it_is() -> None:
    example = "````md\n```{code-cell}\n---\nnbgrader: [\n---\nx\n```\n````\n"
    assert shortened(example) == example
