"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

# The decorator @visible of tutor.py stands before each check, in the modules where they are written.
from visible_early_stopping import check_early_stopping
from visible_fit import check_fit_with_early_stopping
from visible_questions import check_q1, check_q2, check_q3
from visible_track_best import check_track_best

__all__ = [
    "check_early_stopping", "check_fit_with_early_stopping", "check_q1", "check_q2", "check_q3",
    "check_track_best",
]  # fmt: skip
