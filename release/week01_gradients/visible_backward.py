"""What the visible check of mlp_backward asks, net by net."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from checking import Mismatch, expect, expect_close
from torch.overrides import TorchFunctionMode

Function = Callable[..., Any]
AUTOGRAD = ("backward", "grad", "_make_dual")  # what every way to PyTorch's derivatives passes through
NAMES = ("x", "y", "W1", "b1", "W2", "b2")
SMALL = [[1, 0.5], [-1, 0.25]]


class Watch(TorchFunctionMode):
    """Note in a `with` block which functions of PyTorch are called."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call the function, and note its name."""
        self.seen.add(getattr(function, "__name__", ""))
        return function(*args, **(kwargs or {}))


class Net:
    """Hold what goes into mlp_backward: rows, labels, weights, and biases, which are 0 unless given."""

    def __init__(
        self, x: Any, y: Any, first: Any, second: Any, b1: Any = None, b2: Any = None, labels: type = np.int64
    ) -> None:
        b1, b2 = b1 or [0] * len(first), b2 or [0] * len(second)
        kinds = (float, labels, float, float, float, float)
        values = zip((x, y, first, b1, second, b2), kinds, strict=True)
        self.arguments = [np.array(value, dtype=kind) for value, kind in values]

    def call(self) -> str:
        """Return the call as one would type it, but for `np.array(…)` around each list."""
        return f"mlp_backward({', '.join(_typed(value.tolist()) for value in self.arguments)})"

    def gradients(self, mlp_backward: Function) -> Any:
        """Return what the student's function says."""
        return mlp_backward(*(value.copy() for value in self.arguments))


def _typed(value: Any) -> str:
    return f"[{', '.join(map(_typed, value))}]" if isinstance(value, list) else f"{value:g}"


def expect_gradients(mlp_backward: Function, net: Net, hint: str, **want: Any) -> None:
    """Raise Mismatch unless the gradients are right, in this order. Others are not looked at."""
    call, got = net.call(), net.gradients(mlp_backward)
    named = isinstance(got, dict) and sorted(map(str, got)) == ["W1", "W2", "b1", "b2"]
    expected = 'a dict with the keys "W1", "b1", "W2", "b2", and no others'
    shown = f"a dict with the keys {', '.join(map(str, got))}" if isinstance(got, dict) else got
    expect(
        named, call=call, got=shown, expected=expected, hint="each gradient stands under its parameter's name"
    )
    for key, value in want.items():
        shape, wanted = np.shape(net.arguments[NAMES.index(key)]), f'{call}["{key}"]'
        came = tuple(getattr(got[key], "shape", np.shape(got[key])))
        if got[key] is not None and came != shape:
            advice = "a gradient has one number for each number of its parameter"
            raise Mismatch(wanted, f"shape {came}", f"shape {shape}, that of {key}", advice)
        expect_close(got[key], value, call=wanted, hint=hint)


def written_out(mlp_backward: Function) -> None:
    """See that autograd is not used."""
    net = Net([[1, 2]], [0], SMALL, [[1, 0], [0, 1]])
    with Watch() as watch:
        net.gradients(mlp_backward)
    expect(
        not watch.seen & set(AUTOGRAD),
        call=net.call(),
        got="gradients from PyTorch's autograd",
        expected="gradients by the chain rule, in NumPy",
        hint="autograd earns half of the marks: backpropagation is the exercise",
    )


def worked_cases(mlp_backward: Function) -> None:
    """Try one row, two rows, and a net whose sizes all differ, from the last parameters to the first."""
    expect_gradients(
        mlp_backward,
        Net([[1, 2]], [0], SMALL, [[1, 0], [0, 1]]),
        "go back step by step: softmax − one-hot, then through W2, then through the relu",
        b2=[-0.1192, 0.1192],
        W2=[[-0.2384, 0], [0.2384, 0]],
        b1=[-0.1192, 0],
        W1=[[-0.1192, -0.2384], [0, 0]],
    )
    expect_gradients(
        mlp_backward,
        Net([[1, 2], [0, -1]], [0, 1], SMALL, [[1, -1], [0.5, 2]]),
        "with two rows the loss is a mean: each row counts half, once",
        b2=[0.1155, -0.1155],
        W2=[[-0.2689, 0], [0.2689, 0]],
        b1=[-0.0672, 0],
        W1=[[-0.0672, -0.1345], [0, 0]],
    )
    expect_gradients(
        mlp_backward,
        Net(
            [[1], [-2], [0.5], [3]],
            [1, 0, 1, 1],
            [[1], [-0.5], [2]],
            [[0.5, -1, 0.25], [1, 2, -0.5]],
            [0.5, 0.25, -2],
            [0.1, -0.2],
        ),
        "4 rows, 1 input, 3 hidden units, 2 classes: write the shape behind each array",
        b2=[0.1738, -0.1738],
        W2=[[0.9804, -0.3029, 0.8249], [-0.9804, 0.3029, -0.8249]],
        b1=[-0.2081, 0.7269, 0.1547],
        W1=[[-0.3861], [-1.4538], [0.464]],
    )


def borders(mlp_backward: Function) -> None:
    """Try a hidden unit at exactly 0, logits of a thousand, and labels of kind int32 without all classes."""
    expect_gradients(
        mlp_backward,
        Net([[1, 1]], [0], [[1, -1], [1, 0.5]], [[1, -1], [0.5, 2]]),
        "the first hidden unit stands at exactly 0, where relu has the slope 0: use (a > 0), not z / a",
        b1=[0, 2.967],
        W1=[[0, 0], [2.967, 2.967]],
    )
    large = Net([[1, 2], [-1, -2]], [0, 0], [[400, 300], [-400, -300]], [[1, -1], [1.0005, -1.0005]])
    hint = "exp(1000) is inf: subtract from the logits of each row the largest of that row"
    halves = [[-311.2297, -188.7703], [311.2297, 188.7703]]
    expect_gradients(mlp_backward, large, hint, b2=[-0.5, 0.5], W2=halves)
    parts = ([[1, 2], [2, 1], [-1, 1]], [0, 1, 1], SMALL, [[1, -1], [0.5, 2], [-0.5, 0.5]], [0, 0.25])
    expect_gradients(
        mlp_backward,
        Net(*parts, labels=np.int32),
        "labels may be int32, and W2, not y, says how many classes there are",
        b2=[0.1596, -0.2087, 0.0492],
        W2=[[0.4397, 0.005], [-0.4781, -0.0522], [0.0384, 0.0472]],
    )


def kept(mlp_backward: Function) -> None:
    """See that nothing that goes in is changed."""
    net = Net([[1, 2], [0, -1]], [0, 1], SMALL, [[1, -1], [0.5, 2]])
    given = [value.copy() for value in net.arguments]
    mlp_backward(*given)
    for name, before, after in zip(NAMES, net.arguments, given, strict=True):
        hint = "compute new arrays: -=, *= and W1[…] = … change what came in"
        expect_close(after, before, call=f"{name} after {net.call()}", hint=hint, tolerance=0.0)
