"""Week 2: what its text says with numbers is what its experiments measure, and its pictures tell the same."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import t as students_t

from utils import compare, digits_noisy

LESSON = Path(__file__).parents[1] / "course" / "week02_training_loop"
sys.path.insert(0, str(LESSON))

import loop_experiments as measured  # noqa: E402 - the lesson's folder must be on the path first
import loop_pictures  # noqa: E402
from loop_runs import CLEAR, ORDER, STALE, TOO_LATE, Loop, last_accuracies, train_loops  # noqa: E402

pytestmark = pytest.mark.trains

ROWS, LABELS = digits_noisy(noise=0.0)[1].tensors


def test_forgotten_gradients_are_momentum_1_to_the_last_digit() -> None:
    forgetful = measured.swing(200, clear=False)
    assert forgetful == measured.swing(200, momentum=1.0)
    assert [round(x, 3) for x in forgetful[:5]] == [1.0, 0.8, 0.44, -0.008, -0.454]
    assert max(map(abs, forgetful[-20:])) > 1  # it still swings
    assert abs(measured.swing(200)[-1]) < 1e-6


ENDS = [  # when the gradients are cleared, and the accuracy with SGD 0.1 that the text names
    (CLEAR[0], 0.90),
    (CLEAR[1], 0.93),
    (CLEAR[2], 0.60),
    (TOO_LATE, 0.10),
    (STALE, 0.91),
]


@pytest.mark.parametrize(("clear", "said"), ENDS)
def test_every_loop_ends_where_the_text_says(clear: str, said: float) -> None:
    assert measured.last_of(clear).mean() == pytest.approx(said, abs=0.006)


def test_which_mistakes_can_be_seen_in_the_accuracy() -> None:
    right = measured.last_of()
    for clear, is_lower in ((CLEAR[1], False), (CLEAR[2], True), (TOO_LATE, True), (STALE, False)):
        found = compare(right, measured.last_of(clear))
        assert found.is_clear, clear
        assert (found.difference < 0) == is_lower, clear
    never = measured.forty_seeds("SGD 0.1")[Loop(CLEAR[2])].mean(0)
    assert (never.argmax() + 1, round(never.max(), 2)) == (5, 0.84)  # faster at first
    assert never[4] > 2 * measured.forty_seeds("SGD 0.1")[Loop()].mean(0)[4]
    assert round(last_accuracies(CLEAR[1], optimizer="SGD 0.5").mean(), 2) == 0.37
    assert round(last_accuracies(CLEAR[0], optimizer="SGD 0.5").mean(), 2) == 0.94


def doubt_without_pairs(a: np.ndarray, b: np.ndarray) -> float:
    """Return the doubt about the difference of two means of as many runs that share no seeds."""
    return math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))


def test_five_pairs_cannot_tell_and_forty_can() -> None:
    right, once = (measured.last_of(clear, optimizer="Adam 0.003") for clear in CLEAR[:2])
    assert (round(right[:5].mean(), 3), round(once[:5].mean(), 3)) == (0.935, 0.930)
    five, forty = compare(right[:5], once[:5]), compare(right, once)
    assert (round(five.difference, 3), round(five.standard_error, 3), five.is_clear) == (-0.005, 0.004, False)
    assert (round(forty.difference, 4), round(forty.standard_error, 4)) == (-0.0095, 0.0017)
    assert abs(forty.difference) > 5 * forty.standard_error
    assert forty.standard_error / doubt_without_pairs(right, once) == pytest.approx(1, abs=0.05)
    assert right.mean() - right.std(ddof=1) < once.mean() + once.std(ddof=1)  # the spreads overlap


def test_only_sorted_rows_cost_something_and_five_pairs_may_shout() -> None:
    anew, kept, by_class = (measured.last_of(order=order) for order in ORDER)
    assert anew.mean() - by_class.mean() == pytest.approx(0.25, abs=0.005)
    assert round(by_class.mean(), 2) == 0.65
    few, all_pairs = compare(anew[:5], kept[:5]), compare(anew, kept)
    assert (few.is_clear, few.difference > 0, all_pairs.is_clear) == (True, True, False)
    assert all_pairs.standard_error / doubt_without_pairs(anew, kept) == pytest.approx(2 / 3, abs=0.04)
    by_luck = [1 / (2 * students_t.sf(2, df=pairs - 1)) for pairs in (5, 20)]  # at least 2 doubts
    assert by_luck == pytest.approx([9, 17], abs=0.5)


def test_nine_of_ten_sorted_batches_show_one_or_two_digits() -> None:
    labels = digits_noisy(noise=0.0)[0].tensors[1].sort().values
    shown = [len(batch.unique()) for batch in labels.split(32)]
    assert (len(shown), sum(digits <= 2 for digits in shown), max(shown)) == (10, 9, 3)


@pytest.mark.long
def test_a_thousand_pairs_see_what_two_hundred_do_not() -> None:
    loops = [Loop(order=order) for order in ORDER[:2]]
    parts = [train_loops(loops, seeds=range(start, start + 200)) for start in range(0, 1000, 200)]
    anew, kept = (
        np.concatenate([part[loop].accuracy[True, True][:, -1] for part in parts]) for loop in loops
    )
    assert not compare(anew[:200], kept[:200]).is_clear
    found = compare(anew, kept)
    assert found.is_clear
    assert found.difference == pytest.approx(-0.0016, abs=0.0003)
    assert found.standard_error == pytest.approx(0.0007, abs=0.0001)


@pytest.mark.parametrize(("rows", "said"), [(500, 0.002), (300, 0.008), (257, 0.05), (100, 0.05), (33, 0.22)])
def test_the_mean_of_batch_means_is_wrong_by_what_the_text_says(rows: int, said: float) -> None:
    assert measured.row_losses().mean().item() == pytest.approx(0.94, abs=0.005)
    assert measured.batch_mean_errors(rows).std().item() == pytest.approx(said, rel=0.15)


def test_a_forgotten_eval_costs_ten_points_with_dropout() -> None:
    nets = measured.train_nets(measured.dropout_net, range(5))
    torch.manual_seed(0)
    in_eval = [measured.accuracy(net.eval(), ROWS, LABELS) for net in nets]
    in_train = [measured.accuracy(net.train(), ROWS, LABELS) for net in nets]
    assert np.mean(in_eval) == pytest.approx(0.937, abs=0.003)
    assert compare(in_eval, in_train).difference == pytest.approx(-0.1, abs=0.02)


def test_with_batch_norm_a_forgotten_eval_costs_nothing_or_everything() -> None:
    by_class = LABELS.argsort(stable=True)
    for net in measured.train_nets(measured.batch_norm_net, range(2)):
        before = net[1].running_mean.clone()
        assert measured.accuracy(net.eval(), ROWS, LABELS) == pytest.approx(0.96, abs=0.015)
        assert torch.equal(before, net[1].running_mean)
        assert measured.accuracy(net.train(), ROWS, LABELS) == pytest.approx(0.96, abs=0.015)
        assert measured.accuracy(net, ROWS[by_class], LABELS[by_class], 25) == pytest.approx(0.21, abs=0.02)
        assert not torch.equal(before, net[1].running_mean)  # measuring changed the model


def test_the_two_losses_lie_as_the_text_says() -> None:
    during, validation, after = measured.three_losses().values()
    assert (round(during[:, 0].mean().item(), 2), round(validation[:, 0].mean().item(), 2)) == (2.26, 2.20)
    assert (int((validation < during).sum()), int((after < validation).sum()), during.numel()) == (
        150,
        160,
        160,
    )


def test_the_broken_loop_follows_a_net_without_dropout() -> None:
    seeds = range(2)
    broken, meant = measured.broken_runs(seeds=seeds), measured.broken_runs(mended=True, seeds=seeds)
    without = measured.broken_runs(mended=True, dropout=0.0, seeds=seeds)
    ends = [runs[:, 0, -1].mean().item() for runs in (broken, meant, without)]
    assert abs(ends[0] - ends[2]) < 0.03 < 0.2 < ends[1] - ends[0]
    assert broken[:, 1, -1].mean() >= meant[:, 1, -1].mean()  # the accuracy does not betray it


@pytest.mark.parametrize("name", ["swing", "mistakes", "orders", "losses"])
def test_every_picture_tells_its_numbers(name: str) -> None:
    _, alt = getattr(loop_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 20


def test_the_right_loop_is_called_so_in_table_and_picture(capsys: pytest.CaptureFixture[str]) -> None:
    measured.show_table()
    assert "every batch (right)   " in capsys.readouterr().out
    assert "every batch (right), 40 runs" in loop_pictures.mistakes_picture()[1]


def test_the_pairs_are_joined_by_lines_that_the_words_count() -> None:
    right, once = (measured.last_of(clear, optimizer="Adam 0.003") for clear in CLEAR[:2])
    figure, alt = loop_pictures.pairs_picture(right, once, ("right", "once an epoch"))
    joined = [line.get_ydata() for line in figure.axes[0].lines if len(line.get_ydata()) == 2]
    np.testing.assert_allclose(np.array(joined), np.stack([right, once], axis=1))
    falls = sum(second < first for first, second in joined)
    assert f"falls in {falls}, rises" in alt
