"""Hidden checks of param_groups."""

from __future__ import annotations

from ast import literal_eval
from functools import lru_cache
from typing import Any

import torch
from checking import expect, expect_close, expect_equal
from hidden.nets import BUILD, Layers, net_inputs, words_for

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal
from autograder.judge.scenario import evaluate as run_scenario

Scene = dict[str, Any]

# Parameters stay on the student's side: what comes back are their places in net.parameters().
SCENARIO = (
    BUILD
    + """
_net = _build()
_all = list(_net.parameters())
def _state():
    grads = [None if p.grad is None else p.grad.tolist() for p in _all]
    return {"requires_grad": [p.requires_grad for p in _all], ".grad": grads,
            "values": [p.tolist() for p in _all], "train or eval": [m.training for m in _net.modules()]}

_before = _state()
_groups = param_groups(_net, _decay)

def _place(p):
    places = [i for i, q in enumerate(_all) if q is p]
    kind = "a new parameter" if isinstance(p, _t.nn.Parameter) else "a copy"
    return places[0] if places else kind if _t.is_tensor(p) else type(p).__name__

def _read(group):
    if not isinstance(group, dict) or "params" not in group:
        return f"a {type(group).__name__} without params"
    try:
        rows = [[_place(p) for p in group["params"]] for _ in range(2)]
    except TypeError:
        return "no list of params"
    return [*rows, group.get("weight_decay", "missing"), sorted(map(str, group))]

_kind = type(_groups).__name__
_seen = [_read(group) for group in _groups] if isinstance(_groups, (list, tuple)) else []
_now = _state()
_changed = [name for name in _before if _before[name] != _now[name]]
_moved = _t.zeros(0)
if _step:
    _own = [{key: group[key] for key in ("params", "weight_decay") if key in group}
            for group in param_groups(_net, _decay)]
    _steps = {"sgd": _t.optim.SGD, "adamw": _t.optim.AdamW}[_step](_own, lr=0.5)
    for _p in _all:
        _p.grad = _t.full_like(_p, _gradient)
    _steps.step()
    _moved = _t.cat([p.detach().flatten() for p in _net.parameters()])
[_kind, _seen, _changed, _moved]
"""
)
RULE = "weights (two axes or more) into the first list, all others into the second"
TWO = 'return [{"params": …, "weight_decay": …}, {"params": …, "weight_decay": 0.0}]'
FROZEN = "leave out parameters whose requires_grad is False"
ONCE = "walk once through model.parameters(), which gives each tensor once, and keep its order"
READ = "only read the net: set no requires_grad, clear no .grad, and leave train and eval alone"
EMPTY = "two dicts come back in any case: an empty list of params is fine"
THEMSELVES = "lists of the parameters themselves: no copies, no .data, no names, no generators"


