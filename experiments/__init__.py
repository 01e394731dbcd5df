"""Repeat the course's experiments of weeks 6 to 8 with several seeds, beside results published of one run.

`make experiments` runs them and writes the tables and pictures of this folder.
"""
