"""Hidden checks of build_net_with_dropout: what it does is asked, not how it is built."""

from __future__ import annotations

import torch
from checking import expect, expect_close
from hidden.build_net_with_dropout_scene import (
    NAME,
    SIGNAL,
    Dims,
    Probe,
    call_of,
    came,
    drawn_probe,
    expect_widths,
    outputs_of,
    plain,
    signal_probe,
)
from torch import Tensor

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal

BLOCK = "one block for each hidden layer: linear layer, dropout p, ReLU; the last linear layer stands alone"
NO_MODE = (
    "in eval mode nothing is dropped: nn.Dropout(p) asks for the mode, F.dropout only training=self.training"
)
RELU = "a ReLU after each hidden layer, and nothing after the last: no softmax, no ReLU"
SHARE = (
    "p is the share that is dropped, and what is left is divided by 1 − p: nn.Dropout(p), with the p given"
)
COINS = "every number has a coin of its own: nn.Dropout(p)"


def drawn_dims(student: Student, layers: int) -> Dims:
    """Return widths for so many linear layers, all different, so that a shape tells its layer."""
    last = drawn(student, 3, 4)
    widths = [last + 1 + i for i in range(layers)]
    order = torch.randperm(layers, generator=student.rng).tolist()
    return (*(widths[i] for i in order), last)


def rates(student: Student) -> tuple[float, float]:
    """Return a small and a large p."""
    return drawn_decimal(student, 0.2, 0.35), drawn_decimal(student, 0.6, 0.7)


def expect_plain(out: Tensor, probe: Probe, call: str, hint: str) -> None:
    """Raise Mismatch unless an output is that of the net without dropout."""
    mode, weights, x = probe
    expect_close(out, plain(weights, x), call=f"rows through {call} in {mode} mode", hint=hint)


def expect_masks(out: Tensor, p: float, masks: int, call: str, hint: str) -> None:
    """Raise Mismatch unless the threes that came in went through so many masks of rate p."""
    values = sorted({round(value, 3) for value in out.flatten().tolist()})
    kept = round(SIGNAL / (1 - p) ** masks, 3)
    want = [0.0, kept] if masks else [kept]
    near = len(values) == len(want) and all(abs(a - b) < 2e-3 for a, b in zip(values, want, strict=True))
    got = f"the values {values}" if len(values) < 6 else f"{len(values)} values, such as {values[:4]}"
    expect(near, call=call, got=got, expected=f"the values {want}", hint=hint)
    share, zero = 1 - (1 - p) ** masks, out == 0
    slack = 5 * (share * (1 - share) / out.numel()) ** 0.5
    got, expected = f"a share of {float(zero.float().mean()):.3f}", f"about {share:.3f}"
    near = abs(float(zero.float().mean()) - share) <= slack
    expect(near, call=f"the zeros of {call}", got=got, expected=expected, hint=SHARE)
    if masks:
        _expect_coins(zero, call)


def _expect_coins(zero: Tensor, call: str) -> None:
    """Raise Mismatch if whole rows or whole columns are dropped together."""
    rows = bool((zero == zero[:, :1]).all())
    columns = bool((zero == zero[:1]).all())
    got = "whole rows" if rows else "whole columns"
    expect(
        not rows and not columns,
        call=f"what is dropped in {call}",
        got=got,
        expected="single numbers",
        hint=COINS,
    )


def words(p: float, dims: Dims, start: int) -> str:
    """Return in words what a signal probe does."""
    where = "the inputs are" if start == 0 else f"all outputs of linear layer {start} are"
    return f"{call_of(p, dims)} in training, where {where} {SIGNAL:g} and later layers hand them on"


@check(NAME, gate=True)
def a_net_of_these_widths_comes_back(student: Student) -> None:
    p, dims = drawn_decimal(student, 0.3, 0.6), drawn_dims(student, 2)
    expect_widths(came(student, p, dims, [drawn_probe(student, dims, "eval")]), p, dims)


@check(NAME, gate=True)
def something_is_dropped_in_training(student: Student) -> None:
    p, dims = drawn_decimal(student, 0.4, 0.6), drawn_dims(student, 2)
    (out,) = outputs_of(student, p, dims, [signal_probe(dims, 1)])
    got = "nothing was dropped"
    expect(bool((out == 0).any()), call=words(p, dims, 1), got=got, expected="zeros and others", hint=BLOCK)


@check(NAME, marks=0.25)
def in_eval_mode_it_is_the_net_without_dropout(student: Student) -> None:
    p, dims, deep = drawn_decimal(student, 0.3, 0.6), drawn_dims(student, 2), drawn_dims(student, 3)
    cases = [(one, drawn_probe(student, one, "eval")) for one in (dims, deep)]
    outputs = [outputs_of(student, p, one, [probe, probe]) for one, probe in cases]
    for (one, probe), (out, again) in zip(cases, outputs, strict=True):
        same = torch.equal(out, again)
        call = f"the same rows twice through {call_of(p, one)} in eval mode"
        expect(same, call=call, got="two answers", expected="the same answer", hint=NO_MODE)
        expect_plain(out, probe, call_of(p, one), RELU)


@check(NAME, marks=0.25)
def after_every_hidden_layer_p_of_all_numbers_are_dropped_in_training(student: Student) -> None:
    for p, layers in zip(rates(student), (3, 2), strict=True):
        dims = drawn_dims(student, layers)
        starts = range(layers - 1, 0, -1)
        outputs = outputs_of(student, p, dims, [signal_probe(dims, start) for start in starts])
        for start, out in zip(starts, outputs, strict=True):
            expect_masks(out, p, layers - start, words(p, dims, start), BLOCK)


@check(NAME, marks=0.25)
def neither_inputs_nor_logits_are_dropped(student: Student) -> None:
    p, _ = rates(student)
    dims = drawn_dims(student, 2)
    logits, hidden, inputs = outputs_of(student, p, dims, [signal_probe(dims, start) for start in (2, 1, 0)])
    hint = "these are the logits, and logits are not dropped: no dropout after the last linear layer"
    expect_masks(logits, p, 0, words(p, dims, 2), hint)
    expect_masks(hidden, p, 1, words(p, dims, 1), BLOCK)
    hint = "the inputs are not dropped: no dropout before the first linear layer"
    expect_masks(inputs, p, 1, words(p, dims, 0), hint)


@check(NAME, marks=0.25)
def other_widths_and_p_zero_are_fine_and_dims_have_their_default(student: Student) -> None:
    dims, short = drawn_dims(student, 4), (64, 10)
    p, large = rates(student)
    probe, single = drawn_probe(student, dims, "train"), drawn_probe(student, short, "train")
    (out,) = outputs_of(student, 0.0, dims, [probe])
    (alone,) = outputs_of(student, large, short, [single])
    blocks = drawn_dims(student, 4)
    (signal,) = outputs_of(student, p, blocks, [signal_probe(blocks, 1)])
    default = came(student, p, None, [])
    expect_plain(out, probe, call_of(0, dims), "with p = 0 nothing is dropped")
    expect_plain(
        alone, single, call_of(large, short), "(64, 10) is one linear layer, without dropout and ReLU"
    )
    expect_masks(signal, p, 3, words(p, blocks, 1), BLOCK)
    expect_widths(default, p, None)
    free = default[3] == [True]
    hint = "leave requires_grad alone: a net is there to be trained"
    expect(free, call=call_of(p, None), got="frozen parameters", expected="parameters that learn", hint=hint)
