"""The visible check of l2_penalty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from checking import Mismatch, all_good, expect, expect_close, expect_equal, show
from general_hints import gradient_hint
from torch import Tensor, nn, tensor
from tutor import visible

Penalty = Callable[..., Any]
TINY = "Linear(2, 2), ReLU, Linear(2, 1)"
FORMULA = "½ · lam · the sum of all squared weights; skip_bias=False adds the parameters with fewer axes"
BY_AXES = (
    "ask p.ndim: a weight has two axes or more, also a convolution's four; names and layer kinds mislead"
)


def tiny_net(*between: nn.Module, bias: bool = True) -> nn.Sequential:
    """Return the net of the worked example, with more layers between its two linear ones if you like."""
    net = nn.Sequential(nn.Linear(2, 2, bias=bias), *between, nn.ReLU(), nn.Linear(2, 1, bias=bias))
    values = {"weight": ([[1, 2], [3, 4]], [[1, -1]]), "bias": ([5, 5], [2])}
    with torch.no_grad():
        for place, layer in enumerate((net[0], net[-1])):
            for name, parameter in layer.named_parameters():
                parameter.copy_(tensor(values[name][place], dtype=torch.float32))
    return net


@visible
def check_l2_penalty(l2_penalty: Penalty) -> None:
    """Try l2_penalty on the worked example, for its gradient, with other layers, and for what it changes."""
    net = tiny_net()
    cases = [((net, 0.1), {}, 1.6), ((net, 0.1), {"skip_bias": False}, 4.3), ((net, 3.0), {}, 48.0)]
    _expect_numbers(l2_penalty, cases, ["net, 0.1", "net, 0.1, skip_bias=False", "net, 3.0"], FORMULA)
    _gradients(l2_penalty)
    _layers(l2_penalty)
    _frozen_and_shared(l2_penalty)
    _nothing_changes(l2_penalty)
    all_good("l2_penalty")


def _expect_numbers(
    penalty: Penalty, cases: Sequence[tuple[Any, ...]], words: Sequence[str], hint: str
) -> None:
    """Raise Mismatch unless a penalty is one number and right in all cases: (arguments, keywords, number)."""
    calls, answers = [f"l2_penalty({word})" for word in words], []
    for call, (args, keywords, want) in zip(calls, cases, strict=True):
        answer = penalty(*args, **keywords)
        if isinstance(answer, Tensor) and answer.ndim:
            bare = "begin with 0.0 (or torch.tensor(0.0), without an axis) and add up: .sum() leaves no axis"
            raise Mismatch(call, show(answer), f"{want}, in a tensor without axes", bare)
        if not isinstance(answer, (int, float, Tensor)):
            expect_close(answer, want, call=call, hint="add up, so that one number is left: .sum()")
        answers.append(round(float(answer.detach() if isinstance(answer, Tensor) else answer), 4))
    expect_close(answers, [want for *_, want in cases], call=", ".join(calls), hint=hint)


def _connected(penalty: Any, call: str) -> None:
    """Raise Mismatch unless gradients flow through a penalty."""
    problem = gradient_hint(penalty)
    if problem is not None:
        raise Mismatch(call, problem[0], "a tensor through which gradients flow", problem[1], general=True)


def _gradients(l2_penalty: Penalty) -> None:
    """Raise Mismatch unless each weight gets lam times itself, and 0 if lam is 0."""
    for lam in (0.1, 0):
        net = tiny_net()
        call = f"l2_penalty(net, {lam})"
        penalty = l2_penalty(net, lam)
        _connected(penalty, call)
        (penalty + 0.0).backward()
        for name, parameter in net.named_parameters():
            if name.endswith("weight"):
                got = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
                hint = "every layer's weights belong to the sum, as they are: p, not p.data or a copy"
                said = f"the gradient of {call} for {name}"
                expect_close(got, lam * parameter.detach(), call=said, hint=hint)
            else:
                bad = parameter.grad is not None and bool(parameter.grad.any())
                hint = "skip_bias=True leaves the biases out"
                said = f"the gradient of {call} for {name}"
                expect(not bad, call=said, got=parameter.grad, expected="none", hint=hint)


def _layers(l2_penalty: Penalty) -> None:
    """Raise Mismatch unless norm layers, convolutions and nets without biases are counted rightly."""
    normed, conv = tiny_net(nn.BatchNorm1d(2)), nn.Sequential(nn.Conv1d(1, 1, 3), nn.LayerNorm(2))
    nn.utils.vector_to_parameters(torch.arange(1.0, 9.0), conv.parameters())
    cases = [
        ((normed, 0.1), {}, 1.6),
        ((normed, 0.1), {"skip_bias": False}, 4.4),
        ((conv, 0.1), {}, 0.7),
        ((conv, 0.1, False), {}, 10.2),
        ((tiny_net(bias=False), 0.1, False), {}, 1.6),
    ]
    words = [
        "net with BatchNorm1d, 0.1", "the same, 0.1, skip_bias=False", "Conv1d and LayerNorm, 0.1",
        "the same, 0.1, False", "net without biases, 0.1, False",
    ]  # fmt: skip
    _expect_numbers(l2_penalty, cases, words, BY_AXES)


def _frozen_and_shared(l2_penalty: Penalty) -> None:
    """Raise Mismatch unless frozen weights count, and a layer that is used twice counts once."""
    frozen = tiny_net()
    frozen[0].weight.requires_grad_(False)
    layer = nn.Linear(2, 2)
    nn.utils.vector_to_parameters(torch.arange(1.0, 7.0), layer.parameters())
    shared = nn.Sequential(layer, nn.ReLU(), layer)
    tied = nn.Sequential(layer, nn.ReLU(), nn.Linear(2, 2))
    tied[2].weight = layer.weight
    nested = nn.Sequential(nn.Sequential(tiny_net()))
    nets = ((frozen, 1.6), (shared, 1.5), (tied, 1.5), (nested, 1.6))
    cases = [((net, 0.1), {}, want) for net, want in nets]
    words = [
        "net with a frozen layer, 0.1", "Linear(2, 2) twice the same, 0.1",
        "two Linear(2, 2) with one weight, 0.1", "net in a net, 0.1",
    ]  # fmt: skip
    hint = "take all of model.parameters(), which gives each tensor once, frozen or not"
    _expect_numbers(l2_penalty, cases, words, hint)


def _nothing_changes(l2_penalty: Penalty) -> None:
    """Raise Mismatch if the parameters or their gradients are changed."""
    net = tiny_net()
    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter)
    before = nn.utils.parameters_to_vector(net.parameters()).detach().clone()
    l2_penalty(net, 0.1)
    after = nn.utils.parameters_to_vector(net.parameters()).detach()
    hint = "compute new numbers: p ** 2, not p.square_() or p *= …"
    expect_close(after, before, call="the parameters after l2_penalty(net, 0.1)", hint=hint)
    kept = [
        parameter.grad is not None and bool((parameter.grad == 1).all()) for parameter in net.parameters()
    ]
    hint = "neither backward() nor zero_grad() belongs into it: the training loop calls them"
    call = "the .grad of the parameters after l2_penalty(net, 0.1)"
    expect(all(kept), call=call, got="changed", expected="as they were", hint=hint)
    net[0].weight.requires_grad_(False)
    l2_penalty(net, 0.1)
    frozen = [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
    hint = "only read requires_grad, do not set it"
    expect_equal(frozen, ["0.weight"], call="what is frozen after l2_penalty(net, 0.1)", hint=hint)
