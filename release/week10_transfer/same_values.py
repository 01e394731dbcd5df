"""Tell whether two values are the same, in what they differ, and show a value in a few words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch


def difference(got: Any, want: Any, tolerance: float = 1e-4) -> str | None:
    """Return None if the values agree, otherwise a few words on how they differ (may be empty)."""
    if isinstance(want, Mapping):
        return _mapping_difference(got, want, tolerance)
    if isinstance(want, (list, tuple)) and not _is_numeric_list(want) and not _is_table(want):
        return _sequence_difference(got, want, tolerance)
    if isinstance(want, (str, bool)) or want is None:
        return None if same(got.item() if isinstance(got, np.bool_) else got, want) else ""
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
    return len(values) > 0 and all(map(is_number, values))


def is_number(value: Any) -> bool:
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return value.ndim == 0
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def _is_table(values: Sequence[Any]) -> bool:
    """Return whether these are rows of numbers, all of one length."""
    rows = [row for row in values if isinstance(row, (list, tuple)) and _is_numeric_list(row)]
    return len(rows) == len(values) > 0 and len({len(row) for row in rows}) == 1


def same(got: Any, want: Any) -> bool:
    """Return whether two plain values are equal and of the same kind, all the way down. `want` is finite."""
    if type(got) is not type(want):
        return False
    if isinstance(want, dict):
        return set(got) == set(want) and all(same(got[key], want[key]) for key in want)
    if isinstance(want, (list, tuple)):
        return len(got) == len(want) and all(same(a, b) for a, b in zip(got, want, strict=True))
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


def written(args: Sequence[Any]) -> str:
    """Return arguments as one would type them, tensors as lists: `[0.5, -3], [0, 0], 1.0`."""
    return ", ".join(map(_written, args))


def _written(value: Any) -> str:
    if isinstance(value, (torch.Tensor, np.ndarray)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_written, value))}]"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
