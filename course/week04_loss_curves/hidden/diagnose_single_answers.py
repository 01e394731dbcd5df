"""Typical mistakes in diagnose that sit in one place only: one curve, one rule, one limit."""

from hidden.diagnose_right import changed

from autograder.model import Mistake

PLACES = {"train": ("training", "validation"), "val": ("validation", "training")}
# what is taken instead of the median of the last three, or of the three before them, and what to say
ENDS = {
    "middle_one": ("{}[-2]", "the second of the three, and not the middle one by size"),
    "mean": ("mean({}[-3:])", "a mean, which one spike moves a long way"),
    "lowest": ("min({}[-3:])", "the lowest of the three"),
    "highest": ("max({}[-3:])", "the highest of the three"),
    "five": ("median({}[-5:])", "the median of more than three values"),
    "without_the_last": ("median({}[-4:-1])", "the median of three values that end before the last one"),
    "two": ("median({}[-3:-1])", "the median of two values: a slice ends before its second number"),
}
BEFORE = {
    "mean": ("mean({}[-6:-3])", "a mean, which one spike moves a long way"),
    "one": ("{}[-4]", "a single value, and one spike decides"),
    "first_three": ("median({}[:3])", "the median of the first three of the whole run"),
    "two": ("median({}[-6:-4])", "the median of two values: a slice ends before its second number"),
    "late": ("median({}[-5:-2])", "the median of three values that reach into the last three"),
    "last_but_one": ("median({}[-4:-1])", "the median of the three values before the last one"),
    "early": ("median({}[-7:-4])", "the median of three values that begin one earlier"),
}


def in_one_curve() -> list[Mistake]:
    """Return the mistakes in the end, or in the values before it, of one of the two curves."""
    found = []
    for curve, (this, other) in PLACES.items():
        for table, part, slices, which in (
            (ENDS, "end", "[-3:]", "last three"),
            (BEFORE, "before", "[-6:-3]", "three before the last three"),
        ):  # fmt: skip
            for name, (taken, words) in table.items():
                sentence = (
                    f"For the {this} loss, {curve}_{part} is {words}. Take the median of the {which}, "
                    f"{slices}, as for the {other} loss."
                )
                new = (f"median({curve}{slices})", taken.format(curve))
                found.append(changed(f"{this}_{part}_{name}", sentence, new))
    return found


def last_value_in_one_rule() -> list[Mistake]:
    """Return the mistakes that take the last value instead of the median in one comparison."""
    lines = {
        "rule_1": "train_end > low_train", "rule_2": "val_end > low_val",
        "rule_2_gap": "val_end > train_end", "rule_4": "train_end > 0.5",
    }  # fmt: skip
    return [
        changed(
            f"last_value_in_{rule}",
            f"In {rule[:6].replace('_', ' ')} you take the last value of a list, so one spike decides. All "
            "rules go by the medians train_end and val_end.",
            (line, line.replace("train_end", "train[-1]").replace("val_end", "val[-1]")),
        )
        for rule, line in lines.items()
    ]


def another_word_for_nan() -> list[Mistake]:
    """Return the mistakes that notice nan and give it another verdict."""
    finite = """[*train, *val]):
        return "diverged"
"""
    return [
        changed(
            f"nan_called_{word}",
            f"You notice nan and inf, and call such a run {word}. Rule 1 calls it diverged.",
            (finite, finite.replace("diverged", word)),
        )
        for word in ("overfitting", "undertrained", "underfitting", "healthy")
    ]


def another_error() -> list[Mistake]:
    """Return the mistakes that raise an error of another kind."""
    return [
        changed(
            f"{kind}_raised",
            f"You raise {kind}. Asked for is a ValueError: write raise ValueError(…).",
            ("raise ValueError", f"raise {kind}"),
        )
        for kind in ("TypeError", "IndexError", "RuntimeError")
    ]


def another_baseline() -> list[Mistake]:
    """Return the mistakes that compute with a baseline of their own."""
    return [
        changed(
            f"baseline_of_{number[5:]}",
            "You compute with a baseline of your own, or with limits that belong to one. Use the argument: "
            "another task has another baseline.",
            ("    train, val =", f"    baseline = {number}\n    train, val ="),
        )
        for number in ("math.log(10)", "math.log(2)")
    ]


def another_spelling() -> list[Mistake]:
    """Return the mistakes that spell one of the five words differently."""
    return [
        changed(
            f"{word}_misspelt",
            f'Where "{word}" belongs you have another word or spelling. Copy the five words from the '
            "instructions, in small letters.",
            (f'return "{word}"', f'return "another {word}"'),
        )
        for word in ("diverged", "overfitting", "undertrained", "underfitting", "healthy")
    ]


