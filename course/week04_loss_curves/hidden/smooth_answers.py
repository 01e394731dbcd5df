"""Typical mistakes in the formula of smooth."""

from hidden.smooth_right import changed

STEP = "s = beta * s + (1 - beta) * value"
DIVIDED = "s / (1 - beta**t)"
APPENDED = "out.append(float(s / (1 - beta**t)))"
AROUND = """weights = [beta ** abs(k - t + 1) for k in range(len(values))]
        out.append(float(np.average(values, weights=weights)))"""


FORMULA = (
    changed(
        "not_corrected",
        "Without the correction the curve starts near 0, because s starts at 0: smooth([4, 4, 4], 0.9) "
        "begins with 0.4. Divide what you return by 1 - beta**t.",
        (DIVIDED, "s"),
    ),
    changed(
        "started_at_the_first_value",
        "Starting s at the first value gives that value far too much weight for many epochs. Start at 0 and "
        "divide what you return by 1 - beta**t.",
        (STEP, "s = beta * s + (1 - beta) * value if t > 1 else value"),
        (DIVIDED, "s"),
    ),
    changed(
        "started_at_the_first_value_and_corrected",
        "You start s at the first value and correct as well. The correction is made for a start at 0: s = "
        "0.0.",
        (STEP, "s = beta * (s if t > 1 else value) + (1 - beta) * value"),
    ),
    changed(
        "started_at_the_mean",
        "You start at the mean of all values, so each number knows about the later ones. Start at 0 and "
        "divide what you return by 1 - beta**t.",
        ("s, out = 0.0, []", "s, out = sum(values) / max(1, len(values)), []"),
        (DIVIDED, "s"),
    ),
    changed(
        "weights_swapped",
        "beta and 1 - beta have changed places: a large beta should keep more of the past. Try beta = 0, "
        "which should give the values back.",
        (STEP, "s = (1 - beta) * s + beta * value"),
        (DIVIDED, "s / (1 - (1 - beta) ** t) if beta > 0 else 0.0"),
    ),
    changed(
        "weights_swapped_in_the_sum_only",
        "In your sum beta and 1 - beta have changed places: beta belongs to the old s, 1 - beta to the new "
        "value.",
        (STEP, "s = (1 - beta) * s + beta * value"),
    ),
    changed(
        "weights_swapped_and_not_corrected",
        "beta and 1 - beta have changed places: beta belongs to the old s. And divide what you return by 1 "
        "- beta**t.",
        (STEP, "s = (1 - beta) * s + beta * value"),
        (DIVIDED, "s"),
    ),
    changed(
        "new_value_at_full_weight",
        "You add the whole new value. It counts 1 - beta only: s = beta * s + (1 - beta) * value.",
        (STEP, "s = beta * s + value"),
    ),
    changed(
        "t_counted_from_0",
        "For the first value you divide by 1 - beta**0, which is 0. Count t from 1: enumerate(values, "
        "start=1).",
        (", start=1", ""),
    ),
    changed(
        "t_counted_from_2",
        "Your exponent is one too large: for the first value divide by 1 - beta**1. Count t from 1, and use "
        "beta**t.",
        ("beta**t", "beta**(t + 1)"),
    ),
    changed(
        "corrected_by_the_first_power",
        "Your numbers are too large by a factor that grows: you divide by 1 - beta at each step, or add the "
        "whole value and divide by nothing. The correction at step t is 1 - beta**t.",
        ("beta**t", "beta"),
    ),
    changed(
        "corrected_by_the_last_power",
        "You divide all numbers by 1 - beta**n, n being the number of values. The correction is that of "
        "each step: 1 - beta**t with t = 1, 2, 3 and so on.",
        ("beta**t", "beta**len(values)"),
    ),
    changed(
        "beta_times_t",
        "You divide by 1 - beta × t. It is a power: 1 - beta**t.",
        ("beta**t", "beta * t"),
    ),
    changed(
        "multiplied_by_the_correction",
        "You multiply by 1 - beta**t, which pulls the first numbers down even more. Divide by it.",
        ("s / (1 - beta**t)", "s * (1 - beta**t)"),
    ),
    changed(
        "only_the_first_is_corrected",
        "You correct the first number only. The zero at the start still weighs beta**t at step t: divide "
        "each number by 1 - beta**t.",
        (DIVIDED, "(s / (1 - beta) if t == 1 else s)"),
    ),
    changed(
        "corrected_value_carried_on",
        "You carry the corrected value into the next step, so it is corrected again and again. Keep s as it "
        "is and correct only what you return.",
        (STEP, "s = (beta * s + (1 - beta) * value) / (1 - beta**t)"),
        (DIVIDED, "s"),
    ),
    changed(
        "mixed_with_the_value_before",
        "You mix each value with the measured one before it. The past is in s: s = beta * s + (1 - beta) * "
        "value.",
        (STEP, "s = beta * values[t - 2] + (1 - beta) * value if t > 1 else value"),
        (DIVIDED, "s"),
    ),
    changed(
        "looks_ahead",
        "Your window lies around each value, so it uses values that come later; in a running training they "
        "do not exist yet. Change the last value: the earlier results should stay.",
        (APPENDED, AROUND),
    ),
    changed(
        "backwards",
        "You go through the values from the end, so each number knows what comes later. Begin with the "
        "first value.",
        ("enumerate(values, start=1)", "enumerate(values[::-1], start=1)"),
        ("return out", "return out[::-1]"),
    ),
    changed(
        "backwards_and_left_so",
        "You go through the values from the end, and return them in that order. Begin with the first value.",
        ("enumerate(values, start=1)", "enumerate(values[::-1], start=1)"),
    ),
    changed(
        "plain_running_mean",
        "You take the plain mean of all values so far, so beta has no effect. An old value should count "
        "beta times as much as the one after it.",
        (DIVIDED, "sum(values[:t]) / t"),
    ),
    changed(
        "window_of_fixed_length",
        "You take the plain mean of the last few values. Here older values fade: each counts beta times as "
        "much as the one after it.",
        (DIVIDED, "np.mean(values[max(0, t - round(1 / (1 - beta))) : t])"),
    ),
    changed(
        "beta_not_used",
        "Your beta is a number of your own, so the argument changes nothing. Use the beta that is handed "
        "over.",
        ("    s, out = 0.0, []", "    beta = 0.9 if beta else 0\n    s, out = 0.0, []"),
    ),
)

