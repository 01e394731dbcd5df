"""Week 9: what is stored is what its scripts make, and what they make is plain training and plain Optuna."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT
from torch.utils.data import DataLoader

from utils import FlexibleClassifier, digits_noisy, sweep, train_model

sys.path.insert(0, str(ROOT / "course" / "week09_search"))

import tuning_runs
import tuning_runs_grid as grid
from tuning_runs import copies, pool, stored
from tuning_runs_curse import NUMBERS, ROWS, curse
from tuning_runs_designs import COUNTS, DRAW, KINDS, compare_designs, hit_shares
from tuning_runs_importances import importances, noise_study, pool_study
from tuning_runs_pool import COPIED, STORED_POOL, pool_settings, train_runs, tuning_net
from tuning_runs_pruners import PRUNERS, judge_pruner
from tuning_runs_race import run_tpe
from tuning_runs_tpe import chosen, run_study

pytestmark = pytest.mark.trains


# ---------------------------------------------------------------- the pool and the copies


def test_a_run_of_the_pool_is_the_one_that_plain_training_gives() -> None:
    """Small differences between machines grow with the epochs: the first ones are compared."""
    train, validation, _ = digits_noisy()
    loaders = DataLoader(train, 32, shuffle=True), DataLoader(validation, 500)
    setting, seed = pool_settings()[7], 7
    torch.manual_seed(seed)
    net = FlexibleClassifier(64, (128, 64), 10, setting["dropout"])
    rates = {"lr": setting["lr"], "weight_decay": setting["weight_decay"]}
    history = train_model(
        net, *loaders, torch.nn.CrossEntropyLoss(), torch.optim.AdamW(net.parameters(), **rates),
        num_epochs=4, seed=seed, verbose=False,
    )  # fmt: skip
    np.testing.assert_allclose(pool().curves[seed, :4], history["val_accuracy"], atol=5e-3)


def test_runs_trained_again_are_those_of_the_file_and_of_sweep() -> None:
    seeds = [3, 250, 401]
    curves, right = train_runs([pool_settings()[seed] for seed in seeds], seeds, epochs=3)
    np.testing.assert_allclose(curves, pool().curves[seeds, :3], atol=5e-3)
    assert right[:, :500].mean(axis=1).tolist() == pytest.approx(curves[:, -1].tolist())
    setting = {"optimizer": "adamw", **pool_settings()[250]}
    history = sweep(tuning_net, digits_noisy(), [setting], 3, [250])[0][0]
    assert curves[1].tolist() == pytest.approx(history["val_accuracy"], abs=1e-9)
    again, _ = train_runs([COPIED] * 2, [0, 499], epochs=3)
    np.testing.assert_allclose(again, copies().curves[[0, 499], :3], atol=5e-3)


def test_answers_belong_to_their_runs() -> None:
    """At the end of all epochs machines may differ by some rows."""
    curves, right = train_runs([pool_settings()[250]], [250])
    stored_right = np.concatenate([pool().right[250], pool().right_test[250]])
    assert (right[0] == stored_right).mean() > 0.97
    for runs in (pool(), copies()):
        assert runs.right.shape == (500, 500)
        assert runs.right_test.shape == (500, 997)
        assert runs.curves.shape == (500, 20)
        assert runs.validation.tolist() == pytest.approx(runs.curves[:, -1].tolist())
    assert abs(curves[0, -1] - pool().validation[250]) < 0.02


def test_the_pool_is_drawn_on_log_scales_and_small_enough_to_hand_out() -> None:
    decades = np.histogram(np.log10(pool().lr), bins=[-5, -4, -3, -2, -1])[0]
    assert decades.tolist() == [117, 117, 123, 143]
    assert (pool().weight_decay.min() >= 1e-5, pool().weight_decay.max() <= 1e-2) == (True, True)
    assert (pool().dropout.min() >= 0, pool().dropout.max() <= 0.5) == (True, True)
    assert set(copies().lr) == {2e-3}
    assert STORED_POOL.stat().st_size < 200_000
    assert tuning_runs.STORED.stat().st_size < 260_000


# ---------------------------------------------------------------- replays


def test_designs_replayed_again_are_those_of_the_file() -> None:
    for key, found in compare_designs(repetitions=5).items():
        for name, values in found.items():
            np.testing.assert_allclose(stored("designs")[key][name][:5], values, rtol=1e-3)
    assert set(stored("designs")) == {(kind, n) for kind in KINDS for n in COUNTS}


@pytest.mark.parametrize(("kind", "rates"), [("grid", 3), ("random", 9), ("quasi-random", 9)])
def test_points_lie_in_the_unit_square(kind: str, rates: int) -> None:
    points = DRAW[kind](9, np.random.default_rng(1))
    assert points.shape == (9, 2)
    assert 0 <= points.min() <= points.max() < 1
    assert len(np.unique(points[:, 0].round(9))) == rates


@pytest.mark.parametrize("width", [1 / 3, 1 / 4, 1 / 12])
def test_hits_are_what_counting_says(width: float) -> None:
    assert hit_shares("grid", 9, width) == pytest.approx(min(1, 3 * width), abs=0.01)
    assert hit_shares("random", 9, width) == pytest.approx(1 - (1 - width) ** 9, abs=0.01)


def test_winners_drawn_again_are_those_of_the_file() -> None:
    for source, rows, number in (("copies", 30, 50), ("pool", 500, 4)):
        for name, values in curse(source, number, rows).items():
            told = [values.mean(), values.std(ddof=1), values.std(ddof=1) / 20]
            np.testing.assert_allclose(
                stored("curse")[source, rows, number][name], told, rtol=1e-3, atol=1e-9
            )
    assert len(stored("curse")) == 2 * len(ROWS) * len(NUMBERS)


@pytest.mark.parametrize("name", PRUNERS)
def test_pruners_judge_again_as_in_the_file(name: str) -> None:
    for key, values in judge_pruner(name, orders=[0, 11]).items():
        np.testing.assert_allclose(stored("pruners")[name][key][[0, 11]], values, rtol=1e-3)


def test_patience_and_no_pruner_lose_nothing() -> None:
    assert stored("pruners")["none"]["used"].tolist() == [1] * 20
    for name in ("none", "patient"):
        assert stored("pruners")[name]["lost"].max() == 0


def test_what_looks_best_so_far_is_chosen_the_first_of_ties() -> None:
    seen, true = np.array([[1, 3, 3, 2, 4]]), np.array([[10, 20, 30, 40, 50]])
    assert chosen(seen, true).tolist() == [[10, 20, 20, 20, 50]]


def test_a_study_on_the_stand_in_is_the_one_of_the_file() -> None:
    found = run_study("TPE", 4, trials=13)
    for name, values in found.items():
        np.testing.assert_allclose(stored("studies")["TPE"][name][4, :13], values, rtol=2e-3)


def test_tpe_on_the_pool_picks_again_what_the_file_has() -> None:
    assert run_tpe(3, trials=14).tolist() == stored("race")["TPE"]["picks"][3, :14].tolist()


def test_importances_are_those_of_the_file() -> None:
    for kind, make, evaluator in (("pool", pool_study, "PED-ANOVA"), ("noise", noise_study, "PED-ANOVA"),
                                  ("pool", pool_study, "f-ANOVA")):  # fmt: skip
        kept = stored("importances")[kind, evaluator]
        found = importances(make(2), evaluator, list(kept))
        np.testing.assert_allclose([values[2] for values in kept.values()], found, rtol=5e-3)
        assert sum(found) == pytest.approx(1)


def test_the_studies_of_the_pool_share_no_setting() -> None:
    rates = [trial.params["lr"] for number in range(10) for trial in pool_study(number).trials]
    assert sorted(rates) == sorted(pool().lr)


# ---------------------------------------------------------------- the grid of weeks 6 to 8


def test_a_cell_of_the_grid_is_that_of_the_file() -> None:
    cell = (0.001, 0.0001, 0.3)
    found = grid.train_cells([cell], [0, 4])[cell]
    for name, values in found.items():
        np.testing.assert_allclose(stored("grid")[cell][name][[0, 4]], values, atol=0.02)
    assert set(stored("grid")) == set(grid.CELLS)
    assert len(grid.CELLS) == 120


def test_the_picks_of_the_grid_are_among_those_with_fresh_seeds() -> None:
    picks = grid.picks_of(stored("grid"))
    assert set(picks.values()) | set(grid.CHECKED) == set(stored("checked"))
    means = {cell: runs["val_accuracy"].mean() for cell, runs in stored("grid").items()}
    assert means[picks["together"]] == max(means.values())
    rate, decay, p = picks["at a slow rate"]
    assert means[rate, 0.0, 0.0] == max(means[each, 0.0, 0.0] for each in grid.RATES)
    assert means[1e-4, decay, 0.0] == max(means[1e-4, each, 0.0] for each in grid.DECAYS)
    assert means[1e-4, 0.0, p] == max(means[1e-4, 0.0, each] for each in grid.DROPOUTS)


def test_one_at_a_time_holds_the_tables_of_weeks_6_to_8() -> None:
    tables = {
        name: json.loads((ROOT / "course" / path).read_text("utf-8"))
        for name, path in (
            ("weight_decay", "week06_weight_decay/decay_runs.json"),
            ("dropout", "week07_dropout/dropout_runs.json"),
            ("lr", "week08_early_stopping/stopping_runs.json"),
        )
    }
    found = stored("one at a time")
    for value, runs in found["weight_decay"].items():
        assert runs.tolist() == tables["weight_decay"]["adam ends"][str(value)]["val_accuracy"]
    for value, runs in found["dropout"].items():
        assert runs.tolist() == tables["dropout"]["ends"][str(value)]["val_accuracy"]
    for value, runs in found["lr"].items():
        curves = np.array(tables["lr"]["curves"][str(value)]["val_accuracy"])
        assert runs.tolist() == curves[:, 59].tolist()
    assert [len(values) for values in found.values()] == [4, 5, 6]


def test_one_at_a_time_is_trained_as_its_script_says() -> None:
    cell = grid.swept_cells()["dropout", 0.5]
    assert cell == (0.001, 0.0, 0.5)
    found = grid.train_cells([cell], [6], grid.LONG)[cell]["val_accuracy"]
    assert found[0] == pytest.approx(stored("one at a time")["dropout"][0.5][6], abs=0.02)


# ---------------------------------------------------------------- the file


def test_a_file_that_is_written_again_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "again.json"
    content = {table: tuning_runs.as_lists(stored(table)) for table in tuning_runs.TABLES}
    tuning_runs.write_content(path, content)
    assert path.read_text() == tuning_runs.STORED.read_text()


def test_some_tables_are_made_again_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some.json"
    path.write_text('{"pruners": {"none": {"used": [1.0]}}}')
    monkeypatch.setitem(tuning_runs.TABLES, "race", lambda: {"TPE": {"picks": np.array([[1, 2]])}})
    tuning_runs.write_runs(path, ["race"])
    assert json.loads(path.read_text()) == {
        "pruners": {"none": {"used": [1.0]}},
        "race": {"TPE": {"picks": [[1, 2]]}},
    }


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(KeyError, match="There is no table 'grids'"):
        stored("grids")


def test_one_at_a_time_trains_every_value_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MANY", range(2))
    monkeypatch.setattr(grid, "LONG", 1)
    found = tuning_runs.one_at_a_time()
    assert {name: list(values) for name, values in found.items()} == {
        name: list(values) for name, values in grid.SWEPT.items()
    }
    assert found["lr"][0.001].tolist() == found["dropout"][0.0].tolist() != found["dropout"][0.5].tolist()
