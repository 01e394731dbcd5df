"""Week 2: the stored runs of its switchboard are those of plain loops, and say what the lesson says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from utils import build_net, compare, digits_noisy, seeded

sys.path.insert(0, str(Path(__file__).parents[1] / "course" / "week02_training_loop"))

import loop_runs
from loop_runs import CLEAR, DROPOUT, ORDER, RATES, STALE, TOO_LATE, Loop, last_accuracies, stored_runs

pytestmark = pytest.mark.trains

BATCH = 32

# ---------------------------------------------------------------- plain loops


def plain_batches(loop: Loop, shuffling: torch.Generator, labels: torch.Tensor, epochs: int) -> Iterator[Any]:
    """Yield the row numbers of every batch, and whether it is the first of its epoch."""
    kept = torch.randperm(len(labels), generator=shuffling)
    for epoch in range(epochs):
        anew = torch.randperm(len(labels), generator=shuffling) if epoch else kept
        order = dict(zip(ORDER, (anew, kept, labels.argsort(stable=True)), strict=True))[loop.order]
        yield from ((rows, number == 0) for number, rows in enumerate(order.split(BATCH)))


def plain_net(loop: Loop, seed: int, epochs: int) -> list[torch.Tensor]:
    """Return the parameters of one net after a loop in plain torch, with its mistake."""
    with seeded(seed):
        net = build_net((64, 32, 10))
    kind = torch.optim.Adam if "Adam" in loop.optimizer else torch.optim.SGD
    optimizer = kind(net.parameters(), lr=RATES[loop.optimizer])
    (x, y), dropping = digits_noisy(noise=0.0)[0].tensors, torch.Generator().manual_seed(1000 + seed)
    for rows, first in plain_batches(loop, torch.Generator().manual_seed(seed), y, epochs):
        if loop.clear == STALE:
            optimizer.step()
        if loop.clear in (CLEAR[0], STALE) or (loop.clear == CLEAR[1] and first):
            optimizer.zero_grad()
        hidden = net[:2](x[rows])
        if rate := DROPOUT[loop.net]:
            hidden = hidden * (torch.rand(hidden.shape, generator=dropping) >= rate) / (1 - rate)
        nn.functional.cross_entropy(net[2](hidden), y[rows]).backward()
        if loop.clear == TOO_LATE:
            optimizer.zero_grad()
        if loop.clear != STALE:
            optimizer.step()
    return [value.detach() for value in net.parameters()]


@pytest.mark.parametrize("optimizer", RATES)
def test_loops_side_by_side_equal_plain_loops(optimizer: str) -> None:
    loops = [Loop(clear, order, optimizer) for clear, order in product((*CLEAR, TOO_LATE), ORDER)]
    loops += [Loop(CLEAR[2], optimizer=optimizer, net="dropout 0.5")]
    for group in (loops, [Loop(STALE, optimizer=optimizer)]):
        together = loop_runs.SideBySide(group, seeds=(0, 3))
        together.train(2)
        for number, loop in enumerate(group):
            for run, seed in enumerate((0, 3), start=2 * number):
                for got, want in zip(together.weights, plain_net(loop, seed, epochs=2), strict=True):
                    torch.testing.assert_close(
                        got[run].detach().mT.reshape(want.shape), want, rtol=1e-3, atol=1e-3
                    )


def test_dropout_puts_the_mask_behind_the_hidden_layer_only() -> None:
    together = loop_runs.SideBySide([Loop(), Loop(net="dropout 0.5")], seeds=(0,))
    masks = together._masks(1000, together.dropping)
    assert (masks[0] == 1).all()
    assert set(masks[1].unique().tolist()) == {0.0, 2.0}
    assert masks[1].mean().item() == pytest.approx(1, abs=0.02)


# ---------------------------------------------------------------- the file

RETRAINED = [
    (Loop(), 0.02),
    (Loop("once an epoch"), 0.04),
    (Loop("never", optimizer="SGD 0.5"), 0.06),
    (Loop(order="sorted by class", optimizer="Adam 0.003"), 0.06),
    (Loop(net="dropout 0.5", optimizer="Adam 0.003"), 0.04),
    (Loop(STALE), 0.02),
]


def test_the_file_holds_what_training_gives() -> None:
    """Small differences between machines grow, most where gradients pile up: the means are compared."""
    again = loop_runs.train_loops([loop for loop, _ in RETRAINED])
    for loop, tolerance in RETRAINED:
        for way, accuracy in again[loop].accuracy.items():
            stored = stored_runs()[loop].accuracy[way]
            assert stored.shape == accuracy.shape == (5, 20)
            assert stored[:, -5:].mean() == pytest.approx(accuracy[:, -5:].mean(), abs=tolerance), (loop, way)


def test_writing_the_file_again_gives_a_file_that_reads_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [Loop(), Loop("never", net="dropout 0.5")]
    monkeypatch.setattr(loop_runs, "SWITCHED", few)
    monkeypatch.setattr(loop_runs, "EXTRA", [])
    loop_runs.write_runs(tmp_path / "runs.json")
    monkeypatch.setattr(loop_runs, "STORED", tmp_path / "runs.json")
    read, trained = loop_runs.stored_runs.__wrapped__(), loop_runs.train_loops(few)
    assert list(read) == few
    for loop, way in product(few, loop_runs.WAYS):
        np.testing.assert_allclose(read[loop].loss[way], trained[loop].loss[way], rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(read[loop].accuracy[way], trained[loop].accuracy[way], atol=1e-4)


def test_every_setting_is_stored_and_the_file_is_small() -> None:
    wanted = {*map(Loop, *zip(*product(CLEAR, ORDER, RATES, DROPOUT), strict=True)), *loop_runs.EXTRA}
    assert set(stored_runs()) == wanted
    assert loop_runs.STORED.stat().st_size < 300_000
    for measured in stored_runs().values():
        assert {v.shape for part in (measured.loss, measured.accuracy) for v in part.values()} == {(5, 20)}


def test_eval_changes_nothing_without_dropout_and_much_with_it() -> None:
    for loop, measured in stored_runs().items():
        trained = measured.accuracy[True, True][:, -1].mean() > 0.5
        differs = np.abs(measured.accuracy[True, True] - measured.accuracy[False, True]).max()
        assert differs == 0 if loop.net == "plain" else differs > 0.02
        if trained and loop.net != "plain":
            assert measured.accuracy[False, True][:, -1].mean() < measured.accuracy[True, True][:, -1].mean()


def test_mean_by_batches_is_hardly_seen_with_500_rows() -> None:
    for measured in stored_runs().values():
        assert np.abs(measured.accuracy[True, True] - measured.accuracy[True, False]).max() < 0.02


def test_the_file_says_what_the_lesson_says_of_it() -> None:
    right = last_accuracies(CLEAR[0])
    assert compare(right, last_accuracies(CLEAR[1])).is_clear
    assert last_accuracies(CLEAR[1]).mean() > right.mean() + 0.02
    assert last_accuracies(CLEAR[2]).mean() < right.mean() - 0.15
    assert last_accuracies(CLEAR[2], optimizer="SGD 0.5").mean() < 0.15
    assert last_accuracies(TOO_LATE).mean() < 0.15
    assert last_accuracies(STALE).mean() > right.mean() - 0.02
    assert last_accuracies(CLEAR[0], ORDER[2]).mean() < right.mean() - 0.15
