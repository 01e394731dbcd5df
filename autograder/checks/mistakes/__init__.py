"""Typical wrong answers, one module a week."""
