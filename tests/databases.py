"""Both databases for the tests of the gradebook: SQLite, and a PostgreSQL server that is started for them."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.course import Course
from autograder.record.database import open_gradebook
from autograder.record.gradebook import ensure_assignment
from autograder.spec import load_assignment

PASSWORD = "not-for-anybodys-eyes"
UNPRIVILEGED = "postgres"  # the user that Debian's package makes: PostgreSQL refuses to run as root


@dataclass(frozen=True)
class Server:
    """Hold a cluster of our own in a temporary folder, and the port at which it answers."""

    programs: Path
    folder: Path
    port: int

    def url(self, database: str) -> str:
        """Return the URL of a database of this server."""
        return f"postgresql+psycopg://grader:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"grades_{secrets.token_hex(4)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; as root, run it as the unprivileged user."""
        user = UNPRIVILEGED if os.geteuid() == 0 else None
        log = self.folder / f"{program}.log"  # a pipe would stay open in the server
        with log.open("wb") as file:
            command = [str(self.programs / program), "-D", str(self.folder / "data"), *arguments]
            done = subprocess.run(
                command, stdout=file, stderr=file, user=user, group=user, cwd="/", timeout=600,
                extra_groups=None if user is None else [],
            )  # fmt: skip
        assert done.returncode == 0, log.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c fsync=off"
        options += f" -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-w", "-l", str(self.folder / "data" / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop the server at once, as a crash would."""
        self.run("pg_ctl", "-w", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running PostgreSQL server; the tests that need one are skipped where there is none."""
    pytest.importorskip("psycopg", reason="PostgreSQL needs the library psycopg: pip install -e '.[dev]'")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: sudo apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="trainwell-postgres-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        server = Server(programs, folder, free.getsockname()[1])
    try:
        _make_cluster(server)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def database(request: pytest.FixtureRequest) -> str | None:
    """The URL of an empty PostgreSQL database, or None for the SQLite file in the course."""
    if request.param == "sqlite":
        return None
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()


def keep_in(url: str | None, course: Course, week: str) -> Course:
    """Return the course with its marks in a database (None: where they are), which knows the week."""
    if url:
        with open_gradebook(url) as gradebook:
            ensure_assignment(gradebook, load_assignment(course, week))
    return course.with_database(url)


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, which Debian keeps off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    on_path = shutil.which("initdb")
    if found or on_path:
        return found[-1].parent if found else Path(str(on_path)).resolve().parent
    return None


def _make_cluster(server: Server) -> None:
    password = server.folder / "password"
    password.write_text(PASSWORD)
    if os.geteuid() == 0:
        for path in (server.folder, password):
            shutil.chown(path, UNPRIVILEGED, UNPRIVILEGED)
    authentication = ("-U", "grader", "-A", "scram-sha-256", f"--pwfile={password}")
    server.run("initdb", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8", *authentication)
