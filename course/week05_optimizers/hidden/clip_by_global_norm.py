"""Hidden checks of clip_by_global_norm: numbers, shapes and limits are drawn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from checking import as_array, expect, expect_close
from hidden.rates_watch import written_by_hand

from autograder.checks.framework import Student, check
from autograder.checks.inputs import ask, drawn, random_tenths, shuffled, unchanged

NAME = "clip_by_global_norm"
CLIPPING = "torch.nn.utils.clip_grad"
Case = tuple[list[np.ndarray], float]  # the arrays, the limit

PAIR = "return two things: the list of clipped arrays, then the norm, which is one number"
ONE_NORM = "the norm is the root of the sum of all squares, over the numbers of all arrays"
BEFORE = "compute the norm once, before anything is clipped, and return that one"
ONE_FACTOR = "above the limit every array is multiplied by the same number, max_norm / norm"
STAY = "clip only if the norm is above the limit: otherwise all values stay"
ZEROS = "zeros stay zeros, and their norm is 0: do not divide by it"
SHAPES = "np.sum(grad**2) adds up any shape; grad * factor keeps it"


def norm_of(grads: list[np.ndarray]) -> float:
    """Return the norm over all numbers of all arrays."""
    return math.sqrt(math.fsum(float(value) ** 2 for grad in grads for value in grad.ravel()))


def right(grads: list[np.ndarray], limit: float) -> list[np.ndarray]:
    """Return what becomes of the arrays."""
    norm = norm_of(grads)
    return [grad * (limit / norm) if norm > limit else grad.copy() for grad in grads]


def arrays(student: Student, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Return arrays of these shapes with numbers of both signs, of two decimals, none of them near 0."""
    found = []
    for shape in shapes:
        flat = random_tenths(student, math.prod(shape), low=0.5, high=4.0).numpy().astype(np.float64)
        sizes = flat.round(2).reshape(shape)
        signs = np.array(shuffled(student, ([1.0, -1.0] * sizes.size)[: sizes.size])).reshape(shape)
        found.append(np.asarray(sizes * signs))  # a product of 0-d arrays is no array any more
    return found


def part(grads: list[np.ndarray], share: float) -> float:
    """Return a limit that is this share of the norm, with two decimals."""
    return round(norm_of(grads) * share, 2)


def vectors(student: Student, share: float) -> Case:
    """Return three arrays of different lengths, and a limit that is this share of their norm."""
    sizes = shuffled(student, [2, 3, 5])
    grads = arrays(student, *((size,) for size in sizes))
    grads[1] *= 3  # one is larger than the others, and neither the first nor the last
    return grads, part(grads, share)


def asked(student: Student, cases: list[Case]) -> list[tuple[list[Any], Any, str]]:
    """Ask all cases; return arrays, norm and call of each. Raises Mismatch unless they are there."""
    answers = [ask(student, NAME, grads, limit) for grads, limit in cases]
    found = []
    if any(map(_holds_dots, [came for came, _ in answers])):
        student.note("three dots")  # any other object would look the same to the diagnosis
    for (came, call), (grads, _) in zip(answers, cases, strict=True):
        pair = isinstance(came, list | tuple) and len(came) == 2
        expected = f"a list of {len(grads)} arrays, and a number"
        expect(pair, call=call, got=came, expected=expected, hint=PAIR)
        listed = isinstance(came[0], list | tuple) and len(came[0]) == len(grads)
        number = as_array(came[1])
        single = number is not None and number.ndim == 0
        expect(listed and single, call=call, got=came, expected=expected, hint=PAIR)
        found.append((list(came[0]), came[1], call))
    return found


def _holds_dots(came: Any) -> bool:
    """Return whether `...` stands in an answer: what lives in the student's process tells its class alone."""
    parts = came if isinstance(came, list | tuple) else [came]
    return any(part is ... or repr(part) == "<object of class builtins.ellipsis>" for part in parts[:2])


def same_norms(student: Student, cases: list[Case], hint: str) -> None:
    """Raise Mismatch unless the norms are right."""
    answers = asked(student, cases)
    for (grads, limit), (_, norm, call) in zip(cases, answers, strict=True):
        student.expects(f"the norm of {call}", norm, norm_of(grads), (grads, limit))
    for (grads, _), (_, norm, call) in zip(cases, answers, strict=True):
        expect_close(norm, norm_of(grads), call=f"the norm of {call}", hint=hint)


def same_arrays(student: Student, cases: list[Case], hint: str) -> None:
    """Raise Mismatch unless the arrays are right."""
    answers = asked(student, cases)
    wanted = [right(*case) for case in cases]
    for (grads, limit), (got, _, call), want in zip(cases, answers, wanted, strict=True):
        for place, (one, should) in enumerate(zip(got, want, strict=True)):
            student.expects(f"array {place} of {call}", one, should, (grads, limit))
    for (got, _, call), want in zip(answers, wanted, strict=True):
        for place, (one, should) in enumerate(zip(got, want, strict=True)):
            expect_close(one, should, call=f"array {place} of {call}", hint=hint)


