"""How answers are compared: what counts as equal, and that no value, however odd, ends in a traceback."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from checking import (
    Mismatch,
    as_array,
    check_choice,
    difference,
    expect,
    expect_close,
    expect_equal,
    expect_gradient,
    expect_raises,
    expect_unchanged,
    show,
)
from general_hints import general_hint, hint_for_condition
from lesson_data import DATA

ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


class Unfriendly:
    """An object whose every question ends in an error."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __array__(self, *args: object, **kwargs: object) -> np.ndarray:
        raise RuntimeError("no")


ODD = (
    None, "text", "0.5", b"1", math.nan, math.inf, True, 10**5000, 1j, object(), Unfriendly(), int, ENDLESS,
    [], {}, {1, 2}, [[1, 2], [3]], ["a"], [None], np.array(["1"]), np.array([None, {}]), np.array([1j]),
    np.zeros(2, dtype=[("a", int)]), np.datetime64("2020"), torch.tensor([1j]), torch.eye(2).to_sparse(),
    torch.empty(2, device="meta"), [torch.tensor(1.0, requires_grad=True)], torch.tensor([]),
)  # fmt: skip
WANTED = (0.5, [1.0, 2.0], [], torch.ones(2, 2), {"a": 1}, "x", True, None, [[1, 2], [3]])

EQUAL = [
    (0.5, 0.5),
    (torch.tensor(0.5, requires_grad=True), 0.5),
    (np.float32(0.5), 0.5),
    (0.50004, 0.5),
    (1000.05, 1000.0),
    ([1, 2.0], torch.tensor([1.0, 2.0])),
    ([torch.tensor(1.0, requires_grad=True), 2], [1.0, 2.0]),
    (np.array([1, 2]), [1.0, 2.0]),
    ([[1.0], [2.0, 3.0]], [[1.0], [2.0, 3.0]]),
    ({"loss": 1}, {"loss": 1.0}),
    (math.inf, math.inf),
    (math.nan, math.nan),
    ([[1, 2], [3, 4]], torch.tensor([[1.0, 2.0], [3.0, 4.0]])),
    ("a", "a"),
    (None, None),
    ([], []),
]
DIFFERENT = [
    (0.6, 0.5),
    (0.5002, 0.5),
    (torch.tensor([1.0]), 1.0),
    (math.nan, 0.0),
    (math.inf, 1.0),
    (True, 1.0),
    ("0.5", 0.5),
    (np.array(["1"]), [1.0]),
    ([1.0, 2.0, 3.0], [1.0, 2.0]),
    ([[1.0], [2.0, 4.0]], [[1.0], [2.0, 3.0]]),
    ({"loss": 2}, {"loss": 1.0}),
    ({"other": 1}, {"loss": 1.0}),
    (1, True),
    (None, "a"),
    ([1.0], []),
]


@pytest.mark.parametrize(("got", "want"), EQUAL)
def test_equal_answers_pass(got: Any, want: Any) -> None:
    expect_close(got, want, call="f()", hint="think")


@pytest.mark.parametrize(("got", "want"), DIFFERENT)
def test_different_answers_are_a_mismatch_that_says_what_came_back(got: Any, want: Any) -> None:
    with pytest.raises(Mismatch) as caught:
        expect_close(got, want, call="f()", hint="think again")
    assert caught.value.call == "f()"
    assert caught.value.general or caught.value.hint == "think again"
    assert caught.value.hint in str(caught.value)
    assert caught.value.got


@pytest.mark.parametrize("got", ODD, ids=lambda value: type(value).__name__)
def test_no_value_is_too_odd_to_be_compared_and_shown(got: Any, recwarn: pytest.WarningsRecorder) -> None:
    for want in WANTED:
        problem = difference(got, want)
        assert problem is None or isinstance(problem, str)
        for exact in (True, False):
            assert isinstance(general_hint(got, want, "f()", "think", exact), str | None)
    assert isinstance(hint_for_condition(got, "one finite number", "f()", "think"), str | None)
    assert 0 < len(show(got)) <= 120
    assert as_array(got) is None or as_array(got).dtype == np.float64
    assert not recwarn.list, "a warning on stderr costs the marks of a cell in plain nbgrader"


def test_only_true_is_true() -> None:
    expect(np.bool_(True), call="f()", got=1, expected="1", hint="think")
    for condition in (False, None, 1, "yes", np.False_, torch.tensor(True)):
        with pytest.raises(Mismatch):
            expect(condition, call="f()", got=1, expected="2", hint="think")


def test_equal_plain_values_have_the_same_kind() -> None:
    expect_equal("healthy", "healthy", call="f()", hint="think")
    for got, want in ((1, True), (1.0, 1), ("a", "b"), (None, "a")):
        with pytest.raises(Mismatch):
            expect_equal(got, want, call="f()", hint="think")


def test_expected_errors_are_told_from_answers_and_other_errors() -> None:
    expect_raises(ValueError, lambda: int("x"), call="f()", hint="think")
    for action, got in ((lambda: 5, "5"), (lambda: [][0], "IndexError: list index out of range")):
        with pytest.raises(Mismatch) as caught:
            expect_raises(ValueError, action, call="f()", hint="think")
        assert caught.value.got == got


@pytest.mark.parametrize("got", [value for value, _ in EQUAL], ids=repr)
def test_a_right_answer_shows_no_fault(got: Any) -> None:
    wants = [want for value, want in EQUAL if value is got]
    assert [general_hint(got, want, "f(1)", "think") for want in wants] == [None] * len(wants)


