"""The engine builds the models that its text promises, fresh at every call."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import utils
from utils import FlexibleClassifier, build_net, evaluate_model, get_generic_model, train_model


def test_build_net_alternates_linear_layers_and_relus() -> None:
    net = build_net((4, 3, 2, 1))
    kinds = [type(layer).__name__ for layer in net]
    assert kinds == ["Linear", "ReLU", "Linear", "ReLU", "Linear"]
    assert [tuple(layer.weight.shape) for layer in net if isinstance(layer, nn.Linear)] == [
        (3, 4),
        (2, 3),
        (1, 2),
    ]


@pytest.mark.parametrize("hidden", [(), (7,), (8, 6, 4)])
def test_flexible_classifier_has_the_layers_it_is_asked_for(hidden: tuple[int, ...]) -> None:
    net = FlexibleClassifier(5, hidden, 3, dropout_rate=0.25)
    assert net(torch.randn(4, 5)).shape == (4, 3)
    rates = [layer.p for layer in net.modules() if isinstance(layer, nn.Dropout)]
    assert rates == [0.25] * len(hidden)


def test_generic_model_is_fresh_at_every_call_and_the_same_for_a_seed() -> None:
    first, second, other = get_generic_model(), get_generic_model(), get_generic_model(seed=1)
    weights = [utils.first_weight(parts[0]) for parts in (first, second, other)]
    assert weights[0] is not weights[1]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    assert first[5] is not second[5]
    assert [len(loader.dataset) for loader in first[1:4]] == [120, 40, 40]


def test_generic_model_learns_more_than_the_mean_of_the_targets() -> None:
    model, train_loader, val_loader, test_loader, criterion, optimizer = get_generic_model()
    train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs=40, verbose=False)
    variance = test_loader.dataset.tensors[1].var().item()
    assert evaluate_model(model, test_loader, criterion) < 0.5 * variance


def test_detected_device_can_compute() -> None:
    assert torch.ones(2, device=utils.detect_device()).sum().item() == 2
