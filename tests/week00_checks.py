"""The visible checks of week 0, for its tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

LESSON = Path(__file__).parents[1] / "course" / "week00_start"
NAMES = ["Path", "Net", "EPOCHS", "half", "train", "helper", "json"]


def visible(name: str) -> Callable[..., None]:
    """Return a visible check of week 0: other weeks have a visible.py, too."""
    sys.modules.pop("visible", None)
    sys.path.insert(0, str(LESSON))
    try:
        return getattr(__import__("visible"), name)
    finally:
        sys.path.remove(str(LESSON))
        sys.modules.pop("visible", None)
