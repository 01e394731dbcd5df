"""A corpus of attacks, graded as one class with honest neighbours in a world that must not change."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from attack_class import (
    CANARY,
    FOLDER,
    LIMITS,
    MARKS,
    NAMELESS,
    NEIGHBOURS,
    World,
    hand_in_all,
    load_attacks,
    the_world,
)
from conftest import ROOT
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbgrader.api import Gradebook
from sandbox_children import descendants

from autograder.course import Course
from autograder.demo import sample_course
from autograder.export import FORMULA, TARGETS, export_week
from autograder.grading import grade_class
from autograder.intake.files import shown
from autograder.judge.pictures import checked_picture
from autograder.model import SubmissionResult
from autograder.options import Options
from autograder.record.pages import write_report
from autograder.sandbox.folders import remove_tree
from autograder.sandbox.process import SandboxError

# The first test grades the whole class, among whom some fill the limits.
pytestmark = [pytest.mark.sandbox, pytest.mark.alone, pytest.mark.timeout(1500)]
HOME = Course(ROOT)
WEEK = HOME.resolve("week03")
ATTACKS = {attack.name: attack for attack in load_attacks()}
STUDENTS = (*ATTACKS, *NEIGHBOURS)
LOADING = ("src", "srcset", "data", "poster", "background")
LARGEST = 30 << 20  # bytes of any file that grading one submission may leave


@dataclass(frozen=True)
class Outcome:
    """Hold what grading the class gave, and how the world was before and after."""

    world: World
    results: dict[str, SubmissionResult]
    before: str
    after: str
    heard: list[str]
    left: set[int]
    victim_lives: bool


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """Grade the class once, with small limits."""
    root = tmp_path_factory.mktemp("attacks")
    os.environ["ATTACK_SECRET"] = CANARY
    try:
        with the_world(root, sample_course(HOME, WEEK, root / "course"), WEEK) as world:
            hand_in_all(world, tuple(ATTACKS.values()))
            before, running = world.fingerprint(), descendants(os.getpid())
            try:
                items = list(grade_class(world.course, WEEK, Options(workers=2, limits=LIMITS)))
            except SandboxError as error:
                pytest.skip(str(error))
            results = {item.result.student: item.result for item in items}
            write_report(world.course, WEEK)
            left = descendants(os.getpid()) - running
            lives = world.victim.poll() is None
            yield Outcome(world, results, before, world.fingerprint(), world.heard(), left, lives)
    finally:
        del os.environ["ATTACK_SECRET"]
        remove_tree(root)


def outputs(world: World, student: str) -> list[dict[str, object]]:
    """Return all outputs in a student's graded notebook."""
    path = world.course.autograded(WEEK, student) / f"{WEEK}.ipynb"
    if not path.exists():
        return []
    return [output for cell in json.loads(path.read_text())["cells"] for output in cell.get("outputs", [])]


def written(world: World, student: str) -> list[Path]:
    """Return the files that grading wrote about a student."""
    folders = (world.course.autograded(WEEK, student), world.course.feedback(WEEK, student))
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


