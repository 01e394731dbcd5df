"""Three ways to run the same tasks, with equal results: in this process, in forked workers, on a cluster."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from pathlib import Path

from autograder.course import CourseError
from autograder.model import Submission, SubmissionResult, Unreadable
from autograder.sandbox.folders import temporary_folder
from autograder.sandbox.syscalls import die_with_parent
from autograder.tasks import Grader, Recipe, open_grader

Submissions = Iterable[Submission | Unreadable]
Engine = Callable[[Recipe, Submissions], Iterator[SubmissionResult]]

PER_WORKER = 4  # submissions in the pool at a time, so that no worker waits for its next one
NEEDS_DASK = (
    'Grading on a cluster needs Dask: python -m pip install -c constraints.txt -e ".[grade,cluster]" '
    "(here and on the workers)"
)


def choose_engine(workers: int, cluster_address: str | None = None) -> Engine:
    """Return the engine for a run. Each yields one result a submission, in the order of being finished."""
    if cluster_address is not None:
        return partial(cluster, address=cluster_address)
    return partial(local_pool, workers=workers) if workers > 1 else in_process


def in_process(recipe: Recipe, submissions: Submissions) -> Iterator[SubmissionResult]:
    """Grade one submission after the other."""
    with open_grader(recipe) as grader:
        yield from map(grader.grade, submissions)


def local_pool(recipe: Recipe, submissions: Submissions, workers: int) -> Iterator[SubmissionResult]:
    """Grade in forked workers, which share the imported libraries and the zygote of this process.

    Only a few submissions at a time are taken, so memory does not grow with the class. The workers have ended
    when it returns. Raises CourseError if a worker is killed from outside.
    """
    context = multiprocessing.get_context("fork")
    with open_grader(recipe) as grader, temporary_folder() as folder:
        shared, others = (grader, os.getpid()), multiprocessing.active_children()
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_become_worker, initargs=shared)
        with pool:
            try:
                yield from _results(pool, _posted(submissions, folder), PER_WORKER * workers)
            except BrokenProcessPool:
                raise CourseError(
                    "A worker was killed from outside (out of memory?). What was graded is kept; "
                    "run the same command again, with --workers 1 if memory is short."
                ) from None
            except BaseException:
                for worker in multiprocessing.active_children():
                    if worker not in others:
                        worker.terminate()  # whoever stops the run need not wait for a slow submission
                raise


def _posted(submissions: Submissions, folder: Path) -> Iterator[Path]:
    """Write each submission to a file in a folder, when its turn comes, and yield the file.

    What goes through the pool's pipe must be small. Where nobody reads it any more a full pipe holds its
    writer for ever, and some versions of Python wait for that one at their end.
    """
    for number, submission in enumerate(submissions):
        file = folder / str(number)
        file.write_bytes(pickle.dumps(submission))
        yield file


def _results(pool: ProcessPoolExecutor, posted: Iterator[Path], at_once: int) -> Iterator[SubmissionResult]:
    """Yield results as they are finished, with at most so many submissions in the pool."""
    running = {pool.submit(_grade_in_worker, file) for file in islice(posted, at_once)}
    while running:
        finished, running = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            running |= {pool.submit(_grade_in_worker, file) for file in islice(posted, 1)}
            yield future.result()


def cluster(recipe: Recipe, submissions: Submissions, address: str) -> Iterator[SubmissionResult]:
    """Grade on the workers of a Dask cluster, whose scheduler answers at `address`.

    Raises CourseError if Dask is not installed, or the cluster does not answer, cannot grade, or goes away.
    """
    try:
        from autograder.cluster import grade_on_cluster
    except ModuleNotFoundError as error:
        if error.name not in ("dask", "distributed"):
            raise
        raise CourseError(NEEDS_DASK) from None
    yield from grade_on_cluster(recipe, submissions, address)


def _become_worker(grader: Grader, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent answers it
    die_with_parent(parent)
    # The process object is the one place of its own where a worker can keep something between calls.
    multiprocessing.current_process().grader = grader  # type: ignore[attr-defined]


def _grade_in_worker(posted: Path) -> SubmissionResult:
    grader: Grader = multiprocessing.current_process().grader  # type: ignore[attr-defined]
    submission: Submission | Unreadable = pickle.loads(posted.read_bytes())  # written by the parent
    posted.unlink()
    return grader.grade(submission)
