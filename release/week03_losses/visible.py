"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from types import CodeType
from typing import Any

import torch
import torch.nn.functional as F
from checking import all_good, expect, expect_close, expect_gradient, expect_unchanged, show
from torch import nn, tensor
from tutor import visible

from utils import get_pseudo_predictions, get_pseudo_targets

Loss = Callable[..., Any]
BLOCKS, OTHERS = ("mse_loss", "l1_loss", "MSELoss", "L1Loss"), ("cross_entropy", "kl_div")
FOR_NUMBERS = (nn.MSELoss, nn.L1Loss, nn.SmoothL1Loss, nn.HuberLoss)


def expect_numbers(
    function: Loss, cases: Sequence[tuple[Any, ...]], hint: str, kind: torch.dtype | None = torch.float32
) -> None:
    """Raise Mismatch unless a loss is right in all cases: (first argument, second, keywords, number).

    All answers are shown side by side, so that one sees which cases go wrong. `kind` is that of the second
    argument.
    """
    name = getattr(function, "__name__", "your function")
    calls, answers = [], []
    for first, second, keywords, want in cases:
        words = "".join(f", {key}={value}" for key, value in keywords.items())
        calls.append(f"{name}({first}, {second}{words})")
        answer = function(tensor(first, dtype=torch.float32), tensor(second, dtype=kind), **keywords)
        if not isinstance(answer, (int, float, torch.Tensor)) or getattr(answer, "shape", ()) != ():
            expect_close(answer, want, call=calls[-1], hint=hint)
        answers.append(round(float(answer), 4))
    expect_close(answers, [case[-1] for case in cases], call=", ".join(calls), hint=hint, tolerance=3e-4)


def names_in(code: CodeType) -> set[str]:
    """Return all names that a function's code uses, also inside the functions that it defines."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))


def is_ready_made(name: str, function: Loss) -> bool:
    """Return whether a name in a function's code is a loss of torch's, and not a helper of the student's."""
    helper = getattr(function, "__globals__", {}).get(name)
    if name in BLOCKS or getattr(helper, "__module__", "torch") == function.__module__:
        return False
    return name in OTHERS or (name.lower().endswith("loss") and (hasattr(F, name) or hasattr(nn, name)))


def expect_own_formula(function: Loss, ready_made: Sequence[str], blocks: str, note: str = "") -> None:
    """Raise Mismatch if a function calls one of torch's ready-made losses."""
    code = getattr(function, "__code__", None)
    names = names_in(code) if code else set()
    used = sorted(name for name in names if name in ready_made or is_ready_made(name, function))
    expect(
        not used,
        call=f"the code of {getattr(function, '__name__', 'your function')}{note}",
        got=", ".join(used),
        expected="the formula, written by you",
        hint=f"calling a ready-made loss earns half of the marks here: the formula is the exercise. {blocks}",
    )


# ---------------------------------------------------------------- not graded


@visible
def check_q1(first_criterion: Loss, second_criterion: Loss, first_loss: Any, second_loss: Any) -> None:
    """Say whether the two criteria are two for numbers, and whether the losses are theirs."""
    for name, criterion in (("first_criterion", first_criterion), ("second_criterion", second_criterion)):
        expect(
            isinstance(criterion, FOR_NUMBERS),
            call=name,
            got=criterion,
            expected="one of the four criteria for numbers, such as nn.HuberLoss(delta=0.5)",
            hint="write the brackets, too. CrossEntropyLoss runs on these numbers, but is made for classes",
        )
    expect(
        repr(first_criterion) != repr(second_criterion) or vars(first_criterion) != vars(second_criterion),
        call="first_criterion, second_criterion",
        got=(first_criterion, second_criterion),
        expected="two different criteria",
        hint="choose another class, or another delta",
    )
    data = get_pseudo_predictions(), get_pseudo_targets()
    hint = "call the criterion with (predictions, targets)"
    expect_close(first_loss, first_criterion(*data), call="first_loss", hint=hint)
    expect_close(second_loss, second_criterion(*data), call="second_loss", hint=hint)
    first, second = (float(criterion(*data).sum()) for criterion in (first_criterion, second_criterion))
    print(f"✓ {first_criterion}: {first:.4f}, {second_criterion}: {second:.4f}")


