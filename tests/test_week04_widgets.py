"""Week 4: its runs show what the lesson claims, and moving a control changes picture and words."""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pages_samples import text_of

from utils import build_net, compare

LESSON = Path(__file__).parents[1] / "course" / "week04_loss_curves"
sys.path.insert(0, str(LESSON))

import broken_line  # noqa: E402 - the lesson's folder must be on the path first
import cause_pictures  # noqa: E402
import curve_pictures  # noqa: E402
import curve_runs  # noqa: E402
import curve_widgets  # noqa: E402
import split_pictures  # noqa: E402
import visible_parts  # noqa: E402
import visible_questions  # noqa: E402
from curve_runs import BASELINE, Setting, spiral_with_wrong_labels, train_runs  # noqa: E402

pytestmark = pytest.mark.trains

QUICK = Setting(rows=40, width=8, epochs=6)


def smooth(values: Any, beta: float) -> list[float]:
    """Return the bias-corrected average that the lesson asks for, by its sum instead of its recursion."""
    weights = [[beta ** (t - i) for i in range(t + 1)] for t in range(len(values))]
    return [float(np.average(values[: t + 1], weights=weight)) for t, weight in enumerate(weights)]


def pixels(widget: Any) -> str:
    """Return the picture that a widget shows, without its alt text."""
    return re.search(r'src="([^"]*)"', widget.picture.value)[1]


# ---------------------------------------------------------------- runs


def test_runs_have_one_curve_per_seed() -> None:
    runs = train_runs(QUICK, n_seeds=3)
    assert runs.train_loss.shape == runs.val_loss.shape == (6, 3)
    assert runs.history(1) == {
        "train_loss": runs.train_loss[:, 1].tolist(),
        "val_loss": runs.val_loss[:, 1].tolist(),
    }


def test_the_same_setting_gives_the_same_curves() -> None:
    train_runs.cache_clear()
    again = train_runs(QUICK)
    train_runs.cache_clear()
    np.testing.assert_array_equal(again.val_loss, train_runs(QUICK).val_loss)


def test_no_setting_is_trained_twice() -> None:
    assert train_runs(replace(QUICK)) is train_runs(QUICK)


def test_a_longer_run_starts_like_the_shorter_one() -> None:
    longer = train_runs(replace(QUICK, epochs=9))
    np.testing.assert_allclose(longer.val_loss[:6], train_runs(QUICK).val_loss, rtol=1e-6)


