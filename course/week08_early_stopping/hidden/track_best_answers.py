"""Typical mistakes in track_best: which loss is the best one, and what is kept of it."""

from autograder.checks.answers import changed
from autograder.model import Mistake

RIGHT = """
import copy

best = {"loss": math.inf, "epoch": None, "state": None}

def track_best(net, epoch, stats):
    loss = stats["val_loss"]
    if loss < best["loss"]:
        best["loss"] = loss
        best["epoch"] = epoch
        best["state"] = copy.deepcopy(net.state_dict())
"""
LOSS = 'loss = stats["val_loss"]'
RULE = 'if loss < best["loss"]:'
KEEP = '        best["state"] = copy.deepcopy(net.state_dict())\n'
COPY = "copy.deepcopy(net.state_dict())"
ENTRIES = RIGHT[RIGHT.index('        best["loss"] = loss') :]


def slip(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a right answer with each (old, new) replaced."""
    return changed("track_best", RIGHT, name, sentence, *changes)


MISTAKES = (
    slip(
        "names_with_spaces",
        'You ask for an entry that is not there: fit writes its names with underscores, stats["val_loss"], '
        'and best has "loss", "epoch" and "state". Print stats.keys() to see them all.',
        ("val_loss", "validation loss"),
    ),
    slip(
        "training_loss",
        "You look at the training loss, which nearly always is lowest in the last epoch. What counts is "
        'stats["val_loss"].',
        ("val_loss", "train_loss"),
    ),
    slip(
        "accuracy_as_a_loss",
        "You look for the lowest validation *accuracy*. The loss is what should be low.",
        ("val_loss", "val_accuracy"),
    ),
    slip(
        "highest_accuracy",
        'You keep the epoch of the highest accuracy. The task asks for the lowest stats["val_loss"].',
        ("val_loss", "val_accuracy"),
        (RULE, 'if loss > best["loss"] or best["epoch"] is None:'),
    ),
    slip(
        "highest_loss",
        "You keep the highest loss: turn the comparison round.",
        (RULE, 'if loss > best["loss"] or best["epoch"] is None:'),
    ),
    slip(
        "later_of_equal_losses",
        "Of two equal losses you keep the later one: < in place of <=.",
        (RULE, 'if loss <= best["loss"]:'),
    ),
    slip(
        "nan_wins",
        "A nan becomes the best loss: every comparison with nan is False, so `not loss >= …` is True. Ask "
        "loss < best['loss'].",
        (RULE, 'if not loss >= best["loss"]:'),
    ),
    slip(
        "first_loss_taken_whatever_it_is",
        "The first loss is taken whatever it is; a nan there is never beaten again. The infinity in "
        "best makes a special first epoch unnecessary.",
        (RULE, 'if best["epoch"] is None or loss < best["loss"]:'),
    ),
    slip(
        "min_then_equal",
        "min() takes the lower number, and then you ask whether the two are equal: so a later equal loss is "
        "kept as well, and min(nan, x) is nan. One comparison with < does both.",
        (RULE, 'best["loss"] = min(loss, best["loss"])\n    if loss == best["loss"]:'),
        ('        best["loss"] = loss\n', ""),
    ),
    slip(
        "every_epoch_is_the_best",
        "You write into best in every epoch, so the last one stays. Compare first.",
        (RULE, "if loss == loss:"),
    ),
    slip(
        "only_the_first_epoch",
        "best keeps what the first epoch brought: you write only if it is empty. Compare the loss with "
        "best['loss'].",
        (RULE, 'if best["epoch"] is None and loss == loss:'),
    ),
    slip(
        "compared_with_the_epoch_before",
        "You compare with the loss of the epoch before, or with one in a name of your own, not with the "
        "lowest so far, and any small gain after a jump counts.",
        ("def track_best", "before = [math.inf]\n\ndef track_best"),
        (RULE, "last, before[0] = (math.inf if epoch == 0 else before[0]), loss\n    if loss < last:"),
    ),
    slip(
        "compared_with_the_epoch_before_also_in_a_new_run",
        "You compare with the loss of the epoch before, which you keep in a name of your own. Compare with "
        "the lowest so far, best['loss'], and rely on nothing else.",
        ("def track_best", "before = [math.inf]\n\ndef track_best"),
        (RULE, "last, before[0] = before[0], loss\n    if loss < last:"),
    ),
    slip(
        "only_the_state",
        "You keep the state alone. Loss and epoch belong to it: three entries change together.",
        ('        best["loss"] = loss\n        best["epoch"] = epoch\n', ""),
    ),
    slip(
        "epoch_plus_1",
        "best['epoch'] is one too high: keep the epoch as it was given. fit counts from 0, as lists do.",
        ('best["epoch"] = epoch', 'best["epoch"] = epoch + 1'),
    ),
    slip(
        "epoch_missing",
        "best['epoch'] does not change. Loss, epoch and state change together.",
        ('        best["epoch"] = epoch\n', ""),
    ),
    slip(
        "only_the_loss",
        "You keep the loss alone. The epoch and a copy of the state belong to it: three entries "
        "change together.",
        ('        best["epoch"] = epoch\n', ""),
        (KEEP, ""),
    ),
    slip(
        "epoch_always_the_newest",
        "best['epoch'] is always the newest epoch: that line belongs inside the if.",
        ('        best["epoch"] = epoch\n', ""),
        (LOSS, LOSS + '\n    best["epoch"] = epoch'),
    ),
    slip(
        "loss_missing",
        "best['loss'] stays infinite, so every epoch is better than it. Change all three entries.",
        ('        best["loss"] = loss\n', ""),
    ),
    slip(
        "only_large_gains",
        "You ask for a loss that is lower by some margin. Here any lower loss wins, however little it is.",
        (RULE, 'if loss < best["loss"] - 1e-4:'),
    ),
    slip(
        "both_losses_added",
        "You add the training loss to the validation loss. Only stats['val_loss'] counts.",
        (RULE, 'if loss + stats["train_loss"] < best["loss"]:'),
    ),
    slip(
        "keeps_the_lowest_elsewhere",
        "The lowest loss lives in a name or a list of your own, so in a second run, with a new best, nothing "
        "is ever low enough. Compare with best['loss'].",
        ("def track_best", "lowest = [math.inf]\n\ndef track_best"),
        (RULE, "if loss < lowest[0]:\n        lowest[0] = loss"),
    ),
    slip(
        "counts_epochs_itself",
        "You count the calls yourself, and in a second run you go on where the first one ended. fit "
        "tells the epoch.",
        ("def track_best", "calls = []\n\ndef track_best"),
        (LOSS, LOSS + "\n    calls.append(loss)\n    epoch = len(calls) - 1"),
    ),
    slip(
        "default_argument",
        "best=best in the def line holds the dict that was there when the function was made. A second run "
        "has a new one: use the name best in the body alone.",
        ("epoch, stats)", "epoch, stats, best=best)"),
    ),
    slip(
        "local_name",
        "best = … inside a function makes a new local name, so Python raises UnboundLocalError at the "
        "comparison. Change the entries: best['loss'] = ….",
        (ENTRIES, f'        best = {{"loss": loss, "epoch": epoch, "state": {COPY}}}\n'),
    ),
    slip(
        "nothing_put_into_best",
        "After your function, best is as it was. Is your comparison ever true (stats['val_loss'] < "
        "best['loss'])? Or did you fill a new dict? That is forgotten: change the entries of best.",
        (LOSS, LOSS + '\n    found = {"loss": math.inf}'),
        (RULE, 'if loss < found["loss"]:'),
        (ENTRIES, f'        found = {{"loss": loss, "epoch": epoch, "state": {COPY}}}\n'),
    ),
)
