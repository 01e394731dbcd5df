"""More typical mistakes in split_indices: in its seed, its fractions and what comes out of it."""

from hidden.split_indices_right import changed

CHECKED = """    if len(fractions) != 3 or min(fractions) < 0 or not math.isclose(sum(fractions), 1):
        raise ValueError("three fractions that add up to 1")
"""
GENERATOR = "np.random.default_rng(seed)"
RESULT = "return tuple(np.array(part, dtype=int) for part in (train, val, test))"


SEEDED = (
    changed(
        "no_seed_at_all",
        "Each call gives another split, even with the same seed. Make the generator from the seed: "
        "np.random.default_rng(seed).",
        (GENERATOR, "np.random.default_rng()"),
    ),
    changed(
        "seed_0_taken_for_no_seed",
        "With seed 0 each call gives another split: `seed or …` and `if seed` take 0 for nothing. Hand on "
        "the seed as it is.",
        (GENERATOR, "np.random.default_rng(seed or None)"),
    ),
    changed(
        "everybodys_generator",
        "You shuffle with the generator of everybody, np.random.shuffle, and never use the seed: the split "
        "depends on what ran before. Make one of your own, np.random.default_rng(seed).",
        (GENERATOR, "np.random"),
    ),
)

FRACTIONS = (
    changed(
        "number_of_fractions_not_checked",
        "You do not look at how many fractions there are, so two or four slip through. Raise ValueError "
        "unless len(fractions) is 3.",
        ("len(fractions) != 3 or ", ""),
    ),
    changed(
        "sum_not_checked",
        "You do not look at the sum, so fractions that add up to 0.96 or 1.04 slip through. Raise ValueError "
        "unless math.isclose(sum(fractions), 1).",
        (" or not math.isclose(sum(fractions), 1)", ""),
    ),
    changed(
        "sum_may_be_smaller",
        "You refuse a sum above 1 only. Below 1 the fractions make no split either: use math.isclose.",
        ("not math.isclose(sum(fractions), 1)", "sum(fractions) > 1.0000001"),
    ),
    changed(
        "sum_compared_too_loosely",
        "Your tolerance is too wide: a sum of 1.02 is not 1. Floats are off in the sixteenth digit only; "
        "math.isclose knows that.",
        ("math.isclose(sum(fractions), 1)", "abs(sum(fractions) - 1) < 0.05"),
    ),
    changed(
        "a_fraction_of_0_refused",
        "You refuse a fraction of 0. It is allowed, none may be negative: compare with < 0, not <= 0.",
        ("min(fractions) < 0", "min(fractions) <= 0"),
    ),
    changed(
        "asserted",
        "You raise an error of another kind; assert, for one, raises an AssertionError. Asked for is a "
        "ValueError: if …: raise ValueError(…).",
        (
            CHECKED,
            "    assert len(fractions) == 3 and min(fractions) >= 0 and math.isclose(sum(fractions), 1)\n",
        ),
    ),
    changed(
        "error_returned",
        "You return or print the error instead of raising it. Write raise ValueError(…).",
        ("raise ValueError(", "return print("),
    ),
)

OUTPUT = (
    changed(
        "training_and_validation_swapped",
        "You return the validation part before the training part. The order is train, val, test.",
        ("in (train, val, test)", "in (val, train, test)"),
    ),
    changed(
        "empty_test_part_holds_floats",
        "With a fraction of 0 your last part holds floats, because np.array([]) does. Write np.array(rows, "
        "dtype=int) for all three.",
        (RESULT, "return np.array(train, dtype=int), np.array(val, dtype=int), np.array(test)"),
    ),
    changed(
        "floats_returned",
        "Your positions are floats, and floats cannot pick rows. Write np.array(rows, dtype=int).",
        ("dtype=int", "dtype=float"),
    ),
    changed(
        "masks_returned",
        "You return masks, one True or False a row. Asked for are positions: np.flatnonzero(mask).",
        (RESULT, "return tuple(np.isin(np.arange(len(labels)), part) for part in (train, val, test))"),
    ),
    changed(
        "two_parts_returned",
        "You return two parts. There are three: training, validation and test.",
        ("in (train, val, test)", "in (train, val)"),
    ),
    changed(
        "a_dictionary_returned",
        "You return a dictionary. Asked for is a tuple of three arrays: return train, val, test.",
        (RESULT, 'return {"train": np.array(train), "val": np.array(val), "test": np.array(test)}'),
    ),
    changed(
        "one_array_a_class",
        "Your parts are lists of arrays, one for each class. Join them: np.concatenate, or extend instead of "
        "append.",
        (".extend(", ".append("),
        (RESULT, "return train, val, test"),
    ),
)
