"""Each system names its files in its own way: whose they are is read from there, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from collect_samples import WEEK, moodle, notebook, write_folder, write_zip

from autograder.course import CourseError
from autograder.intake.files import MAX_ENTRIES
from autograder.marks.collect_formats import Delivery, deliveries
from autograder.marks.collect_sources import opened

NB = f"{WEEK}.ipynb"
GRADESCOPE = """submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0100'
    :email: ada@uni.edu
  :created_at: 2026-03-02 13:58:00.123456789 -07:00
submission_2:
  :submitters:
  - :name: Bo Bar
    :email: bo@uni.edu
  - :name: Ann Foo
    :email: ann@uni.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-03-02 20:00:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
"""

# what is in the zip file; for each submission: system, name, files, late
DOWNLOADS = {
    "Moodle, a folder for each": (
        [moodle("Ada Lovelace", 11), moodle("Ada Lovelace", 11, "data/x.csv"),
         moodle("Jürgen Müller", 12, "a_b 1.ipynb"),
         moodle("Ada Lovelace", 11, "onlinetext.html", "onlinetext"), "__MACOSX/._x", "a/.DS_Store"],
        [("moodle", "Ada Lovelace", ["data/x.csv", "onlinetext.html", NB], False),
         ("moodle", "Jürgen Müller", ["a_b 1.ipynb"], False)],
    ),
    "Moodle, flat": (
        [f"Ada Lovelace_11_assignsubmission_file_{NB}",
         "Dr. O Neil, Sean_12_assignsubmission_file_my_x_9.ipynb",
         "Ada Lovelace_11_assignsubmission_file_d.csv"],
        [("moodle", "Ada Lovelace", ["d.csv", NB], False),
         ("moodle", "Dr. O Neil, Sean", ["my_x_9.ipynb"], False)],
    ),
    "Moodle, two of one name": (
        [moodle("Anna Schmidt", 1), moodle("Anna Schmidt", 2)],
        [("moodle", "Anna Schmidt", [NB], False), ("moodle", "Anna Schmidt", [NB], False)],
    ),
    "Moodle, a team, and nobody's name": (
        [moodle("Group 7_A", 5), moodle("Participant 1234567", 1234567)],
        [("moodle", "Group 7_A", [NB], False), ("moodle", "Participant 1234567", [NB], False)],
    ),
    "Moodle, one student": ([moodle("Ada Lovelace", 11)], [("moodle", "Ada Lovelace", [NB], False)]),
    "Windows' backslashes": (
        [f"Ada Lovelace_11_assignsubmission_file_\\{NB}", f"Bob Foo_12_assignsubmission_file_\\d\\{NB}"],
        [("moodle", "Ada Lovelace", [NB], False), ("moodle", "Bob Foo", [f"d/{NB}"], False)],
    ),
    "Canvas": (
        [f"lovelaceada_LATE_4711_9001_{NB}", "lovelaceada_LATE_4711_9002_d.csv",
         "müllerjürgen_12_9003_my_3_4_x.ipynb", "fooann_13_text.html"],
        [("canvas", "lovelaceada", ["d.csv", NB], True),
         ("canvas", "müllerjürgen", ["my_3_4_x.ipynb"], False), ("canvas", "fooann", ["text.html"], False)],
    ),
    "Canvas, anonymous": (
        [f"anon_x7Kq2_9001_{NB}", f"LATE_anon_Zz19a_9002_{NB}"],
        [("canvas", "", [NB], False), ("canvas", "", [NB], True)],
    ),
    "Canvas, handed in again": (
        [f"lovelaceada_4711_9005_{WEEK}-1.ipynb",
         f"lovelaceada_4711_9001_{NB}", "lovelaceada_4711_9006_d.csv"],
        [("canvas", "lovelaceada", [NB], False), ("canvas", "lovelaceada", ["d.csv", NB], False)],
    ),
    "loose files": (
        ["ada.ipynb", f"cleo_{NB}", "week03-dan.ipynb", "eve.pdf", "fay.zip", "ada (1).ipynb"],
        [("folder", "ada", [NB], False), ("folder", "cleo", [NB], False), ("folder", "dan", [NB], False),
         ("folder", "eve", ["eve.pdf"], False), ("folder", "fay", ["fay.zip"], False),
         ("folder", "ada", [NB], False)],
    ),
    "folders": (
        [f"ada/{NB}", "ada/d/x.csv", "week03-bob/any.ipynb"],
        [("folder", "ada", ["d/x.csv", NB], False), ("folder", "bob", ["any.ipynb"], False)],
    ),
    "folders in a folder": (
        [f"submissions/ada/{NB}", f"submissions/bob/{NB}"],
        [("folder", "ada", [NB], False), ("folder", "bob", [NB], False)],
    ),
    "one student's folder": ([f"ada/{NB}", "ada/d.csv"], [("folder", "ada", ["d.csv", NB], False)]),
    "loose files in a folder": (
        ["all/ada.ipynb", "all/bob.ipynb"],
        [("folder", "ada", [NB], False), ("folder", "bob", [NB], False)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOWNLOADS)
def test_each_system_is_known_by_the_names_of_its_files(name, tmp_path):
    files, want = DOWNLOADS[name]
    with opened(write_zip(tmp_path / "x.zip", dict.fromkeys(files, notebook()))) as download:
        found, strange = deliveries(download, (WEEK,))
    assert sorted(map(facts, found)) == sorted(want)
    assert strange == []


@pytest.mark.parametrize("name", [name for name in DOWNLOADS if "backslash" not in name])
def test_an_unpacked_download_is_read_like_the_zip_file(name, tmp_path):
    files, want = DOWNLOADS[name]
    folder = write_folder(tmp_path / "x", dict.fromkeys(files, notebook()))
    with opened(folder) as download:
        found, _ = deliveries(download, (WEEK,))
    assert sorted(map(facts, found)) == sorted(want)


def facts(delivery: Delivery) -> tuple[str, str, list[str], bool]:
    return delivery.system, delivery.name, sorted(delivery.files), delivery.late


@pytest.mark.parametrize("packed", [True, False])
def test_gradescope_tells_who_and_when(packed, tmp_path):
    top = "assignment_7_export"
    files = {
        f"{top}/submission_metadata.yml": GRADESCOPE,
        f"{top}/submission_1/{NB}": notebook(),
        f"{top}/submission_2/{NB}": notebook(),
        f"{top}/submission_2/d.csv": "1",
        f"{top}/submission_3/{NB}": notebook(),
    }
    path = write_zip(tmp_path / "g.zip", files) if packed else write_folder(tmp_path / "g", files)
    with opened(path) as download:
        found, strange = deliveries(download, (WEEK,))
    assert {(one.name, one.ids.get("email"), one.ids.get("sid"), one.handed_in) for one in found} == {
        ("Ada Lovelace", "ada@uni.edu", "0100", "2026-03-02T20:58:00"),
        ("Bo Bar", "bo@uni.edu", None, "2026-03-02T20:00:00"),
        ("Ann Foo", "ann@uni.edu", None, "2026-03-02T20:00:00"),
    }
    assert [item.entry.name for item in strange] == [f"{top}/submission_3/{NB}"]


def test_the_place_of_a_notebook_is_its_path_as_it_came(tmp_path):
    files = [f"all/ada/sub/{NB}", "all/ada/d.csv", "all/bob/other.ipynb", "all/bob/x.csv"]
    with opened(write_zip(tmp_path / "x.zip", dict.fromkeys(files, notebook()))) as download:
        found, _ = deliveries(download, (WEEK,))
    assert {one.place for one in found} == {f"all/ada/sub/{NB}", "all/bob/other.ipynb"}


def test_names_in_a_zip_file_are_read_in_the_encoding_that_they_have(tmp_path):
    raw = {moodle("Jürgen Müller", 1): "utf-8", moodle("Rösi Bär", 2): "cp437"}
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(len(raw)):
            archive.writestr(f"{number}" * 90, notebook())
    data = path.read_bytes()
    for number, (name, encoding) in enumerate(raw.items()):
        blank = name.replace("_file_/", f"_file_/{'x' * (90 - len(name.encode(encoding)))}")
        data = data.replace(b"%d" % number * 90, blank.encode(encoding))
    path.write_bytes(data)
    with opened(path) as download:
        assert {one.name for one in deliveries(download, (WEEK,))[0]} == {"Jürgen Müller", "Rösi Bär"}


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.rar", b"Rar!", "unrar x"),
        ("x.7z", b"7z", "7z x"),
        ("x.tar.gz", b"\x1f\x8b", "tar -xf"),
        ("x.zip", b"PK\x03\x04 broken", "damaged zip file"),
    ],
)
def test_what_cannot_be_opened_is_named_with_what_to_do(name, data, words, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(CourseError, match=words), opened(path):
        pass


def test_of_a_class_in_a_folder_in_a_folder_all_files_are_read(tmp_path):
    files = {f"all/{moodle(f'Student {number}', number)}": notebook() for number in range(MAX_ENTRIES + 5)}
    with opened(write_folder(tmp_path / "x", files)) as download:
        assert len(deliveries(download, (WEEK,))[0]) == len(files)


def test_a_lone_notebook_is_one_submission(tmp_path):
    path = tmp_path / "ada.ipynb"
    path.write_bytes(notebook())
    with opened(path) as download:
        assert [facts(one) for one in deliveries(download, (WEEK,))[0]] == [("folder", "ada", [NB], False)]


def test_a_damaged_table_of_gradescopes_says_what_to_do(tmp_path):
    files = {"e/submission_metadata.yml": "a: [", f"e/submission_1/{NB}": notebook()}
    path = write_zip(tmp_path / "g.zip", files)
    with opened(path) as download, pytest.raises(CourseError, match="Export the submissions once more"):
        deliveries(download, (WEEK,))


def test_a_table_of_gradescopes_makes_no_objects(tmp_path):
    table = "submission_1: !!python/object/apply:os.system ['touch made']\n"
    files = {"e/submission_metadata.yml": table, f"e/submission_1/{NB}": notebook()}
    with opened(write_zip(tmp_path / "g.zip", files)) as download, pytest.raises(CourseError):
        deliveries(download, (WEEK,))
    assert not Path("made").exists()
