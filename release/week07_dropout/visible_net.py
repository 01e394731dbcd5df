"""The visible check of build_net_with_dropout: weights set by hand, so that every zero tells its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import torch
from checking import Mismatch, all_good, expect, expect_close, kind_of
from course_data import seeded
from torch import Tensor, nn
from tutor import visible

Build = Callable[..., Any]
Weights = list[tuple[Tensor, Tensor]]  # of each linear layer its weight, (outputs, inputs), and its bias

ROWS = 800
SIGNAL = 3.0
BLOCK = "each block is linear layer, dropout, ReLU; only the last linear layer stands alone"
NO_MODE = (
    "in eval mode nothing may be dropped: nn.Dropout(p) asks for the mode, F.dropout only if it is told, "
    "training=self.training"
)


@visible
def check_build_net_with_dropout(build_net_with_dropout: Build) -> None:
    """Look at the parts of some nets, then at eval mode, then at which numbers are dropped in training."""
    build = build_net_with_dropout
    _made(build, 0.5, (64, 128, 64, 10))
    dims = (6, 8, 7, 5)
    _looks_plain(build, 0.5, dims, "eval")
    for p in (0.25, 0.5):
        _drops(build, p, dims)
        _drops(build, p, (4, 5, 3))
    _looks_plain(build, 0, dims, "train")
    _looks_plain(build, 0.5, (64, 10), "train")
    call = "build_net_with_dropout(0.5) for two images"
    out = _through(_made(build, 0.5, None), torch.zeros(2, 784), call)
    shape = tuple(out.shape) if isinstance(out, Tensor) else kind_of(out)
    expect(
        shape == (2, 10), call=call, got=shape, expected="(2, 10)", hint="(784, 128, 64, 10) is the default"
    )
    all_good("build_net_with_dropout")


def _call(p: float, dims: Sequence[int] | None) -> str:
    return f"build_net_with_dropout({p}{'' if dims is None else f', {tuple(dims)}'})"


def _made(build: Build, p: float, dims: Sequence[int] | None) -> nn.Module:
    """Return a net. Raises Mismatch unless it is one with the right parameters."""
    with _torchs_dropout(build):
        net, call = (build(p) if dims is None else build(p, dims)), _call(p, dims)
    hint = "return the net itself, such as nn.Sequential(*layers)"
    hint = "a list of layers is no net yet: return nn.Sequential(*layers)" if isinstance(net, list) else hint
    expect(isinstance(net, nn.Module), call=call, got=kind_of(net), expected="a net, an nn.Module", hint=hint)
    _through(net.eval(), torch.zeros(2, (dims or (784,))[0]), call)  # lazy layers get their weights by it
    widths = tuple(dims or (784, 128, 64, 10))
    got = [tuple(parameter.shape) for parameter in net.parameters()]
    want = [shape for a, b in pairwise(widths) for shape in ((b, a), (b,))]
    hint = "one nn.Linear, with its bias, for each pair of neighbours in dims, and nothing else that learns"
    hint = hint if got else "in a plain list torch does not find the layers: nn.Sequential or nn.ModuleList"
    call = f"the shapes of the parameters of {call}"
    expect(sorted(got) == sorted(want), call=call, got=got, expected=str(want), hint=hint)
    frozen = not all(parameter.requires_grad for parameter in net.parameters())
    hint = "leave requires_grad alone: a net is there to be trained"
    expect(not frozen, call=_call(p, dims), got="frozen parameters", expected="ones that learn", hint=hint)
    return net


@contextmanager
def _torchs_dropout(build: Build) -> Iterator[None]:
    """Let a class Dropout of the student's be torch's in a `with` block: its faults cost marks elsewhere."""
    names = getattr(build, "__globals__", {})
    own = names.get("Dropout")
    try:
        if isinstance(own, type):
            names["Dropout"] = nn.Dropout
        yield
    finally:
        if isinstance(own, type):
            names["Dropout"] = own


def _through(net: nn.Module, x: Tensor, call: str) -> Any:
    """Return what a net makes of rows. Raises Mismatch if their width, or their float32, does not fit."""
    try:
        with torch.no_grad():
            return net(x)
    except RuntimeError as error:
        width, said = x.shape[1], str(error).splitlines()[0]
        hint = f"rows of {width} numbers do not fit: is every width from dims, return after the loop?"
        if "dtype" in said:
            hint = "the rows are float32, and so is a new nn.Linear: leave out .double() and .half()"
        got, expected = f"RuntimeError: {said}", "logits"
        raise Mismatch(f"rows of {width} numbers through {call}", got, expected, hint) from error


def _set(net: nn.Module, weights: Weights) -> None:
    """Put these numbers into the linear layers of a net, which are told by their shapes."""
    left = list(net.parameters())
    for wanted in (tensor for pair in weights for tensor in pair):
        place = next(i for i, parameter in enumerate(left) if parameter.shape == wanted.shape)
        with torch.no_grad():
            left.pop(place).copy_(wanted)


def _plain(weights: Weights, x: Tensor) -> Tensor:
    """Return what linear layers with a ReLU between each two make of x."""
    for weight, bias in weights[:-1]:
        x = (x @ weight.T + bias).clamp(min=0)
    return x @ weights[-1][0].T + weights[-1][1]


def _looks_plain(build: Build, p: float, dims: Sequence[int], mode: str) -> None:
    """Raise Mismatch unless the net drops nothing in this mode, and computes what it should."""
    net, call = _made(build, p, dims), _call(p, dims)
    generator = torch.Generator().manual_seed(7)
    drawn = [torch.randn(*size, generator=generator) for a, b in pairwise(dims) for size in ((b, a), (b,))]
    weights = list(zip(drawn[::2], drawn[1::2], strict=True))
    x = torch.randn(3, dims[0], generator=generator)
    _set(net, weights)
    net.train(mode == "train")
    with torch.no_grad():
        got, again, want = net(x), net(x), _plain(weights, x)
    words = f"three rows through {call} in {mode} mode"
    same = isinstance(got, Tensor) and got.shape == want.shape and torch.equal(got, again)
    wrong_mode = isinstance(got, Tensor) and not same
    hint = NO_MODE if mode == "eval" else "without a hidden layer, or with p = 0, nothing is dropped"
    expect(
        not wrong_mode, call=f"{words}, twice", got="two different answers", expected="the same", hint=hint
    )
    hint = "a ReLU after each hidden layer, and nothing after the last: no softmax, no ReLU"
    expect_close(got, want, call=words, hint=hint)


def _drops(build: Build, p: float, dims: Sequence[int]) -> None:
    """Raise Mismatch unless units of every hidden layer are dropped in training, and nothing else."""
    hidden = len(dims) - 2
    for start in range(hidden + 1, -1, -1):
        net = _made(build, p, dims).train()
        _set(net, _signal(dims, start))
        x = torch.full((ROWS, dims[0]), SIGNAL if start == 0 else 0.0)
        with torch.no_grad(), seeded(11):
            out = net(x)
        masks = min(hidden, hidden + 1 - start)  # that lie on the way from the start to the logits
        _compare(out, p, masks, _words(p, dims, start), _hint(start, hidden))


def _signal(dims: Sequence[int], start: int) -> Weights:
    """Return weights by which layer `start` (0: the inputs) makes threes that all later ones hand on."""
    weights: Weights = []
    for number, (inputs, outputs) in enumerate(pairwise(dims), start=1):
        weight = torch.eye(outputs, inputs) if number > start else torch.zeros(outputs, inputs)
        weights.append((weight, torch.full((outputs,), SIGNAL if number == start else 0.0)))
    return weights


def _compare(out: Tensor, p: float, masks: int, call: str, hint: str) -> None:
    """Raise Mismatch unless the values and the share of zeros are those of so many masks."""
    values = sorted({round(value, 3) for value in out.flatten().tolist()})
    kept = round(SIGNAL / (1 - p) ** masks, 3)
    want = [0.0, kept] if masks and p else [kept]
    shown = values if len(values) < 6 else f"{len(values)} values, such as {values[:4]}"
    got, expected = f"the values {shown}", f"the values {want}"
    expect(values == want, call=call, got=got, expected=expected, hint=hint)
    share, zeros = 1 - (1 - p) ** masks, float((out == 0).float().mean())
    slack = 5 * (share * (1 - share) / out.numel()) ** 0.5
    right = abs(zeros - share) <= slack
    got, expected = f"{zeros:.3f} of them are 0", f"about {share:.3f}"
    expect(right, call=call, got=got, expected=expected, hint="p is the share that is dropped: nn.Dropout(p)")
    zero = out == 0
    together = bool(masks and p) and bool((zero == zero[:, :1]).all() or (zero == zero[:1]).all())
    got, hint = "whole rows or whole columns at once", "every number has a coin of its own: nn.Dropout(p)"
    expect(not together, call=f"what is dropped in {call}", got=got, expected="single numbers", hint=hint)


def _words(p: float, dims: Sequence[int], start: int) -> str:
    where = "the inputs are" if start == 0 else f"all outputs of linear layer {start} are"
    return f"{_call(p, dims)} in training, where {where} {SIGNAL:g} and later layers hand them on"


def _hint(start: int, hidden: int) -> str:
    if start == hidden + 1:
        return "these are the logits, and logits are never dropped: no dropout after the last linear layer"
    if start == 0:
        return "the inputs are not dropped: no dropout before the first linear layer"
    return f"dropout p once after each of the {hidden} hidden linear layers. {BLOCK}"
