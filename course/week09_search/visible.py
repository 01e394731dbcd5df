"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

# The decorator @visible of tutor.py stands before each check, in the modules where they are written.
from visible_my_pick import check_my_pick
from visible_objective import check_objective
from visible_one_se_choice import check_one_se_choice
from visible_questions import check_q1, check_q2, check_q3, check_roles
from visible_random_search import check_random_search
from visible_sample_log_uniform import check_sample_log_uniform
from visible_successive_halving import check_successive_halving

__all__ = [
    "check_my_pick", "check_objective", "check_one_se_choice", "check_q1", "check_q2", "check_q3",
    "check_random_search", "check_roles", "check_sample_log_uniform", "check_successive_halving",
]  # fmt: skip
