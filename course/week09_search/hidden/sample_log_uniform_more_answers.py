"""Typical mistakes in sample_log_uniform: where the random numbers come from, kinds, and bounds."""

from hidden.sample_log_uniform_answers import CHECKED, DRAW, RIGHT, other, slip

__all__ = ["MISTAKES", "RIGHT"]

EXPONENTS = "np.exp({}(np.log(low), np.log(high), size=n))"

MISTAKES = (
    other(
        "global_numpy",
        EXPONENTS.format("np.random.uniform"),
        "You draw from NumPy's global random numbers, and rng is not used: a seed cannot repeat your search. "
        "rng.uniform(…) it is.",
    ),
    other(
        "global_python",
        "np.array([math.exp(random.uniform(math.log(low), math.log(high))) for _ in range(n)])".replace(
            "random.uniform", '__import__("random").uniform'
        ),
        "You draw from Python's global random numbers, and rng is not used: a seed cannot repeat your "
        "search. rng.uniform(…) it is.",
    ),
    other(
        "global_torch",
        "torch.exp(math.log(low) + (math.log(high) - math.log(low)) * torch.rand(n)).double().numpy()",
        "You draw from PyTorch's global random numbers, and rng is not used: a seed cannot repeat your "
        "search. rng.uniform(…) it is.",
    ),
    other(
        "own_generator",
        EXPONENTS.format("np.random.default_rng(0).uniform"),
        "You make a generator of your own, so every call draws the same values. Use the rng that you are "
        "given.",
    ),
    other(
        "own_generator_without_seed",
        EXPONENTS.format("np.random.default_rng().uniform"),
        "You make a generator of your own without a seed, and the rng that you are given is not used: "
        "nothing can be repeated.",
    ),
    slip(
        "copy_of_the_generator",
        "You draw from a copy of rng, so rng itself does not move on, and the next call draws the same. "
        "Use rng itself.",
        (f"    return {DRAW}", f"    import copy\n    rng = copy.deepcopy(rng)\n    return {DRAW}"),
    ),
    slip(
        "seeds_the_global_generator",
        "You set the seed of NumPy's global random numbers and draw from these, so every call gives the "
        "same, and whoever else uses them is disturbed. Draw from rng.",
        (f"    return {DRAW}", f"    np.random.seed(0)\n    return {EXPONENTS.format('np.random.uniform')}"),
    ),
    other(
        "bounds_swapped",
        "np.exp(rng.uniform(np.log(high), np.log(low), size=n))",
        "You give the upper bound to the draw first, and NumPy refuses that. low comes first, then high.",
    ),
    slip(
        "nothing_refused",
        "Bounds that make no sense are not refused: raise ValueError unless 0 < low < high. NumPy only warns "
        "of log(0).",
        (CHECKED, ""),
    ),
    slip(
        "only_low_refused",
        "You refuse a low that is not positive, and not a high that is not above it. Ask 0 < low < high.",
        ("not 0 < low < high", "low <= 0"),
        (DRAW, "low * (high / low) ** rng.random(n)"),
    ),
    slip(
        "zero_not_refused",
        "low = 0 has no logarithm, and is not refused. Ask 0 < low < high.",
        ("not 0 < low < high", "low < 0 or high <= low"),
    ),
    slip(
        "only_the_order_refused",
        "You refuse bounds in the wrong order, and not a low of 0 or below. Ask 0 < low < high.",
        ("not 0 < low < high", "low >= high"),
    ),
    slip(
        "equal_bounds_not_refused",
        "low = high is no range, and is not refused. Ask 0 < low < high.",
        ("not 0 < low < high", "low <= 0 or low > high"),
    ),
    slip(
        "another_error",
        "Bad bounds raise an AssertionError with assert. The task asks for raise ValueError(…).",
        (CHECKED, "    assert 0 < low < high\n"),
    ),
    slip(
        "none_in_place_of_an_error",
        "Bad bounds give None, which whoever called you will trip over later. Say raise ValueError(…).",
        ('raise ValueError("0 < low < high, please")', "return None"),
    ),
    slip(
        "the_error_is_returned",
        "You *return* the ValueError. An error is raised: raise ValueError(…).",
        ("raise ValueError", "return ValueError"),
    ),
    slip(
        "ends_below_one_only",
        "You refuse bounds above 1. Only 0 < low < high is asked for: a width may be 512.",
        ("not 0 < low < high", "not 0 < low < high <= 1"),
    ),
    other(
        "a_list",
        f"list({DRAW})",
        "The values are right, but a list comes back where a NumPy array is asked for: np.array(…).",
    ),
    other(
        "a_tuple",
        f"tuple({DRAW})",
        "The values are right, but a tuple comes back where a NumPy array is asked for: np.array(…).",
    ),
    other(
        "a_tensor",
        f"torch.as_tensor({DRAW})",
        "The values are right, but a tensor comes back where a NumPy array is asked for: leave torch out.",
    ),
    other(
        "a_column",
        DRAW.replace("size=n", "size=(n, 1)"),
        "Your array is a table with one column. The shape should be (n,): size=n.",
    ),
    other(
        "a_list_of_arrays",
        f"[{DRAW.replace('size=n', 'size=1')} for _ in range(n)]",
        "A list of n small arrays comes back. One draw with size=n gives one array of shape (n,).",
    ),
    other(
        "a_number_for_one",
        f"{DRAW}.squeeze()",
        "For n = 1 a number without an axis comes back. The shape should be (1,): leave squeeze out.",
    ),
    other(
        "a_number_if_n_is_1",
        f"{DRAW} if n != 1 else float({DRAW}[0])",
        "For n = 1 a plain number comes back. The shape should be (1,), as for every other n.",
    ),
    slip(
        "none_refused",
        "n = 0 is refused (n < 1). An empty array is a good answer to that: only the bounds can be wrong.",
        ("not 0 < low < high", "n < 1 or not 0 < low < high"),
    ),
    other(
        "one_more_value",
        DRAW.replace("size=n", "size=n + 1"),
        "There is one value too many: size=n.",
    ),
    other(
        "whole_numbers",
        f"{DRAW}.astype(int)",
        "You cut off all decimals, and rates below 1 become 0. The values stay floats.",
    ),
    other(
        "rounded",
        f"np.round({DRAW}, 3)",
        "You round to three decimals: small rates become 0 or come again and again. Leave round out.",
    ),
    other(
        "rounded_to_four_decimals",
        f"np.round({DRAW}, 4)",
        "You round to four decimals, which makes 0 of small rates. Do not round: leave the values as drawn.",
    ),
    other(
        "sorted_draws",
        f"np.sort({DRAW})",
        "You sort the draws: trial after trial would then have a larger rate, and whoever stops early has "
        "seen the small ones alone. Leave them in the order in which they came.",
    ),
    other(
        "pairs_of_opposites",
        "low * (high / low) ** np.ravel([(u, 1 - u) for u in rng.random((n + 1) // 2)])[:n]",
        "Each second value is the first one mirrored. Every value is to be a draw of its own.",
    ),
    other(
        "decades_in_turn",
        "low * (high / low) ** ((np.arange(n) % 4 + rng.random(n)) / 4)",
        "You draw from one part of the range after the other. Each value is drawn from the whole range, "
        "for itself.",
    ),
    other(
        "own_generator_with_a_seed_of_rng",
        EXPONENTS.format("np.random.RandomState(rng.integers(1000)).uniform"),
        "You take a seed from rng and make a second generator of it. Draw the values from rng itself.",
    ),
    other(
        "array_of_objects",
        f"np.array({DRAW}.tolist(), dtype=object)",
        "Your array holds objects. Floats are asked for: np.array(values, dtype=float), or no dtype at all.",
    ),
    other(
        "sorted_objects",
        f"np.array([str(value) for value in {DRAW}])",
        "Texts come back, because of str(…). Return the numbers themselves.",
    ),
    other(
        "ready_made",
        '__import__("scipy.stats").stats.loguniform(low, high).rvs(n, random_state=rng)',
        "scipy draws for you. That is right outside of this exercise; here the formula is to be yours: a "
        "uniform draw between two logarithms.",
    ),
    slip(
        "no_return",
        "Your function ends without return: to print the draws, or to give them a name, hands nothing back.",
        (f"return {DRAW}", f"draws = {DRAW}"),
    ),
)
