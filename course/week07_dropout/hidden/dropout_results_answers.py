"""Typical mistakes in the sweep cell: measured results are stored, nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hidden.dropout_results_runs import runs

from autograder.model import Mistake

NAME = "dropout_results"
KEYS = ("0", "0.1", "0.3", "0.5", "0.7", "0.9")
VALIDATION = runs("validation")
READ = 'Of each run take run["val_accuracy"][-1].'
TASK = "The task: digits_noisy() as it comes, Adam at rate 1e-3, batches of 32, 60 epochs."


def stored(values: Sequence[Any], keys: Sequence[str] = KEYS) -> str:
    """Return a cell that stores these values under these keys."""
    pairs = ", ".join(f"{key}: {value!r}" for key, value in zip(keys, values, strict=True))
    return f"{NAME} = {{{pairs}}}"


def wrong(name: str, sentence: str, source: str) -> Mistake:
    """Return a mistake in the sweep cell."""
    return Mistake(NAME, name, sentence, source)


def measured(name: str, sentence: str) -> Mistake:
    """Return the mistake of storing what another sweep has led to."""
    return wrong(name, sentence, stored(runs(name)))


def scaled(factor: float) -> list[list[float]]:
    """Return the right lists, each number times a factor."""
    return [[round(factor * value, 4) for value in values] for values in VALIDATION]


def means() -> list[float]:
    """Return the six means of the right lists."""
    return [round(sum(values) / len(values), 4) for values in VALIDATION]


MISTAKES = (
    wrong(
        "p_never_passed",
        "All six lists end alike: your nets never got your p, so you trained one setting six times. Put it "
        'into each setting: {"lr": 1e-3, "dropout": p}.',
        stored([VALIDATION[0]] * 6),
    ),
    measured(
        "training",
        "These are training accuracies: they fall with p, because units are missing while they are measured. "
        + READ,
    ),
    measured(
        "training_rows",
        "These are accuracies of the training rows, labels learnt by heart included. Hand sweep "
        "(train, validation), and " + READ[0].lower() + READ[1:],
    ),
    measured(
        "train_mode",
        "You measured the validation rows in train mode, so that units were missing: at p = 0 that changes "
        "nothing, at p = 0.9 it spoils nearly every answer. Call net.eval() first.",
    ),
    measured(
        "best_epoch",
        "You took the best epoch of each run, and a best of sixty is helped by luck. Take the last one: "
        '["val_accuracy"][-1].',
    ),
    measured(
        "all_epochs",
        "These are means over all epochs, the untrained first ones included. " + READ,
    ),
    measured(
        "loss",
        'These are losses, not accuracies: with p = 0.9 near 2.1. Read "val_accuracy" instead of "val_loss".',
    ),
    measured(
        "training_loss",
        'These are losses, and of the training rows: read "val_accuracy" instead of "train_loss".',
    ),
    measured("epoch_1", 'These are accuracies of the first epoch: take ["val_accuracy"][-1], not [0].'),
    measured("epochs_10", "After ten epochs most of these nets have hardly begun: train for 60."),
    measured(
        "epochs_20", "The nets with much dropout are far from finished: train for 60 epochs, at rate 1e-3."
    ),
    measured("epochs_30", "Thirty epochs are half of what is asked for, and much dropout needs all 60."),
    measured(
        "epochs_80", "These look like 80 epochs: with p = 0 more labels are learnt by heart. Train for 60."
    ),
    measured(
        "epochs_100",
        "These look like 100 epochs or more: with p = 0 the wrong labels are learnt. Train for 60.",
    ),
    measured("rate_1e4", "At rate 1e-4 nothing is finished after 60 epochs. The rate of this sweep is 1e-3."),
    measured("rate_2e3", "These look like a higher learning rate than asked for: it is 1e-3."),
    measured(
        "rate_1e2", "At rate 1e-2 the nets with p = 0.9 end at guessing. The rate of this sweep is 1e-3."
    ),
    measured("batches_of_16", "These look like batches of 16: batches of 32 are asked for."),
    measured(
        "one_batch",
        "These look like one update an epoch, with all rows at once: batches of 32 are asked for.",
    ),
    measured(
        "sgd",
        "No run has learnt anything: plain SGD at rate 1e-3 hardly moves. Leave it to sweep: Adam.",
    ),
    measured("clean", "These nets learnt from clean labels: write digits_noisy(), without noise=0.0."),
    measured(
        "test_rows",
        "These are accuracies of the test rows, which choose nothing. Hand sweep (train, validation).",
    ),
    measured("last_layer", "Your net drops its logits, too: no dropout after the last linear layer."),
    measured("inputs", "Your net drops its pixels, too: no dropout before the first linear layer."),
    measured(
        "one_layer",
        "With p = 0.9 your net learns too well: there is dropout after one hidden layer only. Both have it.",
    ),
    measured(
        "wide",
        "Your net learns more than 128 and 64 hidden units do: FlexibleClassifier(64, (128, 64), 10, …).",
    ),
    wrong(
        "turned_round",
        "The net that hardly learns lies under p = 0: keys and lists are in different orders, or p became "
        "the share that is kept. zip(drop_rates, histories) keeps them together.",
        stored(VALIDATION[::-1]),
    ),
    wrong(
        "means",
        "Under each p lies one number, perhaps the mean. The plot needs the spread, too: store the list, one "
        "accuracy for each seed.",
        stored(means()),
    ),
    wrong(
        "mean_and_spread",
        "Under each p lies a pair, perhaps mean and spread. Store the list of accuracies, one for each of at "
        "least three seeds.",
        stored([(mean, 0.01) for mean in means()]),
    ),
    wrong(
        "one_seed",
        "Each list holds a single run, and one run is a lottery ticket: give sweep at least three seeds.",
        stored([values[:1] for values in VALIDATION]),
    ),
    wrong(
        "whole_histories",
        "Under each p lie the accuracies of all epochs. Of each seed the last one is asked for: [-1].",
        stored([[[0.4, 0.8, last] for last in values] for values in VALIDATION]),
    ),
    wrong(
        "one_curve",
        "Each list is longer than any number of seeds that was asked for: are these the "
        "60 epochs of one run? "
        "Of each seed take the last epoch.",
        stored([[round(values[0] * (1 - 0.9 ** (i + 40)), 4) for i in range(60)] for values in VALIDATION]),
    ),
    wrong(
        "histories",
        "You stored the histories themselves. " + READ,
        f"{NAME} = {{p: [{{'val_loss': [0.5, 0.4], 'val_accuracy': [0.8, 0.87]}}] * 3 for p in "
        f"({', '.join(KEYS)})}}",
    ),
    wrong(
        "percents",
        "You stored percents. Shares from 0 to 1 are asked for: leave out the factor 100.",
        stored(scaled(100)),
    ),
    wrong(
        "counts",
        "You stored how many of the 500 rows are right. Shares from 0 to 1 are asked for: divide by 500.",
        stored([[round(500 * value) for value in values] for values in VALIDATION]),
    ),
    wrong(
        "same_seed",
        "Within each list all numbers are equal: every run had the same seed. Three "
        "different seeds are asked "
        "for.",
        stored([values[:1] * 3 for values in VALIDATION]),
    ),
    wrong(
        "text_as_keys",
        "The keys of your dict are texts, such as '0.5'. Use the numbers themselves, as they stand in "
        "drop_rates.",
        stored(VALIDATION, [f"'{key}'" for key in KEYS]),
    ),
    wrong(
        "positions_as_keys",
        "The keys of your dict are positions, 0 to 5, or percents. The keys are the "
        "values of p: zip(drop_rates, "
        "histories) gives both together.",
        stored(VALIDATION, ("0", "1", "2", "3", "4", "5")),
    ),
    wrong(
        "seeds_as_keys",
        "Your dict has the seeds as keys, and under each the six values of p. Turn it "
        "round: under each p the "
        "list of its seeds.",
        stored([list(run) for run in zip(*VALIDATION, strict=True)], ("0", "1", "2")),
    ),
    wrong(
        "a_list",
        "You stored a list. A dict is asked for, with the list of accuracies under each p: {p: […], …}.",
        f"{NAME} = {VALIDATION}",
    ),
    wrong(
        "an_array",
        "You stored an array. A dict is asked for, with the list of accuracies under each p: {p: […], …}.",
        f"import numpy as np\n{NAME} = np.array({VALIDATION})",
    ),
    wrong(
        "an_empty_dict",
        "Your dict is empty. Fill it: a list of accuracies under each of the six values of p.",
        f"{NAME} = {{}}",
    ),
    wrong(
        "one_p_missing",
        "One of the six values of p is missing. Train with every one of drop_rates.",
        stored([*VALIDATION[:2], *VALIDATION[3:]], (*KEYS[:2], *KEYS[3:])),
    ),
    wrong(
        "p_zero_missing",
        "p = 0 is missing, and without it nothing tells what dropout does. Train with every p of drop_rates.",
        stored(VALIDATION[1:], KEYS[1:]),
    ),
    wrong(
        "one_p_too_many",
        "There are more than the six values of drop_rates. Look at as many as you like, but store the six.",
        stored([*VALIDATION[:3], [0.912, 0.914, 0.91], *VALIDATION[3:]], (*KEYS[:3], "0.4", *KEYS[3:])),
    ),
    wrong(
        "most_missing",
        "p = 0.9 is missing, where the most is to be seen. Train with every p of drop_rates.",
        stored(VALIDATION[:5], KEYS[:5]),
    ),
)
