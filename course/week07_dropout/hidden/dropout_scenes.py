"""Scenes of Dropout: scenarios that run beside a student's code, and words for the coins that were tossed."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from checking import as_array, expect, kind_of

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn_decimal, drawn_seed, random_tenths

SCENARIO = """
import torch as _t
_t.default_generator.manual_seed(_seed)
_layer = Dropout(*_args, **_named)
_layer.train() if _training else _layer.eval()
_out = [_layer(_x) for _x in _xs]
[_out, _xs]
"""
GRADIENT = """
import torch as _t
_t.default_generator.manual_seed(_seed)
_layer = Dropout(*_args)
_layer.train()
_x.requires_grad_(True)
_out = _layer(_x * 1.0)
_kind = "connected" if _t.is_tensor(_out) and _out.requires_grad else "cut off"
if _kind == "connected":
    _out.sum().backward()
_later = Dropout(*_args).eval()(_x * 1.0)
_seen = "connected" if _t.is_tensor(_later) and _later.requires_grad else "cut off"
[_out, _kind, _x.grad, _seen]
"""
SEEDS = """
import torch as _t

def _fresh(seed):
    _t.default_generator.manual_seed(seed)
    layer = Dropout(*_args)
    layer.train()
    return layer(_x.clone())

def _again(layer, seed):
    _t.default_generator.manual_seed(seed)
    return layer(_x.clone())

_layer = Dropout(*_args)
_layer.train()
_later = []
for _seed in _seeds:  # the next number of everybody's, after a call
    _again(_layer, _seed)
    _later.append(_t.rand(()).item())
[[_fresh(_seed) for _seed in _seeds], [_again(_layer, _seed) for _seed in _seeds], _later]
"""
MODES = """
import torch as _t
_t.default_generator.manual_seed(_seed)
_inner = Dropout(*_args)
_net = _t.nn.Sequential(_t.nn.Sequential(_inner))

def _some():
    with _t.no_grad():
        return bool((_net(_x.clone()) == 0).any())

_seen = [_some()]
for _mode in (False, True, False):
    _net.train(_mode)
    _seen.append(_some())
_inner.train()
_seen.append(_some())
try:
    _inner.forward(_x.clone())
    _seen.append(True)
except NotImplementedError:
    _seen.append(False)
_seen
"""
REFUSED = """
import torch as _t

def _told(p):
    try:
        layer = Dropout(p)
    except Exception as error:
        kinds = [kind.__name__ for kind in (ValueError, TypeError) if isinstance(error, kind)]
        return (kinds or [type(error).__name__])[0]
    try:
        layer.train()
        layer(_t.ones(3))
    except Exception as error:
        return f"none when it is made; later a {type(error).__name__}"
    return "no error"

[_told(_p) for _p in _bad]
"""
ELSEWHERE = """
import torch as _t
_layer = Dropout(*_args)
_layer.train()
_said = "fine"
try:
    _layer(_t.ones(*_shape, device="meta"))
except (RuntimeError, NotImplementedError) as _error:
    if "device" in str(_error) and "cpu" in str(_error):
        _said = "the mask lies on the cpu"
_said
"""
SHAPED = "return one tensor, of the shape that came in, in both modes"


def low(student: Student) -> float:
    """Return a p far below one half."""
    return drawn_decimal(student, 0.2, 0.3)


def high(student: Student) -> float:
    """Return a p far above one half."""
    return drawn_decimal(student, 0.7, 0.8)


def numbers(student: Student, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Return numbers of both signs, none of them near 0."""
    signs = 1 - 2 * torch.randint(0, 2, shape, generator=student.rng)
    return (random_tenths(student, *shape, low=0.5, high=3.0) * signs).to(dtype)


def tossed(
    student: Student, args: list[Any], xs: list[torch.Tensor], training: bool = True, **named: Any
) -> tuple[list[torch.Tensor], list[Any]]:
    """Return the outputs for all inputs, one after the other, and the inputs afterwards.

    Raises Mismatch unless each output is a tensor of its input's shape.
    """
    student.Dropout  # noqa: B018 - a name that is missing is told as such
    given = {"_seed": drawn_seed(student), "_args": args, "_named": named, "_training": training}
    came = student.run(SCENARIO, _xs=xs, **given)
    outputs, after = came if isinstance(came, list) and len(came) == 2 else ([came], xs)
    for got, x in zip(outputs, xs, strict=False):
        good = isinstance(got, torch.Tensor) and as_array(got) is not None and got.shape == x.shape
        if not good:
            student.note([kind_of(got), list(got.shape) if isinstance(got, torch.Tensor) else []])
        call, expected = words(args, x, training, **named), f"a tensor of shape {tuple(x.shape)}"
        shown = got if isinstance(got, torch.Tensor) or got is None else f"a {kind_of(got)}"
        expect(good, call=call, got=shown, expected=expected, hint=SHAPED)
    return [got.detach() for got in outputs], after


def words(args: list[Any], x: torch.Tensor, training: bool = True, **named: Any) -> str:
    """Return a call in words."""
    inside = ", ".join([*map(str, args), *(f"{key}={value}" for key, value in named.items())])
    return f"Dropout({inside})(x) in {'train' if training else 'eval'} mode, x of shape {tuple(x.shape)}"


def factor_words(got: torch.Tensor, x: torch.Tensor, p: float) -> str:
    """Return in words what the numbers that are not 0 were multiplied by."""
    factors = (got.double() / x.double())[got != 0].numpy()
    if not factors.size or np.isnan(factors).any():
        return "nan" if factors.size else "nothing is left"
    known = {
        "1/(1 - p)": 1 / (1 - p), "1": 1.0, "1 - p": 1 - p, "1/p": 1 / p if p else np.inf, "p": p,
        "1/(1 - p) twice": 1 / (1 - p) ** 2,
    }  # fmt: skip
    for name, want in known.items():
        if np.allclose(factors, want, rtol=2e-3):
            return name
    return "another factor" if np.ptp(factors) < 2e-3 * abs(factors[0]) else "several factors"


def zeros_of(got: torch.Tensor) -> np.ndarray:
    """Return where zeros are, as booleans."""
    return (got == 0).numpy()
