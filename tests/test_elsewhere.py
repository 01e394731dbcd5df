"""Lessons where a part of their world is missing: without anywidget each figure stands, with its words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

WEEKS = sorted(path.name for path in (ROOT / "release").glob("week*"))
QUICK = "week03_losses"
# Runs the cells of a notebook as IPython does, and prints what was shown. A module may be hidden.
PROGRAM = """
import builtins, json, sys
folder, hidden = sys.argv[1:]
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=hidden)
sys.meta_path.insert(0, Hidden())
sys.path.insert(0, folder)
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell, shown, failed = InteractiveShell.instance(), [], []
notebook = json.loads((Path(folder) / f"{Path(folder).name}.ipynb").read_text(encoding="utf-8"))
for cell in notebook["cells"]:
    if cell["cell_type"] == "code":
        with capture_output() as captured:
            done = shell.run_cell("".join(cell["source"]))
        error = done.error_in_exec or done.error_before_exec
        if error is not None and not isinstance(error, NotImplementedError):
            failed.append(f"{type(error).__name__}: {error}")
        shown += [output.data for output in captured.outputs]
print(json.dumps({"failed": failed, "shown": shown}, default=str))
"""


def run(week: str, hidden: str) -> tuple[list[str], int, str]:
    """Return what failed in an untouched notebook, how many living widgets it showed, and all its HTML."""
    command = [sys.executable, "-c", PROGRAM, str(ROOT / "release" / week), hidden]
    done = subprocess.run(
        command,
        cwd=ROOT / "release" / week,
        capture_output=True,
        text=True,
        env={**os.environ, "MPLBACKEND": "agg"},
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    living = sum("application/vnd.jupyter.widget-view+json" in data for data in told["shown"])
    return told["failed"], living, " ".join(data.get("text/html", "") for data in told["shown"])


@pytest.mark.kernel
@pytest.mark.parametrize(
    "week", [pytest.param(week, marks=() if week == QUICK else pytest.mark.long) for week in WEEKS]
)
def test_without_anywidget_each_figure_stands_with_its_words(week: str) -> None:
    failed, living, html = run(week, "anywidget")
    assert failed == []
    assert living == 0
    assert "%pip install anywidget" in html
    _, alive, with_widgets = run(week, "nothing")
    assert alive > 0
    assert "%pip install anywidget" not in with_widgets
    assert html.count('role="status"') == with_widgets.count('role="status"')
    assert html.count("<img") == with_widgets.count("<img") > 0


def test_the_weeks_are_there() -> None:
    assert QUICK in WEEKS
    assert len(WEEKS) == 11
    assert Path(ROOT / "release" / QUICK / "controls.py").is_file()
