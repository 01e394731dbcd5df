"""Hidden checks of sgd_momentum_step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from checking import Mismatch, difference, expect, show
from hidden.step_scenes import array, as_numbers, by_hand, mismatch

from autograder.checks.framework import Student, check
from autograder.checks.inputs import FIRST_RIGHT, as_typed, drawn_decimal, written

NAME = "sgd_momentum_step"
PAIR = "return param, velocity: two arrays, with a comma between"
PATH = """
import copy as _copy
import numpy as np
_rows = []
for _grad, _lr, _momentum in _steps:
    _pair = sgd_momentum_step(_param, _grad, _velocity, _lr, _momentum)
    _rows.append(_copy.deepcopy(_pair))
    _param, _velocity = (np.array(_part) for _part in _pair)  # the next step is given arrays
_rows
"""
BESIDE = """
import copy as _copy
import numpy as np
_before = _copy.deepcopy([_param, _grad, _velocity])
_pair = sgd_momentum_step(_param, _grad, _velocity, _lr, _momentum)
_answer = _copy.deepcopy(_pair)
_after = _copy.deepcopy([_param, _grad, _velocity])
if isinstance(_pair, (tuple, list)):
    for _array in _pair:
        if isinstance(_array, np.ndarray):
            _array += 1
[_answer, _after, [_param, _grad, _velocity]]
"""


@dataclass(frozen=True)
class Step:
    """Hold what goes into one step."""

    param: np.ndarray
    grad: np.ndarray
    velocity: np.ndarray
    lr: float
    momentum: float

    def arguments(self) -> tuple[Any, ...]:
        """Return the arguments in their order."""
        return self.param, self.grad, self.velocity, self.lr, self.momentum

    def call(self) -> str:
        """Return the call as one would type it, but for `np.array(…)` around each list."""
        return as_typed(NAME, *self.arguments())


def right(steps: Sequence[Step]) -> tuple[np.ndarray, np.ndarray]:
    """Return param and velocity after steps of one path.

    The velocity is a sum over the gradients so far, each times all the momentums that came after it.
    """
    first, param = steps[0], steps[0].param
    for last, step in enumerate(steps):
        pushes = [first.velocity, *(earlier.grad for earlier in steps[: last + 1])]
        kept = [np.prod([later.momentum for later in steps[n : last + 1]]) for n in range(last + 2)]
        velocity = np.tensordot(kept, np.stack(pushes), axes=1)
        param = np.subtract(param, step.lr * velocity)
    return param, velocity


def usable(got: Any, step: Step, call: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the two results as arrays. Raises Mismatch unless both have the shape of the parameter."""
    stacked = isinstance(got, np.ndarray) and got.shape == (2, *step.param.shape)
    pair = stacked or (isinstance(got, tuple | list) and len(got) == 2)
    expect(pair, call=call, got=got, expected="two arrays: param, velocity", hint=PAIR)
    parts, shape = [as_numbers(part) for part in got], step.param.shape
    arrays = []
    for name, part, numbers in zip(("param", "velocity"), got, parts, strict=True):
        hint = "each result has the shape of param: print the shapes of what you combine"
        fits = numbers is not None and numbers.shape == shape
        expect(fits, call=f"the {name} of {call}", got=part, expected=f"an array of shape {shape}", hint=hint)
        arrays.append(np.asarray(numbers))
    return arrays[0], arrays[1]


def compare(student: Student, cases: Sequence[Step], hint: str, parts: str = "param velocity") -> None:
    """Ask for all steps first, then compare the named parts of each in order."""
    answers = [getattr(student, NAME)(*step.arguments()) for step in cases]
    for step, got in zip(cases, answers, strict=True):
        expect_pair(student, usable(got, step, step.call()), [step], step.call(), hint, parts)


def expect_pair(
    student: Student,
    pair: tuple[np.ndarray, np.ndarray],
    steps: Sequence[Step],
    call: str,
    hint: str,
    parts: str = "param velocity",
) -> None:
    """Raise Mismatch unless the named parts of a pair are those after the steps."""
    triples = list(zip(("param", "velocity"), pair, right(steps), strict=True))
    named = [(f"the {name} of {call}", got, want) for name, got, want in triples if name in parts]
    for shown, got, want in named:
        student.expects(shown, got, want)
    for shown, got, want in named:
        if difference(got, want, 1e-5) is not None:
            raise mismatch(shown, got, want, hint)


def written_out(student: Student, step: Step) -> None:
    """Raise Mismatch if a library's optimizer makes this step."""
    names = ("_param", "_grad", "_velocity", "_lr", "_momentum")
    call = f"{NAME}({', '.join(names)})"
    by_hand(student, call, step.call(), **dict(zip(names, step.arguments(), strict=True)))


def drawn_step(student: Student, *shape: int, rest: bool = False) -> Step:
    """Return a step with drawn numbers, from rest or with a velocity."""
    velocity = np.zeros(shape) if rest else array(student, *shape)
    lr, momentum = drawn_decimal(student, 0.03, 0.4), drawn_decimal(student, 0.6, 0.85)
    return Step(array(student, *shape), array(student, *shape), velocity, lr, momentum)


