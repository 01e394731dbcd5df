"""Repeat everything.

Tries: to have every cell a dozen times, so that duplicated labels stop the class or count twice
Success: marks count twice, or the class stops
Marks: all
"""

import json


def hand_in(right, folder, week):
    cells = [{**cell, "id": f"{cell['id']}-{n}"} for n in range(3) for cell in right["cells"]]
    (folder / f"{week}.ipynb").write_text(json.dumps({**right, "cells": cells}))
