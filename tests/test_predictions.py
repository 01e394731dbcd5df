"""Predictions: guesses count, are kept and marked, and open their explanation; nothing is told before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import guesses as guesses_module
import lesson_data
import pytest
from guesses import verdict_on
from lesson_data import PROGRESS
from lesson_samples import ipython, kept, page, write_data
from predictions import foresight, guess, predict, quick, reveal

Capture = pytest.CaptureFixture[str]
Outputs = list[dict[str, Any]]
OPTIONS = ["It doubles", "It stays", "It is halved."]
REVEALS = {
    "shift": {"right": "It stays", "close": ["It is halved"], "text": "Because $x$ is shifted."},
    "mse": {"right": 1350, "text": "One error of 90."},
    "open": {"right": None, "text": "There are many answers."},
}


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "week03_losses"
    folder.mkdir()
    monkeypatch.chdir(folder)
    write_data(folder, reveals=REVEALS)
    return folder


@pytest.fixture
def outputs(lesson: Path) -> Iterator[Outputs]:
    with ipython() as shown:
        yield shown


def restart_kernel() -> None:
    """Forget all that a kernel's memory holds."""
    guesses_module._guesses_in.cache_clear()
    lesson_data.progress_in.cache_clear()


def press(box: Any, value: Any) -> None:
    box.field.value = value
    box.button.clicks += 1


def shown_of(name: str, outputs: Outputs) -> str:
    return page(outputs)[f"reveal-{name}"]


def button_of(outputs: Outputs) -> Any:
    """Return the button that the last reveal has shown, as the page finds it."""
    from ipywidgets import Widget
    from ipywidgets.widgets.widget import _instances

    views = [o["data"]["application/vnd.jupyter.widget-view+json"] for o in outputs
             if "application/vnd.jupyter.widget-view+json" in o["data"]]  # fmt: skip
    box: Widget = _instances[views[-1]["model_id"]]
    return box.children[0]


MARKS = [
    (1350, REVEALS["mse"], "right"),
    (1215.0, REVEALS["mse"], "right"),
    (1200, REVEALS["mse"], "close"),
    (945, REVEALS["mse"], "close"),
    (900, REVEALS["mse"], "not"),
    (-1350, REVEALS["mse"], "not"),
    ("1350", REVEALS["mse"], "right"),
    ("much", REVEALS["mse"], "not"),
    (-0.5, {"right": -0.5}, "right"),
    (0.0, {"right": 0}, "right"),
    (0.1, {"right": 0}, "not"),
    ("It stays", REVEALS["shift"], "right"),
    ("it stays.", REVEALS["shift"], "right"),
    ("It is halved.", REVEALS["shift"], "close"),
    ("It doubles", REVEALS["shift"], "not"),
    ("It stays", REVEALS["open"], None),
    ("It stays", {}, None),
]


@pytest.mark.parametrize(("value", "data", "mark"), MARKS)
def test_a_guess_is_right_close_or_not(value: Any, data: dict[str, Any], mark: str | None) -> None:
    assert verdict_on(value, data) == mark


EXPLAINED = [
    ("mse", 900, '**You guessed 900 rows. It is 1350 rows: not close.**\n\nOne error of 90.'),
    ("mse", 1400, "**You guessed 1400 rows. It is 1350 rows: right.**\n\nOne error of 90."),
    ("shift", "It stays", '**You guessed "It stays": right.**\n\nBecause $x$ is shifted.'),
    ("shift", "It doubles", '**You guessed "It doubles": not right. It is "It stays".**\n\nBecause $x$ is'),
    ("shift", "It is halved.", '**You guessed "It is halved.": close, but it is "It stays".**\n\nBecause'),
    ("open", 0.5, "**You guessed 0.5 rows.**\n\nThere are many answers."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "text"), EXPLAINED)
