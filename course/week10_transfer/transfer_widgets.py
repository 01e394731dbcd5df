"""Gather the interactive figures of week 10."""

from __future__ import annotations

from capstone_card_widgets import card_builder
from transfer_sizes_widgets import target_sizes
from transfer_temperature_widgets import temperature_dial

__all__ = ["card_builder", "target_sizes", "temperature_dial"]
