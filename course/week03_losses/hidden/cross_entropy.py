"""Hidden checks of cross_entropy."""

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


@check("cross_entropy", gate=True)
def the_higher_the_score_at_the_label_the_lower_the_cost(student: Student) -> None:
    hint = "each label picks its own column of the logits. " + ONE_NUMBER
    answers = [
        ask(student, "cross_entropy", tensor([[2.0, 0.0, -1.0]]), tensor([label])) for label in range(3)
    ]
    costs = [finite_number(got, call, hint) for got, call in answers]
    for label in (0, 1):
        got, call = answers[label]
        expect(
            costs[label] < costs[label + 1],
            call=call,
            got=got,
            expected=f"less than {answers[label + 1][1]} gives",
            hint=hint,
        )


@check("cross_entropy", marks=0.25)
def equal_scores_cost_ln_of_the_number_of_classes(student: Student) -> None:
    cases = [((torch.zeros(1, classes), tensor([1])), math.log(classes)) for classes in (2, 5, 10)]
    hint = "with equal scores each of K classes has the probability 1/K, which costs ln K"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.25)
def one_row_costs_minus_the_log_of_its_probability(student: Student) -> None:
    probabilities = (0.1, 0.7, 0.2)
    logits = (
        torch.log(tensor([probabilities])) + 3.0
    )  # the same number added to a row's scores changes nothing
    cases = [((logits, tensor([label])), -math.log(p)) for label, p in enumerate(probabilities)]
    hint = "softmax over the row, then minus the log of the probability at the label"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.5)
def rows_are_averaged(student: Student) -> None:
    logits = random_tenths(student, 3, 4, low=-1.5, high=1.5)
    labels = torch.randperm(4, generator=student.rng)[:3]
    cases = [((logits, labels), F.cross_entropy(logits, labels))]
    hint = "the mean over rows of one cost a row: do not sum, and do not divide by the number of classes"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.5)
def each_row_goes_with_its_own_label(student: Student) -> None:
    square, wide = (random_tenths(student, *shape, low=-1.5, high=1.5) for shape in ((4, 4), (2, 6)))
    labels, two = tensor([3, 1, 1, 0]), tensor([5, 2])
    cases = [((square, labels), F.cross_entropy(square, labels)), ((wide, two), F.cross_entropy(wide, two))]
    compare(
        student,
        "cross_entropy",
        cases,
        hint="softmax runs along each row (dim=1); row i uses labels[i] alone",
    )


@check("cross_entropy", marks=0.5)
def scores_of_1000_are_no_problem(student: Student) -> None:
    far, low = tensor([[1000.0, 0.0]]), tensor([[-1000.0, -1000.0]])
    cases = [((far, tensor([0])), 0.0), ((far, tensor([1])), 1000.0), ((low, tensor([0])), math.log(2))]
    hint = "exp(1000) is inf: subtract the largest score of the row before exp, or use torch.logsumexp"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.25)
def rows_far_apart_do_not_disturb_each_other(student: Student) -> None:
    logits, labels = tensor([[1000.0, 999.0], [1.0, 2.0], [-1000.0, -998.0]]), tensor([0, 1, 0])
    cases = [((logits, labels), F.cross_entropy(logits, labels))]
    hint = "subtract from each row its own largest score, not the largest of the whole table"
    compare(student, "cross_entropy", cases, hint=hint)


@check("cross_entropy", marks=0.25)
def the_gradient_is_softmax_minus_one_at_the_label(student: Student) -> None:
    logits, labels = random_tenths(student, 2, 3, low=-1.5, high=1.5), tensor([2, 0])
    got = gradient(student, "cross_entropy(logits, labels)", "logits", logits=logits, labels=labels)
    expect_close(
        got,
        (torch.softmax(logits, dim=1) - torch.eye(3)[labels]) / 2,
        hint=CONNECTED,
        call=f"the gradient of cross_entropy({written(logits)}, [2, 0]) with respect to logits",
    )


@check("cross_entropy", marks=0.25)
def the_gradient_at_1000_is_finite(student: Student) -> None:
    logits, labels = tensor([[1000.0, 0.0], [1000.0, 0.0]]), tensor([0, 1])
    got = gradient(student, "cross_entropy(logits, labels)", "logits", logits=logits, labels=labels)
    expect_close(
        got,
        tensor([[0.0, 0.0], [0.5, -0.5]]),
        hint="no exp may overflow and no log may get 0, at any score",
        call="the gradient of cross_entropy([[1000, 0], [1000, 0]], [0, 1]) with respect to logits",
    )


@check("cross_entropy", marks=0.25)
def scores_and_labels_stay_as_they_were(student: Student) -> None:
    logits, labels = random_tenths(student, 2, 3), tensor([0, 2])
    got = afterwards(student, "cross_entropy(logits, labels)", logits=logits, labels=labels)
    expect_close(
        got, [logits, labels], call="logits and labels after cross_entropy(logits, labels)", hint=UNCHANGED
    )
