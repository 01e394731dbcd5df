"""Where things are: the folders of a course, and the names of its weeks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

WEEK = re.compile(r"week\d\d_\w+")


class CourseError(Exception):
    """Report a mistake of the instructor's in one sentence that ends with what mends it."""


@dataclass(frozen=True)
class Course:
    """Name the folders of the course that lives in `root`."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Return the course whose folder `start` (default: the current one) lies in.

        Raises CourseError if neither it nor any folder above holds an `nbgrader_config.py`.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "nbgrader_config.py").is_file():
                return cls(folder)
        raise CourseError(
            f"{here} is not inside a course: there is no nbgrader_config.py here or above. cd into one."
        )

    def weeks(self) -> tuple[str, ...]:
        """Return the weeks that have a lesson text or an instructor's notebook, in order."""
        found = [*self.root.glob("course/week*/week*.md"), *self.root.glob("source/week*/week*.ipynb")]
        names = {path.stem for path in found if path.stem == path.parent.name}
        return tuple(sorted(name for name in names if WEEK.fullmatch(name)))

    def resolve(self, name: str) -> str:
        """Return the full name of a week given in full or short (`week03`, `03`, `3`).

        Raises CourseError, with the nearest names, if there is no such week.
        """
        weeks = self.weeks()
        short = f"week{int(name):02d}" if name.isdigit() else name
        found = [week for week in weeks if week == name or short_name(week) == short]
        if found:
            return found[0]
        near = get_close_matches(name, [*weeks, *map(short_name, weeks)], n=2) or list(weeks)
        raise CourseError(
            f"There is no week called {name}. Did you mean {' or '.join(near) or 'to add a lesson'}?"
        )

    def lesson(self, week: str) -> Path:
        """Return the path of the lesson text of a week."""
        return self.root / "course" / week / f"{week}.md"

    def source(self, week: str) -> Path:
        """Return the path of the instructor's notebook of a week."""
        return self.root / "source" / week / f"{week}.ipynb"

    def release(self, week: str) -> Path:
        """Return the path of the released notebook of a week."""
        return self.root / "release" / week / f"{week}.ipynb"

    def submitted(self, week: str, student: str) -> Path:
        """Return the folder that holds what a student handed in."""
        return self.root / "submitted" / student / week

    def autograded(self, week: str, student: str) -> Path:
        """Return the folder of a student's graded notebook."""
        return self.root / "autograded" / student / week

    def feedback(self, week: str, student: str) -> Path:
        """Return the folder of a student's feedback page."""
        return self.root / "feedback" / student / week

    def report(self, week: str) -> Path:
        """Return the path of the class report of a week."""
        return self.root / "reports" / f"{week}.html"

    @property
    def gradebook_url(self) -> str:
        """Return the database URL of the gradebook."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def students(self, week: str) -> tuple[str, ...]:
        """Return the students that handed something in for a week, in order."""
        return tuple(sorted(p.parent.name for p in (self.root / "submitted").glob(f"*/{week}")))


def short_name(week: str) -> str:
    """Return `week03` for `week03_losses`."""
    return week.split("_", 1)[0]
