"""Give feedback pages back to where the work came from: who gets one, under which name, and who does not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError
from autograder.digests import submission_digest
from autograder.export import harmless, mark
from autograder.grading import handed_in_by
from autograder.marks.arrivals import SHOWN, Arrival, read_arrivals
from autograder.marks.count import Standing
from autograder.marks.return_files import FILE_COLUMN, write_folder, write_zip
from autograder.marks.return_kinds import as_kind
from autograder.marks.return_names import names_for
from autograder.nbgrader_options import matching
from autograder.record.database import open_gradebook, told_plainly
from autograder.record.pages import write_feedback
from autograder.record.results import load_result
from autograder.spec import load_assignment
from autograder.standing import class_standings

FOLDER = "folder"
TARGETS = ("moodle", "canvas", FOLDER)
NO_PAGE = "has no page yet: run autograder grade"
OUTDATED = "newer work came in since it was graded: run autograder grade, and return again"
SAME_PLACE = "came in under the same name as others: nobody can say whose page goes there"


Arrivals = Mapping[str, Sequence[Arrival]]  # the attempt that counts, notebook by notebook, by student


@dataclass(frozen=True)
class Person:
    """Hold what the gradebook says about a student."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Page:
    """Hold one page that goes back: where it lies, and its name in the zip or the folder."""

    student: str
    source: Path
    name: str

    def read(self) -> bytes:
        """Return the page as a file of the kind that its name says."""
        return as_kind(self.name, self.source.name, self.source.read_bytes())