BROKEN_LINES = {
    1: "line 1 gives the stops the shape (50, 1), which is what nn.Linear needs",
    2: "a line is one weight and one bias, and nn.Linear(1, 1) is just that",
    3: "Adam gets the parameters of this line, and 0.2 is a rate at which the dashed runs arrive",
    4: "more steps would not help: the loss has been level for a hundred of them",
    7: "here the mean is right; but which numbers is it the mean of? Print errors.shape",
    8: "the gradients are cleared before backward fills them; that it stands after the loss does no harm",
    9: "backward is where it belongs: after clearing, before the step",
    10: "step comes after backward, as it should",
}


MET = "✓ 6: that is where the shapes meet."
MENDED = "✓ 5: it goes wrong in line 6, where the shapes meet, and can be mended here, with .squeeze(1)."
TABLE = """
  predicted is (50, 1) and minutes (50,), so errors is a table of 50 × 50 (this is broadcasting): each
  prediction meets every target, and the best answer to all of them is their mean, a flat line. No message
  came, since the loss was written by hand. So print both shapes! nn.MSELoss() does warn:
  {}"""


@visible
def check_q5(broken_line: Any) -> None:
    """Say whether this is the line in which the training goes wrong, or why that line is innocent."""
    expect(
        broken_line in (5, 6),
        call="broken_line",
        got=broken_line,
        expected="the number of the line that makes the loss stay high",
        hint=BROKEN_LINES.get(broken_line, "write a number from 1 to 10")
        if isinstance(broken_line, int)
        else "write a number from 1 to 10, without quotes",
    )
    print(MET if broken_line == 6 else MENDED, TABLE.format(warned()))


