"""Hidden checks of huber."""

from __future__ import annotations

import torch.nn.functional as F
from checking import expect, expect_close
from torch import tensor

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    CONNECTED,
    ONE_NUMBER,
    UNCHANGED,
    afterwards,
    ask,
    compare,
    finite_number,
    gradient,
    jittered,
    random_tenths,
    written,
)

SIX_TARGETS = tensor([1.0, 2.0, 3.0, 4.0, 5.0, 100.0])
SIX_PREDICTIONS = tensor([1.1, 2.2, 2.8, 4.1, 5.2, 10.0])
ZERO = tensor([0.0])


@check("huber", gate=True)
def perfect_predictions_cost_nothing_and_errors_cost_something(student: Student) -> None:
    target = random_tenths(student, 3)
    (perfect, call), (wrong, wrong_call) = (
        ask(student, "huber", pred, target) for pred in (target, target + 3)
    )
    expect_close(perfect, 0.0, call=call, hint=ONE_NUMBER + ", 0 if all predictions are right")
    expect(
        finite_number(wrong, wrong_call, ONE_NUMBER) > 0.1,
        call=wrong_call,
        got=wrong,
        expected="more than 0",
        hint="start from the error, pred - target",
    )


@check("huber", marks=0.25)
def small_errors_count_half_their_square(student: Student) -> None:
    cases = [((tensor([0.5]), ZERO), 0.125), ((tensor([1.6]), tensor([1.2])), 0.08)]
    compare(student, "huber", cases, hint="up to delta, an error e costs ½·e²")


@check("huber", marks=0.25)
def large_errors_grow_in_a_straight_line(student: Student) -> None:
    cases = [((tensor([3.0]), ZERO), 2.5), ((tensor([4.0]), ZERO), 3.5)]
    compare(student, "huber", cases, hint="beyond delta, an error e costs delta·(|e| - ½·delta)")


@check("huber", marks=0.25)
def negative_errors_count_like_positive_ones(student: Student) -> None:
    cases = [((tensor([-0.5]), ZERO), 0.125), ((tensor([-3.0]), ZERO), 2.5)]
    compare(
        student, "huber", cases, hint="take the absolute value of the error before you compare it with delta"
    )


@check("huber", marks=0.25)
def delta_says_where_large_begins(student: Student) -> None:
    three = tensor([3.0])
    cases = [((three, ZERO, 10.0), 4.5), ((three, ZERO, 2.0), 4.0), ((three, ZERO, 0.5), 1.375)]
    compare(
        student,
        "huber",
        cases,
        hint="use delta both in the comparison and in the formula of the straight line",
    )
    got, call = ask(student, "huber", three, ZERO, delta=2.0)
    expect_close(got, 4.0, call=call, hint="keep the argument's name, delta")


@check("huber", marks=0.25)
def each_error_is_judged_by_itself_and_all_are_averaged(student: Student) -> None:
    cases = [((SIX_PREDICTIONS, SIX_TARGETS), 14.92833), ((SIX_PREDICTIONS, SIX_TARGETS, 10.0), 141.67833)]
    hint = "decide for each error by itself whether it is small or large, then take the mean of the costs"
    compare(student, "huber", cases, hint=hint)


@check("huber", marks=0.25)
def random_errors_in_a_table_agree_with_torch(student: Student) -> None:
    target = random_tenths(student, 2, 3)
    pred = target + jittered(student, 0.6, -2.7, 3.1, -0.8, 0.4, -4.0).reshape(2, 3)
    delta = round(random_tenths(student, 1, low=1.3, high=2.2).item(), 2)
    want = F.huber_loss(pred, target, delta=delta)
    compare(
        student,
        "huber",
        [((pred, target, delta), want)],
        hint="average over all elements, whatever the shape",
    )


@check("huber", marks=0.25)
def the_gradient_reaches_the_predictions(student: Student) -> None:
    target = random_tenths(student, 4)
    pred = target + jittered(student, 0.7, -3.2, -0.9, 2.8)
    got = gradient(student, "huber(pred, target, 1.5)", "pred", pred=pred, target=target)
    expect_close(
        got,
        (pred - target).clamp(-1.5, 1.5) / 4,
        hint=CONNECTED,
        call=f"the gradient of huber({written(pred)}, {written(target)}, 1.5) with respect to pred",
    )


@check("huber", marks=0.25)
def the_arguments_stay_as_they_were(student: Student) -> None:
    pred, target = random_tenths(student, 3), random_tenths(student, 3)
    got = afterwards(student, "huber(pred, target)", pred=pred, target=target)
    expect_close(got, [pred, target], call="pred and target after huber(pred, target)", hint=UNCHANGED)
