"""Typical mistakes in sample_log_uniform: on which scale is drawn, and from where."""

from autograder.checks.answers import changed
from autograder.model import Mistake

CHECKED = """    if not 0 < low < high:
        raise ValueError("0 < low < high, please")
"""
DRAW = "np.exp(rng.uniform(np.log(low), np.log(high), size=n))"
RIGHT = f"""
def sample_log_uniform(rng, low, high, n):
{CHECKED}    return {DRAW}
"""


def slip(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a right answer with each (old, new) replaced."""
    return changed("sample_log_uniform", RIGHT, name, sentence, *changes)


def other(name: str, draw: str, sentence: str) -> Mistake:
    """Return a mistake that draws in another way."""
    return slip(name, sentence, (DRAW, draw))


MISTAKES = (
    other(
        "uniform",
        "rng.uniform(low, high, size=n)",
        "You draw uniformly: nine of ten draws fall into the largest decade, and small rates are hardly "
        "tried. (exp of the log of such a draw is the same draw.) Take the logarithm of the *bounds*.",
    ),
    other(
        "whole_exponents",
        "10.0 ** rng.integers(round(np.log10(low)), round(np.log10(high)) + 1, size=n)",
        "Your exponents are whole numbers, so there are only a few values, the powers of ten. Draw the "
        "exponent as a float: rng.uniform.",
    ),
    other(
        "whole_exponents_and_a_digit",
        "10.0 ** rng.integers(int(np.floor(np.log10(low))), int(np.floor(np.log10(high))), size=n) "
        "* rng.uniform(1, 10, size=n)",
        "You draw a decade and then, *uniformly*, a number from 1 to 10: within each decade large values are "
        "too frequent, and low and high are no bounds. One uniform draw of the exponent does it all.",
    ),
    other(
        "log_of_a_uniform_draw",
        "np.log(rng.uniform(low, high, size=n))",
        "You take the logarithm of a uniform draw, and negative numbers come out. Take the logarithm of the "
        "*bounds*, draw between them, then go back with exp.",
    ),
    other(
        "log10_in_and_exp_out",
        "np.exp(rng.uniform(np.log10(low), np.log10(high), size=n))",
        "Base 10 goes in and base e comes out, so a part of the range is never reached, or left. With log10 "
        "it is 10 ** … that leads back.",
    ),
    other(
        "log_in_and_10_out",
        "10.0 ** rng.uniform(np.log(low), np.log(high), size=n)",
        "Base e goes in and base 10 comes out, far outside of the bounds. With np.log it is np.exp that "
        "leads back.",
    ),
    other(
        "log2_in_and_exp_out",
        "np.exp(rng.uniform(np.log2(low), np.log2(high), size=n))",
        "Base 2 goes in and base e comes out, far outside of the bounds. With np.log2 it is 2 ** … that "
        "leads back.",
    ),
    other(
        "stays_in_the_logarithm",
        "rng.uniform(np.log(low), np.log(high), size=n)",
        "Your draws are logarithms, negative ones for rates below 1. The way back is missing: np.exp.",
    ),
    other(
        "stays_in_log10",
        "rng.uniform(np.log10(low), np.log10(high), size=n)",
        "Your draws are exponents, negative ones for rates below 1. The way back is missing: 10 ** ….",
    ),
    other(
        "exp_of_a_uniform_draw",
        "np.exp(rng.uniform(low, high, size=n))",
        "You draw between the bounds and take exp (or 10 to the power) of that: all values come out above 1. "
        "Draw between the *logarithms* of the bounds.",
    ),
    other(
        "evenly_spaced",
        "np.geomspace(low, high, n)",
        "These values are evenly spaced on the log scale, and the same for every rng: that is a grid. Random "
        "search needs rng.",
    ),
    other(
        "evenly_spaced_logspace",
        "np.logspace(np.log(low), np.log(high), n)",
        "np.logspace makes a grid, the same for every rng, and takes exponents of 10, not logarithms to base "
        "e. Draw from rng.",
    ),
    other(
        "grid_in_random_order",
        "rng.permutation(np.geomspace(low, high, n))",
        "These are the values of a grid in a random order. rng should draw the values, each for itself.",
    ),
    other(
        "chosen_from_a_grid",
        "rng.choice(np.geomspace(low, high, 200), size=n)",
        "You choose from a grid, so values come again and those between are never tried. Draw the exponent "
        "itself: rng.uniform.",
    ),
    other(
        "one_draw_from_each_part",
        "low * (high / low) ** ((np.arange(n) + rng.random(n)) / max(n, 1))",
        "You cut the range into n parts and draw one value from each. That is a random grid; here each value "
        "is drawn from the whole range, for itself.",
    ),
    other(
        "normal_exponent",
        "np.exp(rng.normal((np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / 4, size=n))",
        "Your exponents are normally distributed: the middle is preferred, and some values lie outside of "
        "the bounds. rng.uniform prefers none.",
    ),
    other(
        "normal_exponent_clipped",
        "np.exp(rng.normal((np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / 4, "
        "size=n).clip(np.log(low), np.log(high)))",
        "Your exponents are normally distributed and cut off: the middle is preferred, and the bounds "
        "themselves come again and again. rng.uniform prefers none.",
    ),
    other(
        "uniform_and_clipped",
        "np.exp(rng.uniform(-14, 1, size=n)).clip(low, high)",
        "You draw exponents from a range of your own and cut: values pile up at the bounds. Draw between the "
        "logarithms of the bounds, and nothing has to be cut.",
    ),
    other(
        "one_draw_repeated",
        "np.full(n, np.exp(rng.uniform(np.log(low), np.log(high))))",
        "You draw one value and repeat it n times. size=n belongs into the draw.",
    ),
    other(
        "one_number",
        "np.exp(rng.uniform(np.log(low), np.log(high)))",
        "One number comes back, whatever n is. size=n in the draw gives n of them.",
    ),
    other(
        "from_zero_to_one",
        "low * (high / low) ** rng.random()",
        "One number comes back, whatever n is. rng.random(n) gives n of them.",
    ),
    other(
        "fractions_of_the_logs",
        "np.exp(np.log(low) + rng.random(n) * np.log(high))",
        "The width of the range is missing: log(low) + u · (log(high) − log(low)), or rng.uniform with both.",
    ),
    other(
        "square_of_a_uniform_draw",
        "low + (high - low) * rng.random(n) ** 2",
        "A power of a uniform draw prefers small values, but not equally in each decade. Draw the "
        "*logarithm* uniformly.",
    ),
    other(
        "one_over_a_uniform_draw",
        "1 / rng.uniform(1 / high, 1 / low, size=n)",
        "You draw 1 / rate uniformly: now nearly all draws fall into the *smallest* decade. It is the "
        "logarithm that should be uniform.",
    ),
)
