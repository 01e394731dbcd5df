"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

# The decorator @visible of tutor.py stands before each check, in the modules where they are written.
from visible_epoch import check_train_one_epoch
from visible_measure import check_evaluate
from visible_questions import check_q1, check_q2, check_q3, check_q4
from visible_training import check_train_model

__all__ = [
    "check_evaluate", "check_q1", "check_q2", "check_q3", "check_q4", "check_train_model",
    "check_train_one_epoch",
]  # fmt: skip
