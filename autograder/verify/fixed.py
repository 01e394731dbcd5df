"""Answer a week's questions from a table: only what is the same in every grading is in it."""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from autograder.checks.framework import Check, judge_exercise
from autograder.checks.kernel import LocalBackend
from autograder.checks.known import course_names, quiet
from autograder.model import ExerciseResult
from autograder.verify.odd import without_an_idea

RECORDED = (20, 0, 7, 11)  # gradings that the table has seen
UNSEEN = 4  # the grading in which it is tried


class NoValue(Exception):
    """Report an argument that cannot be told from another by its value: a model, an iterator."""


@dataclass(frozen=True)
class Told:
    """Hold what came back for a question: a value, or the error that was raised."""

    value: Any = None
    error: BaseException | None = None

    def tell(self) -> Any:
        """Return the answer once more. Raises the error if there was one."""
        if self.error is not None:
            raise self.error
        return copy.deepcopy(self.value)


Table = dict[Hashable, Told]


def best_table(exercise: str, name: str, source: str, checks: Sequence[Check]) -> tuple[ExerciseResult, str]:
    """Return what the best table of fixed questions earns in an unseen grading, and what it else does.

    `name` is what students define, `source` a right answer. Asked for anything else, the table answers
    without an idea: with a constant, an argument, an error. Gates are open to it: they take no skill.
    """
    known = _same_in_all([_recorded(exercise, name, source, checks, seed) for seed in RECORDED])
    opened = tuple(replace(check, gate=False) for check in checks)
    results = [
        (_judged(exercise, name, opened, known, otherwise), guess)
        for guess, otherwise in _guesses(source, known).items()
    ]
    return max(results, key=lambda pair: pair[0].score)


def _guesses(source: str, known: Table) -> dict[str, Callable[..., Any]]:
    """Return what a table may do when it does not know the answer, by a name for it."""
    values = [told.value for told in known.values() if told.error is None][:3]
    fixed = {f"returns its answer number {n + 1}": _always(value) for n, value in enumerate(values)}
    return {"raises an error": _refuse, **without_an_idea(source), **fixed}


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: copy.deepcopy(value)


def _refuse(*_: Any, **__: Any) -> Any:
    raise ValueError("not in the table")


def _recorded(exercise: str, name: str, source: str, checks: Sequence[Check], seed: int) -> Table:
    """Return the answers of a right solution, to every call and every scenario of one grading."""
    names, table = course_names(), Table()
    with quiet():
        exec(source, names)
    if callable(names.get(name)) and not isinstance(names[name], type):
        names[name] = _noting(names[name], lambda args, kwargs: ("call", args, kwargs), table)
    with quiet():
        judge_exercise(exercise, tuple(checks), _Recorder(names, table), seed)
    return table


class _Recorder(LocalBackend):
    """Note the answers to scenarios. Those to calls are noted by the function itself."""

    def __init__(self, names: dict[str, Any], table: Table) -> None:
        super().__init__(names)
        self.table = table

    def run(self, source: str, inputs: Mapping[str, Any]) -> Any:
        return _noting(super().run, lambda args, kwargs: ("run", *args), self.table)(source, inputs)


class _Teller(LocalBackend):
    """Answer scenarios that are in the table, and run the others beside a function that answers from it."""

    def __init__(self, names: dict[str, Any], table: Table) -> None:
        super().__init__(names)
        self.table = table

    def run(self, source: str, inputs: Mapping[str, Any]) -> Any:
        told = self.table.get(_key(("run", source, inputs)))
        return told.tell() if told else super().run(source, inputs)


def _judged(
    exercise: str,
    name: str,
    checks: tuple[Check, ...],
    known: Table,
    otherwise: Callable[..., Any],
) -> ExerciseResult:
    def answer(*args: Any, **kwargs: Any) -> Any:
        told = known.get(_key(("call", args, kwargs)))
        return told.tell() if told else otherwise(*args, **kwargs)

    with quiet():
        return judge_exercise(
            exercise, checks, _Teller(course_names() | {name: answer}, known), UNSEEN
        ).result


def _noting(
    function: Callable[..., Any], question: Callable[[Any, Any], Any], table: Table
) -> Callable[..., Any]:
    """Return a function that does the same, and notes for each question what came back first."""

    @functools.wraps(function)
    def noted(*args: Any, **kwargs: Any) -> Any:
        key = _key(question(args, kwargs))  # before the call, which may change its arguments
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            table.setdefault(key, Told(error=error))
            raise
        with contextlib.suppress(Exception):  # what cannot be copied, no table can hold
            table.setdefault(key, Told(_plain(value)))
        return value

    return noted


def _plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    return copy.deepcopy(value)


def _same_in_all(tables: Sequence[Table]) -> Table:
    """Return the questions that were asked in every grading, with the answers that were given first."""
    first, *others = tables
    return {key: told for key, told in first.items() if all(key in other for other in others)}


def _key(question: Any) -> Hashable:
    """Return what two questions have in common if and only if they are equal by value."""
    try:
        return _value_key(question)
    except NoValue:
        return object()  # which equals nothing else


def _value_key(value: Any) -> Hashable:
    if isinstance(value, torch.Tensor):
        if value.is_sparse:
            value = value.to_dense()
        return ("tensor", str(value.dtype), _value_key(value.detach().cpu().numpy()))
    if isinstance(value, np.ndarray):
        held = value.tobytes() if value.dtype != object else repr(value.tolist())
        return ("array", value.dtype.str, value.shape, held)
    if isinstance(value, torch.nn.Module):
        return (type(value).__name__, _value_key(dict(value.state_dict())), value.training)
    if isinstance(value, Mapping):
        return ("dict", tuple((repr(key), _value_key(item)) for key, item in value.items()))
    if isinstance(value, list | tuple):
        return (type(value).__name__, tuple(map(_value_key, value)))
    if value is None or isinstance(value, bool | int | float | complex | str | bytes | np.generic):
        return (type(value).__name__, repr(value))
    raise NoValue
