"""Train nets on study sessions, split by student or by row, and score them on students nobody has seen.

Data: `study_sessions(120, 15, seed)`. 30 students are sealed; of the rows of the other 90 about 27 % are for
validation: those of 24 students, or as many rows drawn from all. Columns are standardised by training rows.
Net: 26-64-32-3 with ReLU and dropout, AdamW with a rate of 0.002, batches of 32, 20 epochs. Of six settings
and 20 epochs, that with the lowest validation loss is chosen. All settings and data sets train at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import torch
from course_data import one_thread
from sklearn.linear_model import LogisticRegression
from sweep_settings import as_setting, make_updates
from sweeps import Stack, forward, shuffled_batches, stack_nets, train_one_pass
from torch import Tensor, nn

from utils import SESSION_COLUMNS, FlexibleClassifier, study_sessions

SPLITS = ("student", "row", "student, no device columns", "row, no device columns")
STUDENTS, SESSIONS, SEALED, HELD_OUT = 120, 15, 30, 24
SETTINGS = [
    {"lr": 2e-3, "optimizer": "adamw", "weight_decay": decay, "dropout": dropout}
    for decay, dropout in product((0.0, 1.0), (0.0, 0.3, 0.5))
]
EPOCHS, BATCH_SIZE = 20, 32
DEVICE = [name.startswith("device") for name in SESSION_COLUMNS]
CRITERION = nn.CrossEntropyLoss()


@dataclass(frozen=True)
class Parts:
    """Hold three parts of a data set: inputs (standardised), labels, and whose rows they are."""

    x: list[Tensor]
    y: list[Tensor]
    students: list[Tensor]  # in the order: train, validation, sealed


def split_sessions(split: str, seed: int) -> Parts:
    """Return one data set in three parts, its validation rows drawn by student or by row."""
    x, y, students = study_sessions(STUDENTS, SESSIONS, seed)
    if "no device" in split:
        x[:, DEVICE] = 0.0
    drawn = torch.Generator().manual_seed(seed)
    order = torch.randperm(STUDENTS, generator=drawn)
    place = torch.argsort(order)[students]  # of each row: the place of its student in a random order
    sealed = place < SEALED
    if split.startswith("student"):
        held_out = (place >= SEALED) & (place < SEALED + HELD_OUT)
    else:
        rows = torch.nonzero(~sealed).flatten()
        drawn_rows = rows[torch.randperm(len(rows), generator=drawn)[: HELD_OUT * SESSIONS]]
        held_out = torch.zeros(len(x), dtype=torch.bool).index_fill(0, drawn_rows, True)
    parts = [~sealed & ~held_out, held_out, sealed]
    mean, sd = x[parts[0]].mean(dim=0), x[parts[0]].std(dim=0).clamp(min=1e-6)
    scaled = (x - mean) / sd
    return Parts(*([whole[part] for part in parts] for whole in (scaled, y, students)))


@one_thread()
def run_split(split: str, seeds: Sequence[int], epochs: int = EPOCHS) -> dict[str, np.ndarray]:
    """Return what a split promises and what new students get, for each data set, (seeds,) each.

    Accuracies: "validation" and "new" of the chosen net, "linear_…" of logistic regression, "majority_…" of
    the commonest label of the training rows. "dropout" and "decay" of the chosen setting. Of validation rows:
    "gain", the mean over students of the net's accuracy minus that of logistic regression, with its standard
    error taken over students ("error_students") and over rows ("error_rows").
    """
    parts = [split_sessions(split, seed) for seed in seeds]
    x, y = ([torch.stack([getattr(each, name)[i] for each in parts]) for i in range(3)] for name in "xy")
    answers, chosen = chosen_answers(x, y, seeds, epochs)
    found: list[dict[str, float]] = []
    for i, data in enumerate(parts):
        linear = LogisticRegression(max_iter=1000).fit(data.x[0].numpy(), data.y[0].numpy())
        said = [torch.as_tensor(linear.predict(rows.numpy())) for rows in data.x[1:]]
        found.append(scores(data, [each[i] for each in answers], said) | SETTINGS[chosen[i]])  # type: ignore[arg-type]
    names = [name for name in found[0] if name not in ("optimizer", "lr", "weight_decay")]
    runs = {name: np.array([one[name] for one in found]) for name in names}
    return runs | {"decay": np.array([one["weight_decay"] for one in found])}


def scores(data: Parts, net: Sequence[Tensor], linear: Sequence[Tensor]) -> dict[str, float]:
    """Return the numbers of `run_split` for one data set, from the answers on validation and sealed rows."""
    found: dict[str, float] = {}
    for place, part in enumerate(("validation", "new")):
        y = data.y[place + 1]
        for name, answers in (("", net), ("linear_", linear), ("majority_", None)):
            said = data.y[0].mode().values if answers is None else answers[place]
            found[name + part] = (said == y).double().mean().item()
    differences = (net[0] == data.y[1]).double() - (linear[0] == data.y[1]).double()
    own = torch.unique(data.students[1], return_inverse=True)[1]
    of_students = own.bincount(differences) / own.bincount()
    return found | {
        "gain": of_students.mean().item(),
        "error_students": of_students.std().item() / len(of_students) ** 0.5,
        "error_rows": differences.std().item() / len(differences) ** 0.5,
    }


def chosen_answers(
    x: Sequence[Tensor], y: Sequence[Tensor], seeds: Sequence[int], epochs: int
) -> tuple[list[Tensor], list[int]]:
    """Return the chosen net's answers on validation and sealed rows, (seeds, rows), and its setting's number.

    x, y: training, validation and sealed rows of each data set, (seeds, rows, …).
    """
    runs = [(as_setting(setting), seed) for setting in SETTINGS for seed in seeds]
    inputs = [part.repeat(len(SETTINGS), 1, 1) for part in x]
    labels = [part.repeat(len(SETTINGS), 1) for part in y]
    stack = stack_nets(lambda: FlexibleClassifier(26, (64, 32), 3, 0.0), runs, x[0][0, :2])
    lowest = torch.full((len(runs),), torch.inf)
    kept: list[Any] = [torch.zeros(part.shape, dtype=torch.long) for part in labels[1:]]
    for _ in train_epochs(stack, [setting for setting, _ in runs], inputs[0], labels[0], epochs):
        with torch.no_grad():
            said = [forward(stack, part, training=False) for part in inputs[1:]]
        losses = torch.vmap(CRITERION)(said[0], labels[1])
        better = losses < lowest
        lowest = torch.where(better, losses, lowest)
        kept = [torch.where(better.unsqueeze(1), new.argmax(dim=2), old)
                for new, old in zip(said, kept, strict=True)]  # fmt: skip
    best = lowest.view(len(SETTINGS), len(seeds)).argmin(dim=0)
    rows = best * len(seeds) + torch.arange(len(seeds))
    return [part[rows] for part in kept], best.tolist()


def train_epochs(stack: Stack, settings: Sequence[Any], x: Tensor, y: Tensor, epochs: int) -> Any:
    """Train all runs, each on its own rows, (runs, rows, …); yield after every epoch."""
    n = x.shape[1]
    steps = epochs * -(-n // BATCH_SIZE)
    updates = make_updates(settings, list(zip(*stack.views, strict=True)), steps)
    first = n * torch.arange(len(x)).unsqueeze(1)
    for epoch in range(epochs):
        batches = [rows + first for rows in shuffled_batches(stack, n, BATCH_SIZE, "cpu")]
        train_one_pass(stack, updates, x.flatten(0, 1), y.flatten(), batches, CRITERION)
        yield epoch
