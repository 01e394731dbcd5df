"""The newest attempt counts, whatever came first; nothing is lost, and nothing is counted twice."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from collect_samples import WEEK, make_course, moodle, notebook, tree, write_folder, write_zip
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import Course
from autograder.marks import collect_placing
from autograder.marks.arrivals import Arrival, read_arrivals
from autograder.marks.collect import carry_out, planned
from autograder.marks.collect_attempts import arrive
from autograder.record.late import handed_in_at

NB = f"{WEEK}.ipynb"
MARCH, APRIL, MAY = (2026, 3, 2, 12, 0, 0), (2026, 4, 2, 12, 0, 0), (2026, 5, 2, 12, 0, 0)


def collect(course: Course, path: Path, roster: Path | None = None):
    with planned(course, WEEK, path, roster) as plan:
        return carry_out(course, WEEK, plan)


def answer(course: Course, student: str = "ada") -> bytes:
    return (course.submitted(WEEK, student) / NB).read_bytes()


def arrival(number: int, when: int, serial: int = 0) -> Arrival:
    return Arrival("ada", "canvas", "x", str(number), moment=f"2026-03-02T{when:02}:00:00", serial=serial)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_order_of_downloads_gives_the_same_attempt_that_counts(data):
    times = data.draw(st.lists(st.integers(0, 23), min_size=1, max_size=8, unique=True))
    came = [arrival(data.draw(st.integers(0, 3)), when, when + 1) for when in times]
    ends = []
    for order in (came, data.draw(st.permutations(came))):
        attempts: tuple[Arrival, ...] = ()
        for one in order:
            attempts = arrive(attempts, one)
        assert arrive(attempts, order[-1]) == attempts
        assert {one.digest for one in attempts} == {one.digest for one in came}
        assert sorted(one.attempt for one in attempts) == list(range(1, len(attempts) + 1))
        ends.append([one.digest for one in attempts if one.counts])
    assert ends[0] == ends[1] == [max(came, key=lambda one: one.moment).digest]


def test_collecting_twice_changes_nothing(tmp_path):
    course = make_course(tmp_path / "course")
    archive = write_zip(tmp_path / "x.zip", {moodle("Ada", 1): notebook(), moodle("Bo", 2, "d/x.csv"): "1"})
    collect(course, archive)
    before = tree(course.root)
    plan = collect(course, archive)
    assert {row.fate for row in plan.rows} == {"same"}
    assert tree(course.root) == before


def test_a_later_download_counts_and_an_older_one_does_not(tmp_path):
    course = make_course(tmp_path / "course")
    march = write_zip(tmp_path / "1.zip", {"ada.ipynb": notebook("a"), "bo.ipynb": notebook("b")}, MARCH)
    april = write_zip(tmp_path / "2.zip", {"ada.ipynb": notebook("aa"), "bo.ipynb": notebook("b")}, APRIL)
    may = write_zip(tmp_path / "3.zip", {"ada.ipynb": notebook("aaa")}, MAY)
    for path, text in ((march, "a"), (may, "aaa"), (april, "aaa"), (march, "aaa"), (may, "aaa")):
        collect(course, path)
        assert answer(course) == notebook(text)
    kept = {path.read_bytes() for path in (course.root / "collected" / WEEK / "ada").glob(f"*/{NB}")}
    assert kept == {notebook("a"), notebook("aa")}
    (bo,) = (one for one in read_arrivals(course, WEEK) if one.student == "bo")
    assert (bo.counts, bo.place, bo.system) == (True, "bo.ipynb", "folder")


def test_who_goes_back_to_an_earlier_answer_has_handed_in_that_one(tmp_path):
    course = make_course(tmp_path / "course")
    for number, (text, date) in enumerate((("a", MARCH), ("b", APRIL), ("a", MAY))):
        collect(course, write_zip(tmp_path / f"{number}.zip", {"ada.ipynb": notebook(text)}, date))
    assert answer(course) == notebook("a")
    assert sorted(one.attempt for one in read_arrivals(course, WEEK)) == [1, 2]


def test_what_nbgrader_collected_is_kept_as_an_attempt(tmp_path):
    course = make_course(tmp_path / "course")
    old = write_folder(
        course.submitted(WEEK, "ada"), {NB: notebook("old"), "timestamp.txt": "2026-03-01 10:00 UTC"}
    )
    collect(course, write_zip(tmp_path / "x.zip", {"ada.ipynb": notebook("new")}, APRIL))
    kept = course.root / "collected" / WEEK / "ada" / "1"
    assert tree(kept) == {NB: notebook("old"), "timestamp.txt": b"2026-03-01 10:00 UTC"}
    assert tree(old) == {NB: notebook("new")}
    assert [(one.system, one.counts, one.kept) for one in read_arrivals(course, WEEK)] == [
        ("nbgrader", False, f"collected/{WEEK}/ada/1"),
        ("folder", True, ""),
    ]


def test_what_an_instructor_fixes_by_hand_stays(tmp_path):
    course = make_course(tmp_path / "course")
    march = write_zip(tmp_path / "1.zip", {"ada.ipynb": notebook("broken")}, MARCH)
    collect(course, march)
    write_folder(
        course.submitted(WEEK, "ada"), {NB: notebook("fixed"), "timestamp.txt": "2026-03-01 10:00 UTC"}
    )
    collect(course, march)
    assert answer(course) == notebook("fixed")
    assert f"{handed_in_at(course, WEEK, 'ada')}" == "2026-03-01 10:00:00"
    assert len(read_arrivals(course, WEEK)) == 1
    collect(course, write_zip(tmp_path / "2.zip", {"ada.ipynb": notebook("again")}, APRIL))
    assert answer(course) == notebook("again")
    files = [path.read_bytes() for path in (course.root / "collected" / WEEK / "ada").rglob(NB)]
    assert notebook("fixed") in files


def test_what_was_deleted_comes_back(tmp_path):
    course = make_course(tmp_path / "course")
    march = write_zip(tmp_path / "1.zip", {"ada.ipynb": notebook("a")}, MARCH)
    april = write_zip(tmp_path / "2.zip", {"ada.ipynb": notebook("b")}, APRIL)
    collect(course, march)
    collect(course, april)
    shutil.rmtree(course.submitted(WEEK, "ada"))
    collect(course, march)
    assert answer(course) == notebook("a")
    collect(course, april)
    assert answer(course) == notebook("b")


def test_submissions_may_lie_on_another_disk(tmp_path):
    """Between disks a folder cannot be renamed; a run that is killed leaves it on both, and both whole."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as other:
        if os.stat(other).st_dev == tmp_path.stat().st_dev:
            pytest.skip("there is only one disk here")
        course = make_course(tmp_path / "course")
        course = replace(course, layout=replace(course.layout, submitted=other))
        march = write_zip(tmp_path / "1.zip", {"ada.ipynb": notebook("a")}, MARCH)
        april = write_zip(tmp_path / "2.zip", {"ada.ipynb": notebook("b")}, APRIL)
        collect(course, march)
        collect(course, april)
        home = course.root / "collected" / WEEK / "ada"
        assert answer(course) == notebook("b")
        assert tree(home / "1") == {NB: notebook("a")}
        shutil.copytree(course.submitted(WEEK, "ada"), home / "2")
        collect(course, march)
        assert answer(course) == notebook("b")
        assert sorted(path.name for path in home.iterdir()) == ["1", "attempts.json"]


