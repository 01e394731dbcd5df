"""Feedback goes back to where the work came from, under names understood there, with the marks of now."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from export_samples import mark_by_hand
from pages_samples import text_of
from return_samples import (
    CANVAS_FILES,
    FROM_MOODLE,
    NOTEBOOK,
    PAGE,
    canvas_takes,
    collected,
    make_template,
    moodle_takes,
)
from tiny_course import WEEK, write
from typer.testing import CliRunner

from autograder.answers import fill_in, hand_in, released_notebook
from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.digests import submission_digest
from autograder.intake.submission import read_submission
from autograder.marks.arrivals import Arrival, read_arrivals, write_arrivals
from autograder.marks.return_kinds import as_notebook
from autograder.marks.returning import return_week
from autograder.nbgrader_plugin import safe_markdown
from autograder.record.database import open_gradebook
from autograder.record.results import SavedResult, load_result, save_result
from autograder.spec import load_assignment

PARTICIPANTS = ("1001", "1002", "1003", "1004", "1005")
DONE = {"ada", "bob", "cleo"}  # dan's work cannot be read, an answer of eve's waits, gus is not graded


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def moodle(template: Path, tmp_path: Path) -> Course:
    return collected(template, tmp_path / "moodle", "moodle")


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def page_of(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return text_of(archive.read(name).decode("utf-8"))


def test_moodle_gives_each_page_to_whoever_handed_in(moodle: Course) -> None:
    done = return_week(moodle, WEEK, "moodle")
    taken = [moodle_takes(name, PARTICIPANTS) for name in names_in(done.path)]
    assert sorted(taken) == [("1001", PAGE), ("1002", PAGE), ("1003", PAGE)]  # type: ignore[type-var]
    assert done.path == moodle.root / "returned" / f"{WEEK}-moodle.zip"


def test_canvas_gives_each_page_to_whoever_handed_in(template: Path, tmp_path: Path) -> None:
    course = collected(template, tmp_path / "canvas", "canvas")
    done = return_week(course, WEEK, "canvas", unfinished=True)
    names = names_in(done.path)
    assert {canvas_takes(name, CANVAS_FILES) for name in names} == {*CANVAS_FILES.values()}
    assert "lovelaceada_101_9001_feedback-week03-tiny.ipynb" in names


def test_page_for_canvas_is_of_the_kind_that_its_name_there_will_say(template: Path, tmp_path: Path) -> None:
    course = collected(template, tmp_path / "canvas", "canvas")
    path = return_week(course, WEEK, "canvas").path
    with zipfile.ZipFile(path) as archive:
        notebook = nbformat.reads(archive.read("lovelaceada_101_9001_feedback-week03-tiny.ipynb").decode(), 4)
        inner = archive.read("kleecleo_103_9003_feedback-week03-tiny.zip")
    nbformat.validate(notebook)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown"]
    assert "6.5 of 7 marks" in text_of(notebook.cells[0].source)
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        assert archive.read(PAGE) == (course.feedback(WEEK, "cleo") / PAGE).read_bytes()


def test_html_in_a_notebook_is_one_block_whatever_a_student_wrote() -> None:
    answer = "def f(x):\n\n    return *x*  # $a$ &lt;script&gt;\n\n\n"
    page = f"<head><style>p {{}}</style></head><body>\n\n<section><pre>{answer}</pre></section></body>"
    source = nbformat.reads(as_notebook(page).decode(), 4).cells[0].source
    assert "\n\n" not in source
    shown = safe_markdown(None, source)
    assert "<em>" not in shown
    assert "return *x*  # $a$ &lt;script&gt;" in shown
    assert "<style" not in source


def test_who_waits_for_a_person_is_left_out_and_named(moodle: Course) -> None:
    done = return_week(moodle, WEEK, "moodle")
    assert set(done.students) == DONE
    assert "The notebook breaks off" in done.left_out["dan"]
    assert "1 answer waits" in done.left_out["eve"]
    assert done.elsewhere == {"gus": ""}


def test_page_that_waits_goes_back_if_asked_and_says_so(moodle: Course) -> None:
    done = return_week(moodle, WEEK, "moodle", unfinished=True)
    assert set(done.students) == {*DONE, "dan", "eve"}
    assert set(done.unfinished) == {"dan", "eve"}
    assert "wait" in page_of(done.path, f"Eve Eden_1005_assignsubmission_file_/{PAGE}").lower()


def test_page_has_the_mark_that_was_given_by_hand_a_moment_ago(moodle: Course) -> None:
    return_week(moodle, WEEK, "moodle")
    with open_gradebook(moodle.gradebook_url) as gradebook:
        mark_by_hand(gradebook, "eve", 1.25)
    done = return_week(moodle, WEEK, "moodle", force=True)
    assert "6.25" in page_of(done.path, f"Eve Eden_1005_assignsubmission_file_/{PAGE}")


def test_second_return_of_an_unchanged_class_is_the_same_and_writes_nothing(moodle: Course) -> None:
    first = return_week(moodle, WEEK, "moodle")
    before = first.path.read_bytes(), first.path.stat().st_mtime_ns
    again = return_week(moodle, WEEK, "moodle")
    assert (first.written, again.written) == (True, False)
    assert (again.path.read_bytes(), again.path.stat().st_mtime_ns) == before
    with zipfile.ZipFile(first.path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    elsewhere = return_week(moodle, WEEK, "moodle", output=moodle.root / "other.zip")
    assert hashlib.sha256(elsewhere.path.read_bytes()).digest() == hashlib.sha256(before[0]).digest()


def test_nothing_is_overwritten_unasked(moodle: Course) -> None:
    path = moodle.root / "mine.zip"
    path.write_bytes(b"mine")
    with pytest.raises(CourseError, match=r"--force .* --output"):
        return_week(moodle, WEEK, "moodle", output=path)
    assert path.read_bytes() == b"mine"
    assert sorted(path.parent.glob(".mine*")) == []
    return_week(moodle, WEEK, "moodle", output=path, force=True)
    assert zipfile.is_zipfile(path)


def test_folder_has_a_list_for_a_mail_merge(moodle: Course) -> None:
    with open_gradebook(moodle.gradebook_url) as gradebook:
        gradebook.update_or_create_student(
            "ada", first_name="=Ada", last_name="Lovelace", email="ada@x.example"
        )
    done = return_week(moodle, WEEK, "folder")
    with (done.path / "index.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert lines[0] == {"student": "ada", "name": "'=Ada Lovelace", "email": "ada@x.example",
                        "file": f"ada/{PAGE}", "score": "6.5"}  # fmt: skip
    assert [line["student"] for line in lines] == ["ada", "bob", "cleo"]
    for line in lines:
        assert (done.path / line["file"]).read_bytes() == (
            moodle.feedback(WEEK, line["student"]) / PAGE
        ).read_bytes()
    assert not list(done.path.rglob(".*"))


def test_folder_is_changed_only_if_asked_and_loses_only_what_it_was_given(moodle: Course) -> None:
    first = return_week(moodle, WEEK, "folder")
    assert not return_week(moodle, WEEK, "folder").written
    write(first.path / "ada" / "note.txt", "mine")
    with pytest.raises(CourseError, match="--force"):
        return_week(moodle, WEEK, "folder", students=("ada",))
    done = return_week(moodle, WEEK, "folder", students=("ada",), force=True)
    files = {path.relative_to(done.path).as_posix() for path in done.path.rglob("*") if path.is_file()}
    assert files == {"index.csv", f"ada/{PAGE}", "ada/note.txt"}


def test_work_that_came_from_elsewhere_is_listed_with_what_to_do(moodle: Course) -> None:
    own = [one for one in read_arrivals(moodle, WEEK) if one.student != "bob"]
    write_arrivals(moodle, WEEK, [*own, Arrival("bob", "git", f"bob/{NOTEBOOK}", "digest")])
    said = CliRunner().invoke(app, ["return", WEEK, "--to", "moodle", "--course", str(moodle.root)])
    assert said.exit_code == 3
    words = " ".join(said.output.split())
    assert "bob: came from a git repository: --to folder" in words
    assert "gus: was not collected with autograder collect" in words
    assert "Upload multiple feedback files in a zip" in words


def test_two_students_under_one_name_get_no_page(moodle: Course) -> None:
    rest = [one for one in read_arrivals(moodle, WEEK) if one.student != "bob"]
    write_arrivals(moodle, WEEK, [*rest, Arrival("bob", "moodle", FROM_MOODLE["ada"], "digest")])
    done = return_week(moodle, WEEK, "moodle")
    assert done.students == ("cleo",)
    assert "same name" in done.left_out["ada"]
    assert "same name" in done.left_out["bob"]


def test_name_that_would_not_be_understood_is_listed(moodle: Course) -> None:
    rest = [one for one in read_arrivals(moodle, WEEK) if one.student != "bob"]
    write_arrivals(moodle, WEEK, [*rest, Arrival("bob", "moodle", f"bob/{NOTEBOOK}", "digest")])
    assert "would not know whose" in return_week(moodle, WEEK, "moodle").left_out["bob"]


def test_page_on_older_work_than_what_came_in_does_not_go_back(moodle: Course) -> None:
    folder, handed_in = moodle.results(WEEK, "ada"), moodle.submitted(WEEK, "ada")
    saved = load_result(folder)
    assert saved is not None
    shutil.copy(moodle.release(WEEK), handed_in)
    submission = replace(read_submission(handed_in, "ada", WEEK, load_assignment(moodle, WEEK)), week=WEEK)
    save_result(folder, SavedResult("digest", saved.result, submission_digest(submission)))
    assert "ada" in return_week(moodle, WEEK, "moodle").students
    hand_in(moodle, WEEK, "ada", fill_in(released_notebook(moodle, WEEK), {"gq2": 'answer_gq2 = "B"'}))
    done = return_week(moodle, WEEK, "moodle", force=True)
    assert "newer work came in" in done.left_out["ada"]


# arguments after the week, and what the error says
REFUSED = [
    (("--to", "blackboard"), "moodle, canvas, folder"),
    (("--to", "canvas"), "autograder collect week03 FILE"),
    (("--to", "moodle", "--student", "zed"), "zed handed in nothing"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_error_says_what_to_do(moodle: Course, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CourseError) as error:
        CliRunner().invoke(
            app, ["return", WEEK, *arguments, "--course", str(moodle.root)], catch_exceptions=False
        )
    assert words in str(error.value)
    assert not (moodle.root / "returned").exists()


def test_damaged_list_of_arrivals_is_no_traceback(moodle: Course) -> None:
    write(moodle.root / "collected" / f"{WEEK}.json", "{")
    with pytest.raises(CourseError, match="collect once more"):
        return_week(moodle, WEEK, "moodle")


def test_page_needs_nothing_beside_it(moodle: Course) -> None:
    done = return_week(moodle, WEEK, "moodle")
    with zipfile.ZipFile(done.path) as archive:
        page = archive.read(f"Ada Lovelace_1001_assignsubmission_file_/{PAGE}").decode("utf-8")
    for word in ("<link", "<script", 'src="http', "url(http", "@import"):
        assert word not in page
    assert 'name="viewport"' in page
