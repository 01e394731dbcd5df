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

from utils import build_net

LESSON = Path(__file__).parents[1] / "course" / "week04_loss_curves"
sys.path.insert(0, str(LESSON))

import curve_pictures  # noqa: E402 - the lesson's folder must be on the path first
import curve_runs  # noqa: E402
import curve_widgets  # noqa: E402
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
    np.testing.assert_array_equal(train_runs(QUICK).val_loss, train_runs(QUICK).val_loss)


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


@pytest.mark.parametrize("cause", list(curve_pictures.CAUSES))
def test_each_cause_is_high_and_flat_and_one_change_alone_helps(cause: str) -> None:
    changes = {
        "rate far too low": "rate × 1000",
        "rate far too high": "rate ÷ 100",
        "decay too strong": "no decay",
        "net too small": "32 units",
    }
    ends = {
        name: train_runs(change(curve_pictures.CAUSES[cause])).val_loss[-1].mean()
        for name, change in curve_pictures.CHANGES.items()
    }
    assert ends["no change"] > BASELINE - 0.1
    assert [name for name, end in ends.items() if end < 0.8] == [changes[cause]]
    assert all(end > 1.0 for name, end in ends.items() if name != changes[cause])


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
    said = curve_pictures.same_gap_different_level()
    gaps = [float(gap) for gap in re.findall(r"gap of (-?[\d.]+)", said)]
    levels = [float(level) for level in re.findall(r"level of ([\d.]+)", said)]
    assert max(map(abs, gaps)) < 0.02
    assert levels[0] > 1.05
    assert levels[1] < 0.1


def test_the_stored_run_overfits_as_the_lesson_tells() -> None:
    runs = train_runs(curve_pictures.PICTURES["A"], with_maps=True)
    early, late = (re.findall(r"(\d+)%", curve_pictures.tell_map(runs, epoch)) for epoch in (4, 39))
    assert runs.val_loss[:, 0].argmin() == 4
    assert runs.val_loss[39, 0] > 2 * runs.val_loss[4, 0]
    assert int(early[0]) < 85 < 95 < int(late[0])
    assert abs(int(early[1]) - int(late[1])) <= 5


def test_a_plateau_of_forty_epochs_goes_on_to_fall(capsys: pytest.CaptureFixture[str]) -> None:
    before, after = map(float, re.findall(r"([\d.]+) ±", curve_pictures.plateau_or_end()))
    assert before > 1.0
    assert after < 0.8 * before


def test_more_rows_help_an_overfitted_network_and_more_epochs_do_not() -> None:
    once, longer, more = map(float, re.findall(r"([\d.]+) ±", curve_widgets.rows_against_epochs()))
    assert more < once < longer


def test_some_random_splits_have_no_rare_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert curve_pictures.rare_rows_in_validation() == "In 87 of 1000 splits."


# ---------------------------------------------------------------- pictures

PICTURES = {
    "three_pictures": curve_pictures.three_pictures,
    "three_maps": curve_pictures.three_maps,
    "four_causes": curve_pictures.four_causes,
    "rare_rows_in_validation": curve_pictures.rare_rows_in_validation,
    "noise_of_a_score": lambda: curve_pictures.noise_of_a_score(np.arange(997) % 10 > 0),
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
    secrets = [*curve_pictures.CAUSES, *curve_pictures.STORIES.values()]
    assert not [secret for secret in secrets if secret in told]


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
    assert getattr(widget.controls[control], "continuous_update", False) is False


@pytest.mark.parametrize("name", list(WIDGETS))
def test_without_widgets_a_picture_and_its_words_remain(widgets: dict[str, Any], name: str) -> None:
    static = widgets[name].static
    assert len(re.findall(r'<img src="data:image/png[^>]* alt="[^"]{40,}"', static)) == 1
    assert len(text_of(static)) > 40


def test_the_simulator_shows_each_kind_of_run() -> None:
    simulator = curve_widgets.simulator()
    for values, pattern in [
        ({"rate": 1e-5}, r"Validation loss: from 1\.\d+ to 1\.1"),
        ({"rate": 1.0}, r"leaves the picture at the top"),
        ({"rate": 0.01, "rows": 20, "epochs": 40, "width": 64}, r"Training loss: from 1\.\d+ to 0\.[0-3]"),
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
    assert "case 6: low 5 of 5" in shown
    assert "&lt;b&gt; 5 of 5" in shown
