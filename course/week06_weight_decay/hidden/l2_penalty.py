"""Hidden checks of l2_penalty."""

from __future__ import annotations

import itertools
import math
from ast import literal_eval
from functools import lru_cache
from typing import Any

import torch
from checking import as_array, expect, expect_close
from hidden.nets import BUILD, Layers, net_inputs, words_for

from autograder.checks.framework import Student, check
from autograder.checks.inputs import CONNECTED, drawn, drawn_decimal
from autograder.judge.scenario import evaluate as run_scenario

Scene = dict[str, Any]

SCENARIO = (
    BUILD
    + """
_net = _build()
_flags = [p.requires_grad for p in _net.parameters()]
_penalty = l2_penalty(_net, *_args, **_named)
_all = list(_net.parameters())
_after = _t.cat([p.detach().flatten() for p in _all])
_kept = _t.cat([(_t.zeros_like(p) if p.grad is None else p.grad).flatten() for p in _all])
_connected = _t.is_tensor(_penalty) and _penalty.requires_grad
_kind = "connected" if _connected else "cut off" if _t.is_tensor(_penalty) else "no tensor"
_learning = [p for p in _all if p.requires_grad]
_gradient = _t.zeros(0)
if _connected:
    _parts = _t.autograd.grad(_penalty.sum(), _learning, allow_unused=True)
    _gradient = _t.cat([(_t.zeros_like(p) if g is None else g).flatten() for p, g in zip(_learning, _parts)])
_same = [p.requires_grad for p in _net.parameters()] == _flags
[_penalty, _kind, _gradient, _after, _kept, _same]
"""
)
FORMULA = "½ · lam · the sum of the squares of all weights, of every layer"
BY_AXES = "ask each parameter for p.ndim: with skip_bias=True those with fewer than two axes are left out"
SKIP = "skip_bias=True leaves biases out, skip_bias=False counts them, and True is the default"
ALL = "go through model.parameters(): frozen parameters are among them, and each tensor is there once"
STILL = "only read requires_grad: no p.requires_grad_(…) and no model.requires_grad_(…)"
KEPT = "only read the parameters: no p.data = …, no *=, no backward(), no zero_grad()"
ZERO = "with lam = 0 the penalty is a tensor 0, with gradients 0: leave the formula as it is, without an if"


def l2_penalty(model: torch.nn.Module, lam: float, skip_bias: bool = True) -> Any:
    """Return what is right."""
    counted = [p for p in model.parameters() if p.ndim > 1 or not skip_bias]
    return 0.5 * lam * sum(p.pow(2).sum() for p in counted)


def plain(*widths: int, bias: bool = False) -> Layers:
    """Return linear layers of these widths with a ReLU between each two."""
    kind, layers = "Linear" if bias else "LinearNoBias", []
    for inputs, outputs in itertools.pairwise(widths):
        layers += [[kind, inputs, outputs], ["ReLU"]]
    return layers[:-1]


def scene(student: Student, layers: Layers, *args: Any, **changes: Any) -> Scene:
    """Return what the scenario needs: a net, a strength of decay, and how it is called."""
    named = changes.pop("_named", {})
    lam = drawn_decimal(student, 0.15, 0.45)
    return net_inputs(student, layers, **changes) | {"_args": [lam, *args], "_named": named}


def call_of(given: Scene) -> str:
    """Return the call of a scene in words."""
    args = [f"{arg:g}" if isinstance(arg, float) else repr(arg) for arg in given["_args"]]
    named = [f"{key}={value}" for key, value in given["_named"].items()]
    return f"l2_penalty({', '.join([words_for(given), *args, *named])})"


def came(student: Student, given: Scene) -> list[Any]:
    """Return the penalty, its kind, its gradient, parameters and .grad afterwards, and if flags stayed."""
    student.l2_penalty  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO, **given)
    good = isinstance(answer, list) and len(answer) == 6
    expect(good, call=call_of(given), got=answer, expected="a tensor without axes", hint=FORMULA)
    return answer


@lru_cache(maxsize=512)
def computed(written: str) -> list[Any]:
    """Return what the right function leads to in a scene, written as text."""
    given = literal_eval(written)
    given["_numbers"] = torch.tensor(given["_numbers"])
    answer: list[Any] = run_scenario(SCENARIO, {**given, "l2_penalty": l2_penalty})
    return answer


def right(given: Scene) -> list[Any]:
    """Return the same for the right function; what is drawn once is not computed twice."""
    return computed(repr({**given, "_numbers": given["_numbers"].tolist()}))


def lenient(got: Any) -> Any:
    """Return a penalty without an axis of length 1, which costs its marks elsewhere."""
    return got.reshape(()) if isinstance(got, torch.Tensor) and got.shape == (1,) else got


def same_penalty(student: Student, scenes: list[Scene], hint: str, strict: bool = False) -> None:
    """Raise Mismatch unless the penalty is right in all scenes. All are asked before one is compared."""
    answers = [came(student, given)[0] for given in scenes]
    pairs = [
        (call_of(given), got if strict else lenient(got), right(given)[0].detach())
        for given, got in zip(scenes, answers, strict=True)
    ]
    for call, got, want in pairs:
        student.expects(call, got, want)
    for call, got, want in pairs:
        expect_close(got, want, call=call, hint=hint)


