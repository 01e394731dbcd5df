"""Hidden checks of diagnose: every history is drawn, and always of the same kinds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from checking import expect, expect_equal

from autograder.checks.framework import Student, check
from autograder.checks.inputs import as_typed, drawn, drawn_decimal, shuffled

Curve = list[float]
VERDICTS = ("diverged", "overfitting", "undertrained", "underfitting", "healthy")
NAN, INF = math.nan, math.inf
HIGH_LOW = ("hhl", "hlh", "lhh")  # two high values of three: their median is high
LOW_HIGH = ("llh", "lhl", "hll")


class Case(NamedTuple):
    """Hold a run and the verdict that the rules give it."""

    want: str
    train: Curve
    val: Curve
    baseline: float

    @property
    def history(self) -> dict[str, Curve]:
        """Return the run as a history."""
        return {"train_loss": self.train, "val_loss": self.val}

    @property
    def call(self) -> str:
        """Return the call as one would type it; of a long run the end, by which it is judged."""
        if len(self.train) <= 13:
            return as_typed("diagnose", self.history, self.baseline)
        ends = " and ".join(str(curve[-6:]) for curve in (self.train, self.val))
        return f"diagnose(…, {self.baseline}) of {len(self.train)} epochs that end with {ends}"


def run(
    student: Student,
    want: str,
    train: Sequence[float],
    val: Sequence[float],
    *,
    lows: tuple[float, float] = (9, 9),
    first: bool = False,
    baseline: float = 0,
    epochs: int = 0,
) -> Case:
    """Return a run that ends with these six training and validation losses, in units of the baseline.

    Before them both curves come down from above; `lows` are the lowest values there, in the first epoch or in
    a later one. The number of epochs, the baseline (about 1), the height of the curves and their start are
    drawn.
    """
    before = (epochs or drawn(student, 11, 13)) - 6
    unit = baseline or drawn_decimal(student, 0.97, 1.03)
    shift = drawn_decimal(student, -0.01, 0.01, 3)
    place = 0 if first else drawn(student, 1, max(1, before - 2))
    curves = []
    for last, low in zip((train, val), lows, strict=True):
        top, drop = max(last) + drawn_decimal(student, 0.5, 0.8, 3), max(last) + 0.06
        curve = [top + (drop - top) * i / max(1, before - 1) for i in range(before)] + list(last)
        if low < 9:
            curve[place] = low
        curves.append([round((value + shift) * unit, 4) for value in curve])
    return Case(want, *curves, unit)


def steps(high: float, low: float, before: str, end: str = "lll") -> Curve:
    """Return six values, each high or low: steps(0.5, 0.4, "hhl") is [0.5, 0.5, 0.4, 0.4, 0.4, 0.4]."""
    return [high if letter == "h" else low for letter in before + end]


def verdicts(student: Student, cases: Sequence[Case], hint: str) -> None:
    """Ask for the verdict on every history first, then compare them in order."""
    answers = []
    for case in cases:
        answers.append(student.diagnose(case.history, case.baseline))
        if type(answers[-1]) is str and answers[-1] not in VERDICTS:
            student.note("another word")
    for got, case in zip(answers, cases, strict=True):
        if not (type(got) is str and got == case.want):  # the call is long: it is written for a mistake alone
            expect_equal(got, case.want, call=case.call, hint=hint)


def healthy(student: Student, epochs: int = 0) -> Case:
    """Return a run that settles low."""
    return run(student, "healthy", [0.3] * 6, [0.38] * 6, epochs=epochs)


def rising(student: Student, want: str = "overfitting", **given: bool) -> Case:
    """Return a run whose validation loss has turned upwards."""
    return run(student, want, [0.3] * 6, [0.55] * 6, lows=(9, 0.42), **given)


def spoilt(case: Case, curve: str, place: int, value: float, want: str = "diverged") -> Case:
    """Return the run with one other loss in it."""
    changed = list(getattr(case, curve))
    changed[place] = value
    return case._replace(**{"want": want, curve: changed})


@check("diagnose")
def each_run_gets_one_of_the_five_words(student: Student) -> None:
    for case in (healthy(student), rising(student)):
        got = student.diagnose(case.history, case.baseline)
        hint = "return exactly one of the five words, in small letters"
        known = type(got) is str and got in VERDICTS
        if type(got) is str and not known:
            student.note("another word")
        expect(known, call=case.call, got=got, expected=f"one of {', '.join(VERDICTS)}", hint=hint)


@check("diagnose", marks=0.25)
def nan_or_inf_anywhere_means_diverged(student: Student) -> None:
    middle = drawn(student, 2, 3)
    both = healthy(student)
    train, val = ([*curve[:-5], *[NAN] * 5] for curve in (both.train, both.val))
    cases = [
        healthy(student),
        both._replace(want="diverged", train=train, val=val),
        *(spoilt(healthy(student), "train", place, NAN) for place in (0, middle, -1)),
        *(spoilt(healthy(student), "val", place, NAN) for place in (0, middle, -2)),
        *(spoilt(healthy(student), "train", place, INF) for place in (0, -1)),
        *(spoilt(healthy(student), "val", place, INF) for place in (middle, -1)),
        spoilt(rising(student), "val", 0, NAN),
        spoilt(healthy(student), "train", 0, float(10 ** drawn(student, 9, 12)), "healthy"),
    ]
    hint = "look at all values of both lists with math.isfinite: a comparison with nan is always False"
    verdicts(student, cases, hint)


@check("diagnose", marks=0.25)
def a_training_loss_far_above_its_lowest_means_diverged(student: Student) -> None:
    val = [0.47] * 6
    cases = [
        run(student, "diverged", [0.42] * 6, val, lows=(0.29, 9), first=first, epochs=epochs)
        for first, epochs in ((False, 0), (True, 0), (False, drawn(student, 30, 60)))
    ]
    cases.append(run(student, "diverged", [0.46] * 6, val, lows=(0.06, 9)))
    for place in (1, 3, 5):
        last = [0.42] * 6
        last[place] = 0.29
        cases.append(run(student, "diverged", last, val))
    cases += [
        run(student, "healthy", [0.42] * 6, val, lows=(0.345, 9), first=first) for first in (True, False)
    ]
    hint = "rule 1 comes first: compare train_end with the lowest training loss of the whole run"
    verdicts(student, cases, hint)


@check("diagnose", marks=0.25)
def a_validation_loss_far_above_its_lowest_or_far_above_the_training_loss(student: Student) -> None:
    low, level = [0.3] * 6, drawn(student, 4, 14)
    cases = [rising(student), rising(student, first=True)]
    cases.append(run(student, "overfitting", low, [0.6] * 6, lows=(9, 0.47), epochs=drawn(student, 30, 60)))
    for place in (1, 3, 5):
        last = [0.55] * 6
        last[place] = 0.42
        cases.append(run(student, "overfitting", low, last))
    cases += [
        run(student, "healthy", low, [0.55] * 6, lows=(9, 0.475), first=first) for first in (True, False)
    ]
    cases += [
        run(student, "overfitting", [0.1] * 6, [0.65] * 6),
        run(student, "healthy", [0.1] * 6, [0.56] * 6),
        run(student, "overfitting", [0.1] * 6, [0.64] * 6, lows=(9, 0.57)),
        run(student, "healthy", [0.2] * 6, [0.66] * 6, lows=(0.12, 9)),
        run(student, "underfitting", [0.95] * 6, [0.3] * 6),
        run(student, "healthy", [0.45] * 6, [0.2] * 6),
        exact(student, "healthy", level, level + 32),
        run(student, "overfitting", [0.1] * 6, [0.65] * 6, lows=(9, 0.5)),
        run(student, "overfitting", low, [0.75] * 6, lows=(9, 0.2)),
        run(student, "overfitting", [0.1] * 6, [1.25] * 6),
    ]
    hint = "rule 2 has two parts: val_end against the lowest validation loss of all, and against train_end"
    verdicts(student, cases, hint)


def exact(student: Student, want: str, train: int, val: int) -> Case:
    """Return a level run of these 64ths of a baseline of 1: a limit of half a baseline is met exactly."""
    epochs = drawn(student, 7, 20)
    return Case(want, [train / 64] * epochs, [val / 64] * epochs, 1.0)


@check("diagnose", marks=0.25)
def both_losses_must_still_fall(student: Student) -> None:
    falls, slow = steps(0.44, 0.38, "hhh"), [0.306, 0.306, 0.306, 0.304, 0.303, 0.302]
    cases = [
        run(student, "undertrained", falls, falls),
        run(student, "undertrained", falls, falls, epochs=drawn(student, 30, 60)),
        run(student, "undertrained", steps(0.33, 0.3, "hhh"), steps(0.4, 0.37, "hhh")),
        run(student, "undertrained", steps(0.335, 0.3, "hhl"), steps(0.405, 0.37, "hhl")),
        run(student, "undertrained", steps(0.5, 0.35, "hhh"), steps(0.55, 0.4, "hhh")),
        run(student, "undertrained", [0.48, 0.46, 0.44, 0.42, 0.4, 0.38], [0.5, 0.48, 0.46, 0.44, 0.42, 0.4]),
        run(student, "undertrained", [0.3, 0.4, 0.4, 0.36, 0.36, 0.36], [0.32, 0.42, 0.42, 0.38, 0.38, 0.38]),
        run(student, "healthy", slow, [0.05 + value for value in slow]),
        run(student, "healthy", steps(0.314, 0.3, "hhh"), steps(0.384, 0.37, "hhh")),
        run(student, "healthy", steps(0.314, 0.3, "hhh"), steps(0.4, 0.37, "hhh")),
        run(student, "healthy", steps(0.33, 0.3, "hhh"), steps(0.384, 0.37, "hhh")),
        run(student, "healthy", steps(0.35, 0.3, "lll", "hhh"), steps(0.42, 0.37, "lll", "hhh")),
        run(student, "healthy", [0.3] * 14, [0.37] * 14),
        run(student, "healthy", falls, [0.38] * 6),
        run(student, "healthy", [0.3] * 6, falls),
    ]
    for words, want in ((HIGH_LOW, "undertrained"), (LOW_HIGH, "healthy")):
        for word in words:
            cases.append(run(student, want, steps(0.39, 0.3, word), falls))
            cases.append(run(student, want, falls, steps(0.49, 0.4, word)))
    hint = "both ends lie below the medians before, those of the three values just before the last three"
    verdicts(student, cases, hint)


@check("diagnose", marks=0.25)
def the_level_counts_and_every_limit_is_a_share_of_the_baseline(student: Student) -> None:
    cases = [
        run(student, "underfitting", [1.2] * 6, [1.25] * 6),
        run(student, "underfitting", [0.98] * 6, [1.0] * 6),
        run(student, "underfitting", [0.7] * 6, [0.74] * 6),
        run(student, "healthy", [0.44] * 6, [0.48] * 6),
        run(student, "underfitting", [0.7] * 6, [0.4] * 6),
        run(student, "healthy", [0.44] * 6, [0.88] * 6),
        run(student, "underfitting", [0.56] * 6, [0.64] * 6, lows=(0.47, 9)),
        exact(student, "healthy", 32, drawn(student, 33, 37)),
        exact(student, "underfitting", 33, drawn(student, 34, 38)),
    ]
    small, large = drawn_decimal(student, 0.3, 0.5), drawn_decimal(student, 5, 9, 1)
    for unit in (small, large, float(drawn(student, 110, 900))):
        cases += [
            run(student, "diverged", [0.42] * 6, [0.47] * 6, lows=(0.29, 9), baseline=unit),
            run(student, "healthy", [0.42] * 6, [0.47] * 6, lows=(0.345, 9), baseline=unit),
            run(student, "overfitting", [0.3] * 6, [0.55] * 6, lows=(9, 0.42), baseline=unit),
            run(student, "healthy", [0.3] * 6, [0.55] * 6, lows=(9, 0.475), baseline=unit),
            run(student, "overfitting", [0.1] * 6, [0.65] * 6, baseline=unit),
            run(student, "undertrained", steps(0.33, 0.3, "hhh"), steps(0.4, 0.37, "hhh"), baseline=unit),
            run(student, "healthy", steps(0.312, 0.3, "hhh"), steps(0.382, 0.37, "hhh"), baseline=unit),
            run(student, "underfitting", [0.7] * 6, [0.74] * 6, baseline=unit),
        ]
    hint = "rule 4 compares train_end alone with half the baseline; each limit is a number times the baseline"
    verdicts(student, cases, hint)


@check("diagnose", marks=0.25)
def the_first_rule_that_applies_decides(student: Student) -> None:
    falling = steps(0.7, 0.64, "hhh")
    cases = [
        run(student, "diverged", [0.44] * 6, [0.56] * 6, lows=(0.3, 0.43)),
        run(student, "diverged", steps(0.48, 0.42, "hhh"), steps(0.56, 0.5, "hhh"), lows=(0.28, 9)),
        run(student, "diverged", [0.7] * 6, [0.75] * 6, lows=(0.56, 9)),
        run(student, "overfitting", steps(0.18, 0.12, "hhh"), steps(0.78, 0.72, "hhh")),
        run(student, "overfitting", steps(0.36, 0.3, "hhh"), steps(0.6, 0.54, "hhh"), lows=(9, 0.41)),
        run(student, "overfitting", [0.7] * 6, [0.82] * 6, lows=(9, 0.68)),
        run(student, "overfitting", [0.7] * 6, [1.3] * 6),
        run(student, "undertrained", falling, steps(0.75, 0.69, "hhh")),
        spoilt(run(student, "", [0.7] * 6, [0.82] * 6, lows=(9, 0.68)), "train", 0, INF),
        spoilt(run(student, "", falling, falling), "val", 1, NAN),
    ]
    hint = "several rules apply: go through them from the top, and stop at the first"
    verdicts(student, shuffled(student, cases), hint)


@check("diagnose", marks=0.25)
def the_end_is_the_median_of_the_last_three_values(student: Student) -> None:
    cases = []
    for place in (3, 4, 5):
        spike = [0.0] * 6
        spike[place] = 1.5
        cases.append(run(student, "healthy", [0.3 + jump for jump in spike], [0.38] * 6))
        cases.append(run(student, "healthy", [0.3] * 6, [0.38 + jump for jump in spike]))
    for word in HIGH_LOW:
        cases.append(run(student, "underfitting", steps(0.55, 0.46, "lll", word), [0.6] * 6))
        cases.append(run(student, "overfitting", [0.3] * 6, steps(0.54, 0.41, "lll", word)))
        cases.append(run(student, "diverged", steps(0.43, 0.3, "lll", word), [0.5] * 6))
    for word in LOW_HIGH:
        late, early = steps(0.37, 0.3, "hhh", word), steps(0.37, 0.3, "hhh")
        cases += [
            run(student, "undertrained", *curves) for curves in ((late, early), (early, late), (late, late))
        ]
    hint = "take the median of the last three values: neither one of them, nor their mean, nor more values"
    verdicts(student, cases, hint)
