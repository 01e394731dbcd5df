"""Typical mistakes in rules 2 and 3 of diagnose."""

from hidden.diagnose_right import changed

RISES = """    if val_end > low_val + 0.1 * baseline:
        return "overfitting"
"""
GAP = """    if val_end > train_end + 0.5 * baseline:
        return "overfitting"
"""
SLOPE = """    if train_falls and val_falls:
        return "undertrained"
"""
LEVEL = """    if train_end > 0.5 * baseline:
        return "underfitting"
"""
BEFORE = "median(train[-6:-3]), median(val[-6:-3])"


RULE_2 = (
    changed(
        "gap_not_looked_at",
        "A training loss of 0.1 beside a flat validation loss of 0.7 is healthy in your function. Rule 2 "
        "has a second part: the gap between the two ends.",
        (GAP, ""),
    ),
    changed(
        "rise_not_looked_at",
        "You only look at the gap at the end, so a validation loss that has turned upwards goes unnoticed "
        "while the gap is small. Rule 2 has two parts.",
        (RISES, ""),
    ),
    changed(
        "no_overfitting",
        "Your function never says overfitting. Rule 2 asks about the rise of the validation loss and about "
        "the gap between the two ends.",
        (RISES, ""),
        (GAP, ""),
    ),
    changed(
        "rise_and_gap",
        "You say overfitting only if the validation loss rises and the gap is wide. One of the two is "
        "enough: join them with `or`.",
        (RISES, ""),
        ("if val_end > train_end", "if val_end > low_val + 0.1 * baseline and val_end > train_end"),
    ),
    changed(
        "gap_without_its_sign",
        "You take the size of the gap with abs. A validation loss far below the training loss is no "
        "overfitting: compare val_end with train_end + 0.5 × baseline.",
        ("val_end > train_end + 0.5", "abs(val_end - train_end) > 0.5"),
    ),
    changed(
        "gap_the_other_way_round",
        "Your gap is train_end - val_end. Overfitting shows in a validation loss far above the training "
        "loss: val_end - train_end.",
        ("val_end > train_end + 0.5", "train_end > val_end + 0.5"),
    ),
    changed(
        "gap_of_the_lowest_values",
        "You take the gap between the two lowest losses. Rule 2 asks for the gap at the end: val_end against "
        "train_end.",
        ("val_end > train_end + 0.5", "low_val > low_train + 0.5"),
    ),
    changed(
        "gap_to_the_lowest_training_loss",
        "You take the gap between val_end and the lowest training loss. Rule 2 asks for the gap at the end: "
        "val_end against train_end.",
        ("val_end > train_end + 0.5", "val_end > low_train + 0.5"),
    ),
    changed(
        "gap_from_the_lowest_validation_loss",
        "You take the gap between the lowest validation loss and train_end. Rule 2 asks for the gap at the "
        "end: val_end against train_end.",
        ("val_end > train_end + 0.5", "low_val > train_end + 0.5"),
    ),
    changed(
        "gap_of_a_tenth",
        "You call a gap of a tenth of the baseline overfitting; a small gap is usual. The limit of the gap "
        "is half a baseline, that of the rise a tenth.",
        ("val_end > train_end + 0.5", "val_end > train_end + 0.1"),
    ),
    changed(
        "rise_of_the_training_loss",
        "In rule 2 you compare val_end with the lowest training loss. Compare it with the lowest validation "
        "loss.",
        (RISES, RISES.replace("low_val", "low_train")),
    ),
    changed(
        "rise_of_half_a_baseline",
        "You allow the validation loss to rise too far. The rise is too much from 0.1 × baseline on; half a "
        "baseline is the limit of the gap.",
        (RISES, RISES.replace("0.1", "0.5")),
    ),
    changed(
        "overfitting_after_the_slope",
        "You ask about overfitting after rule 3, so a run whose gap is wide and that still falls is called "
        "undertrained. The rules go from the top.",
        (RISES, ""),
        (GAP, ""),
        ("    if train_end > 0.5", RISES + GAP + "    if train_end > 0.5"),
    ),
    changed(
        "overfitting_after_the_level",
        "You ask about overfitting last, so the rules about the slope and the level decide before it. The "
        "rules go from the top.",
        (RISES, ""),
        (GAP, ""),
        ('    return "healthy"', RISES + GAP + '    return "healthy"'),
    ),
)

