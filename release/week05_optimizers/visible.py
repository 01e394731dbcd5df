"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

# The decorator @visible of tutor.py stands before each check, in the modules where they are written.
from visible_adamw import check_adamw_step
from visible_questions import check_q1, check_q2, check_q3, check_q4
from visible_range import check_lr_range_test
from visible_rates import check_clip_by_global_norm, check_warmup_cosine_lr
from visible_steps import check_sgd_momentum_step

__all__ = [
    "check_adamw_step", "check_clip_by_global_norm", "check_lr_range_test", "check_q1", "check_q2",
    "check_q3", "check_q4", "check_sgd_momentum_step", "check_warmup_cosine_lr",
]  # fmt: skip
