"""Offer the interactive figures of week 6: a slider for λ, a map of rate and λ, a diamond and a circle."""

from __future__ import annotations

from decay_map_widgets import decay_map
from decay_slider_widgets import decay_slider
from decay_springs_widgets import two_springs

__all__ = ["decay_map", "decay_slider", "two_springs"]
