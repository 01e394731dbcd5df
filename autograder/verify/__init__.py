"""Prove the checks of a week: right answers earn all marks, wrong ones lose some and are named."""

from autograder.verify.verdict import Verdict
from autograder.verify.weeks import verify_weeks

__all__ = ["Verdict", "verify_weeks"]
