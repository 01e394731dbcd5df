"""Write results into nbgrader's own gradebook: one transaction a submission, manual marks never touched."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader import api
from sqlalchemy import Column, MetaData, String, Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.schema import CreateTable

from autograder.model import ExerciseResult, SubmissionResult
from autograder.record.frame import sync_assignment
from autograder.record.late import LatePolicy, given_mark
from autograder.record.notebook import Notebook, cleared_notebook
from autograder.spec import Assignment, SpecCell

Session = Any  # nbgrader's scoped SQLAlchemy session
Row = Any  # a row of one of nbgrader's tables
Texts = Mapping[str | None, str]  # of the student's cells, by grade_id

NO_RESPONSE = "No response."  # nbgrader's own words for an answer that was not touched

# Which answer a mark was given for: nbgrader has no column for it. It lives in the same database, so that
# a mark and the answer it belongs to are always written together.
ANSWERS = Table(
    "trainwell_answer",
    MetaData(),
    Column("grade_id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
)


@dataclass(frozen=True)
class ManualMark:
    """Hold what a person gave an answer in the Formgrader. `waiting`: somebody should look at it."""

    score: float | None
    comment: str
    waiting: bool


def ensure_assignment(
    gradebook: api.Gradebook, assignment: Assignment, frame: Notebook | None = None
) -> None:
    """Make the gradebook know the assignment as its source notebook has it now, keeping all marks.

    `frame` is its `cleared_notebook`, for callers who have it already.
    Raises CourseError if a cell or a notebook that carries manual marks is gone from the source.
    """
    transact(gradebook, lambda db: db.execute(CreateTable(ANSWERS, if_not_exists=True)))
    cells = (frame or cleared_notebook(assignment)).cells
    transact(gradebook, lambda db: sync_assignment(db, gradebook.course_id, assignment, cells))


def has_submission(
    gradebook: api.Gradebook, result: SubmissionResult, timestamp: datetime | None = None
) -> bool:
    """Say whether the gradebook has the marks of this, and that it was handed in then (if that is known)."""
    row = find_submission(gradebook, result.student, result.week)
    if row is None or timestamp not in (None, row.timestamp):
        return False
    name = result.notebook or result.week
    mine = [notebook for notebook in row.notebooks if notebook.notebook.name == name]
    grades = {grade.id for notebook in mine for grade in notebook.grades}
    answers = gradebook.db.execute(ANSWERS.select().where(ANSWERS.c.grade_id.in_(grades)))
    return bool(mine) and len(answers.all()) == len(grades)


def find_submission(gradebook: api.Gradebook, student: str, week: str, whole: bool = False) -> Row | None:
    """Return a submission's row, None if there is none. `whole`: its cells' rows will be wanted, too."""
    rows = gradebook.db.query(api.SubmittedAssignment).filter_by(student_id=student)
    options = [_with_all_cells()] if whole else []
    return rows.join(api.Assignment).filter(api.Assignment.name == week).options(*options).first()


def record(
    gradebook: api.Gradebook,
    result: SubmissionResult,
    assignment: Assignment,
    *,
    timestamp: datetime | None = None,
    late: LatePolicy | None = None,
) -> None:
    """Write the marks of one submission, all of them or none.

    Manual marks and comments stay; a marked answer is put up for review only if its text changed.
    `timestamp` (UTC) is when it was handed in; `late` says what being late costs.
    """

    def write(db: Session) -> None:
        submission = _submission(db, result, timestamp)
        submitted = next(row for row in submission.notebooks if row.notebook.name == assignment.name)
        texts = _texts(result, assignment)
        exercises = {exercise.exercise: exercise for exercise in result.exercises}
        for grade in submitted.grades:
            cell = assignment.by_id[grade.cell.name]
            answer = assignment.by_id.get(cell.exercise or "", cell)
            _set_grade(db, grade, exercises.get(cell.name), answer, texts)
        for comment in submitted.comments:
            untouched = _is_untouched(assignment.by_id[comment.cell.name], texts)
            comment.auto_comment = NO_RESPONSE if untouched else None
        if late is not None:
            late.apply(submission)

    transact(gradebook, write)


def _texts(result: SubmissionResult, assignment: Assignment) -> Texts:
    """Return the text of the student's cells. Of a notebook that was not handed in they are as released."""
    if result.status == "graded" and not result.cells:
        return {cell.grade_id: cell.released_source for cell in assignment.cells if cell.grade_id}
    return {cell.grade_id: cell.source for cell in result.cells if cell.grade_id}


def marks_by_hand(submission: Row | None, notebook: str = "") -> dict[str, ManualMark]:
    """Return what people gave the answers of a submission, by `grade_id`, and which answers wait for them.

    `notebook` says of which notebook, if the week has several: two may have cells of the same name.
    """
    found: dict[str, ManualMark] = {}
    for row in submission.notebooks if submission is not None else ():
        if notebook not in ("", row.notebook.name):
            continue
        comments = {one.cell.name: one.manual_comment or "" for one in row.comments}
        grades = {one.cell.name: one for one in row.grades}
        for name in {**comments, **grades}:
            grade, comment = grades.get(name), comments.get(name, "")
            waits = bool(grade is not None and grade.needs_manual_grade)
            mark = ManualMark(given_mark(grade), comment, waits)
            if mark.score is not None or mark.comment or mark.waiting:
                found[name] = mark
    return found


