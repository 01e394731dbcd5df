"""Hidden checks of bce_with_logits."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, tensor

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    ONE_NUMBER,
    cheaper,
    compare,
    drawn,
    drawn_decimal,
    drawn_magnitude,
    drawn_sign,
    expect_gradient,
    random_tenths,
    shuffled,
    unchanged,
)
from autograder.checks.ready_made import written_out

Case = tuple[tuple[Tensor, Tensor], Tensor]


def answered(logits: Tensor, targets: Tensor) -> Case:
    """Return a question with its right answer."""
    return (logits, targets), F.binary_cross_entropy_with_logits(logits, targets)


def spread(student: Student, *shape: int) -> Tensor:
    """Return logits that are 0.5 to 2 away from 0, every second one negative."""
    sizes = random_tenths(student, *shape, low=0.5, high=2.0)
    return sizes * drawn_sign(student) * (1 - 2 * (torch.arange(sizes.numel()) % 2)).reshape(shape)


def one(student: Student, low: float, high: float, target: float) -> Case:
    """Return a question about one logit between low and high, and its right answer."""
    return answered(tensor([drawn_decimal(student, low, high)]), tensor([target]))


def by_hand(student: Student, logits: Tensor, targets: Tensor) -> None:
    """Raise Mismatch if a ready-made loss is used. Half of the marks lie in checks that end with this."""
    written_out(student, "bce_with_logits(logits, targets)", logits=logits, targets=targets)


@check("bce_with_logits", gate=True)
def a_right_answer_costs_less_than_a_wrong_one(student: Student) -> None:
    hint = "a logit far above 0 means a probability near 1, far below 0 a probability near 0. " + ONE_NUMBER
    high, low = (tensor([sign * drawn_decimal(student, 1.5, 3.0)]) for sign in (1, -1))
    for right, wrong, target in ((high, low, tensor([1.0])), (low, high, tensor([0.0]))):
        cheaper(student, "bce_with_logits", (right, target), (wrong, target), hint)


@check("bce_with_logits", marks=0.25)
def with_target_1_a_logit_costs_minus_the_log_of_its_probability(student: Student) -> None:
    cases = [one(student, low, high, 1.0) for low, high in ((0.5, 3.0), (-3.0, -0.5), (-8.5, -8.0))]
    hint = "turn the logit into a probability p first; target 1 costs -ln p"
    compare(student, "bce_with_logits", cases, hint=hint)


@check("bce_with_logits", marks=0.25)
def with_target_0_a_logit_costs_minus_the_log_of_the_rest(student: Student) -> None:
    cases = [one(student, low, high, 0.0) for low, high in ((0.5, 3.0), (-3.0, -0.5), (8.0, 8.5))]
    compare(student, "bce_with_logits", cases, hint="target 0 costs -ln(1 - p)")


@check("bce_with_logits", marks=0.5)
def soft_targets_count_in_part(student: Student) -> None:
    few, many = drawn_decimal(student, 0.15, 0.35), drawn_decimal(student, 0.65, 0.85)
    cases = [one(student, 0.6, 2.0, few), one(student, -2.0, -0.6, many), one(student, 0.6, 2.0, 0.5)]
    cases.append(answered(spread(student, 4), random_tenths(student, 4, low=0.0, high=0.9)))
    hint = "a target of 0.7 costs 0.7 times what target 1 costs, plus 0.3 times what target 0 costs"
    compare(student, "bce_with_logits", cases, hint=hint)


@check("bce_with_logits", marks=0.5)
def all_answers_are_averaged(student: Student) -> None:
    few = tensor(shuffled(student, [1.0, 1.0] + [0.0] * drawn(student, 3, 5)))
    cases = [answered(spread(student, len(few)), few)]
    cases += [answered(spread(student, 3), torch.full((3,), target)) for target in (0.0, 1.0)]
    hint = "take the mean of the costs of all answers, of both kinds of target together"
    compare(student, "bce_with_logits", cases, hint=hint)


@check("bce_with_logits", marks=0.25)
def all_elements_are_averaged_whatever_the_shape(student: Student) -> None:
    cases = []
    for shape in ((2, 3), (drawn(student, 4, 5), 1), (1, 3), (2, 2, 3), (1, 1)):
        targets = random_tenths(student, *shape, low=0.0, high=0.9)
        cases.append(answered(spread(student, *shape), targets))
    compare(student, "bce_with_logits", cases, hint="average over all elements, whatever the shape")
    by_hand(student, *cases[0][0])


@check("bce_with_logits", marks=0.5)
def logits_of_several_hundred_are_no_problem(student: Student) -> None:
    cases = [one(student, sign * 25.0, sign * 60.0, target) for sign in (1, -1) for target in (0.0, 1.0)]
    far = [sign * float(drawn_magnitude(student, 120, 400)) for sign in (1, 1, -1, -1)]
    cases += [
        answered(tensor([z]), tensor([target])) for z, target in zip(far, (0.0, 1.0, 0.0, 1.0), strict=True)
    ]
    cases.append(one(student, 89.5, 102.0, 0.0))
    cases.append(
        answered(tensor([far[0], 0.5, far[2]]), tensor([drawn_decimal(student, 0.2, 0.8), 1.0, 0.3]))
    )
    hint = "in float32 sigmoid(200) is exactly 1 and exp(200) is inf: give exp only numbers below 0"
    compare(student, "bce_with_logits", cases, hint=hint)
    by_hand(student, *cases[-1][0])


def expect_slopes(student: Student, logits: Tensor, targets: Tensor, hint: str) -> None:
    """Compare the value, then ask for the way to it, then compare the gradient with that of the logits."""
    asked, want = answered(logits, targets)
    compare(student, "bce_with_logits", [(asked, want)], hint="get this value right first, then its gradient")
    by_hand(student, *asked)
    slopes = (torch.sigmoid(logits) - targets) / logits.numel()
    call, inputs = "bce_with_logits(logits, targets)", {"logits": logits, "targets": targets}
    expect_gradient(student, call, "logits", slopes, hint, **inputs)


@check("bce_with_logits", marks=0.25)
def the_gradient_is_probability_minus_target(student: Student) -> None:
    targets = tensor(shuffled(student, [1.0, 0.0, 1.0, drawn_decimal(student, 0.2, 0.8)]))
    hint = "compute with torch operations all the way: .item(), float(), .detach() and NumPy cut the gradient"
    expect_slopes(student, spread(student, 4), targets, hint)


@check("bce_with_logits", marks=0.25)
def the_gradient_at_several_hundred_is_finite(student: Student) -> None:
    far = [sign * float(drawn_magnitude(student, 120, 400)) for sign in (1, -1, 1, -1, 1)]
    targets = tensor([1.0, 0.0, 0.0, 1.0, drawn_decimal(student, 0.2, 0.8)])
    hint = "no exp may overflow, not even in a branch that torch.where then does not choose"
    expect_slopes(student, tensor(far), targets, hint)


@check("bce_with_logits", marks=0.25)
def logits_and_targets_stay_as_they_were(student: Student) -> None:
    asked, want = answered(spread(student, 3), tensor([1.0, 0.0, drawn_decimal(student, 0.2, 0.8)]))
    unchanged(student, "bce_with_logits", *asked, want=want)
    by_hand(student, *asked)
