"""The visible check of BatchNorm1d."""

from __future__ import annotations

from typing import Any

import torch
from checking import Mismatch, all_good, expect_close, expect_raises, kind_of, show
from torch import Tensor, nn, tensor
from tutor import visible
from visible_layers import Layer, answer, coins, connected, made, not_ready_made, told

ROWS = tensor([[1.0], [2.0], [3.0], [6.0]])
TABLE = tensor([[1.0, 40.0], [2.0, 10.0], [3.0, 20.0], [6.0, 30.0]])
NORMED = [[-1.069, 1.3416], [-0.5345, -1.3416], [0.0, -0.4472], [1.6036, 0.4472]]
RUNNING = "new = (1 − momentum) · old + momentum · batch value, with the variance that divides by n − 1"
TRAIN = "(x − mean) / sqrt(var + eps), mean and var over dim 0; this var divides by n"
BUFFER = "register_buffer(name, tensor) makes one: running_mean begins with zeros, running_var with ones"
PARAMETER = "nn.Parameter(tensor) makes one: weight begins with ones, bias with zeros, one for each feature"
NORMS = ("batch_norm", "layer_norm", "instance_norm", "group_norm")


@visible
def check_batch_norm(BatchNorm1d: Layer) -> None:
    """Try BatchNorm1d on the worked example, its parts, gradients, borders, and for what it changes."""
    with coins(7):
        _worked_example(BatchNorm1d)
        _parts(BatchNorm1d)
        _running(BatchNorm1d)
        _eval_mode(BatchNorm1d)
        _eps(BatchNorm1d)
        _scale_and_shift(BatchNorm1d)
        _gradients(BatchNorm1d)
        _stored(BatchNorm1d)
        _one_row(BatchNorm1d)
        _float64(BatchNorm1d)
        hint = "torch's own norm costs half of the marks here: x.mean(dim=0) and x.var(dim=0) are enough"
        not_ready_made(made(BatchNorm1d, "BatchNorm1d(2)", 2), TABLE, NORMS, "BatchNorm1d(2)", hint)
    all_good("batch_norm")


