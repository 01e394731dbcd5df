"""Grading on a real Dask cluster: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

import psutil
import pytest
import several_samples
from conftest import ROOT
from dask_processes import LocalCluster, poll
from distributed import Client

from autograder.cluster import PREFIX, GraderPlugin, forget_the_dead, grade_on_cluster
from autograder.course import Course, CourseError
from autograder.demo import sample_course
from autograder.engines import PER_WORKER, Engine, in_process, local_pool
from autograder.intake.submission import read_submission
from autograder.judge.cells import APART, BESIDE
from autograder.model import Limits, Submission, SubmissionResult, Unreadable
from autograder.sample_class import make_sample_class
from autograder.spec import load_assignment
from autograder.tasks import Recipe

pytestmark = [pytest.mark.sandbox, pytest.mark.server]
HOME = Course(ROOT)
WEEK = HOME.resolve("week03")
# One of each kind that takes no time: right, mistaken, untouched, broken, and one that cannot be read.
STUDENTS = ("ada", "dora", "hugo-untouched", "ines-syntax-error", "nora-damaged")
RECIPE = Recipe(load_assignment(HOME, WEEK), Limits(), seed=3, hidden=(ROOT,))
END_SECONDS = 60.0

Work = list[Submission | Unreadable]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make the sample class, of which few hand in."""
    course = sample_course(HOME, WEEK, tmp_path_factory.mktemp("class"))
    for student in set(make_sample_class(course, WEEK)) - set(STUDENTS):
        course.submitted(WEEK, student).rename(course.root / student)
    return course


@pytest.fixture(scope="module")
def work(course: Course) -> Work:
    """Read what was handed in."""
    folders = {student: course.submitted(WEEK, student) for student in STUDENTS}
    return [read_submission(folders[name], name, WEEK, RECIPE.assignment) for name in STUDENTS]


@pytest.fixture(scope="module")
def expected(work: Work) -> dict[str, SubmissionResult]:
    """Grade in this process what the other engines are compared with."""
    return by_student(in_process, work)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Start a scheduler with two workers."""
    with LocalCluster(tmp_path_factory.mktemp("dask")) as local:
        local.add_worker()
        local.add_worker()
        with Client(local.address, set_as_default=False) as client:
            client.wait_for_workers(2)
        yield local


def by_student(engine: Engine, work: Work) -> dict[str, SubmissionResult]:
    """Return each student's result without its time; fails if a student has two."""
    results = list(engine(RECIPE, work))
    found = {result.student: replace(result, seconds=0.0) for result in results}
    assert len(found) == len(results)
    return found


@pytest.mark.long
def test_forked_workers_give_the_same_results(work: Work, expected: dict[str, SubmissionResult]) -> None:
    assert by_student(partial(local_pool, workers=2), work) == expected


ENGINES = [(in_process, 1), (partial(local_pool, workers=2), 2 * PER_WORKER + 1)]


@pytest.mark.parametrize(("engine", "most"), ENGINES, ids=["in process", "two workers"])
def test_submissions_are_read_when_their_turn_comes(work: Work, engine: Engine, most: int) -> None:
    quick = next(item for item in work if isinstance(item, Unreadable))
    read: list[int] = []

    def coming() -> Iterator[Unreadable]:
        for number in range(40):
            read.append(number)
            yield replace(quick, student=f"student{number}")

    results = engine(RECIPE, coming())
    next(results)
    assert len(read) <= most
    assert len(list(results)) == 39


def test_no_worker_outlives_its_class() -> None:
    before = multiprocessing.active_children()
    nothing = [Unreadable(f"student{number}", WEEK, "It is damaged.") for number in range(8)]
    assert len(list(local_pool(RECIPE, nothing, workers=2))) == 8
    assert multiprocessing.active_children() == before


class Watched(Unreadable):
    """A submission that notes which threads of this process have packed it."""

    packed_by: ClassVar[set[str]] = set()

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str, str, tuple[()]]]:
        self.packed_by.add(threading.current_thread().name)
        return Unreadable, (self.student, self.week, self.reason, ())


def test_no_submission_goes_through_the_pipe_of_the_workers() -> None:
    large = [Watched(f"student{number}", WEEK, "x" * 200_000, ()) for number in range(8)]
    assert len(list(local_pool(RECIPE, large, workers=2))) == 8
    assert Watched.packed_by == {threading.current_thread().name}  # and not by the one that fills the pipe


def test_a_cluster_gives_the_same_results_once_though_a_worker_is_killed_in_mid_class(
    dask: LocalCluster, work: Work, expected: dict[str, SubmissionResult]
) -> None:
    school = [replace(item, student=f"{item.student}-{n}") for n in range(4) for item in work]
    results = grade_on_cluster(RECIPE, school, dask.address)
    graded = [next(results)]
    victim = busy_worker(dask.address)
    family = psutil.Process(victim).children(recursive=True)
    dask.kill_worker(victim)
    graded += results
    assert sorted(result.student for result in graded) == sorted(item.student for item in school)
    for result in graded:
        kind = result.student.rpartition("-")[0]
        assert replace(result, student=kind, seconds=0.0) == expected[kind]
    assert family
    assert not psutil.wait_procs(family, timeout=END_SECONDS)[1], "something outlived its worker"


