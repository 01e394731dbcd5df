"""What the visible check of sgd_momentum_step asks, step by step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from checking import Mismatch, all_good, as_array, difference, expect, expect_close
from tutor import visible

Function = Callable[..., Any]
LIBRARIES = ("torch.optim", "sklearn.neural_network", "sweep", "optimizer_")
WRITE_IT = "write the rule yourself: a library's optimizer costs half of the marks"
NO_ROUND = "leave round out: return all digits"
SIZE = 9  # numbers of an array that are shown


def typed(value: Any) -> str:
    """Return numbers as one would type them, and of many the first."""
    numbers = np.asarray(value, dtype=float)
    if numbers.ndim and numbers.size <= SIZE:
        return f"[{', '.join(map(typed, numbers))}]"
    return f"{numbers:.6g}" if numbers.ndim == 0 else f"an array of shape {numbers.shape}"


def library_used(action: Callable[[], Any]) -> str:
    """Return which library's optimizer is at work while something is done, or ""."""
    used: list[str] = []

    def watch(frame: Any, event: str, _: Any) -> None:
        module = str(frame.f_globals.get("__name__", ""))
        if event == "call" and module.startswith(LIBRARIES):
            used.append(module)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(before)
    return used[0] if used else ""


@dataclass(frozen=True)
class Step:
    """Hold what goes into one step, and the param and velocity that should come out."""

    param: Any
    grad: Any
    velocity: Any
    lr: float
    momentum: float
    want: tuple[Any, Any]

    def arguments(self) -> list[Any]:
        """Return the arguments, as new arrays."""
        arrays = [np.array(value, dtype=float) for value in (self.param, self.grad, self.velocity)]
        return [*arrays, self.lr, self.momentum]

    def call(self) -> str:
        """Return the call as one would type it, but for `np.array(…)` around the numbers."""
        return f"sgd_momentum_step({', '.join(map(typed, self.arguments()))})"


def expect_step(got: Any, step: Step, hint: str, call: str = "") -> tuple[Any, Any]:
    """Return param and velocity. Raises Mismatch unless they are what the step should make of them."""
    call, shape = call or step.call(), np.shape(step.param)
    pair = isinstance(got, tuple | list) and len(got) == 2
    pair = pair or (isinstance(got, np.ndarray) and got.shape == (2, *shape))
    advice = "return param, velocity: two arrays, with a comma between"
    expect(pair, call=call, got=got, expected="two arrays: param, velocity", hint=advice)
    for name, part in zip(("param", "velocity"), got, strict=True):
        numbers = as_array(part)
        advice = "each result has the shape of param: compute with the whole arrays"
        fits = numbers is not None and numbers.shape == shape
        expect(
            fits, call=f"the {name} of {call}", got=part, expected=f"an array of shape {shape}", hint=advice
        )
    if any(difference(part, want, 1e-6) is not None for part, want in zip(got, step.want, strict=True)):
        told = NO_ROUND if all(map(rounded, got, step.want)) else hint
        raise Mismatch(call, _pair(got), _pair(step.want), told)
    return got[0], got[1]


def rounded(got: Any, want: Any) -> bool:
    """Return whether the right numbers, cut to a few decimals, came back."""
    numbers, right = as_array(got), np.asarray(want, dtype=float)
    return numbers is not None and any(
        np.allclose(numbers, np.round(right, places), rtol=0, atol=1e-9) for places in range(1, 7)
    )


def _pair(parts: Sequence[Any]) -> str:
    return f"param {typed(as_array(parts[0]))}, velocity {typed(as_array(parts[1]))}"


MOVING = Step([1, -2], [0.5, -1], [2, 1], 0.1, 0.8, ([0.79, -1.98], [2.1, -0.2]))
AT_REST = Step([1, -2], [0.5, -1], [0, 0], 0.1, 0.9, ([0.95, -1.9], [0.5, -1]))


