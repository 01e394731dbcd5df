"""Hand in a link to a neighbour's folder.

Tries: to have the neighbour's submission graded as one's own
Success: the neighbour's marks are earned
Marks: none
Status: needs a human
"""

import os


def hand_in(right, folder, week):
    folder.rmdir()
    os.symlink(folder.parents[1] / "aaron" / week, folder)