@check("l2_penalty", gate=True)
def the_penalty_is_a_number_that_grows_with_lam(student: Student) -> None:
    given = scene(student, plain(2, 3))
    costs = []
    for lam in (0.2, 2.0):
        asked = given | {"_args": [lam]}
        got = came(student, asked)[0]
        array = as_array(lenient(got))
        number = float(array) if array is not None and array.ndim == 0 else math.nan
        hint = "add the squares up until one number is left, and return it"
        expect(math.isfinite(number), call=call_of(asked), got=got, expected="one finite number", hint=hint)
        costs.append(number)
    call = call_of(given | {"_args": [2.0]})
    expected, hint = "a larger number than with lam 0.2, and none below 0", FORMULA
    expect(0 <= costs[0] < costs[1], call=call, got=costs[1], expected=expected, hint=hint)


@check("l2_penalty", marks=0.25)
def half_of_lam_times_the_sum_of_the_squares_of_every_layer(student: Student) -> None:
    nets = [plain(2, 1), plain(1, drawn(student, 3, 5)), plain(2, 3, 2, 2)]
    same_penalty(student, [scene(student, net) for net in nets], FORMULA, strict=True)


@check("l2_penalty", marks=0.25)
def biases_are_left_out_unless_they_are_asked_for(student: Student) -> None:
    net = plain(2, drawn(student, 3, 4), 1, bias=True)
    scenes = [scene(student, net), scene(student, net, True), scene(student, net, _named={"skip_bias": True})]
    same_penalty(student, scenes, SKIP)


@check("l2_penalty", marks=0.25)
def all_parameters_count_with_skip_bias_False(student: Student) -> None:
    net = plain(3, drawn(student, 2, 4), 1, bias=True)
    scenes = [scene(student, net, False), scene(student, net, _named={"skip_bias": False})]
    same_penalty(student, scenes, SKIP)


@check("l2_penalty", marks=0.25)
def axes_decide_and_neither_names_nor_kinds_of_layers(student: Student) -> None:
    width = drawn(student, 2, 3)
    normed = [["LinearNoBias", 2, width], ["BatchNorm1d", width], ["ReLU"], ["LinearNoBias", width, 2]]
    conv = [["Conv1d", 1, 2, drawn(student, 2, 3)], ["Embedding", 2, 3], ["LayerNorm", 3]]
    image = [["Conv2dNoBias", 1, 2, 2], ["GroupNorm", 1, 2]]
    same_penalty(student, [scene(student, net) for net in (normed, conv, image)], BY_AXES)


@check("l2_penalty", marks=0.25)
def each_weight_gets_lam_times_itself_as_its_gradient(student: Student) -> None:
    net = plain(2, drawn(student, 3, 4), 2, bias=False)
    scenes = [scene(student, net), scene(student, net, _double=True)]
    same_gradient(student, scenes)


def same_gradient(student: Student, scenes: list[Scene], hint: str = CONNECTED) -> None:
    """Raise Mismatch unless a gradient flows from the penalty to the weights, and is the right one."""
    answers = [came(student, given) for given in scenes]
    for given, (_, kind, gradient, *_) in zip(scenes, answers, strict=True):
        got, expected = f"a penalty that is {kind}", "a tensor, connected to the weights"
        expect(kind == "connected", call=call_of(given), got=got, expected=expected, hint=hint)
        call = f"the gradient of {call_of(given)}"
        want = right(given)[2]
        student.expects(call, gradient, want)
        expect_close(gradient, want, call=call, hint="each weight w gets lam · w, in every layer")


@check("l2_penalty", marks=0.25)
def lam_0_gives_a_tensor_0_that_is_still_connected(student: Student) -> None:
    given = scene(student, plain(2, drawn(student, 2, 4)))
    scenes = [given | {"_args": [0]}, given | {"_args": [0.0]}]
    for asked in scenes:
        expect_close(lenient(came(student, asked)[0]), 0.0, call=call_of(asked), hint=ZERO)
    same_gradient(student, scenes, ZERO)


@check("l2_penalty", marks=0.25)
def frozen_tensors_count_and_shared_ones_count_once(student: Student) -> None:
    width = drawn(student, 2, 3)
    frozen = scene(student, plain(2, width, 2), _frozen=[0])
    shared = scene(student, [["LinearNoBias", width, width], ["ReLU"], ["again", 0]])
    tied = scene(student, [["Linear", width, width], ["ReLU"], ["tied", 0]])
    nested = scene(student, [["LinearNoBias", 2, width], ["ReLU"], ["LinearNoBias", width, 2]], _nested=True)
    same_penalty(student, [frozen, shared, tied, nested], ALL)


@check("l2_penalty", marks=0.25)
def parameters_and_their_gradients_stay_as_they_were(student: Student) -> None:
    leftover = drawn_decimal(student, 0.5, 2.0)
    scenes = [scene(student, plain(2, 3), _leftover=leftover), scene(student, plain(2, 2, 1), _frozen=[0])]
    answers = [came(student, given) for given in scenes]
    for given, (got, _, _, after, kept, same) in zip(scenes, answers, strict=True):
        want, _, _, before, grads, _ = right(given)
        hint = "this counts only together with a right answer: get this value right first"
        expect_close(lenient(got), want.detach(), call=call_of(given), hint=hint)
        expect_close(after, before, call=f"the parameters after {call_of(given)}", hint=KEPT)
        expect_close(kept, grads, call=f"the .grad of all parameters after {call_of(given)}", hint=KEPT)
        call, found = f"requires_grad after {call_of(given)}", "as it was" if same is True else "changed"
        expect(same is True, call=call, got=found, expected="as it was", hint=STILL)
