"""Grading works alike on SQLite and on PostgreSQL, and says plainly what is wrong with a database."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from databases import PASSWORD, Server
from nbgrader import api
from small_class import WEEK, files, forget, grade, make_class, rows, start
from sqlalchemy import create_engine, inspect

from autograder.course import Course, CourseError
from autograder.record.database import COURSE_ID, open_gradebook
from autograder.record.gradebook import find_submission, marks_by_hand, transact
from autograder.record.pages import write_feedback

ALIKE = ("--seed", "7")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of 4, graded into SQLite."""
    root = tmp_path_factory.mktemp("databases") / "course"
    root.mkdir()
    made = make_class(root, 4)
    assert grade(made, *ALIKE)[0] == 0
    return made


@pytest.fixture
def in_sqlite(course: Course) -> Iterator[tuple[list[Any], dict[str, str]]]:
    """What SQLite and the folders hold after grading; what grading wrote is then forgotten."""
    if not (course.root / "gradebook.db").exists():
        assert grade(course, *ALIKE)[0] == 0
    found = rows(course.gradebook_url), files(course)
    forget(course)
    yield found
    forget(course)


@pytest.mark.alone
@pytest.mark.server
@pytest.mark.sandbox
def test_postgresql_holds_the_same_rows_also_if_the_grader_is_killed(
    course: Course, in_sqlite: Any, postgres: Server
) -> None:
    url = postgres.new_database()
    moments = random.Random(3)
    for _ in range(2):
        child = start(course, *ALIKE, "--db", url)
        time.sleep(moments.uniform(0, 5))
        os.killpg(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        os.close(child.output)
    code, said = grade(course, *ALIKE, "--db", url)
    assert code == 0, said
    assert (rows(url), {"gradebook.db": "", **files(course)}) == in_sqlite
    with open_gradebook(url) as gradebook:
        given = gradebook.find_grade("written_why", WEEK, WEEK, "student00")
        given.manual_score, given.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    code, said = grade(course, *ALIKE, "--db", url, "--force", "--student", "student00")
    assert code == 0, said
    with open_gradebook(url) as gradebook:
        assert marks_by_hand(find_submission(gradebook, "student00", WEEK))["written_why"].score == 2.0
    assert write_feedback(course.with_database(url), WEEK)
    assert not (course.root / "gradebook.db").exists()


@pytest.mark.server
def test_a_server_that_is_down_is_named_without_its_password(postgres: Server) -> None:
    url = postgres.new_database()
    with open_gradebook(url) as gradebook:
        gradebook.add_student("ada")
    postgres.stop()
    with pytest.raises(CourseError, match="cannot be used") as caught:
        open_gradebook(url)
    postgres.start()
    assert PASSWORD not in str(caught.value)
    assert "run the same command again" in str(caught.value)
    with open_gradebook(url) as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]


def test_many_may_make_the_same_gradebook_at_once(database: str | None, tmp_path: Path) -> None:
    url = database or f"sqlite:///{tmp_path / 'new' / 'gradebook.db'}"
    with ThreadPoolExecutor(4) as pool:
        for gradebook in pool.map(open_gradebook, [url] * 4):
            gradebook.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    assert len(versions) == 1
    assert {"grade", "comment", "submitted_assignment"} <= set(inspect(engine).get_table_names())
    engine.dispose()
    assert not database or not list(tmp_path.iterdir())


def test_many_may_add_the_same_course_at_once(database: str | None, tmp_path: Path) -> None:
    url = database or f"sqlite:///{tmp_path / 'gradebook.db'}"
    open_gradebook(url).close()
    names = [f"course{number}" for number in range(10)]
    with ThreadPoolExecutor(4) as pool:
        for name in names:
            for gradebook in pool.map(open_gradebook, [url] * 4, [name] * 4):
                gradebook.close()
    with open_gradebook(url) as gradebook:
        assert {course.id for course in gradebook.db.query(api.Course)} == {COURSE_ID, *names}


def test_a_student_whom_another_program_adds_at_the_same_moment_is_recorded_once(
    database: str | None, tmp_path: Path
) -> None:
    url = database or f"sqlite:///{tmp_path / 'gradebook.db'}"
    tries = []

    def add_ada(db: Any) -> None:
        tries.append(db.get(api.Student, "ada"))
        if tries == [None]:
            with open_gradebook(url) as other:
                other.add_student("ada")
        if tries[-1] is None:
            db.add(api.Student(id="ada"))

    with open_gradebook(url) as gradebook:
        transact(gradebook, add_ada)
        assert len(tries) == 2
        assert [student.id for student in gradebook.students] == ["ada"]


@pytest.mark.kernel
def test_nbgraders_own_command_finds_the_gradebook_up_to_date(database: str | None, tmp_path: Path) -> None:
    url = database or f"sqlite:///{tmp_path / 'gradebook.db'}"
    with open_gradebook(url) as gradebook:
        gradebook.add_student("ada")
    command = [sys.executable, "-m", "nbgrader", "db", "student", "list", "--db", url]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=1000)
    assert "ada" in done.stdout + done.stderr


NO_DATABASES = [
    ("gradebook.db", "is no database URL. Examples"),
    ("orakel://here/grades", "is no database URL. Examples"),
    ("mysql+pymysql://me@here/grades", "needs the library pymysql"),
    ("postgresql+psycopg://me:secret@127.0.0.1:9/grades", "cannot be used"),
    (f"sqlite:///{__file__}/gradebook.db", "a file lies where a folder should be"),
]


@pytest.mark.parametrize(("url", "words"), NO_DATABASES)
def test_a_wrong_url_is_named(url: str, words: str) -> None:
    with pytest.raises(CourseError, match=words) as caught:
        open_gradebook(url)
    assert "secret" not in str(caught.value)


def test_the_database_is_the_one_of_the_option_else_of_nbgraders_settings_else_sqlite(tmp_path: Path) -> None:
    settings = tmp_path / "nbgrader_config.py"
    settings.write_text("import autograder.nbgrader_plugin\nc = get_config()\n")
    assert Course.find(tmp_path).gradebook_url == f"sqlite:///{tmp_path / 'gradebook.db'}"
    settings.write_text(settings.read_text() + 'c.CourseDirectory.db_url = "sqlite:////elsewhere/marks.db"\n')
    found = Course.find(tmp_path)
    assert found.gradebook_url == "sqlite:////elsewhere/marks.db"
    assert found.with_database("sqlite:////here.db").gradebook_url == "sqlite:////here.db"
    assert found.with_database(None) == found
