"""Week 9: the numbers of its figures are right, and their words tell them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "course" / "week09_search"))

import tuning_curse_widgets as curse_widgets
import tuning_designs_widgets as designs
import tuning_race_widgets as race
import tuning_tpe_widgets as tpe
import tuning_widgets
from tuning_runs import copies, pool, stored
from tuning_runs_curse import curse, scores
from tuning_runs_race import entrants, epochs_paid, halving_picks, random_picks, rungs, survivors
from widget_parts import LOOK

WIDGETS: dict[str, Callable[[], Any]] = {
    name: getattr(tuning_widgets, name) for name in tuning_widgets.__all__
}


def score(widget: Any) -> str:
    """Return what a figure says above its picture."""
    return unescape(widget.children[list(widget.children).index(widget.picture) - 1].value)


def move(widget: Any, **values: Any) -> None:
    for control, value in values.items():
        widget.controls[control].value = value


def words(widget: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", widget.twin.value))


# ---------------------------------------------------------------- grid against random


def test_who_finds_a_good_setting_depends_on_how_wide_the_good_region_is_not_on_its_axis() -> None:
    assert [designs.winner(world) for world in designs.WORLDS] == [designs.TIE, designs.TIE, "random"]
    for world in designs.WORLDS:
        assert max(designs.KINDS, key=lambda kind: designs.hits(kind, world)) == "quasi-random"
    narrow = {kind: designs.hits(kind, designs.NARROW) for kind in designs.KINDS}
    assert narrow["grid"] < 0.35 < 0.45 < narrow["random"]


def test_turned_round_means_that_the_axes_change_their_parts() -> None:
    points = designs.points_of("random", 3)
    turned = designs.worth(points[:, ::-1], designs.TURNED)
    assert turned.tolist() == designs.worth(points, designs.MEASURED).tolist()
    own = designs.nearest(np.array([[0.2, 0.4]]))[0]
    assert designs.worth(np.array([[0.2, 0.4]]), designs.MEASURED)[0] == pool().validation[own]
    wide, narrow = (np.ptp(designs.good_region(world)) for world in (designs.TURNED, designs.NARROW))
    assert narrow == pytest.approx(wide / 3, abs=0.002)


def test_a_grid_tries_three_values_of_an_axis_and_the_others_nine() -> None:
    widget = WIDGETS["grid_against_random"]()
    for kind, tried in (("grid", 3), ("random", 9), ("quasi-random", 9)):
        move(widget, kind=kind)
        assert f"9 trials try {tried} different rates and {tried} different decays" in words(widget)
    square, profile = widget.render(**widget.values())[0].axes
    lines = {line.get_label(): line for line in (*square.get_lines(), *profile.get_lines())}
    points = designs.points_of("quasi-random", 0)
    assert (
        lines["shadows"].get_xdata().tolist() == points[:, 0].tolist() == lines["tried"].get_xdata().tolist()
    )
    found = designs.worth(points, designs.MEASURED)
    assert f"The best one has {found.max():.3f}." in words(widget)
    assert lines["the best"].get_xdata() == points[found.argmax(), 0]


def test_a_guess_is_answered_with_the_shares_of_hits_and_taken_back_by_another_world() -> None:
    widget = WIDGETS["grid_against_random"]()
    move(widget, world=designs.NARROW, guess="the grid")
    shares = [f"{kind} {designs.hits(kind, designs.NARROW):.0%}" for kind in designs.KINDS]
    assert all(share in score(widget) for share in ("No: the best of nine", *shares))
    move(widget, world=designs.TURNED)
    assert widget.controls["guess"].value == LOOK
    assert "Right so far: nothing yet." in score(widget)


# ---------------------------------------------------------------- TPE


def test_tpe_and_random_search_are_the_same_for_ten_trials() -> None:
    for seed in tpe.SEEDS:
        both = [tpe.picks(name, seed) for name in ("TPE", "random")]
        assert both[0][:10].tolist() == both[1][:10].tolist()
    assert {seed: tpe.lead_begins(seed) for seed in tpe.SEEDS} == {
        0: None,
        1: 12,
        2: 13,
        3: None,
        4: None,
        5: 17,
    }


@pytest.mark.parametrize("seed", tpe.SEEDS)
def test_the_lead_begins_where_it_is_said_to(seed: int) -> None:
    ahead, begins = tpe.picks("TPE", seed) > tpe.picks("random", seed), tpe.lead_begins(seed)
    if begins is None:
        assert not ahead[-1]
    else:
        assert ahead[begins - 1 :].all()
        assert not ahead[begins - 2]


@pytest.mark.parametrize("trial", [11, 14, 27, 40])
def test_densities_are_those_with_which_optuna_samples(trial: int) -> None:
    """Optuna's own estimators, which are private, say how dense good and other trials are."""
    import optuna
    from tuning_runs_importances import SPACE

    found, names = tpe.study(1), ("lr", "weight_decay", "dropout")
    study = optuna.create_study(direction="maximize")
    for i in range(trial - 1):
        study.add_trial(
            optuna.trial.create_trial(
                params={name: float(found[name][i]) for name in names},
                distributions={name: SPACE[name] for name in names},
                value=float(found["seen"][i]),
            )
        )
    sampler, trials = optuna.samplers.TPESampler(), study.trials
    good = tpe.split_trials(1, trial)
    for part, below, curve in zip(good, (True, False), tpe.densities(1, trial), strict=True):
        estimator = sampler._build_parzen_estimator(
            study, {"lr": SPACE["lr"]}, [trials[i] for i in part], handle_below=below
        )
        rates = 10.0**tpe.EXPONENTS
        own = np.exp(estimator.log_pdf({"lr": rates})) * np.log(10)  # per factor of ten, not of e
        np.testing.assert_allclose(curve, own, rtol=1e-6)


