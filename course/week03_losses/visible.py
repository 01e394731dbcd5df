"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from checking import all_good, expect, expect_close

from utils import get_pseudo_predictions, get_pseudo_targets

LABELS5 = [1.0, 0.0, 1.0, 1.0, 0.0]  # the five cases of the lesson
GOOD = [0.9, 0.1, 0.8, 0.95, 0.2]  # what its good model says to them


def check_q1(
    first_criterion: Callable[..., Any],
    second_criterion: Callable[..., Any],
    first_loss: Any,
    second_loss: Any,
) -> None:
    """Say whether the two criteria differ, and whether the losses are theirs on the pseudo data."""
    expect(
        repr(first_criterion) != repr(second_criterion) or vars(first_criterion) != vars(second_criterion),
        call="first_criterion, second_criterion",
        got=(first_criterion, second_criterion),
        expected="two different criteria",
        hint="choose another class, or another delta",
    )
    hint = "call the criterion with (predictions, targets)"
    first_want = first_criterion(get_pseudo_predictions(), get_pseudo_targets())
    second_want = second_criterion(get_pseudo_predictions(), get_pseudo_targets())
    expect_close(first_loss, first_want, call="first_loss", hint=hint)
    expect_close(second_loss, second_want, call="second_loss", hint=hint)
    print(f"✓ {first_criterion}: {float(first_loss):.4f}, {second_criterion}: {float(second_loss):.4f}")


def check_q2(mended: Any, column: torch.Tensor) -> None:
    """Say whether the row has become a column, and what the error is then."""
    expect_close(
        mended,
        torch.tensor([[1.0], [2.0], [3.0]]),
        call="mended",
        hint="row.unsqueeze(1) makes a column of a row",
    )
    print(f"✓ the MSE is now {((column - mended) ** 2).mean().item():.4f}: one error of 1 among three")


def check_huber(huber: Callable[..., Any]) -> None:
    """Try huber inside the border, on both sides of it, and on the pseudo data."""
    expect_close(
        huber(torch.tensor([0.5]), torch.tensor([0.0])),
        0.125,
        call="huber([0.5], [0])",
        hint="inside the border the cost is ½·e²",
    )
    expect_close(
        huber(torch.tensor([0.5, -3.0]), torch.zeros(2)),
        1.3125,
        call="huber([0.5, -3], [0, 0])",
        hint="compare the size of the error with delta, and average at the end",
    )
    expect_close(
        huber(get_pseudo_predictions(), get_pseudo_targets()),
        0.015,
        call="huber on the pseudo data",
        hint="all three errors are small, so this is half the MSE",
    )
    all_good("huber")


def check_q3(given_to_truth: Any, loss_by_hand: Any) -> None:
    """Compare the five probabilities given to the truth, and the loss computed from them."""
    labels5, good = torch.tensor(LABELS5), torch.tensor(GOOD)
    expect_close(
        given_to_truth,
        torch.where(labels5 == 1, good, 1 - good),
        call="given_to_truth",
        hint="where the label is 0, the model gave 1 − p to the truth",
    )
    expect_close(loss_by_hand, 0.1417, call="loss_by_hand", hint="minus the mean of the logarithms")
    print("✓ 0.1417: binary cross-entropy is the mean of −ln(probability given to the truth)")


def check_bce_with_logits(bce_with_logits: Callable[..., Any]) -> None:
    """Try bce_with_logits on one logit of 0, on the good model, and on very large logits."""
    expect_close(
        bce_with_logits(torch.tensor([0.0]), torch.tensor([1.0])),
        0.6931,
        call="bce_with_logits([0], [1])",
        hint="logit 0 is probability one half, so the loss is ln 2",
    )
    expect_close(
        bce_with_logits(torch.logit(torch.tensor(GOOD)), torch.tensor(LABELS5)),
        0.1417,
        call="bce_with_logits on the logits of the good model",
        hint="the loss is a mean, and the logits have not been through a sigmoid yet",
    )
    expect_close(
        bce_with_logits(torch.tensor([-200.0, 200.0]), torch.tensor([1.0, 1.0])),
        100.0,
        call="bce_with_logits([-200, 200], [1, 1])",
        hint="never compute e to a positive power: use ln(1 + e^z) = max(z, 0) + ln(1 + e^−|z|)",
    )
    all_good("bce_with_logits")


def check_cross_entropy(cross_entropy: Callable[..., Any]) -> None:
    """Try cross_entropy on one row, on two rows, and on large scores."""
    expect_close(
        cross_entropy(torch.tensor([[2.0, 1.0, 0.0]]), torch.tensor([0])),
        0.4076,
        call="cross_entropy([[2, 1, 0]], [0])",
        hint="ln of the sum of e^score, minus the score of the right class",
    )
    expect_close(
        cross_entropy(torch.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), torch.tensor([0, 2])),
        0.7531,
        call="cross_entropy([[2, 1, 0], [0, 0, 0]], [0, 2])",
        hint="one loss per row (sum over dim=1), then the mean over the rows",
    )
    expect_close(
        cross_entropy(torch.tensor([[1002.0, 1001.0, 1000.0]]), torch.tensor([0])),
        0.4076,
        call="cross_entropy([[1002, 1001, 1000]], [0])",
        hint="subtract the largest score of the row before you raise e to it",
    )
    all_good("cross_entropy")


def check_pairwise_ranking(pairwise_ranking: Callable[..., Any]) -> None:
    """Try pairwise_ranking on the lesson's two models, and on two items of equal relevance."""
    relevance = torch.tensor([3, 2, 1, 0])
    expect_close(
        pairwise_ranking(torch.tensor([0.9, 0.7, 0.4, 0.1]), relevance),
        0.55,
        call="pairwise_ranking([0.9, 0.7, 0.4, 0.1], [3, 2, 1, 0])",
        hint="six pairs; the cost of a pair is margin minus gap, but never below 0",
    )
    expect_close(
        pairwise_ranking(torch.tensor([0.2, 0.5, 0.8, 0.9]), relevance),
        1.4,
        call="pairwise_ranking([0.2, 0.5, 0.8, 0.9], [3, 2, 1, 0])",
        hint="a pair in the wrong order costs more than the margin: mind the sign of the gap",
    )
    expect_close(
        pairwise_ranking(torch.tensor([0.3, 0.8]), torch.tensor([1, 1])),
        0.0,
        call="pairwise_ranking([0.3, 0.8], [1, 1])",
        hint="equal relevance makes no pair, and no pair at all means 0",
    )
    all_good("pairwise_ranking")


def check_q4(match: Mapping[str, str]) -> None:
    """Say for the first task whose loss does not fit what it asks for."""
    clues = {
        "MSE": "a number, with well-behaved errors",
        "Huber": "a number, but some data is wild",
        "BCE": "yes or no",
        "cross-entropy": "one of K classes",
        "ranking": "an order",
    }
    for (task, loss), (want, clue) in zip(match.items(), clues.items(), strict=False):
        expect(
            loss == want,
            call=task,
            got=loss,
            expected="the loss for this kind of task",
            hint=f"what is asked for is {clue}: look into the table",
        )
    print("✓ all five tasks have their loss")
