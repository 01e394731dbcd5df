"""Offer the interactive figures of week 8: patience over stored runs, noise seeds, wrong labels."""

from __future__ import annotations

from stopping_label_widgets import wrong_labels
from stopping_noise_widgets import noise_seeds
from stopping_patience_widgets import patience_view

__all__ = ["noise_seeds", "patience_view", "wrong_labels"]
