"""Wherever the notebook lies, the right one is graded; of what lies beside it nothing unsafe is opened."""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from intake_samples import (
    ASSIGNMENT,
    HUBER,
    WEEK,
    answered,
    cell_of,
    own_cell,
    put,
    read,
    read_ready,
    released,
    said,
)

from autograder.model import Unreadable

GOOD = json.dumps(answered())
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "name",
    [f"{WEEK} (2).ipynb", f"{WEEK}-Copy1.ipynb", "my homework.ipynb", f"{WEEK}.IPYNB", f"{WEEK}.ipynb.txt",
     f"sub/folder/{WEEK}.ipynb", f".ipynb_checkpoints/{WEEK}-checkpoint.ipynb", "naïve\u202e.ipynb"],
)  # fmt: skip
def test_a_notebook_under_another_name_is_found(tmp_path, name):
    submission = read_ready(put(tmp_path, answered(), name))
    assert f"The notebook was not called {WEEK}.ipynb" in said(submission)


def other_answer():
    notebook = answered()
    cell_of(notebook, "huber")["source"] = HUBER.replace("huber-ok", "another answer")
    return notebook


# the notebooks of a submission by name, and the one to grade (None = a human must choose)
SEVERAL = [
    ({f"{WEEK}.ipynb": answered(), f"{WEEK}-Copy1.ipynb": other_answer()}, "huber-ok"),
    ({f"{WEEK}.ipynb": released(), f"{WEEK} (1).ipynb": other_answer()}, "another answer"),
    ({f"{WEEK}.ipynb": b"{", f"{WEEK} (1).ipynb": other_answer()}, "another answer"),
    ({f"a/{WEEK}.ipynb": answered(), "scratch.ipynb": {"cells": [own_cell("1")]}}, "huber-ok"),
    ({f"a/{WEEK}.ipynb": answered(), f"b/{WEEK}.ipynb": answered()}, "huber-ok"),
    ({f"{WEEK} (1).ipynb": answered(), f"{WEEK} (2).ipynb": other_answer()}, None),
    ({f"{WEEK}.ipynb": answered(), f".ipynb_checkpoints/{WEEK}.ipynb": other_answer()}, "huber-ok"),
]


