"""Hand in text cells that name a character by a number of thousands of digits.

Tries: to break what reads a text cell by a number too long to read
Success: the class stops
Marks: all
"""

import json

NUMBERS = (f"&#{'9' * 5000};", f"&#{'0' * 5000}60;script>", f"&amp;#{'9' * 5000};")


def hand_in(right, folder, week):
    right["cells"] += [{"cell_type": "markdown", "metadata": {}, "source": number} for number in NUMBERS]
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
