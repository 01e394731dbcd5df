"""Settings of the plain nbgrader commands and of the Formgrader."""

from pathlib import Path

from autograder.nbgrader_plugin import configure

c = get_config()  # noqa: F821 - defined by traitlets, which runs this file
configure(c, Path(__file__).resolve().parent)
