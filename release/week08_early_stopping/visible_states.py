"""A small net whose weights tell in which epoch they were set, for the visible checks of kept states."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from checking import kind_of
from torch import nn

COPY = "state_dict() hands out the net's own tensors, which go on changing: copy.deepcopy(…) copies them"
LITTLE = 1 / 4096  # more than half precision can hold beside a whole number
TRAINED_ON = 99  # what the weights are set to after the last epoch


def norm_net() -> nn.Sequential:
    """Return a linear layer and a norm layer: weights, and buffers beside them."""
    return nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)).eval()


def set_weights(net: nn.Module, value: float) -> None:
    """Set all numbers of a net in place, as an optimizer changes weights, and a little above `value`."""
    for tensor in net.state_dict().values():
        tensor.fill_(value + LITTLE if tensor.is_floating_point() else value)


def hint_for_state(kept: str, hint: str) -> str:
    """Return what to try where this is kept; `hint` where it is of another epoch."""
    if "several" in kept:
        return "copy every tensor of state_dict(), weights and buffers (running_mean …) alike: copy.deepcopy"
    if "rounded" in kept:
        return "keep the numbers as they are: no half(), no round"
    if "in place of" in kept or "a state with" in kept:
        return "keep a copy of all of state_dict(): a dict of names and tensors, which load_state_dict takes"
    return COPY if "now" in kept else hint


def what_is_kept(state: Any) -> str:
    """Return in a few words what a kept state holds, if the weights were set to the number of each epoch."""
    if not isinstance(state, Mapping):
        return "no state (None)" if state is None else f"a {kind_of(state)} in place of a state"
    names = list(norm_net().state_dict())
    lacks, more = [n for n in names if n not in state], [n for n in state if n not in names]
    if lacks or more:
        return f"a state without {', '.join(lacks)}" if lacks else f"a state with {', '.join(map(str, more))}"
    if not all(torch.is_tensor(state[name]) for name in names):
        return f"a state of {kind_of(state[names[0]])}s in place of tensors"
    numbers = [float(number) for name in names for number in state[name].flatten().tolist()]
    times = {math.floor(number) if math.isfinite(number) else number for number in numbers}
    if len(times) > 1:
        return "numbers of several epochs in one state"
    (time,) = times
    exact = {number - time for number in numbers} == {0.0, LITTLE}  # the count of batches is a whole number
    told = "the weights that the net has now" if time == TRAINED_ON else f"the weights of epoch {time:g}"
    return told if exact else f"{told}, rounded"
