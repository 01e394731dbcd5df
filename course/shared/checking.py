"""Compare an answer with what was expected and say, in words that help, how they differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch


class Mismatch(AssertionError):
    """Report an answer that is not the expected one: what was called, what came back, what to try."""

    def __init__(self, call: str, got: str, expected: str, hint: str) -> None:
        self.call, self.got, self.expected, self.hint = call, got, expected, hint
        super().__init__(f"{call}\n  came back: {got}\n  expected:  {expected}\n  try:       {hint}")

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in a notebook: the lines of this module would only distract."""
        return ["Not yet:", *str(self).splitlines()]


def expect(condition: bool, *, call: str, got: Any, expected: str, hint: str) -> None:
    """Raise Mismatch unless `condition` holds. `got` is the answer; `expected` says what it should be."""
    if not (isinstance(condition, bool | np.bool_) and condition):
        raise Mismatch(call, show(got), expected, hint)


def expect_close(got: Any, want: Any, *, call: str, hint: str, tolerance: float = 1e-4) -> None:
    """Raise Mismatch unless `got` equals `want` in shape and, within `tolerance`, in every number.

    `want` is a number, an array, a tensor, or a list, tuple or dict of them; a list of rows of numbers stands
    for an array. The tolerance is relative for values above 1 and absolute below. A 0-d tensor and a plain
    number count as the same shape.
    """
    problem = difference(got, want, tolerance)
    if problem is not None:
        raise Mismatch(call, f"{show(got)}{problem}", show(want), hint)


def expect_equal(got: Any, want: Any, *, call: str, hint: str) -> None:
    """Raise Mismatch unless `got` and `want` are equal plain values of the same kind (True is not 1)."""
    if not _same(got, want):
        raise Mismatch(call, show(got), show(want), hint)


def expect_raises(kind: type[Exception], action: Callable[[], Any], *, call: str, hint: str) -> None:
    """Raise Mismatch unless `action()` raises an exception of this kind."""
    try:
        got = action()
    except kind:
        return
    except Exception as error:
        raise Mismatch(call, f"{type(error).__name__}: {error}", f"a {kind.__name__}", hint) from None
    raise Mismatch(call, show(got), f"a {kind.__name__}", hint)


def expect_choice(answer: Any, letters: str, *, name: str) -> None:
    """Raise Mismatch unless `answer` is one of the letters. Says nothing about which one is right."""
    if not isinstance(answer, str) or clean_choice(answer) not in tuple(letters):
        raise Mismatch(
            name,
            show(answer),
            f"one of the letters {', '.join(letters)}",
            f'write one letter between the quotes, for example {name} = "{letters[0]}"',
        )


def check_choice(exercise: str, answer: Any, letters: str = "ABCD") -> None:
    """Say whether the answer to a question is one of the letters, and nothing about which one is right."""
    expect_choice(answer, letters, name=f"answer_{exercise}")
    print(f"✓ {exercise}: your answer is one of the letters. Whether it is right, you see after grading.")


def clean_choice(answer: str) -> str:
    """Return the letter that an answer like ` b) ` means."""
    return answer.strip().strip("().").upper()


def all_good(exercise: str) -> None:
    """Print that the visible checks of an exercise passed, and what that does not promise."""
    print(f"✓ {exercise}: the visible checks pass. More cases are tried when your work is graded.")


def difference(got: Any, want: Any, tolerance: float = 1e-4) -> str | None:
    """Return None if the values agree, otherwise a few words on how they differ (may be empty)."""
    if isinstance(want, Mapping):
        return _mapping_difference(got, want, tolerance)
    if isinstance(want, (list, tuple)) and not _is_numeric_list(want) and not _is_table(want):
        return _sequence_difference(got, want, tolerance)
    if isinstance(want, (str, bool)) or want is None:
        return None if _same(got.item() if isinstance(got, np.bool_) else got, want) else ""
    return _array_difference(got, want, tolerance)


def _mapping_difference(got: Any, want: Mapping[Any, Any], tolerance: float) -> str | None:
    if not isinstance(got, dict):
        return f" (a {kind_of(got)}, not a dict)"
    if set(got) != set(want):
        return f" (keys {show(sorted(map(str, got)))})"
    problems = {key: difference(got[key], want[key], tolerance) for key in want}
    return next((f" (at {key!r}{text})" for key, text in problems.items() if text is not None), None)


