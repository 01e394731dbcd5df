"""Grading where the class already hands in: what Gradescope runs, and what a page on GitHub shows."""
