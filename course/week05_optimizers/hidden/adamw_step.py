"""Hidden checks of adamw_step."""

from __future__ import annotations

from typing import Any

import numpy as np
from checking import Mismatch, difference, expect, show
from hidden.adamw_paths import (
    LATER,
    NAME,
    ONE_ARRAY,
    compare,
    expect_path,
    path,
    rate,
    right,
    shown,
    usable,
    walk,
    written_out,
)
from hidden.step_scenes import array

from autograder.checks.framework import Student, check
from autograder.checks.inputs import FIRST_RIGHT, drawn, drawn_decimal, drawn_sign

TWO = """
import copy as _copy
import numpy as np
_states, _rows = ({}, {}), ([], [])
for _grads in zip(_steps, _others):
    for _n, (_grad, _keywords) in enumerate(_grads):
        _new = adamw_step(_params[_n], _grad, _states[_n], **_keywords)
        _rows[_n].append(_copy.deepcopy(_new))
        _params[_n] = np.array(_new)
list(_rows)
"""
BESIDE = """
import copy as _copy
import numpy as np
_state, _rows, _kept = {}, [], []
for _grad, _keywords in _steps:
    _before = _copy.deepcopy([_param, _grad])
    _new = adamw_step(_param, _grad, _state, **_keywords)
    _kept.append([_before, _copy.deepcopy([_param, _grad])])
    _rows.append(_copy.deepcopy(_new))
    if isinstance(_new, np.ndarray):
        _new += 1
    _kept[-1].append(_copy.deepcopy([_param, _grad]))
    _param = np.array(_rows[-1])
[_rows, _kept]
"""
STILL = "with gradient 0, m still moves θ: no special case"
NO_PARAM_KEPT = "θ is the param that comes in, also in later steps: keep none in the state"
MOVES = "θ − lr · m̂ / (√v̂ + eps), and return it; without this check no marks"


@check(NAME, gate=True)
def a_new_parameter_comes_back(student: Student) -> None:
    param, steps = path(student, 2, 3, lr=rate(student))
    call, rows = shown(param, steps), walk(student, param, steps)
    rows = [usable(row, param, call) for row in rows]
    finite = bool(np.isfinite(rows).all())
    hint = "every division needs a divisor above 0: is t 1 in the first step?"
    expect(finite, call=call, got=rows[0], expected="finite numbers", hint=hint)
    moved = difference(rows[0], param, 1e-9) is not None and difference(rows[1], rows[0], 1e-9) is not None
    expected = "a parameter that moves in each step"
    expect(moved, call=call, got=rows, expected=expected, hint=MOVES)


@check(NAME, marks=0.5)
def the_first_step_is_one_rate_long_whatever_the_gradient(student: Student) -> None:
    paths = [path(student, 1, 3, lr=rate(student)), path(student, 1, 2, lr=3 * rate(student))]
    tiny, huge = (drawn(student, 2, 8) * 10.0**power for power in (-2, 3))
    paths.append((array(student, 2), [(np.array([tiny, -huge]), {"lr": rate(student)})]))
    hint = "in step 1 m̂ is g and v̂ is g², so the step is lr · g / |g|: correct both moments, with t = 1"
    compare(student, paths, hint)
    written_out(student, *paths[0])


@check(NAME, marks=0.75)
def later_steps_remember_the_gradients_before(student: Student) -> None:
    param, lr = array(student, 2), rate(student)
    flat = [(np.array([1.0, drawn_decimal(student, 0.5, 2)]) * size, {"lr": lr}) for size in (1, -1, 2)]
    paths = [(param, flat), path(student, 5, 3, lr=lr)]
    still, moved = path(student, 4, 3, lr=lr), path(student, 3, 2, lr=lr)
    still[1][1][0][drawn(student, 0, 2)] = 0.0
    still[1][2][0][:] = 0.0
    rows, others = walk(student, *still), walk(student, *moved, shift=1.0)
    compare(student, paths, LATER)
    expect_path(student, rows, *still, STILL)
    expect_path(student, others, *moved, NO_PARAM_KEPT, shift=1.0)
    written_out(student, *paths[1])


@check(NAME, marks=0.5)
def decay_shrinks_the_parameter_by_lr_times_its_strength(student: Student) -> None:
    lr, strength = rate(student), drawn_decimal(student, 0.5, 0.9)
    param, grad = array(student, 3), array(student, 3)
    grad[drawn(student, 0, 2)] = 0.0
    paths = [(param, [(grad, {"lr": lr, "weight_decay": strength})])]
    paths.append((array(student, 2), [(np.zeros(2), {"lr": lr, "weight_decay": strength})]))
    hint = "first θ ← (1 − lr · λ) · θ, then the step: where the gradient is 0, only the decay is left"
    compare(student, paths, hint)
    written_out(student, *paths[0])


@check(NAME, marks=0.25)
def decay_stays_out_of_the_moments(student: Student) -> None:
    strength = drawn_decimal(student, 1.1, 1.9)
    paths = [path(student, 4, 3, lr=rate(student), weight_decay=strength)]
    hint = "m and v are made of the gradient alone, and the decay acts on θ alone, in every step"
    compare(student, paths, hint)
    written_out(student, *paths[0])


