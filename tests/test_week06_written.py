"""Week 6: what its written questions suppose is what happens, and what it says about biases."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.utils import parameters_to_vector

from utils import build_net, digits_noisy, sweep

sys.path.insert(0, str(Path(__file__).parents[1] / "course" / "week06_weight_decay"))

import decay_experiments as measured
from decay_runs import black_pixels

pytestmark = pytest.mark.trains


@pytest.mark.long
def test_with_right_labels_decay_takes_fit_away_and_gives_nothing() -> None:
    strengths, names = (0.0, 0.01, 0.05), ("train_accuracy", "val_accuracy")
    settings = [{"lr": 1e-3, "weight_decay": lam} for lam in strengths]
    data = digits_noisy(noise=0.0)[:2]
    found = sweep(lambda: build_net(measured.DIMS), data, settings, epochs=60, seeds=range(5))
    means = [[np.mean([run[name][-1] for run in runs]) for name in names] for runs in found]
    assert np.ravel(means) == pytest.approx([1.00, 0.95, 0.98, 0.94, 0.86, 0.81], abs=0.015)


def test_the_mean_of_the_squares_needs_a_strength_n_times_as_large() -> None:
    n = sum(part.numel() for part in measured.fresh_net(0).parameters())
    assert n == 17_226
    lam = 0.01 * n

    def penalty(net: torch.nn.Module) -> torch.Tensor:
        return 0.5 * lam * parameters_to_vector(net.parameters()).square().mean()

    assert measured.largest_gap(penalty, lam=0.01) < 1e-9


def test_a_loss_times_100_weakens_the_decay_of_adam_only() -> None:
    """Eps is left out: it is the only other thing that sees the size of a gradient."""

    def end(kind: str, lam: float, factor: float) -> torch.Tensor:
        net = measured.fresh_net(0, torch.float64)
        optimizer = measured.OPTIMIZERS[kind](net.parameters(), lr=1e-3, weight_decay=lam, eps=1e-300)
        for x, y in measured.training_batches(0, 2, torch.float64):
            optimizer.zero_grad()
            (factor * torch.nn.functional.cross_entropy(net(x), y)).backward()
            optimizer.step()
        seeing = ~black_pixels()  # weights without a gradient go their own way: a full step, whatever λ
        return net[0].weight.detach()[:, seeing]

    assert (end("Adam", 0.01, 100) - end("Adam", 1e-4, 1)).abs().mean() < 1e-6
    assert (end("Adam", 0.01, 100) - end("Adam", 0.01, 1)).abs().mean() > 1e-4
    assert (end("AdamW", 1.0, 100) - end("AdamW", 1.0, 1)).abs().mean() < 1e-6


@pytest.mark.long
@pytest.mark.parametrize(("kind", "lam"), [("Adam", 0.01), ("AdamW", 1.0)])
def test_sparing_the_biases_changes_little(kind: str, lam: float) -> None:
    """Two of the twenty pairs that the text counts: they were trained in this way."""
    x, y = digits_noisy()[1].tensors
    accuracies = []
    for seed, spared in ((seed, spared) for seed in range(2) for spared in (False, True)):
        net = measured.fresh_net(seed)
        flat = [part for part in net.parameters() if part.ndim == 1]
        groups = [
            {"params": [part for part in net.parameters() if part.ndim == 2], "weight_decay": lam},
            {"params": flat, "weight_decay": 0.0 if spared else lam},
        ]
        optimizer = measured.OPTIMIZERS[kind](groups, lr=1e-3, fused=True)
        for batch in measured.training_batches(seed, 60):
            measured.take_step(net, batch, optimizer)
        with torch.no_grad():
            accuracies.append((net(x).argmax(1) == y).double().mean().item())
    assert np.subtract(accuracies[1::2], accuracies[::2]) == pytest.approx(0, abs=0.015)
