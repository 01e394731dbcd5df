"""Label cells with paths, SQL and HTML.

Tries: to have a label used as a path, in a query or in a page
Success: a file appears outside, the gradebook changes, or a page holds active content
Marks: all
"""

import json


def hand_in(right, folder, week):
    bad = ["../../../tmp/x", "'; drop table grade; --", "<script>alert(1)</script>", "\x00", "a" * 100_000]
    label = {"schema_version": 3, "grade": True, "points": 5, "solution": True, "locked": False}
    for number, text in enumerate(bad):
        metadata = {"nbgrader": {**label, "grade_id": text, "cell_type": "code"}}
        cell = {"cell_type": "code", "id": f"bad-{number}", "metadata": metadata, "outputs": []}
        right["cells"].append({**cell, "execution_count": None, "source": "1"})
    right["metadata"]["kernelspec"] = {"name": "../../bin/sh", "display_name": "x", "language": "bash"}
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