GROUPS = (
    *in_one_curve(),
    *last_value_in_one_rule(),
    *another_word_for_nan(),
    *another_error(),
    *another_baseline(),
    *another_spelling(),
)
LIMITS = (
    changed(
        "rise_of_training_too_large",
        "You let the training loss rise too far before you call the run diverged. The limit of rule 1 is "
        "0.1 × baseline.",
        ("low_train + 0.1", "low_train + 0.2"),
    ),
    changed(
        "rise_of_training_too_small",
        "You call a run diverged for a small rise. The limit of rule 1 is 0.1 × baseline.",
        ("low_train + 0.1", "low_train + 0.05"),
    ),
    changed(
        "rise_of_validation_too_small",
        "You call a run overfitting for a small rise. The limit of rule 2 is 0.1 × baseline.",
        ("low_val + 0.1", "low_val + 0.05"),
    ),
    changed(
        "both_rises_too_small",
        "Your limit for a rise is too small. It is 0.1 × baseline, for both losses.",
        ("0.1 * baseline", "0.05 * baseline"),
    ),
    changed(
        "both_rises_too_large",
        "Your limit for a rise is too large. It is 0.1 × baseline, for both losses.",
        ("0.1 * baseline", "0.2 * baseline"),
    ),
    changed(
        "gap_too_small",
        "Your limit for the gap is too small. It is 0.5 × baseline.",
        ("train_end + 0.5", "train_end + 0.4"),
    ),
    changed(
        "gap_too_large",
        "Your limit for the gap is too large. It is half the baseline, 0.5 × baseline.",
        ("train_end + 0.5", "train_end + 1"),
    ),
    changed(
        "fall_too_large",
        "You ask for a larger fall than the text. In rule 3 the limit is 0.02 × baseline.",
        ("0.02", "0.05"),
    ),
    changed(
        "level_too_low",
        "Your rule 4 begins too early. Underfitting is a training loss above half the baseline.",
        ("train_end > 0.5", "train_end > 0.4"),
    ),
    changed(
        "level_too_high",
        "Your rule 4 begins too late. Underfitting is a training loss above half the baseline.",
        ("train_end > 0.5", "train_end > 0.6"),
    ),
    changed(
        "both_curves_must_be_spoilt",
        "You call a run diverged only if both lists hold nan or inf. One value in one list is enough.",
        (
            "not all(math.isfinite(value) for value in [*train, *val])",
            "not (all(map(math.isfinite, train)) or all(map(math.isfinite, val)))",
        ),
    ),
    changed(
        "no_verdict_at_a_limit",
        "At exactly half a baseline your function ends without a verdict. Healthy is all that is left over: "
        "return it in any other case.",
        ('    return "healthy"', '    if train_end < 0.5 * baseline:\n        return "healthy"'),
    ),
    changed(
        "lowest_of_the_second_half",
        "You look for the lowest value in the second half of the run. It may lie anywhere: take min of the "
        "whole list.",
        ("min(train), min(val)", "min(train[len(train) // 2 :]), min(val[len(val) // 2 :])"),
    ),
    changed(
        "training_compared_with_its_first_value",
        "In rule 1 you compare train_end with the first training loss. Nearly every run ends below its "
        "start. Compare with the lowest: min(train).",
        ("min(train), min(val)", "train[0], min(val)"),
    ),
    changed(
        "validation_compared_with_its_first_value",
        "In rule 2 you compare val_end with the first validation loss. Nearly every run ends below its "
        "start. Compare with the lowest: min(val).",
        ("min(train), min(val)", "min(train), val[0]"),
    ),
    changed(
        "median_of_six",
        "You take the median of the last six values. The end is the last three: [-3:].",
        ("median(train[-3:]), median(val[-3:])", "median(train[-6:]), median(val[-6:])"),
    ),
    changed(
        "last_slice_too_short",
        "[-3:-1] holds two values: a slice ends before its second number. The last three are [-3:].",
        ("median(train[-3:]), median(val[-3:])", "median(train[-3:-1]), median(val[-3:-1])"),
    ),
    changed(
        "only_the_first_value_checked",
        "You decide after the first value: a return, or an else, stands inside the loop. Go through all "
        "values of both lists before you go on.",
        ("in [*train, *val]", "in train[:1]"),
    ),
    changed(
        "nan_in_the_training_loss_only",
        "You look for nan in the training loss, and neither for inf nor in the validation loss. Ask "
        "math.isfinite about all values of both lists.",
        ("not all(math.isfinite(value) for value in [*train, *val])", "any(map(math.isnan, train))"),
    ),
    changed(
        "nan_in_the_last_epoch_only",
        "You look for nan in the last epoch, and neither for inf nor before it. Ask math.isfinite about all "
        "values of both lists.",
        ("not all(math.isfinite(value) for value in [*train, *val])", "math.isnan(train[-1] + val[-1])"),
    ),
    changed(
        "counted_from_the_front",
        "[3:6] are the fourth to the sixth value of the run, however long it is. Count from the end: "
        "[-6:-3].",
        ("median(train[-6:-3]), median(val[-6:-3])", "median(train[3:6]), median(val[3:6])"),
    ),
    changed(
        "third_but_last",
        "[-3] is one value, the third from the end. The last three are a slice, [-3:].",
        ("median(train[-3:]), median(val[-3:])", "train[-3], val[-3]"),
    ),
    changed(
        "four_values_before",
        "[-6:-2] holds four values and reaches into the last three. The three before them are [-6:-3].",
        ("median(train[-6:-3]), median(val[-6:-3])", "median(train[-6:-2]), median(val[-6:-2])"),
    ),
    changed(
        "val_end_from_training",
        'Your val_end is computed from the training losses. Take the last three of history["val_loss"].',
        ("median(val[-3:])", "median(train[-3:])"),
    ),
)