def param_groups(model: torch.nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Return what is right."""
    learning = [p for p in model.parameters() if p.requires_grad]
    others = [p for p in learning if p.ndim < 2]
    weights = [p for p in learning if p.ndim > 1]
    return [{"params": weights, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def scene(student: Student, layers: Layers, **changes: Any) -> Scene:
    """Return what the scenario needs: a net, a decay, and the step that may follow."""
    given = {"_decay": drawn_decimal(student, 0.1, 0.9), "_step": "", "_gradient": 0.0} | changes
    own = {name: given.pop(name) for name in ("_decay", "_step", "_gradient")}
    return net_inputs(student, layers, **given) | own


def call_of(given: Scene) -> str:
    """Return the call of a scene in words."""
    return f"param_groups({words_for(given)}, {given['_decay']})"


def came(student: Student, given: Scene) -> list[Any]:
    """Return the kind of what came back, the groups, what changed in the net, and stepped weights."""
    student.param_groups  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO, **given)
    good = isinstance(answer, list) and len(answer) == 4
    expect(good, call=call_of(given), got=answer, expected="a list of two dicts", hint=TWO)
    return answer


@lru_cache(maxsize=512)
def computed(written: str) -> list[Any]:
    """Return what the right function leads to in a scene, written as text."""
    given = literal_eval(written)
    given["_numbers"] = torch.tensor(given["_numbers"])
    answer: list[Any] = run_scenario(SCENARIO, {**given, "param_groups": param_groups})
    return answer


def right(given: Scene) -> list[Any]:
    """Return the same for the right function; what is drawn once is not computed twice."""
    return computed(repr({**given, "_numbers": given["_numbers"].tolist()}))


def groups_of(answer: list[Any], given: Scene) -> list[list[Any]]:
    """Return of each of two groups its places, as read first and again, its decay and its keys."""
    kind, seen, *_ = answer
    two = isinstance(seen, list) and len(seen) == 2 and all(isinstance(group, list) for group in seen)
    got = f"a {kind} of {seen}"
    expect(two, call=call_of(given), got=got, expected="a list of two dicts with params", hint=TWO)
    return list(seen)


def places(answer: list[Any], given: Scene, ordered: bool = False) -> list[list[str]]:
    """Return the places in both groups as text, in rising order unless the order matters."""
    found = [[str(place) for place in first] for first, *_ in groups_of(answer, given)]
    return found if ordered else [sorted(part) for part in found]


def same_places(student: Student, scenes: list[Scene], hint: str, ordered: bool = False) -> None:
    """Raise Mismatch unless the right parameters lie in both groups, in all scenes."""
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        got, want = (places(found, given, ordered) for found in (answer, right(given)))
        call = f"the numbers of the parameters in both groups of {call_of(given)}"
        expect_equal(got, want, call=call, hint=hint)


@check("param_groups", gate=True)
def two_dicts_with_parameters_come_back(student: Student) -> None:
    given = scene(student, [["Linear", 2, 3], ["ReLU"], ["Linear", 3, 1]])
    found = places(came(student, given), given)
    expected, hint = "parameters in both lists", RULE
    expect(all(found), call=call_of(given), got=found, expected=expected, hint=hint)


@check("param_groups", marks=0.25)
def weights_come_first_with_their_decay(student: Student) -> None:
    layers = [["Linear", 2, drawn(student, 3, 4)], ["ReLU"]]
    layers += [["Linear", layers[0][2], 2]]
    scenes = [scene(student, layers), scene(student, [["Linear", drawn(student, 2, 4), 1]])]
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        got, want = (places(found, given) for found in (answer, right(given)))
        expect_equal(got, want, call=f"the numbers of the parameters of {call_of(given)}", hint=RULE)
        hint = "the first dict has the decay that was given, under weight_decay"
        decay = groups_of(answer, given)[0][2]
        expect_close(decay, given["_decay"], call=f"the first decay of {call_of(given)}", hint=hint)


@check("param_groups", marks=0.25)
def AdamW_leaves_biases_without_gradient_alone(student: Student) -> None:
    given = scene(student, [["Linear", 2, drawn(student, 2, 4)]], _step="adamw")
    answer = came(student, given)
    groups_of(answer, given)
    hint = 'the second dict needs "weight_decay": 0.0, for a group without it gets the default, in AdamW 0.01'
    call = f"the parameters after a step of AdamW with gradients 0 and {call_of(given)}"
    expect_close(answer[3], right(given)[3], call=call, hint=hint)


@check("param_groups", marks=0.25)
def scales_and_shifts_of_norm_layers_are_no_weights(student: Student) -> None:
    width = drawn(student, 2, 4)
    layers = [
        ["LinearNoBias", 2, width],
        ["BatchNorm1d", width],
        ["LinearNoBias", width, 2],
        ["LayerNorm", 2],
    ]
    hint = "a norm layer's scale is called weight and has one axis: decide by p.ndim"
    same_places(student, [scene(student, layers)], hint)


@check("param_groups", marks=0.25)
def convolutions_and_embeddings_have_weights_too(student: Student) -> None:
    layers = [["Conv1d", 1, 2, drawn(student, 2, 3)], ["Conv2dNoBias", 1, 2, 2], ["Embedding", 3, 2]]
    hint = "a weight has two axes or more: p.ndim >= 2, whatever the layer"
    same_places(student, [scene(student, layers)], hint)


@check("param_groups", marks=0.25)
def frozen_parameters_are_in_neither_group(student: Student) -> None:
    layers = [["Linear", 2, drawn(student, 2, 4)], ["ReLU"]]
    layers += [["Linear", layers[0][2], 2]]
    frozen = [[0, 1], [2], [1]]
    same_places(student, [scene(student, layers, _frozen=places) for places in frozen], FROZEN)


@check("param_groups", marks=0.25)
def each_parameter_comes_once_and_in_order(student: Student) -> None:
    width = drawn(student, 2, 3)
    nested = [["Linear", 1, width], ["ReLU"], ["Linear", width, 4], ["ReLU"], ["Linear", 4, 2]]
    shared = [["Linear", width, width], ["ReLU"], ["again", 0], ["ReLU"], ["Linear", width, 1]]
    tied = [["Linear", width, width], ["ReLU"], ["tied", 0]]
    scenes = [scene(student, nested, _nested=True), scene(student, shared), scene(student, tied)]
    same_places(student, scenes, ONCE, ordered=True)


@check("param_groups", marks=0.25)
def there_are_two_groups_even_if_one_is_empty(student: Student) -> None:
    width = drawn(student, 2, 4)
    bare = scene(student, [["LinearNoBias", 2, width], ["ReLU"], ["LinearNoBias", width, 1]])
    frozen = scene(student, [["Linear", width, 2]], _frozen=[0, 1])
    norm = scene(student, [["LayerNorm", width]], _decay=0)
    same_places(student, [bare, frozen, norm], EMPTY)


@check("param_groups", marks=0.25)
def the_lists_hold_the_parameters_themselves(student: Student) -> None:
    layers = [["Linear", 2, drawn(student, 2, 4)]]
    gradient = drawn_decimal(student, 0.2, 0.8)
    kept = scene(student, layers, _frozen=[1], _leftover=gradient)
    scenes = [scene(student, layers, _step="sgd", _gradient=gradient), kept]
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        groups_of(answer, given)
        for number, (first, again, *_) in enumerate(answer[1], start=1):
            call = f"the params of group {number} of {call_of(given)}, read a second time"
            expect_equal(
                again, first, call=call, hint="a generator is used up after one reading: make a list"
            )
        call = f"what is changed in the net after {call_of(given)}"
        expect_equal(answer[2], [], call=call, hint=READ)
    call = f"the net after a step of SGD with the groups of {call_of(scenes[0])}"
    expect_close(answers[0][3], right(scenes[0])[3], call=call, hint=THEMSELVES)
