"""The scenario for build_net_with_dropout: nets with weights that a judge has chosen, and their outputs."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import torch
from checking import expect
from torch import Tensor

from autograder.checks.framework import Student

NAME = "build_net_with_dropout"
ROWS, SIGNAL = 400, 3.0
Dims = tuple[int, ...]
Weights = list[Tensor]  # of each linear layer its weight, (outputs, inputs), and its bias

# Nets cannot cross the border. The student's own class Dropout, if there is one, is judged elsewhere.
SCENARIO = """
import torch as _t

def _set(net, wanted):
    left = list(net.parameters())
    for tensor in wanted:
        places = [i for i, p in enumerate(left) if p.shape == tensor.shape]
        if not places:
            return False
        with _t.no_grad():
            left.pop(places[0]).copy_(tensor)
    return not left

def _ask():
    made = build_net_with_dropout(_p) if _dims is None else build_net_with_dropout(_p, _dims)
    if not isinstance(made, _t.nn.Module):
        return [type(made).__name__, [], []]
    made.eval()
    try:
        with _t.no_grad():
            first = made(_t.zeros(2, _inputs))
        shape = list(first.shape) if _t.is_tensor(first) else type(first).__name__
    except RuntimeError as error:
        return ["a net", f"RuntimeError: {error}", [list(p.shape) for p in made.parameters()]]
    shapes = [list(p.shape) for p in made.parameters()]
    outputs = [] if _probes else [all(p.requires_grad for p in made.parameters())]
    for mode, wanted, x in _probes:
        if not _set(made, wanted):
            return ["a net", shape, shapes]
        made.train(mode == "train")
        with _t.no_grad():
            out = made(x)
        outputs.append(out if _t.is_tensor(out) else type(out).__name__)
    return ["a net", shape, shapes, outputs]

_t.default_generator.manual_seed(_seed)
_scope = getattr(build_net_with_dropout, "__globals__", {})
_own = _scope.get("Dropout")
try:
    if isinstance(_own, type):
        _scope["Dropout"] = _t.nn.Dropout
    _answer = _ask()
finally:
    if isinstance(_own, type):
        _scope["Dropout"] = _own
_answer
"""
Probe = tuple[str, Weights, Tensor]
NET = "return one net, such as nn.Sequential(*layers)"
WIDTHS = "one nn.Linear, with its bias, for each pair of neighbours in dims: zip(dims, dims[1:])"


DEFAULT = [[128, 784], [128], [64, 128], [64], [10, 64], [10]]


def plain(weights: Weights, x: Tensor, least: float = 0.0) -> Tensor:
    """Return what linear layers with a ReLU between each two make of x; least = -inf: without ReLU."""
    for place in range(0, len(weights) - 2, 2):
        x = (x @ weights[place].T + weights[place + 1]).clamp(min=least)
    return x @ weights[-2].T + weights[-1]


def drawn_probe(student: Student, dims: Dims, mode: str, rows: int = 4) -> Probe:
    """Return weights and rows of both signs, for a net in this mode."""
    generator = student.rng
    sizes = [size for a, b in pairwise(dims) for size in ((b, a), (b,))]
    weights = [torch.randn(*size, generator=generator) for size in sizes]
    return mode, weights, torch.randn(rows, dims[0], generator=generator)


def signal_probe(dims: Dims, start: int) -> Probe:
    """Return weights by which linear layer `start` makes threes that later ones hand on (0: the inputs)."""
    weights: Weights = []
    for number, (inputs, outputs) in enumerate(pairwise(dims), start=1):
        weights.append(torch.eye(outputs, inputs) if number > start else torch.zeros(outputs, inputs))
        weights.append(torch.full((outputs,), SIGNAL if number == start else 0.0))
    return "train", weights, torch.full((ROWS, dims[0]), SIGNAL if start == 0 else 0.0)


def call_of(p: float, dims: Dims | None) -> str:
    """Return the call in words."""
    return f"{NAME}({p:g}{'' if dims is None else f', {dims}'})"


def came(student: Student, p: float, dims: Dims | None, probes: list[Probe]) -> list[Any]:
    """Return what kind of thing came back, the shapes of output and parameters, and the probes' outputs."""
    getattr(student, NAME)  # a name that is missing is told as such
    given = {
        "_p": p,
        "_dims": dims,
        "_inputs": (dims or (784,))[0],
        "_probes": [list(probe) for probe in probes],
    }
    seed = int(torch.randint(1, 99_999, (), generator=student.rng))
    answer = student.run(SCENARIO, **given, _seed=seed)
    good = isinstance(answer, list) and len(answer) in (3, 4)
    student.note(symptoms(answer, p, probes) if good else "no answer")
    expect(good, call=call_of(p, dims), got=answer, expected="a net", hint=NET)
    return list(answer)


