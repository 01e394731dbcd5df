"""Exchange labels.

Tries: to have one right answer judged as all the others, by giving every answer cell its label
Success: more marks than the one answer earns, or the class stops on a duplicated label
Marks: all
"""

import json


def hand_in(right, folder, week):
    for cell in right["cells"]:
        label = cell["metadata"].get("nbgrader")
        if label and label.get("solution"):
            label["grade_id"] = "gq5"
        elif label:
            label["grade_id"] = "huber_check"
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
