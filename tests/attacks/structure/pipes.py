"""Hand in pipes and sockets.

Tries: to make the grader wait forever for what a pipe will never say
Success: the class never ends
Marks: all
"""

import json
import os
import socket


def hand_in(right, folder, week):
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
    for name in ("timestamp.txt", "data.csv", "utils.py", "copy.ipynb", "work.zip", "module.py"):
        os.mkfifo(folder / name)
    here = os.getcwd()
    os.chdir(folder)  # the path of a socket may not be long
    try:
        socket.socket(socket.AF_UNIX).bind("socket.ipynb")
    finally:
        os.chdir(here)
