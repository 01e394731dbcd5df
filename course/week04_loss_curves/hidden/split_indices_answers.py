"""Typical mistakes in split_indices, and right answers that are written differently."""

from autograder.model import Mistake, Variant

CHECKED = """
import math
import numpy as np

def split_indices(labels, fractions, seed):
    if len(fractions) != 3 or min(fractions) < 0 or not math.isclose(sum(fractions), 1):
        raise ValueError("three fractions that add up to 1")
"""

CLASS_BY_CLASS = (
    CHECKED
    + """
    labels, rng = np.asarray(labels), np.random.default_rng(seed)
    pieces = [[], [], []]
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        first = round(fractions[0] * len(rows))
        second = round((fractions[0] + fractions[1]) * len(rows))
        for piece, part in zip(pieces, (rows[:first], rows[first:second], rows[second:])):
            piece.append(part)
    return tuple(np.concatenate(piece) for piece in pieces)
"""
)


def changed(name: str, sentence: str, *replacements: tuple[str, str]) -> Mistake:
    """Return the mistake that is a right split with each (old, new) replaced.

    Raises ValueError if old is absent.
    """
    source = CLASS_BY_CLASS
    for old, new in replacements:
        if old not in source:
            raise ValueError(f"{name}: the right answer of split_indices does not contain {old!r}")
        source = source.replace(old, new)
    return Mistake("split_indices", name, sentence, source)


MISTAKES = (
    Mistake(
        "split_indices",
        "not_stratified",
        "You shuffle all rows and cut once, so the shares of the classes are left to chance. Count the "
        "classes in each part. Go through the classes and cut the rows of each one.",
        CHECKED
        + """
    order = np.random.default_rng(seed).permutation(len(labels))
    first = round(fractions[0] * len(labels))
    second = round((fractions[0] + fractions[1]) * len(labels))
    return order[:first], order[first:second], order[second:]
""",
    ),
    Mistake(
        "split_indices",
        "not_stratified_rounded_down",
        "You shuffle all rows and cut once, so the shares of the classes are left to chance, and int() "
        "rounds the cuts down. Go through the classes, and cut the rows of each one with round().",
        CHECKED
        + """
    order = np.random.default_rng(seed).permutation(len(labels))
    first = int(fractions[0] * len(labels))
    second = first + int(fractions[1] * len(labels))
    return order[:first], order[first:second], order[second:]
""",
    ),
    Mistake(
        "split_indices",
        "cut_without_shuffling",
        "You cut the rows in the order in which they are stored. Files are often sorted by class, and "
        "then a part lacks whole classes. Shuffle the rows of each class, and cut class by class.",
        CHECKED
        + """
    rows = np.arange(len(labels))
    first = round(fractions[0] * len(labels))
    second = round((fractions[0] + fractions[1]) * len(labels))
    return rows[:first], rows[first:second], rows[second:]
""",
    ),
    changed(
        "first_rows_of_each_class",
        "You go class by class but take the rows in the order in which they are stored, so the seed "
        "changes nothing. Shuffle the rows of a class before you cut them.",
        ("rng.permutation(np.flatnonzero(labels == label))", "np.flatnonzero(labels == label)"),
    ),
    changed(
        "cuts_rounded_down", "int() cuts the decimals off, so 5.6 becomes 5. Use round().", ("round(", "int(")
    ),
    changed(
        "three_sizes_rounded",
        "You round the size of each part by itself, and the three sizes need not add up: rows get lost or "
        "taken twice. Round the two places where you cut, and let the third part have the rest.",
        (
            "second = round((fractions[0] + fractions[1]) * len(rows))",
            "second = first + round(fractions[1] * len(rows))",
        ),
    ),
    changed(
        "second_cut_not_added_up",
        "Your second cut lies at f_val × m, as if the training part were not there. It lies at (f_train + "
        "f_val) × m.",
        ("round((fractions[0] + fractions[1]) * len(rows))", "round(fractions[1] * len(rows))"),
    ),
    changed(
        "validation_overlaps_training",
        "Your validation part starts at row 0 again, so it contains the training rows, and the validation "
        "loss will look too good. Start it at the first cut.",
        ("rows[first:second]", "rows[:second]"),
    ),
    changed(
        "rest_not_used",
        "Some rows are in no part. The third part is everything after the second cut: rows[second:].",
        ("rows[second:]", "rows[second:-1]"),
    ),
    changed(
        "global_seed",
        "np.random.seed, random.seed or torch.manual_seed changes the randomness of the whole notebook: "
        "every later random number depends on your function. Make a generator of your own, "
        "default_rng(seed).",
        (
            "rng = np.asarray(labels), np.random.default_rng(seed)",
            "rng = np.asarray(labels), np.random\n    np.random.seed(seed)",
        ),
    ),
    changed(
        "seed_not_used",
        "The seed changes nothing, every split is the same: nothing is shuffled, or your generator has a "
        "fixed seed of its own. Pass on the seed: np.random.default_rng(seed).",
        ("default_rng(seed)", "default_rng(42)"),
    ),
    changed(
        "labels_returned",
        "You return the labels of the rows. Asked for are their positions, so that the same split can "
        "pick inputs and labels. np.flatnonzero(labels == label) gives the positions of a class.",
        (
            "tuple(np.concatenate(piece) for piece in pieces)",
            "tuple(labels[np.concatenate(piece)] for piece in pieces)",
        ),
    ),
    changed(
        "lists_returned",
        "You return lists or tensors. Asked for are NumPy arrays, which pick rows of other arrays. Wrap "
        "each part in np.array(rows, dtype=int).",
        ("np.concatenate(piece) for", "np.concatenate(piece).tolist() for"),
    ),
    changed(
        "empty_part_holds_floats",
        "With a fraction of 0 your empty part holds floats, because np.array([]) does, and floats cannot "
        "pick rows. Write np.array(rows, dtype=int).",
        ("np.concatenate(piece) for", "np.array(np.concatenate(piece).tolist()) for"),
    ),
    changed(
        "no_ValueError",
        "Fractions that make no split go through unnoticed. Raise ValueError unless there are three, none "
        "negative, that add up to 1.",
        (
            """    if len(fractions) != 3 or min(fractions) < 0 or not math.isclose(sum(fractions), 1):
        raise ValueError("three fractions that add up to 1")
""",
            "",
        ),
    ),
    changed(
        "sum_compared_exactly",
        "0.7 + 0.2 + 0.1 is 0.9999999999999999 in floating point, so your function refuses a good split. "
        "Compare with math.isclose.",
        ("not math.isclose(sum(fractions), 1)", "sum(fractions) != 1"),
    ),
    changed(
        "negative_fractions_allowed",
        "0.8 + 0.4 - 0.2 adds up to 1, but a part cannot have a negative share. Check the sign of each "
        "fraction too.",
        (" or min(fractions) < 0", ""),
    ),
    changed(
        "classes_counted_from_0",
        "You assume that the classes are called 0, 1, 2, …: rows with other labels are in no part. Take "
        "the classes from the labels: np.unique(labels).",
        ("np.unique(labels)", "range(len(np.unique(labels)))"),
    ),
    changed(
        "labels_not_made_an_array",
        "A list == 3 is just False, so with a list of labels you find no rows. Begin with labels = "
        "np.asarray(labels).",
        ("labels, rng = np.asarray(labels), np.random", "rng = np.random"),
        ("np.unique(labels)", "sorted(set(labels))"),
    ),
    changed(
        "labels_sorted_in_place",
        "You sort the labels that you were given: they no longer belong to their rows, neither here nor "
        "at the caller. Find the rows of a class with np.flatnonzero(labels == label); no sorting is "
        "needed.",
        ("    labels, rng", "    labels.sort()\n    labels, rng"),
    ),
)

