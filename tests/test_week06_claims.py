"""Week 6: what its text says with numbers is what its experiments measure, and its pictures tell the same."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import Lasso

from utils import compare, digits_noisy

LESSON = Path(__file__).parents[1] / "course" / "week06_weight_decay"
sys.path.insert(0, str(LESSON))

import decay_experiments as measured  # noqa: E402 - the lesson's folder must be on the path first
import decay_path_pictures  # noqa: E402
import decay_pictures  # noqa: E402
import decay_regression as regression  # noqa: E402
from decay_runs import HEADLINE, PUBLISHED_AGAIN, stored, watch_blind  # noqa: E402
from decay_test_rows import on_test_rows, train  # noqa: E402

pytestmark = pytest.mark.trains

TEXT = re.sub(r"\s+", " ", (LESSON / "week06_weight_decay.md").read_text(encoding="utf-8"))
ADAM, ADAMW = stored("adam ends"), stored("adamw ends")


def last(lam: float, ends: dict = ADAM, what: str = "val_accuracy") -> np.ndarray:
    """Return what the last epoch of 20 stored seeds says."""
    return ends[lam][what]


@pytest.mark.parametrize(
    "words",
    [
        "Under AdamW such a weight keeps 55 % of its size with λ = 1, and 99.4 % with λ = 0.01",
        "0.896 against 0.878 without decay, higher in 20 of 20 pairs",
        "falls from 0.869 to 0.820",
        "Exactly 82 %",
        "*higher*, 0.542 against 0.451, in all 20 pairs",
        "by 0.0058 ± 0.0024, more than two doubts",
        "0.0023 ± 0.0016, 1.4 doubts. The first ten pairs had been lucky",
        "the gain of λ = 0.01 stays: 0.017 ± 0.003",
        "0.824, 0.818, 0.821, **0.832**, 0.650",
        "0.0000 ± 0.0007",
        "AdamW, by 0.0036 ± 0.0014",
        "it is 0.0015 ± 0.0011",
        "+0.028 ± 0.002",
        "With 30 rows it drops 14.4 of those 15 at strength 10, and 0.7 of the 5",
        "At epoch 60 both losses of the left net are 0.45",
        "**A** 0.86 / 0.81, **B** 1.00 / 0.95, **C** 0.98 / 0.94",
        "*no* decay has 0.8995",
        "a second one cost 0.0035 ± 0.0012",
        "−0.0011 ± 0.0006 with Adam 0.01, by 0.0009 ± 0.0007 with AdamW 1",
        "all n = 17,226 parameters",
        "takes 69,000 steps",
    ],
)
def test_the_lesson_says_what_is_measured_here(words: str) -> None:
    assert words in TEXT


def test_a_spring_shrinks_a_weight_and_never_removes_it() -> None:
    ends = [measured.pulled_weight(lam)[-1] for lam in (0, 2, 18)]
    assert ends == pytest.approx([3, 1.5, 0.3], abs=0.006)
    kept = [(1 - 1e-3 * lam) ** 600 for lam in (1, 0.01)]
    assert kept == pytest.approx([0.55, 0.994], abs=0.005)
    assert math.log(0.5) / math.log(1 - 1e-5) == pytest.approx(69_314, abs=1)


def test_the_training_labels_are_right_in_82_of_100_rows() -> None:
    noisy, clean = (digits_noisy(noise=noise)[0].tensors[1] for noise in (0.2, 0.0))
    assert int((noisy == clean).sum()) == 246  # of 300


def test_the_best_accuracy_has_a_higher_loss() -> None:
    gain, cost = (
        compare(last(0.0, what=what), last(1e-2, what=what)) for what in ("val_accuracy", "val_loss")
    )
    assert (round(gain.mean_a, 3), round(gain.mean_b, 3), gain.wins) == (0.878, 0.896, 0)
    assert (round(gain.difference, 3), round(gain.standard_error, 3)) == (0.019, 0.002)
    assert (round(cost.mean_a, 3), round(cost.mean_b, 3), cost.wins) == (0.451, 0.542, 0)
    means = {lam: ends["val_accuracy"].mean() for lam, ends in ADAM.items()}
    assert max(means, key=means.__getitem__) == 1e-2
    assert [round(last(lam, what="train_accuracy").mean(), 3) for lam in (0.0, 1e-2)] == [0.869, 0.820]
    assert last(0.1, what="mean_abs_weight").max() < 5e-5
    assert last(0.1, what="train_loss").mean() == pytest.approx(math.log(10), abs=0.01)


def test_ten_pairs_say_yes_and_twenty_cannot_tell() -> None:
    ten, twenty = (compare(last(0.0)[:pairs], last(1e-3)[:pairs]) for pairs in (10, 20))
    assert (round(ten.difference, 4), f"{ten.standard_error:.4f}", ten.is_clear) == (0.0058, "0.0024", True)
    assert (round(twenty.difference, 4), round(twenty.standard_error, 4), twenty.is_clear) == (
        0.0023,
        0.0016,
        False,
    )
    assert not compare(last(0.0), last(1e-4)).is_clear
    pair = compare(last(1e-4), last(1e-3))
    assert pair.difference / pair.standard_error == pytest.approx(1.98, abs=0.01)
    assert compare(last(0.0), last(3e-2)).difference < -0.04


def test_five_seeds_do_not_confirm_the_published_optimum() -> None:
    small = {lam: row for lam, row in HEADLINE.items() if lam < 0.1}
    published = [row["published"] for row in HEADLINE.values()]
    assert published == [0.824, 0.818, 0.821, 0.832, 0.650]
    assert set(PUBLISHED_AGAIN) == {0.824, 0.841, 0.828}
    means = {lam: row["val_accuracy"][0] for lam, row in small.items()}
    assert min(means, key=means.__getitem__) == 1e-2
    assert max(means.values()) - min(means.values()) < 0.012  # the smallest spread
    assert max(row["val_accuracy"][1] for row in HEADLINE.values()) == 0.014
    assert round((published[0] - published[-1]) / 0.014) == 12
    sizes = [row["mean_abs_weight"][0] for row in HEADLINE.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert (round(sizes[0], 3), round(sizes[-1], 3)) == (0.034, 0.005)


def test_decay_is_the_penalty_if_the_half_and_all_parameters_are_in() -> None:
    def penalty(factor: float, axes: int) -> measured.Penalty:
        return lambda net: factor * 0.01 * sum(p.square().sum() for p in net.parameters() if p.ndim >= axes)

    assert measured.largest_gap(penalty(0.5, 1)) < 1e-9
    for wrong in (penalty(1.0, 1), penalty(0.5, 2)):
        assert 0.05 < measured.largest_gap(wrong) < 0.2
    weights = torch.cat([part.flatten() for part in measured.fresh_net(0).parameters()])
    assert weights.abs().mean() < 0.085  # "more than a typical weight"


def test_one_step_without_gradient_is_what_the_table_says() -> None:
    steps = {kind: measured.without_gradient(kind, 1e-4)[-1] for kind in measured.OPTIMIZERS}
    assert steps == pytest.approx({"Adam": 1.9, "AdamW": 1.99998, "SGD": 1.99998}, abs=1e-5)
    assert measured.without_gradient("Adam", 1e-8)[-1] == pytest.approx(2 - 0.1 * 2 / 3)


def test_adam_shrinks_blind_weights_alike_for_strengths_a_hundred_times_apart() -> None:
    runs = watch_blind(measured.LIVE_BLIND, seeds=range(2), epochs=15)
    strong, weak, adamw, adamw_strong = (values["blind"] for values in runs.values())
    assert np.abs(strong - weak).max() < 1e-4
    assert strong[:, -1].max() < 0.1 * strong[:, 0].min()
    for values, lam in ((adamw, 1e-2), (adamw_strong, 1.0)):
        assert values[:, -1] == pytest.approx(values[:, 0] * (1 - 1e-3 * lam) ** 150, rel=1e-3)


def test_adamw_has_another_scale() -> None:
    default = compare(last(0.0), last(0.01, ADAMW))
    assert (round(default.difference, 4), round(default.standard_error, 4)) == (0.0, 0.0007)
    means = {lam: ends["val_accuracy"].mean() for lam, ends in ADAMW.items()}
    assert max(means, key=means.__getitem__) == 1.0
    both = compare(last(0.01), last(1.0, ADAMW))
    assert (round(both.difference, 4), round(both.standard_error, 4)) == (0.0036, 0.0014)


def test_at_a_smaller_rate_no_decay_does_as_well() -> None:
    slow = {key: ends["val_accuracy"] for key, ends in stored("slow ends").items()}
    none = slow["adam", 3e-4, 0.0]
    assert none.mean() == pytest.approx(0.8995)
    assert not compare(none, last(0.01)).is_clear
    assert not compare(none, last(1.0, ADAMW)).is_clear
    assert round(none.mean() - last(0.0).mean(), 2) == 0.02  # "gained as much without"
    more = compare(none, slow["adamw", 3e-4, 1.0])
    assert (round(more.difference, 4), round(more.standard_error, 4)) == (-0.0035, 0.0012)
    for key in (("adam", 1e-4, 1e-4), ("adamw", 1e-4, 0.1)):  # "decay never helps there"
        assert not compare(slow["adam", 1e-4, 0.0], slow[key]).is_clear
    test = on_test_rows()
    assert not compare(test["no decay, rate 0.0003"], test["Adam 0.01"]).is_clear


def test_the_map_shows_what_the_text_says() -> None:
    for optimizer, best in (("adam", 1e-2), ("adamw", 1.0)):
        means = {key: ends["val_accuracy"].mean() for key, ends in stored(f"{optimizer} map").items()}
        for rate in (1e-3, 3e-3, 1e-2):
            row = {lam: mean for (of, lam), mean in means.items() if of == rate}
            assert max(row, key=row.__getitem__) == best, rate
        slow = [means[1e-4, lam] for lam in sorted(lam for of, lam in means if of == 1e-4)]
        assert slow[0] > max(slow[2:]) - 0.005
        assert slow[-1] < slow[0] - 0.1


def test_only_l1_reaches_zero_and_it_helps_most_where_rows_are_few() -> None:
    ratios = {
        (penalty, rows): np.array([choice.ratio for choice in regression.choices(penalty, rows)])
        for penalty in regression.PENALTIES
        for rows in (30, 60)
    }
    means = {key: round(runs.mean(), 2) for key, runs in ratios.items()}
    assert [means["L1", rows] for rows in (30, 60)] == [0.54, 0.87]
    assert [means["L2", rows] for rows in (30, 60)] == [0.91, 1.0]
    assert [means["ElasticNet", rows] for rows in (30, 60)] == [0.9, 1.0]
    doubts = {key: runs.std(ddof=1) / math.sqrt(20) for key, runs in ratios.items()}
    assert 1 - ratios["L2", 30].mean() > 2 * doubts["L2", 30]
    assert abs(1 - ratios["L2", 60].mean()) < 2 * doubts["L2", 60]
    assert regression.zeros_by_strength("L2").max() == 0
    zeros = regression.zeros_by_strength("L1").mean(axis=0)
    ten = np.abs(regression.STRENGTHS - 10).argmin()
    assert [round(part[ten], 1) for part in zeros] == [14.4, 0.7]
    kept = 15 - np.mean([choice.useless_zeros for choice in regression.choices("L1")])
    assert kept == pytest.approx(7.5, abs=0.5)  # "half of the useless ones"


def test_the_penalties_are_those_of_scikit_learn_and_of_descent_with_a_threshold() -> None:
    task = regression.task_of(3)
    path = regression.coefficients_of("L1", task, np.array([1.0]))[:, 0]
    other = Lasso(1.0, fit_intercept=False, tol=1e-10, max_iter=100_000).fit(*task.train).coef_
    np.testing.assert_allclose(path, other, atol=1e-3)
    x, y = task.train
    ridge = regression.coefficients_of("L2", task, np.array([0.5]))[:, 0]
    np.testing.assert_allclose(x.T @ (x @ ridge - y) / len(x) + 0.5 * ridge, 0, atol=1e-9)
    assert regression.lasso_gap(lambda w, t: w - np.clip(w, -t, t)) < 1e-4


@pytest.mark.parametrize("name", ["spring", "strength", "scales", "fashion"])
def test_every_picture_tells_its_numbers(name: str) -> None:
    _, alt = getattr(decay_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 15
    assert "nan" not in alt


def test_the_paths_say_where_coefficients_are_zero() -> None:
    _, alt = decay_path_pictures.paths_picture()
    assert "L2: exactly zero are 0 of 20 at strength 0.001, 0 at" in alt


@pytest.mark.long
def test_the_curves_show_overfitting_without_decay_only() -> None:
    curves = measured.loss_curves()
    free, pulled = (runs["val_loss"].mean(0) for runs in curves.values())
    assert (40 < free.argmin() + 1 < 80, pulled.argmin() + 1 > 85) == (True, True)
    assert free[-1] - free.min() > 0.07
    train = curves[0.0]["train_loss"].mean(0)
    assert train[-1] == train.min()
    assert (train[59], free[59]) == pytest.approx((0.45, 0.45), abs=0.01)  # no gap at epoch 60


def test_the_gain_holds_on_rows_that_chose_nothing() -> None:
    test, draws = on_test_rows(), stored("draws")
    gain, both = compare(test["no decay"], test["Adam 0.01"]), compare(test["Adam 0.01"], test["AdamW 1"])
    assert (round(gain.difference, 3), round(gain.standard_error, 3)) == (0.028, 0.002)
    assert (round(both.difference, 4), round(both.standard_error, 4), both.is_clear) == (
        0.0015,
        0.0011,
        False,
    )
    drawn = compare(draws["adam", 0.0]["val_accuracy"], draws["adam", 0.01]["val_accuracy"])
    assert (round(drawn.difference, 3), round(drawn.standard_error, 3)) == (0.017, 0.003)
    assert drawn.spread_b > 2 * gain.spread_b > 0  # "the spread grows"
    assert drawn.spread_a > 1.2 * gain.spread_a


def test_stored_test_rows_are_what_is_trained_here() -> None:
    found = [runs[:1].item() for runs in on_test_rows().values()]
    assert train([0])[:, 0].tolist() == pytest.approx(found, abs=0.01)
