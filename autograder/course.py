"""Where things are: the folders of a course, and the names of its weeks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path

from autograder.settings_files import settings_elsewhere, settings_of
from autograder.starter import prefer_engine_of

WEEK = re.compile(r"week\d\d_\w+")
HIDDEN = "hidden"
MAX_NAME = 128
# What is no text, or turns it round.
UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
OWN_SETTINGS = "autograder.nbgrader_plugin"  # what the settings of a course made with this program import


class CourseError(Exception):
    """Report a mistake of the instructor's in one sentence that ends with what mends it."""


@dataclass(frozen=True)
class Layout:
    """Name the folders of a course in the words of nbgrader's CourseDirectory.

    `settings` is the folder of its `nbgrader_config.py`, `traits` are settings as on nbgrader's command line,
    and `own` says whether its lessons are built by this program, and judged by its hidden checks.
    """

    course_id: str = "trainwell"
    source: str = "source"
    release: str = "release"
    submitted: str = "submitted"
    autograded: str = "autograded"
    feedback: str = "feedback"
    structure: str = "{nbgrader_step}/{student_id}/{assignment_id}"
    database: str = ""
    ignore: tuple[str, ...] = (".*", "*.pyc", "__pycache__", "feedback")
    settings: Path | None = None
    traits: tuple[str, ...] = ()
    own: bool = True


