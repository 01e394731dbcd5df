"""Hand in a notebook with millions of values beside its cells.

Tries: to make reading it take minutes, and gigabytes of memory
Success: the class takes much longer
Marks: none
Status: needs a human
"""

import json


def hand_in(right, folder, week):
    text = json.dumps(right)
    (folder / f"{week}.ipynb").write_text(f'{text[:-1]}, "more": [{"1," * 7_000_000}1]}}')
