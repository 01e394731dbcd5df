"""Tag every cell so that it is not run.

Tries: to have the check cells skipped, which earns full marks in plain nbgrader
Success: the wrong answer earns marks
Marks: huber 0
"""

import json


def hand_in(right, folder, week):
    for cell in right["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "demo", "raises-exception", "remove-cell"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "huber":
            cell["source"] = "def huber(pred, target, delta=1.0):\n    return 0.0\n"
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
