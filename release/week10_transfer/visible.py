"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

# The decorator @visible of tutor.py stands before each check, in the modules where they are written.
from visible_capstone import check_capstone, check_split, check_verdict
from visible_finetune import check_finetune
from visible_freeze_backbone import check_freeze_backbone
from visible_questions import check_q1, check_q2, check_q3

__all__ = [
    "check_capstone", "check_finetune", "check_freeze_backbone", "check_q1", "check_q2", "check_q3",
    "check_split", "check_verdict",
]  # fmt: skip