def warned() -> str:
    """Return what nn.MSELoss says of shapes that broadcast."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        nn.MSELoss()(torch.zeros(50, 1), torch.zeros(50))
    return " ".join(str(warning.message) for warning in caught)


# ---------------------------------------------------------------- huber


@visible
def check_huber(huber: Loss) -> None:
    """Try huber on both sides of the border, with other deltas, on a table, and for its gradient."""
    cases = [
        ([[1.5], [2]], [[2], [2]], {}, 0.0625),
        ([5], [2], {}, 2.5),
        ([-1], [2], {}, 2.5),
        ([-3, 0.5], [0, 0], {}, 1.3125),
        ([1.2, 5, 1.6, 2], [0, 0, 0, 0], {"delta": 3}, 3.625),
    ]
    five, zero = tensor([5.0]), tensor([0.0])
    ignored = str(huber(five, zero)) == str(huber(five, zero, delta=3.0))
    ready = ("huber_loss", "HuberLoss", "smooth_l1_loss", "SmoothL1Loss")
    blocks = "torch.where, abs and mean are enough." + ignored * " And yours leaves delta out."
    expect_own_formula(huber, ready, blocks, note=ignored * ", in which delta changes nothing")
    expect_numbers(huber, cases, "up to δ an error costs ½·e², beyond it δ·(|e| − ½·δ); then comes the mean")
    pred, target = tensor([[1.0, 2.0, 0.0], [4.0, -1.0, 3.0]]), tensor([[1.5, 0.0, 0.0], [0.0, -1.0, 9.0]])
    expect_close(
        huber(pred.clone(), target, 0.5),
        0.9583,
        call="huber(pred, target, 0.5) on tables of 2 rows and 3 columns",
        hint="the mean is over all six elements, whatever the shape",
    )
    expect_unchanged(huber, pred, target)
    pred, zeros = tensor([0.5, -3.0, 0.0, 0.0]), torch.zeros(4)
    want = tensor([0.125, -0.25, 0.0, 0.0])
    expect_gradient(huber, pred, zeros, want=want, call="huber(pred, zeros) at [0.5, -3, 0, 0]")
    all_good("huber")


# ---------------------------------------------------------------- bce_with_logits


@visible
def check_bce_with_logits(bce_with_logits: Loss) -> None:
    """Try bce_with_logits on small logits, on a table, on large logits, and for its gradient."""
    formula = "the cost of a logit z with target t is ln(1 + e^z) − t·z; then comes the mean"
    hard = [
        ([0], [1], {}, 0.6931),
        ([2], [0], {}, 2.1269),
        ([-1], [1], {}, 1.3133),
        ([2, -1, 0.5], [1, 1, 0], {}, 0.8047),
    ]
    expect_numbers(bce_with_logits, hard, formula)
    logits, targets = tensor([[1.0, 0.0, -2.0], [3.0, -1.0, 0.5]]), tensor([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    expect_close(
        bce_with_logits(logits.clone(), targets),
        0.5782,
        call="bce_with_logits on tables of 2 rows and 3 columns",
        hint="the mean is over all six elements, whatever the shape",
    )
    expect_unchanged(bce_with_logits, logits, targets)
    ready = ("binary_cross_entropy_with_logits", "BCEWithLogitsLoss", "binary_cross_entropy", "BCELoss")
    expect_own_formula(bce_with_logits, ready, "softplus, logsigmoid, clamp and log1p are welcome.")
    stable = "compute no e to a positive power and no log of a probability: max(z, 0) + ln(1 + e^−|z|)"
    ladder = ([-15, -20, -25, -30, -35], [1, 1, 1, 1, 1], {}, 25.0)
    large = [([-100], [0], {}, 0.0), ([-300], [1], {}, 300.0), ([300], [1], {}, 0.0), ([400], [0], {}, 400.0)]
    expect_numbers(bce_with_logits, [ladder], stable)
    expect_numbers(bce_with_logits, large, stable)
    soft = [([2], [0.7], {}, 0.7269), ([0.5, -3], [0.2, 0.5], {}, 1.2113)]
    expect_numbers(bce_with_logits, soft, f"a soft target stays in the formula as it is: {formula}")
    expect_gradient(
        bce_with_logits,
        tensor([300.0, -300.0]),
        tensor([0.0, 1.0]),
        want=tensor([0.5, -0.5]),
        call="bce_with_logits(logits, [0, 1]) at [300, -300]",
        hint="no exp may overflow, not even in a branch that torch.where does not choose",
    )
    all_good("bce_with_logits")


# ---------------------------------------------------------------- cross_entropy


@visible
def check_cross_entropy(cross_entropy: Loss) -> None:
    """Try cross_entropy on small scores, on large ones, and for its gradient."""
    small = [
        ([[1, 0, 4, 0], [0, -1, 3, 1], [2, 0, 1, 0.5], [0.5, 1, 0, 2]], [2, 0, 2, 3], {}, 1.34),
        ([[2, 1, 0]], [1], {}, 1.4076),
        ([[2, 1, 0], [0, 0, 0]], [0, 2], {}, 0.7531),
        ([[0.5, -1], [3, 1.5], [-2, 0]], [0, 1, 1], {}, 0.6766),
    ]
    hint = "of each row: ln of the sum of e^score, minus the score at the label; then the mean over the rows"
    ready = ("cross_entropy", "CrossEntropyLoss", "nll_loss", "NLLLoss")
    answer = cross_entropy(tensor([[0.0, 200.0]]), tensor([0]))
    blocks = "logsumexp and log_softmax are welcome."
    expect_own_formula(
        cross_entropy, ready[2:], blocks, note=f", which says {show(answer)} to [[0, 200]], [0]"
    )
    expect_numbers(cross_entropy, small[:1], hint, kind=None)
    expect_numbers(cross_entropy, small, hint, kind=None)
    expect_own_formula(cross_entropy, ready, blocks)
    int32 = "labels may be int32: labels.long() makes them int64, should a function insist"
    expect_numbers(cross_entropy, small[-1:], int32, kind=torch.int32)
    expect_unchanged(cross_entropy, tensor([[1.0, 3.0], [0.0, 0.0]]), tensor([1, 0]))
    stable = "subtract each row's own largest score before you raise e to it, and take no log of a softmax"
    ladder = ([[15, 0], [20, 0], [25, 0], [30, 0], [35, 0]], [1, 1, 1, 1, 1], {}, 25.0)
    large = [
        ([[100, 80]], [1], {}, 20.0),
        ([[3000, 2999], [1, 2]], [0, 1], {}, 0.3133),
        ([[3000, 0]], [0], {}, 0.0),
        ([[3000, 0]], [1], {}, 3000.0),
    ]
    for cases in ([ladder], large):
        expect_numbers(cross_entropy, cases, stable, kind=None)
    expect_gradient(
        cross_entropy,
        tensor([[3000.0, 0.0], [3000.0, 0.0]]),
        tensor([0, 1]),
        want=tensor([[0.0, 0.0], [0.5, -0.5]]),
        call="cross_entropy(logits, [0, 1]) at [[3000, 0], [3000, 0]]",
        hint="no exp may overflow, and no log may get 0",
    )
    all_good("cross_entropy")


# ---------------------------------------------------------------- pairwise_ranking


@visible
def check_pairwise_ranking(pairwise_ranking: Loss) -> None:
    """Try pairwise_ranking on all pairs, on ties, with kinds of relevance, and for its gradient."""
    pairs = [
        ([0.9, 0.7, 0.4, 0.1], [3, 2, 1, 0], {}, 0.55),
        ([5, 1, 0.8], [2, 1, 0], {}, 0.2667),
        ([0.6, 0.9], [1, 0], {"margin": 0.5}, 0.8),
        ([0.6, 0.9], [1.2, 0.9], {"margin": 0}, 0.3),
        ([0.4, 0.9, 0.1, 0.7], [1, 3, 0, 2], {}, 0.55),
        ([2.9, 0.5, 0.2], [0.7, 0.7, 0.3], {}, 0.35),
        ([0.3, 0.1, 2.8, 0.4], [0, 2, 2, 0], {}, 0.625),
    ]
    answer = pairwise_ranking(tensor([2.9, 0.5, 0.2]), tensor([0.7, 0.7, 0.3]))
    note = f", which says {show(answer)} to [2.9, 0.5, 0.2], [0.7, 0.7, 0.3]"
    ready = ("margin_ranking_loss", "MarginRankingLoss")
    expect_own_formula(pairwise_ranking, ready, "clamp(min=0) and relu are welcome.", note)
    hint = "take all i, j in which i is more relevant (ties are none): margin − gap, but never below 0"
    expect_numbers(pairwise_ranking, pairs, hint, kind=None)
    none = [([0.3, 0.8], [1, 1], {}, 0.0), ([0.7], [2], {}, 0.0)]
    expect_numbers(pairwise_ranking, none, "no pair at all means 0", kind=None)
    for kind in (torch.uint8, torch.bool):
        hint = f"relevance may be {str(kind).split('.')[-1]}: compare with >, do not subtract"
        expect_numbers(pairwise_ranking, [([0.3, 0.8], [0, 1], {}, 0.5)], hint, kind=kind)
    expect_unchanged(pairwise_ranking, tensor([0.9, 0.7, 0.4]), tensor([0, 2, 1]))
    expect_gradient(
        pairwise_ranking,
        tensor([0.2, 3.0, 0.5]),
        tensor([2, 1, 0]),
        want=tensor([-2 / 3, 1 / 3, 1 / 3]),
        call="pairwise_ranking(scores, [2, 1, 0]) at [0.2, 3, 0.5]",
        hint="stay with tensors from start to end",
    )
    all_good("pairwise_ranking")
