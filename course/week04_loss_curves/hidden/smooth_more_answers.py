"""Typical mistakes in what goes into smooth and what comes out of it."""

from hidden.smooth_right import changed

APPENDED = "out.append(float(s / (1 - beta**t)))"
RETURNED = "    return out\n"
REFUSED = """    if not 0 <= beta < 1:
        raise ValueError("0 <= beta < 1")
"""


OUTPUT = (
    changed(
        "rounded_to_integers",
        "np.zeros_like(values) takes over the type of the values: with integers your results lose their "
        "decimals. Start from an empty list and append.",
        ("s, out = 0.0, []", "s, out = 0.0, np.zeros_like(values)"),
        (APPENDED, "out[t - 1] = s / (1 - beta**t)"),
        ("return out", "return [float(x) for x in out]"),
    ),
    changed(
        "array_of_the_same_type",
        "np.zeros_like(values) takes over the type of the values, so integers lose their decimals, and you "
        "return an array. Append to an empty list, and return that.",
        ("s, out = 0.0, []", "s, out = 0.0, np.zeros_like(values)"),
        (APPENDED, "out[t - 1] = s / (1 - beta**t)"),
    ),
    changed(
        "an_array_returned",
        "You return an array. Asked for is a list of Python floats: .tolist() makes one of an array.",
        ("return out", "return np.array(out)"),
    ),
    changed(
        "a_tensor_returned",
        "You return a tensor. Asked for is a list of Python floats: .tolist() makes one of a tensor.",
        ("return out", "return torch.tensor(out)"),
    ),
    changed(
        "a_tuple_returned",
        "You return a tuple. Asked for is a list: return list(…).",
        ("return out", "return tuple(out)"),
    ),
    changed(
        "numbers_of_numpy",
        "Your list holds numbers of NumPy (np.float64). Asked for are Python floats: write float(…) around "
        "each.",
        ("out.append(float(s / (1 - beta**t)))", "out.append(np.float64(s / (1 - beta**t)))"),
    ),
    changed(
        "tensors_in_the_list",
        "Your list holds tensors. Asked for are Python floats: write float(…) around each, or .item().",
        ("out.append(float(s / (1 - beta**t)))", "out.append(torch.tensor(s / (1 - beta**t)))"),
    ),
    changed(
        "empty_list_not_thought_of",
        "An empty list of values is an error in your function: there is no first value to look at. It gives "
        "an empty list.",
        ("s, out = 0.0, []", "s, out = 0.0 * values[0], []"),
    ),
    changed(
        "empty_list_refused",
        "You refuse an empty list. It gives an empty list; only beta can be wrong.",
        ("if not 0 <= beta < 1:", "if not values or not 0 <= beta < 1:"),
    ),
    changed(
        "nothing_for_nothing",
        "An empty list of values gives None in your function. It gives an empty list.",
        (RETURNED, "    return out or None\n"),
    ),
    changed(
        "values_overwritten",
        "You write the results into the list that you were given, so the caller's losses are gone. Collect "
        "the results in a new list.",
        (APPENDED, "values[t - 1] = float(s / (1 - beta**t))"),
        ("return out", "return values"),
    ),
    changed(
        "values_emptied",
        "You take the values out of the list that you were given, with .pop(), and the caller's losses are "
        "gone. Go through them with a for loop.",
        (RETURNED, "    values.clear()\n    return out\n"),
    ),
    changed(
        "only_the_last_number",
        "You return the last smoothed number only. Collect one number for each value, and return the list.",
        ("return out", "return out[-1] if out else []"),
    ),
    changed(
        "start_included",
        "Your list also holds the 0 that s starts with, so it is one number too long, and every number sits "
        "one epoch too late. Begin with an empty list.",
        ("s, out = 0.0, []", "s, out = 0.0, [0.0]"),
    ),
    changed(
        "only_the_last_number_of_some",
        "You return the last smoothed number only. Collect one number for each value, and return the list.",
        ("return out", "return out[-1]"),
    ),
    changed(
        "first_value_left_out",
        "Your loop begins with the second value. Go through all of them: for value in values.",
        ("enumerate(values, start=1)", "enumerate(values[1:], start=1)"),
    ),
    changed(
        "returned_in_the_loop",
        "Your return stands inside the loop, so it ends after the first value. Move it to the left, below "
        "the loop.",
        (RETURNED, "        return out\n"),
    ),
    changed(
        "a_text_returned",
        "You return a text. Asked for is the list itself, without str(…).",
        ("return out", "return str(out)"),
    ),
    changed(
        "last_value_left_out",
        "Your loop ends before the last value. Go through all of them: for value in values.",
        ("enumerate(values, start=1)", "enumerate(values[:-1], start=1)"),
    ),
    changed(
        "returned_too_early",
        "Your return stands inside the loop, so it ends after the first value. Move it to the left, below "
        "the loop.",
        (RETURNED, "        return out\n    return []\n"),
    ),
    changed(
        "printed_not_returned",
        "You print the results, but the function returns None. Write return instead of print.",
        ("return out", "print(out)"),
    ),
)

