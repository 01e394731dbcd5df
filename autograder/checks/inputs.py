"""Small helpers for hidden checks: random inputs that print exactly, and questions that recur."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from checking import as_array, expect, expect_close

from autograder.checks.framework import Student

ONE_NUMBER = "return one number for the whole batch: a tensor without dimensions"
UNCHANGED = "do not change the arguments in place: -=, *= and methods whose name ends in _ do that"
CONNECTED = (
    "compute with torch operations all the way: .item(), float(), .detach() and NumPy cut the gradient"
)

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
{copies}
{call}
[{names}]
"""


def random_tenths(student: Student, *shape: int, low: float = -4.0, high: float = 4.0) -> torch.Tensor:
    """Return random numbers that end in .05: short to print exactly, and never 0 or any other tenth."""
    unit = torch.rand(*shape, generator=student.rng)
    return ((low + (high - low) * unit) * 10).floor() / 10 + 0.05


def jittered(student: Student, *values: float) -> torch.Tensor:
    """Return the values, each moved by a random -0.2 to 0.2: new numbers, but always the same kinds of case.

    What a check finds must depend on the student's code, not on the luck of the draw.
    """
    tenths = torch.randint(-2, 3, (len(values),), generator=student.rng)
    return ((torch.tensor(values) * 10).round() + tenths) / 10


def written(value: Any) -> str:
    """Return an argument as the student would type it: `[0.5, -1.25]`, `[[1, 2], [3, 4]]`, `0.9`."""
    if isinstance(value, torch.Tensor) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (torch.Tensor, list, tuple)):
        return f"[{', '.join(written(item) for item in value)}]"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)


def ask(student: Student, name: str, *args: Any, **kwargs: Any) -> tuple[Any, str]:
    """Call the student's function with copies of the tensors; return the answer and the call as typed."""
    typed = [written(arg) for arg in args] + [f"{key}={written(value)}" for key, value in kwargs.items()]
    copies = [arg.clone() if isinstance(arg, torch.Tensor) else arg for arg in args]
    return getattr(student, name)(*copies, **kwargs), f"{name}({', '.join(typed)})"


def compare(student: Student, name: str, cases: Sequence[tuple[tuple[Any, ...], Any]], hint: str) -> None:
    """Ask for the answer to every case (arguments, expected answer) first, then compare them in order.

    All questions come before the first comparison, so that the answers tell one mistake from another.
    """
    answers = [ask(student, name, *args) for args, _ in cases]
    for (got, call), (_, want) in zip(answers, cases, strict=True):
        expect_close(got, want, call=call, hint=hint)


def finite_number(got: Any, call: str, hint: str) -> float:
    """Return `got` as a float. Raises Mismatch unless it is one finite number."""
    array = as_array(got)
    number = float(array) if array is not None and array.ndim == 0 else math.nan
    expect(math.isfinite(number), call=call, got=got, expected="one finite number", hint=hint)
    return number


def gradient(student: Student, call: str, name: str, **inputs: torch.Tensor) -> Any:
    """Return the gradient of `call` with respect to the input `name`, computed beside the student's code."""
    return student.run(GRADIENT.format(call=call, name=name), **inputs)


def afterwards(student: Student, call: str, **inputs: torch.Tensor) -> Any:
    """Return the list of the inputs, in their order, as they are after `call`."""
    copies = "\n".join(f"{name} = {name}.clone()" for name in inputs)
    return student.run(AFTERWARDS.format(copies=copies, call=call, names=", ".join(inputs)), **inputs)
