"""One hostile entry does not stop a class: it is listed, and all others are collected."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from collect_samples import DATE, WEEK, make_course, moodle, notebook, tree, write_folder, write_zip
from test_collect_attempts import collect

from autograder.course import CourseError
from autograder.marks import collect_attempts, collect_sources
from autograder.marks.collect import planned

NB = f"{WEEK}.ipynb"
EVE = moodle("Eve", 666)


def linked() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(EVE, DATE)
    info.external_attr = 0o120777 << 16
    return info


def locked(path: Path) -> None:
    """Mark the last entry of a zip file as locked with a password, in both places that say so."""
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rfind(signature) + offset] |= 1
    path.write_bytes(bytes(data))


def damaged(path: Path) -> None:
    """Change the checksum of the last entry."""
    data = bytearray(path.read_bytes())
    data[data.rfind(b"PK\x01\x02") + 16] ^= 1
    path.write_bytes(bytes(data))


# the entry's name or record, what is done to the file, the reason that is shown
HOSTILE = {
    "leads out": (f"../../{EVE}", None, "leads elsewhere"),
    "absolute": (f"/{EVE}", None, "leads elsewhere"),
    "drive": (f"C:/{EVE}", None, "leads elsewhere"),
    "link": (linked(), None, "is a link"),
    "password": (EVE, locked, "locked with a password"),
    "damaged": (EVE, damaged, "damaged"),
    "deep": (moodle("Eve", 666, "a/" * 20 + "x.ipynb"), None, "folders"),
    "long": (moodle("Eve", 666, "x" * 250 + ".ipynb"), None, "too long a name"),
    "control": (moodle("Eve", 666, "a\nb\u202e.ipynb"), None, "no text"),
    "odd packing": (EVE, zipfile.ZIP_LZMA, "unusual way"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_entry_is_listed_and_the_others_are_collected(name, tmp_path):
    entry, change, reason = HOSTILE[name]
    course = make_course(tmp_path / "course")
    path = write_zip(tmp_path / "x.zip", {moodle("Ada", 1): notebook("a"), moodle("Bo", 2): notebook("b")})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, notebook("evil"), change if isinstance(change, int) else zipfile.ZIP_DEFLATED)
    if callable(change):
        change(path)
    before = {one.name for one in tmp_path.iterdir()}
    plan = collect(course, path)
    told = [why for _, why in plan.left] + [note for row in plan.rows for note in row.notes]
    assert any(reason in one for one in told), told
    assert course.students(WEEK) == ("ada", "bo")
    assert {one.name for one in tmp_path.iterdir()} == before


@pytest.mark.parametrize("module", [collect_sources, collect_attempts])
def test_a_bomb_is_not_unpacked(module, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_FILE" if module is collect_sources else "MAX_ATTEMPT", 1 << 20)
    course = make_course(tmp_path / "course")
    files = {moodle("Ada", 1): notebook("a"), EVE: b"0" * (8 << 20)}
    plan = collect(course, write_zip(tmp_path / "x.zip", files))
    assert course.students(WEEK) == ("ada",)
    assert any(
        "MB" in one for one in [*(why for _, why in plan.left), *(n for r in plan.rows for n in r.notes)]
    )


def test_a_lying_size_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(collect_attempts, "MAX_ATTEMPT", 1 << 20)
    course = make_course(tmp_path / "course")
    path = write_zip(tmp_path / "x.zip", {moodle("Ada", 1): notebook("a"), EVE: b"0" * (8 << 20)})
    data = path.read_bytes().replace((8 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(data)
    collect(course, path)
    assert course.students(WEEK) == ("ada",)


def test_a_zip_file_of_a_students_own_stays_closed(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("../../evil.ipynb", notebook())
    course = make_course(tmp_path / "course")
    collect(course, write_zip(tmp_path / "x.zip", {moodle("Ada", 1, "work.zip"): inner.getvalue()}))
    assert tree(course.submitted(WEEK, "ada")) == {"work.zip": inner.getvalue()}


def test_a_file_in_a_file_and_a_name_that_comes_twice(tmp_path):
    course = make_course(tmp_path / "course")
    path = write_zip(tmp_path / "x.zip", {
        moodle("Ada", 1): notebook("a"), moodle("Ada", 1, "d"): "1", moodle("Ada", 1, "d/e.csv"): "2",
    })  # fmt: skip
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(moodle("Ada", 1), notebook("aa"))
    plan = collect(course, path)
    assert tree(course.submitted(WEEK, "ada")) == {NB: notebook("aa"), "d": b"1"}
    assert any("twice" in why for _, why in plan.left)
    assert any("lies in a file" in note for row in plan.rows for note in row.notes)


def test_links_and_pipes_in_a_folder_are_not_followed(tmp_path):
    course = make_course(tmp_path / "course")
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    folder = write_folder(tmp_path / "f", {f"ada/{NB}": notebook("a"), f"bo/{NB}": notebook("b")})
    (folder / "ada" / "data.txt").symlink_to(secret)
    (folder / "eve").symlink_to(tmp_path)
    (folder / "eve.ipynb").symlink_to(secret)
    os.mkfifo(folder / "pipe.ipynb")
    plan = collect(course, folder)
    assert course.students(WEEK) == ("ada", "bo")
    assert len(plan.left) == 4
    assert not any(b"secret" in data for data in tree(course.root).values())


@pytest.mark.parametrize("name", ["empty.zip", "words.zip"])
def test_what_holds_no_submission_says_so(name, tmp_path):
    files = {"read me.txt": "x"} if name.startswith("words") else {}
    path = write_zip(tmp_path / name, files)
    with (
        pytest.raises(CourseError, match="holds no submission"),
        planned(make_course(tmp_path / "c"), WEEK, path, None),
    ):
        pass
