"""Hand in files that seem to hold terabytes.

Tries: to make the grader read, copy or hash them
Success: the class takes much longer
Marks: all
"""

import json


def hand_in(right, folder, week):
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
    for name in ("data.csv", "model.pt", "other.ipynb", *(f"work-{n}.zip" for n in range(8))):
        with (folder / name).open("wb") as file:
            file.truncate(1 << 37)