def test_pressing_the_button_opens_the_reveal_that_stands_on_the_page(
    name: str, value: Any, text: str, lesson: Path, outputs: Outputs
) -> None:
    box = predict(name, "What comes out?", OPTIONS if isinstance(value, str) else None, unit="rows")
    reveal(name)
    assert shown_of(name, outputs) == "Make your guess above first."
    assert not (lesson / PROGRESS).exists()
    box.field.value = value
    assert shown_of(name, outputs) == "Make your guess above first."
    box.button.clicks += 1
    assert shown_of(name, outputs).startswith(text)
    assert kept(lesson)["guesses"][name]["guess"] == value


def test_nothing_is_told_before_a_guess(lesson: Path, outputs: Outputs) -> None:
    box = predict("shift", "What comes out?", OPTIONS)
    reveal("shift")
    assert "shifted" not in str(outputs) + str(box.get_state()) + box.static


@pytest.mark.parametrize("name", ["shift", "mse"])
def test_a_button_without_a_guess_says_what_is_missing(name: str, lesson: Path, outputs: Outputs) -> None:
    box = predict(name, "What comes out?", OPTIONS if name == "shift" else None)
    box.button.clicks += 1
    assert " first." in box.twin.value
    assert not (lesson / PROGRESS).exists()


def test_a_guess_can_be_changed_until_its_outcome_was_seen(lesson: Path, outputs: Outputs) -> None:
    box = predict("shift", "What comes out?", OPTIONS)
    press(box, "It doubles")
    press(box, "It is halved.")
    assert "Your guess is kept: &quot;It is halved.&quot;." in box.twin.value
    reveal("shift")
    press(box, "It stays")
    assert "so it stays" in box.twin.value
    assert box.field.value == "It is halved."
    assert kept(lesson)["guesses"]["shift"]["guess"] == "It is halved."


def test_looking_without_a_guess_is_kept_as_none(lesson: Path, outputs: Outputs) -> None:
    box = predict("shift", "What comes out?", OPTIONS)
    reveal("shift")
    button = button_of(outputs)
    assert button.description == "Show without a guess"
    button.clicks += 1
    assert shown_of("shift", outputs).startswith("**Shown without a guess.**\n\nBecause")
    press(box, "It stays")
    assert "would not count" in box.twin.value
    assert kept(lesson)["guesses"]["shift"] == {
        "guess": None, "question": "What comes out?", "unit": "", "seen": True,
    }  # fmt: skip


def test_a_notebook_that_is_run_again_shows_the_guess_and_its_reveal(lesson: Path, outputs: Outputs) -> None:
    press(predict("mse", "How large?", unit="rows"), 1350)
    restart_kernel()
    box = predict("mse", "How large?", unit="rows")
    assert box.field.value == 1350
    assert "Your guess is kept: 1350 rows" in box.static
    reveal("mse")
    assert shown_of("mse", outputs).startswith("**You guessed 1350 rows. It is")


def test_an_old_guess_that_is_no_option_any_more_does_no_harm(lesson: Path, outputs: Outputs) -> None:
    press(predict("shift", "What comes out?", ["It explodes"]), "It explodes")
    box = predict("shift", "What comes out?", OPTIONS)
    assert box.field.value is None
    assert "It explodes" in box.twin.value


TYPED = [
    ("shift", "It stays", "It stays"),
    ("shift", "it ST", "It stays"),
    ("shift", "It", None),
    ("shift", 5, None),
    ("mse", 900, 900),
    ("mse", " 1e3 ", 1000),
    ("mse", "1,350", None),
    ("mse", float("nan"), None),
    ("mse", [1], None),
    ("mse", "inf", None),
]


@pytest.mark.parametrize(("name", "value", "guessed"), TYPED)
def test_a_guess_can_be_typed(name: str, value: Any, guessed: Any, lesson: Path, capsys: Capture) -> None:
    box = predict(name, "What comes out?", OPTIONS if name == "shift" else None)
    assert f"guess(&quot;{name}&quot;, " in box.static
    guess(name, value)
    told = capsys.readouterr().out
    assert told.startswith("Your guess is kept" if guessed is not None else ("Take the", "Write a number"))
    assert (lesson / PROGRESS).exists() is (guessed is not None)
    assert box.field.value == guessed