@check(NAME, marks=0.5)
def eps_is_added_to_the_root_of_the_corrected_moment(student: Student) -> None:
    lr, small = rate(student), drawn_sign(student) * drawn(student, 2, 6) * 1e-8
    large = float(drawn(student, 2, 6))
    paths = [
        (array(student, 2), [(np.array([small, 0.0]), {"lr": lr})]),
        path(student, 2, 2, lr=lr, eps=large),
        (array(student, 2), [(np.zeros(2), {"lr": lr})] * 2),
    ]
    hint = "√v̂ + eps, by default 1e-8: first the correction, then the root, then eps. Gradient 0: no step"
    compare(student, paths, hint)


@check(NAME, marks=0.25)
def both_betas_are_used(student: Student) -> None:
    pairs = [(drawn_decimal(student, 0.3, 0.5), drawn_decimal(student, 0.7, 0.9)), (0.9, 0.9), (0.8, 0.25)]
    paths = [path(student, 3, 2, lr=rate(student), betas=pair) for pair in pairs]
    compare(student, paths, "betas[0] is for m, betas[1] for v, in the means and in the corrections")


@check(NAME, marks=0.25)
def what_is_not_given_has_its_default(student: Student) -> None:
    lr = rate(student)
    paths = [path(student, 2, 2), path(student, 2, 2, weight_decay=float(drawn(student, 20, 80)))]
    paths.append(path(student, 3, 2, lr=lr))
    compare(student, paths, "keep the defaults: lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0")


@check(NAME, marks=0.25)
def each_parameter_has_a_state_of_its_own(student: Student) -> None:
    one, two = path(student, 3, 2, lr=rate(student)), path(student, 3, 3, lr=rate(student))
    getattr(student, NAME)
    lists = {
        name: [[g, dict(k)] for g, k in steps] for name, (_, steps) in (("_steps", one), ("_others", two))
    }
    came = student.run(TWO, _params=[one[0], two[0]], **lists)
    call = f"two parameters in turn, each with its state: {shown(*one)}"
    hint = (
        "all that a step must remember lies in the state that it is given: no global, no function attribute"
    )
    whole = isinstance(came, list) and len(came) == 2 and all(isinstance(rows, list) for rows in came)
    expect(whole, call=call, got=came, expected="the parameters of both", hint=hint)
    for rows, (param, steps) in zip(came, (one, two), strict=True):
        expect_path(student, rows, param, steps, hint)


@check(NAME, marks=0.25)
def rate_and_decay_may_change_from_step_to_step(student: Student) -> None:
    rates = [rate(student), rate(student) / 10, 2 * rate(student)]
    strengths = [drawn_decimal(student, 0.5, 0.9), 0.0, drawn_decimal(student, 1.1, 1.5)]
    settings = [{"lr": lr, "weight_decay": strength} for lr, strength in zip(rates, strengths, strict=True)]
    steps = [(array(student, 2), keywords) for keywords in settings]
    hint = "lr and weight_decay are those of this call: keep neither in the state, nor in m or v"
    compare(student, [(array(student, 2), steps)], hint)


@check(NAME, marks=0.25)
def every_shape_is_welcome(student: Student) -> None:
    shapes = ((2, 3), (2, 1, 2), (1,), ())
    paths = [path(student, 2, *shape, lr=rate(student)) for shape in shapes]
    compare(student, paths, "compute with whole arrays: then no shape needs a line of its own")


@check(NAME, marks=0.25)
def what_came_in_stays_and_what_comes_out_is_new(student: Student) -> None:
    getattr(student, NAME)
    param, steps = path(student, 2, 3, lr=rate(student), weight_decay=0.5)
    still = (array(student, 2), [(np.zeros(2), {"lr": rate(student)})])
    for start, given in ((param, steps), still):
        came = student.run(BESIDE, _param=start, _steps=[[grad, dict(keywords)] for grad, keywords in given])
        call = shown(start, given)
        whole = isinstance(came, list) and len(came) == 2 and all(isinstance(part, list) for part in came)
        expect(whole, call=call, got=came, expected="a parameter after each step", hint=ONE_ARRAY)
        rows = [usable(row, start, call) for row in came[0]]
        if not all(np.allclose(row, right(start, given[: n + 1])) for n, row in enumerate(rows)):
            student.note(came[0])  # then the rest tells no mistake from another
        expect_path(student, rows, start, given, FIRST_RIGHT)
        for before, after, touched in came[1]:
            _expect_kept(before, after, f"after {call}", "make new arrays: no -=, *= on param or grad")
            _expect_kept(before, touched, f"after {call}, then += 1 on the result", "return a new array")


def _expect_kept(before: Any, after: Any, when: str, hint: str) -> None:
    """Raise Mismatch unless param and grad are what they were, to the last bit."""
    for name, want, got in zip(("param", "grad"), before, after, strict=True):
        if difference(got, want, 0.0) is not None:
            raise Mismatch(f"{name} {when}", show(got), f"{show(want)}, as it was", hint)
