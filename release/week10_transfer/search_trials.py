"""Open the storages of searches, run their trials, and keep processes at work. Called by search.py."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import cloudpickle
import numpy as np
import optuna
import psutil
from optuna.pruners import BasePruner
from optuna.samplers import BaseSampler
from optuna.storages import BaseStorage, JournalStorage, RDBStorage, RetryHeartbeatStaleTrialCallback
from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock
from optuna.trial import FrozenTrial, Trial, TrialState

Objective = Callable[[Trial], Any]  # trial -> value, or a sequence of values if there are several directions
Answers = SimpleQueue[tuple["Worker", dict[str, Any] | None]]

COUNTED = (TrialState.COMPLETE, TrialState.PRUNED)
RETRIES = 3  # of one trial: what kills its process more often is left as failed
HEARTBEAT, GRACE = 60, 180  # seconds: a database takes machines that were silent for longer for dead
UNCLAIMED = timedelta(seconds=60)  # a trial says within milliseconds which process runs it
LOCKED = 10  # seconds after which the journal's lock is taken from a process that was killed with it


@dataclass(frozen=True)
class Job:
    """Hold what a process needs to run trials of a study."""

    objective: Objective
    storage: str | Path | BaseStorage | None
    name: str
    directions: Sequence[str]
    seed: int
    sampler: Callable[[int], BaseSampler]
    pruner: BasePruner | None
    worker: int = 0


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Optuna from printing a line per trial and from warning that heartbeats are experimental."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(before)


# ---------------------------------------------------------------- studies and trials


def open_study(job: Job) -> optuna.Study:
    """Return the study of a job: a new one, or the one of this name that its storage has."""
    return optuna.create_study(
        storage=open_storage(job.storage),
        study_name=job.name,
        directions=job.directions,
        pruner=job.pruner,
        load_if_exists=True,
    )


def open_storage(storage: str | Path | BaseStorage | None) -> BaseStorage | None:
    """Return the storage for a URL, for the path of a journal, or for one that is open; None is memory."""
    if storage is None or isinstance(storage, BaseStorage):
        return storage
    if "://" not in str(storage):
        lock = JournalFileSymlinkLock(str(storage), grace_period=LOCKED)
        mend_journal(Path(storage), lock)
        return JournalStorage(JournalFileBackend(str(storage), lock_obj=lock))
    patient = {"connect_args": {"timeout": 60}} if str(storage).startswith("sqlite") else {}
    return RDBStorage(
        str(storage),
        engine_kwargs=patient,
        heartbeat_interval=HEARTBEAT,
        grace_period=GRACE,
        heartbeat_stale_trial_callback=retry,
    )


def mend_journal(path: Path, lock: JournalFileSymlinkLock) -> None:
    """Cut off a last line that was not written to its end: Optuna could not read the journal with it."""
    if not path.exists() or path.read_bytes()[-1:] in (b"", b"\n"):
        return
    lock.acquire()
    try:
        content = path.read_bytes()
        os.truncate(path, content.rfind(b"\n") + 1)
    finally:
        lock.release()


def count_finished(study: optuna.Study) -> int:
    """Return how many trials are complete or pruned."""
    return len(study.get_trials(deepcopy=False, states=COUNTED))


def count_begun(study: optuna.Study) -> int:
    """Return how many trials were begun; one that was queued again after a kill counts once."""
    trials = study.get_trials(deepcopy=False)
    waiting = sum(trial.state == TrialState.WAITING for trial in trials)
    return len(trials) - waiting - sum("retry_history" in trial.system_attrs for trial in trials)


def run_trial(job: Job, study: optuna.Study) -> None:
    """Run one trial. What it draws depends on the seed, on the trials begun before and on the worker."""
    parts = [job.seed, count_begun(study), job.worker]
    study.sampler = job.sampler(int(np.random.SeedSequence(parts).generate_state(1)[0]))

    def objective(trial: Trial) -> Any:
        trial.set_user_attr("process", this_process())
        return job.objective(trial)

    study.optimize(objective, n_trials=1)


def this_process() -> list[Any]:
    """Return what tells this process from all others: machine, number, start in seconds since 1970."""
    return [socket.gethostname(), os.getpid(), psutil.Process().create_time()]


def is_lost(trial: FrozenTrial) -> bool:
    """Return whether the process of a running trial is gone. Of other machines only a database can know."""
    if "process" not in trial.user_attrs:
        return trial.datetime_start is not None and datetime.now() - trial.datetime_start > UNCLAIMED
    host, pid, started = trial.user_attrs["process"]
    if host != socket.gethostname():
        return False
    try:
        process = psutil.Process(pid)  # or another one that was given the same number since
        return abs(process.create_time() - started) > 2 or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def retry_lost_trials(study: optuna.Study) -> None:
    """Mark the running trials whose process is gone as failed, and queue each again with the same values."""
    for trial in filter(is_lost, study.get_trials(states=(TrialState.RUNNING,))):
        with suppress(ValueError, optuna.exceptions.UpdateFinishedTrialError):  # another process was faster
            study.tell(trial.number, state=TrialState.FAIL)
            retry(study, trial)


def retry(study: optuna.Study, trial: FrozenTrial) -> None:
    """Queue a trial again with the values it had, unless that was done RETRIES times before."""
    trial.user_attrs.pop("process", None)
    RetryHeartbeatStaleTrialCallback(max_retry=RETRIES)(study, trial)


# ---------------------------------------------------------------- several processes


@dataclass(frozen=True)
class Worker:
    """Hold a process that runs one trial for each line that it reads."""

    job: Job
    process: subprocess.Popen[bytes]

    def go(self) -> None:
        """Let it run a trial; of a process that is dead by now, the listening thread will tell."""
        with suppress(BrokenPipeError):
            self.process.stdin.write(b"\n")  # type: ignore[union-attr]
            self.process.stdin.flush()  # type: ignore[union-attr]


def run_workers(
    job: Job, study: optuna.Study, n_trials: int, workers: int, report: Callable[[], None]
) -> None:
    """Hand out tickets for one trial each to processes; when one dies, another gets its ticket and trial."""
    tickets = n_trials - count_finished(study)
    answers: Answers = SimpleQueue()
    crew = [start_worker(replace(job, worker=i), workers, answers) for i in range(min(workers, tickets))]
    busy, tickets, deaths = set(range(len(crew))), tickets - len(crew), 0
    try:
        for worker in crew:
            worker.go()
        while busy:
            worker, answer = answers.get()
            number = worker.job.worker
            if answer is None and number in busy and worker is crew[number]:
                deaths += 1
                worker.process.wait()  # its pipe closes a little before it is gone
                check_deaths(worker, deaths)
                retry_lost_trials(study)
                crew[number] = start_worker(worker.job, workers, answers)
                crew[number].go()
            elif answer is not None:
                deaths = 0
                check_answer(answer)
                report()
                busy.discard(number)
                if tickets > 0 and count_finished(study) + len(busy) < n_trials:
                    tickets -= 1
                    busy.add(number)
                    worker.go()
    finally:
        dismiss(crew, patient=not busy)


def start_worker(job: Job, workers: int, answers: Answers) -> Worker:
    """Start a process that runs trials of a job, and a thread that puts what it says among the answers."""
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    environment = {
        "OMP_NUM_THREADS": threads,
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(Path(__file__).parent), *sys.path])),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", "from search_trials import work; work()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,  # Ctrl-C reaches the process that called search, which ends the others
    )
    worker = Worker(job, process)
    Thread(target=listen, args=(worker, answers), daemon=True).start()
    with suppress(BrokenPipeError):
        process.stdin.write(cloudpickle.dumps(job))  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    return worker


def listen(worker: Worker, answers: Answers) -> None:
    """Put the lines of a process among the answers, and at its end None."""
    for line in worker.process.stdout or ():
        with suppress(ValueError):  # a line that a killed process did not end
            answers.put((worker, json.loads(line)))
    answers.put((worker, None))


def check_deaths(worker: Worker, deaths: int) -> None:
    """Raise RuntimeError if processes do nothing but die."""
    if deaths > RETRIES:
        raise RuntimeError(
            f"{deaths} processes in a row died before they finished a trial, the last one with exit code "
            f"{worker.process.wait()} (-9: killed, often for want of memory). Run the objective with "
            "workers=1 to see why; the finished trials are kept."
        )


def check_answer(answer: dict[str, Any]) -> None:
    """Raise RuntimeError if the objective raised in a process."""
    if "error" in answer:
        raise RuntimeError(
            f"The objective failed in a worker:\n{answer['error']}\nMend it and call search again: the "
            "finished trials are kept."
        )


def dismiss(crew: Sequence[Worker], patient: bool) -> None:
    """End all processes: those that are in the middle of a trial only if that is not wanted any more."""
    for worker in crew:
        if not patient:
            worker.process.terminate()
        with suppress(BrokenPipeError):
            worker.process.stdin.close()  # type: ignore[union-attr]
        worker.process.wait()


def work() -> None:
    """Run trials in a process of its own, one for each line that comes in; say after each that it is done."""
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an objective prints must not be taken for an answer
    job: Job = cloudpickle.load(orders)
    with quiet():
        study = open_study(job)
        for _ in orders:
            answer = {"done": True}
            try:
                run_trial(job, study)
            except Exception:
                answer = {"error": traceback.format_exc()}
            print(json.dumps(answer), file=answers, flush=True)
