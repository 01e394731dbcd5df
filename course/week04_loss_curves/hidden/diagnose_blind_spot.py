"""Hidden checks of blind_spot, the second function of the exercise diagnose."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median

from checking import as_array, expect

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal

RISES, RISE, FEWEST, MOST = 5, 0.3, 8, 40
IN_FAVOUR = 1e-9  # of a baseline: a limit that is met exactly counts for the student
HINTS = {
    "no two lists": "return train_loss, val_loss: two lists of numbers",
    "two lengths": "one number an epoch in each list, from 8 to 40 of them, as many in both",
    "no losses": "each loss is a finite number above 0",
    "tame": "the training loss must go up by 0.3 × baseline or more at least five times",
    "diverged": "train_end, the median of the last three, must lie at most 0.1 × baseline above the lowest",
    "overfitting": "val_end must lie near the lowest validation loss, and not far above train_end",
    "undertrained": "one of the two medians must have stopped falling: a level validation loss will do",
    "underfitting": "train_end, the median of the last three, must lie at or below half the baseline",
}


def verdict(train: list[float], val: list[float]) -> str:
    """Return what the rules say of losses in units of the baseline, in favour of the student at a limit."""
    (train_before, train_end), (val_before, val_end) = (
        (median(curve[-6:-3]), median(curve[-3:])) for curve in (train, val)
    )
    if train_end > min(train) + 0.1 + IN_FAVOUR:
        return "diverged"
    if val_end > min(val) + 0.1 + IN_FAVOUR or val_end > train_end + 0.5 + IN_FAVOUR:
        return "overfitting"
    if train_end < train_before - 0.02 - IN_FAVOUR and val_end < val_before - 0.02 - IN_FAVOUR:
        return "undertrained"
    return "underfitting" if train_end > 0.5 + IN_FAVOUR else "healthy"


def outcome(got: object, baseline: float) -> str:
    """Return in a word or two what is wrong with an answer of blind_spot, or "healthy" if nothing is."""
    curves = (
        [as_array(curve) for curve in got] if isinstance(got, (list, tuple)) and len(got) == 2 else [None]
    )
    if any(curve is None or curve.ndim != 1 for curve in curves):
        return "no two lists"
    train, val = ([float(value) / baseline for value in curve] for curve in curves if curve is not None)
    if len(train) != len(val) or not FEWEST <= len(train) <= MOST:
        return "two lengths"
    if not all(math.isfinite(value) and value > 0 for value in [*train, *val]):
        return "no losses"
    rises = [after - before >= RISE - IN_FAVOUR for before, after in pairwise(train)]
    return verdict(train, val) if sum(rises) >= RISES else "tame"


def expect_blind_spot(student: Student, *baselines: float) -> None:
    """Ask for a run for each baseline first; then raise Mismatch unless each is wild and called healthy."""
    answers = []
    for baseline in baselines:
        got = student.blind_spot(baseline)
        found = outcome(got, baseline)
        student.note(found)
        answers.append((baseline, got, found))
    for baseline, got, found in answers:
        expected = "two lists of losses that jump up five times and that the rules call healthy"
        call = f"blind_spot({baseline:g}), which is {found if found in HINTS else 'right'}"
        expect(found == "healthy", call=call, got=got, expected=expected, hint=HINTS.get(found, ""))


@check("diagnose", marks=0.5)
def blind_spot_a_wild_run_that_the_rules_call_healthy(student: Student) -> None:
    expect_blind_spot(student, 1.0)


@check("diagnose", marks=0.5)
def blind_spot_for_other_baselines(student: Student) -> None:
    expect_blind_spot(student, drawn_decimal(student, 3, 9), float(drawn(student, 11, 99)))
