"""Nest too deeply.

Tries: to overflow the stack of whatever parses the notebook
Success: the class stops
Marks: none
Status: needs a human
"""


def hand_in(right, folder, week):
    (folder / f"{week}.ipynb").write_text('{"cells": ' + "[" * 200_000 + "]" * 200_000 + "}")
