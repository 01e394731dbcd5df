"""What the checks of adamw_step ask: paths of drawn steps with one state, and the parameters on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from checking import difference, expect
from hidden.step_scenes import array, as_numbers, by_hand, mismatch

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn_decimal, written

NAME = "adamw_step"
Settings = Mapping[str, Any]  # the keywords of one call
Steps = Sequence[tuple[np.ndarray, Settings]]  # for each step its gradient and its keywords

PATH = """
import copy as _copy
import numpy as np
_state, _rows = {}, []
for _grad, _keywords in _steps:
    _new = adamw_step(_param + _shift * (len(_rows) == 1), _grad, _state, **_keywords)
    _rows.append(_copy.deepcopy(_new))
    try:
        _next = np.array(_new, dtype=float)  # the next step is given an array
    except Exception:
        _next = None
    if _next is None or _next.shape != _param.shape:
        break  # what is no parameter ends the path, and not with an error as of the function's own
    _param = _next
_rows
"""
TOLERANCE = 3e-6  # what float32 may miss in a few steps
ONCE = "adamw_step(_param, _grad, {}, **_keywords)"
ONE_ARRAY = "return the new parameter alone: an array of the shape of param"
LATER = "m, v and t live on in state from call to call: print the state after each step"
LATER_FIRST = f"first get ‹later steps remember the gradients before› right: {LATER}"
PLAIN = (np.array([1.0]), [(np.array([slope]), {"lr": 0.1}) for slope in (1.0, -1.0, 2.0)])


def right(param: np.ndarray, steps: Steps, shift: float = 0.0) -> np.ndarray:
    """Return the parameter after these steps, before the second of which `shift` is added to it.

    A moment, corrected, is a weighted mean over the gradients so far: the weights are powers of beta.
    """
    grads: list[np.ndarray] = []
    for grad, keywords in steps:
        param = param + shift * (len(grads) == 1)
        grads.append(np.asarray(grad))
        beta1, beta2 = keywords.get("betas", (0.9, 0.999))
        lr, eps = keywords.get("lr", 1e-3), keywords.get("eps", 1e-8)
        ages = np.arange(len(grads))[::-1]
        mean, square = (
            np.average(np.stack(grads) ** power, axis=0, weights=beta**ages)
            for power, beta in ((1, beta1), (2, beta2))
        )
        param = np.subtract(
            param * (1 - lr * keywords.get("weight_decay", 0.0)), lr * mean / (square**0.5 + eps)
        )
    return param


def shown(param: np.ndarray, steps: Steps) -> str:
    """Return the first call as one would type it, and what follows."""
    (grad, keywords), *later = steps
    words = "".join(f", {name}={written(value)}" for name, value in keywords.items())
    call = f"adamw_step({written(param)}, {written(grad)}, state{words}) with a fresh state"
    same = all(settings == keywords for _, settings in later)
    if later and same:
        return f"{call}, then, from what came back, with the gradients {written([g for g, _ in later])}"
    others = [f"gradient {written(grad)}, {written(dict(settings))}" for grad, settings in later]
    return f"{call}, then, from what came back, with {'; '.join(others)}" if later else call


def usable(row: Any, param: np.ndarray, call: str) -> np.ndarray:
    """Return a parameter as an array. Raises Mismatch unless it has the shape of the one before."""
    numbers = as_numbers(row)
    hint = ONE_ARRAY if numbers is None else "the result has the shape of param: print the shapes on the way"
    expected = f"an array of shape {param.shape}"
    expect(
        numbers is not None and numbers.shape == param.shape, call=call, got=row, expected=expected, hint=hint
    )
    return np.asarray(numbers)


def walk(student: Student, param: np.ndarray, steps: Steps, shift: float = 0.0) -> list[Any]:
    """Return the parameter after each step, all of them with one state; see `right` for `shift`."""
    getattr(student, NAME)  # a name that is missing is told as such
    given = [[grad, dict(keywords)] for grad, keywords in steps]
    rows = student.run(PATH, _param=param, _steps=given, _shift=shift)
    student.note(_without_keys(rows))
    for number, row in enumerate(rows if isinstance(rows, list) else [rows]):
        usable(row, param, shown(param, steps[: number + 1]))
    whole = isinstance(rows, list) and len(rows) == len(steps)
    expect(whole, call=shown(param, steps), got=rows, expected=f"{len(steps)} parameters", hint=ONE_ARRAY)
    return list(rows)


def _without_keys(value: Any, depth: int = 0) -> Any:
    """Return an answer without the keys of a state in it: they are free, and tell no mistake from another."""
    if isinstance(value, list | tuple) and depth < 3:
        return [_without_keys(item, depth + 1) for item in value]
    return "a dict" if isinstance(value, dict) else value


def expect_path(
    student: Student, rows: Sequence[Any], param: np.ndarray, steps: Steps, hint: str, shift: float = 0.0
) -> None:
    """Raise Mismatch unless these are the parameters after each of the steps."""
    wants = [right(param, steps[: number + 1], shift) for number in range(len(steps))]
    more = f"; {shift:g} is added to what came back first" if shift else ""
    calls = [shown(param, steps[: number + 1]) + more * (number > 0) for number in range(len(steps))]
    arrays = [usable(row, param, call) for row, call in zip(rows, calls, strict=True)]
    for call, got, want in zip(calls, arrays, wants, strict=True):
        student.expects(call, got, want)
    for number, (call, got, want) in enumerate(zip(calls, arrays, wants, strict=True)):
        if difference(got, want, TOLERANCE) is not None:
            told = LATER_FIRST if number and hint != LATER and _forgets(student) else hint
            raise mismatch(call, got, want, told)


def _forgets(student: Student) -> bool:
    """Return whether a plain path is wrong, too: then no later step can be right, whatever it is about."""
    param, steps = PLAIN
    rows = student.run(PATH, _param=param, _steps=[list(step) for step in steps], _shift=0.0)
    return difference(rows, [right(param, steps[: number + 1]) for number in range(3)], TOLERANCE) is not None


def compare(student: Student, paths: Sequence[tuple[np.ndarray, Steps]], hint: str) -> None:
    """Ask for all paths first, then compare them in order."""
    walks = [walk(student, param, steps) for param, steps in paths]
    for (param, steps), rows in zip(paths, walks, strict=True):
        expect_path(student, rows, param, steps, hint)


def written_out(student: Student, param: np.ndarray, steps: Steps) -> None:
    """Raise Mismatch if a library's optimizer makes the first of these steps."""
    grad, keywords = steps[0]
    by_hand(student, ONCE, shown(param, steps[:1]), _param=param, _grad=grad, _keywords=dict(keywords))


def path(student: Student, count: int, *shape: int, **settings: Any) -> tuple[np.ndarray, Steps]:
    """Return a drawn parameter and so many steps with drawn gradients, all with these keywords."""
    return array(student, *shape), [(array(student, *shape), settings) for _ in range(count)]


def rate(student: Student) -> float:
    """Return a learning rate from 0.05 to 0.2."""
    return drawn_decimal(student, 0.05, 0.2)
