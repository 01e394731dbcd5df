"""Typical mistakes in smooth, and right answers that are written differently."""

from autograder.model import Mistake, Variant

BETA_CHECKED = """
def smooth(values, beta):
    if not 0 <= beta < 1:
        raise ValueError("0 <= beta < 1")
"""

MISTAKES = (
    Mistake(
        "smooth",
        "not_corrected",
        "Without the correction the curve starts near 0, because s starts at 0: smooth([4, 4, 4], 0.9) "
        "begins with 0.4. Divide what you return by 1 - beta**t.",
        BETA_CHECKED
        + """
    s, out = 0.0, []
    for value in values:
        s = beta * s + (1 - beta) * value
        out.append(s)
    return out
""",
    ),
    Mistake(
        "smooth",
        "started_at_the_first_value",
        "Starting s at the first value gives that value far too much weight for many epochs. Start at 0 "
        "and divide what you return by 1 - beta**t.",
        BETA_CHECKED
        + """
    out = []
    for value in values:
        out.append(beta * out[-1] + (1 - beta) * value if out else float(value))
    return out
""",
    ),
    Mistake(
        "smooth",
        "weights_swapped",
        "beta and 1 - beta have changed places: a large beta should keep more of the past. Try beta = 0, "
        "which should give the values back.",
        BETA_CHECKED
        + """
    s, out = 0.0, []
    for t, value in enumerate(values, start=1):
        s = (1 - beta) * s + beta * value
        out.append(s / (1 - (1 - beta) ** t) if beta > 0 else 0.0)
    return out
""",
    ),
    Mistake(
        "smooth",
        "t_counted_from_0",
        "For the first value you divide by 1 - beta**0, which is 0. Count t from 1: enumerate(values, "
        "start=1).",
        BETA_CHECKED
        + """
    s, out = 0.0, []
    for t, value in enumerate(values):
        s = beta * s + (1 - beta) * value
        out.append(s / (1 - beta**t))
    return out
""",
    ),
    Mistake(
        "smooth",
        "corrected_by_the_first_power",
        "You divide every value by 1 - beta, but the correction fades with time: it is 1 - beta**t at "
        "step t.",
        BETA_CHECKED
        + """
    s, out = 0.0, []
    for value in values:
        s = beta * s + (1 - beta) * value
        out.append(s / (1 - beta))
    return out
""",
    ),
    Mistake(
        "smooth",
        "corrected_value_carried_on",
        "You carry the corrected value into the next step, so it is corrected again and again. Keep s as "
        "it is and correct only what you return.",
        BETA_CHECKED
        + """
    s, out = 0.0, []
    for t, value in enumerate(values, start=1):
        s = (beta * s + (1 - beta) * value) / (1 - beta**t)
        out.append(s)
    return out
""",
    ),
    Mistake(
        "smooth",
        "looks_ahead",
        "Your window lies around each value, so it uses values that come later; in a running training "
        "they do not exist yet. Change the last value: the earlier results should stay.",
        BETA_CHECKED
        + """
    n, out = len(values), []
    for t in range(n):
        weights = [beta ** abs(k - t) for k in range(n)]
        out.append(sum(w * v for w, v in zip(weights, values)) / sum(weights))
    return out
""",
    ),
    Mistake(
        "smooth",
        "plain_running_mean",
        "You take the plain mean of all values so far, so beta has no effect. An old value should count "
        "beta times as much as the one after it.",
        BETA_CHECKED
        + """
    return [sum(values[:t]) / t for t in range(1, len(values) + 1)]
""",
    ),
    Mistake(
        "smooth",
        "rounded_to_integers",
        "np.zeros_like(values) takes over the type of the values: with integers your results lose their "
        "decimals. Ask for dtype=float.",
        "\nimport numpy as np\n"
        + BETA_CHECKED
        + """
    out, s = np.zeros_like(values), 0.0
    for t, value in enumerate(values):
        s = beta * s + (1 - beta) * value
        out[t] = s / (1 - beta ** (t + 1))
    return out
""",
    ),
    Mistake(
        "smooth",
        "values_overwritten",
        "You write the results into the list that you were given, so the caller's losses are gone. "
        "Collect the results in a new list.",
        BETA_CHECKED
        + """
    s = 0.0
    for t in range(len(values)):
        s = beta * s + (1 - beta) * values[t]
        values[t] = s / (1 - beta ** (t + 1))
    return values
""",
    ),
    Mistake(
        "smooth",
        "only_the_last_number",
        "You return the last smoothed number only. Collect one number for each value, and return the list.",
        BETA_CHECKED
        + """
    s = 0.0
    for value in values:
        s = beta * s + (1 - beta) * value
    return s / (1 - beta ** len(values))
""",
    ),
    Mistake(
        "smooth",
        "start_included",
        "Your list also holds the 0 that s starts with, so it is one number too long, and every number "
        "sits one epoch too late. Begin with an empty list.",
        BETA_CHECKED
        + """
    s, out = 0.0, [0.0]
    for t, value in enumerate(values, start=1):
        s = beta * s + (1 - beta) * value
        out.append(s / (1 - beta**t))
    return out
""",
    ),
    Mistake(
        "smooth",
        "any_beta_allowed",
        "With beta = 1 nothing is ever mixed in, and you divide by 0; a negative beta makes the curve "
        "swing. Raise ValueError unless 0 <= beta < 1.",
        """
def smooth(values, beta):
    s, out = 0.0, []
    for t, value in enumerate(values, start=1):
        s = beta * s + (1 - beta) * value
        out.append(s / (1 - beta**t))
    return out
""",
    ),
    Mistake(
        "smooth",
        "beta_of_1_allowed",
        "beta = 1 slips through: nothing is ever mixed in, and you divide by 0. The condition is 0 <= "
        "beta < 1.",
        """
def smooth(values, beta):
    if beta < 0 or beta > 1:
        raise ValueError("0 <= beta < 1")
    s, out = 0.0, []
    for t, value in enumerate(values, start=1):
        s = beta * s + (1 - beta) * value
        out.append(s / (1 - beta**t))
    return out
""",
    ),
)

VARIANTS = (
    Variant(
        "smooth",
        "running_value",
        """
def smooth(values, beta):
    if not 0 <= beta < 1:
        raise ValueError("beta must be at least 0 and below 1")
    s, out = 0.0, []
    for t, value in enumerate(values, start=1):
        s = beta * s + (1 - beta) * value
        out.append(float(s / (1 - beta**t)))
    return out
""",
    ),
    Variant(
        "smooth",
        "running_sum_of_weights",
        """
def smooth(values, beta):
    if beta < 0 or beta >= 1:
        raise ValueError(f"beta = {beta}")
    total, weight, result = 0.0, 0.0, []
    for value in values:
        total, weight = beta * total + value, beta * weight + 1
        result.append(total / weight)
    return result
""",
    ),
    Variant(
        "smooth",
        "numpy_weights",
        """
import numpy as np

def smooth(values, beta):
    if not (0 <= beta and beta < 1):
        raise ValueError("beta")
    values = np.asarray(values, dtype=float)
    ages = range(1, len(values) + 1)
    return np.array([np.average(values[:t], weights=float(beta) ** np.arange(t)[::-1]) for t in ages])
""",
    ),
)