def apply_late_policy(gradebook: api.Gradebook, week: str, late: LatePolicy) -> None:
    """Bring the extensions and penalties of a week's submissions up to date: marks may have changed since."""

    def update(db: Session) -> None:
        for submission in week_submissions(gradebook, week):
            late.apply(submission)

    transact(gradebook, update)


def week_submissions(gradebook: api.Gradebook, week: str) -> list[Row]:
    """Return the submissions of a week with all their marks, in a few queries however large the class is."""
    marks = selectinload(api.SubmittedAssignment.notebooks).selectinload(api.SubmittedNotebook.grades)
    rows = gradebook.db.query(api.SubmittedAssignment).join(api.Assignment).filter_by(name=week)
    return list(rows.options(marks).all())


def transact(gradebook: api.Gradebook, work: Callable[[Session], object]) -> None:
    """Do all of a piece of work in the gradebook, or none of it.

    It is done once more if it fails because another program has just added the same row: a student who is
    graded in two weeks at once.
    """
    for last in (False, True):
        try:
            work(gradebook.db)
            gradebook.db.commit()
            return
        except BaseException as error:
            gradebook.db.rollback()
            if last or not isinstance(error, IntegrityError):
                raise


def _submission(db: Session, result: SubmissionResult, timestamp: datetime | None) -> Row:
    """Return the row of a submission, new if need be, with empty grades and comments for every cell."""
    assignment = db.query(api.Assignment).filter_by(name=result.week).one()
    student = db.get(api.Student, result.student) or api.Student(id=result.student)
    db.add(student)
    mine = {"assignment_id": assignment.id, "student_id": result.student}
    row = db.query(api.SubmittedAssignment).options(_with_all_cells()).filter_by(**mine).first()
    if row is None:
        row = _new_submission(db, assignment, student)
    if timestamp is not None:
        row.timestamp = timestamp
    db.flush()
    return row


def _with_all_cells() -> Any:
    """Return what makes a query load a submission with all its rows at once, instead of one at a time."""
    notebooks = selectinload(api.SubmittedAssignment.notebooks)
    return notebooks.options(
        joinedload(api.SubmittedNotebook.notebook),
        selectinload(api.SubmittedNotebook.grades).joinedload(api.Grade.cell),
        selectinload(api.SubmittedNotebook.comments).joinedload(api.Comment.cell),
    )


def _new_submission(db: Session, assignment: Row, student: Row) -> Row:
    with db.no_autoflush:  # half a submission is not for the database yet
        row = api.SubmittedAssignment(assignment=assignment, student=student)
        for notebook in assignment.notebooks:
            submitted = api.SubmittedNotebook(notebook=notebook, assignment=row)
            for cell in (*notebook.grade_cells, *notebook.task_cells):
                api.Grade(cell=cell, notebook=submitted)
            for cell in (*notebook.solution_cells, *notebook.task_cells):
                api.Comment(cell=cell, notebook=submitted)
        db.add(row)
    return row


def _set_grade(
    db: Session, grade: Row, exercise: ExerciseResult | None, answer: SpecCell, texts: Texts
) -> None:
    """Set the automatic mark of one grade cell, and whether a person has to look at it."""
    grade.auto_score, waits = _automatic(exercise, answer, texts)
    changed = _remember_answer(db, grade, texts.get(answer.grade_id, ""))
    if grade.manual_score is None:
        grade.needs_manual_grade = waits
    elif changed:
        grade.needs_manual_grade = True


def _automatic(exercise: ExerciseResult | None, answer: SpecCell, texts: Texts) -> tuple[float | None, bool]:
    """Return the automatic mark, None if there can be none, and whether a person has to decide."""
    if exercise is None or not texts:
        return None, True
    if exercise.manual:
        return (0.0, False) if _is_untouched(answer, texts) else (None, True)
    return exercise.score, bool(exercise.broken)


def _is_untouched(cell: SpecCell, texts: Texts) -> bool:
    if cell.is_task:
        return False  # nobody but a person can tell: it is answered in other cells
    return texts.get(cell.grade_id, cell.released_source).strip() == cell.released_source.strip()


def _remember_answer(db: Session, grade: Row, text: str) -> bool:
    """Store the answer that a grade belongs to; return whether it is not the one stored before."""
    digest = hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()
    here = ANSWERS.c.grade_id == grade.id
    before = db.execute(ANSWERS.select().where(here)).first()
    if before is None:
        db.execute(ANSWERS.insert().values(grade_id=grade.id, digest=digest))
    elif before.digest != digest:
        db.execute(ANSWERS.update().where(here).values(digest=digest))
    return before is None or before.digest != digest
