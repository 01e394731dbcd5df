"""Hidden checks of freeze_backbone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from checking import Mismatch, expect, expect_close, expect_equal
from hidden.transfer_nets import BUILD, Layers, drawn_weights, words_for
from torch import nn

from autograder.checks.answers import remembered
from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_from
from autograder.judge.scenario import evaluate as run_scenario

Scene = dict[str, Any]

SCENARIO = (
    BUILD
    + """
_net = _build(_layers, _frozen, _training)
_first, _tensors = _values(_net), list(_net.parameters())
_places, _came = [], []
for _n in _calls:
    try:
        _answer = freeze_backbone(_net, _n)
        _came.append("itself" if _answer is _net else type(_answer).__name__)
    except ValueError:
        _came.append("ValueError")
    _places.append(_flags(_net))
_kept = bool((_values(_net) == _first).all())
_kept = _kept and all(now is old for now, old in zip(_net.parameters(), _tensors))
_resting = [name for name, module in _net.named_modules() if not module.training]
_moved, _grads = [], []
if _step:
    # The next lines train once, in whatever mode and state the net is.
    _t.default_generator.manual_seed(0)
    _old = [p.detach().clone() for p in _net.parameters()]
    _out = _net(_x)
    _loss = (_out * _t.arange(1.0, 1 + _out[0].numel())).sum()
    if _loss.requires_grad:
        _loss.backward()
        _t.optim.SGD(_net.parameters(), lr=0.5).step()
    _moved = [bool((p.detach() != old).any()) for p, old in zip(_net.parameters(), _old)]
    _grads = [p.grad is not None for p in _net.parameters()]