@pytest.mark.parametrize(("notebooks", "graded"), SEVERAL)
def test_of_several_notebooks_the_one_with_the_answers_is_graded(tmp_path, notebooks, graded):
    for name, notebook in notebooks.items():
        put(tmp_path, notebook, name)
    outcome = read(tmp_path)
    if graded is None:
        assert isinstance(outcome, Unreadable)
        assert "several notebooks with different answers" in outcome.reason
    else:
        assert graded in next(cell.source for cell in outcome.cells if cell.grade_id == "huber")


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def zipped_link() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo(f"{WEEK}.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return target.getvalue()


ZIPS = [
    (zipped({f"{WEEK}/{WEEK}.ipynb": GOOD.encode(), f"{WEEK}/utils.py": b"x"}), ""),
    (zipped({"../../evil.ipynb": GOOD.encode(), f"{WEEK}.ipynb": GOOD.encode()}), ""),
    (zipped({f"{WEEK}.ipynb": b"\0" * (101 * MEGABYTE)}), "too large"),
    (zipped({"report.txt": b"sorry"}), "no notebook"),
    (zipped({f"{n}.txt": b"" for n in range(3100)}), "more than 3000 files"),
    (zipped({f"{WEEK}.ipynb": GOOD.encode()})[:-60], "damaged zip file"),
    (zipped_link(), "no notebook"),
]


@pytest.mark.parametrize("name", [WEEK, f"{WEEK}.zip", f"{WEEK}/work.zip"])
@pytest.mark.parametrize(("data", "reason"), ZIPS)
def test_a_zip_file_is_unpacked_wherever_it_lies(tmp_path, name, data, reason):
    put(tmp_path, data, name)
    outcome = read(tmp_path / WEEK)
    if reason:
        assert isinstance(outcome, Unreadable)
        assert reason in outcome.reason
    else:
        assert "handed in as a zip file" in said(outcome)


def test_a_lone_notebook_in_place_of_the_folder_is_read(tmp_path):
    put(tmp_path, GOOD.encode(), WEEK)
    assert read_ready(tmp_path / WEEK).cells


def make_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(path.name)
    finally:
        os.chdir(here)


def make_device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device")


SPECIAL = [
    (make_link, "link"),
    (os.mkfifo, "pipe"),
    (make_socket, "socket"),
    (make_device, "device"),
    (os.mkdir, ""),
]


@pytest.mark.parametrize(("make", "sort"), SPECIAL)
def test_links_pipes_sockets_and_devices_are_never_opened(tmp_path, make, sort):
    make(tmp_path / f"{WEEK}.ipynb")
    outcome = read(tmp_path)
    assert isinstance(outcome, Unreadable)
    assert sort in outcome.reason
    put(tmp_path, answered(), "other.ipynb")
    assert sort in said(read_ready(tmp_path))


@pytest.mark.parametrize(("make", "sort"), SPECIAL[:4])
def test_a_submission_that_is_itself_no_folder_is_refused(tmp_path, make, sort):
    make(tmp_path / WEEK)
    outcome = read(tmp_path / WEEK)
    assert isinstance(outcome, Unreadable)
    assert f"is a {sort}" in outcome.reason


def test_a_file_without_read_permission_needs_a_human():
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as folder:
        put(Path(folder), answered())
        Path(folder, f"{WEEK}.ipynb").chmod(0)
        Path(folder).chmod(0o755)
        try:
            os.seteuid(user or 65534)  # root may read every file, so as root be somebody else
            outcome = read(Path(folder))
        finally:
            os.seteuid(user)
    assert isinstance(outcome, Unreadable)
    assert "cannot be opened (Permission denied)" in outcome.reason


def test_files_lie_beside_the_notebook_even_if_it_came_in_a_sub_folder(tmp_path):
    put(tmp_path, answered(), f"homework/{WEEK}.ipynb")
    put(tmp_path, b"x = 1", "homework/helpers.py")
    put(tmp_path, ASSIGNMENT.support["utils.py"], "homework/utils.py")
    put(tmp_path, b"1,2", "data.csv")
    assert set(read_ready(tmp_path).files) == {"helpers.py", "data.csv"}


def test_a_flood_of_remarks_is_cut_short(tmp_path):
    for number in range(50):
        (tmp_path / f"link{number}").symlink_to("/etc/passwd")
    submission = read_ready(put(tmp_path, answered()))
    assert len(submission.findings) == 21
    assert "30 more remarks" in said(submission)


def test_nothing_handed_in_needs_a_human(tmp_path):
    assert read(tmp_path / "none").reason == "Nothing was handed in."
    put(tmp_path, b"%PDF", "report.pdf")
    assert "no notebook (.ipynb) among what was handed in: report.pdf" in read(tmp_path).reason


def test_a_labyrinth_of_folders_ends(tmp_path):
    deep = tmp_path
    for _ in range(40):
        deep = deep / "d"
        deep.mkdir()
    (tmp_path / "loop").symlink_to(tmp_path)
    submission = read_ready(put(tmp_path, answered()))
    assert "deeper than 8 levels" in said(submission)


# a file beside the notebook, whether it goes along, what is said
BESIDE = [
    ("helpers.py", b"x = 1", True, ""),
    ("data/points.csv", b"1,2", True, ""),
    ("utils.py", ASSIGNMENT.support["utils.py"], False, ""),
    ("utils.py", b"mine", False, "The course's file utils.py had been changed: the original was used."),
    ("utils/__init__.py", b"", False, "would hide the module utils"),
    ("torch.py", b"", False, "would hide the module torch"),
    ("torch/__init__.py", b"", False, "would hide the module torch"),
    ("json.cpython-311-x86_64-linux-gnu.so", b"", False, "would hide the module json"),
    ("sitecustomize.py", b"", False, "would hide the module sitecustomize"),
    (".ipython/profile_default/startup/x.py", b"", False, ""),
    ("x.pth", b"import os", False, ""),
    ("big.bin", b"0" * (21 * MEGABYTE), False, "rest was left out"),
    ("timestamp.txt", b"2026-11-02 10:11:12.123456 UTC", False, ""),
    ("timestamp.txt", b"2026-11-02 10:11:12 Europe/Paris", False, ""),
    ("timestamp.txt", b"9" * 40 + b"m", False, "timestamp.txt holds no time"),
    ("timestamp.txt", b"2026-01-01 00:00:00 ../x", False, "timestamp.txt holds no time"),
    ("timestamp.txt", b"yesterday \xff", False, "timestamp.txt holds no time"),
]


@pytest.mark.parametrize(("name", "data", "goes", "sentence"), BESIDE)
def test_files_beside_the_notebook_go_along_unless_they_hide_something(tmp_path, name, data, goes, sentence):
    put(tmp_path, data, name)
    submission = read_ready(put(tmp_path, answered()))
    assert (name in submission.files) is goes
    assert sentence in said(submission) if sentence else not submission.findings
