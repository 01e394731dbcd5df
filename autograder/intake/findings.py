"""The three kinds of sentences that intake says about a submission."""

from __future__ import annotations

from autograder.model import Finding


def repaired(text: str) -> Finding:
    """Return a sentence about something that was put right."""
    return Finding("repaired", text)


def note(text: str) -> Finding:
    """Return a sentence about something that was met and needed no repair."""
    return Finding("note", text)


def suspicious(text: str) -> Finding:
    """Return a sentence about what looks like an attempt to gain marks."""
    return Finding("suspicious", text)
