"""Run known answers, which are the course's own and trusted, in this process."""

from __future__ import annotations

import contextlib
import io
import math
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch

from autograder.checks.framework import Check, Judged, judge_exercise
from autograder.checks.kernel import LocalBackend


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
    with quiet():
        exec(source, namespace)
    return judge_names(namespace, exercise, checks, seed)


def judge_names(names: dict[str, Any], exercise: str, checks: tuple[Check, ...], seed: int) -> Judged:
    """Judge an exercise of a notebook that holds these names. What it prints or warns about is dropped."""
    with quiet():
        return judge_exercise(exercise, checks, LocalBackend(names), seed)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Drop in a `with` block what is printed and what is warned about."""
    hidden = io.StringIO()
    with contextlib.redirect_stdout(hidden), contextlib.redirect_stderr(hidden), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with np.errstate(all="ignore"):
            yield
