"""Put the wrong type everywhere.

Tries: to break whatever reads the notebook, with numbers for texts, texts for lists and lists for objects
Success: the class stops
Marks: none
"""

import json


def hand_in(right, folder, week):
    odd = [None, 1, -1e308, "text", [], {}, True, [[]], {"source": {}}, [{"cell_type": []}]]
    names = ("metadata", "source", "outputs", "id")
    cells = [{"cell_type": "code", **dict.fromkeys(names, value)} for value in odd]
    labelled = [{"nbgrader": value, "tags": value} for value in odd]
    cells += [{"cell_type": "code", "metadata": value, "source": ""} for value in labelled]
    labels = [cell for cell in right["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    metadata = {"kernelspec": odd, "language_info": 7, "widgets": "x", "celltoolbar": {}}
    notebook = {"cells": [*odd, *cells, *labels], "metadata": metadata, "nbformat": "4", "nbformat_minor": -1}
    (folder / f"{week}.ipynb").write_text(json.dumps(notebook))