def by_hand(student: Student, case: Case) -> None:
    """Raise Mismatch if clip_grad_norm_ runs. Half of the marks lie in checks that end with this."""
    written_by_hand(student, NAME, CLIPPING, *case, part="clip_grad")  # get_total_norm does not clip


@check(NAME, gate=True)
def arrays_and_a_norm_come_back(student: Student) -> None:
    case = vectors(student, 0.5)
    ((_, norm, call),) = asked(student, [case])
    positive = 0 < float(norm) < math.inf
    expect(positive, call=f"the norm of {call}", got=norm, expected="a number above 0", hint=ONE_NORM)


@check(NAME, marks=0.25)
def one_norm_is_taken_over_all_arrays(student: Student) -> None:
    single = arrays(student, (drawn(student, 3, 5),))
    same_norms(student, [vectors(student, 1.5), (single, part(single, 1.5)), vectors(student, 4.0)], ONE_NORM)


@check(NAME, marks=0.25)
def the_norm_is_the_one_before_clipping(student: Student) -> None:
    same_norms(student, [vectors(student, 0.4), vectors(student, 0.8)], BEFORE)


@check(NAME, marks=0.5)
def above_the_limit_one_factor_scales_all_arrays(student: Student) -> None:
    small = [grad / 20 for grad in arrays(student, (2,), (3,))]
    cases = [vectors(student, share) for share in (0.2, 0.6, 0.95)] + [(small, part(small, 0.5))]
    same_arrays(student, cases, ONE_FACTOR)
    by_hand(student, cases[0])


@check(NAME, marks=0.25)
def up_to_the_limit_all_values_stay(student: Student) -> None:
    scale = 2.0 ** drawn(student, -2, 3)
    exact, alike = [np.array([3.0, -4.0]) * scale], [np.array([3.0, 4.0]), np.array([-4.0, 3.0])]
    cases = [vectors(student, 1.3), vectors(student, 5.0), (exact, 5.0 * scale)]
    cases.append(([grad * scale for grad in alike], 8.0 * scale))  # norms of 5 and 5, together of 7.07
    same_arrays(student, cases, STAY)
    by_hand(student, cases[0])


@check(NAME, marks=0.25)
def zeros_stay_zeros(student: Student) -> None:
    cases = [
        (
            [np.zeros(size) for size in (drawn(student, 2, 9), drawn(student, 1, 5))],
            drawn(student, 3, 40) / 4,
        ),
        ([np.zeros((drawn(student, 2, 5), drawn(student, 2, 5)))], drawn(student, 1, 7) / 8),
    ]
    same_arrays(student, cases, ZEROS)
    same_norms(student, cases, ZEROS)


@check(NAME, marks=0.25)
def arrays_may_have_any_shape(student: Student) -> None:
    rows = drawn(student, 2, 4)
    cases = []
    for shapes in (((rows, 2),), ((rows, 3), (3,), ()), ((2, rows, 2), (1, 4)), ((),)):
        grads = arrays(student, *shapes)
        cases += [(grads, part(grads, 0.5)), (grads, part(grads, 2.0))]
    same_arrays(student, cases, SHAPES)
    same_norms(student, cases, SHAPES)
    by_hand(student, cases[0])


@check(NAME, marks=0.25)
def nothing_that_came_in_is_changed(student: Student) -> None:
    for share in (0.5, 2.0):
        grads, limit = vectors(student, share)
        wanted = right(grads, limit)

        def is_right(answer: Any, call: str, wanted: list[np.ndarray] = wanted) -> None:
            good = isinstance(answer, list | tuple) and len(answer) == 2
            expect(good, call=call, got=answer, expected="arrays and a norm", hint=PAIR)
            listed = isinstance(answer[0], list | tuple) and len(answer[0]) == len(wanted)
            expect(listed, call=call, got=answer[0], expected=f"a list of {len(wanted)} arrays", hint=PAIR)
            for one, should in zip(answer[0], wanted, strict=True):
                expect_close(one, should, call=f"the arrays of {call}", hint=ONE_FACTOR)
            kinds = all(isinstance(one, np.ndarray | np.generic) for one in answer[0])
            got, hint = type(answer[0][0]).__name__, "grad * factor is an array: leave tolist() and torch out"
            expect(kinds, call=f"the kind in {call}", got=got, expected="NumPy arrays", hint=hint)

        unchanged(
            student, NAME, grads, limit, want=is_right, hint="grad * factor makes a new array; *= does not"
        )
