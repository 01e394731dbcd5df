"""Hidden checks of bce_with_logits."""

from __future__ import annotations

import math

import torch
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
    random_tenths,
    written,
)

ZERO = tensor([0.0])


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
