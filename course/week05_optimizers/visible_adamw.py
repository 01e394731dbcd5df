"""What the visible check of adamw_step asks, state by state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from checking import Mismatch, all_good, as_array, difference, expect, expect_close
from tutor import visible
from visible_steps import NO_ROUND, WRITE_IT, library_used, rounded, typed

Function = Callable[..., Any]
IN_STATE = "all that a step remembers lies in the state that it is given: nothing in a global"
NO_STEP = "line 3 of the rule, the step itself, is missing, or comes to 0"
DECAY = "the decay is a line of its own and comes first, θ ← (1 − lr · λ) θ: m and v know nothing of it"


class Walk:
    """Take steps with one state, and compare each parameter with the one that is expected."""

    def __init__(self, adamw_step: Function, start: Any) -> None:
        self.adamw_step, self.state = adamw_step, dict[Any, Any]()
        self.param: Any = np.array(start, dtype=float)
        self.steps = 0

    def step(self, grad: Any, want: Any, hint: str, **keywords: Any) -> None:
        """Take one step. Raises Mismatch unless the parameter is then what is expected."""
        self.steps += 1
        words = "".join(f", {name}={value}" for name, value in keywords.items())
        state = "{}" if self.steps == 1 else f"the state of step {self.steps - 1}"
        call = f"adamw_step({typed(self.param)}, {typed(grad)}, {state}{words})"
        got = self.adamw_step(np.array(self.param), np.array(grad, dtype=float), self.state, **keywords)
        expect_param(got, want, call, hint)
        self.param = np.array(got, dtype=float)


def expect_param(got: Any, want: Any, call: str, hint: str) -> None:
    """Raise Mismatch unless this is the expected parameter, in its shape."""
    numbers, shape = as_array(got), np.shape(want)
    advice = "return the new parameter alone" if numbers is None else "the result has the shape of param"
    fits = numbers is not None and numbers.shape == shape
    expect(fits, call=call, got=got, expected=f"an array of shape {shape}", hint=advice)
    if difference(got, want, 2e-6) is not None:
        raise Mismatch(call, typed(numbers), typed(want), NO_ROUND if rounded(got, want) else hint)


@visible
def check_adamw_step(adamw_step: Function) -> None:
    """Try first steps, decay, paths, eps, betas, defaults, new rates, two states, shapes and what stays."""
    _first_step(adamw_step)
    _decay(adamw_step)
    _path(adamw_step)
    _decay_later(adamw_step)
    _eps(adamw_step)
    _betas(adamw_step)
    _defaults(adamw_step)
    _changes(adamw_step)
    _two_states(adamw_step)
    _shapes(adamw_step)
    _kept(adamw_step)
    all_good("adamw_step")


def _first_step(adamw_step: Function) -> None:
    """Try a step that is one rate long, and see that it is written out."""
    hint = "in step 1 m̂ is g and v̂ is g²: each number moves by 0.1 against the sign of its gradient"
    call, state = "adamw_step([1, -2], [0.5, -3], {}, lr=0.1)", dict[Any, Any]()
    got = adamw_step(np.array([1.0, -2.0]), np.array([0.5, -3.0]), state, lr=0.1)
    numbers, want = as_array(got), [0.9, -1.9]
    if numbers is not None and numbers.shape == (2,) and difference(got, want, 2e-6) is not None:
        hint = NO_STEP if np.array_equal(numbers, [1, -2]) else hint
        later = adamw_step(np.array(numbers), np.array([0.5, -3.0]), state, lr=0.05)  # tells mistakes apart
        both = f"{typed(numbers)}, then {typed(as_array(later))}"
        raise Mismatch(f"{call}, then once more with lr=0.05", both, "[0.9, -1.9], then [0.85, -1.85]", hint)
    expect_param(got, want, call, hint)
    library = library_used(lambda: adamw_step(np.array([1.0, -2.0]), np.array([0.5, -3.0]), {}, lr=0.1))
    expected = "a step by lines of your own"
    expect(not library, call=call, got=f"a step by {library}", expected=expected, hint=WRITE_IT)
    Walk(adamw_step, [1, -2]).step([-2, 1], [1.1, -2.1], IN_STATE, lr=0.1)


def _decay(adamw_step: Function) -> None:
    """Try decay where the gradient is 0 and where it is not."""
    Walk(adamw_step, [1, -2]).step([0, -3], [0.99, -1.88], DECAY, lr=0.1, weight_decay=0.1)
    hint = "without any gradient only the decay is left: no special case is needed"
    Walk(adamw_step, [1, -2]).step([0, 0], [0.99, -1.98], hint, lr=0.1, weight_decay=0.1)


def _decay_later(adamw_step: Function) -> None:
    """Try two steps with decay: whether later steps remember, the paths have told."""
    walk = Walk(adamw_step, [1, -2])
    walk.step([0, -3], [0.99, -1.88], DECAY, lr=0.1, weight_decay=0.1)
    walk.step([0, -3], [0.9801, -1.7612], DECAY, lr=0.1, weight_decay=0.1)


def _path(adamw_step: Function) -> None:
    """Try three paths, each with one state; in the last one θ is changed between the steps."""
    hint = "m, v and t come from the state, and go back into it: print it after each step"
    for path in (
        ((1, 0.9), (-0.5, 0.8733663), (2, 0.8075551), (0, 0.7536466)),
        ((1, 0.9), (-1, 0.9052632), (2, 0.8554389)),
    ):
        walk = Walk(adamw_step, [1])
        for grad, want in path:
            walk.step([grad], [want], hint, lr=0.1)
    hint = "θ is the param that comes in, also in later steps: keep none in the state"
    walk = Walk(adamw_step, [1])
    walk.step([1], [0.9], hint, lr=0.1)
    walk.param = walk.param + 1
    walk.step([-1], [1.9052632], hint, lr=0.1)


def _eps(adamw_step: Function) -> None:
    """Try gradients as small as eps, a large eps, and no gradient at all."""
    hint = (
        "√v̂ + eps, both 1e-8 here: half a rate. First the correction, then the root. The default is eps=1e-8"
    )
    Walk(adamw_step, [0, 1]).step([1e-8, 0], [-0.05, 1], hint, lr=0.1)
    hint = "eps is 3 here, and added to the root: 0.1 · 1 / (1 + 3) = 0.025"
    Walk(adamw_step, [0, 1]).step([1, -1], [-0.025, 1.025], hint, lr=0.1, eps=3.0)


def _betas(adamw_step: Function) -> None:
    """Try other betas."""
    hint = "betas[0] belongs to m and its correction, betas[1] to v and its correction"
    walk = Walk(adamw_step, [1])
    for grad, want in ((1, 0.9), (-2, 0.9606977), (1, 0.9505272)):
        walk.step([grad], [want], hint, lr=0.1, betas=(0.5, 0.75))


def _defaults(adamw_step: Function) -> None:
    """Leave out all that may be left out."""
    hint = "keep the defaults: lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0"
    walk = Walk(adamw_step, [1, -2])
    walk.step([0.5, -3], [0.999, -1.999], hint)
    walk.step([0.5, 3], [0.998, -1.9990526], hint)
    Walk(adamw_step, [1, -2]).step([0, -3], [0.95, -1.899], hint, weight_decay=50.0)


def _changes(adamw_step: Function) -> None:
    """Give another rate and another decay to the second step."""
    hint = "lr and weight_decay are those of this call: neither belongs into m, v or state"
    walk = Walk(adamw_step, [1, -2])
    walk.step([0.5, -3], [0.89, -1.88], hint, lr=0.1, weight_decay=0.1)
    walk.step([0.5, -3], [0.88, -1.87], hint, lr=0.01, weight_decay=0.0)


def _two_states(adamw_step: Function) -> None:
    """Take steps with two parameters in turn."""
    one, two = Walk(adamw_step, [1]), Walk(adamw_step, [1, 1])
    one.step([1], [0.9], IN_STATE, lr=0.1)
    two.step([-3, 2], [1.1, 0.9], IN_STATE, lr=0.1)
    one.step([-1], [0.9052631588], IN_STATE, lr=0.1)
    two.step([3, 2], [1.0947368, 0.8], IN_STATE, lr=0.1)


def _shapes(adamw_step: Function) -> None:
    """Try a table, and an array without any axis."""
    hint = "compute with whole arrays: then no shape needs a line of its own"
    Walk(adamw_step, [[1, -2], [3, 4]]).step([[0.5, -3], [1, 2]], [[0.9, -1.9], [2.9, 3.9]], hint, lr=0.1)
    got = adamw_step(np.array(1.0), np.array(0.5), {}, lr=0.1)
    expect_param(got, 0.9, "adamw_step(np.array(1.0), np.array(0.5), {}, lr=0.1)", hint)


def _kept(adamw_step: Function) -> None:
    """See that param and grad stay as they were, also when the result is changed later."""
    hint = "make new arrays: no -=, *= on param or grad"
    for slopes in ([0.5, -3.0], [0.0, 0.0]):
        param, grad = np.array([1.0, -2.0]), np.array(slopes)
        got = adamw_step(param, grad, {}, lr=0.1, weight_decay=0.1)
        when = f"after adamw_step([1, -2], {typed(slopes)}, {{}}, lr=0.1, weight_decay=0.1)"
        _expect_same(param, grad, slopes, when, hint)
        if isinstance(got, np.ndarray):
            got += 1
        _expect_same(param, grad, slopes, f"{when}, then += 1 on the result", "return a new array")


def _expect_same(param: Any, grad: Any, slopes: Sequence[float], when: str, hint: str) -> None:
    """Raise Mismatch unless param and grad are what they were."""
    expect_close(param, [1.0, -2.0], call=f"param {when}", hint=hint, tolerance=0.0)
    expect_close(grad, list(slopes), call=f"grad {when}", hint=hint, tolerance=0.0)
