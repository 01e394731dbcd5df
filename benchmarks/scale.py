"""Measure grading on a cluster: what a submission, a task and a worker cost, and what a second one gains."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
from distributed import LocalCluster
from measuring import ROOT, Table

from autograder.answers import fill_in, hand_in, reference_answers, released_notebook
from autograder.cluster import PATIENCE_SECONDS, connection, prepared_workers, results
from autograder.course import Course
from autograder.demo import sample_course
from autograder.digests import digest, shared_digest, submission_digest
from autograder.intake.submission import read_submission
from autograder.model import Finding, Limits, Submission, Unreadable
from autograder.record.results import SavedResult
from autograder.record.writer import Writer
from autograder.spec import load_assignment
from autograder.tasks import Recipe, open_grader

CLASS_SIZE = 24
EMPTY_TASKS = 400
LOOK_SECONDS = 0.04
LOOKS_PER_WEIGHING = 10

Work = Sequence[Submission | Unreadable]


@dataclass
class Family:
    """Add up the processor time of all descendants of this process, and note the most memory they held.

    Nobody waits for the sandbox's processes, so the kernel forgets their time: they are looked at while they
    live, every LOOK_SECONDS, and what each does after the last look is missed.
    """

    seconds: dict[psutil.Process, float] = field(default_factory=dict)
    most_memory: int = 0
    watching: float = 0.0

    @property
    def cpu(self) -> float:
        """Return the processor seconds so far, of this process too, without those spent on looking."""
        return sum(self.seconds.values()) + time.process_time() - self.watching

    def look(self) -> list[psutil.Process]:
        """Note the processor time of every descendant that lives, and return them."""
        living = psutil.Process().children(recursive=True)
        for process in living:
            with suppress(psutil.Error):
                used = process.cpu_times()
                self.seconds[process] = used.user + used.system
        return living

    def weigh(self, processes: Sequence[psutil.Process]) -> None:
        """Note how much memory these processes hold together, shared pages counted once."""
        total = 0
        for process in processes:
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
        self.most_memory = max(self.most_memory, total)


@contextmanager
def watched() -> Iterator[Family]:
    """Watch the descendants of this process while the block runs."""
    family, done = Family(), threading.Event()

    def watch() -> None:
        looks = 0
        while not done.wait(LOOK_SECONDS):
            living = family.look()
            if looks % LOOKS_PER_WEIGHING == 0:
                family.weigh(living)
            looks += 1
            family.watching = time.thread_time()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield family
    finally:
        done.set()
        thread.join()


@dataclass(frozen=True)
class Run:
    """Hold what grading took: seconds by the clock and of the processors, to be ready and for each task."""

    ready_wall: float
    ready_cpu: float
    wall: float
    cpu: float
    memory: int


def on_cluster(recipe: Recipe, work: Work, workers: int) -> Run:
    """Grade on a cluster of this machine with so many workers; its scheduler shares our process."""
    with (
        watched() as family,
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=":0", memory_limit=0
        ) as local,
        connection(local.scheduler_address, PATIENCE_SECONDS) as cluster,
    ):
        cluster.client.wait_for_workers(workers)
        began, cpu = time.perf_counter(), family.cpu
        with prepared_workers(cluster.client, recipe) as plugin:
            family.look()
            return measured(family, began, cpu, len(work), results(cluster, plugin, recipe, work))


def in_this_process(recipe: Recipe, work: Work) -> Run:
    """Grade without a cluster, one after the other."""
    with watched() as family:
        began, cpu = time.perf_counter(), family.cpu
        with open_grader(recipe) as grader:
            family.look()
            return measured(family, began, cpu, len(work), map(grader.grade, work))


def measured(family: Family, began: float, cpu: float, tasks: int, graded: Iterator[object]) -> Run:
    """Drain the results, and return what getting ready and each task took."""
    ready, ready_cpu = time.perf_counter(), family.cpu
    for _ in graded:
        pass
    family.look()
    wall = time.perf_counter() - ready
    return Run(
        ready - began, ready_cpu - cpu, wall / tasks, (family.cpu - ready_cpu) / tasks, family.most_memory
    )


def reading_and_recording(recipe: Recipe, work: Work) -> Run:
    """Take the steps that stay with the one client: read what was handed in, and record the results."""
    course, week = Course(ROOT), recipe.assignment.week
    right = fill_in(released_notebook(course, week), reference_answers(recipe.assignment))
    trusted = replace(recipe, no_sandbox=True)  # the reference answers
    with open_grader(trusted, lambda warning: None) as grader, tempfile.TemporaryDirectory() as folder:
        result = grader.grade(work[0])
        copy = sample_course(course, week, Path(folder))
        for item in work:
            hand_in(copy, week, item.student, right)
        shared = shared_digest(recipe.assignment, recipe.limits)
        with Writer(copy, recipe.assignment) as writer:
            began, cpu = time.perf_counter(), time.process_time()
            for item in work:
                submission = read_submission(
                    copy.submitted(week, item.student), item.student, week, recipe.assignment
                )
                handed_in, own = submission_digest(submission), replace(result, student=item.student)
                writer.write(SavedResult(digest(handed_in, shared), own, handed_in))
            wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Run(0.0, 0.0, wall / len(work), cpu / len(work), 0)


def right_answers(size: int) -> tuple[Recipe, list[Submission | Unreadable]]:
    """Return a class in which everybody hands in the reference answers of week 3."""
    course = Course(ROOT)
    week = course.resolve("week03")
    assignment = load_assignment(course, week)
    with tempfile.TemporaryDirectory() as folder:
        copy = sample_course(course, week, Path(folder))
        right = fill_in(released_notebook(course, week), reference_answers(assignment))
        hand_in(copy, week, "student", right)
        submission = read_submission(copy.submitted(week, "student"), "student", week, assignment)
    school = [replace(submission, student=f"student{number}") for number in range(size)]
    return Recipe(assignment, Limits(), seed=1, hidden=(ROOT,)), school


def empty_tasks(recipe: Recipe, size: int) -> list[Submission | Unreadable]:
    """Return tasks that need no judging and weigh what a submission does, there and back."""
    load = (Finding("note", "x" * 50_000),)
    return [Unreadable(f"s{n}", recipe.assignment.week, "measured", load) for n in range(size)]


def table() -> Table:
    """Grade the same class alone, on one worker and on two; and send tasks that need no work."""
    recipe, school = right_answers(CLASS_SIZE)
    alone = in_this_process(recipe, school)
    one, two = (on_cluster(recipe, school, workers) for workers in (1, 2))
    empty = on_cluster(recipe, empty_tasks(recipe, EMPTY_TASKS), 1)
    rows = [
        line("one process, no cluster", alone),
        line("one worker", one),
        line("two workers", two),
        line(f"one worker, {EMPTY_TASKS} tasks without work", empty),
        line("the client's own part: reading, recording", reading_and_recording(recipe, school)),
    ]
    gain = one.wall / two.wall
    note = (
        f"A class of {CLASS_SIZE} right answers (week 3) on a Dask cluster of this machine; its scheduler "
        f"shares the client's process. Two workers do {gain:.2f} times the work of one in the same time "
        f"({gain / 2:.0%} efficiency); the cluster costs {1000 * empty.wall:.1f} ms a task. "
        "Memory: all processes together, at most, shared pages counted once."
    )
    head = ("run", "ready: wall s", "ready: CPU s", "wall s / task", "CPU s / task", "memory MiB")
    return Table("Scale-out", note, head, rows)


def line(what: str, run: Run) -> tuple[str, ...]:
    """Return the row of a run."""
    numbers = f"{run.ready_wall:.1f}", f"{run.ready_cpu:.1f}", f"{run.wall:.3f}", f"{run.cpu:.3f}"
    return what, *numbers, f"{run.memory / 2**20:.0f}"


if __name__ == "__main__":
    print(table().markdown())
