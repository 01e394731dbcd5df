"""Attach to text cells what is no picture, under the names of pictures, and a thousand that are.

Tries: to have a page run or load what is attached, or a thousand pictures kept
Success: a page or the graded notebook holds more than text and pictures, or is huge
Marks: all
"""

import base64
import json


def hand_in(right, folder, week):
    html = base64.b64encode(b"<script>alert(1)</script><svg onload=alert(1)></svg>").decode()
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
    forms = [
        {"image/png": html},
        {"image/jpeg": svg},
        {"image/svg+xml": svg, "text/html": "<script>alert(1)</script>"},
        {"image/png": 'x" onerror="alert(1)'},
        {"image/png": dot + "A" * 6_000_000},
        ["image/png"],
    ]
    attached = {f"{number}.png": form for number, form in enumerate(forms)}
    attached |= {f"n{number}.png": {"image/png": dot} for number in range(1000)}
    shown = "\n".join(f'![x" onerror="alert(1)](attachment:{name})' for name in attached)
    around = "![<img src=x onerror=alert(1)>](attachment:n1.png) ![a <b c=](attachment:n2.png) onclick=x>"
    for text in (shown, shown + around, "![missing](attachment:missing.png)"):
        right["cells"].append(
            {"cell_type": "markdown", "metadata": {}, "source": text, "attachments": attached}
        )
    (folder / f"{week}.ipynb").write_text(json.dumps(right))
