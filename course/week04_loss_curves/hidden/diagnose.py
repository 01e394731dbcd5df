"""Hidden checks of diagnose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from checking import expect, expect_close, expect_equal, expect_raises

from autograder.checks.framework import Student, check
from autograder.checks.inputs import ask

# diagnose: training losses, validation losses, baseline; with a baseline of 2 the limits are 0.2, 1 and 0.04
Curves = tuple[list[float], list[float], float]
VERDICTS = ("diverged", "overfitting", "undertrained", "underfitting", "healthy")
NAN, INF = math.nan, math.inf
SETTLED_TRAIN = [1.9, 1.2, 0.8, 0.6, 0.5, 0.46, 0.45, 0.45, 0.44, 0.44]
SETTLED_VAL = [1.9, 1.3, 0.9, 0.72, 0.62, 0.58, 0.57, 0.57, 0.56, 0.56]
TURNING_TRAIN = [1.9, 1.3, 1.0, 0.8, 0.65, 0.55, 0.48, 0.42]
TURNING_VAL = [1.9, 1.5, 1.2, 1.0, 1.05, 1.15, 1.25, 1.4]
HEALTHY: Curves = (SETTLED_TRAIN, SETTLED_VAL, 2.0)
OVERFITTED: Curves = (TURNING_TRAIN, TURNING_VAL, 2.0)


def verdicts(student: Student, cases: Sequence[tuple[Curves, str]], hint: str) -> None:
    """Ask for the verdict on every history first, then compare them in order."""
    answers = [ask(student, "diagnose", _history(curves), curves[2]) for curves, _ in cases]
    for (got, call), (_, want) in zip(answers, cases, strict=True):
        expect_equal(got, want, call=call, hint=hint)


def _history(curves: Curves) -> dict[str, list[float]]:
    return {"train_loss": list(curves[0]), "val_loss": list(curves[1])}


def _with(values: list[float], position: int, value: float) -> list[float]:
    changed = list(values)
    changed[position] = value
    return changed


@check("diagnose", gate=True)
def two_different_runs_get_two_of_the_five_verdicts(student: Student) -> None:
    answers = [ask(student, "diagnose", _history(curves), curves[2]) for curves in (HEALTHY, OVERFITTED)]
    for got, call in answers:
        expect(
            type(got) is str and got in VERDICTS,
            call=call,
            got=got,
            expected=f"one of {', '.join(VERDICTS)}",
            hint="return exactly one of the five words, in small letters",
        )
    (healthy, _), (overfitted, call) = answers
    expect(
        healthy != overfitted,
        call=call,
        got=overfitted,
        expected="another verdict than for a run that settled low",
        hint="compute the four medians from the history, then go through the rules",
    )


@check("diagnose", marks=0.25)
def a_run_that_settles_low_is_healthy(student: Student) -> None:
    flat: Curves = ([0.3] * 6, [0.4] * 6, 2.0)
    hint = (
        "healthy is what remains when no rule applies; six epochs are enough, and only the ends are compared"
    )
    verdicts(student, [(HEALTHY, "healthy"), (flat, "healthy")], hint)


@check("diagnose", marks=0.5)
def nan_or_inf_anywhere_means_diverged(student: Student) -> None:
    cases = [
        ((SETTLED_TRAIN[:5] + [NAN] * 5, SETTLED_VAL[:5] + [NAN] * 5, 2.0), "diverged"),
        ((_with(SETTLED_TRAIN, -1, NAN), SETTLED_VAL, 2.0), "diverged"),
        ((_with(SETTLED_TRAIN, 0, INF), SETTLED_VAL, 2.0), "diverged"),
        ((_with(SETTLED_TRAIN, 3, NAN), SETTLED_VAL, 2.0), "diverged"),
        ((SETTLED_TRAIN, _with(SETTLED_VAL, 3, NAN), 2.0), "diverged"),
        ((SETTLED_TRAIN, _with(SETTLED_VAL, -1, INF), 2.0), "diverged"),
    ]
    verdicts(
        student,
        cases,
        "look at all values of both lists with math.isfinite: a comparison with nan is always False",
    )


@check("diagnose", marks=0.25)
def a_training_loss_that_climbs_back_means_diverged(student: Student) -> None:
    both: Curves = ([1.9, 1.2, 0.7, 0.5, 0.8, 1.1, 1.4, 1.5], [1.9, 1.3, 0.8, 0.6, 0.9, 1.2, 1.5, 1.6], 2.0)
    train_only: Curves = ([1.9, 1.2, 0.7, 0.5, 0.6, 0.75, 0.8, 0.85], [1.9, 1.3, 0.9] + [0.85] * 5, 2.0)
    hint = "rule 1 comes first: compare train_end with the lowest training loss of the whole run"
    verdicts(student, [(both, "diverged"), (train_only, "diverged")], hint)


@check("diagnose", marks=0.25)
def a_validation_loss_that_turns_upwards_means_overfitting(student: Student) -> None:
    late: Curves = (TURNING_TRAIN, [1.9, 1.3, 0.9, 0.7, 0.6, 0.7, 0.85, 0.95], 2.0)
    hint = "compare val_end with the lowest validation loss of the whole run, not with the first one"
    verdicts(student, [(OVERFITTED, "overfitting"), (late, "overfitting")], hint)


@check("diagnose", marks=0.25)
def a_wide_gap_means_overfitting_even_if_nothing_rises(student: Student) -> None:
    wide: Curves = ([0.1] * 8, [1.8] * 8, 2.3)
    narrow: Curves = ([0.1] * 8, [1.0] * 8, 2.3)
    hint = "the second part of rule 2: val_end more than half the baseline above train_end"
    verdicts(student, [(wide, "overfitting"), (narrow, "healthy")], hint)


@check("diagnose", marks=0.25)
def both_losses_still_falling_means_undertrained(student: Student) -> None:
    high: Curves = (
        [1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2],
        [1.95, 1.86, 1.77, 1.68, 1.59, 1.5, 1.41, 1.32],
        2.0,
    )
    low: Curves = ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3], [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4], 2.0)
    train_only: Curves = (TURNING_TRAIN, [1.3, 1.1, 0.9, 0.86, 0.85, 0.84, 0.84, 0.84], 2.0)
    val_only: Curves = ([0.5] * 8, [1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6], 2.0)
    cases = [(high, "undertrained"), (low, "undertrained"), (train_only, "healthy"), (val_only, "healthy")]
    verdicts(
        student, cases, "both losses must still fall, and this rule comes before the one about the level"
    )


@check("diagnose", marks=0.25)
def flat_and_high_means_underfitting(student: Student) -> None:
    at_baseline: Curves = (
        [2.02, 2.0, 1.99, 2.0, 1.99, 1.99, 2.0, 1.99],
        [2.01, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0],
        2.0,
    )
    train_high: Curves = ([1.2] * 8, [0.9] * 8, 2.0)
    val_high: Curves = ([0.9] * 8, [1.2] * 8, 2.0)
    cases = [(at_baseline, "underfitting"), (train_high, "underfitting"), (val_high, "healthy")]
    verdicts(
        student,
        cases,
        "compare the level train_end with half the baseline; that two curves are close says nothing",
    )


@check("diagnose", marks=0.25)
def every_limit_is_a_share_of_the_baseline(student: Student) -> None:
    small_rise: Curves = ([0.3] * 8, [0.45, 0.42, 0.4, 0.42, 0.45, 0.48, 0.48, 0.48], 0.69)
    small_level: Curves = ([0.45] * 8, [0.46] * 8, 0.69)
    large_rise: Curves = ([5.0] * 8, [9.0, 8.5, 8.0, 8.5, 8.8, 9.0, 9.0, 9.0], 20.0)
    large_fall: Curves = (
        [5.3, 5.2, 5.1, 5.1, 5.1, 4.9, 4.9, 4.9],
        [5.5, 5.4, 5.3, 5.3, 5.3, 5.1, 5.1, 5.1],
        20.0,
    )
    cases = [
        (small_rise, "overfitting"),
        (small_level, "underfitting"),
        (large_rise, "healthy"),
        (large_fall, "healthy"),
    ]
    verdicts(student, cases, "multiply each limit by the baseline: 0.1 × baseline, not 0.1")


@check("diagnose", marks=0.25)
def one_spike_decides_nothing(student: Student) -> None:
    last_train: Curves = (_with(SETTLED_TRAIN, -1, 1.9), SETTLED_VAL, 2.0)
    last_val: Curves = (SETTLED_TRAIN, _with(SETTLED_VAL, -1, 1.9), 2.0)
    middle: Curves = (_with(SETTLED_TRAIN, 4, 1.8), _with(SETTLED_VAL, 4, 1.9), 2.0)
    hint = "take the median of the last three values: neither the last value alone nor their mean"
    cases = [(last_train, "healthy"), (last_val, "healthy"), (middle, "healthy")]
    verdicts(student, cases, hint)


@check("diagnose", marks=0.25)
def histories_that_cannot_be_judged_raise_ValueError(student: Student) -> None:
    short, unequal = (SETTLED_TRAIN[:5], SETTLED_VAL[:5], 2.0), (SETTLED_TRAIN, SETTLED_VAL[:9], 2.0)
    for curves, reason in (
        (short, "five epochs"),
        (([], [], 2.0), "no epoch"),
        (unequal, "lists of 10 and 9 losses"),
    ):
        expect_raises(
            ValueError,
            partial(student.diagnose, _history(curves), curves[2]),
            call=f"diagnose with {reason}",
            hint="check the two lengths first, and raise ValueError(…)",
        )


@check("diagnose", marks=0.25)
def other_keys_do_not_matter_and_the_history_stays_as_it_was(student: Student) -> None:
    history = {**_history(OVERFITTED), "train_accuracy": [0.1, 0.9], "val_accuracy": [0.5] * 8}
    source = "_answer = diagnose(history, 2.0)\n[_answer, history]"
    got = student.run(source, history={key: list(values) for key, values in history.items()})
    expect_close(
        got,
        ["overfitting", history],
        call="the verdict, and the history after the call, with two more lists in it",
        hint="read only train_loss and val_loss; use sorted(…) instead of .sort(), and slices instead of "
        ".pop()",
    )
