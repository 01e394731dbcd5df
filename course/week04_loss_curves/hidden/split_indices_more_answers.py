"""More typical mistakes in split_indices: in its cuts, its classes and its signs."""

from hidden.split_indices_right import changed

CUTS = """        first = round(fractions[0] * m)
        second = round((fractions[0] + fractions[1]) * m)
"""


CUT = (
    changed(
        "cuts_rounded_up",
        "math.ceil always rounds up, so 4.2 becomes 5. Use round(), which goes to the nearest whole number.",
        ("= round(", "= math.ceil("),
    ),
    changed(
        "halves_rounded_up",
        "int(x + 0.5) makes 3 of 2.5; Python's round makes 2, it takes the even neighbour. Asked for is "
        "round().",
        ("round(fractions[0] * m)", "int(fractions[0] * m + 0.5)"),
        ("round((fractions[0] + fractions[1]) * m)", "int((fractions[0] + fractions[1]) * m + 0.5)"),
    ),
    changed(
        "halves_rounded_down",
        "You round halves down. Python's round takes the even neighbour: 2.5 becomes 2, and 3.5 becomes 4. "
        "Asked for is round().",
        ("round(fractions[0] * m)", "math.ceil(fractions[0] * m - 0.5)"),
        ("round((fractions[0] + fractions[1]) * m)", "math.ceil((fractions[0] + fractions[1]) * m - 0.5)"),
    ),
    changed(
        "three_sizes_and_some_rows_lost",
        "You round three sizes and take so many rows for each part: what is left over is in no part. Cut at "
        "two places, and let the third part have the rest.",
        (CUTS, CUTS.replace("round((fractions[0] + fractions[1]) * m)", "first + round(fractions[1] * m)")),
        ("rows[second:]", "rows[second:second + round(fractions[2] * m)]"),
    ),
    changed(
        "three_sizes_rounded_down",
        "You cut the decimals off three sizes with int(), so up to two rows of each class are in no part. "
        "Cut at two places with round(), and let the third part have the rest.",
        (CUTS, "        first = int(fractions[0] * m)\n        second = first + int(fractions[1] * m)\n"),
        ("rows[second:]", "rows[second:second + int(fractions[2] * m)]"),
    ),
    changed(
        "training_gets_the_rest",
        "You round the sizes of the validation and the test part, and training gets the rest. The two cuts "
        "are rounded: at f_train × m and at (f_train + f_val) × m.",
        ("first = round(fractions[0] * m)", "first = m - round(fractions[1] * m) - round(fractions[2] * m)"),
        ("second = round((fractions[0] + fractions[1]) * m)", "second = m - round(fractions[2] * m)"),
    ),
    changed(
        "share_of_what_is_left",
        "Your second cut takes f_val of the rows that training has left over. All fractions are shares of "
        "all m rows: cut at (f_train + f_val) × m.",
        (
            "second = round((fractions[0] + fractions[1]) * m)",
            "second = first + round(fractions[1] * (m - first))",
        ),
    ),
    changed(
        "cut_by_the_number_of_all_rows",
        "You cut a class at f × the number of all rows, so the first parts swallow whole classes. m is the "
        "number of rows of this class: len(rows).",
        ("m = len(rows)", "m = len(labels)"),
    ),
    changed(
        "at_least_one_row_in_each_part",
        "You give each part at least one row of a class. Where round says 0 it is 0: a class with one row "
        "lies in one part.",
        (CUTS, CUTS.replace("= round(", "= max(1, round(").replace("m)\n", "m))\n")),
    ),
    changed(
        "small_classes_left_out",
        "You leave out classes with few rows. They are cut like any other: each row lies in one part.",
        ("        m = len(rows)\n", "        m = len(rows)\n        if m < 3:\n            continue\n"),
    ),
    changed(
        "only_the_last_class",
        "You start new lists for each class, so only the rows of the last one are left. Begin the three "
        "lists before the loop, and extend them.",
        (
            "        train.extend(rows[:first])\n",
            "        train, val, test = [], [], []\n        train.extend(rows[:first])\n",
        ),
    ),
    changed(
        "places_within_the_class",
        "You return places within a class, 0 to m - 1, so rows of different classes get the same number. "
        "Shuffle the positions of the class themselves: np.flatnonzero(labels == label).",
        ("rng.permutation(np.flatnonzero(labels == label))", "rng.permutation(int((labels == label).sum()))"),
    ),
    changed(
        "rows_drawn_with_replacement",
        "rng.choice puts each row back, so some are drawn twice and others never. Use rng.permutation, which "
        "only changes the order.",
        (
            "rng.permutation(np.flatnonzero(labels == label))",
            "rng.choice(np.flatnonzero(labels == label), int((labels == label).sum()))",
        ),
    ),
    changed(
        "counted_from_1",
        "Your positions begin at 1. The first row has the position 0, as everywhere in Python.",
        ("np.array(part, dtype=int)", "np.array(part, dtype=int) + 1"),
    ),
    changed(
        "validation_and_test_swapped",
        "You return the test part before the validation part. The order is train, val, test.",
        ("in (train, val, test)", "in (train, test, val)"),
    ),
    changed(
        "classes_up_to_the_largest",
        "Rows with negative labels are in no part: classes are not counted from 0 up to the largest label. "
        "Take the classes from the labels: np.unique(labels).",
        ("in np.unique(labels)", "in range(int(labels.max()) + 1)"),
    ),
    changed(
        "two_classes_only",
        "You split two classes, 0 and 1. There may be more of them, and they may have any numbers: take them "
        "from np.unique(labels).",
        ("in np.unique(labels)", "in (0, 1)"),
    ),
)

