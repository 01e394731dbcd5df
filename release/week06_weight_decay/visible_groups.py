"""The visible check of param_groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from checking import all_good, as_array, expect, expect_close, expect_equal, kind_of
from torch import nn
from tutor import visible

Groups = Callable[..., Any]
NORMS = "Linear(4, 3), BatchNorm1d(3), ReLU, Linear(3, 2), LayerNorm(2)"
RULE = "weights (p.ndim of 2 or more) into the first list, all others into the second, frozen ones into none"

ORDER = (
    "the right parameters, in another order: keep that of model.parameters(), which a set or sorting loses"
)


def norm_net() -> nn.Sequential:
    """Return the net of the worked example: the weight of its first layer is frozen."""
    layers = nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2), nn.LayerNorm(2)
    net = nn.Sequential(*layers)
    net[0].weight.requires_grad_(False)
    return net


@visible
def check_param_groups(param_groups: Groups) -> None:
    """Try param_groups on the worked example, with AdamW, on other nets, and for what it changes."""
    net = norm_net()
    _two_dicts(param_groups(net, 0.5), "param_groups(net, 0.5)")
    _model_stays(param_groups)
    others = ["0.bias", "1.weight", "1.bias", "3.bias", "4.weight", "4.bias"]
    _expect_groups(param_groups, net, 0.5, [["3.weight"], others], "net of the example")
    _with_adamw(param_groups)
    conv = nn.Sequential(nn.Conv1d(1, 2, 3), nn.Flatten(), nn.Linear(4, 2, bias=False))
    _expect_groups(param_groups, conv, 0.25, [["0.weight", "2.weight"], ["0.bias"]], "Conv1d, Linear")
    plain = nn.Sequential(nn.Linear(2, 2, bias=False), nn.ReLU(), nn.Linear(2, 1, bias=False))
    _expect_groups(param_groups, plain, 0, [["0.weight", "2.weight"], []], "a net without biases")
    norms = nn.LayerNorm(3)
    _expect_groups(param_groups, norms, 0.1, [[], ["weight", "bias"]], "LayerNorm(3)")
    frozen = nn.Linear(2, 2).requires_grad_(False)
    _expect_groups(param_groups, frozen, 0.1, [[], []], "a frozen net")
    layer = nn.Linear(2, 2)
    shared = nn.Sequential(layer, nn.ReLU(), layer)
    _expect_groups(param_groups, shared, 0.1, [["0.weight"], ["0.bias"]], "one layer twice")
    tied = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))
    tied[2].weight = tied[0].weight
    _expect_groups(param_groups, tied, 0.1, [["0.weight"], ["0.bias", "2.bias"]], "two layers, one weight")
    all_good("param_groups")


def _two_dicts(groups: Any, call: str) -> Sequence[dict[str, Any]]:
    """Return what came back. Raises Mismatch unless it is two dicts with lists of parameters."""
    two = isinstance(groups, list | tuple) and len(groups) == 2 and all(isinstance(g, dict) for g in groups)
    shown = (
        f"{len(groups)} dicts"
        if isinstance(groups, list) and groups and isinstance(groups[0], dict)
        else groups
    )
    hint = 'return [{"params": …, "weight_decay": …}, {"params": …, "weight_decay": 0.0}]'
    expect(two, call=call, got=shown, expected="a list of two dicts", hint=hint)
    for place, group in zip(("first", "second"), groups, strict=True):
        keys = sorted(map(str, group))
        said, hint = f"the keys of the {place} dict of {call}", 'each dict needs "params" and "weight_decay"'
        missing = {"params", "weight_decay"} - set(group)
        default = missing == {"weight_decay"}
        hint = "without its own weight_decay a group gets the optimizer's, in AdamW 0.01" if default else hint
        expect(not missing, call=said, got=keys, expected="params, weight_decay", hint=hint)
        lists = list | tuple | nn.ParameterList
        is_list, said = isinstance(group["params"], lists), f"the params of the {place} dict of {call}"
        used_up = "a generator is empty after one reading: write [… for …] with square brackets, or list(…)"
        lazy = isinstance(group["params"], Iterator)
        hint = used_up if lazy else "a list keeps the order of model.parameters(): [… for …]"
        expect(is_list, call=said, got=group["params"], expected="a list", hint=hint)
    return list(groups)


def _expect_groups(
    param_groups: Groups, net: nn.Module, decay: float, want: Sequence[Sequence[str]], words: str
) -> None:
    """Raise Mismatch unless the parameters with these names lie in the two groups, with their decays."""
    call = f"param_groups({words}, {decay})"
    groups = _two_dicts(param_groups(net, decay), call)
    names = {id(parameter): name for name, parameter in net.named_parameters()}
    got = [[names.get(id(p), _stranger(p)) for p in group["params"]] for group in groups]
    rates = [group["weight_decay"] for group in groups]
    numbers = all(as_array(rate) is not None and as_array(rate).ndim == 0 for rate in rates)
    shown = [[*found, rate] for found, rate in zip(got, rates, strict=True)]
    wanted = [[*found, rate] for found, rate in zip(want, (decay, 0.0), strict=True)]
    right = got == [list(part) for part in want] and numbers and list(map(float, rates)) == [decay, 0.0]
    only_order = [sorted(part) for part in got] == [sorted(part) for part in want]
    hint = ORDER if only_order and got != [list(part) for part in want] else RULE
    expect(right, call=f"names and decays of {call}", got=shown, expected=str(wanted), hint=hint)


def _stranger(item: Any) -> str:
    """Return what lies in a list that is no parameter of the net."""
    if isinstance(item, nn.Parameter):
        return "a new parameter"
    if isinstance(item, torch.Tensor):
        return "a copy" if item.requires_grad else "a tensor that does not learn"
    return f"a {kind_of(item)}"


def _with_adamw(param_groups: Groups) -> None:
    """Raise Mismatch unless AdamW, given the groups, leaves a bias without gradient where it is."""
    net = nn.Linear(1, 1)
    nn.utils.vector_to_parameters(torch.ones(2), net.parameters())
    groups = _two_dicts(param_groups(net, 0.5), "param_groups(Linear(1, 1), 0.5)")
    own = [{key: group[key] for key in ("params", "weight_decay")} for group in groups]
    optimizer = torch.optim.AdamW(own, lr=0.1)
    for parameter in net.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    got = [round(parameter.item(), 4) for parameter in net.parameters()]
    call = "weight and bias, 1 and 1, after a step of AdamW with gradients 0, rate 0.1 and decay 0.5"
    expect_close(got, [0.95, 1.0], call=call, hint="the second dict says weight_decay 0.0 itself")


def _model_stays(param_groups: Groups) -> None:
    """Raise Mismatch if parameters, gradients, what is frozen, or the mode of the net were changed."""
    net = norm_net()
    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter)
    before = nn.utils.parameters_to_vector(net.parameters()).detach().clone()
    param_groups(net, 0.5)
    learning = [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
    hint = "only read requires_grad, do not set it"
    expect_equal(learning, ["0.weight"], call="what is frozen after param_groups(net, 0.5)", hint=hint)
    after = nn.utils.parameters_to_vector(net.parameters()).detach()
    expect_close(after, before, call="the parameters after param_groups(net, 0.5)", hint="only sort them")
    kept = all(parameter.grad is not None and bool(parameter.grad.all()) for parameter in net.parameters())
    call, hint = (
        "the .grad of the parameters after param_groups(net, 0.5)",
        "leave out zero_grad and backward",
    )
    expect(kept, call=call, got="changed", expected="as they were", hint=hint)
    call, hint = "net.training after param_groups(net, 0.5)", "call neither eval() nor train()"
    expect(net.training, call=call, got=net.training, expected="True, as it was", hint=hint)
