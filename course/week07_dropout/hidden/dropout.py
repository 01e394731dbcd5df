"""Hidden checks of Dropout. Coins fall as they like: what is compared, and remembered, are words about them.

So two ways of tossing that make one mistake are told the same, and no right answer fails by bad luck.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from checking import as_array, expect
from hidden.dropout_scenes import (
    ELSEWHERE,
    GRADIENT,
    MODES,
    REFUSED,
    SEEDS,
    SHAPED,
    factor_words,
    high,
    low,
    numbers,
    tossed,
    words,
    zeros_of,
)
from hidden.modules import ask_kind, by_hand, halves, neighbours, share_words

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal, drawn_seed

NAME = "dropout"
READY = ("dropout",)
COUNTED = 30  # calls whose zeros are counted

EVAL = "in eval mode nothing is tossed and nothing scaled: if not self.training: return x"
NOTHING = "p = 0 drops nothing, and 1/(1 − 0) is 1: the formula as it is, no exception for it"
SCALE = "in train mode multiply what is left by 1/(1 − p)"
SHARE = "p is the share that becomes 0: zero where torch.rand_like(x) < p"
COIN = "toss for every number: torch.rand_like(x) is as large as x, with all its axes"
EVEN = "toss for every number by itself: do not pick a fixed number of them"
ANEW = "toss in forward, in each call: a mask that is kept prunes the net"
SEED = "toss with torch's global random numbers, and set no seed of your own"
GRAPH = "multiply x itself with the mask: no .detach(), .data, no_grad() or NumPy, and one mask for both ways"
KEPT = "make a new tensor: x * mask, not x *= mask, x.mul_(…) or x[…] = 0"
SWITCH = "ask self.training in forward, each time: .train() and .eval() of any net around it set it"
BORDERS = "in __init__: if not 0 <= p < 1: raise ValueError(…), which refuses nan, too"
LIKE = "make the mask like x: torch.rand_like(x), or torch.rand(x.shape, dtype=x.dtype, device=x.device)"


@check(NAME, gate=True)
def some_numbers_become_0_and_others_do_not(student: Student) -> None:
    p, x = low(student), numbers(student, 40, 25)
    ask_kind(student, "Dropout", p)
    mixed = []
    for training in (True, False):
        (got,), _ = tossed(student, [p], [x], training)
        share = zeros_of(got).mean()
        student.note(bool(0 < share < 1))
        mixed.append(0 < share < 1)
    got, expected = "all or none in both modes", "some zeros, and some other numbers, in train mode"
    expect(any(mixed), call=words([p], x), got=got, expected=expected, hint=SHARE)


@check(NAME, marks=0.5)
def in_eval_mode_the_input_comes_back(student: Student) -> None:
    for p, kind in ((low(student), torch.float32), (high(student), torch.float64)):
        x = numbers(student, 50, 30, dtype=kind) / 3  # which float32 cannot hold as float64 does
        (got,), _ = tossed(student, [p], [x], training=False)
        said = [share_words(zeros_of(got), p), factor_words(got, x, p), bool((got == x).all())]
        student.note(said)
        shown = f"{said[0]}, the others are multiplied by {said[1]}, and come as {got.dtype}"
        expect(said[2], call=words([p], x, False), got=shown, expected="x as it is", hint=EVAL)


@check(NAME, marks=0.25)
def p_0_changes_nothing(student: Student) -> None:
    for p in (0, 0.0):
        x = numbers(student, 30, 20)
        (got,), _ = tossed(student, [p], [x])
        said = [share_words(zeros_of(got), 0.5), factor_words(got, x, 0.0), bool((got == x).all())]
        student.note(said)
        shown = f"{said[0]}, the others are multiplied by {said[1]}"
        expect(said[2], call=words([p], x), got=shown, expected="x as it is", hint=NOTHING)


@check(NAME, marks=0.5)
def survivors_are_multiplied_by_1_over_1_minus_p(student: Student) -> None:
    asked = [(p, numbers(student, 12, 10)) for p in (low(student), high(student))]
    said = []
    for p, x in asked:
        outputs, _ = tossed(student, [p], [x] * 8)
        said.append(factor_words(torch.stack(outputs), torch.stack([x] * 8), p))
        student.note(said[-1])
    for (p, x), factor in zip(asked, said, strict=True):
        shown, expected = f"survivors multiplied by {factor}", "survivors multiplied by 1/(1 - p)"
        expect(factor == "1/(1 - p)", call=words([p], x), got=shown, expected=expected, hint=SCALE)
    by_hand(student, "Dropout", [low(student)], numbers(student, 4, 4), READY)


@check(NAME, marks=0.5)
def a_share_p_of_the_numbers_becomes_0(student: Student) -> None:
    few, many = low(student), high(student)
    asked: list[tuple[list[Any], dict[str, Any], float]] = [
        ([few], {}, few), ([], {"p": many}, many), ([], {}, 0.5)
    ]  # fmt: skip
    said = []
    x = torch.full(
        (300, 300), drawn_decimal(student, -3, -0.5)
    )  # so large that even a coin per row comes out
    for args, named, p in asked:
        (got,), _ = tossed(student, args, [x], **named)
        said.append(share_words(zeros_of(got), p, 0.16))
        student.note(said[-1])
    for (args, named, p), share in zip(asked, said, strict=True):
        hint = SHARE if args or named else "Dropout() has p = 0.5"
        call, expected = words(args, x, **named), f"a share p is 0: here about {100 * p:.0f} %"
        expect(share == "a share p is 0", call=call, got=share, expected=expected, hint=hint)
    by_hand(student, "Dropout", [low(student)], numbers(student, 4, 4), READY)


@check(NAME, marks=0.25)
def each_number_has_a_coin_of_its_own(student: Student) -> None:
    p, said = low(student), []
    shapes = [(80, 60), (drawn(student, 14, 16), 20, 18), (8, drawn(student, 8, 9), 9, 10)]
    for shape in shapes:
        x = numbers(student, *shape)
        (got,), _ = tossed(student, [p], [x])
        zeros = zeros_of(got)
        same = [axis for axis in range(len(shape)) if bool((zeros == zeros.take([0], axis)).all())]
        alike = same or [axis for axis in range(len(shape)) if abs(neighbours(zeros, axis)) > 0.12]
        alike = alike or ["of the two halves"] * bool(abs(halves(zeros)) > 0.12)
        said.append("alike everywhere" if zeros.all() or not zeros.any() else f"alike along axes {alike}")
        student.note(said[-1])
    for shape, found in zip(shapes, said, strict=True):
        call, shown = f"Dropout({p})(x) in train mode, x of shape {shape}", f"zeros that are {found}"
        expected = "zeros that know nothing of their neighbours"
        expect(found == "alike along axes []", call=call, got=shown, expected=expected, hint=COIN)


@check(NAME, marks=0.25)
def how_many_become_0_varies_from_call_to_call(student: Student) -> None:
    p, x = low(student), numbers(student, 20, 10)
    outputs, _ = tossed(student, [p], [x] * COUNTED)
    counts = np.array([int(zeros_of(got).sum()) for got in outputs])
    ratio = float(counts.var(ddof=1)) / (x.numel() * p * (1 - p))  # about 1, with 29 degrees of freedom
    said = "nearly always the same" if ratio < 0.03 else "fine"
    student.note(said)
    call, shown = f"the zeros of {COUNTED} calls of {words([p], x)}", f"their numbers are {said}"
    expected = f"numbers that vary: {200 * p:.0f}, give or take {(200 * p * (1 - p)) ** 0.5:.0f}"
    expect(said == "fine", call=call, got=shown, expected=expected, hint=EVEN)


@check(NAME, marks=0.25)
def a_second_call_tosses_anew(student: Student) -> None:
    p = low(student)
    x, other = numbers(student, 20, 15), numbers(student, 15, 20)
    outputs, _ = tossed(student, [p], [x, x, other])
    zeros = [zeros_of(got) for got in outputs[:2]]
    same = bool((zeros[0] == zeros[1]).all())
    student.note("the same zeros" if same else "other zeros")
    expected = "other zeros in the second call"
    expect(not same, call=f"{words([p], x)}, twice", got="the same zeros", expected=expected, hint=ANEW)
    by_hand(student, "Dropout", [low(student)], numbers(student, 4, 4), READY)


@check(NAME, marks=0.25)
def torch_manual_seed_repeats_the_coins(student: Student) -> None:
    student.Dropout  # noqa: B018
    p, x, seed = low(student), numbers(student, 20, 15), drawn_seed(student)
    came = student.run(SEEDS, _args=[p], _x=x, _seeds=[seed, seed, seed + 1])
    said, later = [], [0.0, 0.0, 1.0]
    if isinstance(came, list) and len(came) == 3:
        *came, later = came
    for outputs in came if isinstance(came, list) else [[came]]:
        good = all(isinstance(got, torch.Tensor) and got.shape == x.shape for got in outputs)
        if not good:
            student.note("no tensors")
        expect(good, call=words([p], x), got=outputs[0], expected="a tensor", hint=SHAPED)
        first, again, other = map(zeros_of, outputs)
        said.append([bool((first == again).all()), bool((first == other).all())])
    student.note([said, later[0] == later[2]])
    for what, (repeated, deaf) in zip(("a new", "the same"), said, strict=True):
        call = f"{what} Dropout({p}) after torch.manual_seed({seed})"
        shown, expected = "other zeros the second time", "the same zeros each time"
        expect(repeated, call=f"{call}, twice", got=shown, expected=expected, hint=SEED)
        shown, expected = "the same zeros", "other zeros"
        expect(not deaf, call=f"{call} and ({seed + 1})", got=shown, expected=expected, hint=SEED)
    call = f"torch.rand(()) after torch.manual_seed(…) and Dropout({p})(x), with two seeds"
    expect(later[0] != later[2], call=call, got="the same number", expected="two numbers", hint=SEED)
    by_hand(student, "Dropout", [low(student)], numbers(student, 4, 4), READY)


@check(NAME, marks=0.25)
def gradients_flow_through_the_same_mask(student: Student) -> None:
    student.Dropout  # noqa: B018
    p, x = low(student), numbers(student, 30, 20)
    came = student.run(GRADIENT, _seed=drawn_seed(student), _args=[p], _x=x)
    whole = isinstance(came, list) and len(came) == 4
    got, kind, gradient, later = came if whole else (came, "cut off", None, "cut off")
    call = f"the gradient of the sum of {words([p], x)}"
    said = kind if isinstance(kind, str) else "cut off"
    if kind == "connected":
        arrays = [as_array(value) for value in (got, gradient)]
        fit = all(array is not None and array.shape == tuple(x.shape) for array in arrays)
        same = fit and np.allclose(arrays[0] / x.double().numpy(), arrays[1], atol=2e-3)
        one = fit and np.allclose(arrays[1], 1, atol=2e-3)
        masked = fit and bool(((arrays[0] == 0) == (arrays[1] == 0)).all())
        said = "1 everywhere" if one else "0 in the right places" if masked else "something else"
        said = "the mask" if same else said
    student.note([said, later])
    shown = "an answer that is cut off from x" if said == "cut off" else said
    expected = "the mask: 0 where x was dropped, 1/(1 - p) elsewhere"
    expect(said == "the mask", call=call, got=shown, expected=expected, hint=GRAPH)
    call, shown = f"Dropout({p})(x) in eval mode", "an answer that is cut off from x"
    expect(later == "connected", call=call, got=shown, expected="x as it is", hint=EVAL)
    by_hand(student, "Dropout", [low(student)], numbers(student, 4, 4), READY)


@check(NAME, marks=0.25)
def the_input_stays_as_it_is(student: Student) -> None:
    p, x = low(student), numbers(student, 30, 20)
    (got,), after = tossed(student, [p], [x])
    left = after[0] if isinstance(after, list) and after else None
    same = isinstance(left, torch.Tensor) and torch.equal(left, x)
    right = same and 0 < zeros_of(got).mean() < 1
    student.note([same, right])
    shown = "changed" if not same else "as it was, but nothing was dropped"
    expect(right, call=f"x after {words([p], x)}", got=shown, expected="as it was", hint=KEPT)


@check(NAME, marks=0.25)
def a_net_around_it_switches_the_mode(student: Student) -> None:
    student.Dropout  # noqa: B018
    p, x = high(student), numbers(student, 20, 30)
    seen = student.run(MODES, _seed=drawn_seed(student), _args=[p], _x=x)
    said = seen if isinstance(seen, list) else []
    call = f"zeros in a net with Dropout({p}): new, net.eval(), net.train(), net.eval(), its own .train()"
    forward = said.pop() if len(said) == 6 else False
    shown, right = [["no", "yes"][value is True] for value in said], [True, False, True, False, True]
    expect(said == right, call=call, got=shown, expected="yes, no, yes, no, yes", hint=SWITCH)
    hint = "name the method forward: torch's own __call__ calls it"
    expect(forward is True, call="Dropout.forward", got="no such method", expected="your method", hint=hint)


@check(NAME, marks=0.25)
def a_p_that_cannot_be_is_refused_when_the_layer_is_made(student: Student) -> None:
    student.Dropout  # noqa: B018
    bad: list[Any] = [-drawn_decimal(student, 0.1, 0.9), 1, 1.0, drawn_decimal(student, 1.1, 3.0)]
    bad += [float("nan"), "half", "0.3"]
    said = student.run(REFUSED, _bad=bad)
    told = said if isinstance(said, list) and len(said) == len(bad) else ["no error"] * len(bad)
    for p, found in zip(bad, told, strict=True):
        fine = found == "ValueError" or (isinstance(p, str) and found == "TypeError")
        expected = "a ValueError or a TypeError" if isinstance(p, str) else "a ValueError"
        expect(fine, call=f"Dropout({p!r})", got=found, expected=expected, hint=BORDERS)


@check(NAME, marks=0.25)
def any_shape_kind_of_floats_and_device_is_welcome(student: Student) -> None:
    p, wide = low(student), drawn(student, 35, 50)
    xs = [numbers(student, wide), numbers(student, 2, wide, 3), numbers(student, 2, 3, 4, wide)]
    xs += [numbers(student, wide, 4, dtype=kind) for kind in (torch.float64, torch.float16)]
    said = []
    for x in xs:
        (got,), _ = tossed(student, [p], [x])
        said.append([str(got.dtype), factor_words(got, x, p) == "1/(1 - p)"])
        student.note(said[-1])
    where = student.run(ELSEWHERE, _args=[p], _shape=[3, wide])
    for x, (kind, right) in zip(xs, said, strict=True):
        own = str(x.dtype)
        call, expected = f"the dtype of {words([p], x)}, of {own}", f"{own}, as it came in"
        expect(kind == own, call=call, got=kind, expected=expected, hint=LIKE)
        expect(right, call=words([p], x), got="wrong numbers", expected="0 and x/(1 - p)", hint=SCALE)
    call = f"Dropout({p}) of a tensor on another device"
    expect(where == "fine", call=call, got=where, expected="a tensor on that device", hint=LIKE)
    by_hand(student, "Dropout", [low(student)], numbers(student, 4, 4), READY)
