"""What was published of one run: the results that the experiments are held against.

All are of Fashion-MNIST, 1000 rows to train and 500 to validate, a 784-128-64-10 net with ReLU, Adam with a
rate of 0.0001, batches of 32, 150 epochs. Accuracies were published to three digits, mean |weight| to four.
"""

from __future__ import annotations

from dataclasses import dataclass

from sweeps import Setting

RATE = 1e-4
EPOCHS = 150
BATCH_SIZE = 32
PATIENCE = 5

TRAIN, VALIDATION, WEIGHT = "train_accuracy", "val_accuracy", "train_mean_abs_weight"
DIGITS = {TRAIN: 3, VALIDATION: 3, WEIGHT: 4}
WORDS = {TRAIN: "training accuracy", VALIDATION: "validation accuracy", WEIGHT: "mean \\|weight\\|"}

BASE = Setting(lr=RATE, dropout=0.0)  # without any regularization


@dataclass(frozen=True)
class Study:
    """Hold what is varied, and what was published of each value of it: {measure: number}."""

    title: str
    symbol: str
    settings: dict[float, Setting]
    published: dict[float, dict[str, float]]


def published_rows(measures: tuple[str, ...], rows: dict[float, tuple[float, ...]]) -> dict:
    """Return {value: {measure: number}} of rows {value: numbers in the order of the measures}."""
    return {value: dict(zip(measures, numbers, strict=True)) for value, numbers in rows.items()}


DECAYS = (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
DROPOUTS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
RATES = (0.1, 0.01, 0.001, 0.0001)

WEIGHT_DECAY = Study(
    "Weight decay",
    "λ",
    {decay: Setting(lr=RATE, dropout=0.0, weight_decay=decay) for decay in DECAYS},
    published_rows(
        (TRAIN, VALIDATION, WEIGHT),
        {
            0.0: (0.945, 0.824, 0.0338),
            1e-4: (0.956, 0.818, 0.0309),
            1e-3: (0.944, 0.821, 0.0240),
            1e-2: (0.900, 0.832, 0.0117),
            1e-1: (0.647, 0.650, 0.0046),
        },
    ),
)
DROPOUT = Study(
    "Dropout",
    "p",
    {rate: Setting(lr=RATE, dropout=rate) for rate in DROPOUTS},
    published_rows(
        (TRAIN, VALIDATION),
        {
            0.0: (0.954, 0.841),
            0.1: (0.924, 0.824),
            0.3: (0.888, 0.834),
            0.5: (0.842, 0.822),
            0.7: (0.673, 0.775),
            0.9: (0.314, 0.536),
        },
    ),
)
EARLY_STOPPING = Study("Early stopping", "rate", {rate: Setting(lr=rate, dropout=0.0) for rate in RATES}, {})
STUDIES = (WEIGHT_DECAY, DROPOUT, EARLY_STOPPING)

# The same setting, without regularization, has three different values in the same source.
UNREGULARIZED = (0.824, 0.841, 0.828)

# To all digits, by λ: what --replicate has to give, if it repeats the protocol to the letter.
EXACT_VALIDATION = dict(zip(DECAYS, (0.823828, 0.817578, 0.820703, 0.831641, 0.650000), strict=True))
