"""Week 8: what its text says with numbers is what its experiments measure, and its pictures tell the same."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from utils import compare

LESSON = Path(__file__).parents[1] / "course" / "week08_early_stopping"
sys.path.insert(0, str(LESSON))

import stopping_experiments as measured  # noqa: E402 - the lesson's folder must be on the path first
import stopping_experiments_files as files  # noqa: E402
import stopping_pictures  # noqa: E402
from stopping_experiments import kept, stopped  # noqa: E402
from stopping_runs import HEADLINE, stored  # noqa: E402

pytestmark = pytest.mark.trains

TEXT = re.sub(r"\s+", " ", (LESSON / "week08_early_stopping.md").read_text(encoding="utf-8"))
LABELS, CURVES, OPTIMISM = stored("labels")[0.001], stored("curves"), stored("optimism")
LAST, BY_LOSS, BY_ACCURACY = measured.WAYS


def in_epoch(name: str, epoch: int) -> float:
    """Return the mean of 20 runs of the table of labels after an epoch, counted from 1."""
    return float(LABELS[name][:, epoch - 1].mean())


def pair(a: np.ndarray, b: np.ndarray, digits: int = 3) -> tuple[float, float]:
    """Return difference and doubt of 20 pairs, rounded."""
    found = compare(a, b)
    return round(found.difference, digits), round(found.standard_error, digits)


@pytest.mark.parametrize(
    "words",
    [
        "some 54 of those are now wrong",
        "In 87 of 100 such rows",
        "on in 3. A hundred epochs later",
        "the wrong label in 76 of 100",
        "contradicts 71 of its 300 labels, and among them are 52 of the 54 wrong ones",
        "in epochs 11 to 31, validation accuracy is highest in epochs 16 to 39",
        "validation loss lowest in epochs 40 to 73",
        "0.872 against 0.855, higher in all 20 pairs, and it comes from an epoch 24 earlier",
        "0.533 against 0.564",
        "0.792, by far more than one beats the other: by 0.064 and more",
        "it brings 0.053 ± 0.004 after these 100 epochs",
        "at 0.1 it brings 0.070, and the net it keeps is right in 0.59",
        "From 0.013 to 0.117, and 96 of 100 runs end before epoch 31",
        "anywhere from epoch 29 to 39",
        "the curve gains 0.04",
        "half of it, 0.02, triples the regret. At noise 0.02 nothing is won beyond 10",
        "too good by 0.087",
        "0.036 below the best",
        "it is 0.006 and 0.005",
        "say 0.901 and the test rows 0.865",
        "differs by 0.025",
        "right in 0.770, restored in 0.851: restoring brings 0.081 ± 0.005",
        "Among 1, 5, 20 and none, all restored, no two differ by more than 0.013.",
        "Patience 5 stops 25 epochs before patience 20",
        "0.866 against 0.855, by 0.010 ± 0.002",
        "by 0.121 ± 0.020 at rate 0.01",
        "right in 0.429, a patience of 20 in 0.587",
        "The validation accuracy, 0.866, becomes 0.522",
        "0.808 and 0.802, less than one spread",
        "it goes from 0.787 to 0.805",
        "grows from 0.54 to 1.36",
    ],
)
def test_the_lesson_says_what_is_measured_here(words: str) -> None:
    assert words in TEXT


def test_a_net_first_sees_through_wrong_labels_and_then_repeats_them() -> None:
    assert round(LABELS["n_wrong"].mean()) == 54
    assert (round(in_epoch("wrong_true", 20), 2), round(in_epoch("wrong_given", 20), 2)) == (0.87, 0.03)
    assert round(in_epoch("wrong_given", 120), 2) == 0.76
    assert (round(in_epoch("disagree", 15)), round(in_epoch("disagree_wrong", 15))) == (71, 52)
    turns = (LABELS["wrong_true"].argmax(1), LABELS["val_accuracy"].argmax(1), LABELS["val_loss"].argmin(1))
    assert [(turn.min() + 1, turn.max() + 1) for turn in turns] == [(11, 31), (16, 39), (40, 73)]


def test_each_rule_keeps_the_better_net_by_its_own_measure() -> None:
    accuracies = [kept(0.001, way, "test_accuracy") for way in (LAST, BY_LOSS, BY_ACCURACY)]
    assert [round(runs.mean(), 3) for runs in accuracies] == [0.792, 0.855, 0.872]
    assert pair(accuracies[0], accuracies[1])[0] == 0.064
    assert compare(accuracies[1], accuracies[2]).wins == 0  # B is lower in none: higher in all 20
    losses = [kept(0.001, way, "test_loss") for way in (BY_LOSS, BY_ACCURACY)]
    assert [round(runs.mean(), 3) for runs in losses] == [0.533, 0.564]
    assert compare(*losses).is_clear
    epochs = [measured.chosen_epochs(CURVES[0.001], way).mean() for way in (BY_LOSS, BY_ACCURACY)]
    assert round(epochs[0] - epochs[1]) == 24


def test_looking_back_mends_overfitting_and_no_bad_rate() -> None:
    runs = {name: LABELS[name][:, :100] for name in ("val_loss", "test_accuracy")}
    drawn = [
        measured.values_at(runs, measured.chosen_epochs(runs, way), "test_accuracy")
        for way in (LAST, BY_LOSS)
    ]
    assert pair(*drawn) == (0.053, 0.004)
    bad = [kept(0.1, way, "test_accuracy") for way in (LAST, BY_LOSS)]
    assert (pair(*bad)[0], round(bad[1].mean(), 2)) == (0.07, 0.59)
    assert (measured.chosen_epochs(CURVES[0.0001], BY_LOSS) == 99).all()


def test_noise_and_min_delta_cost_what_the_text_says() -> None:
    usual, greedy = measured.noise_costs(0.02, 5, 0), measured.noise_costs(0.02, 5, 0.05)
    assert [round(usual[name]) for name in ("5 %", "95 %")] == [29, 39]
    assert [round(costs["regret"], 3) for costs in (usual, greedy)] == [0.013, 0.117]
    assert round(100 * greedy["too early"]) == 96
    half = measured.noise_costs(0.02, 5, 0.02)
    assert half["regret"] / usual["regret"] == pytest.approx(3, abs=0.1)
    curve = measured.true_curve()
    assert (curve.argmin() + 1, round(curve[24] - curve[29], 2)) == (30, 0.04)
    for noise, patience in ((0.005, 2), (0.05, 10)):  # long enough against the noise
        assert measured.noise_costs(noise, patience, 0)["too early"] < 0.05
    twenty = measured.noise_costs(0.02, 20, 0)
    assert twenty["regret"] == pytest.approx(measured.noise_costs(0.02, 10, 0)["regret"], abs=0.001)


def test_the_score_of_the_kept_epoch_is_optimistic_where_few_rows_chose() -> None:
    def gaps(rows: int) -> tuple[float, float]:
        table = OPTIMISM[rows]
        honest = table["honest_score"]
        return pair(honest, table["kept_score"])[0], pair(honest, table["best_possible"])[0]

    assert (gaps(20), gaps(500)) == ((0.087, 0.036), (0.006, 0.005))
    assert [round(OPTIMISM[20][name].mean(), 2) for name in ("kept_score", "honest_score")] == [0.93, 0.84]
    assert compare(OPTIMISM[500]["honest_score"], OPTIMISM[500]["kept_score"]).is_clear
    split = OPTIMISM[0]
    assert [round(split[name].mean(), 3) for name in ("kept_score", "honest_score")] == [0.901, 0.865]
    ends = [CURVES[0.01][name][:, -1] for name in ("test_accuracy", "val_accuracy")]
    assert pair(*ends)[0] == 0.025


def test_restoring_brings_more_than_any_patience() -> None:
    ways = [stopped(0.01, 20, "test_accuracy", restored) for restored in (False, True)]
    assert [round(runs.mean(), 3) for runs in ways] == [0.770, 0.851]
    assert pair(*ways) == (0.081, 0.005)
    restored = [stopped(0.01, patience, "test_accuracy").mean() for patience in (1, 5, 20, 100)]
    assert max(restored) - min(restored) < 0.013
    assert pair(stopped(0.01, 1, "test_loss"), stopped(0.01, 5, "test_loss")) == (-0.121, 0.02)
    assert not compare(stopped(0.01, 5, "test_loss"), stopped(0.01, 20, "test_loss")).is_clear
    late = [stopped(0.001, patience, "test_accuracy") for patience in (5, 20)]
    assert [round(runs.mean(), 3) for runs in late] == [0.866, 0.855]
    assert pair(*late) == (-0.01, 0.002)
    epochs = [measured.epochs_trained(0.001, patience).mean() for patience in (5, 20)]
    assert round(epochs[1] - epochs[0]) == 25
    assert [round(stopped(0.1, n, "test_accuracy").mean(), 3) for n in (1, 20)] == [0.429, 0.587]
    assert (measured.epochs_trained(0.0001, 1) == 100).all()


def test_on_clothes_the_loss_grows_and_the_accuracy_stays() -> None:
    best, last = (HEADLINE[0.001][way] for way in ("best", "all"))
    assert (best["epoch"][0], best["val_loss"][0], last["val_loss"][0]) == (16, 0.544, 1.36)
    assert [end["val_accuracy"][0] for end in (best, last)] == [0.808, 0.802]
    assert best["val_accuracy"][1] > 0.808 - 0.802
    assert [HEADLINE[0.01][way]["val_accuracy"][0] for way in ("best", "all")] == [0.787, 0.805]


def test_only_real_copies_still_hold_the_best_epoch() -> None:
    history, best, found = files.kept_in_ways(epochs=20, rate=0.01)
    lowest, last = history["val_loss"][best], history["val_loss"][-1]
    assert best < 19
    for line, what in found.items():
        want = lowest if "deepcopy" in line or "clone" in line else last
        assert files.scores(what)[0] == pytest.approx(want, abs=1e-4), line


def test_a_run_goes_on_from_its_checkpoint_and_needs_its_buffers() -> None:
    found = files.resumed_without()
    whole = found.pop("never broken off")
    assert found["nothing"] == pytest.approx(whole, abs=1e-6)  # the very same curve
    assert found["the optimizer's numbers"][0] == found["the random state"][0] == found["nothing"][0]
    assert [round(found[part][0], 3) for part in ("nothing", "the buffers")] == pytest.approx(
        [0.866, 0.522], abs=0.03
    )
    assert found["the buffers"][-1] > 0.8  # they come back as training goes on
    assert len({tuple(values) for values in found.values()}) == 4


@pytest.mark.parametrize("name", ["kept", "optimism", "fashion"])
def test_every_picture_tells_its_numbers(name: str) -> None:
    _, alt = getattr(stopping_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 15
    assert "nan" not in alt


def test_the_picture_of_labels_tells_of_the_stored_runs_and_of_the_live_one() -> None:
    one = {name: values[:1] for name, values in LABELS.items()}
    _, alt = stopping_pictures.labels_picture(one)
    assert "0.87 in epoch 20" in alt
    assert f"the run just made: {one['wrong_true'][0, 19]:.2f} in epoch 20" in alt


def test_new_runs_of_one_seed_are_the_same() -> None:
    first, second = (files.new_run(3)[0] for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))
