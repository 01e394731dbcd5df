"""Let the first cell of a release say in words what is missing, where Python would show a traceback.

A notebook that came by mail or was opened alone has none of the files that it needs. So the words have to
stand in the cell itself.
"""

from __future__ import annotations

import ast

# What students install. Everything else that a lesson imports lies beside its notebook.
LIBRARIES = (
    *("IPython", "PIL", "anywidget", "cloudpickle", "ipywidgets", "matplotlib", "nbimporter", "numpy"),
    *("optuna", "pooch", "psutil", "scipy", "sklearn", "torch", "tqdm", "yaml"),
)
HEAD = "# What this lesson needs\ntry:\n"
GUARD = '''
except ImportError as missing:  # say it in words, and run nothing below
    import os
    import sys

    name = str(missing.name).partition(".")[0]
    library = {{"PIL": "pillow", "sklearn": "scikit-learn", "yaml": "pyyaml"}}.get(name, name)
    if sys.version_info < (3, 11):
        words = f"These lessons need Python 3.11 or newer, and this is {{sys.version.split()[0]}}."
    elif name in {libraries}:
        words = f"The library {{library}} is not installed. Run in a new cell: %pip install {{library}}"
        words += "\\nThen choose Restart and Run All."
    elif os.path.exists(f"{{name}}.py"):
        words = f"The file {{name}}.py is not the one of this week: {{missing}}."
        words += "\\nPut the one that you were given back in its place. Then choose Restart and Run All."
    else:
        words = f"""The file {{name}}.py is not in the folder {{os.getcwd()}}.
This notebook needs all the files of its week beside it. Get the whole folder, and
- in Jupyter or VS Code, open the notebook inside that folder;
- in Colab, drag all files of the folder into the panel behind the folder button on the left.
Then choose Restart and Run All."""

    class SetUp(Exception):
        def _render_traceback_(self):
            return [str(self)]

    raise SetUp(words) from None'''


def guarded(source: str) -> str:
    """Return the source of a set-up cell that says in words what cannot be imported.

    A cell that imports nothing stays as it is. Lines of a text over several lines are not moved.
    """
    tree = ast.parse(source)
    if not any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree)):
        return source
    inside = _lines_within_texts(tree)
    lines = source.rstrip().splitlines()
    moved = [
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(lines, 1)
    ]
    return HEAD + "\n".join(moved) + GUARD.format(libraries=LIBRARIES)


def is_guarded(source: str) -> bool:
    """Say whether a cell stops what is below it if something is missing."""
    return source.startswith(HEAD)


def _lines_within_texts(tree: ast.Module) -> set[int]:
    """Return the numbers of the lines that begin within a string: to move them would change it."""
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr))
    return {
        line
        for node in texts
        if not isinstance(node, ast.Constant) or isinstance(node.value, str | bytes)
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
