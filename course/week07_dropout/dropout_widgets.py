"""Offer the interactive figures of week 7: units to switch off, a slider for p, batch norm row by row."""

from __future__ import annotations

from dropout_norm_widgets import norm_batches
from dropout_slider_widgets import dropout_slider
from dropout_unit_widgets import unit_switches

__all__ = ["dropout_slider", "norm_batches", "unit_switches"]
