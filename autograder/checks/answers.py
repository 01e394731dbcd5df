"""Make known answers from right ones, and remember right answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import torch

from autograder.model import Mistake

T = TypeVar("T")
MOST_REMEMBERED = 400  # right answers


def changed(exercise: str, right: str, name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return the right answer with each (old, new) replaced, as a mistake; each old must be in it."""
    source = right
    for old, new in changes:
        if old not in source:
            raise ValueError(f"{name}: the right answer of {exercise} does not contain {old!r}")
        source = source.replace(old, new)
    return Mistake(exercise, name, sentence, source)


def remembered(right: Callable[[dict[str, Any]], T]) -> Callable[[dict[str, Any]], T]:
    """Return a function that computes the right answer to a scene once: its numbers alone decide it."""
    kept: dict[Any, T] = {}

    @wraps(right)
    def told(given: dict[str, Any]) -> T:
        key = _by_value(sorted(given.items()))
        if key not in kept:
            if len(kept) >= MOST_REMEMBERED:
                kept.clear()
            kept[key] = right(given)
        return kept[key]

    return told


def _by_value(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.dtype, tuple(value.shape), value.numpy().tobytes()
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.tobytes()
    if isinstance(value, dict):
        return tuple((key, _by_value(item)) for key, item in value.items())
    return tuple(map(_by_value, value)) if isinstance(value, list | tuple) else value
