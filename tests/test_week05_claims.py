"""Week 5: what its text says with numbers is what its experiments and its stored runs measure."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from utils import compare, digits_noisy, rates_of, sweep

LESSON = Path(__file__).parents[1] / "course" / "week05_optimizers"
sys.path.insert(0, str(LESSON))

import optimizer_experiments as measured  # noqa: E402 - the lesson's folder must be on the path first
import optimizer_experiments_toys as toys  # noqa: E402
import optimizer_pictures  # noqa: E402
from optimizer_runs import stored  # noqa: E402

pytestmark = pytest.mark.trains


def test_only_sgd_notices_that_the_loss_is_multiplied() -> None:
    for factor in ("0.001", "1000"):
        assert stored(f"loss times {factor}", "sgd 0.3")["val_accuracy"].mean() < 0.15
    adam = [
        stored(f"loss times {factor}", "adam 0.01")["val_accuracy"].mean()
        for factor in ("0.001", "1", "1000")
    ]
    assert np.ptp(adam) < 0.005


def accuracy(table: str, key: str) -> np.ndarray:
    """Return the last validation accuracies of a stored setting, (20 seeds,)."""
    values: np.ndarray = stored(table, key)["val_accuracy"]
    return values


def test_equal_rates_are_no_comparison_and_the_best_rates_differ_by_30() -> None:
    losses = {key: values["val_loss"].mean() for key, values in stored("rates").items()}
    assert losses["sgd 0.01"] - losses["adam 0.01"] > 2
    assert losses["adam 0.3"] - losses["sgd 0.3"] > 1.5
    best = {
        kind: min((k for k in losses if k.startswith(kind)), key=losses.__getitem__)
        for kind in measured.KINDS
    }
    assert best == {
        "sgd": "sgd 0.3",
        "momentum": "momentum 0.1",
        "adagrad": "adagrad 0.1",
        "rmsprop": "rmsprop 0.01",
        "adam": "adam 0.03",
    }


TUNED = [
    ("sgd 0.3", 0.929, 10),
    ("momentum 0.1", 0.948, 6),
    ("adam 0.03", 0.950, 4),
    ("adam 0.001", 0.84, None),
]


@pytest.mark.parametrize(("key", "said", "epochs"), TUNED)
def test_tuned_runs_end_where_the_text_says(key: str, said: float, epochs: int | None) -> None:
    runs = stored("rates", key)
    assert runs["val_accuracy"].mean() == pytest.approx(said, abs=0.0051)
    if epochs is not None:
        assert round(runs["epochs_to_90"].mean()) == epochs


PAIRS = [  # table, A, B, difference, doubt, and whether it counts
    ("rates", "momentum 0.1", "adam 0.03", 0.002, 0.002, False),
    ("rates", "momentum 0.1", "sgd 0.3", -0.019, 0.005, True),
    ("schedules", "sgd 0.1", "sgd 0.1 cosine", -0.023, 0.006, True),
    ("schedules", "sgd 0.1", "sgd 0.2 cosine", 0.020, 0.003, True),
    ("schedules", "sgd 0.3 cosine", "sgd 0.3 cosine warmup 38", 0.002, 0.001, False),
    ("schedules adam", "adam 0.003", "adam 0.01 cosine", 0.000, 0.001, False),
    ("deep", "adam 0.02", "adam 0.02 warmup 20", 0.08, 0.03, True),
    ("deep", "adam 0.01", "adam 0.01 warmup 20", 0.020, 0.013, False),
    ("deep", "adam 0.01", "adam 0.01 warmup 60", 0.026, 0.012, True),
    ("deep", "adam 0.02 warmup 20", "adam 0.02 clip 1", -0.015, 0.019, False),
    ("deep", "adam 0.03 warmup 20", "adam 0.03 clip 1", -0.001, 0.018, False),
    ("deep", "adam 0.02", "adam 0.02 clip 1", 0.062, 0.023, True),
    ("deep", "adam 0.03", "adam 0.03 clip 1", 0.121, 0.029, True),
    ("deep", "momentum 0.05", "momentum 0.05 warmup 60", -0.12, 0.03, True),
    ("deep", "momentum 0.2", "momentum 0.2 warmup 20", 0.037, 0.03, False),
    ("deep", "momentum 0.2", "momentum 0.2 clip 1", 0.52, 0.03, True),
    ("deep", "momentum 0.05", "momentum 0.05 clip 1", 0.023, 0.02, False),
]


@pytest.mark.parametrize(("table", "a", "b", "difference", "doubt", "counts"), PAIRS)
def test_pairs_differ_as_the_text_says(
    table: str, a: str, b: str, difference: float, doubt: float, counts: bool
) -> None:
    found = compare(accuracy(table, a), accuracy(table, b))
    assert found.pairs == 20
    assert found.is_clear == counts
    assert found.difference == pytest.approx(difference, abs=0.006 if abs(difference) > 0.03 else 0.0006)
    assert found.standard_error == pytest.approx(doubt, abs=0.006 if doubt >= 0.02 else 0.0006)


MEANS = [  # table, setting, and the accuracy that the text names
    ("schedules", "sgd 0.1", 0.883),
    ("schedules", "sgd 0.1 cosine", 0.859),
    ("schedules", "sgd 1", 0.57),
    ("schedules", "sgd 0.6 step", 0.909),
    ("schedules", "sgd 1 exponential min 0.01", 0.909),
    ("schedules", "sgd 0.6 cosine", 0.905),
    ("schedules adam", "adam 0.003", 0.896),
    ("schedules adam", "adam 0.01 cosine", 0.896),
    ("rates noisy", "adam 0.003", 0.89),
    ("rates noisy", "adam 0.03", 0.82),
    ("deep", "adam 0.02", 0.76),
    ("deep", "adam 0.02 warmup 20", 0.84),
    ("deep", "adam 0.003", 0.853),
    ("deep", "adam 0.003 warmup 20", 0.853),
    ("deep", "momentum 0.2", 0.18),
    ("deep", "momentum 0.2 clip 1", 0.70),
    ("batch 4 epochs 20", "sgd 0.03", 0.89),
    ("batch 4 epochs 20", "sgd 0.1", 0.85),
    ("batch 64 epochs 20", "sgd 0.1", 0.635),
    ("batch 64 epochs 20", "sgd 0.3", 0.863),
    ("batch 4 epochs 20", "sgd 0.0125", 0.857),
    ("batch 16 epochs 20", "sgd 0.05", 0.857),
    ("batch 64 epochs 20", "sgd 0.2", 0.851),
    ("batch 300 epochs 20", "sgd 0.9375", 0.69),
]


@pytest.mark.parametrize(("table", "key", "said"), MEANS)
def test_stored_runs_end_where_the_text_says(table: str, key: str, said: float) -> None:
    digits = len(f"{said:g}".split(".")[1])
    assert accuracy(table, key).mean() == pytest.approx(said, abs=0.6 * 10**-digits)


def test_one_label_in_five_is_drawn_and_18_percent_are_wrong() -> None:
    drawn, right = digits_noisy(), digits_noisy(noise=0.0)
    wrong = [(a.tensors[1] != b.tensors[1]).double().mean() for a, b in zip(drawn, right, strict=True)]
    assert wrong == [0.18, 0, 0]


def test_the_fast_one_learns_the_wrong_labels() -> None:
    slow, fast = (stored("rates noisy", f"adam {rate}")["val_loss"] for rate in (0.003, 0.03))
    assert slow.mean() > fast.mean()  # right more often, and less sure
    losses = [stored("rates noisy", f"adam {rate}")["train_loss"].mean() for rate in (0.03, 0.003)]
    assert [round(loss, 2) for loss in losses] == [0.43, 0.94]


def test_the_best_constant_rate_is_the_one_that_the_text_calls_so() -> None:
    constant = {
        key: accuracy("schedules", key).mean() for key in stored("schedules") if len(key.split()) == 2
    }
    assert max(constant, key=constant.__getitem__) == "sgd 0.1"
    assert accuracy("schedules", "sgd 0.1").std(ddof=1) == pytest.approx(0.012, abs=0.0005)
    for key in ("sgd 0.6 step", "sgd 1 exponential min 0.01", "sgd 0.6 cosine"):
        assert accuracy("schedules", key).std(ddof=1) < 0.01
    cosine = {"optimizer": "sgd", "lr": 0.2, "schedule": "cosine"}
    assert np.mean(rates_of(cosine, 380)) == pytest.approx(0.1, rel=0.01)


def test_which_rescue_helps_whom() -> None:
    failed = {
        way: int((accuracy("deep", f"momentum 0.2{way}") < 0.5).sum())
        for way in ("", " warmup 20", " clip 1")
    }
    assert failed == {"": 20, " warmup 20": 20, " clip 1": 1}
    ends = [toys.off_the_cliff(rate)[-1] for rate in (0.001, 0.002, 0.005)]
    assert ends[0] == pytest.approx(1)
    assert ends[1] == pytest.approx(0.128, abs=0.001)
    assert not np.isfinite(ends[2])
    for rate in (0.001, 0.002, 0.005):
        assert toys.off_the_cliff(rate, 1.0)[-1] == pytest.approx(1)


def test_large_batches_win_at_equal_steps_and_small_ones_at_equal_epochs() -> None:
    epochs = [accuracy(f"batch {size} epochs 20", "sgd 0.1").mean() for size in (16, 4, 64, 300)]
    steps = [accuracy(f"batch {size} steps 200", "sgd 0.1").mean() for size in (300, 64, 16, 4)]
    assert epochs == sorted(epochs, reverse=True)
    assert steps == sorted(steps, reverse=True)


def test_in_proportion_to_b_three_sizes_cannot_be_told_apart() -> None:
    ends = {size: accuracy(f"batch {size} epochs 20", f"sgd {0.1 * size / 32:.4g}") for size in (4, 16, 64)}
    for one, other in ((4, 16), (4, 64), (16, 64)):
        assert not compare(ends[one], ends[other]).is_clear


def test_each_at_its_own_rate_64_is_a_little_behind_16() -> None:
    last = accuracy("batch 16 epochs 20", "sgd 0.1") - accuracy("batch 64 epochs 20", "sgd 0.3")
    assert last.mean() == pytest.approx(0.02, abs=0.0005)
    best = [
        max(cell["best_accuracy"].mean() for cell in stored(f"batch {size} epochs 20").values())
        for size in (16, 64)
    ]
    assert best[0] - best[1] == pytest.approx(0.009, abs=0.0005)


def test_the_noise_of_a_gradient_falls_with_the_root_of_the_batch_size() -> None:
    noise = measured.gradient_noise()
    for size, away in noise.items():
        assert away * size**0.5 == pytest.approx(2.1, abs=0.1)
    assert measured.full_gradient_length() == pytest.approx(0.23, abs=0.005)
    assert 4 < noise[4] / measured.full_gradient_length() < 5


def test_noise_keeps_a_constant_rate_away_from_the_minimum() -> None:
    constant = toys.noisy_descent([0.3] * 1000)
    assert constant[19] == pytest.approx(0.64, abs=0.005)
    assert 0.55 < constant[-1] < 0.7
    assert toys.noisy_descent(rates_of({"lr": 0.3, "schedule": "cosine"}, 1000))[-1] < 0.1


def test_a_tenth_of_the_lowest_place_is_the_recipe_that_never_fails() -> None:
    reached: dict[str, list[float]] = {}
    for kind in ("sgd", "momentum", "adam"):
        test = stored("range test", kind)
        for name, rates in measured.recipes(test["rates"], test["losses"]).items():
            reached.setdefault(name, []).extend(measured.accuracy_at(kind, rate) for rate in rates)
    assert len(reached["steepest"]) == 60
    assert sum(accuracy < 0.9 for accuracy in reached["steepest"]) == 35
    assert min(reached["a tenth of the lowest"]) > 0.9
    assert below_90_on_smoothed_curves() == {"sgd": 10, "momentum": 0, "adam": 2}
    assert min(reached["steepest"]) < 0.15 < 0.94 < max(reached["steepest"])


def below_90_on_smoothed_curves(window: int = 5) -> dict[str, int]:
    """Return how many steepest places lead below 0.9 if the losses are first averaged over some steps."""
    counts = {}
    for kind in ("sgd", "momentum", "adam"):
        test = stored("range test", kind)
        smooth = np.array([np.convolve(run, np.ones(window) / window, "valid") for run in test["losses"]])
        rates = measured.recipes(test["rates"][window // 2 :], smooth)["steepest"]
        counts[kind] = sum(measured.accuracy_at(kind, rate) < 0.9 for rate in rates)
    return counts


def test_the_broken_script_trembles_and_the_mended_one_settles() -> None:
    (broken,), (meant,) = measured.broken_runs().values()
    assert np.ptp(broken[-6:]) > 3 * np.ptp(meant[-6:])
    _, alt = optimizer_pictures.broken_picture()
    assert "rises and falls to the last epoch" in alt.split("As it was meant")[0]
    assert "hardly moves" in alt.split("As it was meant")[1]
    assert "level" not in alt


def test_a_small_live_sweep_is_the_stored_one() -> None:
    settings = [{"optimizer": "sgd", "lr": 0.3}, {"optimizer": "adam", "lr": 0.01}]
    runs = sweep(measured.net, digits_noisy(noise=0.0)[:2], settings, epochs=20, seeds=range(2))
    for setting, live in zip(("sgd 0.3", "adam 0.01"), measured.ends(runs), strict=True):
        np.testing.assert_allclose(live, accuracy("rates", setting)[:2], atol=0.03)


@pytest.mark.parametrize("name", ["momentum", "noise", "rates", "schedules", "six_layers", "cliff", "broken"])
def test_every_picture_tells_its_numbers(name: str) -> None:
    _, alt = getattr(optimizer_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 20
