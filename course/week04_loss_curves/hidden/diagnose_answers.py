"""Typical mistakes in rule 1 of diagnose."""

from hidden.diagnose_right import changed

FINITE = """    if not all(math.isfinite(value) for value in [*train, *val]):
        return "diverged"
"""
CLIMBS = """    if train_end > low_train + 0.1 * baseline:
        return "diverged"
"""
GAP = """    if val_end > train_end + 0.5 * baseline:
        return "overfitting"
"""


NOT_FINITE = (
    changed(
        "nan_not_noticed",
        "A run with nan passes all your rules, because every comparison with nan is False. Ask math.isfinite "
        "about each value before anything else; one value that is not finite is enough.",
        (FINITE, ""),
    ),
    changed(
        "only_the_last_values_checked",
        "You look for nan in the last epoch only. A loss that was nan or inf once has left the rails, even "
        "if later values look tame. Check all values of both lists.",
        ("in [*train, *val]", "in [train[-1], val[-1]]"),
    ),
    changed(
        "only_the_last_three_checked",
        "You look for nan among the last three values only. Rule 1 says any value: check both lists from "
        "their first value to their last.",
        ("in [*train, *val]", "in [*train[-3:], *val[-3:]]"),
    ),
    changed(
        "only_the_medians_checked",
        "You ask whether the medians are finite, and one nan or inf does not always show in a median. Check "
        "the values themselves, all of them.",
        ("in [*train, *val]", "in [train_end, val_end]"),
    ),
    changed(
        "only_the_training_loss_checked",
        "You look for nan and inf in the training loss only. Check the validation loss as well.",
        ("in [*train, *val]", "in train"),
    ),
    changed(
        "only_the_validation_loss_checked",
        "You look for nan and inf in the validation loss only. Check the training loss as well.",
        ("in [*train, *val]", "in val"),
    ),
    changed(
        "inf_not_noticed",
        "You look for nan but not for inf. math.isfinite finds both.",
        ("not all(math.isfinite(value)", "any(math.isnan(value)"),
    ),
    changed(
        "nan_compared_with",
        "You find inf but not nan: `value == nan` is never True, not even for nan itself. math.isfinite "
        "finds both.",
        ("not all(math.isfinite(value)", "any(math.isinf(value)"),
    ),
    changed(
        "large_is_not_infinite",
        "You call a large loss diverged. A first loss of a billion is odd, but it is a number, and the run "
        "may settle after it. Only nan and inf count: math.isfinite.",
        ("all(math.isfinite(value)", "all(abs(value) < 1e6"),
    ),
    changed(
        "nan_is_an_error",
        "You raise an error when a value is nan or inf. Such a run has a verdict: diverged. A ValueError is "
        "for lists of different or too small length.",
        (FINITE, FINITE.replace('return "diverged"', 'raise ValueError("nan")')),
    ),
    changed(
        "nan_looked_for_at_the_end",
        "You look for nan after the other rules, so a run with nan may get another verdict before you find "
        "it. Rule 1 comes first, with both of its parts.",
        (FINITE, ""),
        ('    return "healthy"', FINITE + '    return "healthy"'),
    ),
    changed(
        "nan_looked_for_before_the_lengths",
        "You look at the values before you have looked at the lengths: lists of different length, or of "
        "fewer than six values, are a ValueError whatever is in them.",
        ("    if len(train)", FINITE + "    if len(train)"),
    ),
)