_buffers = _flat(_net.buffers())
[_came, _places, _kept, _resting, _moved, _grads, _buffers]
"""
)
RULE = "the weights and biases of the first n_layers layers with parameters get requires_grad False"
NESTED = "model.modules() walks through nested Sequentials, in order; a Sequential itself is no layer"
AGAIN = "set the flags of all parameters at each call: True for the layers behind the first n_layers"
ITSELF = "end with `return model`: no copy, and no value is changed"
STEP = "set requires_grad of the parameters themselves, weights and biases, and nothing else"
NORM = "module.eval() for a frozen BatchNorm1d, or its running values go on moving; no other mode changes"
BAD = "count the layers first; below 0 or above that count: raise ValueError, no IndexError"


def freeze_backbone(model: nn.Module, n_layers: int) -> nn.Module:
    """Return what is right."""
    layers = [module for module in model.modules() if list(module.parameters(recurse=False))]
    if not 0 <= n_layers <= len(layers):
        raise ValueError
    for place, layer in enumerate(layers):
        for parameter in layer.parameters(recurse=False):
            parameter.requires_grad_(place >= n_layers)
        if place < n_layers and isinstance(layer, nn.BatchNorm1d):
            layer.eval()
    return model


def scene(student: Student, layers: Layers, *calls: int, **changes: Any) -> Scene:
    """Return what the scenario needs: a net that learns, in train mode, and the calls one after another."""
    given = {"_layers": layers, "_numbers": drawn_weights(student), "_calls": list(calls)}
    width = next(sizes[0] for kind, *sizes in layers if kind == "Linear")
    rows = torch.rand(4, width, generator=student.rng)
    return given | {"_frozen": [], "_training": True, "_step": False, "_x": rows} | changes


def stack(student: Student, linear: int) -> Layers:
    """Return so many linear layers of drawn widths, with a ReLU between each two."""
    widths = [drawn(student, 2, 5) for _ in range(linear + 1)]
    layers: Layers = []
    for inputs, outputs in pairwise(widths):
        layers += [["Linear", inputs, outputs], ["ReLU"]]
    return layers[:-1]


@remembered
def right(given: Scene) -> list[Any]:
    """Return what the right function leads to in a scene."""
    answer: list[Any] = run_scenario(SCENARIO, {**given, "freeze_backbone": freeze_backbone})
    return answer


def call_of(given: Scene) -> str:
    """Return the calls of a scene in words."""
    calls = ", then ".join(f"freeze_backbone(net, {n})" for n in given["_calls"])
    frozen = f", parameters {given['_frozen']} frozen" if given["_frozen"] else ""
    mode = "" if given["_training"] else ", in eval mode"
    return f"{calls} (net: {words_for(given['_layers'])}{frozen}{mode})"


def came(student: Student, given: Scene) -> list[Any]:
    """Return what the scenario tells."""
    student.freeze_backbone  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO, **given)
    good = isinstance(answer, list) and len(answer) == 7
    expect(good, call=call_of(given), got=answer, expected="the net", hint=ITSELF)
    return answer


def same_flags(student: Student, scenes: list[Scene], hint: str) -> None:
    """Raise Mismatch unless the right parameters learn after each call."""
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        call = f"requires_grad of all parameters after {call_of(given)}"
        expect_equal(answer[1][-1], right(given)[1][-1], call=call, hint=hint)


@check("freeze_backbone", gate=True)
def something_is_frozen_and_something_learns(student: Student) -> None:
    given = scene(student, stack(student, 4), 2)
    flags = came(student, given)[1][0]
    call = f"requires_grad of all parameters after {call_of(given)}"
    expect(len(set(flags)) == 2, call=call, got=flags, expected="some True, some False", hint=RULE)


@check("freeze_backbone", marks=0.5)
def the_first_layers_are_frozen_and_the_others_learn(student: Student) -> None:
    layers = stack(student, drawn(student, 4, 5))
    scenes = [scene(student, layers, n) for n in range(1, 4)]
    scenes += [scene(student, stack(student, 3), n) for n in (0, 3)]
    (_, a, b), *others = stack(student, 3)
    scenes += [scene(student, [["Linear", a, b, False], *others], n) for n in (1, 2)]
    same_flags(student, scenes, RULE)


@check("freeze_backbone", marks=0.25)
def nested_layers_and_norm_layers_count_in_order(student: Student) -> None:
    a, b, c = (drawn(student, 2, 4) for _ in range(3))
    inner = ["Sequential", ["Linear", b, c], ["Sequential", ["Tanh"], ["LayerNorm", c]], ["Dropout", 0.5]]
    layers = [["Linear", a, b], ["BatchNorm1d", b], ["ReLU"], inner, ["Linear", c, 2]]
    body = ["Sequential", ["Linear", a, b], ["ReLU"], ["Linear", b, c]]
    scenes = [scene(student, layers, n) for n in range(1, 5)]
    scenes += [scene(student, [body, ["ReLU"], ["Linear", c, 2]], 1, _x=torch.ones(2, a))]
    same_flags(student, scenes, NESTED)


@check("freeze_backbone", marks=0.25)
def a_later_call_lets_layers_learn_again(student: Student) -> None:
    layers = stack(student, 4)
    most = drawn(student, 2, 3)
    scenes = [scene(student, layers, most, 1), scene(student, layers, most, 0)]
    scenes.append(scene(student, layers, 1, _frozen=sorted(drawn_from(student, range(8), 4))))
    same_flags(student, scenes, AGAIN)


@check("freeze_backbone", marks=0.25)
def the_net_itself_comes_back_with_all_its_values(student: Student) -> None:
    given = scene(student, stack(student, 3), drawn(student, 1, 2))
    what, flags, kept, *_ = came(student, given)
    expect_equal(what[0], "itself", call=f"what comes back of {call_of(given)}", hint=ITSELF)
    expect(
        kept is True,
        call=f"the values after {call_of(given)}",
        got="changed, or new tensors",
        expected="kept",
        hint=ITSELF,
    )
    expect_equal(flags, right(given)[1], call=f"requires_grad after {call_of(given)}", hint=RULE)


@check("freeze_backbone", marks=0.25)
def a_training_step_moves_only_what_learns(student: Student) -> None:
    a, b = drawn(student, 2, 4), drawn(student, 2, 4)
    layers = [["Linear", a, b], ["Tanh"], ["Linear", b, 3], ["Tanh"], ["Linear", 3, 2]]
    scenes = [scene(student, layers, n, _step=True) for n in (1, 2)]
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        want = right(given)
        for place, what in ((4, "which parameters move"), (5, "which parameters have a gradient")):
            call = f"{what} in a training step after {call_of(given)}"
            expect_equal(answer[place], want[place], call=call, hint=STEP)


@check("freeze_backbone", marks=0.25)
def a_frozen_batch_norm_rests_and_no_other_mode_changes(student: Student) -> None:
    a, b = drawn(student, 2, 4), drawn(student, 2, 4)
    layers = [["Linear", a, b], ["BatchNorm1d", b], ["LayerNorm", b], ["Dropout", 0.5], ["Linear", b, 3]]
    layers += [["BatchNorm1d", 3], ["Linear", 3, 2]]
    nested = [["Sequential", *layers[:3]], *layers[3:]]
    scenes = [scene(student, layers, 3, _step=True), scene(student, layers, 1, _step=True)]
    scenes += [scene(student, nested, 5, _step=True, _x=scenes[0]["_x"])]
    scenes += [scene(student, layers, 2, _training=False)]
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        want = right(given)
        call = f"what is in eval mode after {call_of(given)}"
        expect_equal(answer[3], want[3], call=call, hint=NORM)
        call = f"the buffers after {call_of(given)} and a pass through the net"
        expect_close(answer[6], want[6], call=call, hint=NORM)


@check("freeze_backbone", marks=0.25)
def bad_numbers_of_layers_are_a_ValueError(student: Student) -> None:
    linear = drawn(student, 2, 4)
    layers = stack(student, linear)
    scenes = [scene(student, layers, n) for n in (-1, linear + 1, 2 * linear, linear)]
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        got, want = answer[0][0], right(given)[0][0]
        if want == "ValueError":
            expect(got == want, call=call_of(given), got="no ValueError", expected="a ValueError", hint=BAD)
        elif got == "ValueError":
            raise Mismatch(
                call_of(given), got, "all layers frozen", "all may be frozen: only more is an error"
            )
