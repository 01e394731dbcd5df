"""What the hidden checks of week 7 share: who made an answer, coins that were tossed, known answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from checking import Mismatch

from autograder.checks.framework import Student

# Every function of torch's that a layer calls with tensors is seen, by whatever name and helper; what those
# functions call themselves is not.
WATCHED = """
from torch.overrides import TorchFunctionMode as _Mode

class _Watch(_Mode):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.seen.add(getattr(function, "__name__", ""))
        return function(*args, **(kwargs or {{}}))

_layer = {layer}(*_args)
with _Watch() as _watch:
    for _training in (True, False):
        _layer.train(_training)
        _layer(_x)
sorted(_watch.seen)
"""
KIND = """
_kind, _own = "another class" if isinstance({layer}, type) else type({layer}).__name__, False
if isinstance({layer}, type) and "Module" in [_parent.__name__ for _parent in {layer}.__mro__]:
    _kind, _own = "a module", {layer}.forward.__name__ != "_forward_unimplemented"
try:
    _layer = {layer}(*_args)
    _switches = [callable(_layer.train), callable(_layer.eval)]
except Exception as _error:
    _switches = type(_error).__name__
[_kind, _switches, _own]
"""
BY_HAND = "this exercise is about writing it yourself: torch's own costs half of the marks"


def ask_kind(student: Student, layer: str, *args: Any) -> None:
    """Ask what the name of a layer stands for, and whether what it makes can be switched.

    This tells functions and objects from classes, in the trace of an answer that fails.
    """
    getattr(student, layer)  # a name that is missing is told as such
    student.run(KIND.format(layer=layer), _args=list(args))


def by_hand(student: Student, layer: str, args: list[Any], x: torch.Tensor, parts: tuple[str, ...]) -> None:
    """Raise Mismatch if a layer calls functions of torch's with one of these parts in their names.

    Half of the marks of an exercise lie in checks that end with this.
    """
    seen = student.run(WATCHED.format(layer=layer), _args=args, _x=x)
    names = [name for name in seen if type(name) is str] if isinstance(seen, list) else []
    ready = [name for name in names if any(part in name for part in parts)]
    student.note(bool(ready))  # which functions a layer uses tells no mistake from another
    if ready:
        call = f"{layer}({', '.join(map(str, args))})"
        raise Mismatch(call, f"an answer from torch's {ready[0]}", "a layer of your own", BY_HAND)


# Coins. A right answer crosses none of these borders once in 1e9 gradings: six standard deviations or more.
def share_words(zeros: np.ndarray, p: float, doubt: float = 0.0) -> str:
    """Return in words how many of the coins, True for dropped, fell on a side: p, 1 - p, all, none, or so.

    What lies within `doubt` of a share is that share; independent coins' own doubt, if none is given.
    """
    share, doubt = float(zeros.mean()), doubt or 6.5 * float(np.sqrt(p * (1 - p) / zeros.size))
    if share in (0.0, 1.0):
        return "all are 0" if share else "none is 0"
    for words, want in (("a share p is 0", p), ("a share 1 - p is 0", 1 - p), ("half are 0", 0.5)):
        if abs(share - want) < doubt:
            return words
    return "another share is 0"


def neighbours(zeros: np.ndarray, axis: int) -> float:
    """Return the correlation of coins that are neighbours along an axis; 0 where all are alike."""
    moved = np.moveaxis(zeros, axis, 0).astype(float)
    one, other = moved[:-1].ravel(), moved[1:].ravel()
    alike = one.std() == 0 or other.std() == 0
    return 0.0 if alike else float(np.corrcoef(one, other)[0, 1])


def halves(zeros: np.ndarray) -> float:
    """Return the correlation of the first half of the coins with the second; 0 where all are alike."""
    one, other = np.array_split(zeros.ravel().astype(float)[: zeros.size // 2 * 2], 2)
    return 0.0 if one.std() == 0 or other.std() == 0 else float(np.corrcoef(one, other)[0, 1])
