"""Read when the newest commit of a repository was made, without running anything that lies in it.

Git itself runs programs that a repository's configuration names, also for commands that only read. So it is
not started here: dulwich reads the commit, and it runs no hook, filter or pager.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import CourseError
from autograder.marks.collect_sources import utc

MAX_LOOSE = 1 << 20  # bytes of a packed commit: more is no commit


def commit_time(folder: Path) -> str:
    """Return when what is checked out was committed (UTC), "" if nobody can tell.

    Raises CourseError, with the command, if the library that reads repositories is missing.
    """
    try:
        from dulwich.repo import Repo
    except ModuleNotFoundError:
        raise CourseError(
            f"{folder} is a git repository. To read when it was committed: pip install dulwich"
        ) from None
    try:
        with closing(Repo(str(folder))) as repository:
            head = repository.head()
            text = head.decode("ascii")
            loose = folder / ".git" / "objects" / text[:2] / text[2:]
            if loose.exists() and loose.stat().st_size > MAX_LOOSE:
                return ""
            return utc(datetime.fromtimestamp(int(repository[head].commit_time), UTC))  # type: ignore[attr-defined]
    except Exception:  # whatever a damaged or a forged repository brings about
        return ""
