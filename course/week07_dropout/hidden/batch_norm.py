"""Hidden checks of BatchNorm1d. What is right comes from torch's own layer."""

from __future__ import annotations

from typing import Any

import torch
from checking import as_array, expect, expect_close
from hidden.batch_norm_scenes import (
    GRADIENT,
    ONE_ROW,
    PARTS,
    SCENARIO,
    STORED,
    call_of,
    came,
    drawn_eps,
    drawn_momentum,
    right,
    same_outputs,
    same_running,
    scene,
    table,
)
from hidden.modules import ask_kind, by_hand

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal

NAME = "batch_norm"
READY = ("batch_norm", "layer_norm", "instance_norm", "group_norm")

TRAIN = "in train mode (x − mean) / sqrt(var + eps), over dim 0; this var divides by n: unbiased=False"
SCALE = "end with · weight + bias, in both modes"
EPS = "eps is added to the variance, under the root: sqrt(var + eps)"
MOVE = "new = (1 − momentum) · old + momentum · batch value; the variance for it divides by n − 1"
EVAL = "in eval mode running_mean and running_var take the batch's places, and do not move"
BUFFERS = "register_buffer(name, tensor): running_mean begins with zeros, running_var with ones"
PARAMETERS = "nn.Parameter(tensor): weight begins with ones, bias with zeros, and there are no others"
GRAPH = "mean and var depend on x: no .detach(), .data, no_grad() or .item() on the way to the output"
FREE = "move the running values under torch.no_grad(), or with .detach(): they must not hold the graph"
ONE = "if self.training and len(x) < 2: raise ValueError(…); in eval mode one row is fine"
KEPT = "make new tensors: x - mean, not x -= mean"
DOUBLE = "parameters and buffers become float64 by .double(): do not make float32 of anything on the way"


def hand_made(student: Student) -> None:
    """Raise Mismatch if torch's own norm is used."""
    by_hand(student, "BatchNorm1d", [3], table(student, 4, 3), READY)


@check(NAME, gate=True)
def a_batch_comes_out_changed(student: Student) -> None:
    ask_kind(student, "BatchNorm1d", 3)
    x = table(student, 6, 3)
    given = scene(student, ("train", x))
    (got,), *_ = came(student, given)
    array = as_array(got)
    varied = array is not None and bool(array.std() > 0.1 and abs(array - x.numpy()).max() > 0.1)
    call, expected = call_of(given), "a table that varies, and is not x itself"
    expect(varied, call=call, got=got, expected=expected, hint=TRAIN)


@check(NAME, marks=0.5)
def train_mode_normalizes_by_the_batch(student: Student) -> None:
    tables = [table(student, 4, 1), table(student, drawn(student, 5, 8), 3), table(student, 3, 4)]
    same_outputs(student, [scene(student, ("train", x)) for x in tables], TRAIN, tolerance=1e-3)
    hand_made(student)


@check(NAME, marks=0.25)
def weight_and_bias_are_applied_in_both_modes(student: Student) -> None:
    x = table(student, 5, 2)
    numbers = [drawn_decimal(student, 1.5, 3), -drawn_decimal(student, 0.3, 0.8)]
    filled = {"weight": torch.tensor(numbers), "bias": torch.tensor(numbers[::-1]) * 3}
    scenes = [scene(student, (mode, x), _filled=filled) for mode in ("train", "eval")]
    same_outputs(student, scenes, SCALE, tolerance=1e-3)


@check(NAME, marks=0.25)
def eps_stands_under_the_root(student: Student) -> None:
    x, eps = table(student, 5, 2), drawn_eps(student)
    constant = torch.full((drawn(student, 3, 5), 2), drawn_decimal(student, 1, 5))
    scenes = [
        scene(
            student, ("train", constant), _filled={"bias": torch.tensor([drawn_decimal(student, 1, 3), 0.5])}
        ),
        scene(student, ("train", x), _named={"eps": eps}),
        scene(student, ("eval", x), _args=[2, eps], _filled={"running_var": torch.tensor([0.25, 0.5])}),
    ]
    same_outputs(student, scenes, EPS, tolerance=1e-3)
    hand_made(student)


@check(NAME, marks=0.25)
def running_values_move_after_a_batch(student: Student) -> None:
    tables = [table(student, 4, 1), table(student, drawn(student, 3, 5), 3)]
    same_running(student, [scene(student, ("train", x)) for x in tables], MOVE)
    hand_made(student)


@check(NAME, marks=0.25)
def several_batches_and_another_momentum(student: Student) -> None:
    rows = (drawn(student, 3, 6), 2, drawn(student, 3, 6))
    steps = [("train", table(student, n, 2) * sign) for n, sign in zip(rows, (1, -1, 2), strict=True)]
    momentum = drawn_momentum(student)
    scenes = [
        scene(student, *steps, _named={"momentum": momentum}),
        scene(student, *steps[:2], _args=[2, 1e-5, 1.0 - momentum], _graph=False),
    ]
    same_running(student, scenes, MOVE)


@check(NAME, marks=0.25)
def eval_mode_uses_running_values_and_leaves_them(student: Student) -> None:
    x, other = table(student, 4, 2), table(student, 5, 2) - 3
    steps = [("train", x), ("train", 2 * x), ("eval", other), ("eval", other)]
    given = scene(student, *steps, _named={"momentum": drawn_momentum(student)})
    filled = {"running_mean": torch.tensor([1.0, -2.0]), "running_var": torch.tensor([4.0, 0.25])}
    loaded = scene(student, ("eval", other), _filled=filled)
    answers = [came(student, asked) for asked in (given, loaded)]
    _same_last(student, loaded, answers[1])
    for place, name in enumerate(("running_mean", "running_var")):
        before, after = (answers[0][1][step][place] for step in (1, 3))
        call = f"{name} before and after eval mode in {call_of(given)}"
        expect_close(after, before, call=call, hint=EVAL)
    hand_made(student)


