"""Typical mistakes in rule 4 of diagnose and in its four medians."""

from hidden.diagnose_right import changed

ENDS = "median(train[-3:]), median(val[-3:])"
BEFORE = "median(train[-6:-3]), median(val[-6:-3])"
LEVEL = """    if train_end > 0.5 * baseline:
        return "underfitting"
"""


RULE_4 = (
    changed(
        "no_rule_about_the_level",
        "Your function never says underfitting. Rule 4: train_end lies above half the baseline.",
        (LEVEL, ""),
    ),
    changed(
        "close_together_is_healthy",
        "Your function calls two curves healthy because they are close together. Two curves can be close at "
        "the baseline, where nothing has been learned: judge the level of train_end.",
        ("train_end > 0.5 * baseline:", "val_end - train_end > 0.1 * baseline:"),
    ),
    changed(
        "level_of_the_validation_loss",
        "You judge underfitting by the validation loss. Whether the model can fit at all shows on its "
        "training rows: use train_end.",
        ("if train_end > 0.5", "if val_end > 0.5"),
    ),
    changed(
        "level_of_either_loss",
        "You say underfitting as soon as one of the losses is high. Rule 4 looks at train_end alone.",
        ("if train_end > 0.5", "if max(train_end, val_end) > 0.5"),
    ),
    changed(
        "level_of_both_losses",
        "You say underfitting only if both losses are high. Rule 4 looks at train_end alone.",
        ("if train_end > 0.5", "if min(train_end, val_end) > 0.5"),
    ),
    changed(
        "level_of_the_mean",
        "You judge the level by the mean of both losses. Rule 4 looks at train_end alone.",
        ("if train_end > 0.5", "if (train_end + val_end) / 2 > 0.5"),
    ),
    changed(
        "level_of_the_lowest_loss",
        "You judge the level by the lowest training loss. Rule 4 looks at the end of the run: train_end.",
        ("if train_end > 0.5", "if low_train > 0.5"),
    ),
    changed(
        "level_of_the_whole_baseline",
        "You ask for a training loss above the whole baseline, which hardly ever happens. Rule 4 says above "
        "half of it: 0.5 × baseline.",
        ("if train_end > 0.5 * baseline", "if train_end > baseline"),
    ),
    changed(
        "level_near_the_baseline",
        "You ask for a training loss near the baseline. Rule 4 begins earlier: above 0.5 × baseline.",
        ("if train_end > 0.5 * baseline", "if train_end > 0.9 * baseline"),
    ),
    changed(
        "low_called_underfitting",
        "Your rule 4 has its sign turned round: it applies to low losses. Underfitting is a training loss "
        "above half the baseline.",
        ("if train_end > 0.5 * baseline", "if train_end < 0.5 * baseline"),
    ),
    changed(
        "limits_included",
        "At exactly half a baseline no rule applies: the table says more than, and above. Write > instead "
        "of >=.",
        ("val_end > train_end", "val_end >= train_end"),
        ("train_end > 0.5", "train_end >= 0.5"),
    ),
    changed(
        "limit_of_the_level_included",
        "At exactly half a baseline rule 4 does not apply: it says above. Write > instead of >=.",
        ("train_end > 0.5", "train_end >= 0.5"),
    ),
    changed(
        "limit_of_the_gap_included",
        "At a gap of exactly half a baseline rule 2 does not apply: it says more than. Write > instead of "
        ">=.",
        ("val_end > train_end", "val_end >= train_end"),
    ),
    changed(
        "limits_without_the_baseline",
        "Your limits are fixed numbers, so the verdict changes when the losses are measured on another "
        "scale. Multiply each limit by the baseline.",
        (" * baseline", ""),
    ),
    changed(
        "level_without_the_baseline",
        "Your rule 4 compares with 0.5 instead of 0.5 × baseline. A loss of 1 is low if the baseline is 5.",
        ("if train_end > 0.5 * baseline", "if train_end > 0.5"),
    ),
    changed(
        "rise_without_the_baseline",
        "Your limit in rules 1 and 2 is 0.1 instead of 0.1 × baseline: measured on another scale, the same "
        "run gets another verdict.",
        ("0.1 * baseline", "0.1"),
    ),
    changed(
        "fall_without_the_baseline",
        "Your limit in rule 3 is 0.02 instead of 0.02 × baseline: measured on another scale, the same run "
        "gets another verdict.",
        ("0.02 * baseline", "0.02"),
    ),
    changed(
        "gap_without_the_baseline",
        "Your limit for the gap is 0.5 instead of 0.5 × baseline: measured on another scale, the same run "
        "gets another verdict.",
        ("train_end + 0.5 * baseline", "train_end + 0.5"),
    ),
    changed(
        "limits_of_the_worked_number",
        "You copied the limits of the worked number, 0.2, 1.0 and 0.04. They belong to a baseline of 2: "
        "compute them from the argument.",
        ("0.1 * baseline", "0.2"),
        ("0.5 * baseline", "1.0"),
        ("0.02 * baseline", "0.04"),
    ),
)

