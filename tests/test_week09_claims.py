"""Week 9: what its text says with numbers is what its stored runs measure."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from utils import compare

LESSON = Path(__file__).parents[1] / "course" / "week09_search"
sys.path.insert(0, str(LESSON))

import tuning_experiments as measured  # noqa: E402 - the lesson's folder must be on the path first
from tuning_runs import copies, pool, stored  # noqa: E402
from tuning_runs_curse import curse  # noqa: E402
from tuning_runs_designs import hit_shares  # noqa: E402
from tuning_runs_importances import importances, noise_study  # noqa: E402
from tuning_studies import search_iris, told  # noqa: E402

pytestmark = pytest.mark.trains

TEXT = re.sub(r"\s+", " ", (LESSON / "week09_search.md").read_text(encoding="utf-8"))


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
        "With 30 rows ten times the trials bring nothing (50 of them: 0.865); with 500 they do (200: 0.888)",
        "the average setting has 0.608",
        "shows 0.993 on average",
        "Yes, 0.957 (20 stored studies). 16 of the 20 winners showed 1.000, with five settings tied",
        "Three; after epoch 1 none.",
        "a median rate of 0.013, the ten best of epoch 20 one of 0.0045",
        "on test rows three are among the ten best. Of the best *fifty*, nine are among the fifty of epoch 5",
        "all ten are in the better *half* from epoch 5 on",
        "3.5 of five: those that start slowly.",
        "It saves 72 of 100 epochs and still costs only 0.008",
        "half the epochs are paid, and 0.001 is lost",
        "it is ahead by 0.003 ± 0.001",
        "All three *report* too much, by 0.010 to 0.014",
        "from quasi-random points these 20 studies cannot tell TPE (0.0005 ± 0.0011)",
        "0.56 on average",
        "(0.305 against 0.009)",
        "in nine of ten studies, with 0.79 ± 0.17",
        "In our own study dropout comes first, with 0.46; with four other study seeds it is rate, dropout, "
        "rate and layers.",
        "without decay and dropout 0.874, with decay 0.01 alone 0.897, with dropout 0.5 alone 0.914",
        "0.898, lower than dropout alone by 0.016 ± 0.002",
        "the same two together reach 0.906",
        "0.5 gains 0.086 over none at rate 0.01",
        "at 0.0001 it costs 0.170",
        "The winner of 120 showed 0.909, and with fresh seeds 0.904; ten others lay within 0.01 of it",
        "A fifth of the weights (1810 instead of 8785) costs nothing that one run could show, 0.902 against "
        "0.904. A twelfth costs 0.04.",
        "could not tell dropout 0.3, the rival above, from 0.5. Twenty can: it is lower by 0.006 ± 0.002",
        "the winner has 0.842. That is 0.109 ± 0.008 above the baseline of ten epochs",
        "0.031 ± 0.005 *below* that of forty",
        "the baseline with only the rate changed, to 0.01, has 0.868",
        "They chose trial 37, which has 0.865",
        "with four other study seeds the winners have 0.845 to 0.868",
        "In week 6 that much did nothing for AdamW (0.0000 ± 0.0007), whose best was near 1",
        "Its loss, 0.344 in the study, is 0.513 with fresh seeds",
        "end at 0.876, 0.872 and 0.879 on test rows; the plain baseline of forty has 0.873",
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
    assert abs(np.corrcoef(pool().weight_decay[inside], pool().validation[inside])[0, 1]) < 0.15
    gains = [strong_less_weak_dropout(*rates) for rates in ((1e-3, 2e-3), (5e-3, 1e-2))]
    assert gains[0] < 0 < 0.04 < gains[1]  # whether dropout helps depends on the rate


def strong_less_weak_dropout(low: float, high: float) -> float:
    """Return by how much settings with rates in a range are better with much dropout than with little."""
    near = (pool().lr >= low) & (pool().lr < high)
    strong, weak = near & (pool().dropout > 1 / 3), near & (pool().dropout < 1 / 6)
    return float(pool().validation[strong].mean() - pool().validation[weak].mean())


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
    assert [mean(curse("pool", number, 30)["test"]) for number in (50, 500)] == [0.865, 0.864]
    assert mean(curse("pool", 200, 500)["test"]) == 0.888
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
    assert np.isin(best, np.argsort(-pool().test, kind="stable")[:10]).sum() == 3
    assert np.isin(measured.ranked(20)[:50], measured.ranked(5)[:50]).sum() == 9
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
    luck = {
        name: mean(table["seen"].max(axis=1) - measured.true_so_far(name)[:, -1])
        for name, table in stored("studies").items()
    }
    assert (min(luck.values()), max(luck.values())) == (0.01, 0.014)
    found = compare(measured.true_so_far("quasi-random")[:, -1], tpe[:, -1])
    assert (round(found.difference, 4), round(found.standard_error, 4)) == (0.0005, 0.0011)
    assert not found.is_clear
    for name in ("random", "quasi-random", "TPE"):  # within 20 trials all are near their end
        assert np.mean(measured.true_so_far(name)[:, 19]) > np.mean(measured.true_so_far(name)[:, -1]) - 0.003


def test_importances_of_noise_add_up_to_one() -> None:
    noise = stored("importances")["noise", "PED-ANOVA"]
    shares = np.array(list(noise.values()))
    assert shares.sum(axis=0) == pytest.approx(1, abs=1e-3)
    assert mean(shares.max(axis=0), 2) == 0.56
    assert len(set(shares.argmax(axis=0))) == 4  # with each seed another
    by_pool = stored("importances")["pool", "PED-ANOVA"]
    rate = by_pool["lr"]
    assert sum(rate >= np.max(list(by_pool.values()), axis=0)) == 9
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
    dropout = stored("one at a time")["dropout"]
    found = compare(dropout[0.5], dropout[0.3])
    assert (round(found.difference, 3), round(found.standard_error, 3)) == (-0.006, 0.002)
    assert dropout[0.3].mean() > dropout[0.5].mean() - dropout[0.5].std(ddof=1)
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