RULE_1 = (
    changed(
        "no_rule_for_a_climbing_training_loss",
        "Only nan and inf count as diverged in your function. A training loss that ends far above its own "
        "lowest value has diverged too: rule 1 has two parts.",
        (CLIMBS, ""),
    ),
    changed(
        "divergence_read_from_the_validation_loss",
        "You apply the second part of rule 1 to the validation loss, so overfitted runs are called "
        "diverged. A run diverges when the loss that the optimizer lowers goes up: use the training loss.",
        (CLIMBS, CLIMBS.replace("train_end > low_train", "val_end > low_val")),
    ),
    changed(
        "either_loss_may_diverge",
        "You call a run diverged if either loss climbs. A validation loss that climbs alone is overfitting: "
        "rule 1 looks at the training loss.",
        (CLIMBS, CLIMBS.replace("if train", "if val_end > low_val + 0.1 * baseline or train")),
    ),
    changed(
        "both_losses_must_climb",
        "You call a run diverged only if both losses climb. A training loss that climbs is enough: rule 1 "
        "does not ask about the validation loss.",
        (CLIMBS, CLIMBS.replace("if train", "if val_end > low_val + 0.1 * baseline and train")),
    ),
    changed(
        "overfitting_before_divergence",
        "When both losses climb, your function says overfitting, because that rule comes first. Overfitting "
        "needs a training loss that still goes down: ask about divergence first.",
        (CLIMBS, ""),
        (GAP, GAP + CLIMBS),
    ),
    changed(
        "divergence_after_the_slope",
        "You ask about the climb of the training loss after rule 3, so a run that climbed and now falls a "
        "little is called undertrained. Rule 1 comes before all others.",
        (CLIMBS, ""),
        ("    if train_end > 0.5", CLIMBS + "    if train_end > 0.5"),
    ),
    changed(
        "divergence_last",
        "You ask about the climb of the training loss after the other rules, and the first that applies "
        "decides. Rule 1 comes before all others.",
        (CLIMBS, ""),
        ('    return "healthy"', CLIMBS + '    return "healthy"'),
    ),
    changed(
        "compared_with_the_first_epoch",
        "You compare the end of the run with its first value. Nearly every run ends below its start. Compare "
        "with the lowest value: min(losses).",
        ("min(train), min(val)", "train[0], val[0]"),
    ),
    changed(
        "compared_with_the_values_before",
        "You compare the end with the three values before it, so a slow climb, or one that ended earlier, "
        "goes unnoticed. Rules 1 and 2 compare with the lowest value of the whole run.",
        ("min(train), min(val)", "train_before, val_before"),
    ),
    changed(
        "training_compared_with_the_values_before",
        "In rule 1 you compare the end with the three values before it, so a slow climb goes unnoticed. "
        "Compare with the lowest training loss of the whole run.",
        ("min(train), min(val)", "train_before, min(val)"),
    ),
    changed(
        "lowest_without_the_end",
        "You look for the lowest value before the last three only. The lowest of the whole run may be one of "
        "the last three: min(train), min(val).",
        ("min(train), min(val)", "min(train[:-3]), min(val[:-3])"),
    ),
    changed(
        "lowest_without_the_last",
        "You leave the last value out when you look for the lowest one: a slice like [:-1] ends before it. "
        "Take min of the whole list.",
        ("min(train), min(val)", "min(train[:-1]), min(val[:-1])"),
    ),
    changed(
        "lowest_without_the_first",
        "You leave the first epoch out when you look for the lowest value. Rules 1 and 2 say the whole run.",
        ("min(train), min(val)", "min(train[1:]), min(val[1:])"),
    ),
    changed(
        "lowest_of_the_last_six",
        "You look for the lowest value among the last six. It may lie far back: take min of the whole list.",
        ("min(train), min(val)", "min(train[-6:]), min(val[-6:])"),
    ),
    changed(
        "lowest_of_the_last_three",
        "You look for the lowest value among the last three, so nearly nothing ever lies far above it. Take "
        "min of the whole list.",
        ("min(train), min(val)", "min(train[-3:]), min(val[-3:])"),
    ),
    changed(
        "highest_instead_of_lowest",
        "You compare with the highest loss of the run, max: no end lies above it. A run diverges or "
        "overfits if it ends above its lowest loss, min.",
        ("min(train), min(val)", "max(train), max(val)"),
    ),
    changed(
        "one_lowest_for_both",
        "You take one lowest value of both lists together. Each end is compared with the lowest value of its "
        "own list.",
        ("min(train), min(val)", "min(train + val), min(train + val)"),
    ),
    changed(
        "a_tenth_above_the_lowest",
        "Your limit is a tenth of the lowest loss (1.1 × min), and for a low loss that is next to nothing. "
        "The limit is a tenth of the baseline, added to the lowest loss.",
        ("low_train + 0.1 * baseline", "1.1 * low_train"),
        ("low_val + 0.1 * baseline", "1.1 * low_val"),
    ),
)
