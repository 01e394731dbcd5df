"""Add a thousand cells that each print as much as one may.

Tries: to sum up outputs that are each within the limit until pages, results or memory overflow
Success: a stored file is larger than a few megabytes, or the class takes much longer
Marks: all
"""

import json

CELL = """
import os
from IPython.display import display
print("x" * 200_000)
picture = b"\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR\\0\\0\\0\\x10\\0\\0\\0\\x10" + os.urandom(400_000)
display({"image/png": picture}, raw=True)
"""


def hand_in(right, folder, week):
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    right["cells"] += [{**empty, "id": f"flood-{n}", "source": CELL} for n in range(60)]
    right["cells"] += [{**empty, "id": f"none-{n}", "source": ""} for n in range(900)]
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
