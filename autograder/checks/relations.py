"""Name what relates wrong answers to the right ones: summed instead of averaged, a sign, a constant factor.

A wrong name is worse than none. So a relation must hold for every answer, those of passed checks included;
every check that failed must hold an answer that it explains; and it must rest on at least two different
answers, or on one with three different numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from checking import as_array, difference

from autograder.checks import relation_words as words
from autograder.checks.framework import Pair, Tried
from autograder.checks.relation_words import FACTORS, FUNCTIONS, Relation

Array = np.ndarray

TOLERANCE = 2e-4  # relative; answers are computed in float32
SMALL = 1e-5  # what may become of 0
ENOUGH_NUMBERS, ENOUGH_ANSWERS = 3, 2


@dataclass(frozen=True, eq=False)
class Compared:
    """Hold an answer and the right one as arrays. `sizes` are numbers that one may divide by.

    `args` counts the arguments of the call.
    """

    got: Array
    want: Array
    sizes: frozenset[int]
    args: int
    gradient: bool

    @property
    def right(self) -> bool:
        """Return whether the answer is the right one."""
        return difference(self.got, self.want) is None


def find_relation(tried: Sequence[Tried]) -> Relation | None:
    """Return what relates all answers of an exercise to the right ones, or None."""
    failed = [item for item in tried if not item.passed]
    if not failed or any(item.passed is None for item in tried):
        return None
    if _is_detached(failed, tried):
        return words.DETACHED
    every = [_compared(pair) for item in tried for pair in item.pairs if _numbers(pair) or not _fits(pair)]
    numeric = [one for one in every if one is not None]
    if len(numeric) == len(every) and all(map(_is_explained, failed)):
        found = _numeric(numeric, [one for one in numeric if not one.right])
        if found:
            return found
    return _same_numbers(failed)


def _is_detached(failed: Sequence[Tried], tried: Sequence[Tried]) -> bool:
    """Return whether nothing but gradients is missing."""
    values = [pair for item in tried for pair in item.pairs if not _is_cut(pair)]
    return all(any(map(_is_cut, item.pairs)) for item in failed) and bool(values) and all(map(_fits, values))


def _is_cut(pair: Pair) -> bool:
    return isinstance(pair.got, str) and "connected to" in pair.got


def _fits(pair: Pair) -> bool:
    return difference(pair.got, pair.want) is None


def _is_explained(item: Tried) -> bool:
    """Return whether a failed check holds a wrong answer, or is a gate that only asks for a usable one."""
    return any(not _fits(pair) for pair in item.pairs) or (item.gate and not item.pairs)


# Numbers
def _numeric(every: Sequence[Compared], wrong: Sequence[Compared]) -> Relation | None:
    """Return the first relation that holds for all answers."""
    if not wrong:
        return None
    found = _factor(every, wrong) or _arranged(every, wrong) or _offset(every, wrong)
    return found or _function(every) or _only(every)


def _factor(every: Sequence[Compared], wrong: Sequence[Compared]) -> Relation | None:
    """Return a relation in which each answer is the right one times a number."""
    known = [(one, ratio) for one in every if (ratio := _ratio(one)) is not None]
    changed = [one for one, ratio in known if not _near(ratio, 1.0)]
    if any(math.isnan(ratio) for _, ratio in known) or not wrong or not _is_evidence(changed):
        return None
    if _are_sizes(known):
        return words.SUMMED
    if _are_sizes([(one, 1 / ratio if ratio else math.nan) for one, ratio in known]):
        return words.DIVIDED_AGAIN
    first = known[0][1]
    return _constant(first) if all(_near(ratio, first) for _, ratio in known) else None


def _are_sizes(known: Sequence[tuple[Compared, float]]) -> bool:
    """Return whether the ratios are numbers of values: by their inputs, or as different whole numbers.

    A constant 2 is more often a factor of the formula.
    """
    if not all(_near(ratio, round(ratio)) for _, ratio in known if not math.isnan(ratio)):
        return False
    whole = [(one, 0 if math.isnan(ratio) else round(ratio)) for one, ratio in known]
    if any(n < 1 or (n == 1 and one.sizes and 1 not in one.sizes) for one, n in whole):
        return False
    several = {n for _, n in whole} - {1}
    if len(several) >= ENOUGH_ANSWERS:
        return True
    return several.isdisjoint({2}) and all(n in one.sizes for one, n in whole)


def _constant(ratio: float) -> Relation | None:
    if _near(ratio, -1.0):
        return words.SIGN
    for factor, sentence in FACTORS:
        if _near(ratio, factor):
            return Relation(f"relation: factor {factor:.3g}", sentence)
    if abs(ratio) < 1e-3 or _near(ratio, 1.0):
        return None
    sentence = (
        f"All your answers are {ratio:.4g} times the right ones: a constant factor is missing or too many. "
        "Compare your formula with the one in the task, factor by factor."
    )
    return Relation("relation: a constant factor", sentence)


def _ratio(one: Compared) -> float | None:
    """Return what the right answer is multiplied by: nan if by nothing, None if 0 became 0."""
    if one.got.shape != one.want.shape or not one.want.size or not np.isfinite(one.want).all():
        return math.nan
    place = np.unravel_index(np.argmax(np.abs(one.want)), one.want.shape)
    if abs(one.want[place]) <= SMALL:
        return None if _all_near(one.got, one.want) else math.nan
    ratio = float(one.got[place] / one.want[place])
    return ratio if _all_near(one.got, ratio * one.want) else math.nan


def _arranged(every: Sequence[Compared], wrong: Sequence[Compared]) -> Relation | None:
    """Return a relation in which each answer has the right numbers in other places."""
    tests: list[tuple[Relation, int, Callable[[Array, Array], bool]]] = [
        (words.TRANSPOSED, 2, lambda got, want: _all_near(got, want.T)),
        (words.REVERSED, 1, lambda got, want: _all_near(got, want[::-1])),
        (words.LATE, 1, lambda got, want: _is_row(got, want) and _all_near(got[1:], want[:-1])),
        (words.EARLY, 1, lambda got, want: _is_row(got, want) and _all_near(got[:-1], want[1:])),
    ]
    if not any(np.unique(np.round(one.want, 6)).size >= ENOUGH_NUMBERS for one in wrong):
        return None
    for relation, axes, holds in tests:
        all_axes = all(one.want.ndim == axes for one in wrong)
        concerned = [one for one in every if one.want.ndim == axes and one.want.size >= ENOUGH_NUMBERS]
        if all_axes and all(holds(one.got, one.want) for one in [*wrong, *concerned]):
            return relation
    return None


def _is_row(got: Array, want: Array) -> bool:
    return got.shape == want.shape and want.ndim == 1 and want.size >= ENOUGH_NUMBERS


def _offset(every: Sequence[Compared], wrong: Sequence[Compared]) -> Relation | None:
    """Return OFFSET if each answer, but for gradients, is the right one plus the same amount."""
    values = [one for one in every if not one.gradient and one.want.size]
    alike = all(one.got.shape == one.want.shape for one in values)
    if any(one.gradient for one in wrong) or not values or not alike or not _is_evidence(wrong):
        return None
    with np.errstate(invalid="ignore"):  # inf - inf
        amounts = np.concatenate([(one.got - one.want).ravel() for one in values])
    largest = max(float(np.abs(one.want).max()) for one in values)
    room = SMALL * max(1.0, largest)
    if not np.isfinite(amounts).all() or np.ptp(amounts) > room:
        return None
    return words.OFFSET if abs(amounts[0]) > 10 * room else None


def _function(every: Sequence[Compared]) -> Relation | None:
    """Return a relation in which each answer, but for gradients, is a simple function of the right one."""
    values = [one for one in every if not one.gradient and one.got.shape == one.want.shape]
    whole = len(values) == sum(not one.gradient for one in every)
    if not whole or not _is_evidence([one for one in values if not one.right]):
        return None
    with np.errstate(all="ignore"):
        made = ((relation, [make(one.want) for one in values]) for relation, make in FUNCTIONS)
        return next((relation for relation, wants in made if _all_made(values, wants)), None)


def _all_made(values: Sequence[Compared], wants: Sequence[Array]) -> bool:
    return all(_all_near(one.got, want) for one, want in zip(values, wants, strict=True))


def _only(every: Sequence[Compared]) -> Relation | None:
    """Return for which inputs alone the answers are right: one value, one size, a default."""
    sizes = _split(every, lambda one: max(one.sizes, default=0))
    if sizes and len(sizes[0]) == 1 and len(sizes[1]) >= ENOUGH_ANSWERS and 0 not in sizes[0] | sizes[1]:
        return words.ONE_VALUE if sizes[0] == {1} else words.FIXED_SIZE
    counts = _split(every, lambda one: one.args)
    return words.DEFAULT if counts and 0 not in counts[0] and max(counts[0]) < min(counts[1]) else None


def _split(every: Sequence[Compared], of: Callable[[Compared], int]) -> tuple[set[int], set[int]] | None:
    """Return a property of the right answers and of the wrong ones, if it tells the two apart."""
    right, wrong = ([of(one) for one in every if one.right is good] for good in (True, False))
    apart = min(len(right), len(wrong)) >= ENOUGH_NUMBERS and not set(right) & set(wrong)
    return (set(right), set(wrong)) if apart else None


# Kinds and shapes
def _same_numbers(failed: Sequence[Tried]) -> Relation | None:
    """Return SHAPE or KIND if each wrong answer holds the right numbers in another shape or kind."""
    pairs = [pair for item in failed for pair in item.pairs if not _fits(pair) or pair is item.pairs[-1]]
    if not all(item.pairs or item.gate for item in failed) or not all(map(_has_same_numbers, pairs)):
        return None
    if len({number for pair in pairs for number in np.round(_flat(pair.want), 4)}) < ENOUGH_ANSWERS:
        return None
    if not any(map(_fits, pairs)):
        return words.SHAPE
    return (
        words.KIND if all(_fits(pair) and _kinds(pair.got) != _kinds(pair.want) for pair in pairs) else None
    )


def _kinds(value: Any) -> Any:
    return (type(value), [_kinds(item) for item in value]) if isinstance(value, list | tuple) else type(value)


def _has_same_numbers(pair: Pair) -> bool:
    got, want = _flat(pair.got), _flat(pair.want)
    return bool(got.size) and _all_near(got, want)


def _flat(value: Any) -> Array:
    """Return all numbers in a value in order; nothing if there is anything else in it."""
    array = as_array(value)
    if array is not None:
        return array.ravel()
    parts = [_flat(item) for item in value] if isinstance(value, list | tuple) else []
    return np.concatenate(parts) if parts and all(part.size for part in parts) else np.zeros(0)


# Helpers
def _numbers(pair: Pair) -> bool:
    return as_array(pair.got) is not None and as_array(pair.want) is not None


def _compared(pair: Pair) -> Compared | None:
    """Return both answers as arrays, or None if they are not both numbers."""
    got, want = as_array(pair.got), as_array(pair.want)
    if got is None or want is None:
        return None
    gradient = pair.call.startswith("the gradient of")
    return Compared(got, want, frozenset(_sizes(pair.args)), len(pair.args), gradient)


def _sizes(args: Sequence[Any]) -> Iterator[int]:
    """Yield the numbers by which a mean over the arguments may divide: of values, rows, columns and pairs."""
    for array in map(as_array, args):
        if array is not None and array.ndim:
            yield array.size
            yield from array.shape
            yield len(array) * (len(array) - 1) // 2


def _is_evidence(compared: Sequence[Compared]) -> bool:
    """Return whether there are two different answers, or three different numbers in one."""
    kept = [np.unique(np.round(one.want[np.abs(one.want) > SMALL], 6)) for one in compared]
    answers = {tuple(numbers) for numbers in kept if numbers.size}
    return len(answers) >= ENOUGH_ANSWERS or any(numbers.size >= ENOUGH_NUMBERS for numbers in kept)


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-3)


def _all_near(got: Array, want: Array) -> bool:
    if got.shape != want.shape or not np.isfinite(got).all():
        return False
    room = TOLERANCE * np.abs(want) + SMALL * max(1.0, float(np.abs(want).max(initial=0.0)))
    return bool(np.all(np.abs(got - want) <= room))
