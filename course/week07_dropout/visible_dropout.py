"""The visible check of Dropout. What it says of coins are rounded shares: no draw decides."""

from __future__ import annotations

from typing import Any

import torch
from checking import all_good, expect_close
from torch import Tensor, nn, ones
from tutor import visible
from visible_layers import Layer, answer, coins, connected, made, not_ready_made, told

SHARE = "p is the share that becomes 0: zero where torch.rand_like(x) < p"
SCALE = "the survivors are multiplied by 1/(1 − p), in train mode alone"
COIN = "toss a coin for each number: torch.rand_like(x) is as large as x"
MIXED = torch.tensor([[1.5, -2.0, 0.0, 4.0], [-0.25, 3.0, -1.0, 0.5]])


@visible
def check_dropout(Dropout: Layer) -> None:
    """Try Dropout in both modes: values and shares, its coins, seeds, gradients, and what it refuses."""
    with coins(7):
        layer = made(Dropout, "Dropout(0.25)", 0.25)
        _train_mode(layer)
        _eval_mode(Dropout)
        _modes_switch(Dropout)
        _other_p(Dropout)
        layer.train()
        _new_coins(layer)
        _own_coins(layer)
        _seeds(Dropout)
        _gradients(layer)
        _shapes_and_kinds(layer)
    _refused(Dropout)
    hint = "torch's own dropout costs half of the marks here: torch.rand_like and a comparison are enough"
    not_ready_made(made(Dropout, "Dropout(0.5)", 0.5), ones(4, 4), ("dropout",), "Dropout(0.5)", hint)
    all_good("dropout")


def described(got: Tensor, x: Tensor) -> str:
    """Return how many numbers became 0, to the next 5 %, and what the others were multiplied by."""
    zeros, kept = (got == 0).double().mean(), (got / x)[got != 0].double()
    share = f"{round(float(zeros) * 20) * 5} % zeros"
    if not len(kept):
        return share
    low, high = float(kept.min()), float(kept.max())
    if not high - low < 1e-3 * abs(high):
        return f"{share}, the others multiplied by different numbers"
    return f"{share}, the others multiplied by {high:.4f}"


def _train_mode(layer: nn.Module) -> None:
    """Raise Mismatch unless a quarter of many ones is 0 and all others are 4/3."""
    x, call = ones(100, 200), "Dropout(0.25) of 20 000 ones, in train mode"
    layer.train()
    got = answer(layer, x, call)
    _same_words(described(got, x), "25 % zeros, the others multiplied by 1.3333", call)
    x = 0.5 + torch.arange(20_000.0).reshape(100, 200) / 10_000 * torch.tensor([1.0, -1.0]).repeat(100)
    call = "Dropout(0.25) of other numbers, in train mode"
    got = answer(layer, x, call)
    _same_words(described(got, x), "25 % zeros, the others multiplied by 1.3333", call)
    before, call = MIXED.clone(), "x after Dropout(0.25)(x)"
    layer(before)
    hint = "make a new tensor: x = x * mask, not x *= mask, x.mul_(…) or x[…] = 0"
    expect_close(before, MIXED, call=call, hint=hint)


def _same_words(got: str, expected: str, call: str) -> None:
    """Raise Mismatch unless share and factor are right; the hint is for the one that is not."""
    hint = SCALE if got.partition(",")[0] == expected.partition(",")[0] else SHARE
    told(got == expected, call=call, got=got, expected=expected, hint=hint)


def _eval_mode(Dropout: Layer) -> None:
    """Raise Mismatch unless the input comes back in eval mode, whatever p is."""
    hint = "in eval mode nothing is tossed and nothing scaled: if not self.training: return x"
    for p in (0.25, 0.9):
        call = f"Dropout({p}) in eval mode"
        layer = made(Dropout, f"Dropout({p})", p)
        layer.eval()
        _eval_words(layer, call, hint)
        expect_close(answer(layer, MIXED, call), MIXED, call=f"{call}, of {MIXED.tolist()}", hint=hint)
        x = MIXED.double().requires_grad_()
        connected(answer(layer, x, f"{call}, of float64"), f"{call}, of a tensor that needs a gradient")


def _eval_words(layer: nn.Module, call: str, hint: str) -> None:
    x = ones(100, 200)
    got, expected = described(answer(layer, x, call), x), "0 % zeros, the others multiplied by 1.0000"
    told(got == expected, call=f"{call}, of 20 000 ones", got=got, expected=expected, hint=hint)