def test_a_student_cannot_say_when_the_work_was_handed_in(tmp_path):
    course = make_course(tmp_path / "course")
    files = {moodle("Ada", 1): notebook(), moodle("Ada", 1, "timestamp.txt"): "2020-01-01 00:00 UTC"}
    collect(course, write_zip(tmp_path / "x.zip", files))
    assert handed_in_at(course, WEEK, "ada") is None
    assert (course.submitted(WEEK, "ada") / "timestamp-of-the-student.txt").exists()


@pytest.mark.parametrize("step", [*range(1, 12), 15, 20])
def test_killed_at_any_step_the_next_run_completes_it(step, tmp_path, monkeypatch):
    """Each change of a name on the disk is a step: the run ends there as if it were killed."""
    course, twin = make_course(tmp_path / "course"), make_course(tmp_path / "twin")
    table = "submission_1:\n  :submitters:\n  - :name: ada\n  :created_at: 2026-03-0%d 12:00:00 Z\n"
    downloads = [
        write_zip(tmp_path / f"{day}.zip", {
            "e/submission_metadata.yml": table % day, f"e/submission_1/{NB}": notebook(str(day)),
        })
        for day in (1, 3, 2)
    ]  # fmt: skip
    for path in downloads:
        collect(twin, path)
    names, count = os.rename, 0

    class Killed(BaseException):
        """End a run, as a signal does that cannot be caught."""

    def rename(source, target):
        nonlocal count
        count += 1
        if count == step:
            raise Killed
        names(source, target)

    for path in downloads:
        with monkeypatch.context() as patched:
            patched.setattr(os, "rename", rename)
            patched.setattr(os, "replace", rename)
            try:
                collect(course, path)
            except Killed:
                patched.undo()
                collect(course, path)
    assert tree(course.root / "submitted") == tree(twin.root / "submitted")
    assert tree(course.root / "collected") == tree(twin.root / "collected")
    assert collect_placing.load_attempts(course, WEEK) == collect_placing.load_attempts(twin, WEEK)
