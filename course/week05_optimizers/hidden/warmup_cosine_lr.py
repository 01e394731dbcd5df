"""Hidden checks of warmup_cosine_lr: lengths, rates and steps are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import Any

from checking import Mismatch, as_array, expect, expect_close, expect_raises
from hidden.rates_watch import written_by_hand
from hidden.step_scenes import NO_ROUND, is_cut

from autograder.checks.framework import Student, check
from autograder.checks.inputs import as_typed, ask, compare, drawn, drawn_decimal, finite_number

NAME = "warmup_cosine_lr"
SCHEDULERS = "torch.optim.lr_scheduler"
Schedule = tuple[int, float, int, float]  # total_steps, base_lr, warmup_steps, min_lr

A_RATE = "return the rate of the step as one number, also behind the warm-up"
CLIMB = "step s of the warm-up has base_lr * (s + 1) / warmup_steps: min_lr plays no part in it"
FALL = "min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * q)), where q goes from 0 to 1"
PROGRESS = "q is 0 at the step warmup_steps and 1 at the step total_steps - 1"


def right(step: int, total: int, base: float, warmup: int = 0, low: float = 0.0) -> float:
    """Return the right rate."""
    if step < warmup:
        return base * (step + 1) / warmup
    if step >= total:
        return low
    q = (step - warmup) / max(1, total - 1 - warmup)
    return low + 0.5 * (base - low) * (1 + math.cos(math.pi * q))


def drawn_base(student: Student) -> float:
    """Return a rate with three decimals, from 0.6 to 2.4."""
    return round(drawn_decimal(student, 0.6, 2.4) + 0.007, 3)


def drawn_schedule(student: Student, warmup: bool = True, low: bool = True) -> Schedule:
    """Return a schedule whose cosine has 12 to 24 steps, a multiple of four, between its ends."""
    warm = drawn(student, 4, 7) if warmup else 0
    total = warm + 4 * drawn(student, 3, 6) + 1
    base = drawn_base(student)
    return total, base, warm, drawn_decimal(student, 0.1, 0.3) if low else 0.0


def ask_for(student: Student, schedule: Schedule, steps: Iterable[int], hint: str, given: int = 4) -> None:
    """Compare the rates of these steps. `given`: so many arguments of the schedule are handed over."""
    cases = [((step, *schedule[:given]), right(step, *schedule[:given])) for step in steps]
    try:
        compare(student, NAME, cases, hint=hint, tolerance=1e-5)
    except Mismatch as error:
        got, want = error.values or (None, None)
        if as_array(got) is not None and is_cut(as_array(got), want):
            raise Mismatch(error.call, error.got, error.expected, NO_ROUND, values=error.values) from None
        raise


def by_hand(student: Student, schedule: Schedule) -> None:
    """Raise Mismatch if a scheduler of PyTorch's runs. Half of the marks lie in checks that end with this."""
    written_by_hand(student, NAME, SCHEDULERS, schedule[2] + 1, *schedule)