def test_the_words_of_a_trial_hold_its_numbers() -> None:
    widget = WIDGETS["tpe_steps"]()
    found = tpe.study(1)
    move(widget, trial=30)
    times = tpe.times_denser(1, 30)
    told = words(widget)
    assert f"Trial 30 proposes rate {found['lr'][29]:.2g}." in told
    assert f"good trials are {times:.1f} times as dense as the 26 others" in told
    best = np.argsort(-found["seen"][:29], kind="stable")[:3]
    assert all(f"{rate:.2g}" in told for rate in found["lr"][best])
    gap = tpe.picks("TPE", 1)[29] - tpe.picks("random", 1)[29]
    assert f"TPE less random {gap:.4f}" in told
    move(widget, trial=7)
    assert "drawn at random as are the first 10" in words(widget)
    assert "both are the same" in words(widget)


def test_a_claim_about_tpe_is_judged_and_taken_back_by_a_move() -> None:
    widget = WIDGETS["tpe_steps"]()
    move(widget, trial=20, answer=tpe.FROM_HERE)
    assert "No: it is ahead for some time by then." in score(widget)
    move(widget, trial=19)
    assert widget.controls["answer"].value == LOOK
    move(widget, seed=3, answer=tpe.FROM_HERE)
    assert "No: after trial 40 TPE is not ahead, the difference is 0.0000." in score(widget)
    move(widget, answer=tpe.NEVER)
    assert "Yes: after trial 40 the difference is 0.0000. Found: seed 3 never." in score(widget)


# ---------------------------------------------------------------- the race


@pytest.mark.parametrize(("budget", "first_cut", "factor"), [(100, 1, 3), (300, 5, 2), (1000, 2, 3)])
def test_halving_pays_no_more_epochs_than_it_may(budget: int, first_cut: int, factor: int) -> None:
    n = entrants(budget, first_cut, factor)
    assert epochs_paid(n, first_cut, factor) <= budget < epochs_paid(n + 1, first_cut, factor)
    marks, counts = rungs(first_cut, factor), survivors(n, first_cut, factor)
    paid, before = 0, 0
    for count, mark in zip(counts, marks, strict=True):
        paid += count * (mark - before)
        before = mark
    assert paid == epochs_paid(n, first_cut, factor)


