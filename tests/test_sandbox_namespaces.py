"""Namespaces, files and the view of the machine that a submission gets, without the whole sandbox."""

from __future__ import annotations

import multiprocessing
import os
import re
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sandbox_children import in_child, outcome

from autograder.sandbox import bubblewrap, folders, lockdown, namespaces, staging
from autograder.sandbox.syscalls import CLONE_NEWUSER, unshare

BOX = "/mnt"  # a folder that every Linux has, to mount over inside the namespaces
DISK, INODES, SHARED = 1 << 20, 50, 1 << 20


def can_have_namespaces() -> bool:
    return bool(in_child(lambda: outcome(lambda: unshare(CLONE_NEWUSER)) == "done"))


needs_namespaces = pytest.mark.skipif(
    not can_have_namespaces(), reason="this machine lets nobody make user namespaces"
)


def inside(work: Callable[[], Any], readable: tuple[str, ...] = ()) -> Any:
    """Return the data that `work` returns as the first process of its own namespaces."""

    def enter() -> Any:
        namespaces.enter_namespaces()
        return in_child(first_process)

    def first_process() -> Any:
        namespaces.private_file_systems(BOX, DISK, INODES, SHARED, readable)
        os.chdir(BOX)
        return work()

    return in_child(enter)


def fill(folder: str, size: int) -> Callable[[], None]:
    return lambda: os.posix_fallocate(os.open(f"{folder}/big", os.O_RDWR | os.O_CREAT), 0, size)


def many_files(folder: str) -> Callable[[], None]:
    return lambda: [Path(folder, str(number)).touch() for number in range(INODES + 1)] and None


@needs_namespaces
def test_a_submission_is_the_first_process_of_its_own_world() -> None:
    found = inside(lambda: [os.getpid(), os.getuid(), os.listdir("/proc"), socket.if_nameindex()])
    assert found == [1, namespaces.STUDENT_ID, [], [[1, "lo"]]]


INSIDE_CASES = [
    ("fill the disk", fill(BOX, DISK + 1), "ENOSPC"),
    ("fill the disk through /tmp", fill("/tmp", DISK + 1), "ENOSPC"),
    ("fill the shared memory", fill("/dev/shm", SHARED + 1), "ENOSPC"),
    ("make many files", many_files(BOX), "ENOSPC"),
    ("make many files in shared memory", many_files("/dev/shm"), "ENOSPC"),
    ("write a little", fill(BOX, DISK // 2), "done"),
    ("write a little into /tmp", fill("/tmp", DISK // 2), "done"),
    ("write into /proc", lambda: Path("/proc/x").touch(), "EROFS"),
    ("connect to this machine", lambda: socket.create_connection(("127.0.0.1", 22), 1), "ENETUNREACH"),
]


@needs_namespaces
@pytest.mark.parametrize(("what", "action", "expected"), INSIDE_CASES, ids=[case[0] for case in INSIDE_CASES])
def test_the_private_world_is_bounded(what: str, action: Callable[[], Any], expected: str) -> None:
    assert inside(lambda: outcome(action)) == expected


@needs_namespaces
def test_files_in_tmp_are_hidden_except_those_to_be_read() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        shown, hidden = Path(folder, "shown"), Path(folder, "hidden")
        for file in (shown, hidden):
            file.write_text("text")
        assert inside(lambda: [shown.read_text(), hidden.exists()], (str(shown),)) == ["text", False]


NAMES = [
    ("data/a.csv", True),
    ("a.csv", True),
    ("../a.csv", False),
    ("data/../../a.csv", False),
    ("/etc/passwd", False),
    ("", False),
    (".", False),
    ("a\0b", False),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_names_of_files_stay_inside(name: str, expected: bool) -> None:
    assert lockdown.is_inside(name) is expected


def test_files_that_lead_elsewhere_or_are_taken_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    lockdown.place_files(str(folder), {"utils.py": b"course", "data/x": b"1"})
    lockdown.place_files(str(folder), {"utils.py": b"student", "../evil": b"", "data": b"", "own.txt": b"2"})
    found = {
        str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert found == {"work/utils.py": b"course", "work/data/x": b"1", "work/own.txt": b"2"}


def test_hidden_folders_are_cut_out_of_what_may_be_read(tmp_path: Path) -> None:
    for name in ("lib/torch", "lib/grader/checks", "bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "lib" / "grader")
    hidden = [tmp_path / "lib" / "grader"]
    assert staging.without(tmp_path, hidden) == [tmp_path / "bin", tmp_path / "lib" / "torch"]
    assert staging.without(tmp_path / "lib" / "torch", hidden) == [tmp_path / "lib" / "torch"]
    assert staging.without(tmp_path / "lib" / "grader", hidden) == []


def test_only_files_that_a_child_needs_are_staged(tmp_path: Path) -> None:
    staging.stage_package(tmp_path)
    package = tmp_path / "autograder"
    staged = {str(path.relative_to(package)) for path in tmp_path.rglob("*.py")}
    assert staged == set(staging.STAGED)
    secrets = ("checks", "record", "doctor", "launcher", "grading", "spec")
    assert not any(word in name for name in staged for word in secrets)
    for name in staged - {"__init__.py"}:
        needed = re.findall(r"^\s*from autograder\.(\S+) import", (package / name).read_text(), re.MULTILINE)
        for module in needed:
            path = module.replace(".", "/")
            assert {f"{path}.py", f"{path}/__init__.py"} & staged, f"{name} needs {module}"


def test_folders_left_by_a_killed_grader_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    home = folders.Home()
    left = tmp_path / f"{folders.PREFIX}left"
    (left / "deep").mkdir(parents=True)
    for path in (home.path, left):
        os.utime(path, (0, 0))
    folders.remove_stale()
    assert home.path.exists()
    assert not left.exists()
    home.remove()
    assert list(tmp_path.iterdir()) == []


def test_graders_that_start_at_once_do_not_trip_over_what_the_other_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def remove_all(start: int) -> None:
        os.read(start, 1)
        folders.remove_stale()

    for number in range(8):
        left = tmp_path / f"{folders.PREFIX}{number}"
        left.mkdir()
        os.utime(left, (0, 0))
    wait, start = os.pipe()
    context = multiprocessing.get_context("fork")
    graders = [context.Process(target=remove_all, args=(wait,)) for _ in range(4)]
    for grader in graders:
        grader.start()
    os.write(start, b"1234")
    for grader in graders:
        grader.join()
    assert [grader.exitcode for grader in graders] == [0] * 4
    assert list(tmp_path.iterdir()) == []


def test_a_deep_and_closed_tree_is_removed(tmp_path: Path) -> None:
    top = tmp_path / "deep"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.fchmod(here, 0)
    os.close(here)
    folders.remove_tree(top)
    assert not top.exists()


def test_the_hint_names_a_command_or_a_package() -> None:
    assert "bubblewrap" in bubblewrap.install_hint()
