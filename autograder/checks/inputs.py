"""Small helpers for hidden checks: inputs drawn for each grading, and questions that recur.

Every number that is drawn here is exact to print: a student who types the call of the feedback gets the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from checking import Mismatch, as_array, difference, expect, expect_close, show

from autograder.checks.framework import Student

T = TypeVar("T")

ONE_NUMBER = "return one number for the whole batch: a tensor without dimensions"
UNCHANGED = "do not change the arguments in place: -=, *= and methods whose name ends in _ do that"
CONNECTED = (
    "compute with torch operations all the way: .item(), float(), .detach() and NumPy cut the gradient"
)
FIRST_RIGHT = "this check counts only together with a right answer: get this call right first"
LONGEST = 24  # values of a list that are written out

GRADIENT = """
import torch
{name} = {name}.detach().clone().requires_grad_(True)
_loss = {call}
if torch.is_tensor(_loss) and _loss.requires_grad:
    _loss.backward()
    _answer = {name}.grad
else:
    _kind = "a tensor that is not connected" if torch.is_tensor(_loss) else "no tensor, so not connected"
    _answer = _kind + " to {name}"
_answer
"""

AFTERWARDS = """
{call}
[{names}]
"""

KEPT = """
_answer = {name}(*_given, **_named)
[_answer, _given, _named]
"""


# Numbers
def drawn(student: Student, low: int, high: int) -> int:
    """Return a whole number from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=student.rng))


def drawn_size(student: Student, low: int = 3, high: int = 7) -> int:
    """Return how many rows, values or classes there are: by default 3 to 7."""
    return drawn(student, low, high)


def drawn_sign(student: Student) -> int:
    """Return 1 or -1."""
    return 2 * drawn(student, 0, 1) - 1


def drawn_decimal(student: Student, low: float, high: float, places: int = 2) -> float:
    """Return a number from low to high with so many decimals: for a delta, a margin, a beta."""
    return round(low + (high - low) * float(torch.rand((), generator=student.rng)), places)


def drawn_magnitude(student: Student, low: int = 110, high: int = 290) -> int:
    """Return an extreme like 137 or 213: a whole number from low to high that does not end in 0."""
    return drawn(student, low // 10, high // 10 - 1) * 10 + drawn(student, 1, 9)


def drawn_seed(student: Student) -> int:
    """Return a seed to hand to a student's function."""
    return drawn(student, 1, 99_999)


# Tensors and lists
def random_tenths(student: Student, *shape: int, low: float = -4.0, high: float = 4.0) -> torch.Tensor:
    """Return random numbers that end in .05: short to print exactly, and never 0 or any other tenth."""
    unit = torch.rand(*shape, generator=student.rng)
    return ((low + (high - low) * unit) * 10).floor() / 10 + 0.05


def tenths(student: Student, size: int, low: float = -4.0, high: float = 4.0) -> list[float]:
    """Return random_tenths as a list of floats that print as they are."""
    return [round(value, 2) for value in random_tenths(student, size, low=low, high=high).tolist()]


def half_steps(student: Student, *shape: int, low: float = -4.0, high: float = 4.0) -> torch.Tensor:
    """Return random multiples of 0.25 from low to high, which floats hold exactly: to stand on a border."""
    steps = torch.randint(math.ceil(low * 4), math.floor(high * 4) + 1, shape, generator=student.rng)
    return steps / 4


def jittered(student: Student, *values: float) -> torch.Tensor:
    """Return the values, each moved by a random -0.2 to 0.2: new numbers, but always the same kinds of case.

    What a check finds must depend on the student's code, not on the luck of the draw.
    """
    moves = torch.randint(-2, 3, (len(values),), generator=student.rng)
    return ((torch.tensor(values) * 10).round() + moves) / 10


def shuffled(student: Student, values: Iterable[T]) -> list[T]:
    """Return the values in a random order."""
    items = list(values)
    return [items[i] for i in torch.randperm(len(items), generator=student.rng).tolist()]


def drawn_from(student: Student, values: Iterable[T], size: int) -> list[T]:
    """Return so many of the values, no place twice, in a random order."""
    return shuffled(student, values)[:size]


def drawn_labels(student: Student, rows: int, classes: int) -> torch.Tensor:
    """Return a label for each row: each class as often as the others, up to one, in a random order."""
    order = shuffled(student, range(classes))
    return torch.tensor(shuffled(student, [order[i % classes] for i in range(rows)]))


def zeros_and_ones(student: Student, *shape: int) -> torch.Tensor:
    """Return targets 0.0 and 1.0 of this shape, both kinds about equally often, in a random order."""
    return drawn_labels(student, math.prod(shape), 2).reshape(shape).to(torch.float32)


# What is asked
def written(value: Any) -> str:
    """Return an argument as the student would type it: `[0.5, -1.25]`, `[[1, 2], [3, 4]]`, `0.9`.

    Of a long list the beginning, and how many values there are.
    """
    if isinstance(value, torch.Tensor | np.ndarray | np.generic) and value.ndim == 0:
        value = value.item()
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {written(item)}' for key, item in value.items())}}}"
    if isinstance(value, torch.Tensor | np.ndarray | list | tuple):
        items = ", ".join(written(item) for item in value[:LONGEST])
        return f"[{items}, … ({len(value)} values)]" if len(value) > LONGEST else f"[{items}]"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)


