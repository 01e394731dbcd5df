"""Grade on a Dask cluster: each worker keeps a grader with a warm zygote; results come back as records.

Assignment and submissions travel with the tasks, so workers need no course folder and no gradebook; only this
side writes. Workers do need the same version of this package, which is made sure of.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import checking
from distributed import Client, Future, KilledWorker, Scheduler, Worker, WorkerPlugin, get_worker
from distributed.comm.addressing import parse_address
from distributed.comm.core import CommClosedError
from distributed.comm.registry import get_backend

from autograder.course import CourseError
from autograder.model import Submission, SubmissionResult, Unreadable
from autograder.tasks import Grader, Recipe, open_grader, unreadable_result, warn

PREFIX = "trainwell-"
CONNECT_SECONDS = 5.0
PATIENCE_SECONDS = 60.0  # how long a cluster may be without any worker
LOOK_SECONDS = 2.0
TASKS_PER_THREAD = 4  # enough that no worker waits for its next task, few enough that memory stays flat
FEWEST_TASKS = 64  # so that a cluster that grows on demand sees a demand
START_WORKER = "To start a worker on a machine: dask worker {address} --nthreads 1"
KEPT = "What was graded is kept; run the same command again to go on."


def code_on_disk() -> str:
    """Return a hash of the installed code that marks may depend on; a week's checks travel with its tasks."""
    files: dict[str, Path] = {"checking.py": Path(checking.__file__ or "")}
    folder = Path(__file__).parent
    files |= {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.py")}
    parts = [f"{name} {version(name)}".encode() for name in ("torch", "numpy")]
    parts += [name.encode() + path.read_bytes() for name, path in sorted(files.items())]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


# Read when the code is imported: what runs on a worker is that, however its files change later.
IMPORTED_CODE = code_on_disk()


@dataclass(frozen=True)
class Cluster:
    """Hold the connection to a scheduler, and how many seconds it may be without any worker."""

    client: Client
    address: str
    patience: float

    def without_workers(self) -> CourseError:
        """Return the error that says what to do when nobody works."""
        start = START_WORKER.format(address=self.address)
        return CourseError(
            f"The cluster at {self.address} has had no worker for {self.patience:g} seconds. {start}"
        )

    def has_workers(self) -> bool:
        """Return whether the scheduler answers and has a worker."""
        return self.client.status == "running" and self.client.scheduler_info(n_workers=0)["n_workers"] > 0

    def room(self) -> int:
        """Return how many tasks may be on the cluster at a time."""
        threads = int(self.client.scheduler_info(n_workers=0).get("total_threads", 0))
        return max(FEWEST_TASKS, TASKS_PER_THREAD * threads)


class GraderPlugin(WorkerPlugin):
    """Keep a grader on a worker: assignment, checks, known mistakes, limits, seed, and a warm zygote."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.code = IMPORTED_CODE
        self.grader: Grader | None = None
        self.warnings: list[str] = []

    async def setup(self, worker: Worker) -> None:
        """Open the grader beside the event loop, which goes on telling the scheduler that it lives.

        Raises CourseError if this worker runs other code, and its kind SandboxError if it cannot isolate.
        """
        if self.code != IMPORTED_CODE:
            raise CourseError(
                f"the worker {worker.address} runs another version of this package or of torch: "
                "install this one there and start the worker again"
            )
        self._open = ExitStack()
        self.grader = await asyncio.to_thread(self._enter)

    def _enter(self) -> Grader:
        return self._open.enter_context(open_grader(self.recipe, self.warnings.append))

    async def teardown(self, worker: Worker) -> None:
        """End the zygote."""
        if self.grader is not None:
            await asyncio.to_thread(self._open.close)


def grade_on_cluster(
    recipe: Recipe,
    submissions: Iterable[Submission | Unreadable],
    address: str,
    patience: float = PATIENCE_SECONDS,
) -> Iterator[SubmissionResult]:
    """Yield one result a submission as they are finished. A submission whose worker dies goes to another one.

    Raises CourseError if the cluster does not answer, cannot grade, goes away, or has no worker for
    `patience` seconds.
    """
    with connection(address, patience) as cluster, prepared_workers(cluster.client, recipe) as plugin:
        yield from results(cluster, plugin, recipe, submissions)


@contextlib.contextmanager
def connection(address: str, patience: float) -> Iterator[Cluster]:
    """Connect to the scheduler and wait until it has a worker."""
    for name in ("distributed", "distributed.client"):  # what matters here is said in one sentence
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        scheme, location = parse_address(address)
        get_backend(scheme).get_address_host(location)  # a client of a misspelt address could not be closed
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError):
        raise CourseError(
            f"No Dask scheduler answers at {address}. To start one on this machine: dask scheduler"
        ) from None
    with client:
        cluster = Cluster(client, address, patience)
        try:
            client.wait_for_workers(1, timeout=patience)
        except TimeoutError:
            raise cluster.without_workers() from None
        yield cluster


@contextlib.contextmanager
def prepared_workers(client: Client, recipe: Recipe) -> Iterator[str]:
    """Put a grader on every worker, those included that join later; yield the name of the plugin."""
    name = f"{PREFIX}{client.id}"
    client.run_on_scheduler(forget_the_dead)
    try:
        try:
            client.register_plugin(GraderPlugin(recipe), name)
        except Exception as error:  # whatever a machine that is set up differently may come up with
            raise CourseError(
                f"The cluster cannot grade: {error}. See docs/scale.md, «What a worker needs»."
            ) from None
        for warning in sorted({text for texts in client.run(_warnings, name).values() for text in texts}):
            warn(warning)
        yield name
    finally:
        with contextlib.suppress(Exception):  # the cluster may be gone, and the next run cleans up
            client.unregister_worker_plugin(name)


async def forget_the_dead(dask_scheduler: Scheduler) -> None:
    """Take the graders of clients that were killed off the workers: each holds a zygote's memory."""
    for name in list(dask_scheduler.worker_plugins):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in dask_scheduler.clients:
            await dask_scheduler.unregister_worker_plugin(None, name)


def _warnings(plugin: str, dask_worker: Worker) -> list[str]:
    """Return what there is to say about the sandbox of a worker."""
    return list(getattr(dask_worker.plugins.get(plugin), "warnings", ()))


def results(
    cluster: Cluster, plugin: str, recipe: Recipe, submissions: Iterable[Submission | Unreadable]
) -> Iterator[SubmissionResult]:
    """Keep some tasks on the cluster, and send the next ones as results arrive."""
    finished: SimpleQueue[Future[Any]] = SimpleQueue()
    waiting = iter(submissions)
    sent: dict[str, tuple[Future[Any], Submission | Unreadable]] = {}
    room = 0
    while True:
        if len(sent) <= room // 2:
            room = cluster.room()
            for submission in islice(waiting, room - len(sent)):
                future = cluster.client.submit(_grade_on_worker, submission, plugin, pure=False)
                sent[str(future.key)] = future, submission
                future.add_done_callback(finished.put)
        if not sent:
            return
        future, submission = sent.pop(str(_next_finished(cluster, finished).key))
        yield _result(future, submission, recipe)


def _next_finished(cluster: Cluster, finished: SimpleQueue[Future[Any]]) -> Future[Any]:
    """Wait for a task to end. Raises CourseError if there has been nobody who could end one."""
    alone = 0.0
    while True:
        try:
            return finished.get(timeout=LOOK_SECONDS)
        except Empty:
            alone = 0.0 if cluster.has_workers() else alone + LOOK_SECONDS
        if alone >= cluster.patience:
            raise cluster.without_workers()


def _grade_on_worker(submission: Submission | Unreadable, plugin: str) -> SubmissionResult:
    worker = get_worker()
    grader = getattr(worker.plugins.get(plugin), "grader", None)
    if grader is None:
        raise CourseError(f"The worker {worker.address} could not be prepared: its log says why. {KEPT}")
    result: SubmissionResult = grader.grade(submission)
    return result


def _result(future: Future[Any], submission: Submission | Unreadable, recipe: Recipe) -> SubmissionResult:
    """Return what a finished task gave; one that several workers died of is left to a human."""
    try:
        result: SubmissionResult = future.result()
        return result
    except KilledWorker:
        reason = "Every worker that graded it died: is there enough memory for one submission?"
        lost = Unreadable(submission.student, submission.week, reason, submission.findings)
        return unreadable_result(lost, recipe.assignment, recipe.seed)
    except (CancelledError, CommClosedError, TimeoutError):
        raise CourseError(f"The cluster went away in the middle of the class. {KEPT}") from None