def test_runs_side_by_side_equal_a_plain_torch_network() -> None:
    generator = torch.Generator().manual_seed(0)
    drawn = curve_runs._initial_weights((2, 8, 8, 3), 2, generator)
    net = build_net((2, 8, 8, 3))
    with torch.no_grad():
        for parameter, weight in zip(net.parameters(), drawn, strict=True):
            parameter.copy_(weight[1].T.reshape(parameter.shape))
    points, labels = spiral_with_wrong_labels(QUICK.rows, QUICK.wrong, seed=1)
    optimizer = torch.optim.Adam(net.parameters(), lr=QUICK.rate)
    means = []
    for _ in range(QUICK.epochs):
        total = 0.0
        for batch in torch.randperm(QUICK.rows, generator=generator).split(curve_runs.BATCH_SIZE):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(points[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        means.append(total / QUICK.rows)
    np.testing.assert_allclose(train_runs(QUICK, n_seeds=2).train_loss[:, 1], means, rtol=1e-3)


@pytest.mark.parametrize(("rows", "wrong"), [(100, 0.0), (100, 0.1), (41, 0.5)])
def test_exactly_the_stated_share_of_labels_is_wrong(rows: int, wrong: float) -> None:
    points, labels = spiral_with_wrong_labels(rows, wrong, seed=3)
    clean_points, clean = spiral_with_wrong_labels(rows, 0.0, seed=3)
    assert torch.equal(points, clean_points)
    assert int((labels != clean).sum()) == round(rows * wrong)
    assert set(labels.tolist()) == {0, 1, 2}


# ---------------------------------------------------------------- what the lesson claims


CURES = {
    "rate far too low": "rate × 100",
    "decay far too strong": "decay off",
    "inputs nearly zero": "inputs × 255",
    "labels shuffled": "labels back",
}


@pytest.mark.parametrize("cause", list(CURES))
def test_each_cause_is_high_and_flat_and_one_change_alone_mends_it(cause: str) -> None:
    runs = train_runs(cause_pictures.CAUSES[cause])
    for losses in (runs.train_loss, runs.val_loss):
        assert np.abs(losses.mean(1) - BASELINE).max() < 0.03
    ends = {name: cause_pictures.last_losses(cause, name) for name in cause_pictures.CHANGES}
    assert [name for name, losses in ends.items() if losses is not None and losses.mean() < 0.7] == [
        CURES[cause]
    ]
    assert sum(losses is None for losses in ends.values()) == (3 if cause == "rate far too low" else 2)


def test_a_larger_net_helps_one_cause_beyond_doubt_and_mends_none() -> None:
    for cause in CURES:
        before, after = (cause_pictures.last_losses(cause, name) for name in ("no change", "128 units"))
        found = compare(before, after)
        assert (found.is_clear and found.difference < 0) is (cause == "rate far too low")
        assert after.mean() > 0.9


def test_a_net_that_is_too_small_ends_nearly_as_high_but_less_flat() -> None:
    losses = train_runs(replace(cause_pictures.SOUND, width=1)).val_loss.mean(1)
    assert losses[0] == pytest.approx(1.13, abs=0.02)
    assert losses[-1] == pytest.approx(1.06, abs=0.02)


def test_the_three_pictures_show_their_stories() -> None:
    ends = {name: train_runs(setting) for name, setting in curve_pictures.PICTURES.items()}
    train = {name: runs.train_loss[-1].mean() for name, runs in ends.items()}
    rise = {name: runs.val_loss[-1].mean() - runs.val_loss.mean(1).min() for name, runs in ends.items()}
    assert train["A"] < 0.4
    assert rise["A"] > 0.3
    assert train["B"] > 0.8
    assert train["C"] < 0.5 * BASELINE
    assert rise["C"] < 0.05


def test_two_settings_have_the_same_gap_and_different_levels(capsys: pytest.CaptureFixture[str]) -> None:
    curve_pictures.same_gap_different_level()
    said = capsys.readouterr().out
    gaps = [float(gap) for gap in re.findall(r"gap (-?[\d.]+)", said)]
    levels = [float(level) for level in re.findall(r"validation loss ([\d.]+) ±", said)]
    assert max(map(abs, gaps)) < 0.02
    assert levels[0] > 1.05
    assert levels[1] < 0.1


def test_the_stored_run_overfits_as_the_lesson_tells() -> None:
    runs = train_runs(curve_pictures.PICTURES["A"], with_maps=True)
    early, late = (re.findall(r"(\d+)%", curve_pictures.tell_map(runs, epoch)) for epoch in (4, 39))
    assert (runs.val_loss.argmin(0) + 1).tolist() == [5, 14, 14, 10, 13]
    assert runs.val_loss.mean(1).argmin() + 1 == 14
    assert runs.val_loss[39, 0] > 2 * runs.val_loss[4, 0]
    assert int(early[0]) < 85 < 95 < int(late[0])
    assert abs(int(early[1]) - int(late[1])) <= 5


def test_two_units_draw_no_spiral_in_ten_times_the_epochs_either() -> None:
    losses = train_runs(replace(curve_pictures.PICTURES["B"], epochs=400)).train_loss
    assert losses[39].mean() - losses[-1].mean() < 0.05
    assert 0.85 < losses[-1].mean() < 0.97
    assert losses[-1].min() < 0.7


def test_more_rows_help_an_overfitted_network_and_more_epochs_do_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    curve_widgets.rows_against_epochs()
    once, longer, more = map(float, re.findall(r"([\d.]+) ±", capsys.readouterr().out))
    assert more < once < longer


def test_shares_of_pairs_are_exact() -> None:
    right = np.arange(4) < 2  # of four rows two are right: one other row of the three differs twice of three
    assert split_pictures.share_of_pairs(right, points=100, size=1) == pytest.approx(2 / 3)
    assert split_pictures.share_of_pairs(np.arange(997) < 904, points=4) == pytest.approx(0.603, abs=0.001)


def test_one_split_in_twelve_has_no_rare_row(alts: dict[str, list[str]]) -> None:
    assert "0 in 8.25%" in alts["rare_rows_in_validation"][0]


def test_the_broken_loop_reports_training_rows_twice() -> None:
    train, validation, fresh = broken_line.run_loop(seed=0)
    assert (validation < train).mean() > 0.8
    assert fresh[-1] > validation[-1] + 0.5
    mended = broken_line.LOOP.replace(
        "val_loss = criterion(net(x[batch]), y[batch])", "val_loss = criterion(net(x[val_rows]), y[val_rows])"
    )
    assert (
        mended.splitlines()[broken_line.BROKEN - 1] != broken_line.LOOP.splitlines()[broken_line.BROKEN - 1]
    )


# ---------------------------------------------------------------- pictures

PICTURES = {
    "three_pictures": curve_pictures.three_pictures,
    "three_maps": lambda: curve_pictures.three_maps(curve_pictures.STORIES),
    "another_setting": curve_pictures.another_setting,
    "three_questions": curve_pictures.three_questions,
    "four_causes": cause_pictures.four_causes,
    "which_change_helps": cause_pictures.which_change_helps,
    "broken_line": broken_line.show_symptoms,
    "rare_rows_in_validation": split_pictures.rare_rows_in_validation,
    "noise_of_a_score": lambda: split_pictures.noise_of_a_score(np.arange(997) % 10 > 0),
}


@pytest.fixture(scope="module")
def alts() -> dict[str, list[str]]:
    found = {}
    for name, picture in PICTURES.items():
        with redirect_stdout(io.StringIO()) as shown:
            picture()
        found[name] = re.findall(r'alt="([^"]*)"', shown.getvalue())
    return found


@pytest.mark.parametrize("name", list(PICTURES))
def test_every_picture_has_its_numbers_as_alt_text(alts: dict[str, list[str]], name: str) -> None:
    (alt,) = alts[name]
    assert len(re.findall(r"\d", alt)) > 10


def test_alt_text_does_not_name_what_is_to_be_guessed(alts: dict[str, list[str]]) -> None:
    told = " ".join(alts["four_causes"] + alts["three_pictures"])
    secrets = [*cause_pictures.CAUSES, *curve_pictures.STORIES.values()]
    assert not [secret for secret in secrets if secret in told]


def test_maps_wait_until_each_picture_has_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    curve_pictures.three_maps({"A": "overfitting", "B": "", "C": "?"})
    assert capsys.readouterr().out.startswith("Not yet")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Overfitted", "under-fitting", "well-fitted"), "✓ q2"),
        (("overfit", "Underfit", "good fit"), "✓ q2"),
        (("underfitting", "overfitting", "well fitted"), "after epoch 15"),
        (("flat", "underfitting", "well fitted"), "one of the three names"),
        (("", "", ""), "q2: not yet"),
    ],
)
def test_names_of_pictures_are_understood_however_they_are_spelled(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    visible_questions.check_q2(dict(zip("ABC", words, strict=True)))
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("line", [*range(1, 11), 0, "9", ...])
def test_every_line_of_the_loop_has_an_answer_of_its_own(
    line: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    visible_questions.check_broken_line(line)
    said = capsys.readouterr().out
    assert said.startswith("✓") is (line == broken_line.BROKEN)
    assert (visible_questions.LINES.get(line, "not yet") in said) or "from 1 to 10" in said


# ---------------------------------------------------------------- widgets

WIDGETS = {
    "simulator": curve_widgets.simulator,
    "guess": curve_widgets.guess_the_cause,
    "epoch": curve_widgets.epoch_slider,
    "rows": curve_widgets.more_rows_or_more_epochs,
    "smoothing": lambda: curve_widgets.smoothing(smooth),
}
MOVES = [
    ("simulator", "rate", 0.1),
    ("simulator", "width", 2),
    ("simulator", "rows", 40),
    ("simulator", "wrong", 30),
    ("simulator", "epochs", 10),
    ("guess", "case", 2),
    ("guess", "guess", curve_widgets.SEVERAL),
    ("epoch", "epoch", 20),
    ("rows", "rows", 120),
    ("smoothing", "beta", 0.9),
]


@pytest.fixture(scope="module")
def widgets() -> dict[str, Any]:
    return {name: make() for name, make in WIDGETS.items()}


@pytest.mark.parametrize(("name", "control", "value"), MOVES)
def test_moving_a_control_changes_picture_and_words(
    widgets: dict[str, Any], name: str, control: str, value: Any
) -> None:
    widget = widgets[name]
    before = pixels(widget), widget.twin.value
    widget.controls[control].value = value
    assert widget.twin.value != before[1]
    assert (pixels(widget) == before[0]) is (control == "guess")  # a guess is answered in words alone
    assert widget.controls[control].description


@pytest.mark.parametrize("name", list(WIDGETS))
def test_without_widgets_a_picture_and_its_words_remain(widgets: dict[str, Any], name: str) -> None:
    static = widgets[name].static
    assert len(re.findall(r'<img src="data:image/png[^>]* alt="[^"]{40,}"', static)) == 1
    assert len(text_of(static)) > 40


def test_the_simulator_shows_each_kind_of_run() -> None:
    simulator = curve_widgets.simulator()
    for values, pattern in [
        ({"rate": 1e-5}, r"Validation loss from 1\.\d+ to 1\.1"),
        ({"rate": 1.0}, r"leaves the picture at the top"),
        ({"rate": 0.01, "rows": 20, "epochs": 40, "width": 64}, r"Training loss from 1\.\d+ to 0\.[0-3]"),
    ]:
        for control, value in values.items():
            simulator.controls[control].value = value
        assert re.search(pattern, text_of(simulator.twin.value)), (values, text_of(simulator.twin.value))


@pytest.mark.parametrize("case", range(1, len(curve_widgets.CASES) + 1))
def test_only_the_right_guess_is_confirmed_and_a_new_case_forgets_it(
    widgets: dict[str, Any], case: int
) -> None:
    game, cause = widgets["guess"], curve_widgets.CASES[case - 1][1]
    game.controls["case"].value = case
    confirmed = []
    for guess in curve_widgets.GUESSES:
        game.controls["guess"].value = guess
        confirmed += [guess] if "Yes:" in text_of(game.twin.value) else []
    assert confirmed == [cause]
    game.controls["case"].value = case % len(curve_widgets.CASES) + 1
    assert game.controls["guess"].value == curve_widgets.LOOK


def test_the_epoch_slider_replays_the_stored_losses(widgets: dict[str, Any]) -> None:
    losses = train_runs(curve_pictures.PICTURES["A"]).history(0)["val_loss"]
    for epoch in (1, 5, 40):
        widgets["epoch"].controls["epoch"].value = epoch
        assert f"validation loss {losses[epoch - 1]:.4g}" in text_of(widgets["epoch"].twin.value)


def test_stronger_smoothing_is_smoother_and_turns_later(widgets: dict[str, Any]) -> None:
    losses = train_runs(Setting(rate=0.1), n_seeds=1).history(0)["val_loss"]
    assert np.argmin(smooth(losses, 0.9)) > np.argmin(losses)
    jumps = []
    for beta in (0.0, 0.5, 0.9):
        widgets["smoothing"].controls["beta"].value = beta
        jumps.append(float(re.search(r"changes by ([\d.]+)", widgets["smoothing"].twin.value)[1]))
    assert jumps == sorted(jumps, reverse=True)


def test_verdicts_are_counted_for_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    curve_widgets.verdicts(lambda history, baseline: "<b>" if history["val_loss"][-1] > baseline else "low")
    shown = capsys.readouterr().out
    assert "case 5: low 5 of 5" in shown
    assert "&lt;b&gt; 5 of 5" in shown


GOALS = {
    "simulator": {"rows": 40, "width": 64, "rate": 0.1},
    "epoch": {"epoch": 5},
    "rows": {"rows": 480},
    "smoothing": {"beta": 0.85},
}


@pytest.mark.parametrize("name", list(GOALS))
def test_each_goal_can_be_reached(name: str) -> None:
    widget = WIDGETS[name]()
    assert "not yet" in widget.goal.words
    for control, value in GOALS[name].items():
        widget.controls[control].value = value
    assert widget.goal.words.startswith("✓")


def test_the_game_is_won_when_all_causes_are_named() -> None:
    game = curve_widgets.guess_the_cause()
    for case, (_, cause, _) in enumerate(curve_widgets.CASES, start=1):
        game.controls["case"].value = case
        assert "not yet" in game.goal.words
        game.controls["guess"].value = cause
    assert game.goal.words.startswith("✓")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["run 3"], "run 3"),
        (["run 2", "run 5", "run 6", "run 7", "the history"], "runs 2, 5–7, the history"),
        (["beta 0"], "beta 0"),
    ],
)
def test_many_runs_are_told_in_few_words(names: list[str], told: str) -> None:
    assert visible_parts.joined(names) == told
