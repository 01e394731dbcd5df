"""Make the data of week 10: digits seen by two cameras, and study sessions of made-up students.

`from utils import …` finds these names, too. The same `seed` always gives the same data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from course_data import all_digits, split_data
from torch import Tensor
from torch.utils.data import TensorDataset

__all__ = [  # what `from utils import …` finds as well
    "SESSION_COLUMNS",
    "SealedTest",
    "digits_two_cameras",
    "study_sessions",
]

CAMERAS = ("same", "shifted", "inverted", "permuted")


def digits_two_cameras(
    camera: str = "same", n: int = 400, seed: int = 0
) -> tuple[TensorDataset, TensorDataset, TensorDataset]:
    """Return 800 digits seen straight, and n others and 597 test digits as a second camera sees them.

    All have 64 pixels in 0…1 and labels 0…9. What the second camera makes of an 8×8 picture: "same" leaves
    it, "shifted" moves it one pixel to the right, "inverted" swaps black and white as well, "permuted" puts
    all pixels into another order, the same for every picture and seed. n is at most 400.
    """
    if camera not in CAMERAS or not 1 <= n <= 400:
        raise ValueError(
            f"camera is one of {', '.join(CAMERAS)} and n lies in 1…400, not {camera!r} and {n}."
        )
    source, target, test = split_data(*all_digits(), (800, 400, 597), seed)
    return source, _seen(camera, target, n), _seen(camera, test, len(test))


def _seen(camera: str, data: TensorDataset, n: int) -> TensorDataset:
    """Return the first n rows of a data set as a camera sees them."""
    pixels, labels = (tensor[:n] for tensor in data.tensors)
    if camera == "permuted":
        return TensorDataset(
            pixels[:, torch.randperm(64, generator=torch.Generator().manual_seed(0))], labels
        )
    if camera in ("shifted", "inverted"):
        pictures = pixels.view(-1, 8, 8)
        dark = torch.zeros(n, 8, 1)
        pixels = torch.cat([dark, pictures[:, :, :-1]], dim=2).flatten(1)
    return TensorDataset(1 - pixels if camera == "inverted" else pixels, labels)


# ---------------------------------------------------------------- the capstone

SESSION_COLUMNS = (
    *("tired", "topic", "noise_around", "hurry", "break_before", "hour"),  # 0–5: how the session was
    *(f"click_pattern_{number}" for number in range(1, 9)),  # 6–13: mixtures of these
    *(f"device_{number}" for number in range(1, 13)),  # 14–25: typing rhythm, screen, clock
)


def study_sessions(n_students: int = 120, sessions: int = 15, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    """Return x (rows, 26), y (rows,) and students (rows,): what an app knows of each session of each student.

    y says how the student's next session will go: 0 without help, 1 with a hint, 2 with a tutor. `students`
    are the numbers 0…n_students − 1, `sessions` rows of each; the rows are shuffled. `SESSION_COLUMNS` names
    the columns. No real person is in it, and another seed gives other students of the same app.
    """
    app = torch.Generator().manual_seed(2024)  # how the app mixes what it sees: the same for all students
    mixtures = torch.randn(6, 8, generator=app) / 6**0.5
    drawn = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=drawn)

    ability, device = normal(n_students), normal(n_students, 12)
    students = torch.arange(n_students).repeat_interleave(sessions)
    states = normal(len(students), 6)
    bent = 1.2 * states[:, 0] * states[:, 1] + states[:, 2] - 0.8 * states[:, 3].abs() + 0.64
    z = 2.0 * ability[students] + 2.2 * bent + 0.5 * normal(len(students))
    y = (z > -1.7).long() + (z > 1.7).long()
    seen = states + 0.2 * normal(len(students), 6)
    mixed = torch.tanh(states @ mixtures) + 0.25 * normal(len(students), 8)
    marks = device[students] + 0.3 * normal(len(students), 12)
    order = torch.randperm(len(students), generator=drawn)
    return torch.cat([seen, mixed, marks], dim=1)[order], y[order], students[order]


class SealedTest:
    """Keep the test rows closed: they can only be asked how often a model is right on them.

    `opened` counts how often they were asked.
    """

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self._x, self._y = x, y
        self.opened = 0

    def accuracy(self, predict: Callable[[Tensor], Any]) -> float:
        """Return the share of test rows that `predict` gets right; it maps x (rows, 26) to labels (rows,)."""
        self.opened += 1
        labels = torch.as_tensor(predict(self._x.clone()))
        if labels.shape != self._y.shape:
            raise ValueError(
                f"predict(x) returned the shape {tuple(labels.shape)} for {len(self._y)} rows: "
                "return one label per row, for example logits.argmax(1)."
            )
        return (labels == self._y).float().mean().item()
