"""Week 7: what its text says with numbers is what its experiments measure, and its pictures tell the same."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from course_data import one_thread
from torch import nn

from utils import compare, digits_noisy, seeded

LESSON = Path(__file__).parents[1] / "course" / "week07_dropout"
sys.path.insert(0, str(LESSON))

import dropout_experiments as measured  # noqa: E402 - the lesson's folder must be on the path first
import dropout_experiments_norm as measured_norm  # noqa: E402
import dropout_norm_pictures  # noqa: E402
import dropout_pictures  # noqa: E402
from dropout_runs import HEADLINE, dropout_net, stored  # noqa: E402

pytestmark = pytest.mark.trains

TEXT = re.sub(r"\s+", " ", (LESSON / "week07_dropout.md").read_text(encoding="utf-8"))


def said(*words: str) -> None:
    """Check that the lesson says so."""
    for part in words:
        assert part in TEXT, part


def runs(table: str, key: object, name: str = "val_accuracy") -> np.ndarray:
    """Return the stored numbers of all seeds of a setting."""
    return stored(table)[key][name]


def means(table: str, keys: list, name: str = "val_accuracy", digits: int = 3) -> list[float]:
    """Return the means over seeds of several settings, rounded."""
    return [round(float(runs(table, key, name).mean()), digits) for key in keys]


def pair(a: np.ndarray, b: np.ndarray, digits: int = 3) -> tuple[float, float]:
    """Return by how much B is higher than A, and the doubt about it, rounded; there are twenty pairs."""
    found = compare(a, b)
    assert found.pairs == 20
    return round(found.difference, digits), round(found.standard_error, digits)


def test_a_coin_keeps_the_mean_and_adds_a_spread() -> None:
    said("|x| · √(p/(1 − p))", "0.9 three times as large")
    for p in (0.25, 0.5, 0.9):
        values = measured.coin_outcomes(p)
        assert values.mean() == pytest.approx(1, abs=0.05)
        assert values.std() == pytest.approx((p / (1 - p)) ** 0.5, rel=0.03)
        assert values.max() == pytest.approx(1 / (1 - p))


def test_the_sweep_has_its_best_p_near_a_half() -> None:
    said("0.038 ± 0.003 above p = 0, in all 20 pairs", "cannot tell it from 0.4, and 0.3 is 0.006 worse")
    said("it is lowest at 0.2", "with 0.87 and 0.88", "loses nearly four points")
    best = runs("ends", 0.5)
    assert pair(runs("ends", 0.0), best) == (0.038, 0.003)
    assert compare(runs("ends", 0.0), best).wins == 0
    assert not compare(runs("ends", 0.4), best).is_clear
    assert pair(runs("ends", 0.3), best)[0] == 0.006
    assert compare(runs("ends", 0.3), best).is_clear
    ends = stored("ends")
    assert max(ends, key=lambda p: ends[p]["val_accuracy"].mean()) == 0.5
    assert min(ends, key=lambda p: ends[p]["val_loss"].mean()) == 0.2
    gaps = [values["val_accuracy"].mean() - values["train_accuracy"].mean() for values in ends.values()]
    assert gaps[0] == min(np.abs(gaps)) > 0  # nearest at p = 0, and validation is above everywhere
    assert gaps[:8] == sorted(gaps[:8])
    assert [round(ends[0.0][f"{part}_accuracy"].mean(), 2) for part in ("train", "val")] == [0.87, 0.88]


def test_a_small_net_only_loses() -> None:
    said("| training accuracy | 0.786 | 0.718 | 0.600 | 0.435 |")
    said("| validation accuracy | 0.867 | 0.859 | 0.828 | 0.747 |")
    keys = [0.0, 0.1, 0.3, 0.5]
    assert means("small", keys, "train_accuracy") == [0.786, 0.718, 0.600, 0.435]
    assert means("small", keys) == [0.867, 0.859, 0.828, 0.747]
    assert compare(runs("small", 0.0), runs("small", 0.3)).difference < -0.03
    train, clean = (digits_noisy(noise=noise)[0].tensors[1] for noise in (0.2, 0.0))
    right = (train == clean).double().mean().item()
    assert means("small", [0.0], "train_accuracy")[0] < right < means("ends", [0.0], "train_accuracy")[0]


def test_the_best_p_depends_on_the_number_of_epochs() -> None:
    said("To 0.777", "from 0.915 to 0.874", "0.905 and is best, by 0.128 ± 0.003")
    long = {p: values["val_accuracy"] for p, values in stored("long").items()}
    ends = {p: round(values[:, -1].mean(), 3) for p, values in long.items()}
    assert [ends[p] for p in (0.0, 0.5, 0.7)] == [0.777, 0.874, 0.905]
    assert max(ends, key=ends.__getitem__) == 0.7
    assert round(long[0.5][:, 0].mean(), 3) == 0.915
    assert pair(long[0.0][:, -1], long[0.7][:, -1]) == (0.128, 0.003)
    assert runs("long", 0.0, "train_accuracy")[:, -1].min() == 1
    assert compare(long[0.9][:, -2], long[0.9][:, -1]).difference > 0.03  # "still rises"


def test_five_seeds_on_clothes_show_no_clear_optimum() -> None:
    said("100 ± 23 for p = 0, 117 ± 26 for 0.1, 138 ± 11 for 0.3, 148 ± 3 for 0.5, 150 ± 0 for 0.7")
    best = [row["best_epoch"] for row in HEADLINE.values()]
    assert best == [(100, 23), (117, 26), (138, 11), (148, 3), (150, 0), (150, 0)]
    found = {p: row["val_accuracy"] for p, row in HEADLINE.items()}
    assert max(found, key=lambda p: found[p][0]) == 0.1
    small = [mean for p, (mean, _) in found.items() if p <= 0.5]
    assert (min(small), max(small)) == (0.804, 0.817)
    assert {found[p][1] for p in (0.0, 0.3)} == {0.014, 0.019}
    published = {p: row["published"] for p, row in HEADLINE.items()}
    assert max(published.items(), key=lambda item: item[1]) == (0.0, 0.841)
    gap = {p: row["train_accuracy"][0] - row["val_accuracy"][0] for p, row in HEADLINE.items()}
    assert gap[0.5] > 0 > gap[0.7]  # where the curves cross


def test_eval_mode_turns_the_losses_round_on_clean_labels_only() -> None:
    said("training loss 0.27 and validation loss 0.19 (20 seeds)", "0.10 against 0.19")
    said("from 0.93 to 0.72 only, still above the 0.48")
    names = ("train_loss", "train_loss_eval", "val_loss")
    clean, noisy = ([round(runs(of, 0.5, name).mean(), 2) for name in names] for of in ("clean ends", "ends"))
    assert (clean, noisy) == ([0.27, 0.10, 0.19], [0.93, 0.72, 0.48])
    assert compare(runs("clean ends", 0.5, "train_loss_eval"), runs("clean ends", 0.5, "val_loss")).wins == 0


def test_on_clean_labels_much_dropout_costs_and_a_little_does_not() -> None:
    said("*costs* accuracy, 0.006 ± 0.001. A small p costs none, and lowers the loss", "it cost half a point")
    assert pair(runs("clean ends", 0.0), runs("clean ends", 0.5)) == (-0.006, 0.001)
    for p in (0.1, 0.2, 0.3):
        assert not compare(runs("clean ends", 0.0), runs("clean ends", p)).is_clear
        loss = compare(runs("clean ends", 0.0, "val_loss"), runs("clean ends", p, "val_loss"))
        assert loss.is_clear
        assert loss.difference < 0


def test_only_relu_and_leaky_relu_may_change_places_with_dropout() -> None:
    gaps = {name: measured.order_gap(f) for name, f in measured.ACTIVATIONS.items()}
    assert {name for name, gap in gaps.items() if gap == 0} == {"ReLU", "LeakyReLU"}
    assert min(gap for gap in gaps.values() if gap) > 0.2
    assert measured.order_gap(torch.abs) == 0  # the written question's three
    assert measured.order_gap(lambda x: nn.functional.relu6(2 * x)) > 0.5
    assert measured.order_gap(nn.functional.softplus) > 0.5


def test_dropout_after_the_last_layer_regularizes_digits_and_halves_prices() -> None:
    said("0.895, higher by 0.017 ± 0.003", "from 0.45 to 0.68", "logits half as large", "gains more (0.915)")
    assert pair(runs("last layer", 0.0), runs("last layer", 0.5)) == (0.017, 0.003)
    assert means("last layer", [0.5]) == [0.895]
    assert means("last layer", [0.0, 0.5], "val_loss", 2) == [0.45, 0.68]
    assert means("last layer", [0.5], "train_accuracy", 1) == [0.5]
    logits = means("last layer", [0.0, 0.5], "largest_logit")
    assert logits[1] / logits[0] == pytest.approx(0.5, abs=0.05)
    assert compare(runs("last layer", 0.5), runs("ends", 0.5)).is_clear
    losses = {said: np.mean([(2 * said - 10) ** 2, 10**2]) for said in range(11)}
    assert (losses[10], losses[5], min(losses, key=losses.__getitem__)) == (100, 50, 5)


def test_eval_mode_stands_for_the_average_in_accuracy_only() -> None:
    said("thinned net alone has 0.82, the average of 200 has 0.914", "from 0.878 to 0.715", "has 0.875")
    assert means("averages", ["eval", "1", "200"], "accuracy") == [0.915, 0.824, 0.914]
    assert not compare(runs("averages", "eval", "accuracy"), runs("averages", "200", "accuracy")).is_clear
    assert means("averages", ["eval", "200", "none"], "calibration", 2) == [0.22, 0.32, 0.12]
    net, (x, _) = measured.trained_net(0.5), measured.validation_rows()
    whole = net(x).softmax(dim=1).detach()
    averaged = measured.thinned_probabilities(net, 20).mean(dim=0)
    sure, less_sure = (float(found.max(dim=1).values.mean()) for found in (whole, averaged))
    assert less_sure < sure - 0.05 < measured.accuracy(whole) - 0.15  # too modest, and averaged more so
    assert means("cut", [(0.0, 0.0), (0.0, 0.5), (0.5, 0.5)]) == [0.878, 0.715, 0.875]
    assert not compare(runs("cut", (0.0, 0.0)), runs("cut", (0.5, 0.5))).is_clear


def test_a_net_that_withstands_cuts_is_better_only_where_there_are_wrong_labels_to_learn() -> None:
    said(
        "0.945 to 0.916; the other net 0.950 to 0.833",
        "of the wrong ones it has learned 10 %",
        "dropout 35 %",
    )
    keys = [(p, share) for p in (0.5, 0.0) for share in (0.0, 0.5)]
    assert means("clean cut", keys) == [0.945, 0.916, 0.950, 0.833]
    assert means("wrong labels", [0.5, 0.0], "wrong", 2) == [0.10, 0.35]
    assert means("wrong labels", [0.5, 0.0], "right", 2) == [0.98, 0.99]


def test_dropout_and_random_labels_both_make_a_net_too_modest() -> None:
    said("0.018 without dropout, 0.050 with it, and 0.152 after averaging")
    assert means("clean averages", ["none", "eval", "200"], "calibration") == [0.018, 0.050, 0.152]
    for table in ("clean averages", "averages"):
        for runs_of in stored(table).values():
            assert runs_of["sure"].mean() < runs_of["accuracy"].mean()


def test_batch_norm_leaves_signs_of_a_pair_and_nothing_of_a_bias() -> None:
    layer = nn.BatchNorm1d(1)
    for rows in ((1, 2), (100, 300)):
        out = layer(torch.tensor(rows, dtype=torch.float32)[:, None]).flatten()
        assert out.tolist() == pytest.approx([-1, 1], abs=1e-3)
    same = layer(torch.full((2, 1), 7.0))
    assert same.flatten().tolist() == pytest.approx([0, 0], abs=1e-3)  # every picture twice
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        layer(torch.ones(1, 1))


def test_batch_norm_makes_a_small_rate_useful_and_learns_wrong_labels_faster() -> None:
    said("eleven times as long, 1.53 instead of 0.14", "a rate of 0.1 has 0.74 in epoch 5")
    lengths = [float(measured_norm.gradient_lengths(norm).mean()) for norm in (True, False)]
    assert [round(length, 2) for length in lengths] == [1.53, 0.14]
    assert round(lengths[0] / lengths[1]) == 11
    said("0.22 after five epochs", "falls by 0.042 ± 0.004", "has 0.65, against 0.84 without")
    curves = stored("norm rates")
    without, with_norm = (curves[0.01, norm]["val_accuracy"] for norm in (0, 1))
    assert [round(runs[:, 4].mean(), 2) for runs in (without, with_norm)] == [0.22, 0.9]
    assert round(curves[0.1, 0]["val_accuracy"][:, 4].mean(), 2) == 0.74
    assert pair(with_norm[:, 4], with_norm[:, 14]) == (-0.042, 0.004)
    assert curves[1.0, 1]["val_accuracy"][:, 4].mean() > 0.5 > curves[1.0, 1]["val_accuracy"][:, 14].mean()
    assert means("norm batches", [(2, 0), (2, 1)], digits=2) == [0.84, 0.65]


def test_a_forgotten_eval_shows_in_batch_size_and_order() -> None:
    said("in batches of 32: 0.875", "in one batch hide it: 0.876", "gives 0.860 where it gave 0.875")
    keys = [(32, "eval"), (500, "random"), (2, "afterwards"), (500, "afterwards")]
    assert means("forgotten", keys) == [0.875, 0.876, 0.86, 0.876]
    assert means("forgotten", [(32, "sorted")], digits=2) == [0.22]
    sizes = (2, 4, 8, 32, 100)
    by_size = means("forgotten", [(size, "random") for size in sizes])
    assert by_size == sorted(by_size)
    moved = compare(runs("forgotten", (2, "eval")), runs("forgotten", (2, "afterwards")))
    assert (moved.is_clear, moved.difference < 0) == (True, True)


def test_the_live_cells_tell_the_same() -> None:
    assert measured_norm.validation_accuracy(32, forgot=True, is_sorted=True) < 0.3
    assert measured_norm.validation_accuracy(32) > 0.84
    live = measured_norm.rate_runs(0.01, seeds=range(1), epochs=5)
    assert live["with batch norm"][0, -1] > live["without"][0, -1] + 0.4


def test_noise_on_training_pixels_is_the_other_half_of_a_gap() -> None:
    """The written question's net: p = 0.3, right labels, noise of 0.4 on the pixels while training."""
    said("training 0.77, validation 0.37", "noise still on: 0.59", "0.31 without noise")
    (x, y), (x_val, y_val) = (part.tensors for part in digits_noisy(noise=0.0)[:2])
    with seeded(0), one_thread():
        net = dropout_net(0.3)
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
        for _ in range(40):
            for rows in torch.randperm(300).split(32):
                optimizer.zero_grad()
                noisy = x[rows] + 0.4 * torch.randn(len(rows), 64)
                nn.functional.cross_entropy(net(noisy), y[rows]).backward()
                optimizer.step()
        inputs = [x + 0.4 * torch.randn_like(x) for _ in range(20)]
        running = np.mean([nn.functional.cross_entropy(net(noisy), y).item() for noisy in inputs])
        net.eval()
        noisy_eval = np.mean([nn.functional.cross_entropy(net(noisy), y).item() for noisy in inputs])
        clean, val = (nn.functional.cross_entropy(net(a), b).item() for a, b in ((x, y), (x_val, y_val)))
    assert [running, noisy_eval, val, clean] == pytest.approx([0.77, 0.59, 0.37, 0.31], abs=0.05)


def test_dropout_behind_the_only_output_halves_prices() -> None:
    with seeded(0), one_thread():
        x = torch.rand(300, 4)
        prices = 5 + 10 * x[:, :1]
        net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 1), nn.Dropout(0.5))
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-2, fused=True)
        for _ in range(100):
            for rows in torch.randperm(300).split(32):
                optimizer.zero_grad()
                nn.functional.mse_loss(net(x[rows]), prices[rows]).backward()
                optimizer.step()
        ratio = net.eval()(x) / prices
    assert ratio.mean().item() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", ["ends", "long", "fashion", "cut"])
def test_every_picture_tells_its_numbers(name: str) -> None:
    _, alt = getattr(dropout_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 15
    assert "nan" not in alt


@pytest.mark.parametrize("name", ["rates", "forgotten"])
def test_every_picture_of_batch_norm_tells_its_numbers(name: str) -> None:
    _, alt = getattr(dropout_norm_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 15
    assert "nan" not in alt
