"""What is done instead where nbgrader's tests of its exchange and its pages expect something else."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

from foreign_course import hand_in, notebook_of, solution, test_cell, write_notebook
from nbgrader.tests import run_nbgrader

from peer.commands import Commands

NOTEBOOK = notebook_of([solution("answer", "two = 2"), test_cell("answer_test", "assert two == 2", 3)])
STUDENTS = "ann", "ben"


def make_course(root: Path) -> None:
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    write_notebook(root / "source" / "ps" / "nb.ipynb", NOTEBOOK)
    for student in STUDENTS:
        folder = root / "submitted" / student / "ps"
        hand_in(folder, NOTEBOOK, "nb")
        (folder / "notes.txt").write_text("notes of " + student)
        (folder / "submission_secret.txt").write_text(student * 30)
        (folder / "timestamp.txt").write_text("2026-03-02 11:00:00 UTC")


def test_page_is_there_at_once_and_nbgraders_takes_its_place_only_if_forced(
    commands: Commands, tmp_path: Path
) -> None:
    make_course(tmp_path)
    with chdir(tmp_path):
        assert commands.grade("ps").code == 0
        pages = {student: tmp_path / "feedback" / student / "ps" / "nb.html" for student in STUDENTS}
        ours = {student: page.read_text(encoding="utf-8") for student, page in pages.items()}
        run_nbgrader(["generate_feedback", "ps"])
        assert {student: page.read_text(encoding="utf-8") for student, page in pages.items()} == ours
        assert not (pages["ann"].parent / "notes.txt").exists()
        run_nbgrader(["generate_feedback", "ps", "--force", "--student", "ann"])
        assert pages["ann"].read_text(encoding="utf-8") != ours["ann"]
        assert pages["ben"].read_text(encoding="utf-8") == ours["ben"]
        assert (pages["ann"].parent / "notes.txt").read_text() == "notes of ann"
        assert (pages["ann"].parent / "submission_secret.txt").read_text() == "ann" * 30
        (exchange := tmp_path / "exchange").mkdir(mode=0o777)
        run_nbgrader(["release_feedback", "ps", f"--Exchange.root={exchange}", "--course", "abc"])
        assert len(list(exchange.rglob("*.html"))) == 2
