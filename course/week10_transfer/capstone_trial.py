"""Call a capstone on a small data set, and keep what came back with what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from checking import Mismatch, expect, kind_of, show
from course_data import one_thread
from torch import Tensor, nn
from transfer_data import SealedTest, study_sessions

PEOPLE, SESSIONS, BUDGET = 30, 8, 5
CALL = f"capstone({PEOPLE * SESSIONS - 7} rows of {PEOPLE} students, …, budget={BUDGET}, seed=1)"


class Kind(str):
    """A few words about an answer, shown without quotes."""

    def __repr__(self) -> str:
        return str(self)


class Counting(SealedTest):
    """Sealed rows that also keep what they said."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        super().__init__(x, y)
        self.said: list[float] = []
        self.steps, self.early = 0, 0  # training steps so far, and those before the first opening

    def accuracy(self, predict: Callable[[Tensor], Any]) -> float:
        self.early = self.early if self.said else self.steps
        self.said.append(super().accuracy(predict))
        return self.said[-1]


@dataclass
class Trial:
    """Hold the rows that a capstone was given, and the dict that came back."""

    x: Tensor
    y: Tensor
    students: Tensor
    sealed: Counting
    made: dict[str, Any]

    def part(self, key: str) -> Any:
        """Return a part of the dict. Raises Mismatch if it is missing."""
        if key not in self.made:
            raise Mismatch("the dict", f'no key "{key}" yet', "this key as well", "add it to the dict")
        return self.made[key]

    def number(self, value: Any, what: str) -> float:
        """Return an accuracy or a loss as a number. Raises Mismatch if it is none."""
        hint = "a plain number: .item() makes one of a tensor"
        if isinstance(value, Tensor | np.ndarray) and value.size not in ((), 1) and value.ndim == 0:
            value = value.item()
        good = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        expect(good and np.isfinite(value), call=what, got=value, expected="a finite number", hint=hint)
        return float(value)

    def right(self, predict: Any, what: str, rows: Tensor | None = None) -> Tensor:
        """Return for each row (all, or some) whether `predict` is right about it, as 0 and 1."""
        hint = "a function that takes raw rows (rows, 26) and returns labels (rows,)"
        expect(callable(predict), call=what, got=predict, expected="a function", hint=hint)
        x, y = (self.x, self.y) if rows is None else (self.x[rows], self.y[rows])
        labels = torch.as_tensor(predict(x.clone()))
        shaped = labels.shape == y.shape
        expect(shaped, call=f"{what} of {len(y)} rows", got=labels, expected=f"{len(y)} labels", hint=hint)
        return (labels == y).double()

    def of_sealed(self, predict: Any) -> float:
        """Return how often `predict` is right about the sealed rows, without opening them once more."""
        hint = "put the function under this key"
        expect(callable(predict), call="predict", got=predict, expected="a function", hint=hint)
        labels = torch.as_tensor(predict(self.sealed._x.clone()))
        return (labels == self.sealed._y).double().mean().item()

    def new_students(self, predict: Any) -> tuple[float, float]:
        """Return how often `predict` is right about other students, and how often it should at least be."""
        x, y, _ = study_sessions(200, 10, seed=33)
        labels = torch.as_tensor(predict(_in_units(x)))
        return (labels == y).double().mean().item(), y.bincount().max().item() / len(y) + 0.03

    def expect_validation_trains_nothing(self, capstone: Callable[..., Any]) -> None:
        """Raise Mismatch if validation rows train, or if the trials' losses are not theirs.

        In another call they lie far away, each student's in a direction and with a label of its own.
        """
        tests = torch.as_tensor(as_numbers(self.made["validation_rows"]).astype(np.int64))
        drawn = torch.Generator().manual_seed(35)
        directions = nn.functional.normalize(torch.randn(10**3, self.x.shape[1], generator=drawn))
        x, y = self.x.clone(), self.y.clone()
        x[tests] += 12 * x.std(0) * directions[self.students[tests]]
        said = torch.as_tensor(self.made["predict"](x.clone()))
        for who in self.students[tests].unique():
            mine = tests[self.students[tests] == who]
            y[mine] = (said[mine].long().mode().values + 1 + who % 2) % 3
        made = _called(capstone, x, y, self.students, self.sealed, budget=2)
        if "trials" in self.made and _losses(made):
            one, other = (float(each["trials"][0]["validation_loss"]) for each in (self.made, made))
            call = "the first trial's validation_loss, with quite other validation rows"
            hint = "the loss on the validation rows, in eval mode, of a net that has not learnt from them"
            expect(abs(one - other) > 1e-6, call=call, got=Kind("the same"), expected="another", hint=hint)
        right = (torch.as_tensor(made["predict"](x.clone())) == y).double()[tests].mean().item()
        call = "predict on validation rows that cannot be foretold from training rows"
        hint = (
            "train trials and final model on the training rows alone, and fit nothing on all rows in the end"
        )
        got, expected = Kind(f"{right:.3f} right"), "about what guessing gives"
        expect(right < 0.8, call=call, got=got, expected=expected, hint=hint)

    def expect_the_same_again(self, capstone: Callable[..., Any]) -> None:
        """Raise Mismatch unless a second call gives the same split, trials and labels."""
        again = _called(capstone, self.x, self.y, self.students, self.sealed)
        hint = "start all that draws from `seed`: torch.manual_seed(seed), random_state=seed, …"
        losses = [_losses(made) for made in (self.made, again)]
        call = f"the losses of the trials when {CALL} is called again"
        expect(losses[0] == losses[1], call=call, got=Kind(losses[1]), expected=losses[0], hint=hint)
        for key in ("validation_rows", "validation", "test"):
            mine, yours = (as_numbers(made.get(key, 0)) for made in (self.made, again))
            same = mine.shape == yours.shape and bool((mine == yours).all())
            call = f'"{key}" when {CALL} is called again'
            expect(bool(same), call=call, got=Kind(show(yours, 40)), expected=show(mine, 40), hint=hint)


