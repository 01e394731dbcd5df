"""What Gradescope's container runs for each submission: grade it in the sandbox, and write results.json.

There is no gradebook, for Gradescope keeps the marks. Whatever happens, results.json is there.
"""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.model import Limits, SubmissionResult

if TYPE_CHECKING:
    from autograder.spec import Assignment

STUDENT = "student"  # who it is, Gradescope knows
SETTINGS = "settings.json"


def main(root: Path) -> None:
    """Grade `root/submission` and write `root/results/results.json`, whatever happens.

    What is printed Gradescope shows to instructors alone.
    """
    from autograder.hosts.gradescope_results import not_graded, record_of

    try:
        record = record_of(graded(root))
    except CourseError as error:
        print(error)
        record = not_graded()
    except Exception as error:  # a student must see a sentence, and an instructor where it failed
        print(f"Grading failed in an unforeseen way ({type(error).__name__}: {error}).")
        print("".join(traceback.format_exception(error)))
        record = not_graded()
    write_atomically(root / "results" / "results.json", json.dumps(record, indent=1, allow_nan=False))


def graded(root: Path) -> list[tuple[SubmissionResult, Assignment]]:
    """Return the results of the submission in `root/submission`, one for each notebook of the week."""
    from autograder.grading import chosen_notebooks
    from autograder.spec import load_assignment

    settings: dict[str, Any] = json.loads((root / "source" / SETTINGS).read_text("utf-8"))
    course = Course.find(root / "source" / "course")
    week = settings["week"]
    if course.layout.own:  # the modules of the lesson, which its known answers import
        sys.path.insert(0, str(course.release(week).parent))
    assignments = [load_assignment(course, week, name) for name in chosen_notebooks(course, week, ())]
    return [(_result(root, course, assignment, settings), assignment) for assignment in assignments]


def _result(root: Path, course: Course, assignment: Assignment, settings: dict[str, Any]) -> SubmissionResult:
    """Return what the same task gives that `autograder grade` runs."""
    from autograder.engines import in_process
    from autograder.intake.submission import read_submission
    from autograder.nbgrader_options import read_settings
    from autograder.tasks import Recipe

    submission = read_submission(root / "submission", STUDENT, assignment.name, assignment)
    submission = replace(submission, week=assignment.week)
    limits = read_settings(course).bound(Limits(**settings["limits"]), assignment)
    hidden = tuple(root / name for name in ("source", "submission", "results"))
    seed = _seed(submission, settings["secret"])
    recipe = Recipe(assignment, limits, seed, settings["no_sandbox"], hidden)
    (result,) = in_process(recipe, [submission])
    return result


def _seed(submission: Any, secret: str) -> int:
    """Return a seed that nobody can foresee, and that is the same whenever the same work is graded."""
    from hashlib import sha256

    from autograder.digests import submission_digest

    drawn = sha256(f"{secret} {submission_digest(submission)}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") >> 1


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