ONE_PLACE = (
    changed(
        "first_cut_rounded_down",
        "int() or // cuts the decimals off your first cut, so 4.75 becomes 4. Use round() for both cuts.",
        ("round(fractions[0] * m)", "int(fractions[0] * m)"),
    ),
    changed(
        "second_cut_rounded_down",
        "int() or // cuts the decimals off your second cut, so 4.75 becomes 4. Use round() for both cuts.",
        ("round((fractions[0] + fractions[1]) * m)", "int((fractions[0] + fractions[1]) * m)"),
    ),
    changed(
        "test_size_rounded",
        "You round the size of the test part, and validation gets the rest. The second cut lies at "
        "round((f_train + f_val) * m), and the test part gets the rest.",
        ("second = round((fractions[0] + fractions[1]) * m)", "second = m - round(fractions[2] * m)"),
    ),
    changed(
        "training_and_test_swapped",
        "Your first part is the test part. The order is train, val, test.",
        ("in (train, val, test)", "in (test, val, train)"),
    ),
    changed(
        "one_row_in_two_parts",
        "Your validation part begins one row too early, and that row is in the training part, too. Start it "
        "at the first cut: rows[first:second].",
        ("rows[first:second]", "rows[first - 1:second]"),
    ),
    changed(
        "one_row_left_out",
        "A row between two parts is in none: a slice begins with its first number, so rows[first:second] and "
        "rows[second:] need no + 1.",
        ("rows[first:second]", "rows[first + 1:second]"),
        ("rows[second:]", "rows[second + 1:]"),
    ),
    changed(
        "counted_with_bincount",
        "np.bincount takes no negative numbers, and needs room up to the largest label. Take the classes "
        "from np.unique(labels).",
        ("in np.unique(labels)", "in np.flatnonzero(np.bincount(labels))"),
    ),
    changed(
        "only_one_class_shuffled",
        "Only the first class is shuffled; the others stay in the order in which they are stored. Shuffle "
        "the rows of each class.",
        (
            "        m = len(rows)\n",
            "        rows = rows if label == labels.min() else np.sort(rows)\n        m = len(rows)\n",
        ),
    ),
    changed(
        "turned_by_the_seed",
        "You turn the rows of a class round, so neighbours stay neighbours. Shuffle them: "
        "rng.permutation(rows).",
        (
            "rng.permutation(np.flatnonzero(labels == label))",
            "np.roll(np.flatnonzero(labels == label), seed)",
        ),
    ),
    changed(
        "test_repeats_validation",
        "Your test part begins at the first cut, so it holds the validation rows as well. Begin it at the "
        "second cut: rows[second:].",
        ("rows[second:]", "rows[first:]"),
    ),
    changed(
        "training_takes_all",
        "Your training part holds all rows, also those of the other two. It ends at the first cut: "
        "rows[:first].",
        ("rows[:first]", "rows"),
    ),
    changed(
        "labels_put_in_another_order",
        "You sort or shuffle the labels before you look for the rows of a class: they no longer belong to "
        "their rows. Leave the labels as they are, and shuffle positions.",
        ("labels, rng = np.asarray(labels),", "labels, rng = np.sort(labels),"),
    ),
    changed(
        "only_the_sum_asserted",
        "A wrong sum is an AssertionError in your function: assert raises that. Asked for is a ValueError: "
        "if …: raise ValueError(…).",
        (" or not math.isclose(sum(fractions), 1)", ""),
        (
            "    train, val, test = [], [], []",
            "    assert math.isclose(sum(fractions), 1)\n    train, val, test = [], [], []",
        ),
    ),
)

NEGATIVE = tuple(
    changed(
        f"sign_of_fraction_{number}_only",
        "You look at the sign of one fraction only. None of the three may be negative: min(fractions) < 0.",
        ("min(fractions) < 0", f"fractions[{number}] < 0"),
    )
    for number in range(3)
)
