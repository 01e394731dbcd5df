"""Hidden checks of what goes into diagnose: which histories it judges, and what becomes of them."""

from __future__ import annotations

import math
from functools import partial

from checking import expect_equal, expect_raises

from autograder.checks.framework import Student, check
from autograder.checks.inputs import as_typed, drawn, drawn_decimal, unchanged

Curve = list[float]
VERDICTS = ("diverged", "overfitting", "undertrained", "underfitting", "healthy")
NAN, INF = math.nan, math.inf


def level(student: Student, before: float, end: float, epochs: int) -> Curve:
    """Return losses that come down to `before` and end with three values at `end`, all moved a little."""
    move = drawn_decimal(student, -0.01, 0.01, 3)
    above = [before + 0.05 * i for i in range(epochs - 6, 0, -1)]
    return [round(value + move, 3) for value in [*above, *[before] * 3, *[end] * 3]]


@check("diagnose", marks=0.25)
def the_history_is_checked_read_and_left_as_it_was(student: Student) -> None:
    cases = [
        ("healthy", level(student, 0.3, 0.3, 6), level(student, 0.36, 0.36, 6)),
        ("undertrained", level(student, 0.4, 0.3, 6), level(student, 0.46, 0.36, 6)),
        ("healthy", level(student, 0.36, 0.3, 6), level(student, 0.36, 0.36, 6)),
        ("healthy", level(student, 0.3, 0.3, 6), level(student, 0.42, 0.36, 6)),
        ("overfitting", level(student, 0.3, 0.3, 6), level(student, 0.36, 0.56, 6)),
        ("diverged", level(student, 0.3, 0.48, 7), level(student, 0.36, 0.36, 7)),
    ]
    answers = []
    for _, train, val in cases:
        answers.append(student.diagnose({"train_loss": train, "val_loss": val}, 1.0))
        if type(answers[-1]) is str and answers[-1] not in VERDICTS:
            student.note("another word")
    for got, (want, train, val) in zip(answers, cases, strict=True):
        call = as_typed("diagnose", {"train_loss": train, "val_loss": val}, 1.0)
        hint = "six epochs are enough: the three before are then the first three"
        expect_equal(got, want, call=call, hint=hint)
    train, val = level(student, 0.3, 0.3, drawn(student, 8, 12)), None
    val = level(student, 0.36, 0.56, len(train))
    others = {"learning_rate": [NAN] * 4, "val_accuracy": [0.5] * 3}
    history = {"val_loss": val, **others, "train_loss": train, "train_accuracy": [INF, -3.0]}
    hint = "read train_loss and val_loss by name, and nothing else; use sorted(…) and slices, not .sort()"
    unchanged(student, "diagnose", history, 1.0, want="overfitting", hint=hint)
    refusals(
        student,
        (train[:5], val[:5]),
        (train[:5], val),
        (train[:-1], val),
        (train, val[: drawn(student, 3, 5)]),
        ([NAN, *train[:3]], val[:4]),
        ([NAN, *train], val),
        (train[:2], val[:2]),
    )


def refusals(student: Student, *histories: tuple[Curve, Curve]) -> None:
    """Ask about all histories first; then raise Mismatch unless each was a ValueError."""
    outcomes: list[tuple[object, Exception | None]] = []
    for train, val in histories:
        try:
            outcomes.append((student.diagnose({"train_loss": train, "val_loss": val}, 1.0), None))
        except Exception as error:
            outcomes.append((None, error))
    for (train, val), outcome in zip(histories, outcomes, strict=True):
        call = f"diagnose with {len(train)} training and {len(val)} validation losses"
        hint = "check the two lengths before anything else, and raise ValueError(…)"
        expect_raises(ValueError, partial(_again, *outcome), call=call, hint=hint)


def _again(value: object, error: Exception | None) -> object:
    if error is not None:
        raise error
    return value
