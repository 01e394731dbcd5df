"""Week 6: the stored runs are those of plain training, and the file holds what it says."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import ROOT
from torch.utils.data import DataLoader

from utils import compare, digits_noisy, train_model

sys.path.insert(0, str(ROOT / "course" / "week06_weight_decay"))

import decay_runs
from decay_runs import CURVES, RATE, RATES, STRENGTHS, stored

pytestmark = pytest.mark.trains


def val_accuracies(optimizer: str, strength: float) -> list[float]:
    return stored(f"{optimizer} ends")[strength]["val_accuracy"].tolist()


# ---------------------------------------------------------------- trained again


@pytest.mark.parametrize(("optimizer", "strength"), [("adam", 0.01), ("adamw", 1.0)])
def test_the_file_holds_the_curves_that_plain_training_gives(optimizer: str, strength: float) -> None:
    """Small differences between machines grow with the epochs: the first ones are compared."""
    train, validation, _ = digits_noisy()
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[optimizer]
    torch.manual_seed(3)
    net = decay_runs.decay_net()
    history = train_model(
        net, DataLoader(train, 32, shuffle=True), DataLoader(validation, 500), torch.nn.CrossEntropyLoss(),
        kind(net.parameters(), RATE, weight_decay=strength), num_epochs=5, seed=3, verbose=False,
    )  # fmt: skip
    for name in CURVES:
        kept = stored(optimizer)[strength][name]
        assert kept.shape == (10, 60)
        np.testing.assert_allclose(kept[3, :5], history[name], rtol=2e-3, atol=3e-3)


def test_a_setting_trained_again_ends_as_the_file_says() -> None:
    again = decay_runs.ends(decay_runs.train([("adam", RATE, 0.01)], seeds=[0])["adam", RATE, 0.01])
    for name, values in again.items():
        kept = stored("adam ends")[0.01][name]
        assert kept.shape == (20,)
        tolerance = {"best_epoch": 3, "mean_abs_weight": 1e-3}.get(name, 0.02)
        np.testing.assert_allclose(kept[:1], values, atol=tolerance)


def test_watched_weights_are_those_that_sweep_trains() -> None:
    settings = [("adam", RATE, 0.01), ("adamw", RATE, 1.0)]
    swept = decay_runs.train(settings, seeds=[4], epochs=3)
    watched = list(decay_runs.watch(settings, [4], 3))
    for run, setting in enumerate(settings):
        sizes = [weights[run].abs().mean().item() for weights, _ in watched[1:]]
        assert sizes == pytest.approx(swept[setting]["train_mean_abs_weight"][0].tolist(), rel=1e-5)
        accuracies = [accuracy[run] for _, accuracy in watched[1:]]
        assert accuracies == pytest.approx(swept[setting]["val_accuracy"][0].tolist())


def test_blind_weights_trained_again_are_those_of_the_file() -> None:
    settings = [("adam", RATE, 1e-2), ("adam", RATE, 1e-4)]
    for key, numbers in decay_runs.watch_blind(settings, seeds=[0, 1], epochs=5).items():
        for name, values in numbers.items():
            kept = stored("blind")[key][name][:2, : values.shape[1]]
            np.testing.assert_allclose(kept, values, rtol=2e-3, atol=2e-3 if "accuracy" in name else 1e-5)


def test_writing_some_rows_again_gives_a_file_that_reads_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "runs.json"
    tables = {"adam": stored("adam"), "blind": stored("blind"), "adamw map": stored("adamw map")}
    decay_runs.write_runs(path, tables)
    monkeypatch.setattr(decay_runs, "STORED", path)
    monkeypatch.setattr(decay_runs, "_file", decay_runs._file.__wrapped__)
    for table, rows in tables.items():
        again = stored.__wrapped__(table)
        assert list(again) == list(rows)
        for key, numbers in rows.items():
            for name, values in numbers.items():
                np.testing.assert_array_equal(again[key][name], values)


# ---------------------------------------------------------------- what is stored


def shapes(table: str) -> set[tuple[int, ...]]:
    return {values.shape for numbers in stored(table).values() for values in numbers.values()}


KEYS: list[tuple[str, Sequence[Any], set[tuple[int, ...]]]] = [
    ("adam", STRENGTHS["adam"], {(10, 60)}),
    ("adamw", STRENGTHS["adamw"], {(10, 60)}),
    ("adam ends", STRENGTHS["adam"], {(20,)}),
    ("adamw ends", STRENGTHS["adamw"], {(20,)}),
    ("adam map", [(rate, strength) for rate in RATES for strength in STRENGTHS["adam"]], {(3,)}),
    ("adamw map", [(rate, strength) for rate in RATES for strength in STRENGTHS["adamw"]], {(3,)}),
    ("slow ends", decay_runs.SLOW, {(20,)}),
    ("draws", decay_runs.DRAWN, {(20,)}),
    ("blind", decay_runs.BLIND, {(5, 31), (5, 30)}),
]


@pytest.mark.parametrize(("table", "keys", "wanted"), KEYS)
def test_every_setting_of_a_table_is_stored(
    table: str, keys: Sequence[Any], wanted: set[tuple[int, ...]]
) -> None:
    assert list(stored(table)) == list(keys)
    assert shapes(table) == wanted


def test_the_file_is_small_and_an_unknown_table_is_named() -> None:
    assert decay_runs.STORED.stat().st_size < 400_000
    assert set(decay_runs._file()) == set(decay_runs.TABLES)
    with pytest.raises(KeyError, match="adam ends"):
        stored("sgd")


def test_curves_ends_and_maps_agree_where_they_tell_the_same() -> None:
    for optimizer, strengths in STRENGTHS.items():
        for strength in strengths:
            ends, curves = stored(f"{optimizer} ends")[strength], stored(optimizer)[strength]
            for name in CURVES:
                np.testing.assert_array_equal(ends[name][:10], curves[name][:, -1])
                np.testing.assert_array_equal(
                    ends[name][:3], stored(f"{optimizer} map")[RATE, strength][name]
                )
            assert (ends["lowest_val_loss"] <= ends["val_loss"]).all()
    for name, values in stored("adam")[0.0].items():
        np.testing.assert_array_equal(values, stored("adamw")[0.0][name])


def test_counted_weights_are_all_there() -> None:
    for numbers in stored("weights").values():
        assert numbers["counts"].shape == (len(decay_runs.BINS) - 1,)
        assert numbers["counts"].sum() == 64 * 128
        assert numbers["half_within"] <= numbers["greatest"]


def test_blind_weights_start_alike_and_stay_without_decay() -> None:
    blind = stored("blind")
    starts = {tuple(numbers["blind"][:, 0]) for numbers in blind.values()}
    assert len(starts) == 1
    without = blind["adam", RATE, 0.0]["blind"]
    assert (without == without[:, :1]).all()
    strong, weak = (blind["adam", RATE, strength]["blind"].mean(0) for strength in (1e-2, 1e-4))
    assert np.abs(strong - weak).max() < 2e-4  # a hundred times the pull: equally fast
    by_factor = blind["adamw", RATE, 1.0]["blind"].mean(0)
    np.testing.assert_allclose(by_factor, by_factor[0] * 0.999 ** (10 * np.arange(31)), rtol=2e-3)
    np.testing.assert_allclose(by_factor, blind["sgd", 0.1, 0.01]["blind"].mean(0), rtol=2e-3)


# ---------------------------------------------------------------- what the lesson says of it


def test_the_best_strengths_lie_a_hundred_times_apart_and_tie() -> None:
    best = {}
    for optimizer, strengths in STRENGTHS.items():
        best[optimizer] = max(strengths, key=lambda each: np.mean(val_accuracies(optimizer, each)))
        assert compare(val_accuracies(optimizer, 0.0), val_accuracies(optimizer, best[optimizer])).is_clear
    assert best == {"adam": 0.01, "adamw": 1.0}


def test_ten_pairs_seem_to_tell_what_twenty_cannot() -> None:
    without, weak = val_accuracies("adam", 0.0), val_accuracies("adam", 1e-3)
    assert compare(without[:10], weak[:10]).is_clear
    assert not compare(without, weak).is_clear


def test_the_best_accuracy_has_a_worse_loss() -> None:
    ends = stored("adam ends")
    assert compare(ends[0.0]["val_loss"].tolist(), ends[0.01]["val_loss"].tolist()).difference > 0.05


def test_the_headline_is_copied_from_the_experiments() -> None:
    sys.path.insert(0, str(ROOT))
    from experiments.published import UNREGULARIZED, VALIDATION, WEIGHT_DECAY

    page = (ROOT / "experiments" / "RESULTS.md").read_text("utf-8").partition("## Dropout")[0]
    words = {"train_accuracy": "training accuracy", "val_accuracy": "validation accuracy",
             "mean_abs_weight": r"mean \|weight\|"}  # fmt: skip
    assert decay_runs.PUBLISHED_AGAIN == UNREGULARIZED
    for strength, numbers in decay_runs.HEADLINE.items():
        assert numbers["published"] == WEIGHT_DECAY.published[strength][VALIDATION]
        for name, word in words.items():
            digits = 4 if name == "mean_abs_weight" else 3
            mean, spread = (f"{value:.{digits}f}" for value in numbers[name])
            assert f"| {strength:g} | {word} | {mean} ± {spread} |" in page
        epoch, spread = numbers["best_epoch"]
        assert re.search(rf"in epoch {epoch} ± {spread} for λ = {strength:g}[,.]", page)