def _modes_switch(Dropout: Layer) -> None:
    """Raise Mismatch unless a net around the layer switches it, and a new layer is in train mode."""
    x, said = ones(40, 50), []
    net = nn.Sequential(nn.Sequential(made(Dropout, "Dropout(0.75)", 0.75)))
    for switch in (net.requires_grad_, net.eval, net.train, net.eval):
        switch()
        with torch.no_grad():  # which is not eval mode
            said.append("zeros" if bool((net(x) == 0).any()) else "no zeros")
    expected = ["zeros", "no zeros", "zeros", "no zeros"]
    call = "nn.Sequential with Dropout(0.75) in it: new, after .eval(), after .train(), after .eval()"
    hint = "ask self.training in forward, each time anew: .train() and .eval() of any net around it set it"
    told(said == expected, call=call, got=", ".join(said), expected=", ".join(expected), hint=hint)


def _other_p(Dropout: Layer) -> None:
    """Raise Mismatch unless p = 0, a large p and the default are right, too."""
    x = ones(100, 200)
    asked = (((0,), "0", "1.0000"), ((0.8,), "80", "5.0000"), ((), "50", "2.0000"))
    for args, share, factor in asked:
        call = f"Dropout({', '.join(map(str, args))})"
        layer = made(Dropout, call, *args)
        expected = f"{share} % zeros, the others multiplied by {factor}"
        got = described(answer(layer, x, call), x)
        hint = "0.5 is p's default" if not args else f"with p = {args[0]} as with 0.25: {SCALE}"
        call = f"{call} of 20 000 ones, in train mode"
        told(got == expected, call=call, got=got, expected=expected, hint=hint)
    layer = made(Dropout, "Dropout(p=0.5)", p=0.5)
    answer(layer, MIXED, "Dropout(p=0.5)(x)")


def _own_coins(layer: nn.Module) -> None:
    """Raise Mismatch unless each number has a coin of its own, which knows nothing of the others."""
    for shape in ((60, 40), (20, 30, 40), (8, 8, 9, 10)):
        zeros, call = layer(ones(shape)) == 0, f"Dropout(0.25) of ones of shape {shape}, in train mode"
        for axis in range(len(shape)):
            alike = bool((zeros == zeros.narrow(axis, 0, 1)).all()) or _together(zeros, axis)
            got = f"the same zeros, all or often, along axis {axis}"
            hint = f"{COIN}: one for every unit of every row"
            told(not alike, call=call, got=got, expected="other zeros at every place", hint=hint)
    counts = {int((layer(ones(20, 20)) == 0).sum()) for _ in range(30)}
    call, got = "zeros of Dropout(0.25) among 400 ones, in 30 calls", f"always {min(counts)}"
    hint = "independent coins do not come out even: toss for each number, do not pick a fixed number of them"
    told(len(counts) > 1, call=call, got=got, expected="100, give or take nine", hint=hint)


def _together(zeros: Tensor, axis: int) -> bool:
    """Return whether neighbours along an axis fall alike more or less often than independent coins do."""
    one, other = zeros.narrow(axis, 0, zeros.shape[axis] - 1), zeros.narrow(axis, 1, zeros.shape[axis] - 1)
    return abs(float((one == other).double().mean()) - (0.25**2 + 0.75**2)) > 0.08


def _new_coins(layer: nn.Module) -> None:
    """Raise Mismatch if a second call gets the mask of the first, or cannot be of another shape."""
    x, hint = ones(20, 30), "toss in forward: a mask that is kept prunes the net, for good"
    first, second, third = (layer(x) for _ in range(3))
    fresh = not (torch.equal(first, second) or torch.equal(second, third))
    call, expected = "Dropout(0.25) of the same x, three times, in train mode", "other zeros in each call"
    other, got = type(layer)(0.25).train(), "the same zeros in two calls"
    if torch.equal(other(x), first):
        got = f"{got}, and in another layer"
        hint = "set no seed in forward, put no random state back: the seed belongs to whoever trains"
    told(fresh, call=call, got=got, expected=expected, hint=hint)
    answer(layer, ones(7), "Dropout(0.25) of 7 ones, after a call with a table")


