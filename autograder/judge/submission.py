"""Judge one submission: run its cells in a sandbox, judge exercises at their places, lose little."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Protocol

import numpy as np
import torch

from autograder.judge.backend import LostBackend, RemoteBackend
from autograder.judge.connection import Connection, Session
from autograder.judge.errors import Lost, StudentDied, StudentError, StudentTimeout
from autograder.judge.forked import ForkFailed, run_forked
from autograder.judge.outputs import MAX_NOTEBOOK, Output, clean_outputs, fitting, stream
from autograder.judge.plan import Step, make_steps
from autograder.judge.timer import interrupt_after
from autograder.model import ExecutedCell, ExerciseResult, Finding, Limits, Submission, SubmissionResult
from autograder.spec import Assignment

JUDGE_MEMORY = 4 << 30
JUDGE_SECONDS = 10.0  # of computing, to judge one exercise: looking at what is sensible takes a fraction
GRACE_SECONDS = 30.0
MAX_FINDINGS = 20
OUT_OF_TIME = "the time for this notebook was used up"

JudgeExercise = Callable[[str, Any, int], ExerciseResult]


class Zygote(Protocol):
    """Start sandboxed processes. `tier` says what protects against them."""

    @property
    def tier(self) -> str:
        """Return the name of the protection."""

    def spawn(
        self, files: Mapping[str, bytes], course_files: Mapping[str, bytes], limits: Limits
    ) -> AbstractContextManager[Session]:
        """Return a fresh process that can see these files."""


@dataclass
class Progress:
    """Remember across replays what each cell printed, which cells were lost, and what was judged."""

    outputs: dict[int, tuple[Output, ...]] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    results: dict[str, ExerciseResult] = field(default_factory=dict)
    room: int = MAX_NOTEBOOK

    def keep(self, place: int, outputs: tuple[Output, ...]) -> None:
        """Keep what a cell showed when it was run first, if there is room for it."""
        if place not in self.outputs:
            self.outputs[place], self.room = fitting(outputs, self.room)

    def open_places(self, steps: Sequence[Step]) -> list[int]:
        """Return the places of the steps that are still to be taken for their own sake."""
        return [place for place, step in enumerate(steps) if not self._is_done(place, step)]

    def _is_done(self, place: int, step: Step) -> bool:
        if step.action == "judge":
            return step.exercise in self.results
        return step.action == "show" or place in self.outputs


def judge_isolated(
    submission: Submission,
    assignment: Assignment,
    zygote: Zygote,
    limits: Limits,
    judge_exercise: JudgeExercise,
    seed: int,
) -> SubmissionResult:
    """Return what judge_submission does, computed in a process of its own with bounded memory and time.

    A submission that brings even that process down needs a human.
    """
    started = time.monotonic()
    warm_up()
    try:
        return run_forked(
            lambda: judge_submission(submission, assignment, zygote, limits, judge_exercise, seed),
            limits.total_seconds + GRACE_SECONDS,
            JUDGE_MEMORY,
        )
    except ForkFailed as error:
        return SubmissionResult(
            submission.student,
            submission.week,
            "needs a human",
            f"It could not be judged: {error}.",
            _all_results(assignment, {}),
            findings=submission.findings,
            seed=seed,
            seconds=time.monotonic() - started,
            isolation=zygote.tier,
        )


@cache
def warm_up() -> None:
    """Pay once, before forking, for what torch imports when it is first used (about a second)."""
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.zeros(1, 1)).sum().backward()
    optimizer.step()


def judge_submission(
    submission: Submission,
    assignment: Assignment,
    zygote: Zygote,
    limits: Limits,
    judge_exercise: JudgeExercise,
    seed: int,
) -> SubmissionResult:
    """Run the notebook, judge its exercises where their check cells stand, and return marks and outputs.

    A cell that hangs or dies is left out, and the notebook is run again without it in a fresh process. A call
    that does so loses the rest of its exercise, and the notebook is run again for the others.
    """
    started = time.monotonic()
    steps = make_steps(submission, assignment)
    progress = Progress(room=MAX_NOTEBOOK - sum(len(p) for step in steps for p in step.pictures.values()))
    while progress.open_places(steps) and time.monotonic() < started + limits.total_seconds:
        left = replace(limits, total_seconds=started + limits.total_seconds - time.monotonic())
        with zygote.spawn(submission.files, assignment.support, left) as session:
            connection = Connection(session, limits.call_seconds, _modules(assignment))
            Run(connection, limits, judge_exercise, seed, assignment.own).through(steps, progress)
    finished = not progress.open_places(steps)
    for step in steps:
        if step.exercise and step.exercise not in progress.results:
            progress.results[step.exercise] = judge_exercise(step.exercise, LostBackend(OUT_OF_TIME), seed)
    return SubmissionResult(
        submission.student,
        submission.week,
        "needs a human" if submission.loss else "graded",
        submission.loss,
        exercises=_all_results(assignment, progress.results),
        cells=_executed(steps, progress),
        findings=(*submission.findings, *_findings(steps, progress, finished)),
        seed=seed,
        seconds=time.monotonic() - started,
        isolation=zygote.tier,
    )


def _modules(assignment: Assignment) -> list[str]:
    """Return the names of the modules that are given to students."""
    return [name.removesuffix(".py") for name in assignment.support if name.endswith(".py")]


@dataclass(frozen=True)
class Run:
    """Hold one process of the student's and what judging in it takes.

    `own_checks`: the checks are of this program's kind. An instructor's test cells have a limit of their own,
    and may compute for long.
    """

    connection: Connection
    limits: Limits
    judge_exercise: JudgeExercise
    seed: int
    own_checks: bool

    def through(self, steps: Sequence[Step], progress: Progress) -> None:
        """Take the steps in order, up to the last that is open, until the process is lost.

        Each call settles at least one step, unless time is up. Raises Lost if the process is lost before it
        was given any code.
        """
        try:
            self.connection.ask("seed", self.limits.cell_seconds, seed=student_seed(self.seed))
        except Lost:
            if self.connection.seconds_left > 0:
                raise
            return
        for place, step in enumerate(steps[: progress.open_places(steps)[-1] + 1]):
            if step.action == "run" and place not in progress.lost:
                self._run_cell(place, step, progress)
            elif step.exercise and step.exercise not in progress.results:
                progress.results[step.exercise] = self._judge(step.exercise)
            if not self.connection.alive:
                return

    def _run_cell(self, place: int, step: Step, progress: Progress) -> None:
        try:
            limits = self.limits
            report = self.connection.ask("cell", limits.cell_seconds, source=step.source, limit=limits.output)
        except Lost as error:
            progress.lost[place] = self._words(error)
            progress.outputs[place] = (stream(progress.lost[place] + " The rest was run without it.\n"),)
            return
        except StudentError as error:
            report = {"outputs": [{"output_type": "error", "ename": error.kind, "evalue": error.message}]}
        reported = report.get("outputs") if type(report) is dict else None
        progress.keep(place, clean_outputs(reported, self.limits.output))

    def _words(self, error: Lost) -> str:
        if self.connection.seconds_left <= 0:
            return f"This cell was stopped because {OUT_OF_TIME}."
        if isinstance(error, StudentTimeout):
            return f"This cell was stopped because it ran for more than {self.limits.cell_seconds:g} seconds."
        if isinstance(error, StudentDied):
            return "This cell ended the Python process (too much memory, or a call such as os._exit)."
        return f"This cell was left out because what came back from it could not be read ({error})."

    def _judge(self, exercise: str) -> ExerciseResult:
        # The same seed for each exercise: its result must not depend on what was judged before it.
        seed_everything(student_seed(self.seed))
        limit = interrupt_after(JUDGE_SECONDS, self._too_much, "processor")
        try:
            with limit if self.own_checks else nullcontext():
                return self.judge_exercise(exercise, RemoteBackend(self.connection), self.seed)
        except Lost as error:
            return self.judge_exercise(exercise, LostBackend(str(error)), self.seed)

    def _too_much(self) -> Lost:
        # It may have come in the middle of an exchange: the next answer would be taken for another.
        return self.connection.lose(StudentTimeout("what comes back is too much to look through"))


def student_seed(seed: int) -> int:
    """Return the seed of the random numbers that a student's code may see.

    The seed itself stays here: from it the inputs of all checks could be drawn beforehand.
    """
    return int.from_bytes(hashlib.sha256(f"student:{seed}".encode()).digest()[:4], "big")


def seed_everything(seed: int) -> None:
    """Seed the random numbers of torch, NumPy and Python."""
    torch.manual_seed(seed)
    np.random.seed(seed % 2**32)
    random.seed(seed)


def _all_results(assignment: Assignment, results: Mapping[str, ExerciseResult]) -> tuple[ExerciseResult, ...]:
    """Return a result for every cell with marks; written answers wait for a marker."""
    return tuple(results.get(cell.name, cell.nothing_earned()) for cell in assignment.graded)


def _executed(steps: Sequence[Step], progress: Progress) -> tuple[ExecutedCell, ...]:
    cells, count = [], 0
    for place, step in enumerate(steps):
        count += step.action == "run"
        outputs = tuple(_numbered(output, count) for output in progress.outputs.get(place, ()))
        number = count if step.action == "run" else None
        cells.append(ExecutedCell(step.grade_id, step.cell_type, step.source, outputs, number, step.pictures))
    return tuple(cells)


def _numbered(output: Output, count: int) -> Output:
    return {**output, "execution_count": count} if output["output_type"] == "execute_result" else output


def _findings(steps: Sequence[Step], progress: Progress, finished: bool) -> list[Finding]:
    lost = sorted(progress.lost.items())
    found = [f"{_title(steps, place)}: {words}" for place, words in lost[:MAX_FINDINGS]]
    if len(lost) > MAX_FINDINGS:
        found.append(f"{len(lost) - MAX_FINDINGS} more cells were lost.")
    if not finished:
        found.append(f"Not everything could be run and judged: {OUT_OF_TIME}.")
    return [Finding("note", text) for text in found]


def _title(steps: Sequence[Step], place: int) -> str:
    name = steps[place].grade_id
    return f"Cell {place + 1} ({name})" if name else f"Cell {place + 1}"
