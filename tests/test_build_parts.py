"""What a lesson keeps for later: explanations wait for a guess, replies for a choice."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from folder_files import digest
from jupytext.cli import jupytext as run_jupytext
from lesson_data import decode
from parts_lesson import EXPLAINED, TEXT
from tiny_course import WEEK, make_tiny_course, write

from autograder.build import build_weeks, release_gate
from autograder.build.lesson import lesson_problems
from autograder.course import Course, CourseError


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = make_tiny_course(tmp_path)
    write(course.lesson(WEEK), TEXT)
    return course


@pytest.fixture
def built(course: Course) -> Course:
    (result,) = build_weeks(course, [WEEK])
    assert result.problems == ()
    return course


def cells_of(path: Path) -> dict[str, nbformat.NotebookNode]:
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


def cell_with(path: Path, key: str, value: str) -> nbformat.NotebookNode:
    return next(cell for cell in cells_of(path).values() if cell.metadata.get(key) == value)


def data_of(course: Course) -> dict[str, Any]:
    return json.loads(course.release(WEEK).with_name("lesson_data.json").read_text(encoding="utf-8"))


def test_in_a_release_an_explanation_is_a_folded_call_with_the_id_of_the_text(built: Course) -> None:
    source = cell_with(built.source(WEEK), "reveal", "twice")
    assert source.source == EXPLAINED
    cell = cells_of(built.release(WEEK))[source.id]
    assert (cell.cell_type, cell.source) == ("code", 'reveal("twice")')
    assert "demo" in cell.metadata.tags
    assert cell.metadata.jupyter.source_hidden
    assert cell.metadata.cellView == "form"


def test_replies_are_no_cell_of_a_release(built: Course) -> None:
    source, release = cells_of(built.source(WEEK)), cells_of(built.release(WEEK))
    assert source.keys() - release.keys() == {cell_with(built.source(WEEK), "replies", "halves").id}
    assert list(release) == [cell_id for cell_id in source if cell_id in release]


def test_the_data_hold_what_the_cells_need_and_explanations_are_not_readable(built: Course) -> None:
    data = data_of(built)
    assert data["week"] == WEEK
    assert {name: decode(value) for name, value in data["reveals"].items()} == {
        "twice": {"right": "twice as much", "close": ["four times as much."], "text": EXPLAINED},
        "seven": {"right": 14, "close": [], "text": "Seven and seven are fourteen, as ever."},
    }
    assert {name: decode(value) for name, value in data["replies"].items()} == {
        "halves": {
            "right": "halving",
            "texts": {
                "halving": "Yes: half of the double is the number itself.",
                "doubling again": "That makes four times the number.",
            },
        }
    }
    assert data["options"] == {
        "gq2": {"A": "The first option of a question, on two lines.", "B": "The second option."}
    }
    assert (data["hints"], data["cards"], data["words"]) == ({}, [], {})
    given = {path.name: path for path in built.release(WEEK).parent.iterdir()}
    assert data["files"].keys() == given.keys() - {f"{WEEK}.ipynb", "lesson_data.json"}
    assert data["files"]["utils.py"] == digest(given["utils.py"].read_bytes())
    text = built.release(WEEK).with_name("lesson_data.json").read_text(encoding="utf-8")
    assert "linear" not in text
    assert "itself" not in text
    assert text.endswith("}\n")


def test_the_data_are_the_same_in_both_folders_and_checked(built: Course) -> None:
    here, there = (
        path(built, WEEK).with_name("lesson_data.json") for path in (Course.source, Course.release)
    )
    assert here.read_bytes() == there.read_bytes()
    (again,) = build_weeks(built, [WEEK])
    assert again.changed == ()
    write(built.lesson(WEEK), TEXT.replace("Seven and", "Seven plus"))
    (result,) = build_weeks(built, [WEEK], check=True)
    assert f"release/{WEEK}/lesson_data.json is out of date. Run: autograder build {WEEK}" in result.problems


CARDS = "- about: week02\n  question: What is a batch?\n  answer: Some rows.\n"
GLOSSARY = (
    "| word | week | meaning |\n|---|---|---|\n| linear | week03 | keeps sums |\n| batch | week02 | rows |\n"
)


def test_cards_and_words_come_from_their_own_files(course: Course) -> None:
    write(course.lesson(WEEK).with_name("cards.yaml"), CARDS)
    write(course.root / "course" / "glossary.md", GLOSSARY)
    build_weeks(course, [WEEK])
    (card,) = data_of(course)["cards"]
    assert re.fullmatch("week02-[0-9a-f]{8}", card.pop("id"))
    assert card == {"about": "week02", "question": "What is a batch?", "answer": "Some rows."}
    assert data_of(course)["words"] == {"linear": "keeps sums"}
    assert not course.release(WEEK).with_name("cards.yaml").exists()


@pytest.mark.parametrize("cards", ["- about: week02\n", "about: x", "- 3", "- about: [", "- a: b: c"])
def test_cards_that_cannot_be_read_are_refused_in_one_sentence(course: Course, cards: str) -> None:
    write(course.lesson(WEEK).with_name("cards.yaml"), cards)
    with pytest.raises(CourseError, match=f"course/{WEEK}/cards.yaml"):
        build_weeks(course, [WEEK])


def test_progress_in_a_release_is_no_part_of_it_and_goes_with_the_next_build(built: Course) -> None:
    progress = built.release(WEEK).with_name("progress.json")
    write(progress, "{}")
    assert release_gate(built, WEEK) == []
    (result,) = build_weeks(built, [WEEK], check=True)
    assert result.problems == ()
    build_weeks(built, [WEEK])
    assert not progress.exists()


PROBLEMS = [
    ('+++ {"reveal": "seven", "right": 14}', "+++", 'predict("seven", …) has no cell with an explanation'),
    ('predict("seven"', 'predict("eight"', '"reveal": "seven"} has no predict("seven", …) above it'),
    ('predict("seven"', 'predict("twice"', '2 questions have the name "twice"'),
    ('"reveal": "seven"', '"reveal": "twice"', '2 cells begin with +++ {"reveal": "twice"}'),
    ('"right": "twice as much"', '"right": "three"', "says right: 'three', which is none of the options"),
    ('"close": ["four', '"close": ["five', "says close: 'five times as much.', which is none of the options"),
    ('"right": 14', '"right": "14"', "says right: '14', but predict(\"seven\", …) asks for a number"),
    ('["halving", "doubling again"]', "OPTIONS", 'the options of quick("halves", …) are not written out'),
    ('["halving", "doubling again"]', "2", 'the options of quick("halves", …) are not written out'),
    ('+++ {"replies": "halves", "right": "halving"}', "+++", 'quick("halves", …) has no cell with replies'),
    ('quick("halves"', 'quick("half"', '"replies": "halves"} has no quick("halves", …) above it'),
    (', "right": "halving"', "", 'does not say which option is right. Add "right": "halving"'),
    ("- **doubling again.** That", "That", "has 0 items for 'doubling again'"),
    ("- **doubling again.** That", "- **halving.** That", "has 2 items for 'halving'"),
    ("**doubling again.**", "**trebling.**", "replies to 'trebling', which is no option"),
    (" That makes four times the number.", "", "says nothing to those who choose 'doubling again'"),
    ("predict, quick, reveal", "predict, quick", "nothing imports reveal"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), PROBLEMS)
def test_questions_and_answers_that_do_not_fit_are_named(old: str, new: str, sentence: str) -> None:
    assert old in TEXT
    problems = list(lesson_problems(jupytext.reads(TEXT.replace(old, new), fmt="md:myst")))
    assert any(sentence in problem for problem in problems), problems


def test_other_calls_are_no_questions_whatever_they_are_given() -> None:
    text = TEXT.replace('predict("seven"', 'Net(64, (64,), 10)\nclip("low", 0.5, 3)\npredict("seven"')
    found, before = (list(lesson_problems(jupytext.reads(source, fmt="md:myst"))) for source in (text, TEXT))
    assert found == before


def test_a_lesson_whose_questions_and_answers_do_not_fit_is_refused(course: Course) -> None:
    write(course.lesson(WEEK), TEXT.replace(', "right": "halving"', ""))
    with pytest.raises(CourseError, match=f"{WEEK}.md: the cell .* does not say which option is right"):
        build_weeks(course, [WEEK])


EARLY = [
    ("the text", "## The exercises", "So twice as much goes in, and twice\nas much comes out."),
    ("another cell", "from predictions", "HINT = 'Seven and seven are fourteen, as ever.'\nfrom predictions"),
    ("a reply", "## The exercises", "Think: *That makes* four times the number."),
]


@pytest.mark.parametrize(("old", "new"), [case[1:] for case in EARLY], ids=[case[0] for case in EARLY])
def test_no_sentence_that_is_kept_for_later_may_stand_elsewhere(course: Course, old: str, new: str) -> None:
    write(course.lesson(WEEK), TEXT.replace(old, new))
    (result,) = build_weeks(course, [WEEK])
    assert any(
        "keeps for later" in problem and f"{WEEK}.ipynb in cell" in problem for problem in result.problems
    )
    assert not course.release(WEEK).exists()


def test_explanations_in_modules_and_glossary_are_found(course: Course) -> None:
    write(
        course.lesson(WEEK).with_name("tiny.py"), '"""Say that\nSeven and seven are fourteen, as ever."""\n'
    )
    write(
        course.root / "course" / "glossary.md",
        GLOSSARY.replace("keeps sums", "that makes four times the number"),
    )
    (result,) = build_weeks(course, [WEEK])
    assert {problem.split()[0] for problem in result.problems} == {"lesson_data.json", "tiny.py"}


def test_an_edit_in_the_notebook_comes_back_into_the_text(
    built: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = built.source(WEEK)
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("reveal") == "twice")
    cell.source = f"{EXPLAINED} Always."
    for folded in notebook.cells[:3]:
        folded.metadata.update(jupyter={"source_hidden": True}, cellView="form")
    nbformat.write(notebook, path)
    monkeypatch.chdir(built.root)
    run_jupytext(["--sync", str(path.relative_to(built.root))])
    (result,) = build_weeks(built, [WEEK], force=True)
    assert result.problems == ()
    assert built.lesson(WEEK).read_text(encoding="utf-8") == TEXT.replace(EXPLAINED, f"{EXPLAINED} Always.")


@pytest.mark.parametrize(
    ("old", "new"), [('"reveal": "twice"', '"reveal": "two"'), ('"right": 14', '"right": 15')]
)
def test_an_edit_of_what_is_right_is_an_edit(built: Course, old: str, new: str) -> None:
    path = built.source(WEEK)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    later = built.lesson(WEEK).stat().st_mtime + 10
    os.utime(path, (later, later))
    with pytest.raises(CourseError, match="was edited after"):
        build_weeks(built, [WEEK])