def test_picks_are_those_of_halving_and_of_random_search_by_hand() -> None:
    order = np.random.default_rng(7).permutation(500)
    assert halving_picks(300, 5, 2)[7] in order[: entrants(300, 5, 2)]
    left = list(order[: entrants(300, 5, 2)])
    for epoch, count in ((5, 15), (10, 7), (20, 1)):
        left = sorted(left, key=lambda run, at=epoch: -pool().curves[run, at - 1])[:count]
    assert halving_picks(300, 5, 2)[7] == left[0]
    assert random_picks(300)[7] == max(order[:15], key=lambda run: pool().validation[run])


def test_an_early_cut_loses_at_every_budget_and_a_later_one_wins_at_every_budget() -> None:
    assert {race.verdict(budget, 1, 3) for budget in race.BUDGETS} == {race.LOSES}
    assert {race.verdict(budget, 5, 2) for budget in race.BUDGETS} == {race.WINS}


def test_the_words_of_the_race_hold_its_numbers() -> None:
    widget = WIDGETS["budget_race"]()
    move(widget, budget=500, first_cut=2)
    told, found = words(widget), race.worths(500, 2, 3)
    for name in ("random", "TPE", "halving"):
        mean, spread = found[name]
        assert f"{name} {mean:.4f} ± {spread:.4f}" in told
    assert "Random search trains 25 settings for 20 epochs." in told
    assert re.search(r"Halving by 3 trains \d+ to epoch 2, \d+ to epoch 6, \d+ to epoch 18 and \d+ to", told)
    picks = stored("race")["TPE"]["picks"]
    assert found["TPE"][0] == pytest.approx(pool().test[picks[:, 24]].mean())
    move(widget, answer=race.WINS)
    assert "the other way round" in score(widget)
    assert widget.goal.reached_in is None
    move(widget, first_cut=5)
    assert widget.controls["answer"].value == LOOK


# ---------------------------------------------------------------- the winner's curse


def test_only_rows_make_the_winner_truly_better() -> None:
    def gain(number: int, rows: int) -> float:
        return curse_widgets.means("copies", number, rows)[1]

    assert max(gain(number, 100) for number in curse_widgets.NUMBERS) < curse_widgets.WORTH < gain(50, 200)
    assert gain(50, 30) < 0.002 < gain(500, 30) < 0.004 < 0.008 < gain(50, 500)


def test_a_draw_is_what_it_is_said_to_be() -> None:
    rng = np.random.default_rng(0)
    runs = np.array([rng.permutation(500) for _ in range(400)])[5, :20]
    rows = np.array([rng.permutation(500) for _ in range(400)])[5, :60]
    by_hand = copies().right[runs][:, rows].mean(axis=1)
    found = curse_widgets.drawn("copies", 20, 60, 5)
    assert found["runs"].tolist() == runs.tolist()
    np.testing.assert_allclose(found["show"], by_hand)
    assert curse("copies", 20, 60)["shown"][5] == pytest.approx(by_hand.max())
    assert curse("copies", 20, 60)["test"][5] == copies().right_test[runs[by_hand.argmax()]].mean()


def test_the_words_of_a_draw_hold_its_numbers() -> None:
    widget = WIDGETS["winners_curse"]()
    found = curse_widgets.drawn("copies", 50, 30, 2)
    told, best = words(widget), found["show"].argmax()
    assert (
        f"of 50 copies the best on 30 rows shows {found['show'][best]:.3f} (2 share this first place)" in told
    )
    assert f"all 500 have {scores('copies', 30)[2].mean():.3f} on average" in told
    assert f"the winner has {found['test'][best]:.3f}, all 500 have {copies().test.mean():.3f}." in told
    seen, real, doubt = curse_widgets.means("copies", 50, 30)
    assert (
        f"looks better than the mean of all by {seen:.3f}, and is better by {real:.4f} (doubt {doubt:.4f}): "
        in told
    )
    move(widget, source=curse_widgets.SETTINGS, number=7)
    assert "of 7 settings the best on 30 rows" in words(widget)
    left = widget.render(**widget.values())[0].axes[0]
    dots = next(line for line in left.get_lines() if line.get_label() == "tried")
    assert len(dots.get_xdata()) == 7
