"""Nets for the scenarios of week 10, built beside a student's code from what a check has drawn."""

from __future__ import annotations

from typing import Any

import torch

from autograder.checks.framework import Student

Layers = list[list[Any]]  # of each layer its class and sizes; "Sequential" holds layers, "flexible" is a net

# Nets cannot cross the border between judge and student.
BUILD = """
import torch
import torch as _t

_passes = []  # of each pass through a net that is learnt from: whether in train mode, and which rows

class _Watch(_t.nn.Dropout):
    # Drops nothing: hands on what comes, and notes when a gradient comes back.
    def forward(self, x):
        training, rows = self.training, x.detach()[:, 0].tolist()
        out = x + _t.zeros(1, requires_grad=True)
        if out.requires_grad:
            out.register_hook(lambda _: _passes.append([training, rows]))
        return out

def _layer(kind, *sizes):
    if kind == "Sequential":
        return _t.nn.Sequential(*(_layer(*inner) for inner in sizes))
    if kind == "flexible":
        from utils import FlexibleClassifier
        return FlexibleClassifier(*sizes)
    return _Watch() if kind == "Watch" else getattr(_t.nn, kind)(*sizes)

def _build(layers, frozen, training):
    # The numbers fill parameters and running values; the parameters at these places are frozen.
    net = _layer(*layers[0]) if layers[0][0] == "flexible" else _layer("Sequential", *layers)
    left = _numbers
    with _t.no_grad():
        for tensor in [*net.parameters(), *(b for b in net.buffers() if b.is_floating_point())]:
            part = left[: tensor.numel()].reshape(tensor.shape)
            tensor.copy_(part)
            left = left[tensor.numel() :]
    for name, buffer in net.named_buffers():
        if name.endswith("running_var"):
            buffer.abs_()
    for place, parameter in enumerate(net.parameters()):
        parameter.requires_grad_(place not in frozen)
    return net.train(training)

def _flat(tensors):
    return _t.cat([_t.zeros(0), *(part.detach().float().flatten() for part in tensors)])

def _values(net):
    return _flat([*net.parameters(), *net.buffers()])

def _flags(net):
    return [p.requires_grad for p in net.parameters()]

def _modes(net):
    return [module.training for module in net.modules()]
"""


def drawn_weights(student: Student, size: int = 200) -> torch.Tensor:
    """Return numbers with two decimals, of both signs and none near 0: 0.2 to 0.9."""
    unit = torch.rand(size, generator=student.rng)
    signs = 2.0 * torch.randint(0, 2, (size,), generator=student.rng) - 1.0
    return ((0.2 + 0.7 * unit) * signs * 100).round() / 100


def words_for(layers: Layers) -> str:
    """Return a net in words: Linear(2, 3), ReLU."""
    names = []
    for kind, *sizes in layers:
        if kind == "Sequential":
            names.append(f"Sequential({words_for(sizes)})")
        elif kind != "Watch":
            inside = ", ".join(map(str, sizes))
            name = "FlexibleClassifier" if kind == "flexible" else kind
            names.append(f"{name}({inside})" if inside else name)
    return ", ".join(names)
