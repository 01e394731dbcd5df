"""The visible check of freeze_backbone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from checking import Mismatch, all_good, expect, expect_close, expect_equal, expect_raises, first_of
from torch import nn
from tutor import visible

from utils import build_net

Freeze = Callable[..., Any]
FIRST = "freeze the weights and biases of the first n_layers layers, and let all others learn"
NOTHING = (
    "no parameter was frozen: is the attribute requires_grad (exactly), on each parameter and not on the "
    "layer? Does a Sequential count as a layer?"
)
COUNT = "BatchNorm and LayerNorm count as layers too; what lies in a nested Sequential counts one by one"
AGAIN = "set requires_grad of every parameter: False in the first n_layers layers, True in all others"


def example() -> nn.Sequential:
    """Return the net of the worked example: 15 numbers, then 8."""
    net = build_net((4, 3, 2))
    nn.utils.vector_to_parameters(torch.linspace(-0.5, 1.0, 23), net.parameters())
    return net


def mixed() -> nn.Sequential:
    """Return a net with nested layers and norm layers, in train mode."""
    inner = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Sequential(nn.Dropout(0.5), nn.LayerNorm(3)))
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), inner, nn.BatchNorm1d(3), nn.Linear(3, 2))


@visible
def check_freeze_backbone(freeze_backbone: Freeze) -> None:
    """Freeze the worked example and a nested net, again and again, and look at flags, modes and values."""
    freeze = freeze_backbone
    problems: dict[str, Callable[[], None]] = {
        "the worked example": partial(expect_learning, freeze, example(), "net", {1: ["2.weight", "2.bias"]}),
        "0 and all layers": partial(_borders, freeze),
        "nested layers and norm layers": partial(_nested, freeze),
        "a second call": partial(_again, freeze),
        "what comes back": partial(_itself, freeze),
        "a training step": partial(_step, freeze),
        "the modes": partial(_modes, freeze),
        "bad numbers of layers": partial(_bad, freeze),
    }
    first_of(problems)
    all_good("freeze_backbone")


def learning(net: nn.Module) -> list[str]:
    """Return the names of all parameters that learn."""
    return [name for name, parameter in net.named_parameters() if parameter.requires_grad]


def expect_learning(freeze: Freeze, net: nn.Module, words: str, want: dict[int, list[str]]) -> None:
    """Raise Mismatch unless just these parameters learn after each call: {n_layers: names}."""
    for n_layers, names in want.items():
        call = f"what learns after freeze_backbone({words}, {n_layers})"
        try:
            freeze(net, n_layers)
        except ValueError as error:
            hint = "count the layers that have parameters: all of them may be frozen"
            raise Mismatch(call, f"a ValueError: {error}", str(names), hint) from error
        got = learning(net)
        expect(got == names, call=call, got=got, expected=str(names), hint=_what_is_off(net, got, names))


def _what_is_off(net: nn.Module, got: list[str], want: list[str]) -> str:
    """Return a hint by which parameters learn that should not, or do not learn that should."""
    names = [name for name, _ in net.named_parameters()]
    frozen = [name for name in names if name not in got]
    right = [name for name in names if name not in want]
    if not frozen and right:
        return NOTHING
    if not got and want:
        return "everything is frozen: the layers behind the first n_layers learn"
    if frozen and frozen == [name for name in right if "bias" not in name]:
        return "the weights are frozen and the biases learn on: a layer has both"
    if frozen and right and len(frozen) == len(right) and frozen == names[-len(right) :]:
        return "these are the last layers: freeze the first ones"
    if set(frozen) < set(right):
        return "too little is frozen: ReLU, dropout and a Sequential are no layers, what lies in one is"
    if any(isinstance(module, nn.BatchNorm1d) for module in net.modules()):
        return COUNT
    return AGAIN if set(frozen) > set(right) else FIRST


def _borders(freeze: Freeze) -> None:
    names = ["0.weight", "0.bias", "2.weight", "2.bias"]
    expect_learning(freeze, example(), "net", {0: names, 2: []})


def _nested(freeze: Freeze) -> None:
    names = [name for name, _ in mixed().named_parameters()]
    want = {n_layers: names[2 * n_layers :] for n_layers in range(1, 7)}
    for n_layers, rest in want.items():
        expect_learning(freeze, mixed(), "a nested net with norm layers", {n_layers: rest})

    net = nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU(), nn.Linear(3, 2))
    expect_learning(freeze, net, "a net whose first layer has no bias", {1: ["2.weight", "2.bias"]})


def _again(freeze: Freeze) -> None:
    net = build_net((4, 3, 3, 2))
    freeze(net, 2)
    freeze(net, 1)
    got, want = learning(net), ["2.weight", "2.bias", "4.weight", "4.bias"]
    call = "what learns after freeze_backbone(net, 2) and then freeze_backbone(net, 1)"
    expect(got == want, call=call, got=got, expected=str(want), hint=AGAIN)


def _itself(freeze: Freeze) -> None:
    net = example()
    before, tensors = nn.utils.parameters_to_vector(net.parameters()).detach().clone(), [*net.parameters()]
    got = freeze(net, 1)
    call, hint = "freeze_backbone(net, 1)", "end with return model: the very net, not a copy of it"
    shown = got if got is None else "another object" if isinstance(got, nn.Module) else got
    expect(got is net, call=call, got=shown, expected="the net itself", hint=hint)
    hint = "set p.requires_grad of the parameters that are there, and put in no new ones"
    same = all(now is old for now, old in zip(net.parameters(), tensors, strict=True))
    expect(same, call=f"the parameters after {call}", got="new ones", expected="the old ones", hint=hint)
    after = nn.utils.parameters_to_vector(net.parameters()).detach()
    expect_close(after, before, call=f"the values of the net after {call}", hint="change no value")


def _step(freeze: Freeze) -> None:
    net = example()
    freeze(net, 1)
    before = [parameter.detach().clone() for parameter in net.parameters()]
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    out = net(torch.ones(1, 4)) if learning(net) else torch.zeros(1, requires_grad=True)
    call, hint = (
        "a training step after freeze_backbone(net, 1)",
        "set flags, and leave the forward pass alone",
    )
    expect(out.requires_grad, call=call, got="no gradient", expected="a gradient", hint=hint)
    out.sum().backward()
    optimizer.step()
    pairs = zip(net.named_parameters(), before, strict=True)
    moved = [name for (name, now), old in pairs if not torch.equal(now.detach(), old)]
    # The weight of a unit that says 0 does not move; the bias always does.
    expect_equal(
        [name for name in moved if "bias" in name], ["2.bias"], call=f"biases that move in {call}", hint=FIRST
    )


def _modes(freeze: Freeze) -> None:
    net = mixed()
    freeze(net, 2)
    resting = [name for name, module in net.named_modules() if not module.training]
    call = "what is in eval mode after freeze_backbone(net, 2), layer 2 of the net is BatchNorm1d"
    hint = "module.eval() for a frozen BatchNorm1d, and for nothing else"
    expect_equal(resting, ["1"], call=call, hint=hint)
    net = nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)), nn.Linear(2, 2))
    freeze(net, 2)
    resting = [name for name, module in net.named_modules() if not module.training]
    call = "what is in eval mode after freeze_backbone(net, 2), layer 2 is a nested BatchNorm1d"
    expect_equal(resting, ["0.1"], call=call, hint=hint)
    net = mixed().eval()
    freeze(net, 1)
    resting = [name for name, module in net.named_modules() if module.training]
    call, hint = (
        "what is in train mode after freeze_backbone(net, 1), the net is in eval mode",
        ("call no train(): whoever trains the net does that"),
    )
    expect_equal(resting, [], call=call, hint=hint)


def _bad(freeze: Freeze) -> None:
    hint = "count the layers first; n_layers below 0 or above that count: raise ValueError(…), no IndexError"
    for n_layers in (-1, 3):
        call = f"freeze_backbone(net, {n_layers}), the net has 2 layers"
        expect_raises(ValueError, partial(freeze, example(), n_layers), call=call, hint=hint)
