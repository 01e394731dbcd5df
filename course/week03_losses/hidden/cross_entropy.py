"""Hidden checks of cross_entropy."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, tensor

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    CONNECTED,
    ONE_NUMBER,
    cheaper,
    compare,
    drawn,
    drawn_decimal,
    drawn_labels,
    drawn_magnitude,
    expect_gradient,
    shuffled,
    unchanged,
)
from autograder.checks.ready_made import written_out

Case = tuple[tuple[Tensor, Tensor], Tensor]


def answered(logits: Tensor, labels: Tensor) -> Case:
    """Return a question with its right answer."""
    return (logits, labels), F.cross_entropy(logits, labels.long())


def scores(student: Student, rows: int, classes: int) -> Tensor:
    """Return a table of scores that are not too far apart, and so fine that no two sums agree by chance."""
    return (torch.rand(rows, classes, generator=student.rng) * 3000 - 1500).round() / 1000


def unsorted(student: Student, rows: int, classes: int) -> Tensor:
    """Return a label for each row: not in order, and 0 among them, so that either always shows."""
    return torch.cat([1 + drawn_labels(student, rows - 1, classes - 1), tensor([0])])


def by_hand(student: Student, logits: Tensor, labels: Tensor) -> None:
    """Raise Mismatch if a ready-made loss is used. Half of the marks lie in checks that end with this."""
    written_out(student, "cross_entropy(logits, labels)", logits=logits, labels=labels)


@check("cross_entropy", gate=True)
def the_higher_the_score_at_the_label_the_lower_the_cost(student: Student) -> None:
    hint = "each label picks its own column of the logits. " + ONE_NUMBER
    borders = ((1.0, 2.5), (-0.3, 0.3), (-2.5, -1.0))
    logits = tensor([[drawn_decimal(student, low, high) for low, high in borders]])
    for label in (0, 1):
        cheaper(student, "cross_entropy", (logits, tensor([label])), (logits, tensor([label + 1])), hint)


@check("cross_entropy", marks=0.25)
def one_row_costs_minus_the_log_of_its_probability(student: Student) -> None:
    three, two = scores(student, 1, 3), scores(student, 1, 2)
    rows = [(three, 0), (three, 1), (three, 2), (two, 0), (two, 1)]
    cases = [answered(logits, tensor([label])) for logits, label in rows]
    hint = "softmax over the row, then minus the log of the probability at the label"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.25)
def only_how_far_scores_lie_apart_matters(student: Student) -> None:
    logits, labels = scores(student, 2, 3) / 4, unsorted(student, 2, 3)
    logits[torch.arange(2), labels] += tensor([1.5, -1.5])  # one row right and one wrong
    level, classes = drawn_decimal(student, 3.0, 15.0), drawn(student, 4, 9)
    cases = [answered(logits + shift, labels) for shift in (0.0, level, -level)]
    equal = torch.full((1, classes), drawn_decimal(student, 1.0, 5.0))
    cases.append(answered(equal, drawn_labels(student, 1, classes)))
    hint = "the same number added to all scores of a row changes nothing, and K equal scores cost ln K"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.5)
def each_row_goes_with_its_own_label(student: Student) -> None:
    square, wide, many = scores(student, 4, 4), scores(student, 2, 7), scores(student, 3, 25)
    same = torch.full((4,), drawn(student, 0, 3))
    cases = [
        answered(square, tensor([3, 1, drawn(student, 1, 2), 0])),
        answered(square, same),
        answered(wide, tensor([drawn(student, 4, 6), drawn(student, 0, 3)])),
        answered(many, tensor([24, *shuffled(student, range(24))[:2]])),
    ]
    hint = "softmax runs along each row (dim=1); row i uses labels[i] alone"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.5)
def rows_are_averaged(student: Student) -> None:
    shapes = ((3, 4), (2, 2), (drawn(student, 6, 8), 3))
    cases = [answered(scores(student, *shape), unsorted(student, *shape)) for shape in shapes]
    hint = "the mean over rows of one cost a row: do not sum, and do not divide by the number of classes"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.25)
def labels_of_kind_int32_are_as_good(student: Student) -> None:
    shapes = ((3, 4), (4, 2), (2, 5))
    cases = [answered(scores(student, *shape), unsorted(student, *shape).int()) for shape in shapes]
    hint = "labels may be int64 or int32; where torch insists on int64, use labels.long()"
    compare(student, "cross_entropy", cases, hint=hint)
    by_hand(student, *cases[0][0])


@check("cross_entropy", marks=0.5)
def scores_of_several_thousand_are_no_problem(student: Student) -> None:
    far = [float(drawn_magnitude(student, 720, 3000)) for _ in range(4)]
    row, low = tensor([[far[0], 0.0]]), tensor([[-far[1], -far[1] - 1.5, 1.0 - far[1]]])
    cases = [answered(row, tensor([label])) for label in (0, 1)]
    cases += [answered(-row, tensor([label])) for label in (0, 1)]
    cases += [answered(low, tensor([label])) for label in (0, 1)]
    apart = torch.stack([tensor([far[2], far[2] - 1.0]), tensor([1.0, 2.5]), tensor([-far[3], 2.0 - far[3]])])
    cases.append(answered(apart, tensor([0, 1, 0])))
    hint = "exp(1000) is inf: subtract from each row its own largest score before exp, or use torch.logsumexp"
    compare(student, "cross_entropy", cases, hint=hint)
    by_hand(student, *cases[-1][0])


def expect_slopes(student: Student, logits: Tensor, labels: Tensor, hint: str) -> None:
    """Compare the value, then ask for the way to it, then compare the gradient with that of the logits."""
    asked, want = answered(logits, labels)
    compare(student, "cross_entropy", [(asked, want)], hint="get this value right first, then its gradient")
    by_hand(student, *asked)
    slopes = (torch.softmax(logits, dim=1) - torch.eye(logits.shape[1])[labels]) / len(labels)
    inputs = {"logits": logits, "labels": labels}
    expect_gradient(student, "cross_entropy(logits, labels)", "logits", slopes, hint, **inputs)


@check("cross_entropy", marks=0.25)
def the_gradient_is_softmax_minus_one_at_the_label(student: Student) -> None:
    rows = drawn(student, 5, 7)
    expect_slopes(student, scores(student, rows, 4), unsorted(student, rows, 4), CONNECTED)


@check("cross_entropy", marks=0.25)
def the_gradient_at_several_thousand_is_finite(student: Student) -> None:
    far, low = (float(drawn_magnitude(student, 720, 3000)) for _ in range(2))
    logits = tensor([[far, 0.0], [far, 0.0], [-low, -low - 1.0], [0.5, -0.5]])
    hint = "no exp may overflow and no log may get 0, at any score"
    expect_slopes(student, logits, tensor([0, 1, drawn(student, 0, 1), 0]), hint)


@check("cross_entropy", marks=0.25)
def scores_and_labels_stay_as_they_were(student: Student) -> None:
    asked, want = answered(scores(student, 3, 4), unsorted(student, 3, 4))
    unchanged(student, "cross_entropy", *asked, want=want)
    by_hand(student, *asked)
