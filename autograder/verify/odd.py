"""What students hand in without an idea, and the odd things that functions of theirs return or raise."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

Answers = Mapping[str, tuple[Any, ...]]  # by a name: what the exercise's name may be bound to


def without_an_idea(reference: str) -> dict[str, Callable[..., Any]]:
    """Return functions that compute nothing: they return constants, or what they were given."""
    constants = [None, 0.0, 1.0, 0.5, 0.6931472, True, "", *_strings(reference)]
    found: dict[str, Callable[..., Any]] = {f"returns {value!r}": _constant(value) for value in constants}
    found |= {f"returns argument {number + 1}": _argument(number) for number in range(4)}
    return found | {
        "returns a tensor of 0": _constant(torch.tensor(0.0)),
        "returns an empty list": lambda *_, **__: [],
        "returns the size of argument 1": lambda *args, **_: len(args[0]),
        "returns the mean of argument 1": lambda *args, **_: torch.as_tensor(
            args[0], dtype=torch.float32
        ).mean(),
        "returns the log of the last size": lambda *args, **_: np.log(args[0].shape[-1]),
        "returns all rows first": lambda *args, **_: (np.arange(len(args[0])), np.arange(0), np.arange(0)),
    }


def _strings(source: str) -> list[str]:
    """Return the texts that a solution may answer with, without its docstrings."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Return)]
    values = {n.value for node in nodes for n in ast.walk(node) if isinstance(n, ast.Constant)}
    return sorted(value for value in values if isinstance(value, str))


def _constant(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def _argument(number: int) -> Callable[..., Any]:
    return lambda *args, **_: args[number]


def odd_values() -> Answers:
    """Return values of odd kinds by name: each as the answer itself, and as what a function returns."""
    itself: list[Any] = []
    itself.append(itself)
    values = {
        "None": None, "True": True, "a huge integer": 10**4000, "nan": float("nan"), "inf": float("inf"),
        "an empty text": "", "a text": "a text", "half a character": "\ud800", "bytes": b"\x00",
        "a complex number": 1j, "an object": object(), "a class": int, "an empty list": [],
        "an empty dict": {},
        "an empty tuple": (), "a list with None": [None, 1.0], "a nested list": [[1.0], [2.0, 3.0]],
        "a list that holds itself": itself, "a dict of lists": {"train_loss": [1.0]},
        "a float32 of NumPy": np.float32(1), "an array of texts": np.array(["a"]),
        "an array of objects": np.array(None), "an empty array": np.zeros(0), "a 0-d array": np.array(2.0),
        "a table": np.zeros((2, 2)), "an empty tensor": torch.tensor([]),
        "a boolean tensor": torch.tensor(True),
        "a complex tensor": torch.tensor([1j]), "a sparse tensor": torch.eye(2).to_sparse(),
        "a tensor of nan": torch.full((2, 2), torch.nan), "a column": torch.zeros(3, 1),
        "an int8 tensor": torch.ones(4, dtype=torch.int8),
        "a list of tensors": [torch.zeros(2), torch.ones(1)],
        "a tensor that needs a gradient": torch.tensor(0.5, requires_grad=True),
    }  # fmt: skip
    return {name: (value, _constant(value)) for name, value in values.items()}


class Homemade(Exception):
    """Stand for an error class of a student's own."""


def errors() -> Answers:
    """Return functions that raise, by what they raise."""
    kinds: list[BaseException] = [
        ValueError("v"), TypeError(), KeyError("k"), ZeroDivisionError(), AssertionError("a"),
        NotImplementedError(), StopIteration(), RecursionError(), MemoryError(), SystemExit(0),
        Homemade("own"), UnicodeError("\ud800"), Exception(), NameError("x" * 10_000),
    ]  # fmt: skip
    return {f"raises {type(error).__name__}": (_raising(error),) for error in kinds}


def _raising(error: BaseException) -> Callable[..., Any]:
    def function(*_: Any, **__: Any) -> Any:
        raise error

    return function
