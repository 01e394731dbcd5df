"""The visible checks of the exercises without marks: a half-life, three winners and a broken line."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from checking import Mismatch, as_array, expect, expect_close
from tutor import visible
from visible_broken import BROKEN, LINES

RATES = ((1e-3, 1.0), (1e-3, 1e-2), (1e-4, 1e-2), (0.1, 5.0))


@visible
def check_q1(half_life: Callable[..., Any]) -> None:
    """Try half_life on the worked example and on smaller and larger decays, and name known slips."""
    got = []
    for lr, lam in RATES:
        answer = _steps(half_life, lr, lam)
        hint = "return one number of steps"
        number = as_array(answer)
        single = number is not None and number.ndim == 0
        expect(single, call=f"half_life({lr}, {lam})", got=answer, expected="a float", hint=hint)
        got.append(float(number))
    want = [math.log(0.5) / math.log(1 - lr * lam) for lr, lam in RATES]
    calls = ", ".join(f"half_life({lr}, {lam})" for lr, lam in RATES)
    expect_close(got, want, call=calls, hint=_slip(got, want), tolerance=1e-6)
    print(
        "✓ q1: 692.8 steps at rate 1e-3 and λ = 1, but 69 314 at λ = 0.01: that is 6931 epochs of ten "
        "batches."
    )


def _steps(half_life: Callable[..., Any], lr: float, lam: float) -> Any:
    """Return what half_life answers. Raises Mismatch if it takes the logarithm of 0 or less."""
    try:
        return half_life(lr, lam)
    except ValueError as error:
        call, hint = (
            f"half_life({lr}, {lam})",
            "1 − lr·λ lies between 0 and 1: is lr missing in your logarithm?",
        )
        raise Mismatch(call, f"ValueError: {error}", "a float", hint) from error


def _slip(got: list[float], want: list[float]) -> str:
    """Return what to try, by how the answers are related to the right ones."""
    ratios = [one / other for one, other in zip(got, want, strict=True)]
    if all(math.isclose(ratio, -1, rel_tol=1e-6) for ratio in ratios):
        return "a number of steps is above 0: both logarithms are negative, so divide log(0.5) by the other"
    if math.isclose(got[-1], math.log(2) / 0.5, rel_tol=1e-6):
        return "log(2) / (lr·λ) is close where lr·λ is small. Exact is the logarithm of 1 − lr·λ below"
    if math.isclose(got[0], 0.5 / (RATES[0][0] * RATES[0][1]), rel_tol=1e-3):
        return "half is left after n steps if (1 − lr·λ)ⁿ is 0.5: shrinking by a factor needs a logarithm"
    if all(value.is_integer() for value in got):
        return "do not round: the float itself is asked for"
    if all(math.isclose(one * other, 1, rel_tol=1e-6) for one, other in zip(got, want, strict=True)):
        return "the fraction is upside down: log(0.5) is divided by the logarithm of the factor"
    if all(math.isclose(ratio, 1, rel_tol=0.05) for ratio in ratios):
        return (
            "nearly: 1 − lr·λ lies so near to 1 that float32 is too coarse. Compute with math.log or float64"
        )
    if math.isclose(got[1], math.log(0.5) / math.log(1 - RATES[1][1]), rel_tol=1e-3):
        return "lr is missing: the factor of one step is 1 − lr·λ"
    return "(1 − lr·λ)ⁿ = 0.5, so n = log(0.5) / log(1 − lr·λ)"


STRENGTHS = (0, 1e-4, 1e-3)


@visible
def check_q2(winners: Any) -> None:
    """Say whether three of the three λs were written down; which ones depends on the seeds."""
    numbers = as_array(list(winners) if isinstance(winners, tuple) else winners)
    three = numbers is not None and numbers.shape == (3,)
    hint = "write three numbers with commas in between, such as [1e-3, 0, 1e-4]; of a tie, the smaller λ"
    expect(three, call="winners", got=winners, expected="a list of three λs", hint=hint)
    for value in numbers.tolist():
        known = any(math.isclose(value, lam, abs_tol=1e-12) for lam in STRENGTHS)
        expect(known, call="winners", got=winners, expected="0, 1e-4 or 1e-3, three times", hint=hint)
    different = len(set(numbers.tolist()))
    print(f"✓ q2: three seeds, {different} different winner{'s' * (different > 1)}. Would three more agree?")


@visible
def check_q3(broken_line: Any) -> None:
    """Say what the line with this number does, and whether that is the fault."""
    whole = isinstance(broken_line, int) and not isinstance(broken_line, bool) and broken_line in LINES
    hint = "write a whole number without quotes, such as broken_line = 3"
    expected = f"a number from 1 to {len(LINES)}"
    expect(whole, call="broken_line", got=broken_line, expected=expected, hint=hint)
    fault, hint = "the line that keeps the decay from working", LINES[broken_line]
    expect(broken_line == BROKEN, call="broken_line", got=broken_line, expected=fault, hint=hint)
    print(f"✓ q3: {LINES[broken_line]}")
