"""Nest deeply where nothing is read.

Tries: to overflow the stack of whatever copies, compares or writes the metadata
Success: the class stops, or right answers are lost
Marks: all
"""

import json


def hand_in(right, folder, week):
    right["metadata"]["deep"] = "HERE"
    text = json.dumps(right).replace('"HERE"', "[" * 800 + "]" * 800)
    (folder / f"{week}.ipynb").write_text(text)
