"""Typical mistakes in EarlyStopping: when an epoch counts as better, and when it is time to stop."""

from autograder.checks.answers import changed
from autograder.model import Mistake

RIGHT = """
import copy

class EarlyStopping:
    def __init__(self, patience=5, min_delta=0.0):
        if patience < 1 or min_delta < 0:
            raise ValueError("patience >= 1 and min_delta >= 0, please")
        self.patience = patience
        self.min_delta = min_delta
        self.best_loss = float("inf")
        self.best_epoch = None
        self.best_state = None
        self.epoch = -1
        self.bad = 0

    def step(self, loss, model=None):
        self.epoch += 1
        loss = float(loss)
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best_epoch = self.epoch
            self.bad = 0
            if model is not None:
                self.best_state = copy.deepcopy(model.state_dict())
        else:
            self.bad += 1
        return self.bad >= self.patience
"""
RULE = "if loss < self.best_loss - self.min_delta:"
ANSWER = "return self.bad >= self.patience"
COPY = "copy.deepcopy(model.state_dict())"


def slip(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a right answer with each (old, new) replaced."""
    return changed("early_stopping", RIGHT, name, sentence, *changes)


MISTAKES = (
    slip(
        "one_epoch_too_late",
        "You stop one epoch too late: with patience 3 the third bad epoch in a row is the last. "
        "The count has reached patience when it is >= patience.",
        (ANSWER, "return self.bad > self.patience"),
    ),
    slip(
        "one_epoch_too_early",
        "You stop one epoch too early: with patience 3 two bad epochs in a row are still allowed.",
        (ANSWER, "return self.bad >= self.patience - 1"),
    ),
    slip(
        "true_only_once",
        "You answer True only where the count equals patience. An epoch later it is above it and you say "
        "False again: ask count >= patience.",
        (ANSWER, "return self.bad == self.patience"),
    ),
    slip(
        "count_starts_anew_after_the_stop",
        "After a True you set the count back to 0, so that the next bad epoch gets False. Only an "
        "improvement starts the count anew.",
        (
            ANSWER,
            "stop = self.bad >= self.patience\n        self.bad = 0 if stop else self.bad\n        "
            "return stop",
        ),
    ),
    slip(
        "count_never_starts_anew",
        "Your count only grows, so bad epochs that lie far apart add up. An improvement starts it anew: "
        "set it to 0.",
        ("self.best_epoch = self.epoch\n            self.bad = 0", "self.best_epoch = self.epoch"),
    ),
    slip(
        "counts_from_the_start_of_the_run",
        "You count all epochs since the start of the run, good ones too. Count those since the last "
        "improvement.",
        (ANSWER, "return self.epoch + 1 >= self.patience"),
    ),
    slip(
        "counts_from_the_start_of_the_run_late",
        "You count all epochs since the start of the run, good ones too. Count those since the last "
        "improvement.",
        (ANSWER, "return self.epoch >= self.patience"),
    ),
    slip(
        "min_delta_ignored",
        "min_delta plays no part: a tiny gain counts as an improvement. Compare the loss with "
        "best_loss - min_delta.",
        (RULE, "if loss < self.best_loss:"),
    ),
    slip(
        "min_delta_added",
        "You compare with best_loss + min_delta, so that a loss that is a little *worse* counts as better. "
        "An improvement must be larger than min_delta: subtract it.",
        (RULE, "if loss < self.best_loss + self.min_delta:"),
    ),
    slip(
        "min_delta_as_a_share",
        "You take min_delta as a share of best_loss. Here it is a loss, to be subtracted as it is: "
        "best_loss - min_delta.",
        (RULE, "if loss < self.best_loss * (1 - self.min_delta):"),
    ),
    slip(
        "border_counts_as_better",
        "A loss of exactly best_loss - min_delta counts as better in your class. The rule has <, not "
        "<=; with <= a flat curve would train for ever.",
        (RULE, "if loss <= self.best_loss - self.min_delta:"),
    ),
    slip(
        "compared_with_the_epoch_before",
        "You compare with the loss of the epoch before. A slow climb out of a valley, or a zigzag, "
        "then looks like progress: compare with the best so far.",
        (
            "loss = float(loss)",
            'loss = float(loss)\n        before = getattr(self, "before", float("inf"))\n'
            "        self.before = loss",
        ),
        (RULE, "if loss < before - self.min_delta:"),
    ),
    slip(
        "highest_is_best",
        "You keep the highest loss. Losses are good when they are low: < in place of >, and best_loss starts "
        "at infinity.",
        ('self.best_loss = float("inf")', 'self.best_loss = float("-inf")'),
        (RULE, "if loss > self.best_loss + self.min_delta:"),
    ),
    slip(
        "every_small_gain_moves_best_loss",
        "best_loss follows every gain, however small, but the count does not: many small steps never add up. "
        "One rule for both: what is no improvement changes nothing.",
        (
            "        else:\n            self.bad += 1",
            "        else:\n            self.bad += 1\n            if loss < self.best_loss:\n"
            "                self.best_loss, self.best_epoch = loss, self.epoch",
        ),
    ),
    slip(
        "small_gains_start_the_count_anew",
        "best_loss is right, but a gain smaller than min_delta still starts your count anew. What is no "
        "improvement adds 1 to it.",
        (
            "        else:\n            self.bad += 1",
            "        elif loss < self.best_loss:\n            self.bad = 0\n"
            "        else:\n            self.bad += 1",
        ),
    ),
    slip(
        "only_worse_losses_count",
        "You count only losses above the best one. An equal loss, and a gain that is too small, are no "
        "improvements either: write else.",
        (
            "        else:\n            self.bad += 1",
            "        elif not loss <= self.best_loss or loss == float('inf'):\n            self.bad += 1",
        ),
    ),
    slip(
        "never_true",
        "step never answers True, so no run ever stops. Return the comparison of your count with patience.",
        (ANSWER, "return False"),
    ),
    slip(
        "patience_always_5",
        "You always wait for 5 epochs, whatever patience is. Keep it in __init__ (self.patience = patience) "
        "and compare with it.",
        (ANSWER, "return self.bad >= 5"),
    ),
)
