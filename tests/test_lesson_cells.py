"""The cells of a lesson in a real kernel: a guess fills the reveal above it, and all is saved as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lesson_samples import kept, write_data
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

CELLS = (
    "from closing import new_words, recall, self_check\n"
    "from predictions import foresight, guess, predict, quick, reveal\n"
    "from checking import check_choice, expect_close\nfrom tutor import needs, visible",
    "recall()",
    "predict('mse', 'How large is it?', unit='rows')",
    "reveal('mse')",
    "guess('mse', 900)",
    "quick('gap', 'Which?', ['this', 'that'])",
    "def double(x):\n    y = x\n    return y / 0",
    "@visible\ndef check_double(double):\n    expect_close(double(2), 4, call='double(2)', hint='times 2')",
    "check_double(double)",
    "with needs('double'):\n    double(1)",
    "check_choice('gq1', '')",
    "self_check({'Name a loss': 'section 1'})",
    "foresight()",
    "new_words()",
)


def words(cell: Any) -> str:
    """Return what a cell's outputs say where widgets are absent."""
    data = [output.get("data", {"text/plain": output.get("text", "")}) for output in cell.outputs]
    return "\n".join(d.get("text/markdown") or d.get("text/html") or d.get("text/plain", "") for d in data)


@pytest.mark.kernel
def test_the_cells_of_a_lesson_run_and_a_guess_opens_the_reveal_above(tmp_path: Path) -> None:
    card = {"id": "a", "about": "week02", "question": "What is a step?", "answer": "A move."}
    write_data(
        tmp_path,
        reveals={"mse": {"right": 1350, "text": "Because $90^2$ is 8100."}},
        replies={"gap": {"right": "this", "texts": {"this": "Yes.", "that": "No."}}},
        cards=[card],
        words={"loss": "a cost"},
    )
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, kernel_name="python3").execute()
    said = {cell.source: words(cell) for cell in notebook.cells}
    revealed = said["reveal('mse')"]
    assert revealed.startswith("**You guessed 900 rows. It is 1350 rows: not close.**\n\nBecause $90^2$")
    assert "Make your guess" not in revealed
    assert "A move." in said["recall()"]
    assert "look at:   line 3 of double:  return y / 0" in said["check_double(double)"]
    assert "Not yet: this cell needs your double." in said[CELLS[9]]
    assert "gq1: not yet." in said["check_choice('gq1', '')"]
    assert "How large is it?" in said["foresight()"]
    assert "a cost" in said["new_words()"]
    assert not any(output.output_type == "error" for cell in notebook.cells for output in cell.outputs)
    assert kept(tmp_path)["guesses"]["mse"]["guess"] == 900
