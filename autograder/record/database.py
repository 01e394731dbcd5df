"""The gradebook's database: open it, make it whole or not at all, and say in one sentence what is wrong."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alembic.script import ScriptDirectory
from nbgrader import api
from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from autograder.course import CourseError
from autograder.files import is_there, write_atomically

COURSE_ID = "trainwell"
MAKING = 0x7472_6169_6E  # a number of our own: whoever makes the tables holds this lock of PostgreSQL's
DRIVERS = ("psycopg", "psycopg2", "pg8000", "MySQLdb", "pymysql")

AGAIN = "then run the same command again: what was recorded is complete."
FILE_TROUBLE = {
    errno.ENOSPC: "the disk is full. Free some space, ",
    errno.EDQUOT: "your quota of the disk is used up. Free some space, ",
    errno.EFBIG: "a file may not grow that large here. See `ulimit -f`, ",
    errno.EROFS: "its file system is read-only. Mount it for writing, or copy the course elsewhere, ",
    errno.EACCES: "you may not write there. Change the owner or `chmod u+w` it, ",
    errno.EEXIST: "a file lies where a folder should be. Move it away, ",
    errno.ENOTDIR: "a file lies where a folder should be. Move it away, ",
    errno.EPERM: "you may not write there. Change the owner or `chmod u+w` it, ",
}
MACHINE_TROUBLE = (errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE)
SQLITE_TROUBLE = {
    "SQLITE_BUSY": "another program holds it locked. Close what has it open (the Formgrader, a browser), ",
    "SQLITE_LOCKED": "another program holds it locked. Close what has it open (the Formgrader, a browser), ",
    "SQLITE_FULL": FILE_TROUBLE[errno.ENOSPC],
    "SQLITE_IOERR": "it cannot be read or written (is the disk full?). See `df` and `dmesg`, ",
    "SQLITE_READONLY": FILE_TROUBLE[errno.EACCES],
    "SQLITE_CANTOPEN": "it cannot be opened. Make its folder, and see that you may write there, ",
    "SQLITE_NOTADB": "it is no database. Put a copy of the gradebook in its place, ",
    "SQLITE_CORRUPT": "it is damaged. Put a copy of the gradebook in its place, ",
    "SQLITE_ERROR": "its tables are not those of this nbgrader. Run `nbgrader db upgrade`, ",
}


def open_gradebook(url: str, course_id: str = COURSE_ID) -> api.Gradebook:
    """Open the gradebook at an SQLAlchemy URL, creating it if needed. Use it as a context manager.

    Raises CourseError, with what mends it, if there is no such database or it cannot be used.
    """
    with told_plainly(url):
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            _make_file(address)
        else:
            _make_tables(address)
        _add_course(address, course_id)
        return api.Gradebook(url, course_id)


@contextmanager
def reading(url: str) -> Iterator[Session | None]:
    """Open the gradebook at an SQLAlchemy URL to read in it, None if there is none. Nothing is made."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not is_there(Path(address.database or "")):
        yield None
        return
    with _connected(address) as engine, Session(engine) as session:
        yield session if inspect(engine).has_table(api.Assignment.__tablename__) else None


@contextmanager
def told_plainly(url: str) -> Iterator[None]:
    """Turn what a disk or a database refuses into a CourseError of one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in FILE_TROUBLE:
            raise
        where = error.filename2 or error.filename or "A file"
        raise CourseError(f"{where} cannot be written: {FILE_TROUBLE[error.errno]}{AGAIN}") from error
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        if isinstance(error, ModuleNotFoundError) and error.name not in DRIVERS:
            raise
        raise CourseError(_database_trouble(error, url)) from error


def meets_everybody(error: Exception) -> bool:
    """Return whether an error would meet every student: the disk, the database or the course is the cause."""
    if isinstance(error, OSError):
        return error.errno in (*FILE_TROUBLE, *MACHINE_TROUBLE)
    return isinstance(error, CourseError | SQLAlchemyError | ImportError)


def shown(url: str) -> str:
    """Return a database URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _database_trouble(error: Exception, url: str) -> str:
    if isinstance(error, ModuleNotFoundError):
        return (
            f"{shown(url)} needs the library {error.name}. For PostgreSQL: pip install 'trainwell[postgres]'"
        )
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return (
            f"{shown(url)} is no database URL. Examples: --db sqlite:////home/me/gradebook.db, "
            "--db postgresql+psycopg://me@localhost/grades"
        )
    original = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(original, "sqlite_errorname", "")
    for known, sentence in SQLITE_TROUBLE.items():
        if name.startswith(known):
            return f"The gradebook {shown(url)}: {sentence}{AGAIN}"
    words = " ".join(str(original).split())[:300].rstrip(".")
    return f"The gradebook {shown(url)} cannot be used: {words}. See that the database runs, {AGAIN}"


def _make_file(address: URL) -> None:
    """Make an empty gradebook that is there whole or not at all: SQLite takes a step for each table."""
    if not address.database or address.database == ":memory:" or is_there(Path(address.database)):
        return
    path = Path(address.database)
    with tempfile.TemporaryDirectory(prefix="trainwell-gradebook-") as folder:
        made = Path(folder) / path.name
        _make_tables(address.set(database=str(made)))
        write_atomically(path, made.read_bytes(), replace=False)


def _make_tables(address: URL) -> None:
    """Make nbgrader's tables, all in one transaction where the database can, if there are none."""
    with _connected(address) as engine:
        if not inspect(engine).get_table_names():
            _in_one_transaction(engine)


def _add_course(address: URL, course_id: str) -> None:
    """Add the course if it is new. nbgrader itself fails if another program adds it at the same moment."""
    courses = api.Course.__table__
    with _connected(address) as engine, suppress(IntegrityError), engine.begin() as connection:
        if not connection.execute(courses.select().where(courses.c.id == course_id)).first():
            connection.execute(courses.insert().values(id=course_id))


@contextmanager
def _connected(address: URL) -> Iterator[Engine]:
    engine = create_engine(address)
    try:
        yield engine
    finally:
        engine.dispose()


def _in_one_transaction(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MAKING})
        if not inspect(connection).get_table_names():
            _create_all(connection)


def _create_all(connection: Connection) -> None:
    """Create what nbgrader itself creates, with the version that `nbgrader db upgrade` asks for."""
    api.Base.metadata.create_all(connection)
    version = ScriptDirectory(str(Path(api.__file__).parent / "alembic")).get_current_head()
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
