"""The engine runs on devices without double precision, whose tensors do not mix with the processor's."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
import torch
from sweeps import OPTIMIZERS
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

import utils
from utils import FlexibleClassifier, detect_device, fit, sweep, train_model

aten = torch.ops.aten
FUSED = {aten._fused_adam_, aten._fused_adamw_, aten._fused_sgd_}
X, Y = utils.two_moons(40)
DATA = (X[:25], Y[:25]), (X[25:], Y[25:])
SETTINGS = [{"optimizer": name} for name in OPTIMIZERS] + [{"dropout": 0.0}, {"weight_decay": 0.1}]


class StrangeDevice(TorchDispatchMode):
    """Let "meta", whose tensors have no data, stand for a device without double precision.

    What is read from it is zero. Operations that mix its tensors with the processor's are refused by torch
    itself, apart from the steps of fused optimizers, which are refused here.
    """

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        tensors = [leaf for leaf in tree_leaves((args, kwargs or {})) if isinstance(leaf, Tensor)]
        if any(tensor.is_meta for tensor in tensors):
            if func.overloadpacket in FUSED:
                assert all(tensor.is_meta for tensor in tensors)
                return None
            if func is aten._local_scalar_dense.default:  # item()
                return 0.0
            if func is aten.equal.default:
                return True
            if func is aten._to_copy.default and torch.device(kwargs.get("device") or "meta").type == "cpu":
                return torch.zeros(tensors[0].shape, dtype=kwargs.get("dtype") or tensors[0].dtype)
        result = func(*args, **(kwargs or {}))
        if any(
            leaf.is_meta and leaf.dtype == torch.float64
            for leaf in tree_leaves(result)
            if isinstance(leaf, Tensor)
        ):
            raise TypeError(f"{func}: this device has no double precision")
        return result


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the name of a strange device. Its optimizers can be fused, as on devices of NVIDIA and Apple."""
    optimizers = importlib.import_module("torch.optim.optimizer")  # torch.optim hides it
    monkeypatch.setattr(optimizers, "_get_fused_kernels_supported_devices", lambda: ["cpu", "meta"])
    with StrangeDevice():
        yield "meta"


def build() -> nn.Module:
    return FlexibleClassifier(2, (8, 6), 2, dropout_rate=0.2)


def test_nets_of_all_settings_are_trained_on_a_strange_device(device: str) -> None:
    histories = sweep(build, DATA, SETTINGS, 2, [1, 2], weights=True, patience=1, device=device)
    names = ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "train_mean_abs_weight"]
    assert [list(history) for runs in histories for history in runs] == [names] * 2 * len(SETTINGS)
    assert {len(history["val_loss"]) for runs in histories for history in runs} == {2}


@pytest.mark.parametrize("criterion", [nn.MSELoss(), nn.BCEWithLogitsLoss()])
def test_other_criteria_are_swept_on_a_strange_device(device: str, criterion: nn.Module) -> None:
    data = [(x, torch.stack([y, 1 - y], dim=1).float()) for x, y in DATA]
    ((history,),) = sweep(build, data, [{}], 1, [1], criterion=criterion, device=device)
    assert ("val_accuracy" in history) is isinstance(criterion, nn.BCEWithLogitsLoss)


@pytest.mark.parametrize("make", [Adam, AdamW, SGD])
def test_one_net_is_trained_on_a_strange_device(device: str, make: Callable[..., Any]) -> None:
    net = build().to(device)
    optimizer, criterion = make(net.parameters(), lr=0.1), nn.CrossEntropyLoss()
    history = train_model(net, [DATA[0]], [DATA[1]], criterion, optimizer, num_epochs=2, verbose=False)
    assert history["val_accuracy"] == [0, 0]
    history = fit(net, *DATA, optimizer, epochs=2, device=device)
    assert history["val_outputs"][0].device.type == "cpu"


def test_an_optimizer_that_was_used_before_goes_on_as_it_was(device: str) -> None:
    net = build().to(device)
    optimizer = Adam(net.parameters())
    net(DATA[0][0].to(device)).sum().backward()
    optimizer.step()  # not fused: this makes its step counters, on the processor
    train_model(net, [DATA[0]], [DATA[1]], nn.CrossEntropyLoss(), optimizer, num_epochs=1, verbose=False)
    assert {state["step"].item() for state in optimizer.state.values()} == {2}


def test_the_strange_device_is_as_strict_as_an_apple_chip(device: str) -> None:
    with pytest.raises(RuntimeError, match="device"):
        torch.ones(3) + torch.ones(3, device=device)
    with pytest.raises(TypeError, match="no double precision"):
        torch.ones(3, device=device).double()
    weight = nn.Parameter(torch.ones(3, device=device))
    optimizer = Adam([weight], fused=True)
    weight.grad = torch.ones(3, device=device)
    optimizer.step()
    optimizer.state[weight]["step"] = torch.tensor(1.0)
    with pytest.raises(AssertionError):
        optimizer.step()


@pytest.mark.skipif(detect_device().type == "cpu", reason="needs a device besides the processor")
def test_the_fastest_device_gives_the_curves_of_the_processor() -> None:
    places = ("cpu", detect_device())
    here, there = (sweep(build, DATA, SETTINGS, 5, [1], weights=True, device=place) for place in places)
    for (expected,), (history,) in zip(here, there, strict=True):
        for name, values in history.items():
            assert values == pytest.approx(expected[name], abs=0.05)  # a sample may change sides
