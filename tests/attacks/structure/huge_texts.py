"""Write millions of characters into many cells.

Tries: to make matching cells to the lesson's slow, and the graded copy large
Success: the class takes much longer, or a stored file is huge
Marks: none
Status: needs a human
"""

import json


def hand_in(right, folder, week):
    text = "def huber(pred, target, delta=1.0):\n" * 40_000
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    right["cells"] += [{**empty, "id": f"long-{n}", "source": text} for n in range(40)]
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