def as_typed(name: str, *args: Any, **kwargs: Any) -> str:
    """Return a call as the student would type it."""
    typed = [written(arg) for arg in args] + [f"{key}={written(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(typed)})"


def ask(student: Student, name: str, *args: Any, **kwargs: Any) -> tuple[Any, str]:
    """Call the student's function with copies of the arguments; return the answer and the call as typed."""
    call = as_typed(name, *args, **kwargs)
    return getattr(student, name)(*args, **kwargs), call


def compare(
    student: Student,
    name: str,
    cases: Sequence[tuple[tuple[Any, ...], Any]],
    hint: str,
    tolerance: float = 1e-4,
) -> None:
    """Ask for the answer to every case (arguments, expected answer) first, then compare them in order.

    All questions come before the first comparison, so that the answers tell one mistake from another.
    """
    answers = [ask(student, name, *args) for args, _ in cases]
    for (got, call), (args, want) in zip(answers, cases, strict=True):
        student.expects(call, got, want, args)
    for (got, call), (_, want) in zip(answers, cases, strict=True):
        expect_close(got, want, call=call, hint=hint, tolerance=tolerance)


def cheaper(student: Student, name: str, low: tuple[Any, ...], high: tuple[Any, ...], hint: str) -> None:
    """Raise Mismatch unless the arguments `low` cost less than `high`, and both costs are finite numbers."""
    (less, call), (more, other) = (ask(student, name, *args) for args in (low, high))
    smaller = finite_number(less, call, hint) < finite_number(more, other, hint)
    expect(smaller, call=call, got=less, expected=f"less than {other} gives", hint=hint)


def finite_number(got: Any, call: str, hint: str) -> float:
    """Return `got` as a float. Raises Mismatch unless it is one finite number."""
    array = as_array(got)
    number = float(array) if array is not None and array.ndim == 0 else math.nan
    expect(math.isfinite(number), call=call, got=got, expected="one finite number", hint=hint)
    return number


def gradient(student: Student, call: str, name: str, **inputs: Any) -> Any:
    """Return the gradient of `call` with respect to the input `name`, computed beside the student's code."""
    return student.run(GRADIENT.format(call=call, name=name), **inputs)


def expect_gradient(
    student: Student,
    call: str,
    name: str,
    want: torch.Tensor,
    hint: str = CONNECTED,
    tolerance: float = 1e-4,
    **inputs: Any,
) -> None:
    """Raise Mismatch unless the gradient of `call` with respect to the input `name` is `want`."""
    got = gradient(student, call, name, **inputs)
    shown = f"the gradient of {_filled_in(call, inputs)} with respect to {name}"
    student.expects(shown, got, want, inputs.values())
    expect_close(got, want, call=shown, hint=hint, tolerance=tolerance)


def _filled_in(call: str, inputs: Mapping[str, Any]) -> str:
    """Return a call with the values of its inputs instead of their names."""
    return re.sub(r"\w+", lambda word: written(inputs[word[0]]) if word[0] in inputs else word[0], call)


# What stays as it was
def afterwards(student: Student, call: str, **inputs: Any) -> Any:
    """Return the list of the inputs, in their order, as they are after `call`."""
    return student.run(AFTERWARDS.format(call=call, names=", ".join(inputs)), **inputs)


def unchanged(
    student: Student,
    name: str,
    *args: Any,
    want: Any,
    hint: str = UNCHANGED,
    **kwargs: Any,
) -> None:
    """Raise Mismatch unless the answer is right and no argument, nor anything inside it, was changed.

    `want` is the right answer, or a function of (answer, call) that raises Mismatch for a wrong one. What is
    compared stands on the judge's side, where no code of a student's reaches it.
    """
    call = as_typed(name, *args, **kwargs)
    getattr(student, name)  # a name that is missing is told as such, and not as an error of the scenario
    given, named = list(args), dict(kwargs)
    came = student.run(KEPT.format(name=name), _given=given, _named=named)
    answer, after, after_named = came if _is_triple(came) else (came, given, named)
    if callable(want):
        want(answer, call)
    else:
        student.expects(call, answer, want, args)
        expect_close(answer, want, call=call, hint=FIRST_RIGHT)
    for before, now in zip([*given, *named.values()], _arguments(after, after_named), strict=False):
        if not _as_it_was(before, now):
            raise Mismatch(f"an argument after {call}", show(now), f"{show(before)}, as it was", hint)


def _is_triple(came: Any) -> bool:
    return isinstance(came, list | tuple) and len(came) == 3


def _arguments(given: Any, named: Any) -> list[Any]:
    return [*given, *named.values()] if isinstance(given, list) and isinstance(named, dict) else []


def _as_it_was(before: Any, now: Any) -> bool:
    """Return whether an argument is what it was: kind, shape and every number."""
    if type(before) is not type(now):
        return False
    if isinstance(before, dict):
        return list(before) == list(now) and all(_as_it_was(before[key], now[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) == len(now) and all(map(_as_it_was, before, now))
    if isinstance(before, torch.Tensor) and before.dtype != now.dtype:
        return False
    if as_array(before) is not None:
        return difference(now, before, tolerance=0.0) is None
    return bool(np.array_equal(before, now))
