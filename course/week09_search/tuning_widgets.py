"""Offer the interactive figures of week 9: designs, TPE step by step, a race, the winner's curse."""

from __future__ import annotations

from tuning_curse_widgets import winners_curse
from tuning_designs_widgets import grid_against_random
from tuning_race_widgets import budget_race
from tuning_tpe_widgets import tpe_steps

__all__ = ["budget_race", "grid_against_random", "tpe_steps", "winners_curse"]