def quarters(schedule: Schedule) -> list[int]:
    """Return the steps at the beginning, the quarters and the end of the cosine."""
    total, _, warmup, _ = schedule
    length = total - 1 - warmup
    return [warmup + length * part // 4 for part in range(5)]


@check(NAME, gate=True)
def the_rate_changes_from_step_to_step_or_there_are_no_marks(student: Student) -> None:
    total, base, *_ = drawn_schedule(student, warmup=False, low=False)
    answers = [ask(student, NAME, step, total, base) for step in (0, 1, total // 2, total - 2)]
    rates = [finite_number(got, call, A_RATE) for got, call in answers]
    moves = len(set(rates)) > 1
    expected = "another rate than at step 0"
    expect(moves, call=answers[-1][1], got=rates[-1], expected=expected, hint=FALL)


@check(NAME, marks=0.25)
def the_warm_up_climbs_to_the_base_in_equal_steps(student: Student) -> None:
    schedule = drawn_schedule(student, low=False)
    ask_for(student, schedule, range(schedule[2]), CLIMB)
    by_hand(student, schedule)


@check(NAME, marks=0.25)
def min_lr_plays_no_part_in_the_warm_up(student: Student) -> None:
    total, base, warmup, _ = drawn_schedule(student)
    low = round(base * 0.4, 2)  # above the first rates
    ask_for(student, (total, base, warmup, low), range(warmup), CLIMB)


@check(NAME, marks=0.25)
def half_a_cosine_falls_from_the_base_to_zero(student: Student) -> None:
    schedule = drawn_schedule(student, warmup=False, low=False)
    ask_for(student, schedule, quarters(schedule), f"{FALL}; without a warm-up at the step 0", given=2)
    ask_for(student, (2, schedule[1], 0, 0.0), (0, 1), FALL, given=2)
    by_hand(student, schedule)


@check(NAME, marks=0.25)
def the_cosine_begins_where_the_warm_up_ends(student: Student) -> None:
    schedule = drawn_schedule(student, low=False)
    ask_for(student, schedule, quarters(schedule), PROGRESS, given=3)
    by_hand(student, schedule)


@check(NAME, marks=0.25)
def the_cosine_ends_at_min_lr(student: Student) -> None:
    schedule = drawn_schedule(student)
    ask_for(student, schedule, quarters(schedule), FALL)
    total, base, warmup, low = schedule
    step = quarters(schedule)[1]
    named = {"total_steps": total, "base_lr": base, "warmup_steps": warmup, "min_lr": low}
    got, call = ask(student, NAME, step=step, **named)
    expect_close(got, right(step, *schedule), call=call, hint="keep the names of the arguments")
    by_hand(student, schedule)


@check(NAME, marks=0.25)
def later_steps_stay_at_min_lr(student: Student) -> None:
    for schedule in (drawn_schedule(student), drawn_schedule(student, warmup=False, low=False)):
        total = schedule[0]
        later = [total - 1, total, total + drawn(student, 2, 9), 2 * total + drawn(student, 1, 5)]
        hint = "from the step total_steps - 1 on the rate is min_lr: a cosine would climb again"
        ask_for(student, schedule, later, hint)
    base, low, warmup = drawn_base(student), drawn_decimal(student, 0.1, 0.3), drawn(student, 2, 5)
    for warm in (warmup, 0):
        hint = "also behind a cosine of a single step the rate is min_lr: sort out the later steps first"
        ask_for(student, (warm + 1, base, warm, low), (warm + 1, warm + 4), hint)


@check(NAME, marks=0.25)
def a_cosine_of_a_single_step_has_the_base(student: Student) -> None:
    base, low, warmup = drawn_base(student), drawn_decimal(student, 0.1, 0.3), drawn(student, 2, 5)
    hint = "with total_steps = warmup_steps + 1 the last step has base_lr: take care not to divide by 0"
    for warm in (warmup, warmup + 1):
        ask_for(student, (warm + 1, base, warm, low), (warm - 1, warm), hint)
    ask_for(student, (1, base, 0, low), (0,), hint)


@check(NAME, marks=0.25)
def a_warm_up_as_long_as_the_training_is_refused(student: Student) -> None:
    total, base = drawn(student, 3, 9), drawn_base(student)
    allowed = ask(student, NAME, 0, total, base, total - 1)
    refused = [
        (as_typed(NAME, *args), outcome(student, *args))
        for args in ((0, total, base, total), (total - 1, total, base, total + drawn(student, 1, 9)))
    ]
    want = right(0, total, base, total - 1)
    expect_close(allowed[0], want, call=allowed[1], hint="a warm-up that is one step shorter is allowed")
    hint = "begin with: if warmup_steps >= total_steps: raise ValueError(…)"
    for call, came in refused:
        expect_raises(ValueError, partial(again, *came), call=call, hint=hint)


def outcome(student: Student, *args: Any) -> tuple[Any, Exception | None]:
    """Return what came back: a value, or the error that was raised."""
    try:
        return student.warmup_cosine_lr(*args), None
    except Exception as error:
        return None, error


def again(value: Any, error: Exception | None) -> Any:
    """Return the value, or raise the error once more."""
    if error is not None:
        raise error
    return value
