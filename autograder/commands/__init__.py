"""What can be typed: each module holds the commands of one task; `autograder.cli` lists them."""
