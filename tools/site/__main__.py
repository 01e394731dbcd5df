"""Build the site, with all lessons unless some are named."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.course import Course, CourseError

WORK, OUT, FOR_INSTRUCTORS = ".site", "_site", "_site_with_solutions"
MARK = ".buildinfo"  # Sphinx writes it
NOT_FOR_STUDENTS = "This site shows the graded solutions: it is for instructors, not for students."


def build_site(course: Course, weeks: Sequence[str], out: Path, work: Path, solutions: bool = False) -> int:
    """Build the site of these weeks into `out`, and return Sphinx's exit status.

    The old site stays if it fails. `work` keeps the lessons that were run, for a quick second build.
    Raises CourseError if there is something else in `out` than a site.
    """
    from tools.site.accessible import make_accessible
    from tools.site.lessons import lessons_run
    from tools.site.stage import stage

    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise CourseError(f"{out} holds something else than a site. Choose another folder with --out.")
    place = work / ("solutions" if solutions else "students")
    stage(course, lessons_run(course, weeks, work / "run"), place / "sources", solutions)
    status = run_sphinx(course, place, NOT_FOR_STUDENTS if solutions else "")
    if not status:
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(place / "html", out)
        make_accessible(out)
    return status


def run_sphinx(course: Course, place: Path, notice: str = "") -> int:
    """Build the pages of `place/sources` in `place/html`, each below a notice if there is one.

    A link that leads nowhere is an error.
    """
    from sphinx.cmd.build import build_main  # imports that a wrong option should not wait for

    shutil.rmtree(place / "html", ignore_errors=True)  # Sphinx leaves pages whose source has gone
    settings = {"repository": course.root, "nb_execution_cache_path": place / "cache"}
    settings |= {"html_theme_options.announcement": notice} if notice else {}
    given = [option for name, value in settings.items() for option in ("-D", f"{name}={value}")]
    memory = ["-d", str(place / "doctrees"), "-c", str(Path(__file__).parent)]
    quiet = ["-b", "html", "-q", "-W", "--keep-going"]
    return int(build_main([*quiet, *memory, *given, str(place / "sources"), str(place / "html")]))


def main(arguments: Sequence[str]) -> int:
    """Read the options, build, and say where to look."""
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=__doc__)
    parser.add_argument("weeks", nargs="*", help="lessons to include, as week03; all unless some are named")
    parser.add_argument("--out", type=Path, help=f"folder to write to, {OUT} unless given")
    parser.add_argument("--solutions", action="store_true", help="fold in graded solutions: not for students")
    options = parser.parse_args(arguments)
    try:
        course = Course.find()
        weeks = [course.resolve(name) for name in options.weeks] or course.weeks()
        out = options.out or course.root / (FOR_INSTRUCTORS if options.solutions else OUT)
        status = build_site(course, weeks, out, course.root / WORK, options.solutions)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    if not status:
        print(f"Open {out / 'index.html'}." + (f" {NOT_FOR_STUDENTS}" if options.solutions else ""))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