@check(NAME, gate=True)
def two_results_come_back_and_the_parameter_has_moved(student: Student) -> None:
    step = drawn_step(student, 3)
    call = step.call()
    param, velocity = usable(getattr(student, NAME)(*step.arguments()), step, call)
    finite = bool(np.isfinite([param, velocity]).all())
    expect(finite, call=call, got=[param, velocity], expected="finite numbers", hint="no division is needed")
    moved = difference(param, step.param, 1e-9) is not None
    hint = "θ ← θ − lr · v, and return the new θ; without this check no marks"
    expect(moved, call=call, got=param, expected="another parameter than before", hint=hint)


@check(NAME, marks=0.5)
def the_velocity_is_its_share_of_the_old_one_and_the_gradient(student: Student) -> None:
    cases = [drawn_step(student, 3), drawn_step(student, 4), drawn_step(student, 2, rest=True)]
    cases.append(replace(drawn_step(student, 3), momentum=drawn_decimal(student, 0.2, 0.4)))
    hint = "v ← momentum · v + g: the whole gradient is added, and lr is not in it"
    compare(student, cases, hint, "velocity")
    written_out(student, cases[0])


@check(NAME, marks=0.5)
def the_parameter_moves_by_the_new_velocity(student: Student) -> None:
    cases = [drawn_step(student, 3), drawn_step(student, 4), drawn_step(student, 2, rest=True)]
    cases.append(replace(drawn_step(student, 3), lr=drawn_decimal(student, 0.6, 1.4)))
    hint = "θ ← θ − lr · v, with the velocity that has just been computed"
    compare(student, cases, hint, "param")
    written_out(student, cases[0])


@check(NAME, marks=0.25)
def a_path_with_changing_rates_adds_up(student: Student) -> None:
    rates = [
        drawn_decimal(student, 0.3, 0.4),
        drawn_decimal(student, 0.05, 0.1),
        drawn_decimal(student, 0.6, 0.9),
    ]
    first = drawn_step(student, 3, rest=True)
    steps = [replace(first, grad=array(student, 3), lr=lr) for lr in rates]
    steps[2] = replace(steps[2], momentum=drawn_decimal(student, 0.3, 0.5))
    getattr(student, NAME)
    given = [[step.grad, step.lr, step.momentum] for step in steps]
    rows = student.run(PATH, _param=first.param, _velocity=first.velocity, _steps=given)
    call = f"{first.call()} and so on, with (grad, lr, momentum) = {written(given)}"
    whole = isinstance(rows, list) and len(rows) == len(steps)
    expect(whole, call=call, got=rows, expected=f"{len(steps)} steps", hint=PAIR)
    hint = "lr belongs in the step of θ alone: then a new rate works at once, and the velocity knows no rate"
    for number, got in enumerate(rows, 1):
        expect_pair(student, usable(got, first, call), steps[:number], f"step {number} of {call}", hint)


@check(NAME, marks=0.25)
def every_shape_is_welcome(student: Student) -> None:
    cases = [drawn_step(student, *shape) for shape in ((2, 3), (2, 1, 2), (1,), ())]
    hint = "compute with whole arrays, and no shape needs a line of its own: param - lr * velocity"
    compare(student, cases, hint)


@check(NAME, marks=0.25)
def momentum_0_forgets_all_and_momentum_1_forgets_nothing(student: Student) -> None:
    cases = [replace(drawn_step(student, 3), momentum=momentum) for momentum in (0.0, 1.0)]
    hint = "momentum 0: the velocity is the gradient. Momentum 1: the old velocity plus the gradient"
    compare(student, cases, hint)


@check(NAME, marks=0.25)
def what_came_in_stays_and_what_comes_out_is_new(student: Student) -> None:
    getattr(student, NAME)
    names = ("_param", "_grad", "_velocity", "_lr", "_momentum")
    steps = [drawn_step(student, 3), replace(drawn_step(student, 3), momentum=0.0)]
    steps += [drawn_step(student, 2, rest=True), replace(drawn_step(student, 2), lr=0.0, momentum=1.0)]
    for step in steps:
        came = student.run(BESIDE, **dict(zip(names, step.arguments(), strict=True)))
        whole = isinstance(came, list) and len(came) == 3
        expect(whole, call=step.call(), got=came, expected="two arrays", hint=PAIR)
        pair = usable(came[0], step, step.call())
        kept = isinstance(came[1], list) and all(map(np.array_equal, came[1], step.arguments()))
        if not all(map(np.allclose, pair, right([step]))):
            student.note(came[0])  # then the rest tells no mistake from another
        elif not kept:
            student.note(came[:2])
        expect_pair(student, pair, [step], step.call(), FIRST_RIGHT)
        _expect_kept(came[1], step, f"after {step.call()}", "make new arrays: no -=, *=, += on what came in")
        hint = "return arrays of your own, and not one that came in"
        _expect_kept(came[2], step, f"after {step.call()}, then += 1 on both results", hint)


def _expect_kept(arrays: Any, step: Step, when: str, hint: str) -> None:
    """Raise Mismatch unless the three arrays are what they were, to the last bit."""
    names, wanted = ("param", "grad", "velocity"), step.arguments()[:3]
    values = arrays if isinstance(arrays, list) and len(arrays) == 3 else [None] * 3
    for name, got, want in zip(names, values, wanted, strict=True):
        if not np.array_equal(np.asarray(got, dtype=float) if got is not None else [], want):
            raise Mismatch(f"{name} {when}", show(got), f"{show(want)}, as it was", hint)