def _seeds(Dropout: Layer) -> None:
    """Raise Mismatch unless torch.manual_seed repeats the coins, and another seed tosses others."""
    drawn = []
    for seed in (1, 1, 2):
        torch.default_generator.manual_seed(seed)
        drawn.append(made(Dropout, "Dropout(0.25)", 0.25)(ones(20, 30)))
    call = "Dropout(0.25) of 600 ones, after torch.manual_seed(1) twice"
    hint = "toss with torch (torch.rand_like, torch.bernoulli): NumPy and random do not hear its seed"
    got, expected = "other zeros each time", "the same zeros both times"
    told(torch.equal(drawn[0], drawn[1]), call=call, got=got, expected=expected, hint=hint)
    call = "Dropout(0.25) of 600 ones, after torch.manual_seed(1) and (2)"
    got, expected = "the same zeros both times", "other zeros each time"
    hint = "set no seed and make no generator of your own: the seed belongs to whoever trains"
    told(not torch.equal(drawn[0], drawn[2]), call=call, got=got, expected=expected, hint=hint)


def _gradients(layer: nn.Module) -> None:
    """Raise Mismatch unless the gradient of the sum is the mask: 0 for what was dropped, 4/3 elsewhere."""
    x = (MIXED + 5).repeat(50, 50).requires_grad_()
    call = "Dropout(0.25)(x), in train mode"
    got = answer(layer, x, call)
    connected(got, call)
    got.sum().backward()
    hint = "multiply x itself with the mask, inside the graph: no .detach(), .data, no_grad() or second mask"
    told(x.grad is not None, call=f"the gradient of {call}", got="none", expected="the mask", hint=hint)
    same = torch.allclose(x.grad, (got / x).detach(), atol=1e-4)  # type: ignore[arg-type]
    said = described(x.grad, torch.ones_like(x))  # type: ignore[arg-type]
    expected = "0 where x was dropped, 1.3333 elsewhere"
    told(same, call=f"the gradient of the sum of {call}", got=said, expected=expected, hint=hint)


def _shapes_and_kinds(layer: nn.Module) -> None:
    """Raise Mismatch unless any shape and kind of floats goes in, and comes out; also on another device."""
    for shape in ((9,), (2, 3, 4), (2, 2, 3, 3)):
        answer(layer, ones(shape), f"Dropout(0.25) of ones of shape {shape}")
    for kind in (torch.float64, torch.float16):
        words = str(kind).removeprefix("torch.")
        answer(layer, ones(40, 5, dtype=kind), f"Dropout(0.25) of ones of {words}")
    try:
        layer(ones(3, 4, device="meta"))
    except (RuntimeError, NotImplementedError) as error:
        here = "device" not in str(error) or "cpu" not in str(error)
        call, got = "Dropout(0.25) of a tensor on another device", f"RuntimeError: {error}"
        hint = "make the mask where x is: torch.rand_like(x), or torch.rand(x.shape, device=x.device)"
        told(here, call=call, got=got, expected="a tensor on that device", hint=hint)


def _refused(Dropout: Layer) -> None:
    """Raise Mismatch unless a p that is no probability below 1 is refused when the layer is made."""
    bad: tuple[Any, ...] = (-0.1, 1, 1.5, float("nan"), "half", "0.3")
    said = [_error_for(Dropout, p) for p in bad]
    call, hint = "Dropout(p) for p = -0.1, 1, 1.5, nan", "if not 0 <= p < 1: raise ValueError(…), in __init__"
    fine = said[:4] == ["ValueError"] * 4
    expected = "a ValueError for each, when it is made"
    told(fine, call=call, got=", ".join(said[:4]), expected=expected, hint=hint)
    hint = "compare p itself with 0 and 1, without float(p): with a text that is a TypeError"
    for p, found in zip(bad[4:], said[4:], strict=True):
        fine, expected = found in ("ValueError", "TypeError"), "a TypeError or a ValueError"
        told(fine, call=f"Dropout({p!r})", got=found, expected=expected, hint=hint)


def _error_for(Dropout: Layer, p: Any) -> str:
    """Return the kind of error that a p gets, and when."""
    try:
        layer = Dropout(p)
    except (ValueError, TypeError) as error:
        return "ValueError" if isinstance(error, ValueError) else "TypeError"
    except Exception as error:
        return type(error).__name__
    try:
        layer.train()
        layer(ones(3))
    except Exception as error:
        return f"none (a {type(error).__name__} in forward)"
    return "none"