@visible
def check_sgd_momentum_step(sgd_momentum_step: Function) -> None:
    """Try a moving ball and one at rest, a path, all shapes, momentum 0 and 1, and what must stay."""
    hint = "v = 0.8 · 2 + 0.5 = 2.1 for the first number, then θ = 1 − 0.1 · 2.1 = 0.79"
    expect_step(sgd_momentum_step(*MOVING.arguments()), MOVING, hint)
    _written_out(sgd_momentum_step)
    hint = "from rest the velocity is the gradient"
    expect_step(sgd_momentum_step(*AT_REST.arguments()), AT_REST, hint)
    _path(sgd_momentum_step)
    _borders(sgd_momentum_step)
    _shapes(sgd_momentum_step)
    _kept(sgd_momentum_step)
    all_good("sgd_momentum_step")


def _written_out(sgd_momentum_step: Function) -> None:
    """See that no library's optimizer makes the step."""
    library = library_used(lambda: sgd_momentum_step(*MOVING.arguments()))
    expected = "a step by lines of your own"
    expect(not library, call=MOVING.call(), got=f"a step by {library}", expected=expected, hint=WRITE_IT)


def _path(sgd_momentum_step: Function) -> None:
    """Try three steps in a row, of which the last has another rate and another momentum."""
    wants = (([0.95, -1.9], [0.5, -1]), ([0.855, -1.71], [0.95, -1.9]), ([0.84525, -1.6905], [0.975, -1.95]))
    param, velocity = np.array([1.0, -2.0]), np.zeros(2)
    for number, (lr, momentum, want) in enumerate(
        zip((0.1, 0.1, 0.01), (0.9, 0.9, 0.5), wants, strict=True), 1
    ):
        step = Step(param, [0.5, -1], velocity, lr, momentum, want)
        hint = "each step goes on from the param and the velocity of the one before"
        got = sgd_momentum_step(*step.arguments())
        param, velocity = expect_step(got, step, hint, f"step {number} of a path: {step.call()}")


def _borders(sgd_momentum_step: Function) -> None:
    """Try momentum 0, which forgets everything, and 1, which forgets nothing."""
    zero = replace(MOVING, lr=0.5, momentum=0.0, want=([0.75, -1.5], [0.5, -1]))
    hint = "momentum 0: the velocity is the gradient"
    expect_step(sgd_momentum_step(*zero.arguments()), zero, hint)
    one = replace(MOVING, momentum=1.0, want=([0.75, -2], [2.5, 0]))
    hint = "momentum 1 is allowed: the old velocity plus the gradient"
    expect_step(sgd_momentum_step(*one.arguments()), one, hint)


def _shapes(sgd_momentum_step: Function) -> None:
    """Try a table, and an array without any axis."""
    want = [[0.79, -1.98], [2.9, 3.98]], [[2.1, -0.2], [1, 0.2]]
    table = Step([[1, -2], [3, 4]], [[0.5, -1], [1, 1]], [[2, 1], [0, -1]], 0.1, 0.8, want)
    hint = "compute with whole arrays: then no shape needs a line of its own"
    expect_step(sgd_momentum_step(*table.arguments()), table, hint)
    alone = Step(1.0, 0.5, 2.0, 0.1, 0.8, (0.79, 2.1))
    call = "sgd_momentum_step(np.array(1.0), np.array(0.5), np.array(2.0), 0.1, 0.8)"
    expect_step(sgd_momentum_step(*alone.arguments()), alone, hint, call)


def _kept(sgd_momentum_step: Function) -> None:
    """See that the three arrays stay as they were, also when the results are changed later."""
    still = replace(MOVING, velocity=[0, 0], want=([0.95, -1.9], [0.5, -1]))
    no_rate = replace(MOVING, lr=0.0, want=([1, -2], [2.1, -0.2]))
    for step in (MOVING, still, replace(still, velocity=[2, 1], momentum=0.0), no_rate):
        given = step.arguments()
        results = sgd_momentum_step(*given)
        _expect_same(given, step, f"after {step.call()}", "make new arrays: no -=, *=, += on what came in")
        for result in results:
            if isinstance(result, np.ndarray):
                result += 1
        when = f"after {step.call()}, then += 1 on both results"
        _expect_same(given, step, when, "return arrays of your own, such as .copy(), and none that came in")


def _expect_same(given: Sequence[Any], step: Step, when: str, hint: str) -> None:
    """Raise Mismatch unless the arrays are those of the step."""
    for name, now, before in zip(("param", "grad", "velocity"), given, step.arguments()[:3], strict=False):
        expect_close(now, before, call=f"{name} {when}", hint=hint, tolerance=0.0)
