"""Models, batches and words for the visible checks of week 2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType
from typing import Any

import torch
from checking import Mismatch, expect
from torch import Tensor, nn, tensor

Problem = Callable[[], None]  # raises Mismatch if an answer is not right
Batches = list[tuple[Tensor, Tensor]]

READY_MADE = ("train_model", "evaluate_model", "measure", "fit", "sweep")
ENGINE = ("utils", "recording", "sweeps")


class Once:
    """Give batches that can be walked through once, and have no length."""

    def __init__(self, batches: Sequence[Any]) -> None:
        self.left = iter(batches)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self.left)


class Doubled(nn.Module):
    """Double the input in train mode and leave it alone in eval mode: as sure as dropout is random."""

    def forward(self, x: Tensor) -> Tensor:
        return 2 * x if self.training else x


def line(w: float = 0.0) -> nn.Linear:
    """Return the model y = w·x."""
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, w)
    return model


def column(*values: float) -> Tensor:
    """Return a batch of one feature, (rows, 1)."""
    return tensor(values).unsqueeze(1)


def tilted(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return a mean cost in which too little costs three times as much as too much."""
    error = targets - outputs
    return torch.where(error > 0, 3 * error**2, error**2).mean()


@contextmanager
def told_for(call: str, expected: str, hint: str, *, any_error: bool) -> Iterator[None]:
    """Tell an error of the student's code in a `with` block with the call and a hint that fits.

    Without `any_error` only that a list lacks what a DataLoader has. A stub's error goes on as it is.
    """
    try:
        yield
    except Mismatch:
        raise
    except Exception as error:
        lacks = isinstance(error, AttributeError) and "'list' object" in str(error)
        stub = isinstance(error, NotImplementedError) and not str(error)
        if stub or not (any_error or lacks):
            raise
        told = "a loader may be a plain list: count len(…) of each batch in the loop" if lacks else hint
        raise Mismatch(call, f"{type(error).__name__}: {error}", expected, told) from error


def names_in(code: CodeType) -> set[str]:
    """Return all names that a function's code uses, also inside the functions that it defines."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))


def expect_own_loop(function: Callable[..., Any]) -> None:
    """Raise Mismatch if a function calls one of the loops of utils."""
    code = getattr(function, "__code__", None)
    names, known = names_in(code) if code else set(), getattr(function, "__globals__", {})
    engine = {name for name in names if getattr(known.get(name), "__name__", name) in ENGINE}
    used = sorted(
        name
        for name in names & set(READY_MADE)
        if (engine and name not in known) or getattr(known.get(name), "__module__", "") in ENGINE
    )
    expect(
        not used,
        call=f"the code of {getattr(function, '__name__', 'your function')}",
        got=", ".join(used),
        expected="a loop, written by you",
        hint="a ready-made loop of utils earns half of the marks at most: the loop is the exercise",
    )
