"""A course that several instructors share: whoever grades, the others can go on with what was written."""

from __future__ import annotations

import os
from contextlib import chdir
from pathlib import Path

import pytest
from foreign_course import hand_in, notebook_of, solution, test_cell, write_notebook

from peer.commands import Commands

NOTEBOOK = notebook_of([solution("answer", "two = 2"), test_cell("answer_test", "assert two == 2", 3)])


@pytest.fixture
def course(commands: Commands, tmp_path: Path) -> Path:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.groupshared = True\n")
    write_notebook(tmp_path / "source" / "ps" / "nb.ipynb", NOTEBOOK)
    (tmp_path / "source" / "ps" / "data").mkdir()
    (tmp_path / "source" / "ps" / "data" / "rows.csv").write_text("1\n")
    hand_in(tmp_path / "submitted" / "ann" / "ps", NOTEBOOK, "nb")
    before = os.umask(0o077)
    try:
        with chdir(tmp_path):
            said = commands.grade("ps")
    finally:
        os.umask(before)
    assert said.code == 0, said.text
    return tmp_path


def test_what_grading_writes_can_be_changed_by_the_group(course: Path) -> None:
    tops = [course / name for name in ("autograded", "feedback", ".autograder", "logs")]
    inside = [path for top in tops for path in (top, *top.rglob("*"))]
    modes = {str(path.relative_to(course)): path.stat().st_mode for path in inside}
    folders = {name: mode for name, mode in modes.items() if (course / name).is_dir()}
    files = {name: mode for name, mode in modes.items() if name not in folders}
    assert {"autograded/ann/ps/data", "feedback/ann/ps", ".autograder/ann/ps/nb", "logs"} <= folders.keys()
    assert [name for name, mode in folders.items() if mode & 0o2770 != 0o2770] == []
    assert [name for name, mode in files.items() if mode & 0o660 != 0o660] == []
    assert modes["autograded/ann/ps/nb.ipynb"] & 0o777 == 0o664
    assert (course / "gradebook.db").stat().st_mode & 0o660 == 0o660


def test_what_was_handed_in_keeps_its_permissions(course: Path) -> None:
    assert (course / "submitted" / "ann" / "ps").stat().st_mode & 0o2000 == 0
