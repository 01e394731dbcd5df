"""Only the time of hand-in changes: the gradebook follows, and nothing is judged again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from datetime import datetime
from pathlib import Path

import pytest
from foreign_course import hand_in, notebook_of, solution, test_cell, write_notebook
from nbgrader.api import Gradebook

from peer.commands import Commands

NOTEBOOK = notebook_of([solution("answer", "two = 2"), test_cell("answer_test", "assert two == 2", 3)])
CONFIG = "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
DUE = datetime(2026, 3, 2, 12)
# (timestamp.txt, time in the gradebook, seconds late, penalty), one after the other
TIMES = [
    ("2026-03-02 11:00:00 UTC", datetime(2026, 3, 2, 11), 0, None),
    ("2026-03-02 13:00:00 UTC", datetime(2026, 3, 2, 13), 3600, 3.0),
    ("2026-03-02 14:00:00 Europe/Berlin", datetime(2026, 3, 2, 13), 3600, 3.0),
    ("2026-03-02 12:30:00 -0100", datetime(2026, 3, 2, 13, 30), 5400, 3.0),
    ("2026-03-02 12:00:00", datetime(2026, 3, 2, 12), 0, None),
    ("no time at all", datetime(2026, 3, 2, 12), 0, None),
]


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    write_notebook(tmp_path / "source" / "ps" / "nb.ipynb", NOTEBOOK)
    hand_in(tmp_path / "submitted" / "ann" / "ps", NOTEBOOK, "nb")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment("ps", duedate=DUE)
    with chdir(tmp_path):
        yield tmp_path


def test_new_time_reaches_the_gradebook_without_judging_again(course: Path, commands: Commands) -> None:
    folder = course / "submitted" / "ann" / "ps"
    (folder / "timestamp.txt").write_text(TIMES[0][0])
    fresh = []
    for text, when, late, penalty in TIMES:
        (folder / "timestamp.txt").write_text(text)
        fresh.append(commands.grade("ps", "--json").results["ann", "nb"]["fresh"])
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            row = gradebook.find_submission("ps", "ann")
            assert (row.timestamp, row.total_seconds_late) == (when, late), text
            assert row.notebooks[0].late_submission_penalty == penalty, text
    assert fresh == [True, False, False, False, False, True], "the last one has something new to report"


def test_time_beside_the_graded_notebook_is_the_new_one(course: Path, commands: Commands) -> None:
    handed_in, graded = (course / name / "ann" / "ps" for name in ("submitted", "autograded"))
    for text, _, _, _ in TIMES[:2]:
        (handed_in / "timestamp.txt").write_text(text)
        commands.grade("ps")
        assert (graded / "timestamp.txt").read_text() == text
    assert oct((graded / "timestamp.txt").stat().st_mode & 0o777) == "0o444"
