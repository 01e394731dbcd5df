"""Week 10: what its text says in numbers is what its experiments measure, and its pictures tell the same."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

LESSON = Path(__file__).parents[1] / "course" / "week10_transfer"
sys.path.insert(0, str(LESSON))

import transfer_experiments as measured  # noqa: E402 - the lesson's folder must be on the path first
import transfer_experiments_ways as ways  # noqa: E402
import transfer_pictures  # noqa: E402
from transfer_data import study_sessions  # noqa: E402
from transfer_experiments import SCRATCH  # noqa: E402
from transfer_runs import stored  # noqa: E402

pytestmark = pytest.mark.trains

TEXT = re.sub(r"\s+", " ", (LESSON / "week10_transfer.md").read_text(encoding="utf-8"))
CAMERAS, DIGITS, FINISH, LEAK = (stored(name) for name in ("cameras", "digits", "seeds", "leak"))
TUNED, HEAD, NONSENSE = "fine-tune all", "head only", "permuted source, fine-tune all"


def rounded_gain(runs: np.ndarray, base: np.ndarray, digits: int = 3) -> tuple[float, float]:
    """Return how much runs are higher than others with the same seeds, and the doubt about it, rounded."""
    mean, doubt = measured.gain(runs, base)
    return round(mean, digits), round(doubt, digits)


def over_scratch(cell: dict[str, dict[str, np.ndarray]], way: str, digits: int = 3) -> tuple[float, float]:
    """Return how much a way is ahead of training from scratch, and the doubt about it, rounded."""
    return rounded_gain(cell[way]["accuracy"], cell[SCRATCH]["accuracy"], digits)


@pytest.mark.parametrize(
    "words",
    [
        "and reads new ones right in 0.96",
        "From scratch a net gets 0.57 of the test rows right",
        "each picture one pixel further right; from scratch 0.84",
        "0.11 more than from scratch",
        "0.08 with 100 rows, 0.04 with 400",
        "(*head only* learns) it is larger still, 0.17",
        "*worse* than a fresh one, by 0.10",
        "no gain is left that 20 pairs could see (0.008 ± 0.007 and −0.006 ± 0.007)",
        "from 50 rows on, wrong one pixel aside",
        "and with 400 they are behind by 0.010 ± 0.002",
        "0.40 against 0.27",
        "By 0.065 ± 0.006, and by 0.04 with 400 rows",
        "gets 0.58 with all 400 rows, where a fresh net gets 0.97",
        "at 0.01 with 400 rows none is left that 20 pairs could see",
        "(Frozen *random* weights get 0.36",
        "By 0.026 ± 0.007, and still 0.039 behind a net from scratch",
        "gives 0.73 instead of 0.68, and after 20 steps 0.75 instead of 0.54",
        "Who sees 0.76 (one run) and a falling loss",
        "one net gets 0.884 of the test rows right",
        "A gain of 0.003 ± 0.001, no more than keeping the best of the five by validation loss (0.888)",
        "Without regularization it is 0.007",
        "the spread halves, from 0.006 to 0.003",
        "gaining 0.021, and on clean labels, 0.004, the mean does beat",
        "the loss falls from 0.54 to 0.38",
        "from 0.19 to 0.02. T is 0.45",
        "with only one of them T is 0.62 or 0.70, with neither 0.96",
        "At ten times the rate, which learns the wrong labels by heart, it is 2.4",
        "gets 0.68 of the validation rows right",
        "Too much by 0.081 ± 0.006, in 20 of 20 data sets",
        "(0.600 and 0.604)",
        "no dropout in 20 of 20 data sets, where the split by student chose some in 18",
        "By 0.041 ± 0.008 (split by student)",
        "0.648 and 0.645",
        "covers 0.55 of them (of all students' rows 0.39)",
        "| the best epoch instead of the last | 0.06 to 0.08 | 100 | test, 20 pairs | 8 |",
        "| the mean of five nets | 0.007 | 60 |",
        "(0.84 after 60 epochs, 0.79 after 100)",
        "a rate of 0.1 instead of 0.01 cost 0.26, even with the best epoch kept (week 8)",
    ],
)
def test_the_lesson_says_what_is_measured_here(words: str) -> None:
    assert words in TEXT


def test_transfer_helps_on_the_same_camera_and_fades_one_pixel_aside() -> None:
    same, shifted = CAMERAS["same"], CAMERAS["shifted"]
    assert round(stored("source")["cameras"]["accuracy"].mean(), 2) == 0.96
    assert round(same[20][SCRATCH]["accuracy"].mean(), 2) == 0.57
    assert round(same[20][TUNED]["accuracy"].mean(), 2) == 0.68
    assert [over_scratch(same[n], TUNED, 2)[0] for n in (20, 100, 400)] == [0.11, 0.08, 0.04]
    assert over_scratch(same[20], HEAD, 2)[0] == 0.17
    assert [round(shifted[100][way]["accuracy"].mean(), 2) for way in (SCRATCH, HEAD)] == [0.84, 0.74]
    assert over_scratch(shifted[100], HEAD, 2)[0] == -0.10
    mean, doubt = over_scratch(shifted[20], HEAD)
    assert abs(mean) < 2 * doubt
    assert all(mean < -2 * doubt for mean, doubt in (over_scratch(shifted[n], HEAD) for n in (50, 100, 400)))
    for n in (20, 100):
        mean, doubt = measured.gain(shifted[n][TUNED]["accuracy"], shifted[n][SCRATCH]["accuracy"])
        assert abs(mean) < 2 * doubt
    assert [over_scratch(shifted[n], TUNED) for n in (20, 100)] == [(0.008, 0.007), (-0.006, 0.007)]
    assert over_scratch(shifted[400], TUNED) == (-0.010, 0.002)
    mean, doubt = measured.gain(same[400][HEAD]["accuracy"], same[400][TUNED]["accuracy"])
    assert abs(mean) < 2 * doubt
    assert [round(shifted[20][way]["early"].mean(), 2) for way in (TUNED, SCRATCH)] == [0.40, 0.27]


def test_transfer_from_other_digits_hurts_more_than_nonsense() -> None:
    assert over_scratch(DIGITS[50], TUNED) == (-0.065, 0.006)
    assert over_scratch(DIGITS[400], TUNED, 2)[0] == -0.04
    assert [round(DIGITS[400][way]["accuracy"].mean(), 2) for way in (HEAD, SCRATCH)] == [0.58, 0.97]
    assert round(DIGITS[400]["random features, head only"]["accuracy"].mean(), 2) == 0.36
    assert over_scratch(DIGITS[50], NONSENSE)[0] == -0.039
    pairs = [(cell[NONSENSE]["accuracy"], cell[TUNED]["accuracy"]) for cell in DIGITS.values()]
    assert all(mean >= 2 * doubt for mean, doubt in (measured.gain(*pair) for pair in pairs))
    assert rounded_gain(DIGITS[50][NONSENSE]["accuracy"], DIGITS[50][TUNED]["accuracy"]) == (0.026, 0.007)
    gains = {(rate, n): measured.gain(cell[TUNED]["accuracy"], cell[SCRATCH]["accuracy"])
             for rate, cells in stored("rates").items() for n, cell in cells.items()}  # fmt: skip
    assert all(mean < 0 for mean, _ in gains.values())
    assert [key for key, (mean, doubt) in gains.items() if -mean < 2 * doubt] == [(0.01, 400)]
    assert all(gains[0.003, n][0] > gains[0.001, n][0] for n in (20, 50, 400))


def test_only_weights_tell_which_program_has_fine_tuned() -> None:
    found = {program: ways.measured(program) for program in ways.PROGRAMS}
    assert [name for name, each in found.items() if each.body_distance > 0] == ["anew"]
    assert [name for name, each in found.items() if each.source_after < each.source_before] == ["alias"]
    assert [name for name, each in found.items() if each.head_moved == 0] == ["late"]
    assert all(each.loss_after < each.loss_before / 4 for each in found.values())
    assert found["late"].accuracy == pytest.approx(0.76, abs=0.03)
    assert found["anew"].accuracy == pytest.approx(found["fine-tuned"].accuracy, abs=0.03)


def test_a_head_with_the_seed_of_the_source_is_no_fresh_head() -> None:
    old, new = (table[20][TUNED] for table in (stored("same seed"), CAMERAS["same"]))
    for name, values in {"accuracy": [0.73, 0.68], "early": [0.75, 0.54]}.items():
        assert [round(each[name].mean(), 2) for each in (old, new)] == values


def test_five_nets_are_steadier_and_hardly_better() -> None:
    dropout, plain = FINISH["dropout 0.5"], FINISH["plain"]
    assert rounded_gain(dropout["mean_accuracy"], dropout["one_accuracy"]) == (0.003, 0.001)
    assert [round(dropout[f"{part}_accuracy"].mean(), 3) for part in ("one", "best")] == [0.884, 0.888]
    assert rounded_gain(plain["mean_accuracy"], plain["one_accuracy"])[0] == 0.007
    mean, doubt = measured.gain(plain["mean_accuracy"], plain["best_accuracy"])
    assert abs(mean) < 2 * doubt
    spreads = [round(dropout[f"{part}_accuracy"].std(ddof=1), 3) for part in ("one", "mean")]
    assert spreads == [0.006, 0.003]
    for net, gain in {"ten times the rate": 0.021, "clean labels": 0.004}.items():
        table = FINISH[net]
        assert rounded_gain(table["mean_accuracy"], table["one_accuracy"])[0] == gain
        mean, doubt = measured.gain(table["mean_accuracy"], table["best_accuracy"])
        assert mean > 2 * doubt


def test_one_temperature_lowers_the_loss_and_changes_no_answer() -> None:
    table = FINISH["dropout 0.5"]
    assert [round(table[f"{part}_loss"].mean(), 2) for part in ("one", "warm")] == [0.54, 0.38]
    assert [round(table[f"{part}_error"].mean(), 2) for part in ("one", "warm")] == [0.19, 0.02]
    assert np.array_equal(table["one_accuracy"], table["warm_accuracy"])
    nets = ("dropout 0.5", "plain", "dropout 0.5, clean", "clean labels")
    temperatures = [FINISH[net]["temperature"].mean() for net in nets]
    assert [round(each, 2) for each in temperatures] == [0.45, 0.62, 0.70, 0.96]
    assert round(FINISH["ten times the rate"]["temperature"].mean(), 1) == 2.4


def test_a_split_by_rows_promises_too_much_because_of_the_devices() -> None:
    student, row = LEAK["student"], LEAK["row"]
    assert rounded_gain(row["validation"], row["new"]) == (0.081, 0.006)
    assert (row["validation"] > row["new"]).all()
    assert [round(row[name].mean(), 2) for name in ("validation", "new")] == [0.68, 0.60]
    assert [round(student[name].mean(), 3) for name in ("validation", "new")] == [0.600, 0.604]
    assert ((row["dropout"] == 0).sum(), (student["dropout"] > 0).sum()) == (20, 18)
    mean, doubt = measured.gain(row["new"], student["new"])
    assert abs(mean) < 2 * doubt
    without = {split: LEAK[f"{split}, no device columns"] for split in ("student", "row")}
    assert rounded_gain(without["student"]["new"], student["new"]) == (0.041, 0.008)
    assert [round(without["row"][name].mean(), 3) for name in ("validation", "new")] == [0.648, 0.645]


def test_a_student_has_one_label_more_often_than_strangers() -> None:
    _, y, students = study_sessions(n_students=90, sessions=15, seed=0)  # those of the project
    of_students = [y[students == one].bincount().max() / 15 for one in students.unique()]
    assert round(float(sum(of_students)) / 90, 2) == 0.55
    assert round(float(y.bincount().max() / len(y)), 2) == 0.39


def test_the_last_table_says_what_week_8_has_stored() -> None:
    tables = json.loads((LESSON.parent / "week08_early_stopping" / "stopping_runs.json").read_text("utf-8"))
    curves = {
        rate: {name: np.array(values) for name, values in table.items()}
        for rate, table in tables["curves"].items()
    }
    scores = {rate: table["test_accuracy"] for rate, table in curves.items()}
    kept = {
        rate: np.take_along_axis(scores[rate], table["val_loss"].argmin(axis=1)[:, None], axis=1).mean()
        for rate, table in curves.items()
    }
    assert round(kept["0.01"] - kept["0.1"], 2) == 0.26
    assert [round(scores["0.001"][:, epoch - 1].mean(), 2) for epoch in (60, 100)] == [0.84, 0.79]


@pytest.mark.parametrize("name", ["cameras", "digits", "leak"])
def test_every_picture_tells_its_numbers(name: str) -> None:
    _, alt = getattr(transfer_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 15
    assert "nan" not in alt
