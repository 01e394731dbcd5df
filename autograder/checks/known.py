"""Find the typical mistakes and right variants of a week, and run such trusted answers in this process."""

from __future__ import annotations

import contextlib
import io
import math
import warnings
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import torch

from autograder.checks.framework import Check, Judged, judge_exercise
from autograder.checks.kernel import LocalBackend
from autograder.course import short_name
from autograder.model import Mistake, Variant


def load_mistakes(week: str) -> tuple[Mistake, ...]:
    """Return the typical mistakes of a week (`week03` or `week03_losses`), in the order of the file.

    Raises KeyError, naming the file to write, if the week has none.
    """
    return tuple(_load("mistakes", week).MISTAKES)


def load_variants(week: str) -> tuple[Variant, ...]:
    """Return the right answers of a week that are written differently.

    Raises KeyError, naming the file to write, if the week has none.
    """
    return tuple(_load("variants", week).VARIANTS)


def _load(table: str, week: str) -> Any:
    module = f"autograder.checks.{table}.{short_name(week)}"
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise KeyError(f"{week} has no {table}: write {module.replace('.', '/')}.py") from None


def course_names() -> dict[str, Any]:
    """Return a fresh namespace with the imports that every lesson begins with."""
    return {
        "__name__": "__main__",
        "math": math,
        "np": np,
        "torch": torch,
        "nn": torch.nn,
        "F": torch.nn.functional,
    }


def judge_source(
    source: str, exercise: str, checks: tuple[Check, ...], names: Mapping[str, Any], seed: int
) -> Judged:
    """Run a trusted solution in this process, in a copy of the namespace `names`, and judge it.

    What it prints or warns about is dropped.
    """
    namespace = dict(names)
    with _quiet():
        exec(source, namespace)
        return judge_exercise(exercise, checks, LocalBackend(namespace), seed)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    hidden = io.StringIO()
    with contextlib.redirect_stdout(hidden), contextlib.redirect_stderr(hidden), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with np.errstate(all="ignore"):
            yield
