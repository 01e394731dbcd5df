"""Hand in an archive with thousands of files that are all damaged.

Tries: to have each of them looked for and unpacked again and again
Success: the class takes much longer
Marks: all
"""

import io
import json
import zipfile


def hand_in(right, folder, week):
    names = [f"{number:04d}.csv" for number in range(2500)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(f"{week}.ipynb", json.dumps(right))
        for name in names:
            archive.writestr(name, "1,2,3")
    data = bytearray(target.getvalue())
    for name in names:
        data[data.index(name.encode()) + len(name)] ^= 1
    (folder / "work.zip").write_bytes(data)
