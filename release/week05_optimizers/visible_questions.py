"""The visible checks of the exercises without marks: a velocity, a mean rate, two parts, a broken line."""

from __future__ import annotations

import math
from typing import Any

from checking import as_array, expect
from tutor import visible


def number_of(value: Any, call: str) -> float:
    """Return an answer as a float. Raises Mismatch unless it is one number."""
    array = as_array(value)
    one = array is not None and array.ndim == 0
    expect(one, call=call, got=value, expected="one number", hint="a number, such as 0.5, without quotes")
    return float(value)


def told(number: float, hints: tuple[tuple[float, str], ...], otherwise: str) -> str:
    """Return what is known about this wrong number, or else the general hint."""
    return next((hint for known, hint in hints if math.isclose(number, known, abs_tol=5e-4)), otherwise)


@visible
def check_q1(velocity: Any) -> None:
    """Compare the velocity after three steps, and name the slips that lead to other numbers."""
    number = number_of(velocity, "velocity")
    hints = (
        (2.71, "the third gradient is −1, so it is subtracted: 0.9 · 1.9 − 1"),
        (1.0, "this is the sum of the gradients: nine tenths of the old velocity stay in each step"),
        (-1.0, "this is the last gradient alone: nine tenths of the velocity before are added to it"),
        (1.9, "this is the velocity after two steps: one more"),
        (1.71, "nine tenths of 1.9, and now the third gradient, −1"),
        (0.9, "1.9 − 1: before that, only nine tenths of the 1.9 stay"),
        (0.071, "this is a running average with (1 − 0.9) · g: here the gradient is added whole"),
        (-0.71, "the gradient is added to the velocity with its own sign"),
    )
    hint = told(number, hints, "v ← 0.9 · v + g, three times: the first velocity is 1, the second 1.9")
    right, expected = math.isclose(number, 0.71, abs_tol=1e-3), "the velocity after the third step"
    expect(right, call="velocity", got=number, expected=expected, hint=hint)
    print("✓ q1: 1, 1.9, 0.71. The gradient has turned, and the ball still rolls on in its old direction.")


@visible
def check_q2(mean_rate: Any) -> None:
    """Compare the mean rate, and name the slips that lead to other numbers."""
    number = number_of(mean_rate, "mean_rate")
    hints = (
        (0.111, "this is the mean of the three rates, but the first lasts for half of the steps"),
        (0.333, "this is the sum of the three rates: a mean counts each as often as it is used"),
        (15.825, "this is the sum over all steps: divide by their number"),
        (0.0533, "this is the mean of the logarithms, turned back: add up the rates themselves"),
        (0.0333, "this is a tenth of the sum: a mean counts each rate as often as it is used"),
        (0.03, "this is the middle one: a mean counts each rate as often as it is used"),
        (0.15, "nearly: the steps with small rates add a little"),
        (0.3, "this is the largest rate, with which the schedule begins"),
    )
    hint = told(number, hints, "50 · 0.3 + 25 · 0.03 + 25 · 0.003, divided by the number of steps")
    right, expected = math.isclose(number, 0.15825, abs_tol=6e-4), "the mean rate of the 100 steps"
    expect(right, call="mean_rate", got=number, expected=expected, hint=hint)
    print("✓ q2: 0.158, about half of the base. A schedule lowers the mean rate, so it bears a larger base.")


@visible
def check_q3(weights: Any) -> None:
    """Compare the two weights, and name the slips that lead to others."""
    given = as_array(list(weights) if isinstance(weights, tuple) else weights)
    pair = given is not None and given.shape == (2,)
    expect(pair, call="weights", got=weights, expected="two numbers", hint="write both between the brackets")
    known = (
        ((0.5, 0.5), "then each row of the small part counts three times as much as one of the large part"),
        ((0.25, 0.75), "these two have changed places: the part of 48 comes first"),
        ((48, 16), "nearly: these make the sum over all rows, and the mean is a 64th of it"),
        ((1 / 48, 1 / 16), "the losses are means already: multiply each by its share of the 64 rows"),
        ((1, 1), "then you add two means: the gradient of such a sum is about twice too long"),
        ((1 / 64, 1 / 64), "the losses are means already: each counts by its share of the 64 rows"),
        ((64 / 48, 64 / 16), "upside down: a large part counts more, 48 of 64"),
        ((3, 1), "the ratio is right, but the weights should add up to 1"),
    )
    hint = next((words for pair, words in known if are_near(given, pair, 1e-2)), "")
    hint = hint or "each part counts by its share of the 64 rows; the shares add up to 1"
    right, expected = are_near(given, (0.75, 0.25), 1e-6), "the weights of the 48 and of the 16 rows"
    expect(right, call="weights", got=weights, expected=expected, hint=hint)
    print("✓ q3: 48/64 and 16/64. So the two parts give the gradient of the whole batch, up to rounding.")


def are_near(given: Any, pair: tuple[float, float], tolerance: float) -> bool:
    """Return whether both numbers are those of the pair, within this share of them."""
    return all(
        math.isclose(one, other, rel_tol=tolerance) for one, other in zip(given.tolist(), pair, strict=True)
    )


INNOCENT = {
    1: "the optimizer gets all parameters, and a rate to begin with",
    2: "step 0 is the first one, and warmup_cosine_lr counts from 0",
    3: "twenty epochs are asked for, and twenty run",
    4: "the net trains in train mode, in every epoch",
    5: "every epoch walks through all 19 batches once",
    7: "the gradients of the batch before are cleared, before backward",
    8: "outputs first, then labels, and backward before the step",
    9: "step comes after backward, once a batch. But with which rate?",
    10: "the steps are counted over all epochs: 20 times 19 are 380, as planned",
}
FOUND = """✓ 6: `optimizer.lr` is a new name that nobody reads, and Python makes it without a word.
  The rate lies in the optimizer's groups: here it is `optimizer.param_groups[0]["lr"]`.
  So all 380 steps had the rate 0.3. Print the rate that is used, and not the one that you meant."""


@visible
def check_q4(broken_line: Any) -> None:
    """Say whether this is the line that does nothing, or why that line is innocent."""
    number = isinstance(broken_line, int) and not isinstance(broken_line, bool)
    hint = INNOCENT.get(broken_line, "write a number from 1 to 10") if number else ""
    expect(
        number and broken_line == 6,
        call="broken_line",
        got=broken_line,
        expected="the number of the line that does not do what it should",
        hint=hint or "write a whole number from 1 to 10, such as 3: without quotes, without a point",
    )
    print(FOUND)