class Active(HTMLParser):
    """Collect what a page would run or load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "link", "base", "applet", "frame", "input"):
            self.found.append(tag)
        for name, value in attrs:
            text = re.sub(r"\s", "", (value or "").lower())
            if name.startswith("on") or (name == "style" and "url" in text) or text.startswith("javascript:"):
                self.found.append(f"{tag} {name}={text[:60]}")
            picture = (value or "").partition("data:image/png;base64,")
            if name in LOADING and (picture[0] or not checked_picture(picture[2], "image/png")):
                self.found.append(f"{tag} {name}={text[:60]}")
            if tag == "meta" and (name, text) == ("http-equiv", "refresh"):
                self.found.append("refresh")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style" and re.search(r"@import|url\(", data):
            self.found.append("style loads")


def test_the_corpus_is_large_and_says_what_each_attack_tries() -> None:
    areas = {path.parent.name for path in FOLDER.rglob("*.txt")} | {
        path.parent.name for path in FOLDER.rglob("*.py")
    }
    assert len(ATTACKS) >= 60
    assert areas == {
        *("resources", "files", "network", "tampering", "leaks", "structure", "rendering", "protocol"),
    }
    assert all(attack.tries and attack.success for attack in ATTACKS.values())


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attacker_gets_exactly_the_marks_it_earned(graded: Outcome, name: str) -> None:
    result = graded.results[name]
    assert {e.exercise: e.score for e in result.exercises if e.exercise in MARKS} == ATTACKS[name].marks
    assert (result.status, result.reason if result.status == "graded" else "") == (ATTACKS[name].status, "")


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_reports_success(graded: Outcome, name: str) -> None:
    assert "SUCCESS" not in json.dumps(outputs(graded.world, name))


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_honest_neighbours_get_full_marks(graded: Outcome, name: str) -> None:
    assert {e.exercise: e.score for e in graded.results[name].exercises} == MARKS
    assert graded.results[name].findings == ()


def test_the_batch_finished_for_everybody(graded: Outcome) -> None:
    assert set(graded.results) == {*STUDENTS, *map(shown, NAMELESS)}


@pytest.mark.parametrize("name", NAMELESS, ids=["no text", "control characters", "too long"])
def test_a_name_that_cannot_be_recorded_needs_a_human_and_stops_nobody(graded: Outcome, name: str) -> None:
    result = graded.results[shown(name)]
    assert result.status == "needs a human"
    assert "rename it and grade again" in result.reason
    assert shown(name).isprintable()
    assert written(graded.world, name) == []


@pytest.mark.parametrize("target", TARGETS)
def test_no_cell_of_an_exported_table_is_a_formula(graded: Outcome, target: str) -> None:
    path = export_week(graded.world.course, WEEK, target).path
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=cmd <img src=x onerror=alert(1)>" in cells
    assert [cell for cell in cells if cell.startswith(FORMULA) and cell != "-"] == []


def test_the_gradebook_holds_what_was_earned_and_nothing_else(graded: Outcome) -> None:
    with Gradebook(graded.world.course.gradebook_url) as gradebook:
        stored = {row.student.id: row.score for row in gradebook.assignment_submissions(WEEK)}
    assert stored == {student: graded.results[student].score for student in STUDENTS}


def test_nothing_outside_has_changed(graded: Outcome) -> None:
    assert graded.before == graded.after
    places = [Path(folder) / "left-behind-by-an-attack" for folder in ("/tmp", "/var/tmp", "/dev/shm")]
    assert not any(place.exists() for place in (*places, Path.home() / ".trainwell-attack"))


def test_nobody_was_called_and_nothing_runs_on(graded: Outcome) -> None:
    assert graded.heard == []
    assert graded.left == set()
    assert graded.victim_lives


def test_no_secret_is_in_anything_that_was_written(graded: Outcome) -> None:
    for student in STUDENTS:
        for path in written(graded.world, student):
            assert CANARY not in path.read_text()
            assert "BEGIN HIDDEN TESTS" not in path.read_text() or path.suffix != ".html"


def test_everything_written_about_a_submission_is_small(graded: Outcome) -> None:
    sizes = {path: path.stat().st_size for student in STUDENTS for path in written(graded.world, student)}
    assert {path.name: size for path, size in sizes.items() if size > LARGEST} == {}
    assert max(size for path, size in sizes.items() if path.suffix == ".html") < 8 << 20


def test_no_page_runs_or_loads_anything(graded: Outcome) -> None:
    pages = [graded.world.course.report(WEEK), *graded.world.course.root.glob("feedback/**/*.html")]
    assert len(pages) > len(ATTACKS)
    for page in pages:
        assert Active(page.read_text()).found == [], page


def test_graded_notebooks_hold_text_and_pictures_alone(graded: Outcome) -> None:
    for student in STUDENTS:
        for output in outputs(graded.world, student):
            data = output.get("data", {})
            assert isinstance(data, dict)
            assert set(data) <= {"text/plain", "image/png", "image/jpeg"}
            assert all(data[mime].startswith(("iVBOR", "/9j/")) for mime in data if mime != "text/plain")
            assert not output.get("metadata")


def test_text_cells_of_graded_notebooks_run_and_load_nothing(graded: Outcome) -> None:
    for student in ATTACKS:
        path = graded.world.course.autograded(WEEK, student) / f"{WEEK}.ipynb"
        notebook = json.loads(path.read_text()) if path.exists() else {"cells": []}
        for cell in notebook["cells"]:
            assert not cell.get("attachments")
            if cell["cell_type"] != "code":
                assert Active(markdown2html_mistune("".join(cell["source"]))).found == [], student


def test_the_seed_of_the_questions_never_enters_the_sandbox(graded: Outcome) -> None:
    printed = json.dumps(outputs(graded.world, "leaks-seed"))
    assert len(printed) > 1000
    assert str(graded.results["leaks-seed"].seed) not in printed


def test_work_handed_in_again_meets_new_questions(graded: Outcome) -> None:
    course, name = graded.world.course, "tampering-known_inputs"
    first = graded.results[name]
    path = course.submitted(WEEK, name) / f"{WEEK}.ipynb"
    path.write_text(path.read_text().replace("asked = []", "asked = list()"))
    again = next(iter(grade_class(course, WEEK, Options((name,), 1, limits=LIMITS)))).result
    same = Options((name,), 1, force=True, seed=first.seed, limits=LIMITS)
    repeated = next(iter(grade_class(course, WEEK, same))).result
    asked = [result.cells[-1].outputs[0]["text"] for result in (first, again, repeated)]
    assert asked[0] == asked[2] != asked[1]
    assert first.seed == repeated.seed != again.seed


def test_no_submission_takes_longer_than_it_may(graded: Outcome) -> None:
    slow = {name: r.seconds for name, r in graded.results.items() if r.seconds > 3 * LIMITS.total_seconds}
    assert slow == {}
