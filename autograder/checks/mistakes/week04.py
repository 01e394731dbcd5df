"""Typical mistakes in the exercises of week 4, each with what a tutor would say about it."""

from autograder.checks.mistakes.week04_choices import CHOICES
from autograder.checks.mistakes.week04_diagnose import DIAGNOSE
from autograder.checks.mistakes.week04_smooth import SMOOTH
from autograder.checks.mistakes.week04_split_indices import SPLIT_INDICES

MISTAKES = (*CHOICES, *DIAGNOSE, *SPLIT_INDICES, *SMOOTH)
