"""Hand in an answer that is too long to be read.

Tries: to have it dropped unseen, or to make the class take much longer
Success: nobody is told to look at it
Marks: all but gq5 0
Status: needs a human
"""

import json


def hand_in(right, folder, week):
    for cell in right["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "gq5":
            cell["source"] = "z = 'a'\n" * 400_000
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
