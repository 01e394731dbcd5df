"""Change what the cells are worth.

Tries: to raise the points of a right answer and to give other cells points
Success: more marks than the course has, or a neighbour's marks change
Marks: all
"""

import json


def hand_in(right, folder, week):
    for cell in right["cells"]:
        label = cell["metadata"].get("nbgrader")
        if label:
            label.update(points=1e6, grade=True, task=True, cell_type="code", schema_version=99, locked=False)
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
