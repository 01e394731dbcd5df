"""Typical mistakes in the sweep cell, and right dicts of other seeds: stored results, nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.model import Mistake, Variant

NAME = "weight_decay_results"
KEYS = ("0", "1e-4", "1e-3", "1e-2", "1e-1")
# Measured with the seeds 0, 1, 2: the mean at each strength, of the last epoch if nothing else is said.
VALIDATION = (0.873333, 0.876, 0.881333, 0.897333, 0.082)
TRAINING = (0.876667, 0.883333, 0.872222, 0.824444, 0.126667)
BEST_EPOCH = (0.907333, 0.908667, 0.906, 0.91, 0.118667)
LOSS = (0.455572, 0.452904, 0.449382, 0.528406, 2.308107)
TRAINING_LOSS = (0.439454, 0.426546, 0.464356, 0.730274, 2.295455)
ADAMW = (0.873333, 0.872667, 0.873333, 0.874, 0.876667)
SGD = (0.087333, 0.087333, 0.087333, 0.087333, 0.086667)
AS_RATE = (0.066667, 0.800667, 0.873333, 0.806, 0.451333)
FIRST_EPOCH = (0.308, 0.307333, 0.302667, 0.268, 0.105333)
TEST_ROWS = (0.840522, 0.841859, 0.846874, 0.873287, 0.090271)
OTHER_ROWS = (0.854, 0.855333, 0.854, 0.868667, 0.112)
EPOCHS_100 = (0.824667, 0.822667, 0.837333, 0.890667, 0.082)
EPOCHS_30 = (0.901333, 0.903333, 0.902667, 0.892, 0.085333)


def stored(values: Sequence[float], keys: Sequence[str] = KEYS) -> str:
    """Return a cell that stores these values under these keys."""
    pairs = ", ".join(f"{key}: {value!r}" for key, value in zip(keys, values, strict=True))
    return f"{NAME} = {{{pairs}}}"


def wrong(name: str, sentence: str, source: str) -> Mistake:
    """Return a mistake in the sweep cell."""
    return Mistake(NAME, name, sentence, source)


MISTAKES = (
    wrong(
        "lam_never_passed",
        "All five accuracies are equal to all digits: the optimizer never got your lam, so you trained one "
        'setting five times. Put it into each setting: {"lr": 1e-3, "weight_decay": lam}.',
        stored((VALIDATION[0],) * 5),
    ),
    wrong(
        "lam_as_the_rate",
        "Without decay your net guesses, and with 0.1 it does not: lam stands in the place of the learning "
        'rate. The rate is 1e-3 in all settings, and lam belongs to "weight_decay".',
        stored(AS_RATE),
    ),
    wrong(
        "training_accuracy",
        "These are training accuracies: they fall with lam, because less of the wrong labels is learnt by "
        'heart. Read "val_accuracy" of each history.',
        stored(TRAINING),
    ),
    wrong(
        "best_epoch",
        "You took the best epoch of each run, and a best of sixty is helped by luck. Take the last one: "
        '["val_accuracy"][-1].',
        stored(BEST_EPOCH),
    ),
    wrong(
        "validation_loss",
        "These are losses: ln 10 = 2.3 at lam 0.1 is the loss of guessing among ten classes. Read "
        '"val_accuracy" instead of "val_loss".',
        stored(LOSS),
    ),
    wrong(
        "training_loss",
        'These are losses, and of the training rows: read "val_accuracy" instead of "train_loss".',
        stored(TRAINING_LOSS),
    ),
    wrong(
        "percents",
        "You stored percents. Shares from 0 to 1 are asked for: leave out the factor 100.",
        stored([100 * value for value in VALIDATION]),
    ),
    wrong(
        "sum_over_the_seeds",
        "These are sums over your seeds: an accuracy is at most 1. Divide by the number of seeds.",
        stored([3 * value for value in VALIDATION]),
    ),
    wrong(
        "test_rows",
        "These look like accuracies of the test rows, which choose nothing. Train and validate with (train, "
        "validation).",
        stored(TEST_ROWS),
    ),
    wrong(
        "other_rows",
        "Without decay these nets end near 0.88, and yours lower, and at lam 0.1 another share of the rows "
        "is right: digits_noisy() as it comes, without arguments, and its validation rows.",
        stored(OTHER_ROWS),
    ),
    wrong(
        "another_setting_ends_lower",  # so do batches of 16 (.853), rate 2e-3 (.838), a mean over all epochs
        "Without decay these nets end near 0.88, and yours lower: more epochs, smaller batches, a higher "
        "rate or a mean over all epochs do that. The task: the last of 60 epochs, batches of 32, rate 1e-3.",
        stored(EPOCHS_100),
    ),
    wrong(
        "another_setting_ends_higher",  # so does the rate 3e-4 (.898)
        "Without decay these nets end near 0.88, and yours higher: fewer epochs or a smaller rate do that. "
        "The task: the last of 60 epochs, batches of 32, rate 1e-3.",
        stored(EPOCHS_30),
    ),
    wrong(
        "adamw",
        "At lam 0.1 nothing happened to your net: that is AdamW, whose decay is a hundred times weaker here. "
        'This sweep is Adam\'s: leave "optimizer" out, and take 0.1 from lambdas.',
        stored(ADAMW),
    ),
    wrong(
        "sgd",
        "No run learnt anything: plain SGD at rate 1e-3 has hardly moved after 60 epochs. This sweep is "
        'Adam\'s: leave the optimizer out of the settings, or say "adam".',
        stored(SGD),
    ),
    wrong(
        "one_seed",
        "These five numbers are those of a single run for each lam (or of two). One run is a lottery "
        "ticket: give sweep at least three seeds, and take the mean over them.",
        stored((0.874, 0.874, 0.886, 0.904, 0.082)),
    ),
    wrong(
        "first_epoch",
        "After 60 epochs these nets are right in more than 80 % of the rows. Yours look like the first "
        'epoch: take ["val_accuracy"][-1], not [0], and train for 60.',
        stored(FIRST_EPOCH),
    ),
    wrong(
        "lists_of_seeds",
        "Under each lam lies a list with one accuracy for each seed. One number is asked for: their mean.",
        f"{NAME} = {{0: [0.874, 0.862, 0.884], 1e-4: [0.874, 0.868, 0.886], 1e-3: [0.886, 0.872, 0.886], "
        "1e-2: [0.904, 0.896, 0.892], 1e-1: [0.082, 0.082, 0.082]}",
    ),
    wrong(
        "text_as_keys",
        "The keys of your dict are texts, such as '0.01'. Use the numbers themselves, as they stand in "
        "lambdas.",
        stored(VALIDATION, ("'0'", "'0.0001'", "'0.001'", "'0.01'", "'0.1'")),
    ),
    wrong(
        "positions_as_keys",
        "The keys of your dict are positions, 0 to 4. The keys are the lams: zip(lambdas, histories) gives "
        "both together.",
        stored(VALIDATION, ("0", "1", "2", "3", "4")),
    ),
    wrong(
        "a_list",
        "You stored a list. A dict is asked for, with one mean under each lam: {lam: mean, …}.",
        f"{NAME} = {list(VALIDATION)}",
    ),
    wrong(
        "keys_turned_round",
        "The collapse to guessing lies under lam 0, where no weight is pulled: keys and histories are in "
        "different orders. zip(lambdas, histories) keeps them together.",
        stored(VALIDATION[::-1]),
    ),
    wrong(
        "one_lam_missing",
        "One of the five lams is missing. Train with every value of lambdas.",
        stored([*VALIDATION[:2], *VALIDATION[3:]], ("0", "1e-4", "1e-2", "1e-1")),
    ),
    wrong(
        "one_lam_too_many",
        "There are more than the five lams of lambdas. Look at as many as you like, but store the five.",
        stored([*VALIDATION, 0.828], (*KEYS, "3e-2")),
    ),
    wrong(
        "pairs_of_mean_and_spread",
        "Under each lam lies a pair, perhaps mean and spread. One number is asked for: the mean.",
        f"{NAME} = {{0: (0.8733, 0.011), 1e-4: (0.876, 0.0092), 1e-3: (0.8813, 0.0081), 1e-2: (0.8973, "
        "0.0061), 1e-1: (0.082, 0.0)}",
    ),
    wrong(
        "histories",
        "You stored the histories themselves. From each take the last validation accuracy, and of these the "
        "mean over the seeds.",
        f"{NAME} = {{lam: [{{'val_loss': [0.5, 0.4], 'val_accuracy': [0.8, 0.87]}}] for lam in "
        "(0, 1e-4, 1e-3, 1e-2, 1e-1)}",
    ),
    wrong(
        "sum_over_more_seeds",
        "These are sums over your seeds: an accuracy is at most 1. Divide by the number of seeds.",
        stored([5 * value for value in VALIDATION]),
    ),
    wrong(
        "largest_missing",
        "Your dict has no mean for lam 0.1, the strongest decay, where the most is to be seen. Train with "
        "every value of lambdas.",
        stored(VALIDATION[:4], KEYS[:4]),
    ),
    wrong(
        "largest_is_one",
        "Your dict has a key that is none of the five lams, and 0.1 is missing: the largest is 1e-1, not 1.",
        stored(VALIDATION, (*KEYS[:4], "1")),
    ),
    wrong(
        "an_array",
        "You stored an array. A dict is asked for, with one mean under each lam: {lam: mean, …}.",
        f"import numpy as np\n{NAME} = np.array({VALIDATION})",
    ),
    wrong(
        "an_empty_dict",
        "Your dict is empty. Fill it: one mean under each of the five lams.",
        f"{NAME} = {{}}",
    ),
    wrong(
        "pairs_as_keys",
        "Your keys are pairs, perhaps of rate and lam. The key is lam alone, a number.",
        stored(VALIDATION, [f"(1e-3, {key})" for key in KEYS]),
    ),
    wrong(
        "a_number",
        "You stored one number. A dict is asked for, with one mean under each of the five lams.",
        f"{NAME} = 0.897333",
    ),
)


def right(name: str, source: str) -> Variant:
    """Return a right answer."""
    return Variant(NAME, name, source)


VARIANTS = (
    right("five_seeds", stored((0.8764, 0.8788, 0.8824, 0.8972, 0.082))),
    right("ten_seeds", stored((0.876, 0.8754, 0.8818, 0.8966, 0.082))),
    right("three_low_seeds", stored((0.862, 0.86, 0.866, 0.888667, 0.082))),
    right("three_high_seeds", stored((0.89, 0.885333, 0.886, 0.906, 0.082))),
    right("twenty_seeds", stored((0.8775, 0.8765, 0.8798, 0.8963, 0.082))),
    right("another_order", stored(VALIDATION[::-1], KEYS[::-1])),
    right(
        "numpy",
        f"{NAME} = dict(zip(np.array([{', '.join(KEYS)}]), np.array({VALIDATION})))",
    ),
    right("logspace", f"{NAME} = dict(zip([0.0, *np.logspace(-4, -1, 4)], {VALIDATION}))"),
    right(
        "tensors",
        f"{NAME} = {{}}\nfor lam, mean in zip([{', '.join(KEYS)}], torch.tensor({VALIDATION})):\n"
        f"    {NAME}[lam] = mean",
    ),
    right(
        "loop_over_stored_runs",
        "from collections import defaultdict\n"
        f"{NAME} = defaultdict(float)\n"
        "for lam, runs in {0: (0.874, 0.862, 0.884), 1e-4: (0.874, 0.868, 0.886), 1e-3: (0.886, 0.872, "
        "0.886),\n                  1e-2: (0.904, 0.896, 0.892), 1e-1: (0.082, 0.082, 0.082)}.items():\n"
        "    for accuracy in runs:\n"
        f"        {NAME}[lam] += accuracy / 3\n",
    ),
    right("rounded", stored([round(value, 2) for value in VALIDATION])),
)
