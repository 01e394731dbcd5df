"""What several commands share."""

from __future__ import annotations

import typer

from autograder.course import Course

EXIT_CANNOT_RUN = 1
EXIT_NEEDS_HUMAN = 3
EXIT_INTERRUPTED = 130


def warn_of_unknown_names(course: Course) -> None:
    """Say on standard error who was given more time, but is nobody's folder."""
    from autograder.record.extensions import unknown_names

    for sentence in unknown_names(course):
        typer.echo(sentence, err=True)
