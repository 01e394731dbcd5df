"""Hand in an archive with paths that lead elsewhere.

Tries: to have files written outside when the archive is unpacked
Success: a file appears outside
Marks: all
"""

import json
import stat
import zipfile


def hand_in(right, folder, week):
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{week}.ipynb", json.dumps(right))
        for name in ("../../escaped.py", "/tmp/left-behind-by-an-attack", "..\\..\\escaped.txt"):
            archive.writestr(name, "1")
        archive.writestr(link, "/etc/passwd")
