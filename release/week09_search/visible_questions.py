"""The visible checks of the exercises without marks: roles, shares, counts and a broken line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checking import as_array, expect
from tutor import visible
from visible_broken import BROKEN, LINES

NAMES = ("scientific", "nuisance", "fixed")
ROLES = {
    "dropout": ("scientific", "the question is about it: it is what you vary on purpose"),
    "learning rate": ("nuisance", "nobody asked for it, but each dropout rate needs a good one of its own"),
    "weight decay": ("nuisance or fixed", "tune it, if you can pay for it; else state its value"),
    "batch size": ("fixed or nuisance", "stated, not tuned: week 5 showed that the rate makes up for it"),
    "epochs": ("fixed or nuisance", "stated, or left to early stopping (week 8)"),
    "the digits": ("fixed", "on other data it would be another question"),
}


@visible
def check_roles(roles: Any) -> None:
    """Say which role does not fit the question, and why; two roles are accepted where both can be meant."""
    hint = "keep the six lines of the cell, and write a role in place of each ..."
    whole = isinstance(roles, Mapping) and set(roles) == set(ROLES)
    expect(whole, call="roles", got=roles, expected="the six keys of the cell", hint=hint)
    given = {name: _plain(role) for name, role in roles.items()}
    for name, role in given.items():
        known, hint = role in NAMES, 'one of "scientific", "nuisance", "fixed", in quotes'
        expect(known, call=f"roles[{name!r}]", got=roles[name], expected="a role", hint=hint)
    wrong = [name for name, (right, _) in ROLES.items() if given[name] not in right.split(" or ")]
    if wrong:
        right = f"{len(ROLES) - len(wrong)} of {len(ROLES)} fit, {wrong[0]} as {given[wrong[0]]} does not"
        expect(False, call="roles", got=right, expected="all six", hint=_hint_for_role(wrong[0]))
    print("✓ roles: they fit this question. With another question they change.")
    for name, (right, why) in ROLES.items():
        print(f"  {name}: {right}, {why}")


def _plain(role: Any) -> Any:
    return role.strip().lower() if isinstance(role, str) else role


def _hint_for_role(name: str) -> str:
    """Return what to ask oneself about a role that does not fit."""
    if name == "dropout":
        return "what is the question about? That alone is scientific"
    if name == "learning rate":
        return "is a comparison fair if one of the two nets has a rate that does not suit it?"
    if name == "the digits":
        return "would it still be the same question with other digits?"
    return "the question is not about it. So either tune it for a fair answer, or state it"


SHARES: dict[str, tuple[float, float, str]] = {
    "uniform": (0.0099, 0.004, "below 1e-3 lies hardly a hundredth of the length from 1e-5 to 1e-1"),
    "log-uniform": (0.5, 0.03, "1e-5 … 1e-3 are two of four decades, and all decades are equally likely"),
    "mean": (0.01086, 0.001, "average the draws themselves: the few large ones pull the mean up"),
}
SLIPS = {
    ("uniform", 0.99): "that is the share above 1e-3 (or is it a percentage? Divide it by 100)",
    ("uniform", 0.25): "a quarter of the decades, but by far not of the length",
    ("uniform", 0.5): "half of the decades, but by far not of the length",
    ("log-uniform", 0.25): "two of the four decades lie below 1e-3: 1e-5 … 1e-4 and 1e-4 … 1e-3",
    ("log-uniform", 0.75): "two of the four decades lie below 1e-3, not three",
    ("log-uniform", 0.0099): "that is the share of uniform draws",
    ("mean", 0.001): "that is the middle one of the draws, the median: half lie below it. The mean is larger",
    ("mean", 0.05): "that is the mean of *uniform* draws",
    ("mean", -3.0): "that is the mean of the logarithms: average the rates themselves",
    ("mean", -6.9078): "that is the mean of the logarithms: average the rates themselves",
}


@visible
def check_q2(shares: Any) -> None:
    """Compare two shares and a mean, with room for the luck of a few thousand draws."""
    hint = "keep the three lines of the cell, and write a number in place of each ..."
    whole = isinstance(shares, Mapping) and set(shares) == set(SHARES)
    expect(whole, call="shares", got=shares, expected="the three keys of the cell", hint=hint)
    for name, (right, room, why) in SHARES.items():
        number = _number(shares[name], f"shares[{name!r}]", "a number, such as 0.25")
        if name != "mean" and 1 < number <= 100:
            why = "a share lies between 0 and 1: divide the percentage by 100"
        why = next((w for (n, v), w in SLIPS.items() if n == name and _close(number, v)), why)
        good = abs(number - right) <= room
        expect(good, call=f"shares[{name!r}]", got=shares[name], expected="another number", hint=why)
    print(
        "✓ q2: 1 uniform draw in 100 lies below 0.001, and 1 log-uniform draw in 2. The mean of these is "
        "0.011, eleven times their median."
    )


def _close(number: float, slip: float) -> bool:
    return abs(number - slip) <= 0.03 * abs(slip)


def _number(value: Any, call: str, expected: str) -> float:
    """Return a number as a float. Raises Mismatch if it is none."""
    array = as_array(value)
    single = array is not None and array.ndim == 0
    expect(single, call=call, got=value, expected=expected, hint="one number, without quotes")
    return float(array) if array is not None else 0.0


COUNTS: dict[str, tuple[int, str]] = {
    "five with three values": (243, "each value of one goes with each of the others: 3 · 3 · 3 · 3 · 3"),
    "grid": (120, "every rate with every decay with every dropout rate: 4 · 5 · 6"),
    "grid, five seeds": (600, "each setting of the grid is trained five times"),
    "halving": (108, "the rounds are (27, 1), (9, 3), (3, 9), (1, 27): each costs configs · budget"),
    "all in full": (729, "the largest budget is 27, and there are 27 configs"),
}
WRONG_COUNTS = {
    ("five with three values", 15): "5 · 3 adds up the values. Combinations multiply",
    ("five with three values", 125): "5³ is three hyperparameters with five values each",
    ("grid", 15): "4 + 5 + 6 is one at a time. In a grid every value meets every other one",
    ("grid, five seeds", 125): "five more in all? Each of the settings is trained five times",
    ("grid, five seeds", 75): "five seeds of each of the settings in the grid: how many are these?",
    ("halving", 40): "27 + 9 + 3 + 1 counts trainings. Each has its budget: 1, 3, 9, 27",
    ("halving", 81): "the round with one config is trained, too, with budget 27",
    ("halving", 36): "four rounds, from 27 configs down to 1: the first and the last count as well",
    ("halving", 1080): "multiply configs and budget round by round, then add: not 40 · 27",
    ("halving", 120): "27 // 3 is 9, then 3, then 1, and the budgets are 1, 3, 9, 27",
    ("all in full", 108): "here nobody is dropped: all 27 get the largest budget",
    ("all in full", 27): "27 configs, each with the budget that the last one had",
    ("all in full", 243): "the largest budget is that of the last round, 27",
}


@visible
def check_q1(counts: Any) -> None:
    """Compare five counts, and name sums in place of products and rounds that were forgotten."""
    hint = "keep the five lines of the cell, and write a number or a product in place of each ..."
    whole = isinstance(counts, Mapping) and set(counts) == set(COUNTS)
    expect(whole, call="counts", got=counts, expected="the five keys of the cell", hint=hint)
    for name, (right, why) in COUNTS.items():
        number = _number(counts[name], f"counts[{name!r}]", "a whole number, or a product such as 4 * 5")
        why = next((w for (n, v), w in WRONG_COUNTS.items() if n == name and v == number), why)
        good = number == right
        expect(good, call=f"counts[{name!r}]", got=counts[name], expected="another number", hint=why)
    print("✓ q1: 243, 120 and 600 trainings. Halving spends 108 where all in full cost 729: a seventh.")


@visible
def check_q3(broken_line: Any) -> None:
    """Say what the line with this number does, and whether that is the fault."""
    whole = isinstance(broken_line, int) and not isinstance(broken_line, bool) and broken_line in LINES
    hint = "write a whole number without quotes, such as broken_line = 3"
    expected = f"a number from 1 to {len(LINES)}"
    expect(whole, call="broken_line", got=broken_line, expected=expected, hint=hint)
    fault, hint = "the line that makes every score worthless", LINES[broken_line]
    expect(broken_line == BROKEN, call="broken_line", got=broken_line, expected=fault, hint=hint)
    print(f"✓ q3: {LINES[broken_line]}.")