BETA = (
    changed(
        "any_beta_allowed",
        "With beta = 1 nothing is ever mixed in, and you divide by 0; a negative beta makes the curve "
        "swing. Raise ValueError unless 0 <= beta < 1.",
        (REFUSED, ""),
    ),
    changed(
        "beta_of_1_allowed",
        "beta = 1 slips through: nothing is ever mixed in, and you divide by 0. The condition is 0 <= beta "
        "< 1.",
        ("0 <= beta < 1:", "0 <= beta <= 1:"),
    ),
    changed(
        "negative_beta_allowed",
        "A negative beta slips through, and makes the curve swing. The condition is 0 <= beta < 1.",
        ("not 0 <= beta < 1:", "beta >= 1:"),
    ),
    changed(
        "beta_above_1_allowed",
        "A beta of 1 or more slips through. The condition is 0 <= beta < 1.",
        ("not 0 <= beta < 1:", "beta < 0:"),
    ),
    changed(
        "beta_of_0_refused",
        "You refuse beta = 0. It is allowed, and gives the values back: 0 <= beta < 1.",
        ("0 <= beta < 1:", "0 < beta < 1:"),
    ),
    changed(
        "asserted",
        "You raise an error of another kind; assert, for one, raises an AssertionError. Asked for is a "
        "ValueError: if …: raise ValueError(…).",
        (REFUSED, "    assert 0 <= beta < 1\n"),
    ),
    changed(
        "error_returned",
        "You return or print the error instead of raising it. Write raise ValueError(…).",
        ("raise ValueError(", "return print("),
    ),
    changed(
        "beta_moved_into_the_range",
        "You move a beta that is not allowed into the range and go on. Say that it is wrong: raise "
        "ValueError(…).",
        (REFUSED, "    beta = min(max(beta, 0), 0.999)\n"),
    ),
    changed(
        "generator_returned",
        "You return a generator: round brackets make one. Square brackets make a list.",
        ("return out", "return (x for x in out)"),
    ),
    changed(
        "some_whole_numbers",
        "Some numbers of your list are whole numbers (int), taken over from the values. Asked for are "
        "floats: write float(…) around each.",
        (
            "out.append(float(s / (1 - beta**t)))",
            "out.append(value if t == 1 or beta == 0 else s / (1 - beta**t))",
        ),
    ),
    changed(
        "values_returned_for_a_beta_of_0",
        "With beta = 0 you return the list that you were given, with its whole numbers. Build a new list of "
        "floats in this case as well.",
        ("    s, out", "    if beta == 0:\n        return values\n    s, out"),
    ),
    changed(
        "TypeError_raised",
        "You raise TypeError. Asked for is a ValueError: write raise ValueError(…).",
        ("raise ValueError", "raise TypeError"),
    ),
)