def busy_worker(address: str) -> int:
    """Return the number of the process of a worker that grades at this moment."""
    with Client(address, set_as_default=False) as client:
        worker = poll(lambda: next((name for name, tasks in client.processing().items() if tasks), None))
        return int(client.run(lambda: psutil.Process().pid, workers=[worker])[worker])


def test_the_command_grades_on_a_cluster_and_writes_here(dask: LocalCluster, course: Course) -> None:
    done = command(course, "--cluster", dask.address, "--seed", "3", "--json")
    assert done.returncode == 3, done.stderr
    scores = {record["student"]: record["score"] for record in json.loads(done.stdout)}
    assert set(scores) == set(STUDENTS)
    assert scores["ada"] == 12.0
    assert all((course.feedback(WEEK, student) / f"{WEEK}.html").is_file() for student in STUDENTS)
    again = command(course, "--cluster", "tcp://127.0.0.1:1", "--json")
    assert not any(record["fresh"] for record in json.loads(again.stdout)), "nothing is left to be sent"


def command(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `autograder grade` and return what it said."""
    words = ["autograder", "grade", WEEK, "--course", str(course.root), *arguments]
    return subprocess.run(words, capture_output=True, text=True, timeout=1000)


def test_a_course_made_for_nbgrader_is_graded_on_a_cluster_too(dask: LocalCluster, tmp_path: Path) -> None:
    foreign = several_samples.make_course(tmp_path)
    graded = [item.result for item in several_samples.grade(foreign, cluster=dask.address)]
    marks = {(one.student, one.notebook): one.score for one in graded if one.status == "graded"}
    expected = {
        (student, notebook): score
        for student, scores in several_samples.MARKS.items()
        for notebook, score in zip(("p1", "p2"), scores, strict=True)
    }
    assert len(graded) == len(expected)
    assert marks == {key: score for key, score in expected.items() if score is not None}
    ann = {e.exercise: e.way for r in graded if (r.student, r.notebook) == ("ann", "p2") for e in r.exercises}
    assert ann["answer_test"] == APART
    assert ann["source_test"].startswith(BESIDE)
    (lost,) = (result for result in graded if result.status != "graded")
    assert (lost.student, lost.notebook) == ("dan", "p2")


@pytest.mark.parametrize("address", ["carrier-pigeon://coop:8786", "nowhere"])
def test_a_misspelt_address_ends_in_one_sentence(address: str, work: Work) -> None:
    with pytest.raises(CourseError, match=f"No Dask scheduler answers at {address}. To start one"):
        next(grade_on_cluster(RECIPE, work, address))


def test_an_address_that_does_not_answer_ends_in_one_sentence(course: Course) -> None:
    done = command(course, "--cluster", "tcp://127.0.0.1:1", "--force")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("No Dask scheduler answers at tcp://127.0.0.1:1. To start")


def test_workers_with_other_checks_are_refused_and_leftovers_removed(dask: LocalCluster) -> None:
    plugin = GraderPlugin(RECIPE)
    plugin.code = "that of another version"
    with Client(dask.address, set_as_default=False) as client:
        with pytest.raises(CourseError, match="another version of this package"):
            client.register_plugin(plugin, f"{PREFIX}Client-that-was-killed")
        assert len(graders(client)) == 1
        client.run_on_scheduler(forget_the_dead)
        assert graders(client) == []


def graders(client: Client) -> list[str]:
    """Return the names of our plugins on the workers."""
    names = client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.worker_plugins))
    return [name for name in names if name.startswith(PREFIX)]


def test_a_cluster_without_workers_ends_in_one_sentence(tmp_path: Path, work: Work) -> None:
    with LocalCluster(tmp_path) as empty, pytest.raises(CourseError, match="has had no worker for"):
        next(grade_on_cluster(RECIPE, work, empty.address, patience=0.5))


def test_a_submission_that_its_workers_die_of_is_left_to_a_human(tmp_path: Path, work: Work) -> None:
    def grade_while(happens: Callable[[LocalCluster], None]) -> list[SubmissionResult]:
        results = pool.submit(lambda: list(grade_on_cluster(RECIPE, work[:1], local.address)))
        happens(local)
        return results.result()

    strict = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with LocalCluster(tmp_path, strict) as local, ThreadPoolExecutor(1) as pool:
        local.add_worker()
        (result,) = grade_while(lambda local: local.kill_worker(busy_worker(local.address)))
        assert (result.status, result.score) == ("needs a human", 0.0)
        assert "Every worker that graded it died" in result.reason
        local.add_worker()
        with pytest.raises(CourseError, match="went away"):
            grade_while(lambda local: busy_worker(local.address) and local.kill_scheduler())
