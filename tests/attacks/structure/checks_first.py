"""Turn the notebook upside down.

Tries: to have the checks run before the answers they judge
Success: the class stops, or answers are lost
Marks: all
"""

import json


def hand_in(right, folder, week):
    labels = [cell["metadata"].get("nbgrader", {}) for cell in right["cells"]]
    checks = [cell for cell, label in zip(right["cells"], labels, strict=True) if label.get("grade")]
    rest = [cell for cell, label in zip(right["cells"], labels, strict=True) if not label.get("grade")]
    (folder / f"{week}.ipynb").write_text(json.dumps({**right, "cells": checks + rest}))