@dataclass(frozen=True)
class Course:
    """Name the folders of the course that lives in `root`."""

    root: Path
    layout: Layout = field(default_factory=Layout)

    @classmethod
    def find(cls, start: Path | None = None, traits: tuple[str, ...] = ()) -> Course:
        """Return the course whose folder `start` (default: the current one) lies in.

        Any course of nbgrader's will do: what its settings say about folders is respected, in the course, in
        `~/.jupyter`, and as `traits` on nbgrader's command line (`--CourseDirectory.course_id=dl`).
        Raises CourseError if there is no such folder, or neither it nor any folder above has an
        `nbgrader_config.py`, nor it a `source`.
        """
        here = (start or Path.cwd()).resolve()
        if not here.is_dir():
            raise CourseError(
                f"There is no folder {here}. --course names the folder of a course; "
                "for nbgrader's name of it: --CourseDirectory.course_id=NAME"
            )
        shared = bool(settings_elsewhere())
        for folder in (here, *here.parents):
            if files := settings_of(folder):
                text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
                own = OWN_SETTINGS in text
                if own:
                    prefer_engine_of(folder)
                plain = own and not traits and not shared and "db_url" not in text
                return cls(folder) if plain else _course_of(folder, traits, own)
        if traits or (here / "source").is_dir():
            return _course_of(here, traits, own=False)
        if shared and (course := _course_of(here, traits, own=False)).weeks():
            return course
        raise CourseError(
            f"{here} is not inside a course: there is no nbgrader_config.py here or above. cd into one."
        )

    def weeks(self) -> tuple[str, ...]:
        """Return the weeks that have a lesson text or an instructor's notebook, in order."""
        if not self.layout.own:
            found = _matches(self.folder("source", ".", "*"), "*.ipynb")
            return _captured(self.folder("source", ".", "\0"), (path.parent for path in found))
        found = [*self.root.glob("course/week*/week*.md"), *self.root.glob("source/week*/week*.ipynb")]
        names = {path.stem for path in found if path.stem == path.parent.name}
        return tuple(sorted(name for name in names if WEEK.fullmatch(name)))

    def resolve(self, name: str) -> str:
        """Return the full name of a week given in full or short (`week03`, `03`, `3`).

        Raises CourseError, with the nearest names, if there is no such week.
        """
        weeks = self.weeks()
        short = f"week{int(name):02d}" if name.isdigit() else name
        found = [week for week in weeks if week == name or (self.layout.own and short_name(week) == short)]
        if found:
            return found[0]
        near = get_close_matches(name, [*weeks, *map(short_name, weeks)], n=2) or list(weeks)
        raise CourseError(
            f"There is no week called {name}. Did you mean {' or '.join(near) or 'to add a lesson'}?"
        )

    def typed(self, week: str) -> str:
        """Return how a week is named in a command that somebody is to type."""
        return short_name(week) if self.layout.own else shlex.quote(week)

    def lesson(self, week: str) -> Path:
        """Return the path of the lesson text of a week."""
        return self.root / "course" / week / f"{week}.md"

    def hidden(self, week: str) -> Path:
        """Return the folder of a week's hidden checks and known answers: it never goes to students."""
        return self.lesson(week).parent / HIDDEN

    @property
    def shared(self) -> Path:
        """Return the folder whose every file goes to students beside every notebook."""
        return self.root / "course" / "shared"

    def notebooks(self, week: str) -> tuple[str, ...]:
        """Return the names of the notebooks of a week, in order: a lesson has one, named like the week."""
        if self.layout.own:
            return (week,)
        return tuple(sorted(path.stem for path in self.folder("source", ".", week).glob("*.ipynb")))

    def source(self, week: str, notebook: str = "") -> Path:
        """Return the path of an instructor's notebook of a week."""
        return self.folder("source", ".", week) / f"{notebook or week}.ipynb"

    def release(self, week: str, notebook: str = "") -> Path:
        """Return the path of a released notebook of a week."""
        return self.folder("release", ".", week) / f"{notebook or week}.ipynb"

    def submitted(self, week: str, student: str) -> Path:
        """Return the folder that holds what a student handed in."""
        return self.folder("submitted", student, week)

    def autograded(self, week: str, student: str) -> Path:
        """Return the folder of a student's graded notebook."""
        return self.folder("autograded", student, week)

    def results(self, week: str, student: str, notebook: str = "") -> Path:
        """Return the folder of a student's stored result.

        Not beside the graded notebooks of another course: nbgrader would give it to students as feedback.
        """
        if self.layout.own:
            return self.autograded(week, student)
        return self.root / ".autograder" / student / week / (notebook or week)

    def feedback(self, week: str, student: str) -> Path:
        """Return the folder of a student's feedback page."""
        return self.folder("feedback", student, week)

    def folder(self, step: str, student: str, week: str) -> Path:
        """Return the folder of a step of grading: source, release, submitted, autograded or feedback."""
        name = str(getattr(self.layout, step))
        path = self.layout.structure.format(nbgrader_step=name, student_id=student, assignment_id=week)
        return self.root / path

    def report(self, week: str) -> Path:
        """Return the path of the class report of a week."""
        return self.root / "reports" / f"{week}.html"

    @property
    def extensions(self) -> Path:
        """Return the path of the list of those who were given more time."""
        return self.root / "extensions.csv"

    @property
    def gradebook_url(self) -> str:
        """Return the database URL of the gradebook."""
        return self.layout.database or f"sqlite:///{self.root / 'gradebook.db'}"

    def with_database(self, url: str | None) -> Course:
        """Return the course with its marks in the database at this URL (None: where they are)."""
        return replace(self, layout=replace(self.layout, database=url)) if url else self

    def students(self, week: str) -> tuple[str, ...]:
        """Return the students that handed something in for a week, in order."""
        return tuple(name for name in self._folders(week) if is_usable(name))

    def student_of(self, path: Path, week: str) -> str | None:
        """Return whose submission for a week a path is or lies in, None if it is nobody's."""
        form = re.escape(self.folder("submitted", "\0", week).as_posix()).replace("\0", "([^/]+)")
        found = re.fullmatch(f"{form}(?:/.*)?", path.as_posix(), re.DOTALL)
        return found[1] if found and is_usable(found[1]) else None

    @property
    def submissions(self) -> Path:
        """Return the folder below which everything lies that was handed in."""
        parts = self.folder("submitted", "\0", "\0").parts
        return Path(*takewhile(lambda part: "\0" not in part, parts))

    def unusable_names(self, week: str) -> tuple[str, ...]:
        """Return the names of folders for a week that no student can have: no gradebook can hold them."""
        return tuple(name for name in self._folders(week) if not is_usable(name))

    def _folders(self, week: str) -> tuple[str, ...]:
        return _captured(self.folder("submitted", "\0", week), _matches(self.folder("submitted", "*", week)))


def _course_of(folder: Path, traits: tuple[str, ...], own: bool) -> Course:
    """Return the course that nbgrader's settings in `folder` describe."""
    from autograder.nbgrader_course import read_layout  # loads nbgrader, which takes a second

    root, layout = read_layout(folder, traits, own)
    return Course(root, layout)


def _matches(path: Path, *below: str) -> list[Path]:
    """Return the paths that fit a path with `*` in it."""
    pattern = str(Path(path, *below).relative_to(path.anchor))
    return list(Path(path.anchor).glob(pattern))


def _captured(pattern: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    """Return the names that stand in these paths where the pattern has a NUL, each once and in order."""
    form = re.compile(re.escape(pattern.as_posix()).replace("\0", "([^/]+)"))
    matches = (form.fullmatch(path.as_posix()) for path in paths)
    return tuple(sorted({match[1] for match in matches if match}))


def is_usable(name: str) -> bool:
    """Return whether a name can be recorded and shown: text on one line that fits nbgrader's column."""
    return len(name) <= MAX_NAME and not UNUSABLE.search(name)


def short_name(week: str) -> str:
    """Return `week03` for `week03_losses`."""
    return week.split("_", 1)[0]