RULE_3 = (
    changed(
        "no_rule_about_the_slope",
        "Your function never says undertrained. Rule 3: both losses still fall at the end of the run.",
        (SLOPE, ""),
    ),
    changed(
        "one_falling_loss_is_enough",
        "You say undertrained as soon as one of the losses still falls. If only the training loss falls, "
        "more epochs do not help. Join the two conditions with `and`.",
        ("train_falls and", "train_falls or"),
    ),
    changed(
        "only_the_training_loss_falls",
        "You only ask whether the training loss still falls. Both must fall: while only the training loss "
        "does, the model gains nothing on new rows.",
        (" and val_falls", ""),
    ),
    changed(
        "only_the_validation_loss_falls",
        "You only ask whether the validation loss still falls. Rule 3 says both: the training loss must "
        "fall, too.",
        ("train_falls and ", ""),
    ),
    changed(
        "any_fall_counts",
        "The least fall counts in your function, and losses always move a little. A loss still falls if its "
        "median went down by more than 0.02 × baseline.",
        (" - 0.02 * baseline", ""),
    ),
    changed(
        "a_share_of_the_loss_before",
        "Your limit in rule 3 is too small: a share of the loss before shrinks with the loss. It is 0.02 × "
        "baseline.",
        ("train_before - 0.02 * baseline", "train_before * 0.98"),
        ("val_before - 0.02 * baseline", "val_before * 0.98"),
    ),
    changed(
        "a_tenth_must_be_gained",
        "You ask for a fall of a tenth of the baseline or more. In rule 3 the limit is 0.02 × baseline: near "
        "the end losses fall slowly.",
        ("0.02", "0.1"),
    ),
    changed(
        "any_change_counts",
        "You take the size of the change with abs, so a loss that rises counts as still falling. Compare "
        "with the sign: the end lies below the values before.",
        ("train_end < train_before - 0.02", "abs(train_end - train_before) > 0.02"),
        ("val_end < val_before - 0.02", "abs(val_end - val_before) > 0.02"),
    ),
    changed(
        "rising_is_called_falling",
        "Your rule 3 has its sign turned round: it applies to losses that rise. A loss falls if its end lies "
        "below the values before.",
        ("train_end < train_before - 0.02", "train_end > train_before + 0.02"),
        ("val_end < val_before - 0.02", "val_end > val_before + 0.02"),
    ),
    changed(
        "fall_since_the_first_epochs",
        "You compare the end with the first three epochs, so every run that ever improved counts as "
        "unfinished. Compare with the three epochs just before the last three.",
        (BEFORE, "median(train[:3]), median(val[:3])"),
    ),
    changed(
        "fall_since_the_first_epoch",
        "You compare the end with the first epoch, so every run that ever improved counts as unfinished. "
        "Compare with the median of the three epochs just before the last three.",
        (BEFORE, "train[0], val[0]"),
    ),
    changed(
        "fall_within_the_last_values",
        "You ask whether each of the last values lies below the one before it. Rule 3 compares two medians: "
        "train_end with train_before, val_end with val_before.",
        ("train_end < train_before - 0.02 * baseline", "train[-1] < train[-2] < train[-3]"),
        ("val_end < val_before - 0.02 * baseline", "val[-1] < val[-2] < val[-3]"),
    ),
    changed(
        "ends_mixed_up_with_the_other_curve",
        "In rule 3 you compare the end of one curve with the other curve. Each end is compared with the "
        "three values before it in its own list.",
        ("train_before - 0.02", "val_before - 0.02"),
        ("val_end < val_before", "val_end < train_before"),
    ),
    changed(
        "level_before_slope",
        "A run that is still high and still falling is called underfitting, because you ask about the level "
        "first. Ask whether it is finished before you judge how far it got.",
        (LEVEL, ""),
        (SLOPE, LEVEL + SLOPE),
    ),
)
