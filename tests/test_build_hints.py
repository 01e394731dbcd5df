"""A typical mistake is told its own sentence in the notebook, and never another's."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lesson_data import decode
from new_week import WEEK, make_course

from autograder.build import build_weeks
from autograder.build.hints import hint_problems, hints_of
from autograder.build.lesson import read_lesson
from autograder.build.new import write_week
from autograder.course import Course, CourseError

NAME = "running_mean"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = make_course(tmp_path)
    write_week(course, WEEK)
    return course


def hints(course: Course) -> dict[str, str]:
    return hints_of(course, WEEK, read_lesson(course, WEEK)).get(NAME, {})


def problems(course: Course) -> list[str]:
    return list(hint_problems(course, WEEK, read_lesson(course, WEEK)))


def add(course: Course, kind: str, name: str, body: str, sentence: str = "") -> None:
    """Add a known answer to those of the new week."""
    said = f"{sentence!r}, " if kind == "Mistake" else ""
    source = f"def {NAME}(values):\n    {body}\n"
    path = course.hidden(WEEK) / f"{NAME}_answers.py"
    path.write_text(f"{path.read_text()}\n\n{name.upper()} = {kind}({NAME!r}, {name!r}, {said}{source!r})\n")


def test_each_mistake_has_its_sentence_by_what_came_back(course: Course) -> None:
    found = hints(course)
    assert {key: text.split(":")[0].split(",")[0] for key, text in found.items()} == {
        "running_mean([2, 4, 0])\n[2.0, 6.0, 6.0]": "You return the sums so far",
        "running_mean([2, 4, 0])\n[0.6666666666666666, 2.0, 2.0]":
            "You divide each sum by the number of all values",
        "ZeroDivisionError: float division by zero": "enumerate counts from 0",
    }  # fmt: skip
    assert problems(course) == []
    (built,) = build_weeks(course, [WEEK], draft=True)
    assert built.problems == ()
    data = json.loads(course.release(WEEK).with_name("lesson_data.json").read_text(encoding="utf-8"))
    assert decode(data["hints"][NAME]) == found
    assert data["hints"].keys() == {NAME}


SILENT = [
    ("passes the visible checks", "return [sum(values[:n]) / n for n in range(1, min(len(values), 9) + 1)]"),
    ("has no return", "values"),
    ("is not done yet", "raise NotImplementedError()"),
    ("never ends", "while True: pass"),
    ("differs from run to run", "return object()"),
]


@pytest.mark.parametrize("body", [case[1] for case in SILENT], ids=[case[0] for case in SILENT])
def test_a_mistake_that_needs_no_sentence_of_its_own_has_none(
    course: Course, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.build.hints.SECONDS", 2.0)  # of computing: the same on a busy machine
    before = hints(course)
    add(course, "Mistake", "another", body, "A sentence for nobody.")
    assert hints(course) == before
    assert problems(course) == []


def test_mistakes_that_draw_numbers_answer_the_same_in_every_build(course: Course) -> None:
    add(course, "Mistake", "another", "return torch.rand(3).tolist()", "You guess.")
    assert hints(course) == hints(course)
    assert len(hints(course)) == 4


SUMS = "return [sum(values[: n + 1]) for n in range(len(values))]"


def test_of_mistakes_that_answer_alike_all_sentences_are_told(course: Course) -> None:
    add(course, "Mistake", "another", SUMS, "Other words.")
    (sentence,) = [text for key, text in hints(course).items() if "[2.0, 6.0, 6.0]" in key]
    assert sentence.endswith(" Or: Other words.")
    assert problems(course) == []


def test_of_too_many_mistakes_that_answer_alike_none_is_told_and_all_are_reported(course: Course) -> None:
    for name in ("one", "two", "three"):
        add(course, "Mistake", name, SUMS, f"Words for {name}.")
    assert not [key for key in hints(course) if "[2.0, 6.0, 6.0]" in key]
    (problem,) = problems(course)
    assert "sums_not_means and one and two and three answer the visible checks alike" in problem


def test_a_right_answer_that_a_visible_check_refuses_is_reported(course: Course) -> None:
    add(course, "Variant", "a_table", "return [[value] for value in values]")
    (problem,) = problems(course)
    assert problem.startswith("running_mean: the right answer a_table fails a visible check")


def without_decorator(course: Course) -> None:
    path = course.lesson(WEEK).with_name("visible.py")
    path.write_text(path.read_text().replace("@visible\n", ""))


def without_hints(course: Course) -> None:
    path = course.lesson(WEEK).with_name("visible.py")
    path.write_text(f"{path.read_text()}\n\ncheck_running_mean.hints = False\n")


def without_a_check(course: Course) -> None:
    (course.hidden(WEEK) / "choices.py").unlink()


NONE = [
    without_decorator,
    without_hints,
    without_a_check,
    lambda course: shutil.rmtree(course.hidden(WEEK)),
    lambda course: course.lesson(WEEK).with_name("visible.py").unlink(),
]


@pytest.mark.parametrize("change", NONE)
def test_a_week_whose_checks_are_not_written_yet_has_no_hints(
    course: Course, change: Callable[[Course], object]
) -> None:
    change(course)
    assert hints_of(course, WEEK, read_lesson(course, WEEK)) == {}
    assert problems(course) == []


def test_a_visible_module_that_cannot_be_run_is_named(course: Course) -> None:
    path = course.lesson(WEEK).with_name("visible.py")
    path.write_text(f"{path.read_text()}\n\n1 / 0\n")
    with pytest.raises(CourseError, match=r"visible.py cannot be run \(ZeroDivisionError"):
        build_weeks(course, [WEEK], draft=True)


def test_the_modules_of_a_week_do_not_stay_loaded(course: Course) -> None:
    path = course.lesson(WEEK).with_name("visible.py")
    path.write_text(path.read_text().replace("from tutor", "import optimizers_more\nfrom tutor"))
    path.with_name("optimizers_more.py").write_text("A = 1\n")
    before = (
        {name for name in sys.modules if name.startswith(("visible", "optimizers"))},
        os.getcwd(),
        [*sys.path],
    )
    assert len(hints(course)) == 3
    after = (
        {name for name in sys.modules if name.startswith(("visible", "optimizers"))},
        os.getcwd(),
        [*sys.path],
    )
    assert after == before
    assert not path.with_name("__pycache__").exists()
