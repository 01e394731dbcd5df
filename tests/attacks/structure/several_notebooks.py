"""Hand in two notebooks with different answers.

Tries: to have the better of two answers counted
Success: marks are earned before somebody says which one counts
Marks: none
Status: needs a human
"""

import json


def hand_in(right, folder, week):
    (folder / f"{week} (1).ipynb").write_text(json.dumps(right))
    for cell in right["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "huber":
            cell["source"] = "def huber(pred, target, delta=1.0):\n    return pred.sum()\n"
    (folder / f"{week} (2).ipynb").write_text(json.dumps(right))
