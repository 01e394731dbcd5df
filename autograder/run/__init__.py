"""Running the grader over a class."""