def _sequence_difference(got: Any, want: Sequence[Any], tolerance: float) -> str | None:
    if not isinstance(got, (list, tuple)):
        return f" (a {kind_of(got)}, not a list)"
    if len(got) != len(want):
        return f" (length {len(got)}, not {len(want)})"
    problems = [difference(a, b, tolerance) for a, b in zip(got, want, strict=True)]
    return next((f" (at position {i}{text})" for i, text in enumerate(problems) if text is not None), None)


def _array_difference(got: Any, want: Any, tolerance: float) -> str | None:
    a, b = as_array(got), as_array(want)
    if a is None or b is None:
        return f" (a {kind_of(got)}, not {'a number' if np.ndim(want) == 0 else 'numbers'})"
    if a.shape != b.shape:
        return f" (shape {tuple(a.shape)}, not {tuple(b.shape)})"
    with np.errstate(all="ignore"):  # a warning on stderr would cost the marks of the cell in plain nbgrader
        close = np.isfinite(b) & (np.abs(a - b) <= tolerance * np.maximum(1.0, np.abs(b)))
    return None if bool(np.all(close | (a == b) | (np.isnan(a) & np.isnan(b)))) else ""


def as_array(value: Any) -> np.ndarray | None:
    """Return a number, array, tensor, or list or table of numbers as a float64 array, or None for others."""
    if value is None or isinstance(value, (bool, str, bytes, dict, set)):
        return None
    if isinstance(value, (list, tuple)) and not _is_numeric_list(value) and not _is_table(value):
        return None
    try:
        if isinstance(value, torch.Tensor):
            return None if value.is_complex() else value.detach().to("cpu", torch.float64).numpy()
        if isinstance(value, (list, tuple)):
            value = [item.item() if isinstance(item, torch.Tensor) else item for item in value]
        array = np.asarray(value)
        return array.astype(np.float64) if array.dtype.kind in "biuf" else None
    except (TypeError, ValueError, OverflowError, RuntimeError):  # sparse tensors raise RuntimeErrors
        return None


def _is_numeric_list(values: Sequence[Any]) -> bool:
    return len(values) > 0 and all(map(_is_number, values))


def _is_number(value: Any) -> bool:
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return value.ndim == 0
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def _is_table(values: Sequence[Any]) -> bool:
    """Return whether these are rows of numbers, all of one length."""
    rows = [row for row in values if isinstance(row, (list, tuple)) and _is_numeric_list(row)]
    return len(rows) == len(values) > 0 and len({len(row) for row in rows}) == 1


def _same(got: Any, want: Any) -> bool:
    """Return whether two plain values are equal and of the same kind, all the way down. `want` is finite."""
    if type(got) is not type(want):
        return False
    if isinstance(want, dict):
        return set(got) == set(want) and all(_same(got[key], want[key]) for key in want)
    if isinstance(want, (list, tuple)):
        return len(got) == len(want) and all(_same(a, b) for a, b in zip(got, want, strict=True))
    if isinstance(want, (np.ndarray, torch.Tensor)):
        return got.shape == want.shape and bool((got == want).all())
    return bool(got == want)


def kind_of(value: Any) -> str:
    """Return what a student would call this kind of value."""
    if isinstance(value, torch.Tensor):
        return "tensor"
    name = type(value).__name__
    return {"NoneType": "None", "ndarray": "NumPy array", "str": "string"}.get(name, name)


def show(value: Any, limit: int = 120) -> str:
    """Return a short readable form of a value: `tensor [1.5, 2.0]`, `2.5`, `None`."""
    try:
        text = _text(value)
    except Exception:  # endless nesting, integers of 5000 digits, an object whose repr fails
        text = f"a {kind_of(value)} that cannot be shown"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _text(value: Any) -> str:
    if isinstance(value, torch.Tensor) and value.ndim == 0:
        value = value.item()
    if isinstance(value, torch.Tensor):
        numbers = _numbers(value.detach().flatten()[:9].tolist(), value.numel())
        return f"tensor {numbers} of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return f"array {_numbers(value.flatten()[:9].tolist(), value.size)} of shape {value.shape}"
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}" if math.isfinite(value) else str(float(value))
    return repr(value.item() if isinstance(value, np.generic) else value)


def _numbers(values: list[Any], total: int) -> str:
    shown = ", ".join(f"{v:.4g}" if isinstance(v, float) else str(v) for v in values)
    return f"[{shown}{', …' if total > len(values) else ''}]"
