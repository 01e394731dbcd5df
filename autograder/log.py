"""A log for machines: one JSON object a line."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course


@dataclass(frozen=True)
class EventLog:
    """Append events to a file."""

    path: Path

    def write(self, event: str, **details: Any) -> None:
        """Append one event with the time (seconds since 1970) and its details."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"time": round(time.time(), 3), "event": event, **details}) + "\n")


def grading_log(course: Course, week: str) -> Path:
    """Return the path of the log that keeps a line for each submission of a week that was graded."""
    return course.root / "logs" / f"grade-{week}.jsonl"
