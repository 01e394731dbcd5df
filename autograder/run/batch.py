"""Grade those whose work has just arrived, in a fresh process.

A process that lives for weeks would go on with the checks that it once loaded. A fresh one knows what the
course is like now, and gives back all its memory; whatever ends it, the watcher goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from glob import escape
from multiprocessing.connection import Connection

from autograder.course import Course, CourseError
from autograder.options import Options
from autograder.sandbox.syscalls import die_with_parent


@dataclass(frozen=True)
class Batch:
    """Hold whose work for a week is to be graded. `per_day`: hand-ins of a student a day (None: any)."""

    course: Course
    week: str
    students: tuple[str, ...]
    options: Options
    per_day: int | None = None


@dataclass(frozen=True)
class Done:
    """Hold what is shown of one submission that was graded."""

    student: str
    points: str
    story: str


@dataclass(frozen=True)
class Held:
    """Hold whose newest hand-in waits until tomorrow, and the sentence that says so."""

    student: str
    sentence: str


@dataclass(frozen=True)
class Failed:
    """Hold why a batch was not finished. Another one takes it up."""

    sentence: str


News = Done | Held | Failed


def graded_batch(batch: Batch) -> Generator[News, None, None]:
    """Grade a batch in a process of its own, and yield what there is to tell as soon as it is recorded.

    The process ends with the generator, and with this process.
    """
    context = multiprocessing.get_context("spawn")  # a fork would share what this process has open
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, batch, os.getpid()))
    process.start()
    sender.close()
    try:
        with receiver:
            yield from _received(receiver)
        process.join()
        if process.exitcode:
            yield Failed(f"Grading was stopped from outside (exit code {process.exitcode}).")
    finally:
        process.terminate()
        process.join()


def _received(receiver: Connection) -> Generator[News, None, None]:
    while True:
        try:
            yield receiver.recv()
        except EOFError:
            return


def _work(sender: Connection, batch: Batch, parent: int) -> None:
    """Be the process of a batch."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent answers it
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    die_with_parent(parent)
    try:
        for news in grade_batch(batch):
            sender.send(news)
    except CourseError as error:
        sender.send(Failed(str(error)))
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        sender.send(Failed(f"Grading failed in an unforeseen way ({type(error).__name__}: {error})."))


def grade_batch(batch: Batch) -> Generator[News, None, None]:
    """Grade a batch in this process. What is unchanged since it was graded is passed over in silence."""
    from autograder.grading import grade_class  # loads nbgrader, which takes a second
    from autograder.marks_view import as_it_stands, line_of
    from autograder.record.notes import remove_note, write_note
    from autograder.run.attempts import within_limit
    from autograder.standing import standing_of

    course, week, present = batch.course, batch.week, _present(batch)
    chosen = within_limit(course, week, present, batch.per_day, datetime.now().astimezone())
    for student, sentence in chosen.held.items():
        write_note(course, week, student, sentence)
        yield Held(student, sentence)
    if not chosen.students:
        return
    options = replace(batch.options, students=tuple(map(escape, chosen.students)))
    with closing(grade_class(course, week, options)) as results:
        for item in results:
            if item.fresh:
                line = as_it_stands(line_of(item), standing_of(course, week, item.result.student))
                yield Done(line.name, line.points, line.story)
    for student in chosen.students:
        remove_note(course, week, student)


def _present(batch: Batch) -> Sequence[str]:
    """Return those of a batch who have handed something in and are to be graded."""
    from autograder.nbgrader_options import read_settings

    excluded = read_settings(batch.course).excluded
    there = set(batch.course.students(batch.week))
    return [name for name in batch.students if name in there and name not in excluded]
