"""Tell in Markdown how a class or a student did: for the summary of a workflow, a comment, a file in git."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from autograder.course import Course, CourseError
from autograder.graded import Graded
from autograder.hosts.words import exercise_views, findings_text, told
from autograder.marks.count import WORDS, Standing
from autograder.marks_view import as_it_stands, line_of
from autograder.model import SubmissionResult
from autograder.pages.feedback import ExerciseView
from autograder.pages.lesson import assignment_title
from autograder.pages.words import hours_words, marks_words, number, readable
from autograder.record.database import open_gradebook
from autograder.record.gradebook import find_submission, marks_by_hand
from autograder.record.pages import counted_marks, lateness
from autograder.record.results import load_result
from autograder.spec import Assignment, load_assignment
from autograder.standing import class_standings

MOST = 900_000  # bytes: GitHub refuses a summary above one MiB
# What Markdown, or a page, could take for its own.
SPECIAL = re.compile(r"[\\`*\[\]<>|~$@&]|(?<!\w)_|_(?!\w)|:(?=//)")
SIGNS = {"✓": "passed", "✗": "not passed", "…": "waiting", "✎": "marked by hand", "–": "not filled in"}


def class_summary(course: Course, week: str) -> str:
    """Return how each student stands in a week, and what went wrong, as a table in Markdown."""
    standings = class_standings(course, week)[0]
    there = {name: one for name, one in standings.items() if one.status != "missing"}
    counts = Counter(WORDS[one.status] for one in standings.values())
    head = [
        f"## {plain(week)}: {len(there)} handed in",
        "",
        ", ".join(f"{count} {words}" for words, count in sorted(counts.items())) + ".",
        "",
        "| student | marks | what happened, and the likely mistake |",
        "|---|--:|---|",
    ]
    return within(head, [_row(course, week, there[name]) for name in sorted(there)])


def student_summary(course: Course, week: str, student: str) -> str:
    """Return what the feedback page of a student says, in Markdown. Raises CourseError if there is none."""
    found = [
        (saved.result, load_assignment(course, week, name))
        for name in course.notebooks(week)
        if (saved := load_result(course.results(week, student, name)))
    ]
    if not found:
        raise CourseError(
            f"Nothing that {student} handed in for {week} was graded. "
            f"To see who did: autograder summary {course.typed(week)}"
        )
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        submission = find_submission(gradebook, student, week, whole=True)
        lines = [
            line
            for result, assignment in found
            for line in _notebook(result, assignment, submission, student)
        ]
    return within(lines, [])


def within(head: Sequence[str], rows: Sequence[str]) -> str:
    """Return the lines as one text that GitHub still takes; it says how many rows are left out."""
    text, room = list(head), MOST - sum(len(line.encode()) + 1 for line in head)
    for place, row in enumerate(rows):
        room -= len(row.encode()) + 1
        if room < 0:
            return "\n".join([*text, "", f"{len(rows) - place} more are left out: there is no more room."])
        text.append(row)
    return "\n".join(text)


def plain(text: str) -> str:
    """Return text as Markdown that shows it and does nothing else: no link, picture, mention or cell."""
    one_line = " ".join(readable(text).split())
    return SPECIAL.sub(lambda match: f"&#{ord(match[0])};", one_line)


def fenced(text: str) -> str:
    """Return text as a block of Markdown that shows it as it is, whatever is in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _row(course: Course, week: str, standing: Standing) -> str:
    marks = standing.marks
    shown = "" if marks is None else marks.shown
    return f"| {plain(standing.student)} | {shown} | {plain(_story(course, week, standing))} |"


def _story(course: Course, week: str, standing: Standing) -> str:
    if standing.reason and standing.status != "waiting":
        return standing.reason
    saved = [load_result(course.results(week, standing.student, name)) for name in course.notebooks(week)]
    lines = [as_it_stands(line_of(Graded(one.result, fresh=False)), standing) for one in saved if one]
    told = [line.story for line in lines] or [WORDS[standing.status]]
    late = (
        f"{hours_words(standing.hours_late)} late" if standing.hours_late > 0 and not standing.penalty else ""
    )
    return "; ".join(filter(None, [*told, late]))


def _notebook(
    result: SubmissionResult, assignment: Assignment, submission: object, student: str
) -> Iterator[str]:
    """Yield the lines about one notebook."""
    views = exercise_views(result, assignment, marks_by_hand(submission, assignment.name))
    counted = counted_marks(submission, assignment.name)
    yield f"## {plain(assignment_title(assignment))}: {plain(student)}"
    yield ""
    if counted:
        yield f"**{counted.told}**"
    if late := lateness(submission, assignment.name):
        yield f"It was handed in {hours_words(late.hours)} late, which costs {marks_words(late.taken)}."
    if result.status != "graded":
        yield f"\nA person has to look at what you handed in: {plain(result.reason)}"
    if findings := findings_text(result):
        yield f"\n{fenced(findings)}"
    yield from _exercises(views)


def _exercises(views: Iterable[ExerciseView]) -> Iterator[str]:
    yield "\n| exercise | marks | how it went |\n|---|--:|---|"
    shown = list(views)
    for view in shown:
        yield f"| {plain(view.title)} | {number(view.score)} / {number(view.marks)} | {plain(view.verdict)} |"
    for view in shown:
        if view.incomplete or view.comments:
            yield f"\n### {plain(view.title)}: {SIGNS.get(view.sign, view.sign)}\n\n{fenced(told(view))}"
    yield ""