@dataclass(frozen=True)
class Return:
    """Hold what was written, and why some students' pages were left out, by student.

    `elsewhere` are those whose work came from elsewhere; `written` is False if all was there before.
    """

    path: Path
    target: str
    pages: tuple[Page, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()
    written: bool = True

    @property
    def students(self) -> tuple[str, ...]:
        """Return the students who get their pages, in order."""
        return tuple(dict.fromkeys(page.student for page in self.pages))


def return_week(
    course: Course,
    week: str,
    target: str,
    *,
    students: Sequence[str] = (),
    output: Path | None = None,
    unfinished: bool = False,
    force: bool = False,
) -> Return:
    """Write the zip or the folder of feedback pages of a week, with the marks that are in the gradebook now.

    Pages with marks that wait for a person are left out unless `unfinished`.
    Raises CourseError if the target is unknown, nothing came from there or was graded, or a wanted student
    has no work; also if something else lies where it would be written, unless `force`.
    """
    if target not in TARGETS:
        raise CourseError(f"Pages cannot go back to {target}. Choose --to {', '.join(TARGETS)}.")
    standings, _, _ = class_standings(course, week)
    chosen = _chosen(course, week, standings, students)
    arrivals = _arrivals(course, week)
    elsewhere = _elsewhere(course, target, chosen, arrivals)
    _refuse_if_nobody_is_left(course, week, target, chosen, elsewhere)
    here = [one for one in chosen if one.student not in elsewhere]
    write_feedback(course, week, {one.student for one in here})
    open_ends = {one.student: text for one in here if (text := _open_end(one))}
    left_out = {**_not_current(course, week, here), **({} if unfinished else open_ends)}
    found = [one for one in here if one.student not in left_out]
    pages, unnamed = _pages(course, week, target, found, arrivals)
    path = output or course.root / "returned" / (f"{week}-{target}" + ("" if target == FOLDER else ".zip"))
    done = Return(path, target, pages, dict(sorted({**left_out, **unnamed}.items())), elsewhere)
    done = replace(done, unfinished=tuple(name for name in done.students if name in open_ends))
    with told_plainly(course.gradebook_url):
        return replace(done, written=_write(course, done, standings, force))


def _write(course: Course, done: Return, standings: Mapping[str, Standing], force: bool) -> bool:
    if not done.pages:
        return False
    files = {page.name: page.read for page in done.pages}
    if done.target != FOLDER:
        return write_zip(done.path, files, force)
    return write_folder(done.path, files, _index(done, standings, _people(course)), force)


def _chosen(
    course: Course, week: str, standings: Mapping[str, Standing], wanted: Sequence[str]
) -> list[Standing]:
    """Return how those stand who handed in something, and are wanted."""
    present = [name for name, one in standings.items() if one.status != "missing"]
    if missing := sorted(pattern for pattern in wanted if not matching(present, [pattern])):
        raise CourseError(
            f"{', '.join(missing)} handed in nothing for {week}. "
            f"To see who did: ls {course.root / course.layout.submitted}"
        )
    return [standings[name] for name in matching(present, wanted or ["*"])]


def _arrivals(course: Course, week: str) -> Arrivals:
    found = defaultdict[str, list[Arrival]](list)
    for one in read_arrivals(course, week):
        if one.counts:
            found[one.student].append(one)
    return found


def _elsewhere(course: Course, target: str, chosen: Iterable[Standing], arrivals: Arrivals) -> dict[str, str]:
    """Return from where the work of those came to whom the target cannot give anything back."""
    if target == FOLDER:
        return {}
    systems = {
        one.student: arrivals[one.student][0].system if one.student in arrivals else "" for one in chosen
    }
    return {name: system for name, system in systems.items() if system != target}


def _refuse_if_nobody_is_left(
    course: Course, week: str, target: str, chosen: Sequence[Standing], elsewhere: Mapping[str, str]
) -> None:
    if not chosen:
        raise CourseError(f"Nobody has handed in {week}: put submissions into submitted/<student>/{week}/.")
    if len(elsewhere) < len(chosen):
        return
    raise CourseError(
        f"Nothing that is to go back came from {SHOWN[target]}. Collect what you downloaded there with "
        f"autograder collect {course.typed(week)} FILE, or take --to folder."
    )


def _open_end(one: Standing) -> str:
    """Return why a page is not the last word yet, or nothing."""
    if one.status == "error":
        return f"needs review: {one.reason}"
    if one.status in ("waiting", "not graded"):
        return one.reason or "not graded yet: run autograder grade"
    return ""


def _not_current(course: Course, week: str, chosen: Iterable[Standing]) -> dict[str, str]:
    """Return of whom there are no pages, or pages on work that is no longer the newest."""
    assignments = [load_assignment(course, week, name) for name in course.notebooks(week)]
    found = {}
    for one in chosen:
        for assignment in assignments:
            saved = load_result(course.results(week, one.student, assignment.name))
            if saved is None:
                found[one.student] = NO_PAGE
                continue
            digest = submission_digest(handed_in_by(course, assignment, one.student))
            if saved.submission and digest != saved.submission:
                found[one.student] = OUTDATED
    return found


def _pages(
    course: Course, week: str, target: str, chosen: Iterable[Standing], arrivals: Arrivals
) -> tuple[tuple[Page, ...], dict[str, str]]:
    """Return the pages of these students by their new names, and why some of them have none."""
    pages: list[Page] = []
    left_out: dict[str, str] = {}
    for one in chosen:
        folder = course.feedback(week, one.student)
        files = [f"{name}.html" for name in course.notebooks(week) if (folder / f"{name}.html").is_file()]
        if target == FOLDER:
            names = {file: f"{one.student}/{file}" for file in files}
        else:
            names = names_for(arrivals[one.student], files)
            if files and not names:
                place = arrivals[one.student][0].place
                left_out[one.student] = f"{SHOWN[target]} would not know whose page it is, by {place}"
        if not files:
            left_out[one.student] = NO_PAGE
        pages += [Page(one.student, folder / file, name) for file, name in names.items()]
    counts = Counter(page.name for page in pages)
    left_out |= {page.student: SAME_PLACE for page in pages if counts[page.name] > 1}
    return tuple(page for page in pages if counts[page.name] == 1), left_out


def _index(done: Return, standings: Mapping[str, Standing], people: Mapping[str, Person]) -> list[list[str]]:
    """Return the list for a mail merge: a line for each student."""
    table = [["student", "name", "email", FILE_COLUMN, "score"]]
    for student in done.students:
        person = people.get(student, Person())
        files = "; ".join(page.name for page in done.pages if page.student == student)
        table.append([harmless(student), harmless(person.name), harmless(person.email), files,
                      mark(standings[student].score)])  # fmt: skip
    return table


def _people(course: Course) -> dict[str, Person]:
    """Return what the gradebook knows about the students."""
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        return {row.id: Person(_full_name(row), row.email or "") for row in gradebook.students}


def _full_name(row: Any) -> str:
    return " ".join(filter(None, (row.first_name, row.last_name)))
