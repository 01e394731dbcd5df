"""The visible check of one_se_choice: a few lists of results, told as they are written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from checking import all_good, expect, expect_equal, expect_unchanged, first_of
from tutor import visible

Choice = Callable[[list[dict[str, Any]]], Any]
Results = list[dict[str, Any]]


def result(name: str, size: float, *losses: float) -> dict[str, Any]:
    """Return one config's entry."""
    return {"name": name, "size": size, "losses": list(losses)}


SMALL = result("small", 1, 0.30, 0.34, 0.32, 0.36)
MEDIUM = result("medium", 2, 0.28, 0.31, 0.30, 0.35)
LARGE = result("large", 3, 0.27, 0.33, 0.29, 0.32)
HIGHER = result("medium", 2, 0.285, 0.315, 0.305, 0.357)  # mean .3155: above .3144, below .3163
TINY = result("tiny", 0, 0.20, 0.46, 0.30, 0.40)  # mean .34, with a standard error of its own of .056
# Mean 0.5, standard deviation 0.25, standard error 0.125: all exact.
BROAD = result("broad", 8, 0.125, 0.625, 0.625, 0.625)
ROOT = "the standard error divides by √n, not √(n − 1); n is the number of losses of the best: len(losses)"
ONE_SE = "limit = mean + sd / √n of the best config alone, with n − 1 in its sd: np.std(losses, ddof=1)"

TIE = [BROAD, result("slim", 4, 0.5, 0.625), result("calm", 4, 0.5, 0.5)]
ALONE = [result("first", 2, 0.25, 0.75)]
BORDER = [BROAD, result("on it", 3, 0.625, 0.625)]
EQUAL = [result("calm", 9, 0.5, 0.5), BROAD, result("near", 1, 0.5625, 0.5625)]
TWO = [result("a", 5, 0.2, 0.4), result("b", 1, 0.33, 0.43)]
NOISY = [
    result("calm", 9, 0.5625, 0.5625),
    result("far", 1, 0.6875, 0.6875),
    result("near", 2, 0.59375, 0.59375),
    BROAD,
]
OUTSIDE = [result("broad", 8, 0.125, 0.625, 0.625, 0.625), result("slim", 4, 0.637, 0.637)]
THREE = [result("a", 5, 0.25, 0.75, 0.75, 0.75), result("b", 3, 0.76, 0.76), result("c", 9, 0.8, 0.8)]
ITSELF = [
    result("a", 5, 0.625, 0.625),
    result("b", 2, 0.125, 0.625, 0.625, 0.625),
    result("c", 7, 0.5, 0.55),
]
# A limit of .703125, and a mean on it.
MANY = [result("broad", 8, 0.203125, *[0.703125] * 3), result("on it", 3, 0.703125, 0.703125)]
LATE = [BROAD, result("beech", 4, 0.5, 0.5), result("alder", 4, 0.5625, 0.5625)]
DIGITS = [result("ten", 10, 0.5625, 0.5625), result("nine", 9, 0.59375, 0.59375), {**BROAD, "size": 11}]
CASES: dict[str, tuple[Results, str, str]] = {  # by what is tried: results, the right name, a hint
    "the worked example": ([SMALL, MEDIUM, LARGE], "medium", ONE_SE),
    "another order": (
        [LARGE, SMALL, MEDIUM],
        "medium",
        "the order of the list says nothing: ask for size",
    ),
    "a limit with n − 1": (
        [SMALL, HIGHER, LARGE],
        "medium",
        "n − 1: statistics.stdev or np.std(…, ddof=1)",
    ),
    "a config that is noisy itself": ([TINY, SMALL, MEDIUM, LARGE], "medium", ONE_SE),
    "a mean on the limit": (BORDER, "on it", "at most: a mean equal to the limit is inside, <="),
    "a limit of many digits": (MANY, "on it", "at most, <=, and the limit is not rounded"),
    "equal sizes": (TIE, "calm", "of equal sizes the one with the lower mean"),
    "equal best means": (
        EQUAL,
        "broad",
        "of equal best means the first config is the best: its standard error, here 0",
    ),
    "two losses each": (TWO, "b", "n is the number of losses of the best config: len(losses)"),
    "three configs, four losses": (
        THREE,
        "a",
        ROOT,
    ),
    "a mean just outside": (OUTSIDE, "broad", ROOT),
    "a best config that is the smallest": (
        ITSELF,
        "b",
        "the best itself lies inside: do not leave it out",
    ),
    "equal sizes, the other way round": (
        LATE,
        "beech",
        "of equal sizes the one with the lower mean: neither order nor name decides",
    ),
    "sizes of 9 and 10": (DIGITS, "nine", "sizes are numbers: compare them as they are, without str"),
    "a best config that is noisy": (NOISY, "near", ONE_SE),
    "one config": (ALONE, "first", "the best config itself lies inside"),
}


@visible
def check_one_se_choice(one_se_choice: Choice) -> None:
    """Try the worked example in two orders, kinds of standard errors, the border, ties and one config."""
    problems: dict[str, Callable[[], None]] = {
        words: partial(_expect, one_se_choice, words, *case) for words, case in CASES.items()
    }
    problems["the list itself"] = partial(expect_unchanged, one_se_choice, [LARGE, SMALL, MEDIUM])
    first_of(problems)
    all_good("one_se_choice")


def _limit(results: Results) -> float:
    """Return the best mean plus its standard error."""
    losses = min((each["losses"] for each in results), key=np.mean)
    return float(np.mean(losses) + np.std(losses, ddof=1) / np.sqrt(len(losses)))


def _expect(one_se_choice: Choice, words: str, results: Results, want: str, hint: str) -> None:
    copies = [{**each, "losses": list(each["losses"])} for each in results]
    got = one_se_choice(copies)
    told = ", ".join(
        f"{each['name']} ({each['size']:g}) {' '.join(f'{loss:g}' for loss in each['losses'])}"
        for each in results
    )
    call = f"one_se_choice({words}: {told})"
    if isinstance(got, dict):
        expect(False, call=call, got="the whole entry", expected=f"{want!r}", hint='return its "name"')
    one_of = {each["name"] for each in results}
    hint = f"{hint}; here the limit is {_limit(results):.6g}"
    hint = hint if isinstance(got, str) and got in one_of else 'return the "name" of one config, as it is'
    expect_equal(str(got) if isinstance(got, str) else got, want, call=call, hint=hint)