def outputs_of(student: Student, p: float, dims: Dims | None, probes: list[Probe]) -> list[Tensor]:
    """Return the probes' outputs. Raises Mismatch if what came back is no net of these widths."""
    answer = came(student, p, dims, probes)
    expect_widths(answer, p, dims)
    outputs: list[Any] = answer[3]
    for (_, weights, x), out in zip(probes, outputs, strict=True):
        right = isinstance(out, Tensor) and out.shape == (len(x), len(weights[-1]))
        expected = f"logits, ({len(x)}, {len(weights[-1])})"
        expect(right, call=call_of(p, dims), got=out, expected=expected, hint="one logit for each class")
    return outputs


def expect_widths(answer: list[Any], p: float, dims: Dims | None) -> None:
    """Raise Mismatch unless a net came back whose parameters are those of linear layers of these widths."""
    kind, shape, shapes, *outputs = answer
    call, widths = call_of(p, dims), tuple(dims or (784, 128, 64, 10))
    expect(kind == "a net", call=call, got=f"a {kind}", expected="a net, an nn.Module", hint=NET)
    want = [list(size) for a, b in pairwise(widths) for size in ((b, a), (b,))]
    if isinstance(shape, str) and shape.startswith("RuntimeError"):
        expect(False, call=f"two rows through {call}", got=f"{shape}, with parameters {shapes}",
               expected=f"(2, {widths[-1]}), with parameters {want}", hint=WIDTHS)  # fmt: skip
    same = isinstance(shapes, list) and sorted(map(str, shapes)) == sorted(map(str, want)) and bool(outputs)
    call = f"the shapes of the parameters of {call}"
    expect(same, call=call, got=shapes, expected=str(want), hint=WIDTHS)
    call = f"two rows through {call_of(p, dims)}"
    hint = "one logit for each class"
    expect(
        shape == [2, widths[-1]], call=call, got=f"shape {shape}", expected=f"(2, {widths[-1]})", hint=hint
    )


def symptoms(answer: list[Any], p: float, probes: list[Probe]) -> list[Any]:
    """Return what is to be seen of a net whatever the draw: by this known mistakes are told apart."""
    kind, shape, shapes, *rest = answer
    flat = isinstance(shapes, list) and all(isinstance(size, list) for size in shapes)
    found = [
        kind,
        len(shape) if isinstance(shape, list) else shape.partition(":")[0],
        len(shapes) if flat else "odd",
        _whose(shapes, probes) if flat else "odd",
        bool(rest),
        rest if not probes else [],
    ]
    for (mode, weights, x), out in zip(probes, rest[0] if rest else [], strict=False):
        want = plain(weights, x)
        if not isinstance(out, Tensor) or out.shape != want.shape or not out.is_floating_point():
            found.append("odd")
        elif mode == "train" and len(x) == ROWS:
            found.append(signal_seen(out, p))
        else:
            found.append(closeness(out, want, plain(weights, x, -math.inf)))
    return found


def _whose(shapes: list[list[int]], probes: list[Probe]) -> str:
    """Return of which net these shapes are: the one of the probes, the default one, or another."""
    asked = [list(tensor.shape) for _, weights, _ in probes[:1] for tensor in weights]
    for name, want in (("asked for", asked), ("default", DEFAULT)):
        if sorted(shapes) == sorted(want):
            return name
    return "another"


def closeness(out: Tensor, want: Tensor, linear: Tensor) -> str:
    """Return how a random probe's output is related to that of the plain net."""
    if torch.allclose(out, want, atol=1e-4, rtol=1e-4):
        return "plain"
    if torch.allclose(out, linear, atol=1e-4, rtol=1e-4):
        return "linear"
    if torch.allclose(out, want.clamp(min=0), atol=1e-4):
        return "clamped"
    sums = out.sum(dim=1)
    if torch.allclose(sums, torch.ones_like(sums), atol=1e-4):
        return "softmax"
    return "log softmax" if torch.allclose(out, want.log_softmax(dim=1), atol=1e-3) else "other"


def signal_seen(out: Tensor, p: float) -> list[Any]:
    """Return which values occur, in powers of 1/(1 − p), and about which share of them is 0, in tenths."""
    values = {round(value, 3) for value in out.flatten().tolist()}
    powers = {round(SIGNAL / (1 - p) ** k, 3): k for k in range(6)} if p else {SIGNAL: 0}
    named = sorted(str(powers.get(value, "other")) for value in values - {0.0})
    return [named if len(named) < 4 else "many", share_of_masks(float((out == 0).float().mean()), p)]


def share_of_masks(zeros: float, p: float) -> int | str:
    """Return how many masks of rate p would make this share of zeros."""
    near = [k for k in range(5) if abs(1 - (1 - p) ** k - zeros) < 0.04]
    return near[0] if near else "another"
