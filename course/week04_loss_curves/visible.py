"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from checking import Mismatch, all_good, as_array, expect, expect_equal, expect_raises, show
from tutor import visible
from visible_parts import Problem, first_of
from visible_questions import check_broken_line, check_q1, check_q2
from visible_runs import RUNS, Run, why_not_healthy
from visible_smooth import check_smooth

__all__ = [
    "check_blind_spot", "check_broken_line", "check_diagnose", "check_q1", "check_q2", "check_smooth",
    "check_split_indices",
]  # fmt: skip

# ---------------------------------------------------------------- diagnose

VERDICTS = ("diverged", "overfitting", "undertrained", "underfitting", "healthy")


@visible
def check_diagnose(diagnose: Callable[..., Any]) -> None:
    """Try diagnose on small runs, each of which needs one part of the rules, and on lists of bad length."""
    problems: dict[str, Problem] = {f"run {i}": partial(_try, diagnose, i) for i in range(1, len(RUNS) + 1)}
    worked, *_ = RUNS
    for name, lengths, train in (
        ("4 epochs", (4, 4), worked.train),
        ("8 and 7 epochs", (8, 7), worked.train),
        ("5 and 4 epochs", (5, 4), worked.train),
        ("5 epochs with nan", (5, 5), [1.0, math.nan, 1.0, 1.0, 1.0]),
        ("8 and 7 epochs with nan", (8, 7), [math.nan, *worked.train[1:]]),
    ):
        history = _history(train[: lengths[0]], worked.val[: lengths[1]])
        problems[name] = partial(
            expect_raises, ValueError, partial(diagnose, history, 2.0), call=f"diagnose({name}, 2.0)",
            hint="look at the lengths before anything else, and raise ValueError(…)",
        )  # fmt: skip
    problems["other entries"] = partial(_other_entries, diagnose)
    problems["the history"] = partial(_history_stays, diagnose)
    first_of(problems)
    all_good("diagnose")


def _history(train: Sequence[float], val: Sequence[float]) -> dict[str, list[float]]:
    return {"train_loss": list(train), "val_loss": list(val), "train_accuracy": [0.5] * len(train)}


def _try(diagnose: Callable[..., Any], number: int) -> None:
    run: Run = RUNS[number - 1]
    call = f"diagnose(run {number}: {run.words}, {run.baseline})"
    try:
        got = diagnose(_history(run.train, run.val), run.baseline)
    except ValueError as error:
        raise Mismatch(
            call, f"ValueError: {error}", show(run.verdict), "both lists are long enough"
        ) from error
    word = isinstance(got, str) and got in VERDICTS
    hint = run.hint if word else f"return one of the words {', '.join(VERDICTS)}, spelled so and alone"
    expect_equal(got, run.verdict, call=call, hint=hint)


def _other_entries(diagnose: Callable[..., Any]) -> None:
    run = RUNS[1]
    history = {"seconds": [math.nan], "notes": [], **_history(run.train, run.val)}
    hint = 'read history["train_loss"] and history["val_loss"], and nothing else'
    call = "diagnose(run 2 with two more lists in the history)"
    expect_equal(diagnose(history, run.baseline), run.verdict, call=call, hint=hint)


def _history_stays(diagnose: Callable[..., Any]) -> None:
    run, history = RUNS[0], _history(RUNS[0].train, RUNS[0].val)
    diagnose(history, run.baseline)
    expect_equal(
        history,
        _history(run.train, run.val),
        call="the history after diagnose(run 1)",
        hint="use sorted(…) instead of .sort(), and slices instead of .pop()",
    )


@visible
def check_blind_spot(blind_spot: Callable[..., Any]) -> None:
    """Ask for blind spots at three baselines, and judge them by the rules of the table."""
    for baseline in (2.0, 0.5, 20.0):
        _judge_blind_spot(blind_spot(baseline), baseline)
    all_good("blind_spot")


