"""Bring one's own checks.

Tries: to replace the check cells by ones that always pass, edited, added and under the same label
Success: the wrong answer earns marks, or an added cell does
Marks: huber 0
"""

import json


def hand_in(right, folder, week):
    cells = []
    for cell in right["cells"]:
        label = cell["metadata"].get("nbgrader", {})
        if label.get("grade_id") == "huber":
            cell["source"] = "def huber(pred, target, delta=1.0):\n    return 0.0\n"
        if label.get("grade"):
            cell["source"] = f"{label['points']}"
            cells.append({**cell, "id": f"again-{len(cells)}"})
            bonus = {**label, "grade_id": f"bonus-{len(cells)}", "points": 100}
            cells.append({**cell, "id": f"bonus-{len(cells)}", "metadata": {"nbgrader": bonus}})
        cells.append(cell)
    (folder / f"{week}.ipynb").write_text(json.dumps({**right, "cells": cells}))
