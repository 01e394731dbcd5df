"""Nets for the scenarios of week 6, built beside a student's code from what a check has drawn."""

from __future__ import annotations

from typing import Any

import torch

from autograder.checks.framework import Student

Layers = list[list[Any]]  # of each layer its class and sizes, or "again" or "tied" and an earlier one's place

# Models cannot cross the border between judge and student.
BUILD = """
import torch as _t

def _layer(kind, *sizes):
    bare = kind.endswith("NoBias")
    make = getattr(_t.nn, kind.removesuffix("NoBias"))
    return make(*sizes, bias=False) if bare else make(*sizes)

def _build():
    layers = []
    for kind, *sizes in _layers:
        if kind == "tied":  # a layer of its own, with the other's weight: its bias is its own
            other = layers[sizes[0]]
            layers.append(_layer("Linear", other.in_features, other.out_features))
            layers[-1].weight = other.weight
        else:
            layers.append(layers[sizes[0]] if kind == "again" else _layer(kind, *sizes))
    if _nested:
        layers[2:] = [_t.nn.Sequential(*layers[2:])]
    net = _t.nn.Sequential(*layers)
    if _double:
        net = net.double()
    with _t.no_grad():
        left = _numbers
        for place, parameter in enumerate(net.parameters()):
            parameter.copy_(left[: parameter.numel()].reshape(parameter.shape))
            left = left[parameter.numel() :]
            parameter.requires_grad_(place not in _frozen)
            parameter.grad = _t.full_like(parameter, _leftover) if _leftover else None
    return net
"""


def drawn_weights(student: Student, size: int = 80) -> torch.Tensor:
    """Return numbers with two decimals, of both signs and none near 0 or 1: 0.3 to 0.8 and 1.3 to 2.8."""
    unit = torch.rand(size, generator=student.rng)
    far = torch.arange(size) % 2 == 0
    numbers = torch.where(far, 1.3 + 1.5 * unit, 0.3 + 0.5 * unit)
    signs = 1.0 - 2.0 * (torch.arange(size) % 3 == 0)
    return (numbers * signs * 100).round() / 100


def net_inputs(student: Student, layers: Layers, **changes: Any) -> dict[str, Any]:
    """Return what BUILD needs for a net of these layers: flat, in float32, learning, if nothing is said."""
    given = {"_layers": layers, "_numbers": drawn_weights(student), "_frozen": [], "_leftover": 0.0}
    return given | {"_nested": False, "_double": False} | changes


def words_for(given: dict[str, Any]) -> str:
    """Return a net in words: Linear(2, 3), ReLU."""
    names = []
    for kind, *sizes in given["_layers"]:
        inside = ", ".join(map(str, sizes))
        bare = kind.endswith("NoBias")
        name = kind.removesuffix("NoBias")
        again = f"layer {sizes[0]} once more" if kind == "again" else ""
        again = f"a layer with the weight of layer {sizes[0]}" if kind == "tied" else again
        names.append(again or (f"{name}({inside}{', bias=False' * bare})" if inside else name))
    frozen = f", parameters {given['_frozen']} frozen" if given["_frozen"] else ""
    return f"net {', '.join(names)}{frozen}"
