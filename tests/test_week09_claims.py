"""Week 9: what its text says with numbers is what its runs measure, and its pictures tell the same."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
import torch

from utils import FlexibleClassifier, compare, digits_noisy, fit

LESSON = Path(__file__).parents[1] / "course" / "week09_search"
sys.path.insert(0, str(LESSON))

import tuning_experiments as measured  # noqa: E402 - the lesson's folder must be on the path first
import tuning_experiments_final as final  # noqa: E402
import tuning_pictures  # noqa: E402
from course_data import one_thread  # noqa: E402
from search import search  # noqa: E402
from tuning_runs import copies, pool, stored  # noqa: E402
from tuning_runs_curse import curse  # noqa: E402
from tuning_runs_designs import hit_shares  # noqa: E402
from tuning_runs_importances import importances, noise_study  # noqa: E402
from tuning_studies import FRESH, search_iris, told  # noqa: E402

pytestmark = pytest.mark.trains

LESSON_TEXT = (LESSON / "week09_search.md").read_text(encoding="utf-8")
TEXT = re.sub(r"\s+", " ", LESSON_TEXT)
PLAIN = {"lr": 0.001, "weight_decay": 0.01}


@pytest.mark.parametrize(
    "words",
    [
        "0.906, 0.903 and 0.909: less apart than single searches spread (0.008 to 0.026)",
        "fill more than a third of the axis (0.0007 to 0.02)",
        "ends below 0.874, a quasi-random one below 0.894",
        "the grid hits it in 25 of 100 cases, nine random points in 54",
        "easier, 0.907 against 0.878 for the average copy",
        "the winner shows 0.955, the average copy 0.909",
        "By 0.002: four per cent of the gain was real",
        "about ten copies tied",
        "half of it is real (0.008 of 0.017)",
        "50 trials on 500 rows find a better net (0.881) than 500 trials on 30 rows (0.864)",
        "the average setting has 0.608",
        "shows 0.993 on average",
        "Yes, 0.957 (20 stored studies). 16 of the 20 winners showed 1.000, with five settings tied",
        "Three; after epoch 1 none.",
        "a median rate of 0.013, the ten best of epoch 20 one of 0.0045",
        "all ten are in the better *half* from epoch 5 on",
        "3.5 of five: those that start slowly. It saves 72 of 100 epochs and still costs only 0.008",
        "half the epochs are paid, and 0.001 is lost",
        "it is ahead by 0.003 ± 0.001",
        "TPE *reports* most, 0.922 for a truth of 0.908",
        "0.56 on average",
        "(0.305 against 0.009)",
        "0.79 ± 0.17",
        "without decay and dropout 0.874, with decay 0.01 alone 0.897, with dropout 0.5 alone 0.914",
        "0.898, lower than dropout alone by 0.016 ± 0.002",
        "the same two together reach 0.906",
        "0.5 gains 0.086 over none at rate 0.01",
        "at 0.0001 it costs 0.170",
        "The winner of 120 showed 0.909, and with fresh seeds 0.904; ten others lay within 0.01 of it",
        "A fifth of the weights (1810 instead of 8785) costs nothing that one run could show, 0.902 against "
        "0.904. A twelfth costs 0.04.",
        "the winner has 0.842, ahead of the baseline of equal epochs by 0.109 ± 0.008",
        "of forty, by 0.031 ± 0.005",
        "its loss, 0.344 in the study, is 0.513 with fresh seeds",
        "end at 0.876, 0.872 and 0.879 on test rows; the plain baseline has 0.873",
    ],
)
def test_the_lesson_says_what_is_measured_here(words: str) -> None:
    assert words in TEXT


def mean(values: Any, digits: int = 3) -> float:
    """Return the rounded mean of some runs."""
    return round(float(np.mean(values)), digits)


def test_one_decade_holds_nearly_all_good_settings() -> None:
    found = [measured.in_decade(*decade) for decade in measured.DECADES]
    good = [(runs >= 0.9).mean() for runs in found]
    assert good[2] > 0.5
    assert max(good[0], good[1], good[3]) < 0.1
    low, high = 0.0007, 0.02
    assert np.log10(high / low) / 4 > 1 / 3
    for rate in np.geomspace(low, high, 20):
        near = np.abs(np.log10(pool().lr / rate)) < 0.15
        assert pool().validation[near].mean() > 0.906 - 0.05
    inside = (pool().lr >= 1e-3) & (pool().lr < 1e-2)
    for name in ("weight_decay", "dropout"):
        assert abs(np.corrcoef(getattr(pool(), name)[inside], pool().validation[inside])[0, 1]) < 0.3


def test_nine_points_of_any_kind_tie() -> None:
    best = {kind: stored("designs")[kind, 9]["best"] for kind in ("grid", "random", "quasi-random")}
    assert [mean(runs) for runs in best.values()] == [0.906, 0.903, 0.909]
    spreads = [round(float(runs.std(ddof=1)), 3) for runs in best.values()]
    assert (min(spreads), max(spreads)) == (0.008, 0.026)
    assert [round(float(np.quantile(best[kind], 0.05)), 3) for kind in ("random", "quasi-random")] == [
        0.874,
        0.894,
    ]
    assert [round(100 * hit_shares(kind, 9, 1 / 12)) for kind in ("grid", "random")] == [25, 54]
    assert hit_shares("grid", 9, 1 / 3) == pytest.approx(1)


def test_the_best_of_many_copies_was_lucky() -> None:
    assert (mean(copies().validation), mean(copies().test)) == (0.907, 0.878)
    few, many = (curse("copies", 50, rows) for rows in (30, 500))
    assert (mean(few["shown"]), mean(few["shown"] - few["seen_gain"]), mean(few["real_gain"])) == (
        0.955,
        0.909,
        0.002,
    )
    assert round(100 * few["real_gain"].mean() / few["seen_gain"].mean()) == 4
    assert round(few["tied"].mean()) == 10
    assert (mean(many["real_gain"]), mean(many["seen_gain"])) == (0.008, 0.017)
    assert mean(curse("pool", 50, 500)["test"]) == 0.881
    assert mean(curse("pool", 500, 30)["test"]) == 0.864
    assert mean(pool().test) == 0.608


def test_thirty_rows_of_iris_cannot_tell_good_settings_apart() -> None:
    found = measured.iris_winners()
    assert (mean(found["validation"]), mean(found["test"]), round(found["tied"].mean())) == (0.993, 0.957, 5)
    assert (found["validation"] == 1).sum() == 16
    assert compare(found["validation"], found["test"]).is_clear
    again, kept = search_iris(0, trials=1), told("iris")[0]
    assert again["validation"] == pytest.approx(kept["validation"][:1], abs=0.04)


def test_early_leaders_are_not_the_final_ones() -> None:
    best = measured.ranked(20)[:10]
    among = {epoch: np.isin(best, measured.ranked(epoch)[:50]).sum() for epoch in (1, 5)}
    assert among == {1: 0, 5: 3}
    rates = [np.median(pool().lr[measured.ranked(epoch)[:10]]) for epoch in (5, 20)]
    assert (round(rates[0], 3), round(rates[1], 4)) == (0.013, 0.0045)
    for epoch in range(5, 20):
        assert np.isin(best, measured.ranked(epoch)[:250]).all()


def test_the_default_pruner_ends_slow_starters() -> None:
    default, warm = (stored("pruners")[name] for name in ("median", "median, warm-up 5"))
    assert (mean(default["pruned"], 1), mean(1 - default["used"], 2), mean(default["lost"])) == (
        3.5,
        0.72,
        0.008,
    )
    assert (mean(warm["used"], 1), mean(warm["lost"])) == (0.5, 0.001)


def test_tpe_starts_like_random_search_and_ends_a_little_ahead() -> None:
    random, tpe = (measured.true_so_far(name) for name in ("random", "TPE"))
    assert (random[:, :10] == tpe[:, :10]).all()
    found = compare(random[:, -1], tpe[:, -1])
    assert (round(found.difference, 3), round(found.standard_error, 3)) == (0.003, 0.001)
    assert found.is_clear
    seen = {name: mean(table["seen"].max(axis=1)) for name, table in stored("studies").items()}
    assert (max(seen, key=seen.get), seen["TPE"], mean(tpe[:, -1])) == ("TPE", 0.922, 0.908)
    for name in ("random", "quasi-random", "TPE"):  # within 20 trials all are near their end
        assert np.mean(measured.true_so_far(name)[:, 19]) > np.mean(measured.true_so_far(name)[:, -1]) - 0.003


def test_importances_of_noise_add_up_to_one() -> None:
    noise = stored("importances")["noise", "PED-ANOVA"]
    shares = np.array(list(noise.values()))
    assert shares.sum(axis=0) == pytest.approx(1, abs=1e-3)
    assert mean(shares.max(axis=0), 2) == 0.56
    assert len(set(shares.argmax(axis=0))) == 4  # with each seed another
    rate = stored("importances")["pool", "PED-ANOVA"]["lr"]
    assert (mean(rate, 2), round(float(rate.std(ddof=1)), 2)) == (0.79, 0.17)
    spreads = [round(float(runs.validation.std(ddof=1)), 3) for runs in (pool(), copies())]
    assert spreads == [0.305, 0.009]
    live = importances(noise_study(0), "PED-ANOVA", list(noise))
    assert live == pytest.approx(shares[:, 0], abs=1e-3)


def test_two_brakes_together_brake_too_much() -> None:
    means = {name: mean(measured.picked(name)) for name in measured.PICKS}
    assert list(means.values()) == [0.874, 0.897, 0.914, 0.898, 0.906]
    found = compare(measured.picked("dropout alone"), measured.picked("both"))
    assert (round(found.difference, 3), round(found.standard_error, 3)) == (-0.016, 0.002)
    picks = {
        name: max(table, key=lambda value: table[value].mean())
        for name, table in stored("one at a time").items()
    }
    assert measured.PICKS["both"] == tuple(picks.values())
    checked = {cell: runs["val_accuracy"].mean() for cell, runs in stored("checked").items()}
    gains = [checked[rate, 0, 0.5] - checked[rate, 0, 0] for rate in (0.01, 0.0001)]
    assert [round(float(gain), 3) for gain in gains] == [0.086, -0.17]


def test_the_best_of_the_grid_is_one_of_many() -> None:
    means = {cell: runs["val_accuracy"].mean() for cell, runs in stored("grid").items()}
    best = measured.best_of_grid()
    assert (len(means), round(float(means[best]), 3)) == (120, 0.909)
    assert mean(stored("checked")[best]["val_accuracy"]) == 0.904
    assert sum(value >= means[best] - 0.01 for value in means.values()) == 11


# ---------------------------------------------------------------- what the lesson trains


def solution(grade_id: str) -> str:
    """Return the code of a solution cell of the lesson."""
    found = re.search(rf"{{grade_id: {grade_id}, solution: true}}\n\n(.*?)\n```", LESSON_TEXT, re.DOTALL)
    assert found
    return found[1]


@lru_cache
def our_study() -> optuna.Study:
    """Return the study of the lesson, with the objective of its solution."""
    train, validation, _ = digits_noisy()
    names: dict[str, Any] = {"torch": torch, "optuna": optuna, "fit": fit, "EPOCHS": 10}
    names |= {"FlexibleClassifier": FlexibleClassifier, "train_set": train, "val_set": validation}
    exec(solution("objective"), names)
    with one_thread():
        return search(names["objective"], 50, direction="minimize", progress=False)


def test_the_winner_of_the_search_is_tested_beside_the_baseline() -> None:
    best = our_study().best_params
    tuned = final.retrain([64] * best["layers"], best, 10, FRESH)
    short, long = (final.retrain([64], PLAIN, epochs, FRESH) for epochs in (10, 40))
    assert mean(long["test"]) == pytest.approx(0.873, abs=0.002)
    assert mean(tuned["test"]) == pytest.approx(0.842, abs=0.005)
    ahead, behind = compare(short["test"], tuned["test"]), compare(long["test"], tuned["test"])
    assert (ahead.difference, behind.difference) == pytest.approx((0.109, -0.031), abs=0.005)
    assert (ahead.standard_error, behind.standard_error) == pytest.approx((0.008, 0.005), abs=0.001)
    assert our_study().best_value == pytest.approx(0.344, abs=0.005)
    assert mean(tuned["loss"]) == pytest.approx(0.513, abs=0.01)
    assert [mean(search["test"]) for search in told("long search")] == [0.876, 0.872, 0.879]


def test_few_weights_cost_little() -> None:
    front = {117: (0.0053007, 0.904), 24: (0.013675, 0.902), 10: (0.010345, 0.864)}  # of the lesson's search
    study = optuna.create_study(directions=["maximize", "minimize"])
    for width, (lr, accuracy) in front.items():
        found = final.small_net(width, lr)
        assert found[0] == pytest.approx(accuracy, abs=0.004)
        study.add_trial(optuna.trial.create_trial(values=list(found)))
    weights = [int(trial.values[1]) for trial in study.trials]
    assert weights == [8785, 1810, 760]
    assert [round(8785 / few) for few in weights[1:]] == [5, 12]
    _, alt = tuning_pictures.front_picture(study)
    assert "0.904 with 8785 weights" in alt


@pytest.mark.parametrize("name", ["decades", "curse", "leaders", "samplers", "together"])
def test_every_picture_tells_its_numbers(name: str) -> None:
    _, alt = getattr(tuning_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 15
    assert "nan" not in alt


@pytest.mark.parametrize("name", ["importance", "contour"])
def test_optunas_pictures_tell_their_numbers(name: str) -> None:
    _, alt = getattr(tuning_pictures, f"{name}_picture")(our_study())
    assert "nan" not in alt
    assert re.search(r"0\.\d\d", alt)
