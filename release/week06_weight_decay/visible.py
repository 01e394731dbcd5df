"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

# The decorator @visible of tutor.py stands before each check, in the modules where they are written.
from visible_groups import check_param_groups
from visible_penalty import check_l2_penalty
from visible_questions import check_q1, check_q2, check_q3
from visible_sweep import check_weight_decay_results
from visible_threshold import check_soft_threshold

__all__ = [
    "check_l2_penalty", "check_param_groups", "check_q1", "check_q2", "check_q3", "check_soft_threshold",
    "check_weight_decay_results",
]  # fmt: skip
