"""Gather the interactive figures of week 5: the lesson imports them from here."""

from __future__ import annotations

from optimizer_adam_widgets import adam_calculator
from optimizer_batch_widgets import batch_view
from optimizer_race_widgets import optimizer_race
from optimizer_range_widgets import range_test_view
from optimizer_schedule_widgets import schedule_editor

__all__ = ["adam_calculator", "batch_view", "optimizer_race", "range_test_view", "schedule_editor"]