MEDIANS = (
    changed(
        "last_value_instead_of_median",
        "You judge the end of the run by its last value, so one spike decides. Take the median of the last "
        "three values.",
        (ENDS, "train[-1], val[-1]"),
    ),
    changed(
        "last_values_and_those_before",
        "You judge the end by the last value and compare it with a single value before, so one spike "
        "decides. Take the median of the last three, and of the three before them.",
        (ENDS, "train[-1], val[-1]"),
        (BEFORE, "train[-4], val[-4]"),
    ),
    changed(
        "last_value_of_training",
        "You judge the end of the training loss by its last value. Take the median of the last three "
        "values, as you do for the validation loss.",
        (ENDS, "train[-1], median(val[-3:])"),
    ),
    changed(
        "last_value_of_validation",
        "You judge the end of the validation loss by its last value. Take the median of the last three "
        "values, as you do for the training loss.",
        (ENDS, "median(train[-3:]), val[-1]"),
    ),
    changed(
        "mean_instead_of_median",
        "You take the mean of three values, and one spike moves a mean a long way. The median of three "
        "ignores it.",
        ("median(", "mean("),
    ),
    changed(
        "mean_at_the_end",
        "You take the mean of the last three values, and one spike moves a mean a long way. The median of "
        "three ignores it.",
        (ENDS, ENDS.replace("median", "mean")),
    ),
    changed(
        "middle_of_three_unsorted",
        "You take the second of the three values. The median is the middle one by size: sort the three "
        "first, or use np.median.",
        (ENDS, "train[-2], val[-2]"),
        (BEFORE, "train[-5], val[-5]"),
    ),
    changed(
        "lowest_of_three",
        "You take the lowest of the last three values. The median is the middle one by size.",
        (ENDS, "min(train[-3:]), min(val[-3:])"),
        (BEFORE, "min(train[-6:-3]), min(val[-6:-3])"),
    ),
    changed(
        "highest_of_three",
        "You take the highest of the last three values. The median is the middle one by size.",
        (ENDS, "max(train[-3:]), max(val[-3:])"),
        (BEFORE, "max(train[-6:-3]), max(val[-6:-3])"),
    ),
    changed(
        "median_of_five",
        "You take the median of the last five values, or more. Rule for the end: the last three.",
        (ENDS, "median(train[-5:]), median(val[-5:])"),
    ),
    changed(
        "median_of_two",
        "You take the median of the last two values: a slice [-2:] holds two. The end is the last three, "
        "[-3:].",
        (ENDS, "median(train[-2:]), median(val[-2:])"),
    ),
    changed(
        "last_value_left_out",
        "Your slice ends before the last value: [-4:-1] holds the three before it. The last three are [-3:].",
        (ENDS, "median(train[-4:-1]), median(val[-4:-1])"),
    ),
    changed(
        "median_of_the_whole_run",
        "You take the median of the whole run. train_end and val_end are medians of the last three values.",
        (ENDS, "median(train), median(val)"),
    ),
    changed(
        "three_before_too_late",
        "The three values before the last three are [-6:-3]; yours reach into the last three. Write down the "
        "places of a list of six.",
        (BEFORE, "median(train[-5:-2]), median(val[-5:-2])"),
    ),
    changed(
        "three_before_the_last",
        "The three values before the last three are [-6:-3]; [-4:-1] are those before the last one. Write "
        "down the places of a list of six.",
        (BEFORE, "median(train[-4:-1]), median(val[-4:-1])"),
    ),
    changed(
        "three_before_too_early",
        "The three values before the last three are [-6:-3]; yours begin one earlier. Write down the places "
        "of a list of six.",
        (BEFORE, "median(train[-7:-4]), median(val[-7:-4])"),
    ),
    changed(
        "only_two_before",
        "[-6:-4] holds two values: a slice ends before its second number. The three before the last three "
        "are [-6:-3].",
        (BEFORE, "median(train[-6:-4]), median(val[-6:-4])"),
    ),
    changed(
        "everything_before",
        "You take the median of all values before the last three. Rule 3 compares with the three just before "
        "them: [-6:-3].",
        (BEFORE, "median(train[:-3]), median(val[:-3])"),
    ),
    changed(
        "one_value_before",
        "You compare with a single value before the last three, so one spike decides. Take the median of the "
        "three values before them.",
        (BEFORE, "train[-4], val[-4]"),
    ),
)
