"""Files that several processes write at once, or that a killed process was about to write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.files import held, write_atomically

WRITE = """
import sys
from pathlib import Path
from autograder.files import write_atomically
for _ in range(40):
    write_atomically(Path(sys.argv[1]), sys.argv[2] * 5000)
"""
HOLD = """
import sys
from pathlib import Path
from autograder.files import held
with held(Path(sys.argv[1]), 60) as mine:
    print("held" if mine else "taken", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    (tmp_path / ".marks.csv.draft").write_bytes(b"half of a fi" * 999)
    (tmp_path / ".marks.csv.lock").touch()
    write_atomically(path, "whole")
    assert path.read_bytes() == b"whole"
    assert names(tmp_path) == ["marks.csv"]


def test_a_link_in_the_place_of_the_draft_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(b"kept")
    (tmp_path / ".a.txt.draft").symlink_to(other)
    write_atomically(tmp_path / "a.txt", "new")
    assert other.read_bytes() == b"kept"
    assert names(tmp_path) == ["a.txt", "other.txt"]


def test_a_file_that_holds_something_can_be_left(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.txt", "old")
    write_atomically(tmp_path / "a.txt", "new", replace=False)
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_what_cannot_be_written_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        write_atomically(tmp_path / "folder", "x")
    assert caught.value.filename == str(tmp_path / "folder")
    assert names(tmp_path) == ["folder"]


@pytest.mark.kernel
def test_a_reader_never_finds_half_of_what_several_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_atomically(path, "x" * 5000)
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, str(path), letter]) for letter in "abc"]
    while any(writer.poll() is None for writer in writers):
        found = path.read_text(encoding="utf-8")
        assert len(found) == 5000
        assert len(set(found)) == 1
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert names(tmp_path) == ["page.html"]


@pytest.mark.kernel
def test_a_lock_ends_with_the_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "grade.lock"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with held(path, 0) as mine:
        assert not mine
    child.kill()
    child.communicate()
    with held(path, 60) as mine:
        assert mine
