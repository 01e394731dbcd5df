"""What being late costs: nbgrader's rules, with the plugin that the course's nbgrader_config.py names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nbgrader import utils
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config, ConfigFileNotFound, PyFileConfigLoader

from autograder.course import Course, CourseError

Penalty = Callable[[str, float, float], float | None]  # student, score, seconds late -> marks taken off


def late_penalty(course: Course) -> Penalty:
    """Return nbgrader's late submission plugin as the course has set it up (by default it takes off 0)."""
    try:
        config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    except ConfigFileNotFound:
        config = Config()
    except Exception as error:  # the file is Python: anything can go wrong in it
        path = course.root / "nbgrader_config.py"
        raise CourseError(f"{path} cannot be read: {error!r}. Mend it; nbgrader reads it, too.") from error
    rules = AssignLatePenalties(config=config)
    rules.init_plugin()
    penalty: Penalty = rules.plugin_inst.late_submission_penalty
    return penalty


def handed_in_at(course: Course, week: str, student: str) -> datetime | None:
    """Return when a submission was handed in (UTC), from the `timestamp.txt` that nbgrader's collect leaves.

    None if there is no such file or it holds no time.
    """
    path = course.submitted(week, student) / "timestamp.txt"
    try:
        if path.is_symlink() or path.stat().st_size > 100:
            return None
        found: datetime = utils.parse_utc(path.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):
        return None
    return found
