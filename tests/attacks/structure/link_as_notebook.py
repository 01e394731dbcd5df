"""Hand in links.

Tries: to have a neighbour's notebook or a secret read through a link that stands where the notebook belongs
Success: the neighbour's marks are earned, or the secret is shown
Marks: none
Status: needs a human
"""

import os


def hand_in(right, folder, week):
    os.symlink(folder.parents[1] / "aaron" / week / f"{week}.ipynb", folder / f"{week}.ipynb")
    os.symlink("/", folder / "root")
    os.symlink("..", folder / "loop")
    os.symlink("/etc/passwd", folder / "data.csv")
