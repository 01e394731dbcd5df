"""The beginning and the end of a lesson: cards that come back, what is sure by now, and new words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from closing import KNEW, NOT_YET, SURE, new_words, recall, self_check
from controls import Choice, Words
from lesson_data import PROGRESS, Progress
from lesson_samples import ipython, kept, write_data

Capture = pytest.CaptureFixture[str]
CARDS = [
    {"id": "week02-1", "about": "week02", "question": "What is a *step*?", "answer": "A move of `w`."},
    {"id": "week01-7", "about": "week01", "question": "What is $w$?", "answer": "A weight."},
]


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "week03_losses"
    folder.mkdir()
    monkeypatch.chdir(folder)
    write_data(folder, cards=CARDS, words={"baseline": "what `ln K` <costs>", "loss": "a cost"})
    return folder


@pytest.fixture
def outputs() -> Iterator[list[dict[str, Any]]]:
    with ipython() as shown:
        yield shown


def fields(box: Any) -> list[Choice]:
    return [part for part in box.children if isinstance(part, Choice)]


def an_other_week(lesson: Path, week: str, **cards: tuple[str, float]) -> None:
    """Keep cards of another week, by name with what was answered and when."""
    folder = lesson.parent / week
    folder.mkdir(exist_ok=True)
    for name, (state, when) in cards.items():
        card = {"about": "week01", "question": f"{name}?", "answer": "yes", "state": state, "when": when}
        Progress(folder).set("cards", name, card)


def questions(box: Any) -> list[str]:
    """Return the questions on the static page, in order."""
    parts = box.static.split("<summary>")[1:]
    return [part.split("</summary>")[0] for part in parts]


def test_cards_open_without_widgets_and_are_kept(lesson: Path) -> None:
    box = recall()
    assert questions(box) == ["Week 2: What is a <i>step</i>?", "Week 1: What is $w$?"]
    assert "<p>A move of <code>w</code>.</p></details>" in box.static
    assert not (lesson / PROGRESS).exists()
    fields(box)[0].value = NOT_YET
    fields(box)[1].value = NOT_YET
    fields(box)[1].value = KNEW
    assert {name: card["state"] for name, card in kept(lesson)["cards"].items()} == {
        "week02-1": NOT_YET,
        "week01-7": KNEW,
    }
    assert kept(lesson)["cards"]["week02-1"]["question"] == CARDS[0]["question"]
    assert [field.value for field in fields(recall())] == [NOT_YET, KNEW]
    assert len({field.description for field in fields(box)}) == 2


BACK: list[tuple[dict[str, dict[str, tuple[str, float]]], list[str]]] = [
    ({}, []),
    ({"week01_a": {"x": (NOT_YET, 1)}}, ["x"]),
    ({"week01_a": {"x": (KNEW, 1)}}, []),
    ({"week01_a": {"x": (NOT_YET, 3), "y": (NOT_YET, 1)}, "week02_b": {"z": (NOT_YET, 2)}}, ["y", "z"]),
    ({"week01_a": {"x": (NOT_YET, 1)}, "week02_b": {"x": (KNEW, 2)}}, []),
    ({"week01_a": {"x": (KNEW, 1)}, "week02_b": {"x": (NOT_YET, 2)}}, ["x"]),
    ({"week01_a": {"week02-1": (NOT_YET, 1)}}, []),  # it is one of this week's own
    ({"elsewhere": {"x": (NOT_YET, 1)}}, []),
]


@pytest.mark.parametrize(("others", "back"), BACK)
def test_cards_of_other_weeks_come_back_until_they_are_known(
    others: dict[str, dict[str, tuple[str, float]]], back: list[str], lesson: Path
) -> None:
    for week, cards in others.items():
        an_other_week(lesson, week, **cards)
    box = recall()
    assert questions(box)[2:] == [f"Week 1: {name}?" for name in back]
    for field in fields(box)[2:]:
        field.value = KNEW
    assert not {f"Week 1: {name}?" for name in back} & set(questions(recall()))


@pytest.mark.parametrize(
    "damage", ["damaged", '{"cards": {"x": 5}}', '{"cards": {"x": {"state": "not yet"}}}']
)
def test_the_damaged_progress_of_another_week_does_no_harm(damage: str, lesson: Path) -> None:
    an_other_week(lesson, "week01_a", y=(NOT_YET, 1))
    (lesson.parent / "week01_a" / PROGRESS).write_text(damage)
    assert len(questions(recall())) == 2


def test_an_objective_that_is_not_yet_sure_says_where_to_read_and_is_kept(lesson: Path) -> None:
    objectives = {"Name three losses": "section 2", "Tell `mse` from mae": "sections 3 and 4"}
    box = self_check(objectives)
    first, second = fields(box)
    twins = [part for part in box.children if isinstance(part, Words)]
    first.value, second.value = SURE, NOT_YET
    assert "Read" not in twins[0].value
    assert twins[1].value == '<p role="status" aria-live="polite">Read sections 3 and 4 again.</p>'
    assert kept(lesson)["self_check"] == {"Name three losses": SURE, "Tell `mse` from mae": NOT_YET}
    assert [field.value for field in fields(self_check(objectives))] == [SURE, NOT_YET]
    assert "Read section 2 again." in box.static
    assert second.description == "Tell mse from mae"


def test_new_words_are_a_definition_list(lesson: Path, outputs: list[dict[str, Any]]) -> None:
    new_words()
    (shown,) = outputs
    bare = re.sub(r' style="[^"]*"', "", shown["data"]["text/html"])
    assert bare == (
        "<dl><dt><b>baseline</b></dt><dd>what <code>ln K</code> &lt;costs&gt;</dd>"
        "<dt><b>loss</b></dt><dd>a cost</dd></dl>"
    )
    assert shown["data"]["text/html"].count("float: none; width: auto") == 4
    assert shown["data"]["text/plain"] == "baseline: what `ln K` <costs>\nloss: a cost"


def test_a_lesson_without_its_data_says_so_and_one_without_cards_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    recall(), new_words()
    assert capsys.readouterr().out.count("lesson_data.json") == 2
    write_data(tmp_path)
    recall(), new_words()
    assert capsys.readouterr().out == "There are no cards this week.\nThere are no new words this week.\n"


def test_what_cannot_be_written_is_remembered_all_the_same(lesson: Path) -> None:
    (lesson / PROGRESS).mkdir()
    fields(recall())[0].value = KNEW
    assert fields(recall())[0].value == KNEW