def test_typing_none_looks_without_a_guess_but_takes_none_back(lesson: Path, outputs: Outputs) -> None:
    for name in ("mse", "open"):
        predict(name, "How large?")
        reveal(name)
    guess("mse", None)
    guess("open", 5)
    guess("open", None)
    assert shown_of("mse", outputs).startswith("**Shown without a guess")
    assert kept(lesson)["guesses"]["open"]["guess"] == 5


def test_a_guess_for_no_question_says_so(lesson: Path, capsys: Capture) -> None:
    guess("mse", 1)
    predict("mse", "How large?")
    guess("mze", 1)
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "No question is called 'mse'. Run the cell with the question first.",
        "No question is called 'mze'. Did you mean 'mse'?",
    ]


def test_without_the_lesson_s_data_nothing_is_marked_and_nothing_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    press(predict("shift", "What comes out?", OPTIONS), "It stays")
    reveal("shift")
    quick("gap", "Which?", OPTIONS).field.value = "It stays"
    foresight()
    assert "No guess is marked yet." in (said := capsys.readouterr().out)
    assert "lesson_data.json" in said


def test_a_question_with_formulas_is_typeset_above_its_field(lesson: Path) -> None:
    box = predict("mse", "How large is $x^2$ in `mse`?", unit="rows")
    assert box.field.description == "Your guess"
    assert "$x^2$ in <code>mse</code>? (in rows)" in box.children[0].value
    assert predict("shift", "What does `f` do?", OPTIONS).field.description == "What does f do?"


# the end of a lesson
SCORES: list[tuple[dict[str, Any], str, list[str]]] = [
    ({}, "No guess is marked yet. Three are still to be guessed.", []),
    (
        {"shift": "It doubles", "mse": 1300, "open": 1},
        "You foresaw 1 of 2. This one surprised you:",
        ["Does it <i>stay</i>?"],
    ),
    (
        {"mse": 1, "shift": "It doubles", "open": 1},
        "You foresaw 0 of 2. These two surprised you:",
        ["How large is it?", "Does it <i>stay</i>?"],
    ),
    ({"mse": 1000, "shift": None}, "You foresaw 0 of 1. One more was close. One you looked at without a "
     "guess. One is still to be guessed.", []),
    ({"mse": 1350}, "You foresaw 1 of 1. Two are still to be guessed. Nothing surprised you.", []),
]  # fmt: skip


@pytest.mark.parametrize(("guessed", "said", "surprises"), SCORES)
def test_the_foresight_of_a_lesson_is_told_at_its_end(
    guessed: dict[str, Any], said: str, surprises: list[str], lesson: Path, outputs: Outputs
) -> None:
    questions = {"mse": "How large is it?", "shift": "Does it *stay*?", "open": "What else?"}
    for name, question in questions.items():
        predict(name, question, OPTIONS if name == "shift" else None)
    for name, value in guessed.items():
        guess(name, value)
    foresight()
    items = "".join(f"<li>{text}</li>" for text in surprises)
    assert outputs[-1]["data"]["text/html"] == f"<p>{said}</p>" + (f"<ul>{items}</ul>" if items else "")


# questions for practice
REPLIES = {
    "right": "It stays",
    "texts": {"It doubles": "No: `x` counts **once**.", "It stays": "Yes, it does."},
}


def test_a_quick_question_replies_to_every_choice_at_once(lesson: Path) -> None:
    write_data(lesson, replies={"gap": REPLIES})
    box = quick("gap", "What happens?", OPTIONS)
    for option, reply in (
        ("It doubles", "No: <code>x</code> counts <b>once</b>."),
        ("It stays", "✓ Yes, it does."),
        ("It is halved.", "You chose: It is halved."),
        ("It doubles", "No: <code>x</code> counts <b>once</b>."),
    ):
        box.field.value = option
        assert box.twin.value == f'<p role="status" aria-live="polite">{reply}</p>'
    assert box.static.count("<details>") == 3
    assert not (lesson / PROGRESS).exists()
