"""Use characters that cannot be written.

Tries: to make writing a page, a log or the gradebook fail, with half characters, zeros and marks of direction
Success: the class stops
Marks: huber 0
"""

import json


def hand_in(right, folder, week):
    for cell in right["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "huber":
            cell["source"] = "def huber(pred, target, delta=1.0):\n    return '\ud800\\ud800\\x00\u202e'\n"
    right["cells"].append(
        {"cell_type": "markdown", "id": "\ud800", "metadata": {}, "source": "\ud800\x00\u202e\x1b[31m"}
    )
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