def _worked_example(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless the outputs of the worked example are right, and those of two features."""
    layer = made(BatchNorm1d, "BatchNorm1d(1)", 1)
    call = "BatchNorm1d(1) of [[1], [2], [3], [6]], in train mode"
    got, x = _ran(layer, ROWS.clone(), call), ROWS.clone()
    want = [-1.0690, -0.5345, 0.0, 1.6036]
    expect_close(got.flatten(), want, call=call, hint=TRAIN, tolerance=2e-3)
    layer(x)
    hint = "do not change x in place: x = x - mean, not x -= mean"
    expect_close(x, ROWS, call=f"x after {call}", hint=hint)
    call = "BatchNorm1d(2) of [[1, 40], [2, 10], [3, 20], [6, 30]], in train mode"
    got = _ran(made(BatchNorm1d, "BatchNorm1d(2)", 2), TABLE, call)
    expect_close(got, NORMED, call=call, hint=TRAIN, tolerance=2e-3)


def _ran(layer: nn.Module, x: Tensor, call: str) -> Tensor:
    """Return the answer to x. Raises Mismatch if a good batch is refused, or the answer is no table."""
    try:
        return answer(layer, x, call)
    except ValueError as error:
        hint = "only a batch of one row is refused, and only in train mode"
        raise Mismatch(call, f"ValueError: {error}", "a tensor", hint) from error


def _parts(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless weight and bias are parameters, running_mean and running_var buffers."""
    call = "BatchNorm1d(3)"
    layer = made(BatchNorm1d, call, 3)
    for kind, named, hint in (
        ("parameters", dict(layer.named_parameters()), PARAMETER),
        ("buffers", dict(layer.named_buffers()), BUFFER),
    ):
        names = ("weight", "bias") if kind == "parameters" else ("running_mean", "running_var")
        for name, start in zip(names, ((1.0, 0.0) if kind == "parameters" else (0.0, 1.0)), strict=True):
            got = f"{', '.join(named) or 'none'} (.{name} is {_what(layer, name)})"
            there, expected = name in named, f"{names[0]} and {names[1]}"
            told(there, call=f"the {kind} of {call}", got=got, expected=expected, hint=hint)
            expect_close(named[name], [start] * 3, call=f"{name} of a new {call}", hint=hint)
        more = sorted(set(named) - {*names, "num_batches_tracked"})
        hint = "what is learned is weight and bias; numbers that are not learned need no nn.Parameter"
        expected = f"{names[0]} and {names[1]} alone"
        told(not more, call=f"the {kind} of {call}", got=", ".join(named), expected=expected, hint=hint)


def _what(layer: nn.Module, name: str) -> str:
    value = getattr(layer, name, None)
    return "missing" if value is None else f"a plain {kind_of(value)}, which state_dict() does not hold"


def _running(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless the running values move as they should: in one batch, and in three."""
    layer = made(BatchNorm1d, "BatchNorm1d(1)", 1)
    layer(ROWS)
    call = "running_mean and running_var of BatchNorm1d(1) after 1, 2, 3, 6"
    _compare_running(layer, [[0.3], [1.366667]], call)
    layer = made(BatchNorm1d, "BatchNorm1d(2)", 2)
    with torch.no_grad():  # which is not eval mode
        layer(TABLE)
    call = "running_mean and running_var of BatchNorm1d(2) after [[1, 40], …], in train mode with no_grad()"
    _compare_running(layer, [[0.3, 2.5], [1.366667, 17.566667]], call)
    call = "BatchNorm1d(1, 0.5, 0.25)"
    layer = made(BatchNorm1d, call, 1, 0.5, 0.25)
    for rows in (ROWS, 2 * ROWS, -ROWS):
        layer(rows.clone().requires_grad_())
    call = f"running_mean and running_var of {call} after three batches"
    _compare_running(layer, [[0.796875], [5.744792]], call)
    free = not (layer.running_mean.requires_grad or layer.running_var.requires_grad)
    hint = "move the running values in a block with torch.no_grad(), or with mean.detach()"
    call, got = "the running values after three batches", "tensors that drag the graph of all batches along"
    told(free, call=call, got=got, expected="tensors without a gradient", hint=hint)


def _compare_running(layer: nn.Module, want: list[list[float]], call: str) -> None:
    got, shape = [], (len(want[0]),)
    for name in ("running_mean", "running_var"):
        value: Any = getattr(layer, name)
        fits, expected = isinstance(value, Tensor) and value.shape == shape, f"a tensor of shape {shape}"
        told(fits, call=name, got=show(value), expected=expected, hint="one value per feature")
        got.append([round(number, 6) for number in value.detach().tolist()])
    expect_close(got, want, call=call, hint=RUNNING)


def _eval_mode(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless eval mode uses the running values, and leaves them alone."""
    layer = made(BatchNorm1d, "BatchNorm1d(1)", 1)
    layer(ROWS)
    layer.eval()
    call = "BatchNorm1d(1) of 1, 2, 3, 6 in eval mode, after the same rows in train mode"
    hint = "in eval mode running_mean and running_var take the places of the batch's mean and variance"
    got = answer(layer, ROWS, call).flatten()
    expect_close(got, [0.5988, 1.4542, 2.3095, 4.8757], call=call, hint=hint, tolerance=1e-3)
    x = ROWS.clone().requires_grad_()
    layer(x).sum().backward()
    hint = "gradients flow in eval mode, too: no .detach() and no no_grad()"
    told(x.grad is not None, call=f"the gradient of {call}", got="none", expected="a gradient", hint=hint)
    hint = "move the running values in train mode alone: a prediction changes nothing"
    call = "running_mean and running_var after predictions in eval mode"
    got = [float(layer.running_mean), float(layer.running_var)]
    expect_close(got, [0.3, 1.366667], call=call, hint=hint)
    layer.train()
    layer(ROWS)
    call = "running_mean and running_var after .eval(), .train() and the same rows once more"
    _compare_running(layer, [[0.57], [1.696667]], call)


def _eps(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless eps stands under the root, and a constant column gives the bias."""
    layer = made(BatchNorm1d, "BatchNorm1d(1)", 1)
    call = "BatchNorm1d(1) of [[5], [5], [5]], in train mode"
    hint = "add eps to the variance, under the root: 0 / 0 is nan"
    got = _ran(layer, torch.full((3, 1), 5.0), call)
    expect_close(got, torch.zeros(3, 1), call=call, hint=hint, tolerance=2e-3)
    layer = made(BatchNorm1d, "BatchNorm1d(1, eps=0.5)", 1, eps=0.5)
    call, want = "BatchNorm1d(1, eps=0.5) of [[1], [2], [3], [6]], in train mode", [-1.0, -0.5, 0.0, 1.5]
    hint = "eps stands under the root: sqrt(var + eps)"
    expect_close(_ran(layer, ROWS, call).flatten(), want, call=call, hint=hint)


def _scale_and_shift(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless weight and bias are applied, in both modes."""
    layer = made(BatchNorm1d, "BatchNorm1d(1, eps=0.5)", 1, eps=0.5)
    with torch.no_grad():
        layer.weight.fill_(2.0)
        layer.bias.fill_(10.0)
    hint = "at the end, in both modes: normalized · weight + bias"
    call = "BatchNorm1d(1, eps=0.5) of 1, 2, 3, 6 with weight 2 and bias 10, in train mode"
    expect_close(_ran(layer, ROWS, call).flatten(), [8.0, 9.0, 10.0, 13.0], call=call, hint=hint)
    layer.running_mean.fill_(1.0)
    layer.running_var.fill_(3.5)
    call = "the same in eval mode, with running_mean 1 and running_var 3.5"
    layer.eval()
    expect_close(_ran(layer, ROWS, call).flatten(), [10.0, 11.0, 12.0, 15.0], call=call, hint=hint)


def _gradients(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless gradients flow through mean and variance, and to weight and bias."""
    layer = made(BatchNorm1d, "BatchNorm1d(2)", 2)
    x, weights = TABLE.clone().requires_grad_(), tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    call = "BatchNorm1d(2)(x)"
    got = answer(layer, x, call)
    connected(got, call)
    (got * weights).sum().backward()
    hint = "mean and var depend on x: compute them without no_grad(), .detach(), .data or .item()"
    want = _right_gradient(weights)
    call = f"the gradient of the outputs [0, 0] + [1, 1] of {call}"
    told(x.grad is not None, call=call, got="none", expected="a table", hint=hint)
    expect_close(x.grad, want, call=call, hint=hint)
    for name, right in (("weight", [-1.069, -1.3416]), ("bias", [1.0, 1.0])):
        grad = layer.get_parameter(name).grad
        call = f"the gradient of {name} for the outputs [0, 0] + [1, 1]"
        told(grad is not None, call=call, got="none", expected=show(right), hint=PARAMETER)
        expect_close(grad, right, call=call, hint="multiply with weight itself and add bias itself")


def _right_gradient(weights: Tensor) -> Tensor:
    """Return the gradient that torch's own layer hands back for TABLE."""
    x = TABLE.clone().requires_grad_()
    (nn.BatchNorm1d(2)(x) * weights).sum().backward()
    return torch.zeros_like(x) if x.grad is None else x.grad


def _stored(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless what state_dict() holds restores a layer."""
    trained, fresh = (made(BatchNorm1d, "BatchNorm1d(2)", 2) for _ in range(2))
    trained(TABLE)
    fresh.load_state_dict(trained.state_dict())
    call = "a new layer in eval mode, with the state_dict() of a trained one"
    hint = "keep all four in parameters and buffers, under their names"
    fresh.eval()
    trained.eval()
    expect_close(fresh(TABLE), trained(TABLE), call=call, hint=hint)


def _float64(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless float64 goes in and comes out, with all its digits."""
    layer = made(BatchNorm1d, "BatchNorm1d(2)", 2).double()
    call = "BatchNorm1d(2).double()(x) with x of float64"
    answer(layer, TABLE.double(), call)
    call = "BatchNorm1d(2).double()(x) with x = [[1, 40], [2, 10], [3, 20], [6, 30]] / 100 + 9000, of float64"
    layer = made(BatchNorm1d, "BatchNorm1d(2, eps=1e-12)", 2, eps=1e-12).double()
    got = answer(layer, TABLE.double() / 100 + 9000, call)  # float32 rounds to thousandths there
    hint = "float32 loses digits on the way: leave out .float()"
    expect_close(got, NORMED, call=call, hint=hint, tolerance=2e-3)


def _one_row(BatchNorm1d: Layer) -> None:
    """Raise Mismatch unless a batch of one row is refused in train mode, and taken in eval mode."""
    layer = made(BatchNorm1d, "BatchNorm1d(2)", 2)
    hint = "if self.training and len(x) < 2: raise ValueError(…)"
    call = "BatchNorm1d(2) of one row, in train mode"
    expect_raises(ValueError, lambda: layer(TABLE[:1]), call=call, hint=hint)
    two = made(BatchNorm1d, "BatchNorm1d(2)", 2)
    _ran(two, TABLE[:2], "BatchNorm1d(2) of two rows, in train mode")
    call = "BatchNorm1d(2) of one row, in eval mode"
    layer.eval()
    expect_close(_ran(layer, TABLE[:1], call), TABLE[:1], call=call, hint=hint, tolerance=1e-3)
