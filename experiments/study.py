"""Train all settings of the studies with several seeds, and say where one more run would be expected."""

from __future__ import annotations

import contextlib
import io
import math
import statistics
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from course_data import fashion_mnist
from scipy.stats import t as student_t
from sweeps import Setting
from torch import nn
from torch.utils.data import TensorDataset

from experiments.published import BATCH_SIZE, STUDIES
from utils import sweep

Lists = dict[str, list[float]]
Histories = dict[Setting, list[Lists]]  # a history per seed
Band = tuple[float, float]
Load = Callable[[int], Sequence[TensorDataset]]  # seed -> train, validation, …


def load_data(seed: int) -> tuple[TensorDataset, ...]:
    """Return train and validation sets drawn from Fashion-MNIST by a seed; where it is missing, of digits."""
    with contextlib.redirect_stdout(io.StringIO()):  # its notice: the report says which data there were
        return fashion_mnist(seed=seed)


def is_fashion(data: TensorDataset) -> bool:
    """Return whether a data set is drawn from Fashion-MNIST, by its 784 pixels."""
    return data.tensors[0].shape[1] == 784


def dropout_net(inputs: int, rate: float = 0.0) -> nn.Sequential:
    """Return the net of all studies: with rate 0 its dropout layers do nothing, nor do they draw numbers."""
    first = nn.Linear(inputs, 128), nn.Dropout(rate), nn.ReLU()
    return nn.Sequential(*first, nn.Linear(128, 64), nn.Dropout(rate), nn.ReLU(), nn.Linear(64, 10))


def run_studies(load: Load, epochs: int, seeds: Iterable[int], progress: bool = True) -> Histories:
    """Return the histories of every setting: each seed draws its data, weights, batches and dropout.

    Settings that several studies share are trained once.
    """
    settings = list(dict.fromkeys(setting for study in STUDIES for setting in study.settings.values()))
    histories: Histories = {setting: [] for setting in settings}
    for seed in seeds:
        train, validation, *_ = load(seed)
        inputs = train.tensors[0].shape[1]
        swept = sweep(
            lambda inputs=inputs: dropout_net(inputs),
            (train, validation),
            settings,
            epochs,
            [seed],
            BATCH_SIZE,
            weights=True,
            progress=progress,
        )
        for setting, (history,) in zip(settings, swept, strict=True):
            histories[setting].append(history)
    return histories


def best_epoch(history: Lists) -> int:
    """Return the epoch, from 0, of the lowest validation loss; nan is never the lowest."""
    losses = [math.inf if math.isnan(loss) else loss for loss in history["val_loss"]]
    return losses.index(min(losses))


def mean_and_sd(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and the standard deviation (n − 1) of several values; of one, the sd is nan."""
    return statistics.fmean(values), float(np.std(values, ddof=1)) if len(values) > 1 else math.nan


def seed_band(values: Sequence[float], share: float = 0.95) -> Band:
    """Return the interval that holds one more run of this share of the time: mean ± t · sd · √(1 + 1/n).

    The 95 % prediction interval for a normal spread between seeds, with n − 1 degrees of freedom; ±3.0 sd for
    five seeds. Of one value it is (nan, nan).
    """
    mean, sd = mean_and_sd(values)
    n = len(values)
    reach = float(student_t.ppf((1 + share) / 2, n - 1)) * sd * math.sqrt(1 + 1 / n) if n > 1 else math.nan
    return mean - reach, mean + reach


def lies_inside(number: float, band: Band, digits: int) -> bool:
    """Return whether a number, published to so many digits, lies in a band rounded to as many."""
    low, high = band
    return round(low, digits) <= round(number, digits) <= round(high, digits)
