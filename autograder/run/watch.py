"""Grade what is handed in as it arrives: files tell whose work has changed, grading what is new in it."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from watchfiles import watch

from autograder.course import Course
from autograder.options import Options
from autograder.run.batch import Batch, Failed, Held, News, graded_batch

QUIET_SECONDS = 1.0  # a copy that is still being written changes again before that
LOOK_MILLISECONDS = 500
FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0  # seconds before a batch that failed is tried again

Key = tuple[str, str]  # week, student


@dataclass(frozen=True)
class Watching:
    """Hold what is watched. `per_day`: hand-ins of a student that are graded a day (None: any).

    `poll` looks at the files again and again, for network drives, which tell nobody of a change.
    """

    course: Course
    weeks: tuple[str, ...]
    options: Options
    per_day: int | None = None
    poll: bool = False


@dataclass
class Queue:
    """Remember whose work has arrived and since when it is quiet, and whose work waits until tomorrow."""

    arrived: dict[Key, float] = field(default_factory=dict)
    held: dict[Key, date] = field(default_factory=dict)
    failures: int = 0
    not_before: float = 0.0

    def add(self, keys: Iterable[Key], now: float) -> None:
        """Take note of work that has just changed, `now` on a clock that only goes on."""
        self.arrived.update(dict.fromkeys(keys, now))

    def take(self, week: str, now: float) -> tuple[str, ...]:
        """Take out the students of a week whose work is whole: nothing has changed in it for a moment."""
        if now < self.not_before:
            return ()
        quiet = [
            key for key, since in self.arrived.items() if key[0] == week and now - since >= QUIET_SECONDS
        ]
        for key in quiet:
            del self.arrived[key]
        return tuple(sorted(student for _, student in quiet))

    def wait(self, keys: Iterable[Key], now: float) -> None:
        """Put work back that could not be graded. The wait before the next try doubles each time."""
        self.add(keys, now - QUIET_SECONDS)
        self.not_before = now + self.pause
        self.failures += 1

    @property
    def pause(self) -> float:
        """Return for how many seconds a failure stops the work."""
        return min(FIRST_WAIT * 2.0 ** min(self.failures, 20), LONGEST_WAIT)

    def release(self, today: date, now: float) -> None:
        """Let work in that was held on an earlier day."""
        over = [key for key, day in self.held.items() if day != today]
        for key in over:
            del self.held[key]
        self.add(over, now - QUIET_SECONDS)


def watch_class(watching: Watching) -> Generator[tuple[str, News], None, None]:
    """Grade what has changed since the last run, and then whatever arrives; yield week and news, for ever.

    Nothing is remembered here that a killed watcher would lose: what is graded is found out from the files.
    """
    course, queue = watching.course, Queue()
    course.submissions.mkdir(parents=True, exist_ok=True)
    with closing(_changes(course.submissions, watching.poll)) as changes:
        next(changes)  # from now on every change is noticed: only then look at what is there
        queue.add(_everybody(watching), time.monotonic() - QUIET_SECONDS)
        while True:
            queue.release(date.today(), time.monotonic())
            for week in watching.weeks:
                yield from ((week, news) for news in _graded(watching, queue, week))
            queue.add(_keys(watching, next(changes)), time.monotonic())


def _graded(watching: Watching, queue: Queue, week: str) -> Iterator[News]:
    """Grade those of a week whose work is whole; what failed is put back."""
    students = queue.take(week, time.monotonic())
    if not students:
        return
    today, failed = date.today(), False
    batch = Batch(watching.course, week, students, watching.options, watching.per_day)
    with closing(graded_batch(batch)) as found:
        for news in found:
            if isinstance(news, Held):
                queue.held[week, news.student] = today
            failed = failed or isinstance(news, Failed)
            yield news
    if failed:
        queue.wait(((week, student) for student in students), time.monotonic())
    else:
        queue.failures = 0


def _changes(folder: Path, poll: bool) -> Generator[Sequence[Path], None, None]:
    """Yield the paths below a folder that have changed since the last time, none if a moment was quiet."""
    found = watch(
        folder,
        watch_filter=None,
        debounce=LOOK_MILLISECONDS,
        rust_timeout=LOOK_MILLISECONDS,
        yield_on_timeout=True,
        force_polling=poll or None,  # None: the library decides
        ignore_permission_denied=True,
    )
    with closing(found):
        for changes in found:
            yield [Path(path) for _, path in changes]


def _keys(watching: Watching, paths: Iterable[Path]) -> set[Key]:
    """Return whose work for which week has changed."""
    changed = set(paths)
    found = {
        (week, student)
        for path in changed
        for week in watching.weeks
        if (student := watching.course.student_of(path, week))
    }
    # Of a folder that was moved here as a whole nothing is told but its own name.
    around = {path for path in changed if path != watching.course.submissions and path.is_dir()}
    if around:
        found |= {key for key in _everybody(watching) if around & {*_folder(watching.course, key).parents}}
    return found


def _folder(course: Course, key: Key) -> Path:
    week, student = key
    return course.submitted(week, student)


def _everybody(watching: Watching) -> Iterator[Key]:
    return ((week, student) for week in watching.weeks for student in watching.course.students(week))
