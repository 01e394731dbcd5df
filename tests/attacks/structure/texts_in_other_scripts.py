"""Write text in characters that take twelve times the room where they are stored.

Tries: to fill the disk with stored results from a notebook of a few megabytes
Success: a stored file is many times larger than what was handed in
Marks: none
Status: needs a human
"""

import json


def hand_in(right, folder, week):
    text = "# " + "\N{SMILING FACE WITH OPEN MOUTH}" * 1_500_000
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    right["cells"] += [{**empty, "id": "smile", "source": text}]
    (folder / f"{week}.ipynb").write_text(json.dumps(right, ensure_ascii=False), encoding="utf-8")
