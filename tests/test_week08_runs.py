"""Week 8: the stored runs are those of plain training, and the rule for many curves is that for one."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import ROOT
from torch.utils.data import DataLoader

from utils import build_net, digits_noisy, evaluate_model, sweep, train_model

sys.path.insert(0, str(ROOT / "course" / "week08_early_stopping"))

import stopping_runs
from stopping_rule import MINIMUM, noisy_curves, stop_and_best, true_curve
from stopping_runs import CHOICE_RATE, HEADLINE, LABELS_RATE, RATES, stored

pytestmark = pytest.mark.trains


# ---------------------------------------------------------------- trained again


def test_the_file_holds_the_curves_that_plain_training_gives() -> None:
    """Small differences between machines grow with the epochs: the first ones are compared."""
    train, validation, test = digits_noisy()
    loaders = DataLoader(train, 32, shuffle=True), DataLoader(validation, 500)
    criterion, seen = torch.nn.CrossEntropyLoss(), []

    def after_epoch(net: Any, _epoch: int, stats: dict[str, float]) -> None:
        losses = evaluate_model(net, [test.tensors], criterion)
        seen.append([stats["val_loss"], stats["val_accuracy"], *losses])

    torch.manual_seed(3)
    net = stopping_runs.stopping_net()
    optimizer = torch.optim.Adam(net.parameters(), 0.001)
    train_model(
        net, *loaders, criterion, optimizer, num_epochs=5, seed=3, after_epoch=after_epoch, verbose=False
    )
    for i, name in enumerate(("val_loss", "val_accuracy", "test_loss", "test_accuracy")):
        kept = stored("curves")[0.001][name]
        assert kept.shape == (20, 100)
        np.testing.assert_allclose(kept[3, :5], np.array(seen)[:, i], rtol=2e-3, atol=4e-3)


def test_curves_trained_again_are_those_of_sweep_and_of_the_file() -> None:
    train, _, test = digits_noisy()
    again = stopping_runs.train_curves([0.01, 0.0001], seeds=[0, 5], epochs=4)
    swept = sweep(lambda: build_net((64, 128, 64, 10)), (train, test),
                  [{"optimizer": "adam", "lr": rate} for rate in again], 4, seeds=[0, 5])  # fmt: skip
    for (rate, found), histories in zip(again.items(), swept, strict=True):
        for run, (seed, history) in enumerate(zip((0, 5), histories, strict=True)):
            assert found["test_loss"][run].tolist() == pytest.approx(history["val_loss"], rel=1e-5)
            assert found["test_accuracy"][run].tolist() == pytest.approx(history["val_accuracy"])
            for name, values in found.items():
                np.testing.assert_allclose(
                    stored("curves")[rate][name][seed, :4], values[run], rtol=2e-3, atol=4e-3
                )


def test_labels_watched_again_are_those_of_the_file() -> None:
    again = stopping_runs.watch_labels([7], epochs=12)
    for name, values in again.items():
        kept = stored("labels")[LABELS_RATE][name]
        assert kept.shape == ((20,) if name == "n_wrong" else (20, 120))
        if name != "n_wrong":
            kept = kept[:, :12]
        tolerance = 2 if name.startswith("disagree") else 0.025  # a row more or less
        np.testing.assert_allclose(kept[7:8], values, atol=tolerance)


def test_the_answers_of_the_net_give_the_shares_of_the_labels() -> None:
    """Both tables are of the same run; a wrong row is one whose label is not that of the clean data."""
    found, labels = stored("answers")[0], stored("labels")[LABELS_RATE]
    _, given, true = stopping_runs.labels_of(0)
    assert found["rows"].tolist() == torch.nonzero(given != true).flatten().tolist()
    assert found["given"].tolist() == given[found["rows"]].tolist()
    assert found["answers"].shape == (labels["n_wrong"][0], 120)
    for name, label in (("wrong_true", "true"), ("wrong_given", "given")):
        share = (found["answers"] == found[label][:, None]).mean(axis=0)
        np.testing.assert_allclose(share, labels[name][0], atol=1e-4)
    right = labels["n_wrong"][:, None] * (1 - labels["wrong_given"])
    np.testing.assert_allclose(labels["disagree_wrong"], right, atol=0.02)


# ---------------------------------------------------------------- how optimistic a score is


def test_the_epoch_is_chosen_by_some_rows_and_scored_by_the_others() -> None:
    right = np.array([[[1, 1, 0, 0, 0], [1, 1, 1, 0, 0], [1, 1, 0, 1, 1]]], dtype=float)
    losses = 1 - right[:, :, ::-1] / 2
    shown = stopping_runs._choose(right[0], losses[0], rows=3)
    assert shown == pytest.approx([2, 1.0, 0.0, 1.0, 0.5, 0.5])


def test_the_real_split_of_the_optimism_is_that_of_the_curves() -> None:
    curves, found = stored("curves")[CHOICE_RATE], stored("optimism")[0]
    best, runs = curves["val_accuracy"].argmax(axis=1), np.arange(20)
    np.testing.assert_allclose(found["kept_epoch"], best + 1)
    np.testing.assert_allclose(found["kept_score"], curves["val_accuracy"].max(axis=1), atol=1e-4)
    np.testing.assert_allclose(found["honest_score"], curves["test_accuracy"][runs, best], atol=1e-4)
    lowest = curves["val_loss"].argmin(axis=1)
    np.testing.assert_allclose(found["kept_loss"], curves["test_loss"][runs, lowest], atol=1e-3)
    assert {rows: values["kept_score"].shape for rows, values in stored("optimism").items()} == {
        rows: (20,) for rows in (20, 50, 100, 500, 0)
    }


# ---------------------------------------------------------------- the rule for many curves


def walked(losses: list[float], patience: int, min_delta: float) -> tuple[int, int]:
    """Return (stop, best) of one curve, epoch by epoch, as the text tells the rule."""
    lowest, best, waited = math.inf, -1, 0
    for epoch, loss in enumerate(losses):
        better = loss < lowest - min_delta
        lowest, best, waited = (loss, epoch, 0) if better else (lowest, best, waited + 1)
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


@pytest.mark.parametrize(("patience", "min_delta"), [(1, 0.0), (3, 0.02), (10, 0.0), (10, 0.1), (300, 0.0)])
def test_the_rule_for_many_curves_is_the_rule_for_one(patience: int, min_delta: float) -> None:
    curves = noisy_curves(60, 0.05, seed=1)
    curves[::7, 5] = np.nan
    curves[3] = np.nan
    curves[4, 0] = np.inf
    found = zip(*stop_and_best(curves, patience, min_delta), strict=True)
    assert [*found] == [walked(curve.tolist(), patience, min_delta) for curve in curves]


def test_the_true_curve_is_lowest_where_it_says() -> None:
    curve = true_curve(100)
    assert curve.argmin() + 1 == MINIMUM
    assert curve.min() == pytest.approx(1 / 3.4)
    assert curve[MINIMUM + 9] == pytest.approx(1 / (1 + 0.08 * 40) + 0.1)


# ---------------------------------------------------------------- the file


def test_the_means_of_fashion_mnist_are_those_of_the_experiments() -> None:
    text = (ROOT / "experiments" / "RESULTS.md").read_text()
    for rate, parts in HEADLINE.items():
        for name, means in parts.items():
            (epoch, spread), *others = means.values()
            cells = [f"{epoch} ± {spread}", *(f"{mean:.3f} ± {doubt:.3f}" for mean, doubt in others)]
            weights = {"all": "all epochs", "best": "best epoch", "patience": "patience 5"}[name]
            assert f"| {rate:.4g} | {weights} | {' | '.join(cells)} |" in text


def test_writing_the_tables_again_gives_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    stopping_runs.write_runs(path, {table: stored(table) for table in stopping_runs.TABLES})
    assert path.read_text() == stopping_runs.STORED.read_text()
    assert tuple(stored("curves")) == RATES
    assert path.stat().st_size < 500_000


def test_an_unknown_table_is_told_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"no table 'loss'\. There are: curves, labels, answers, optimism"):
        stored("loss")