ROUNDED = tuple(
    changed(
        f"rounded_to_{digits}",
        "You round the results. Return them as they are; rounding is for printing.",
        (APPENDED, f"out.append(float(round(s / (1 - beta**t), {digits})))"),
    )
    for digits in range(4)
)
WINDOWS = tuple(
    changed(
        f"mean_of_{length}_values",
        "You take the plain mean of the last few values, so beta has no effect. Here older values fade: "
        "each counts beta times as much as the one after it.",
        (DIVIDED, f"np.mean(values[max(0, t - {length}) : t])"),
    )
    for length in (2, 3, 5, 10)
)
MORE = (
    changed(
        "shifted_by_one",
        "Your numbers sit one epoch too late: each knows only the values before its own. Mix the value in "
        "first, then append.",
        ("return out", "return [0.0, *out[:-1]] if out else []"),
    ),
    changed(
        "mean_with_the_next_value",
        "You use the next value as well; in a running training it does not exist yet. Each number depends "
        "on the values up to its own place only.",
        (STEP, "s = beta * s + (1 - beta) * (value + values[min(t, len(values) - 1)]) / 2"),
    ),
    changed(
        "divided_without_a_rest",
        "// divides and cuts the decimals off. Use / to divide.",
        ("s / (1", "s // (1"),
    ),
    changed(
        "power_of_the_wrong_base",
        "You divide by (1 - beta)**t. The power belongs to beta alone: 1 - beta**t.",
        ("(1 - beta**t)", "(1 - beta) ** t"),
    ),
    changed(
        "brackets_missing",
        "Without brackets s / 1 - beta**t means (s / 1) - beta**t. Put brackets round 1 - beta**t.",
        ("s / (1 - beta**t)", "s / 1 - beta**t"),
    ),
    changed(
        "plus_for_minus",
        "You divide by 1 + beta**t. It is 1 - beta**t: the share of the weights that the values have by "
        "then.",
        ("(1 - beta**t)", "(1 + beta**t)"),
    ),
    changed(
        "next_value_instead",
        "You mix in the next value; in a running training it does not exist yet. Each number depends on the "
        "values up to its own place only.",
        (STEP, "s = beta * s + (1 - beta) * values[min(t, len(values) - 1)]"),
    ),
    changed(
        "value_before_instead",
        "You mix in the value before, so each number sits one epoch too late. Mix in the value of its own "
        "place.",
        (STEP, "s = beta * s + (1 - beta) * values[max(t - 2, 0)]"),
    ),
    changed(
        "beta_always_0.9",
        "Your beta is a number of your own, so the argument changes nothing. Use the beta that is handed "
        "over.",
        ("    s, out = 0.0, []", "    beta = 0.9\n    s, out = 0.0, []"),
    ),
    changed(
        "cut_to_whole_numbers",
        "int() cuts the decimals off. Return floats: float(…).",
        ("float(s", "int(s"),
    ),
)
