"""Build notebooks from lesson texts: text -> source (instructors) -> release (students)."""

from autograder.build.gate import release_gate
from autograder.build.make import BuildResult, build_weeks

__all__ = ["BuildResult", "build_weeks", "release_gate"]