def _judge_blind_spot(got: Any, baseline: float) -> None:
    call = f"blind_spot({baseline})"
    pair = isinstance(got, tuple | list | np.ndarray) and len(got) == 2
    expect(pair, call=call, got=got, expected="two lists", hint="return train_loss, val_loss")
    parts = [as_array(list(part) if isinstance(part, tuple | list) else part) for part in got]
    train, val = ([] if part is None else part.ravel().tolist() for part in parts)
    hint = "return two lists of numbers; multiply by baseline inside: [baseline * x for x in curve]"
    expect(bool(train and val), call=call, got=got, expected="two lists of numbers", hint=hint)
    sizes = [len(train), len(val)]
    fits = sizes[0] == sizes[1] and 8 <= sizes[0] <= 40
    expected = "equal lengths, 8 to 40"
    expect(fits, call=f"lengths of {call}", got=sizes, expected=expected, hint="add or drop epochs")
    good = all(math.isfinite(value) and value > 0 for value in train + val)
    hint = "a loss of 0 or below is not asked for"
    expect(good, call=call, got=got, expected="finite numbers above 0", hint=hint)
    rises = sum(after - before >= 0.3 * baseline - 1e-9 for before, after in pairwise(train))
    hint = (
        f"a rise counts if it is at least 0.3 × baseline, here {0.3 * baseline:g}: let the middle jump more "
        "often, and multiply every number by baseline"
    )
    expect(rises >= 5, call=f"large rises of {call}", got=rises, expected="at least 5", hint=hint)
    blamed = why_not_healthy(train, val, baseline)
    verdict, _, hint = blamed.partition(": ")
    expect(not blamed, call=f"the verdict on {call}", got=verdict, expected="'healthy'", hint=hint)


# ---------------------------------------------------------------- split_indices

SEVENTEEN = [0] * 10 + [1] * 7
MIXED = [7, -1, 3, 7, 7, -1, 3, 7, 7, -1, -1, 3, -1, 3, 3] * 2
SHARES = (0.6, 0.2, 0.2)


@visible
def check_split_indices(split_indices: Callable[..., Any]) -> None:
    """Try split_indices on two classes in a row, on three mixed ones, and on fractions that make no split."""
    _three_arrays(split_indices(SEVENTEEN, SHARES, 0))
    by_class = partial(_shares, split_indices)
    problems: dict[str, Problem] = {
        "whole numbers": partial(_whole_numbers, split_indices),
        "sizes": partial(_sizes, split_indices),
        "all positions": partial(_positions, split_indices),
        "shares of two classes": partial(by_class, SEVENTEEN, SHARES, {0: [6, 2, 2], 1: [4, 2, 1]}),
        "three classes": partial(by_class, [2, 1, 0] * 5, SHARES, {0: [3, 1, 1], 1: [3, 1, 1], 2: [3, 1, 1]}),
        "other labels": partial(by_class, MIXED, SHARES, {-1: [6, 2, 2], 3: [6, 2, 2], 7: [6, 2, 2]}),
        "an array of labels": partial(
            by_class, np.array(MIXED), (0.5, 0.3, 0.2), {-1: [5, 3, 2], 7: [5, 3, 2]}
        ),
        "large labels": partial(by_class, [3_000_000, 5] * 5, SHARES, {5: [3, 1, 1], 3_000_000: [3, 1, 1]}),
        "cuts": partial(by_class, [4] * 9, (0.4, 0.4, 0.2), {4: [4, 3, 2]}),
        "cuts at a half": partial(by_class, [4] * 5, (0.5, 0.3, 0.2), {4: [2, 2, 1]}),
        "a class of 3": partial(by_class, [4] * 3, (0.5, 0.25, 0.25), {4: [2, 0, 1]}),
        "the seed": partial(_seeds, split_indices, 1),
        "seed 0": partial(_seeds, split_indices, 0),
        "NumPy's random numbers": partial(_random_state, split_indices),
        "a fraction of 0": partial(_empty, split_indices),
        "0.7 + 0.2 + 0.1": partial(_sizes, split_indices, (0.7, 0.2, 0.1), [12, 3, 2]),
        "the labels": partial(_labels_stay, split_indices),
    }
    for bad in (
        (0.6, 0.2, 0.1),
        (0.6, 0.3, 0.2),
        (0.6, 0.2, 0.19),
        (0.8, 0.4, -0.2),
        (-0.2, 0.8, 0.4),
        (0.4, -0.2, 0.8),
        (0.5, 0.5),
    ):
        problems[f"fractions {bad}"] = partial(
            expect_raises, ValueError, partial(split_indices, SEVENTEEN, bad, 0),
            call=f"split_indices(labels, {bad}, 0)", hint="three fractions, none negative, with the sum 1",
        )  # fmt: skip
    first_of(problems)
    all_good("split_indices")


