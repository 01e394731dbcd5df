"""`fit` records what its text promises, and leaves no hook behind."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD, Adam
from torch.utils.data import TensorDataset

import utils
from utils import FlexibleClassifier, Stop, build_net, fit


def moons(n: int) -> tuple[TensorDataset, TensorDataset]:
    """Return training and validation sets of two classes, the latter of 30 rows."""
    return utils.split_data(*utils.two_moons(n), (n - 30, 30))


def dropout_net() -> nn.Module:
    """Return a net with dropout and always the same initial weights."""
    with utils.seeded(0):
        return FlexibleClassifier(2, (16, 8), 2, dropout_rate=0.5)


def fit_moons(epochs: int = 3, **options) -> tuple[nn.Module, dict[str, list]]:
    """Return a net and the history of fitting it to two moons, with a last batch that is smaller."""
    net = dropout_net()
    torch.manual_seed(3)
    return net, fit(net, *moons(75), Adam(net.parameters(), 0.01), epochs, batch_size=10, **options)


def test_fit_records_what_its_text_promises() -> None:
    net, history = fit_moons()
    (x, y), names = moons(75)[1].tensors, [f"layers.{i}" for i in range(7)]
    assert {len(values) for values in history.values()} == {3}
    assert history["epochs"] == [0, 1, 2]
    assert history["train_steps"] == history["val_steps"] == [5, 10, 15]
    assert history["train_outputs"][0].shape == (45, 2)
    assert torch.allclose(history["val_outputs"][-1], net(x))
    assert history["val_loss"][-1] == pytest.approx(F.cross_entropy(net(x), y).item())
    assert history["val_accuracy"][-1] == pytest.approx((net(x).argmax(1) == y).double().mean().item())
    assert history["train_mean_abs_weight"][-1] == pytest.approx(net.layers[0].weight.abs().mean().item())
    assert all(grad > 0 for grad in history["train_mean_abs_grad"])
    assert history["time"] == sorted(history["time"])
    assert list(history["output_std"][-1]) == names
    first = net.layers[0](x)
    got = [history[f"output_{kind}"][-1]["layers.0"] for kind in ("mean", "abs_mean", "std")]
    assert got == pytest.approx(
        [first.mean().item(), first.abs().mean().item(), first.std(correction=0).item()]
    )


def test_training_outputs_of_fit_are_in_the_order_of_the_data() -> None:
    train, validation = moons(60)
    net = build_net((2, 4, 2))
    history = fit(net, train.tensors, validation, SGD(net.parameters(), lr=0.0), 2, batch_size=7)
    assert torch.allclose(history["train_outputs"][0], net(train.tensors[0]), atol=1e-6)
    loss = F.cross_entropy(net(train.tensors[0]), train.tensors[1]).item()
    assert history["train_loss"] == pytest.approx([loss, loss])


def test_fit_stops_when_asked_and_repeats_itself_after_the_same_manual_seed() -> None:
    _, history = fit_moons(epochs=8, after_epoch=lambda net, epoch, stats: Stop if epoch == 1 else None)
    assert history["epochs"] == [0, 1]
    assert history["train_loss"] == fit_moons()[1]["train_loss"][:2]


def hooks_of(net: nn.Module) -> int:
    """Return how many forward hooks a net has."""
    return sum(len(layer._forward_hooks) for layer in net.modules())


def test_no_hook_stays_behind_even_if_a_layer_fails() -> None:
    assert hooks_of(fit_moons()[0]) == 0
    net = dropout_net()
    with utils.recorded_outputs(net):
        assert hooks_of(net) == 7
    with pytest.raises(RuntimeError, match="shapes"):
        fit(net, moons(40)[0], (torch.randn(3, 9), torch.zeros(3).long()), Adam(net.parameters()), 1)
    assert hooks_of(net) == 0


def test_fit_refuses_the_text_stop() -> None:
    with pytest.raises(ValueError, match="return Stop itself"):
        fit_moons(after_epoch=lambda net, epoch, stats: "Stop")