SHOWN = [
    (torch.tensor([0.125]), 0.5, "tensor [0.125] of shape (1,), not ()"),
    (np.zeros((1, 2)), [0.0, 0.0], "array [0, 0] of shape (1, 2), not (2,)"),
    (None, 0.5, "None, not a number"),
    ([1.0, 2.0, 3.0], [1.0, 2.0], "[1.0, 2.0, 3.0] (shape (3,), not (2,))"),
    ("a", 0.5, "'a' (a string, not a number)"),
]


@pytest.mark.parametrize(("got", "want", "shown"), SHOWN)
def test_a_shape_or_kind_is_not_said_twice(got: Any, want: Any, shown: str) -> None:
    with pytest.raises(Mismatch) as caught:
        expect_close(got, want, call="the answer", hint="think")
    assert caught.value.got == shown


def test_a_stub_is_not_taken_for_an_answer_that_raises() -> None:
    def stub() -> None:
        raise NotImplementedError

    for kind in (ValueError, RuntimeError, Exception):
        with pytest.raises(NotImplementedError):
            expect_raises(kind, stub, call="f()", hint="think")


CHOICES = [
    ("B", '✓ gq2: B, "It grows."'),
    (" b) ", '✓ gq2: B, "It grows."'),
    ("", 'gq2: not yet. Write one letter between the quotes: answer_gq2 = "A"'),
    ("  ", 'gq2: not yet. Write one letter between the quotes: answer_gq2 = "A"'),
    (None, "gq2: not yet. Write one letter"),
    (..., "gq2: not yet. Write one letter"),
    ("AB", "gq2: not yet. 'AB' is none of the letters A, B. Write one letter"),
    ("C", "gq2: not yet. 'C' is none of the letters A, B."),
    (2, "gq2: not yet. 2 is none of"),
    (torch.zeros(3), "gq2: not yet. tensor"),
    (Unfriendly(), "gq2: not yet. a Unfriendly that cannot be shown"),
]


@pytest.mark.parametrize(("answer", "said"), CHOICES)
def test_a_choice_is_repeated_in_the_words_of_its_option(
    answer: Any,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / DATA).write_text(json.dumps({"options": {"gq2": {"A": "It falls.", "B": "It grows."}}}))
    monkeypatch.chdir(tmp_path)
    check_choice("gq2", answer)
    assert capsys.readouterr().out.startswith(said)


def test_a_choice_is_told_without_the_lesson_s_data_and_nothing_about_right_or_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = []
    for letter in "ABCD":
        check_choice("gq2", letter)
        said.append(capsys.readouterr().out.replace(f" {letter}", " *"))
    assert said == ["✓ gq2: *\n  Whether it is right, you see after grading.\n"] * 4


def double(x: torch.Tensor, y: Any = 0) -> torch.Tensor:
    return (2 * x).mean()


def changing(x: Any, y: Any) -> None:
    x += 1


def of_another(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return torch.ones(1, requires_grad=True).sum() + y.sum()


WITHOUT_GRADIENT: list[tuple[Callable[..., Any], bool, str]] = [
    (lambda x, y: double(x).item(), True, ".item()"),
    (lambda x, y: np.zeros(()), True, "NumPy"),
    (lambda x, y: None, True, "`return`"),
    (lambda x, y: double(x).detach(), True, ".detach()"),
    (lambda x, y: torch.tensor(double(x).item()), True, "torch.tensor(…)"),
    (of_another, False, "think"),
]


@pytest.mark.parametrize(("function", "general", "words"), WITHOUT_GRADIENT)
def test_a_cut_gradient_is_seen(function: Callable[..., Any], general: bool, words: str) -> None:
    with pytest.raises(Mismatch) as caught:
        expect_gradient(function, torch.ones(2), torch.zeros(2), hint="think")
    assert caught.value.general is general
    assert words in caught.value.hint


def test_a_gradient_that_flows_passes_and_can_be_compared() -> None:
    x = torch.tensor([0.5, -3.0])
    expect_gradient(double, x)
    expect_gradient(double, x, want=[1.0, 1.0])
    expect_gradient(lambda a, b: a * b, torch.ones(2), torch.tensor([3.0, 4.0]), wrt=1, want=[1.0, 1.0])
    assert not x.requires_grad
    with pytest.raises(Mismatch, match=r"the gradient of double\(\[0.5, -3\]\)"):
        expect_gradient(double, x, want=[2.0, 2.0])


def append(values: list[Any], y: Any) -> None:
    values.append(1)


def append_inside(values: Any, y: Any) -> None:
    values["train"].append(1)


UNCHANGED: list[tuple[Callable[..., Any], tuple[Any, ...], bool]] = [
    (double, (torch.tensor([1.0, math.nan]), [1, "a", None]), True),
    (changing, (torch.ones(2), 0), False),
    (changing, (np.ones(2), 0), False),
    (changing, (1.0, torch.ones(2)), True),
    (append, ([1, 2], 0), False),
    (append_inside, ({"train": [1]}, 0), False),
    (lambda x, y: x.sort(), ([2, 1], 0), False),
    (lambda x, y: sorted(x), ([2, 1], object()), True),
    (lambda x, y: x.add_(1), (torch.ones(2, 2), 0), False),
    (lambda x, y: y.clear(), (0, [torch.ones(2)]), False),
]


@pytest.mark.parametrize(("function", "args", "passes"), UNCHANGED)
def test_arguments_that_are_changed_in_place_are_seen_and_those_of_the_check_are_not(
    function: Callable[..., Any], args: tuple[Any, ...], passes: bool
) -> None:
    before = show(args)
    if passes:
        expect_unchanged(function, *args)
    else:
        with pytest.raises(Mismatch, match="as before"):
            expect_unchanged(function, *args, call="f(…)")
    assert show(args) == before