def _three_arrays(parts: Any) -> None:
    call = "split_indices(17 labels, (0.6, 0.2, 0.2), 0)"
    three = isinstance(parts, tuple) and len(parts) == 3
    hint = "return the three parts with commas between them"
    expect(three, call=call, got=parts, expected="a tuple of three arrays", hint=hint)
    for part in parts:
        array = isinstance(part, np.ndarray) and part.ndim == 1
        hint = "wrap each part in np.array(rows, dtype=int)"
        expect(array, call=f"a part of {call}", got=part, expected="a 1-D NumPy array", hint=hint)


def _rows(parts: Any) -> list[list[int]]:
    return [[int(row) for row in part] for part in parts]


def _sizes(split: Callable[..., Any], fractions: Any = SHARES, want: Sequence[int] = (10, 4, 3)) -> None:
    call = f"the sizes of split_indices(10 × 0 and 7 × 1, {fractions}, 0)"
    hint = "cut every class on its own, at round(f_train * m) and round((f_train + f_val) * m)"
    try:
        got = [len(part) for part in split(SEVENTEEN, fractions, 0)]
    except ValueError as error:
        raise Mismatch(
            call, f"ValueError: {error}", show(list(want)), "these fractions do add up to 1"
        ) from error
    expect_equal(got, list(want), call=call, hint=hint)


def _positions(split: Callable[..., Any]) -> None:
    rows = sorted(row for part in _rows(split(SEVENTEEN, SHARES, 0)) for row in part)
    expect_equal(rows, list(range(17)), call="all positions together", hint="each position exactly once")


def _shares(split: Callable[..., Any], labels: Any, fractions: Any, want: Mapping[int, list[int]]) -> None:
    for label, counts in want.items():
        for seed in range(3):  # an unstratified split may be lucky once
            parts = _rows(split(labels if isinstance(labels, np.ndarray) else list(labels), fractions, seed))
            rows = [sum(int(labels[row % len(labels)]) == label for row in part) for part in parts]
            call = f"rows of class {label} in the parts, of {len(labels)} labels, {fractions}, seed {seed}"
            expect_equal(rows, counts, call=call, hint="cut every class on its own")


def _seeds(split: Callable[..., Any], seed: int) -> None:
    one, again, other = (_rows(split([0] * 30, SHARES, number)) for number in (seed, seed, 2))
    hint = "make the generator inside the function, np.random.default_rng(seed)"
    expect(one == again, call=f"seed {seed} twice", got="two splits", expected="the same split", hint=hint)
    stored = one[0] == list(range(18))
    got = "the rows as they are stored" if stored else "the same rows"
    hint = "shuffle the rows of each class before you cut, with a generator made from seed"
    expect(one != other, call=f"seed {seed} and seed 2", got=got, expected="other rows", hint=hint)


def _random_state(split: Callable[..., Any]) -> None:
    before = _next_numbers()
    split([0] * 30, SHARES, 4)
    hint = "use a generator of your own, np.random.default_rng(seed), instead of np.random.seed"
    same = _next_numbers() == before
    expect(same, call="np.random after the call", got="changed", expected="left alone", hint=hint)


def _next_numbers() -> tuple[bytes, int]:
    """Return the state of NumPy's global generator, on which its next numbers depend."""
    state = np.random.get_state()
    return state[1].tobytes(), state[2]


def _whole_numbers(split: Callable[..., Any]) -> None:
    kinds = [str(part.dtype) for part in split(SEVENTEEN, SHARES, 0)]
    whole = all(kind.startswith(("int", "uint")) for kind in kinds)
    hint = "floats cannot pick rows: write np.array(rows, dtype=int)"
    expect(whole, call="the types of the three arrays", got=kinds, expected="three times int64", hint=hint)


def _empty(split: Callable[..., Any]) -> None:
    part = split([0, 0, 0, 0, 1, 1], (0.5, 0.5, 0.0), 0)[2]
    call = "the test part of split_indices([0, 0, 0, 0, 1, 1], (0.5, 0.5, 0.0), 0)"
    integers = isinstance(part, np.ndarray) and part.dtype.kind in "iu"
    hint = "np.array([]) holds floats: write np.array(rows, dtype=int)"
    expect(integers and len(part) == 0, call=call, got=part, expected="an empty array of integers", hint=hint)


def _labels_stay(split: Callable[..., Any]) -> None:
    labels = list(MIXED)
    split(labels, SHARES, 0)
    expect_equal(labels, MIXED, call="the labels after the call", hint="do not sort them in place")
