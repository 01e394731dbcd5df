"""Say what a wrong answer itself shows, whatever the exercise: each sentence holds for every such answer."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from same_values import as_array, kind_of

FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)
LAZY = (types.GeneratorType, map, zip, filter)
PLAIN = (bool, int, float, str)

NO_RETURN = (
    "None is what a function hands back that ends without `return`: to print or to compute the answer is not "
    "enough, write `return` before it"
)
NOT_CALLED = "a function came back, not what it computes: call it, with () after its name"
DOTS = "the three dots ... still stand where your answer belongs"
LAZY_ITEMS = "a {} came back, which hands out its items later: list(…) makes a list of it"
ONE_TUPLE = "a tuple of one element came back: look for a comma at the end of the line"
QUOTES = "this is text, because quotes or str() make text: give the number back without them"
TEXT = "text came back where a number belongs"
TRUTH = "True or False came back where a number belongs: that is what a comparison gives"
STACK = "a {} of tensors came back where one tensor belongs: torch.stack(…) makes one of them"
UNEVEN = "the rows of this {} do not have the same length, so it is no table of numbers"
SPOILED = "{} came out: look for the log of 0, for exp of a large number, or for a division by 0"
ITEM = "this is a tensor where a plain Python number is asked for: .item() makes one of it"
ITEMS = "the numbers in it are tensors where plain Python numbers are asked for: .item() makes one of each"
NUMPY = "this is a number of NumPy's where a plain Python number is asked for: .item() makes one of it"
KIND = "a {} came back where a {} is asked for"
EMPTY = "an empty {} came back where one number is expected"
ONE_NUMBER = (
    "one number is expected for all elements together: end with .mean() over all of them (or .sum(), if the "
    "task asks for the sum)"
)
STILL_ONE_AXIS = (
    "one number is expected, and yours still sits in a {} of shape {}: .mean() without an axis gives a "
    "single one"
)
A_LIST = "one number is expected, and a {} came back"
AXIS_OF_ONE = (
    "the shape should be {}, not {}: .squeeze(dim) takes an axis of length 1 away, .unsqueeze(dim) adds one"
)
EVERY_PAIR = (
    "{n} × {n} numbers came out where {n} are expected, as when the shapes ({n}, 1) and ({n},) meet: print "
    "the shapes of what you combine"
)
SHAPE = "the shape should be {}, not {}: print the shape after each step to see where it changes"


def general_hint(got: Any, want: Any, call: str, hint: str = "", exact: bool = False) -> str | None:
    """Return what the answer `got` itself shows about its fault where `want` was expected, or None.

    `exact`: the kinds of the values count, too. Where numbers are nan or infinite, the check's own `hint`
    still helps and is added.
    """
    if got is None:
        return NO_RETURN if want is not None and _is_call(call) else None
    found = _wrong_kind(got, want) or _plain_expected(got, want, exact) or _wrong_numbers(got, want, hint)
    return found or (_other_kind(got, want) if exact else None)


def hint_for_condition(got: Any, expected: str, call: str, hint: str) -> str | None:
    """Return what `got` itself shows where only words say what was expected, or None."""
    if got is None:
        return NO_RETURN if _is_call(call) and "None" not in expected else None
    if got is ...:
        return DOTS
    if isinstance(got, FUNCTIONS) and "function" not in expected and "call" not in expected:
        return NOT_CALLED
    return _spoiled(got, hint) if "finite" in expected and "infinite" not in expected else None


def _is_call(call: str) -> bool:
    """Return whether the words of a check are a call, so that the answer is what a function returned."""
    return re.fullmatch(r"[A-Za-z_][\w.]*\(.*\)", call, re.DOTALL) is not None


def _wrong_kind(got: Any, want: Any) -> str | None:
    if got is ...:
        return DOTS
    if isinstance(got, FUNCTIONS) and not callable(want):
        return NOT_CALLED
    if isinstance(got, LAZY) and isinstance(want, (list, tuple, np.ndarray, torch.Tensor)):
        return LAZY_ITEMS.format(kind_of(got))
    if isinstance(got, tuple) and len(got) == 1 and not isinstance(want, (list, tuple)) and _ndim(want) != 1:
        return ONE_TUPLE
    return None


def _plain_expected(got: Any, want: Any, exact: bool) -> str | None:
    """Return a hint where tensors or numbers of NumPy's stand in the place of plain values.

    Unless the comparison is `exact`, they may stand for numbers, but not for True, False or text.
    """
    plain = PLAIN if exact else (bool, str)
    if isinstance(want, plain) and isinstance(got, torch.Tensor) and got.ndim == 0:
        return ITEM
    if isinstance(want, plain) and isinstance(got, np.generic) and (exact or not isinstance(got, np.bool_)):
        return NUMPY
    if isinstance(got, (list, tuple)) and isinstance(want, (list, tuple)):
        pairs = list(zip(got, want, strict=False))
    elif isinstance(got, dict) and isinstance(want, Mapping):
        pairs = [(got[key], want[key]) for key in want if key in got]
    else:
        return None
    found = [isinstance(a, torch.Tensor) and a.ndim == 0 and isinstance(b, plain) for a, b in pairs]
    return ITEMS if any(found) else None


def _other_kind(got: Any, want: Any) -> str | None:
    """Return a hint where the kind of a value is another than the one that is asked for."""
    holders = (list, tuple, torch.Tensor, np.ndarray)
    if isinstance(got, holders) and isinstance(want, holders) and kind_of(got) != kind_of(want):
        return KIND.format(kind_of(got), kind_of(want))
    if {type(got), type(want)} == {int, float} and got == want:
        return f"the number is right, but it is of the kind {kind_of(got)}, and {kind_of(want)} is asked for"
    return None


def _wrong_numbers(got: Any, want: Any, hint: str) -> str | None:
    expected, numbers = as_array(want), as_array(got)
    if expected is None:
        return None
    if numbers is None:
        return _no_numbers(got, want, expected.ndim)
    if numbers.shape != expected.shape:
        return _wrong_shape(got, numbers, expected)
    return _spoiled(got, hint) if np.isfinite(expected).all() else None


def _no_numbers(got: Any, want: Any, axes: int) -> str | None:
    if isinstance(got, str):
        return QUOTES if _reads_as_number(got) else TEXT
    if isinstance(got, bool) and axes == 0:
        return TRUTH
    if isinstance(got, (list, tuple)) and got:
        if all(isinstance(item, torch.Tensor) and item.shape == got[0].shape for item in got):
            return STACK.format(kind_of(got)) if isinstance(want, (torch.Tensor, np.ndarray)) else None
        rows = [item for item in got if isinstance(item, (list, tuple))]
        if len(rows) == len(got) and len({len(row) for row in rows}) > 1:
            return UNEVEN.format(kind_of(got))
    return None


def _wrong_shape(got: Any, numbers: np.ndarray, expected: np.ndarray) -> str | None:
    shape, wanted = tuple(numbers.shape), tuple(expected.shape)
    if not wanted:
        if not isinstance(got, (torch.Tensor, np.ndarray)):
            return A_LIST.format(kind_of(got))
        if numbers.size == 0:
            return EMPTY.format(kind_of(got))
        return STILL_ONE_AXIS.format(kind_of(got), shape) if numbers.size == 1 else ONE_NUMBER
    if [n for n in shape if n != 1] == [n for n in wanted if n != 1]:
        return AXIS_OF_ONE.format(wanted, shape)
    if len(wanted) == 1 and shape == wanted * 2:
        return EVERY_PAIR.format(n=wanted[0])
    if len(shape) == len(wanted) == 1:
        return None  # how many there are is told anyway, and why is better known to the check
    return SHAPE.format(wanted, shape)


def _spoiled(got: Any, hint: str) -> str | None:
    numbers = as_array(got)
    if numbers is None or np.isfinite(numbers).all():
        return None
    found = SPOILED.format("nan" if np.isnan(numbers).any() else "inf")
    return f"{found}. Here: {hint}" if hint else found


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _ndim(value: Any) -> int:
    array = as_array(value)
    return -1 if array is None else array.ndim


def gradient_hint(result: Any) -> tuple[str, str] | None:
    """Return what came back and what to try if no gradient can flow through `result`, otherwise None."""
    if result is None:
        return "None", NO_RETURN
    if not isinstance(result, torch.Tensor):
        kind = "number" if isinstance(result, (int, float, np.number)) else kind_of(result)
        return (
            f"a plain {kind}" if kind == "number" else f"a {kind}",
            "only a tensor hands gradients back: leave out .item(), float() and NumPy, and return the tensor",
        )
    if not result.requires_grad:
        return (
            "a tensor that is cut off from its inputs",
            "look for .detach(), .data, .item(), torch.tensor(…) or torch.no_grad(): each cuts the gradient",
        )
    return None