def _same_last(student: Student, given: dict[str, Any], answer: list[Any]) -> None:
    want, call = right(SCENARIO, given)[0][-1], f"the last output of {call_of(given)}"
    student.expects(call, answer[0][-1], want)
    expect_close(answer[0][-1], want, call=call, hint=EVAL, tolerance=1e-3)


@check(NAME, marks=0.25)
def weight_and_bias_are_the_parameters(student: Student) -> None:
    _parts(student, 0, PARAMETERS)


def _parts(student: Student, place: int, hint: str) -> None:
    """Raise Mismatch unless the parameters (place 0) or buffers (1) of a new layer are the right ones."""
    student.BatchNorm1d  # noqa: B018
    size = drawn(student, 2, 6)
    found = student.run(PARTS, _size=size)
    kind = ("parameters", "buffers")[place]
    want = right(PARTS, {"_size": size})[place]
    got = found[place] if isinstance(found, list) and len(found) == 2 else found
    student.note(got)
    expect_close(got, want, call=f"the {kind} of BatchNorm1d({size})", hint=hint)


@check(NAME, marks=0.25)
def running_values_are_buffers_that_are_stored_and_loaded(student: Student) -> None:
    _parts(student, 1, BUFFERS)
    given = {"_size": 2, "_x": table(student, 5, 2)}
    found = student.run(STORED, **given)
    names, out, free = found if isinstance(found, list) and len(found) == 3 else (found, None, [])
    want = right(STORED, given)
    expect_close(names, want[0], call="the names in state_dict() of BatchNorm1d(2)", hint=BUFFERS)
    call = "a new BatchNorm1d(2) in eval mode, with the state_dict() of another that was fed once"
    expect_close(out, want[1], call=call, hint=BUFFERS, tolerance=1e-3)
    call = "requires_grad of the running values after a batch"
    expect(free == [True, True], call=call, got="True", expected="False", hint=FREE)


@check(NAME, marks=0.25)
def gradients_flow_through_mean_and_variance(student: Student) -> None:
    student.BatchNorm1d  # noqa: B018
    x = table(student, 4, 2)
    weights = torch.randint(-3, 4, (4, 2), generator=student.rng).float() + 0.5
    given = {"_args": [2], "_x": x, "_weights": weights}
    parts = student.run(GRADIENT, **given)
    want = dict(right(GRADIENT, given))
    found = dict(parts) if isinstance(parts, dict) else {}
    later = want.pop("eval mode") and found.pop("eval mode", False)
    for name in want:
        student.expects(f"the gradient of {name}", found.get(name), want[name])
    for name in want:
        call = f"the gradient of {name} for weighted outputs of BatchNorm1d(2), in train mode"
        hint = GRAPH if name == "x" else PARAMETERS
        shown, expected = "none: the output is cut off from it", "a gradient"
        expect(found.get(name) is not None, call=call, got=shown, expected=expected, hint=hint)
        expect_close(found[name], want[name], call=call, hint=hint, tolerance=2e-3)
    call, shown = "BatchNorm1d(2)(x) in eval mode", "an answer that is cut off from x"
    expect(later is True, call=call, got=shown, expected="one through which gradients flow", hint=GRAPH)
    hand_made(student)


@check(NAME, marks=0.25)
def one_row_is_refused_in_train_mode_only(student: Student) -> None:
    student.BatchNorm1d  # noqa: B018
    size = drawn(student, 2, 4)
    x = table(student, 3, size)
    said = student.run(ONE_ROW, _size=size, _x=x)
    alone, pair, later = said if isinstance(said, list) and len(said) == 3 else (said, None, None)
    call = f"BatchNorm1d({size}) of one row, in train mode"
    expect(alone == "ValueError", call=call, got=alone, expected="a ValueError", hint=ONE)
    call, shown = f"BatchNorm1d({size}) of two rows, in train mode", pair
    expect(isinstance(pair, torch.Tensor), call=call, got=shown, expected="a tensor", hint=ONE)
    call = f"BatchNorm1d({size}).forward of one row, in eval mode"
    expect_close(later, x[:1], call=call, hint=ONE, tolerance=1e-3)


@check(NAME, marks=0.25)
def the_input_stays_and_float64_works(student: Student) -> None:
    x = table(student, 5, 2)
    far = x.double() + 2**19  # float32 rounds these rows to sixteenths
    scenes = [
        scene(student, ("train", x), ("eval", x)),
        scene(student, ("train", far), ("eval", far), _double=True),
    ]
    answers = [came(student, given) for given in scenes]
    for given, (outputs, _, changed) in zip(scenes, answers, strict=True):
        expect(
            changed is False, call=f"x after {call_of(given)}", got="changed", expected="as it was", hint=KEPT
        )
        kinds = [str(got.dtype) for got in outputs]
        want = [str(step.dtype) for _, step in given["_steps"]]
        call = f"the dtypes of {call_of(given)}{' after .double()' * given['_double']}"
        expect(kinds == want, call=call, got=kinds, expected=str(want), hint=DOUBLE)
    for given, (outputs, *_) in zip(scenes, answers, strict=True):
        want, call = right(SCENARIO, given)[0][0], f"the first output of {call_of(given)}"
        expect_close(outputs[0], want, call=call, hint=DOUBLE, tolerance=1e-3)