def as_numbers(value: Any) -> np.ndarray:
    """Return row numbers or an accuracy, of whatever kind, as an array."""
    return np.asarray(sorted(value) if isinstance(value, set) else value)


def first_trial(capstone: Callable[..., Any]) -> Trial:
    """Call a capstone on new students whose columns have other units. Raises Mismatch unless a dict comes."""
    x, y, students = study_sessions(PEOPLE, SESSIONS, seed=31)
    sealed_x, sealed_y, _ = study_sessions(10, SESSIONS, seed=32)
    sealed = Counting(_in_units(sealed_x), sealed_y)
    x, y, students = (
        _in_units(x)[:-7],
        y[:-7],
        100 + 7 * students[:-7],
    )  # so that their sessions differ in number
    made = _called(capstone, x, y, students, sealed)
    return Trial(x, y, students, sealed, made)


def easy_trial(capstone: Callable[..., Any]) -> Trial:
    """Call a capstone on an easy task: a number u lies behind all columns, and label 0 where it is near 0.

    A straight line cannot see that, so a net is better in every student. Most rows have label 1.
    """
    drawn = torch.Generator().manual_seed(34)
    rows = torch.arange(24 * 6)
    shares = 0.1 + 0.15 * (rows // 6 % 5)  # of the rows near 0: other students, other gains
    middle = torch.rand(len(rows), generator=drawn) < shares
    u = torch.where(middle, 0.0, 4.0 * (rows % 2) - 2) + 0.1 * torch.randn(len(rows), generator=drawn)
    y = torch.where(middle, 0, 1)
    y[5::50] = 2
    order = torch.randperm(len(rows), generator=drawn)
    x = _in_units(
        u[:, None] * torch.linspace(-1.5, 1, 26) + 0.02 * torch.randn(len(rows), 26, generator=drawn)
    )
    sealed = Counting(x[:30], y[:30])
    x, y, students = x[order], y[order], 100 + 7 * (rows // 6)[order]
    return Trial(x, y, students, sealed, _called(capstone, x, y, students, sealed, budget=2))


def _losses(made: dict[str, Any]) -> str:
    """Return the validation losses in words, or "" while there are no such trials."""
    trials: Any = made.get("trials")
    good = isinstance(trials, list | tuple)
    whole = good and all(isinstance(each, dict) and "validation_loss" in each for each in trials)
    return show([each["validation_loss"] for each in trials]) if whole else ""


def _in_units(x: Tensor) -> Tensor:
    return x * torch.linspace(0.5, 3, 26) + 5


@contextmanager
def _counting(sealed: Counting) -> Iterator[None]:
    """Count in a `with` block the training steps: each begins with a `backward`."""
    backward = Tensor.backward

    def counted(self: Tensor, *args: Any, **options: Any) -> None:
        sealed.steps += 1
        backward(self, *args, **options)

    Tensor.backward = counted  # type: ignore[method-assign]
    try:
        yield
    finally:
        Tensor.backward = backward  # type: ignore[method-assign]


def _called(
    capstone: Callable[..., Any],
    x: Tensor,
    y: Tensor,
    students: Tensor,
    sealed: Counting,
    budget: int = BUDGET,
) -> dict[str, Any]:
    fresh = Counting(sealed._x, sealed._y) if sealed.opened else sealed
    with one_thread(), _counting(fresh):
        made = capstone(x.clone(), y.clone(), students.clone(), fresh, budget=budget, seed=1)
    hint = "return one dict at the end; it may have a few keys only, while you build it"
    given = made if made is None else Kind(f"a {kind_of(made)}")
    expect(isinstance(made, dict), call=CALL, got=given, expected="a dict", hint=hint)
    found: dict[str, Any] = made
    return found
