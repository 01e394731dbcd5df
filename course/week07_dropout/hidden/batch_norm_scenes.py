"""Scenes of BatchNorm1d: layers that are made and fed beside a student's code, and what is right for them."""

from __future__ import annotations

from ast import literal_eval
from functools import lru_cache
from typing import Any

import torch
from checking import expect, expect_close, kind_of

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn_decimal
from autograder.judge.scenario import evaluate as run_scenario

Scene = dict[str, Any]
NAMES = ("running_mean", "running_var")

# _steps: (mode, input) one after the other. What is missing is told as None, so that it costs once.
SCENARIO = """
import torch as _t
_layer = BatchNorm1d(*_args, **_named)
if _double:
    _layer = _layer.double()

def _fill(name, numbers):
    place = getattr(_layer, name, None)
    if numbers is not None and _t.is_tensor(place):
        with _t.no_grad():
            place.copy_(numbers)

for _name, _numbers in _filled.items():
    _fill(_name, _numbers)

def _plain(name):
    value = getattr(_layer, name, None)
    return value.detach().clone() if _t.is_tensor(value) else value

_outputs, _running, _changed = [], [], False
for _mode, _x in _steps:
    _layer.train() if _mode == "train" else _layer.eval()
    _given = _x.clone()
    with _t.set_grad_enabled(_graph):
        _came = _layer(_x)
    _outputs.append(_came.detach().clone() if _t.is_tensor(_came) else _came)
    _running.append([_plain("running_mean"), _plain("running_var")])
    _changed = _changed or not _t.equal(_given, _x)
[_outputs, _running, _changed]
"""
GRADIENT = """
import torch as _t
_layer = BatchNorm1d(*_args)
_layer.train()
_x.requires_grad_(True)
_came = _layer(_x * 1.0)
_parts = {}
if _t.is_tensor(_came) and _came.requires_grad:
    (_came * _weights).sum().backward()
    _parts = {"x": _x.grad}
    for _name in ("weight", "bias"):
        _place = getattr(_layer, _name, None)
        _parts[_name] = _place.grad if _t.is_tensor(_place) else None
_layer = BatchNorm1d(*_args).eval()
_y = _x.detach().clone().requires_grad_(True)
_later = _layer(_y)
_flows = _t.is_tensor(_later) and _later.requires_grad
_flows = _flows and _t.autograd.grad(_later.sum(), _y, allow_unused=True)[0] is not None
{**_parts, "eval mode": _flows}
"""
PARTS = """
import torch as _t

def _told(pairs):
    return {name: value.detach().clone() for name, value in pairs if name != "num_batches_tracked"}

_layer = BatchNorm1d(_size)
[_told(_layer.named_parameters()), _told(_layer.named_buffers())]
"""
STORED = """
import torch as _t
_trained, _fresh = BatchNorm1d(_size), BatchNorm1d(_size)
_trained.train()
_trained(_x.clone().requires_grad_(True))
_held = _trained.state_dict()
_fresh.load_state_dict(_held)
_fresh.eval()
_out = _fresh(_x)
_names = [_name for _name in _held if _name != "num_batches_tracked"]
_free = [not _value.requires_grad for _value in (_trained.running_mean, _trained.running_var)]
[sorted(_names), _out.detach().clone(), _free]
"""
ONE_ROW = """
import torch as _t

def _told(answer, x):
    try:
        return answer(x).detach().clone()
    except Exception as error:
        return "ValueError" if isinstance(error, ValueError) else type(error).__name__

_layer = BatchNorm1d(_size)
_layer.train()
_alone, _pair = _told(_layer, _x[:1]), _told(_layer, _x[:2])
_layer = BatchNorm1d(_size)
_layer.eval()
[_alone, _pair, _told(_layer.forward, _x[:1])]
"""
TABLE = "return one tensor, of the shape (batch, features) that came in, in both modes"


def table(student: Student, rows: int, features: int) -> torch.Tensor:
    """Return numbers with one decimal, whose columns differ in mean and spread, and are never constant."""
    unit = torch.rand(rows, features, generator=student.rng)
    slope = torch.linspace(-1, 1, rows).unsqueeze(1)
    column = torch.arange(1.0, features + 1)
    return ((2 * column - 5 + column * (slope + unit)) * 10).round() / 10


