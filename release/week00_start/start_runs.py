"""Run the six lines with a fault of week 0, and measure the two heights that a loss is compared with."""

from __future__ import annotations

from functools import cache

from course_data import one_thread

from utils import get_generic_model, train_model

SEEDS, EPOCHS = range(5), 10
NOISE = 0.2  # the standard deviation of the noise in the points, as noisy_sine makes them
Losses = list[list[float]]  # (runs, epochs)

LINES = """\
model, train_loader, val_loader, test_loader, criterion, optimizer = get_generic_model()
last = []
for seed in range(5):
    history = train_model(model, train_loader, val_loader, criterion, optimizer,
                          num_epochs=10, seed=seed, verbose=False)
    last.append(history["val_loss"][-1])
"""


@cache
@one_thread()
def five_runs(mended: bool) -> Losses:
    """Return the validation losses of the five runs, as the lines make them or as they were meant."""
    losses: Losses = []
    model, train_loader, val_loader, _, criterion, optimizer = get_generic_model()
    for seed in SEEDS:
        if mended:
            model, train_loader, val_loader, _, criterion, optimizer = get_generic_model(seed)
        given = model, train_loader, val_loader, criterion, optimizer
        losses.append(train_model(*given, num_epochs=EPOCHS, seed=seed, verbose=False)["val_loss"])
    return losses


def reference_heights() -> tuple[float, float]:
    """Return two mean squared errors on the validation rows of the generic model: what must be beaten, and
    what cannot be.

    The first is that of always saying the mean of the training rows; the second is that of the noise itself,
    on average.
    """
    _, train_loader, val_loader, *_ = get_generic_model()
    train, validation = (loader.dataset.tensors[1] for loader in (train_loader, val_loader))
    return float(((validation - train.mean()) ** 2).mean()), NOISE**2