VARIANTS = (
    Variant(
        "split_indices",
        "permute_each_class",
        """
import math
import numpy as np

def split_indices(labels, fractions, seed):
    if len(fractions) != 3 or min(fractions) < 0 or not math.isclose(sum(fractions), 1):
        raise ValueError(f"{fractions} are not three fractions that add up to 1")
    labels, rng = np.asarray(labels), np.random.default_rng(seed)
    pieces = [[], [], []]
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        cuts = [round(fractions[0] * len(rows)), round((fractions[0] + fractions[1]) * len(rows))]
        for piece, part in zip(pieces, np.split(rows, cuts)):
            piece.append(part)
    return tuple(np.concatenate(piece) for piece in pieces)
""",
    ),
    Variant(
        "split_indices",
        "plain_lists",
        """
import numpy as np

def split_indices(labels, fractions, seed):
    if len(fractions) != 3:
        raise ValueError("three fractions, please")
    if any(f < 0 for f in fractions) or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must not be negative and must add up to 1")
    rows_of = {}
    for i, label in enumerate(labels):
        rows_of.setdefault(int(label), []).append(i)
    train, val, test = [], [], []
    rng = np.random.default_rng(seed)
    for rows in rows_of.values():
        rng.shuffle(rows)
        a = round(len(rows) * fractions[0])
        b = round(len(rows) * (fractions[0] + fractions[1]))
        train += rows[:a]
        val += rows[a:b]
        test += rows[b:]
    return np.array(train, dtype=int), np.array(val, dtype=int), np.array(test, dtype=int)
""",
    ),
    Variant(
        "split_indices",
        "shuffle_once_then_pick",
        """
import numpy as np

def split_indices(labels, fractions, seed):
    f = np.asarray(fractions, dtype=float)
    if f.shape != (3,) or (f < 0).any() or not np.isclose(f.sum(), 1):
        raise ValueError("fractions")
    labels = np.array(labels)
    order = np.random.default_rng(seed).permutation(len(labels))
    part = np.empty(len(labels), dtype=int)
    for label in set(labels.tolist()):
        rows = order[labels[order] == label]
        first, second = np.round(np.cumsum(f)[:2] * len(rows)).astype(int)
        part[rows[:first]], part[rows[first:second]], part[rows[second:]] = 0, 1, 2
    return tuple(np.where(part == k)[0] for k in range(3))
""",
    ),
)
