"""Hand in an archive of a few kilobytes that unpacks to gigabytes.

Tries: to fill the grader's memory or disk
Success: the class stops or takes much longer
Marks: none
Status: needs a human
"""

import zipfile


def hand_in(right, folder, week):
    with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{week}.ipynb", bytes(150 << 20))