def scene(student: Student, *steps: tuple[str, torch.Tensor], **changes: Any) -> Scene:
    """Return what the scenario needs: how the layer is made, what is filled in, and its inputs with modes."""
    features = steps[0][1].shape[1]
    given: Scene = {"_args": [features], "_named": {}, "_double": False, "_filled": {}, "_graph": True}
    return given | {"_steps": [list(step) for step in steps]} | changes


def call_of(given: Scene) -> str:
    """Return the call of a scene in words."""
    named = [f"{key}={value}" for key, value in given["_named"].items()]
    shapes = [f"{mode} mode, {tuple(x.shape)}" for mode, x in given["_steps"]]
    shapes += [] if given["_graph"] else ["under torch.no_grad()"]
    filled = f", with {', '.join(given['_filled'])} set" if given["_filled"] else ""
    return (
        f"BatchNorm1d({', '.join([*map(str, given['_args']), *named])}){filled}, fed in {'; '.join(shapes)}"
    )


@lru_cache(maxsize=512)
def computed(source: str, written: str) -> Any:
    """Return what torch's own layer gives in a scenario whose inputs are written as text."""
    given = _tensors(literal_eval(written))
    return run_scenario(source, {**given, "BatchNorm1d": torch.nn.BatchNorm1d})


def right(source: str, given: Scene) -> Any:
    """Return the same; what is drawn once is not computed twice."""
    return computed(source, repr(_lists(given)))


def _lists(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return ("tensor", str(value.dtype).removeprefix("torch."), value.tolist())
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list) else value


def _tensors(value: Any) -> Any:
    if isinstance(value, tuple):
        return torch.tensor(value[2], dtype=getattr(torch, value[1]))
    if isinstance(value, dict):
        return {key: _tensors(item) for key, item in value.items()}
    return [_tensors(item) for item in value] if isinstance(value, list) else value


def came(student: Student, given: Scene) -> list[Any]:
    """Return outputs, running values and whether an input changed. Raises Mismatch unless all are tables."""
    student.BatchNorm1d  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO, **given)
    outputs = answer[0] if isinstance(answer, list) and len(answer) == 3 else [answer]
    for got, (_, x) in zip(outputs, given["_steps"], strict=False):
        good = isinstance(got, torch.Tensor) and got.shape == x.shape
        shown = got if isinstance(got, torch.Tensor) or got is None else f"a {kind_of(got)}"
        expected = f"a tensor of shape {tuple(x.shape)}"
        expect(good, call=call_of(given), got=shown, expected=expected, hint=TABLE)
    return answer


def same_outputs(
    student: Student, scenes: list[Scene], hint: str, only: int | None = None, tolerance: float = 1e-4
) -> None:
    """Raise Mismatch unless the outputs are right in all scenes; `only` that of this step, if it is given."""
    answers = [came(student, given)[0] for given in scenes]
    pairs = []
    for given, got in zip(scenes, answers, strict=True):
        want, call = right(SCENARIO, given)[0], f"the outputs of {call_of(given)}"
        if only is not None:
            got, want, call = [got[only]], [want[only]], f"the last output of {call_of(given)}"
        pairs += [(call, one, other) for one, other in zip(got, want, strict=True)]
    for call, got, want in pairs:
        student.expects(call, got, want)
    for call, got, want in pairs:
        expect_close(got, want, call=call, hint=hint, tolerance=tolerance)


def same_running(student: Student, scenes: list[Scene], hint: str) -> None:
    """Raise Mismatch unless both running values are right after each step."""
    answers = [came(student, given)[1] for given in scenes]
    pairs = [
        (f"{name} of {call_of(given)}", got[place], want[place])
        for given, found in zip(scenes, answers, strict=True)
        for got, want in zip(found, right(SCENARIO, given)[1], strict=True)
        for place, name in enumerate(NAMES)
    ]
    for call, got, want in pairs:
        student.expects(call, got, want)
    for call, got, want in pairs:
        expect_close(got, want, call=call, hint=hint)


def drawn_eps(student: Student) -> float:
    """Return an eps so large that its place shows."""
    return drawn_decimal(student, 0.3, 0.9)


def drawn_momentum(student: Student) -> float:
    """Return a momentum far from 0.1, and from one half."""
    return drawn_decimal(student, 0.2, 0.35)
