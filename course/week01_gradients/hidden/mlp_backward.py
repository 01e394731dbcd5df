"""Hidden checks of mlp_backward."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from checking import Mismatch, as_array, expect, expect_close, kind_of

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    as_typed,
    drawn,
    drawn_labels,
    drawn_magnitude,
    drawn_seed,
    random_tenths,
    shuffled,
    unchanged,
)
from autograder.checks.kernel import LocalBackend
from autograder.checks.ready_made import WATCHED

Net = tuple[np.ndarray, ...]  # x, y, W1, b1, W2, b2
KEYS = ("W1", "b1", "W2", "b2")
CALL = "mlp_backward(x, y, W1, b1, W2, b2)"
AUTOGRAD = ("backward", "grad", "_make_dual")  # what every way to PyTorch's derivatives passes through
DICT = 'return a dict with the keys "W1", "b1", "W2", "b2"'


def net(student: Student, rows: int, inputs: int, hidden: int, classes: int) -> Net:
    """Return the inputs of a net in which each row has hidden units on both sides of 0, and each unit rows.

    A single row has units on both sides, too. No unit is within 0.2 of 0, the bias decides for one,
    and some logit is below 0.
    """
    return tuple(part.copy() for part in _net(drawn_seed(student), rows, inputs, hidden, classes))


@lru_cache(maxsize=64)  # one known mistake after the other asks for the same nets
def _net(seed: int, rows: int, inputs: int, hidden: int, classes: int) -> Net:
    source = Student(LocalBackend({}), seed)  # draws as a student's checks do
    while True:
        second, last = numbers(source, classes, hidden, size=1.2), numbers(source, classes, size=1.0)
        x, first = numbers(source, rows, inputs), numbers(source, hidden, inputs, size=1.5)
        bias = numbers(source, hidden, size=1.0)
        a = x @ first.T + bias
        on = a > 0
        clear = np.abs(a).min() > 0.2 and (on.any(1) & ~on.all(1)).all()
        matters = (on != (x @ first.T > 0)).any() and (np.maximum(a, 0) @ second.T + last < -0.2).any()
        if clear and matters and (rows == 1 or (on.any(0) & ~on.all(0)).sum() >= 2):
            break
    return x, unsorted(source, rows, classes), first, bias, second, last


def numbers(student: Student, *shape: int, size: float = 2.0) -> np.ndarray:
    """Return numbers from -size to size that end in .05, in float64."""
    return random_tenths(student, *shape, low=-size, high=size).double().numpy().round(2)


def unsorted(student: Student, rows: int, classes: int) -> np.ndarray:
    """Return a label for each row: as many classes as there is room for, the last class first."""
    others = drawn_labels(student, max(rows - 1, 1), classes).numpy()
    return np.concatenate([[classes - 1], others])[:rows]


def right(given: Net) -> dict[str, np.ndarray]:
    """Return the gradients by autograd, in float64."""
    x, y, *parameters = (torch.from_numpy(value) for value in given)
    first, first_bias, second, second_bias = (value.clone().requires_grad_(True) for value in parameters)
    logits = F.linear(torch.relu(F.linear(x, first, first_bias)), second, second_bias)
    loss = F.cross_entropy(logits, y.long())
    found = torch.autograd.grad(loss, (first, first_bias, second, second_bias))
    return {key: value.numpy() for key, value in zip(KEYS, found, strict=True)}


def compare(
    student: Student, nets: Sequence[Net], keys: Sequence[str], hint: str, tolerance: float = 1e-5
) -> None:
    """Ask for all gradients first, then compare those under `keys`, by which alone mistakes are known."""
    asked = [(as_typed("mlp_backward", *given), right(given)) for given in nets]
    answers = []
    for given in nets:
        answers.append(student.mlp_backward(*given))
        if isinstance(answers[-1], dict) and set(answers[-1]) == set(KEYS):
            student.note([answers[-1][key] for key in keys])
    for (call, want), got in zip(asked, answers, strict=True):
        expect_dict(got, call)
        for key in keys:
            student.expects(f'{call}["{key}"]', got[key], want[key])
    for (call, want), got in zip(asked, answers, strict=True):
        for key in keys:
            expect_close(got[key], want[key], call=f'{call}["{key}"]', hint=hint, tolerance=tolerance)


def expect_dict(got: Any, call: str) -> None:
    """Raise Mismatch unless this is a dict with the four keys."""
    named = isinstance(got, dict) and set(got) == set(KEYS)
    shown = sorted(map(str, got)) if isinstance(got, dict) else got
    expect(named, call=call, got=shown, expected="a dict with those keys", hint=DICT)


def by_hand(student: Student, given: Net) -> None:
    """Raise Mismatch if autograd is used. Half of the marks lie in checks that end with this."""
    inputs = dict(zip(("x", "y", *KEYS), given, strict=True))
    seen = student.run(WATCHED.format(call=CALL), **inputs)
    used = isinstance(seen, list) and any(name in AUTOGRAD for name in seen if type(name) is str)
    student.note(used)  # which functions a formula uses tells no mistake from another
    if used:
        hint = "this exercise is about the chain rule itself: autograd costs half of the marks"
        raise Mismatch(CALL, "gradients from autograd", "gradients of your own", hint)


@check("mlp_backward", gate=True)
def four_gradients_come_back_by_name(student: Student) -> None:
    given = net(student, 4, 2, 3, 3)
    call, got = as_typed("mlp_backward", *given), student.mlp_backward(*given)
    expect_dict(got, call)
    for key in KEYS:
        array = as_array(got[key])
        fine = array is not None and np.isfinite(array).all() and (key != "W2" or np.abs(array).max() > 1e-6)
        shown = got[key] if array is not None else f"a {kind_of(got[key])}"
        expected = "finite numbers" + ", not all 0" * (key == "W2")
        expect(bool(fine), call=f'{call}["{key}"]', got=shown, expected=expected, hint=DICT)


@check("mlp_backward", marks=0.5)
def the_last_biases_follow_the_error_of_the_output(student: Student) -> None:
    nets = [net(student, 1, 2, 3, 3), net(student, drawn(student, 3, 5), 2, 3, 4), net(student, 6, 2, 4, 2)]
    hint = "the loss changes by (softmax - one-hot) / n per unit of logit: sum that over the rows"
    compare(student, nets, ["b2"], hint)


@check("mlp_backward", marks=0.5)
def the_last_weights_see_what_came_out_of_the_relu(student: Student) -> None:
    nets = [net(student, 1, 2, 3, 2), net(student, drawn(student, 4, 5), 2, 4, 3), net(student, 3, 2, 3, 3)]
    hint = "the error of the output, transposed, times relu(a): shape (classes, hidden)"
    compare(student, nets, ["W2"], hint)


@check("mlp_backward", marks=0.5)
def the_first_biases_get_the_error_through_w2_and_the_relu(student: Student) -> None:
    nets = [net(student, 1, 2, 3, 3), net(student, drawn(student, 4, 5), 3, 4, 2), net(student, 3, 2, 3, 3)]
    hint = "back through W2 with d @ W2, then 0 wherever a was below 0, then sum over the rows"
    compare(student, nets, ["b1"], hint)
    by_hand(student, nets[0])


@check("mlp_backward", marks=0.5)
def the_first_weights_see_the_rows_themselves(student: Student) -> None:
    rows = drawn(student, 4, 5)
    nets = [net(student, 3, 2, 2, 2), net(student, 1, 2, 3, 3), net(student, rows, 3, 4, 2)]
    hint = "the error of the hidden units, transposed, times x: shape (hidden, inputs)"
    compare(student, nets, ["W1"], hint)


@check("mlp_backward", marks=0.25)
def a_hidden_unit_at_exactly_0_passes_nothing_on(student: Student) -> None:
    u, v = drawn(student, 2, 6) / 4, drawn(student, 7, 9) / 4
    x = np.array([[u, v], [v, -u]])
    across, along = np.array([v, -u]), np.array([u, v])
    first = np.stack([across, across, along, across])
    b1 = np.array([0.0, -float(across @ across), 0.5, 2.0**-22])  # the last unit is on, if barely
    second = np.array([[1.5, -1.25, 0.5, 1.0], [-0.75, 1.0, 1.25, -0.5]])
    y = np.array(shuffled(student, [0, 1]))
    nets = [(x, y, first, b1, sign * second, np.array([0.25, -0.5])) for sign in shuffled(student, [1, -1])]
    hint = "relu has slope 0 at exactly 0: let the error pass only where a > 0"
    compare(student, nets, ["b1", "W1"], hint)
    by_hand(student, nets[0])


@check("mlp_backward", marks=0.25)
def logits_of_a_thousand_are_no_problem(student: Student) -> None:
    far, below = (float(drawn_magnitude(student, 800, 2500)) for _ in range(2))
    x = np.array([[1.0, 0.5], [-1.0, -0.5], [0.5, -1.0]])
    first = np.array([[0.8 * far, 0.4 * far], [-0.8 * below, -0.4 * below], [0.8 * far, -0.8 * far]])
    second = np.array([[1.0, -1.0, 1.0], [1 + 0.5 / far, -1 - 0.5 / below, -1.0]])
    labels, rest = np.array(shuffled(student, [0, 1]) + [1]), (np.zeros(3), second, np.zeros(2))
    together = (x, labels, first, *rest)  # the third row's logits lie far apart
    nets = [(x[:1], labels[2:], first, *rest), (x[1:2], labels[2:], first, *rest), together]
    hint = "no exp may overflow, no sum of a row become 0: bring the largest logit of every row to 0"
    compare(student, nets, ["b2", "W2"], hint, tolerance=2e-3)  # float32 is good enough here
    by_hand(student, together)


@check("mlp_backward", marks=0.25)
def labels_may_be_int32_and_leave_classes_out(student: Student) -> None:
    given = net(student, 5, 2, 3, 5)
    y = np.array(shuffled(student, [0, 0, 1, 2, 2]), dtype=np.int32)
    other = net(student, 3, 2, 3, 3)
    nets = [(given[0], y, *given[2:]), (other[0], np.ones(3, dtype=np.int64), *other[2:])]
    hint = "W2 says how many classes there are; labels may be int32 or int64, and need not name them all"
    compare(student, nets, ["b2", "W2"], hint)
    by_hand(student, nets[0])


@check("mlp_backward", marks=0.25)
def what_came_in_stays_as_it_was(student: Student) -> None:
    given = net(student, 4, 2, 3, 3)

    def want(answer: Any, call: str) -> None:
        expect_dict(answer, call)
        for key, value in right(given).items():
            student.expects(f'{call}["{key}"]', answer[key], value)
        hint = "this check counts only together with right gradients: get this call right first"
        for key, value in right(given).items():
            expect_close(answer[key], value, call=f'{call}["{key}"]', hint=hint, tolerance=1e-5)

    unchanged(student, "mlp_backward", *given, want=want)
    by_hand(student, given)
