"""Typical mistakes in EarlyStopping: nan, infinity, where best_loss starts, and which epoch is best."""

from hidden.early_stopping_answers import ANSWER, RULE, slip

MISTAKES = (
    slip(
        "nan_becomes_the_best",
        "A nan becomes your best loss. nan > x is False and nan < x is False: say what *is* an improvement, "
        "loss < best_loss - min_delta, not what is none.",
        (RULE, "if not loss >= self.best_loss - self.min_delta:"),
    ),
    slip(
        "first_loss_taken_whatever_it_is",
        "The first loss becomes the best one whatever it is, so a nan at the start is never beaten. Begin "
        "with infinity, and let the rule decide.",
        (RULE, "if self.best_epoch is None or loss < self.best_loss - self.min_delta:"),
    ),
    slip(
        "nan_does_not_count",
        "An epoch whose loss is nan is passed over: it does not add to your count, and a run of nothing but "
        "nan never ends. Every epoch without improvement counts.",
        ("        else:\n            self.bad += 1", "        elif loss == loss:\n            self.bad += 1"),
    ),
    slip(
        "nan_is_an_error",
        "Your step raises an error for nan. By the rule it is a bad epoch like any other.",
        (
            "loss = float(loss)",
            "loss = float(loss)\n        if loss != loss:\n            raise ValueError('nan')",
        ),
    ),
    slip(
        "nan_stops_at_once",
        "A nan ends your run at once. By the rule it is a bad epoch like any other: it adds 1 to the count.",
        (ANSWER, "return self.bad >= self.patience or loss != loss"),
    ),
    slip(
        "nan_is_no_epoch",
        "You leave out epochs whose loss is nan, in the count of epochs as well. Each call of step is one "
        "epoch, so count first and compare then.",
        (
            "        self.epoch += 1\n        loss = float(loss)\n",
            "        loss = float(loss)\n        if loss != loss:\n            return False\n"
            "        self.epoch += 1\n",
        ),
    ),
    slip(
        "starts_at_a_finite_number",
        "best_loss starts at a number that is not large enough: a loss above it can never become the best. "
        "Start with infinity, float('inf') or math.inf.",
        ('self.best_loss = float("inf")', "self.best_loss = 1.0"),
    ),
    slip(
        "starts_at_a_large_number",
        "best_loss starts at a large finite number. The task says infinity: a first loss above yours could "
        "never be the best, and after nothing but nan yours would look like a loss.",
        ('self.best_loss = float("inf")', "self.best_loss = 1e9"),
    ),
    slip(
        "best_loss_none_at_first",
        "best_loss is None before the first improvement, and then the first loss is taken whatever it is, "
        "nan too. The task says infinity: with it one rule does for all losses.",
        ('self.best_loss = float("inf")', "self.best_loss = None"),
        (RULE, "if self.best_loss is None or loss < self.best_loss - self.min_delta:"),
    ),
    slip(
        "infinite_losses_are_an_error",
        "Your step raises an error for nan and infinity. By the rule both are bad epochs like any other.",
        (
            "loss = float(loss)",
            "loss = float(loss)\n        if loss - loss != 0:\n            raise ValueError('nan')",
        ),
    ),
    slip(
        "epochs_counted_from_1",
        "You count epochs from 1. Here the first call of step is epoch 0, as positions in a list are.",
        ("self.epoch = -1", "self.epoch = 0"),
    ),
    slip(
        "best_epoch_counts_improvements",
        "best_epoch counts the improvements and not the epochs: add 1 in every call of step, bad ones too.",
        ("        self.epoch += 1\n", ""),
        (
            "            self.best_loss = loss\n",
            "            self.epoch += 1\n            self.best_loss = loss\n",
        ),
    ),
    slip(
        "best_epoch_is_the_last_epoch",
        "best_epoch is always the newest epoch. Set it in the branch of the improvement only.",
        (ANSWER, "self.best_epoch = self.epoch\n        " + ANSWER),
    ),
    slip(
        "best_epoch_starts_at_0",
        "best_epoch is 0 before anything was best. As long as no loss was an improvement it should be None.",
        ("self.best_epoch = None", "self.best_epoch = 0"),
    ),
)
