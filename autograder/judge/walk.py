"""Find the objects among a call's arguments that the called code may change.

Judge and child walk the same arguments in the same order, so an object is known by its place in the walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

MUTABLE = (torch.nn.Module, torch.optim.Optimizer, torch.Tensor, np.ndarray, list, dict)
Skip = Callable[[Any], bool]


def mutables(value: Any, skip: Skip) -> list[Any]:
    """Return every module, optimizer, tensor, array, list and dict inside `value`, each once, in order.

    Parameters and buffers of a module in the list are left out. `skip(obj)` says what not to look into.
    """
    found = _found(value, skip)
    modules = [obj for obj in found.values() if isinstance(obj, torch.nn.Module)]
    owned = {id(tensor) for module in modules for tensor in (*module.parameters(), *module.buffers())}
    return [obj for key, obj in found.items() if key not in owned]


def tensors(value: Any, skip: Skip) -> list[torch.Tensor]:
    """Return every tensor inside `value`, parameters of modules and optimizers included, each once."""
    unique: dict[int, torch.Tensor] = {}
    for obj in _found(value, skip).values():
        for tensor in _own_tensors(obj):
            unique.setdefault(id(tensor), tensor)
    return list(unique.values())


def _own_tensors(obj: Any) -> Iterable[torch.Tensor]:
    if isinstance(obj, torch.nn.Module):
        return obj.parameters()
    return [obj] if isinstance(obj, torch.Tensor) else []


def _found(value: Any, skip: Skip) -> dict[int, Any]:
    found: dict[int, Any] = {}
    pending = [value]
    while pending:
        obj = pending.pop()
        if id(obj) in found or skip(obj):
            continue
        if isinstance(obj, MUTABLE):
            found[id(obj)] = obj
        pending.extend(reversed(_inside(obj)))
    return found


def _inside(obj: Any) -> list[Any]:
    if type(obj) in (list, tuple):
        return list(obj)
    if type(obj) is dict:
        return list(obj.values())
    if isinstance(obj, torch.optim.Optimizer):
        return [parameter for group in obj.param_groups for parameter in group["params"]]
    return []
