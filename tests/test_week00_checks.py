"""The visible checks of week 0 know right from wrong, and say what helps."""

from __future__ import annotations

from typing import Any

import pytest
from week00_checks import NAMES, visible

EVENING = ["result = scale * width", "scale = 2 * step", "step, width = 2, 3"]
RIGHT = dict.fromkeys(NAMES, False) | {"Path": True, "Net": True, "train": True}


def greet(name: str) -> str:
    return f"Hello, {name or 'you'}!"


ANSWERS: list[tuple[str, Any, str]] = [
    ("q1", EVENING[::-1], "✓"),
    ("q1", tuple(f"{cell}\n" for cell in EVENING[::-1]), "✓"),
    ("q1", EVENING, "which of the three needs nothing"),
    ("q1", [EVENING[1], EVENING[2], EVENING[0]], "name 'step' is not defined"),
    ("q1", [EVENING[2], EVENING[0], EVENING[1]], "scale is missing when this cell runs"),
    ("q1", None, "list.reverse() and list.sort() give back None"),
    ("q1", ["result = 12"], "the same three cells"),
    ("q1", [3, 2, 1], "a list of three texts"),
    ("q1", "\n".join(EVENING[::-1]), "a list of three texts"),
    ("q1", [*EVENING[::-1], "result = 7"], "12"),
    ("q1", ["1 +", *EVENING], "SyntaxError"),
    ("q1", ..., "not yet"),
    ("q3", lambda x: 2 * x, "✓"),
    ("q3", lambda x: x + x, "✓"),
    ("q3", lambda x: x * x, "came back: 9"),
    ("q3", lambda x: x**x, "came back: 27"),
    ("q3", lambda x: x + 2, "came back: 5"),
    ("q3", lambda x: print(2 * x), "came back: None"),
    ("q3", lambda x: "2x", "came back: '2x'"),
    ("q3", lambda x: str(2 * x), "quotes or str() make text"),
    ("q3", lambda x: int(2 * x), "leave out int() and round()"),
    ("q3", lambda x: round(2 * x), "leave out int() and round()"),
    ("q3", lambda x: abs(2 * x), "the sign was lost"),
    ("q3", lambda x: 2 * x + 1e-6, "exactly 2 times"),
    ("q3", lambda x: x / 0.5, "✓"),
    ("q4", RIGHT, "✓"),
    ("q4", RIGHT | {"half": True}, "whatever is assigned is dropped"),
    ("q4", RIGHT | {"helper": True}, "of an if nothing is kept"),
    ("q4", RIGHT | {"train": False}, "as soon as it is called"),
    ("q4", RIGHT | {"Path": ...}, "not yet"),
    ("q4", RIGHT | {"Path": 1}, "write True or False, without quotes"),
    ("q4", RIGHT | {"EPOCHS": "False"}, "write True or False, without quotes"),
    ("q4", RIGHT | {"json": None}, "write True or False, without quotes"),
    ("q4", {"Path": True}, "True or False for each of"),
    ("q5", 1, "✓"),
    ("q5", 3, "which line should be inside"),
    ("q5", "1", "without quotes"),
    ("q5", True, "without quotes"),
    ("q5", 7, "from 1 to 6"),
    ("q5", ..., "not yet"),
    ("hello", greet, "✓"),
    ("hello", lambda name: "Hello, Ada!", "Zoë M."),
    ("hello", lambda name: greet(name.strip()), "leave out strip() and split()"),
    ("hello", lambda name: greet(name[:20]), "however long it is"),
    ("hello", lambda name: greet(name.encode("ascii", "ignore").decode()), "accent"),
    ("hello", lambda name: "Hello, name!", "just four letters"),
    ("hello", lambda name: "Hello, {name}!", "the f before the quotes is missing"),
    ("hello", lambda name: ("Hello, ", name, "!"), "a tuple of 3 things"),
    ("hello", lambda name: f"Hello, {name!r}!", "quotes stand round the name"),
    ("hello", lambda name: f"Hello,  {name}!", "two spaces stand where one belongs"),
    ("hello", lambda name: f"Hello, {name}! ", "begins with H and ends with !"),
    ("hello", lambda name: f"{greet(name)}\n", "begins with H and ends with !"),
    ("hello", lambda name: greet(name or "You"), "must be exactly 'Hello, you!'"),
    ("hello", lambda name: greet(name) if name else "you", "must be exactly 'Hello, you!'"),
    ("hello", lambda name: f"Hello, {name}!", "'Hello, !'"),
    ("hello", lambda name: print(greet(name)), "came back: None"),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "answer", "said"), ANSWERS)
def test_a_visible_check_says_what_is_right_or_what_to_try(
    exercise: str, answer: Any, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    visible(f"check_{exercise}")(answer)
    printed = capsys.readouterr().out
    assert said in printed
    assert ("✓" in printed) is (said == "✓")
    assert "this check itself failed" not in printed


def test_each_wrong_double_of_the_lesson_passes_at_2() -> None:
    assert [wrong(2) for wrong in (lambda x: x * x, lambda x: x**x, lambda x: x + 2)] == [4, 4, 4]
