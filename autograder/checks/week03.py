"""Hidden checks of week 3: huber and bce_with_logits; the other exercises are in week03_classes."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from checking import expect, expect_close
from torch import tensor

from autograder.checks import week03_classes
from autograder.checks.framework import Student, check, checks_of
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


# huber
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


# bce_with_logits
@check("bce_with_logits", gate=True)
def a_right_answer_costs_less_than_a_wrong_one(student: Student) -> None:
    hint = "a logit far above 0 means a probability near 1, far below 0 a probability near 0. " + ONE_NUMBER
    for right, wrong in ((2.0, -2.0), (-2.0, 2.0)):
        target = tensor([1.0 if right > 0 else 0.0])
        (low, call), (high, other) = (
            ask(student, "bce_with_logits", tensor([z]), target) for z in (right, wrong)
        )
        costs_less = finite_number(low, call, hint) < finite_number(high, other, hint)
        expect(costs_less, call=call, got=low, expected=f"less than {other} gives", hint=hint)


@check("bce_with_logits", marks=0.25)
def a_logit_of_zero_costs_ln_2(student: Student) -> None:
    cases = [((ZERO, tensor([1.0])), math.log(2)), ((ZERO, ZERO), math.log(2))]
    compare(
        student,
        "bce_with_logits",
        cases,
        hint="a logit of 0 is a probability of ½, so either answer costs -ln ½",
    )


@check("bce_with_logits", marks=0.25)
def a_logit_costs_what_its_probability_says(student: Student) -> None:
    odds = tensor([math.log(3.0)])  # the logit of the probability 0.75
    cases = [((odds, tensor([1.0])), -math.log(0.75)), ((odds, ZERO), -math.log(0.25))]
    hint = "turn the logit into a probability p first; target 1 costs -ln p, target 0 costs -ln(1 - p)"
    compare(student, "bce_with_logits", cases, hint=hint)


@check("bce_with_logits", marks=0.5)
def five_answers_are_averaged(student: Student) -> None:
    targets = tensor([1.0, 0.0, 1.0, 1.0, 0.0])
    good, poor = tensor([0.9, 0.1, 0.8, 0.95, 0.2]), tensor([0.4, 0.6, 0.3, 0.5, 0.7])
    cases = [((torch.logit(good), targets), 0.14166), ((torch.logit(poor), targets), 0.986735)]
    compare(
        student,
        "bce_with_logits",
        cases,
        hint="take the mean of the costs of all answers, of both kinds of target",
    )


@check("bce_with_logits", marks=0.5)
def soft_targets_count_in_part(student: Student) -> None:
    logits, targets = random_tenths(student, 4), random_tenths(student, 4, low=0.0, high=0.9)
    want = F.binary_cross_entropy_with_logits(logits, targets)
    cases = [((tensor([2.0]), tensor([0.7])), 0.726928), ((logits, targets), want)]
    hint = "a target of 0.7 costs 0.7 times what target 1 costs, plus 0.3 times what target 0 costs"
    compare(student, "bce_with_logits", cases, hint=hint)


@check("bce_with_logits", marks=0.25)
def a_table_of_answers_gives_one_number(student: Student) -> None:
    logits, targets = random_tenths(student, 2, 3), tensor([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    want = F.binary_cross_entropy_with_logits(logits, targets)
    hint = "average over all elements, whatever the shape"
    compare(student, "bce_with_logits", [((logits, targets), want)], hint=hint)


@check("bce_with_logits", marks=0.5)
def logits_of_200_are_no_problem(student: Student) -> None:
    table = [
        (200.0, 1.0, 0.0),
        (-200.0, 0.0, 0.0),
        (200.0, 0.0, 200.0),
        (-200.0, 1.0, 200.0),
        (-30.0, 1.0, 30.0),
    ]
    cases = [((tensor([z]), tensor([y])), want) for z, y, want in table]
    hint = "in float32 sigmoid(200) is exactly 1 and exp(200) is inf: give exp only numbers below 0"
    compare(student, "bce_with_logits", cases, hint=hint)


@check("bce_with_logits", marks=0.25)
def the_gradient_is_probability_minus_target(student: Student) -> None:
    logits, targets = random_tenths(student, 4), tensor([1.0, 0.0, 0.3, 1.0])
    got = gradient(student, "bce_with_logits(logits, targets)", "logits", logits=logits, targets=targets)
    expect_close(
        got,
        (torch.sigmoid(logits) - targets) / 4,
        hint=CONNECTED,
        call=f"the gradient of bce_with_logits({written(logits)}, {written(targets)}) with respect to logits",
    )


@check("bce_with_logits", marks=0.25)
def the_gradient_at_200_is_finite(student: Student) -> None:
    logits, targets = tensor([200.0, -200.0, 200.0, -200.0]), tensor([1.0, 0.0, 0.0, 1.0])
    got = gradient(student, "bce_with_logits(logits, targets)", "logits", logits=logits, targets=targets)
    expect_close(
        got,
        tensor([0.0, 0.0, 0.25, -0.25]),
        hint="no exp may overflow, not even in a branch that torch.where then does not choose",
        call="the gradient of bce_with_logits([200, -200, 200, -200], [1, 0, 0, 1]) with respect to logits",
    )


@check("bce_with_logits", marks=0.25)
def logits_and_targets_stay_as_they_were(student: Student) -> None:
    logits, targets = random_tenths(student, 3), tensor([1.0, 0.0, 1.0])
    got = afterwards(student, "bce_with_logits(logits, targets)", logits=logits, targets=targets)
    expect_close(
        got,
        [logits, targets],
        call="logits and targets after bce_with_logits(logits, targets)",
        hint=UNCHANGED,
    )


FURTHER = tuple(item for checks in checks_of(week03_classes).values() for item in checks)
