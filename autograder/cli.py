"""The command line: which commands there are, and what becomes of an error."""

from __future__ import annotations

import sys

if __name__ == "__main__" and sys.argv[1:2] == ["doctor"] and not sys.flags.safe_path:
    del sys.path[0]  # the current folder: the doctor looks at it before anything in it is loaded

import signal
from types import ModuleType
from typing import cast

import typer

from autograder.commands import (
    bundle,
    collect,
    give_back,
    gradescope,
    grading,
    lessons,
    machine,
    marks,
    new_course,
    summary,
    watch,
)
from autograder.commands.common import EXIT_CANNOT_RUN, EXIT_INTERRUPTED
from autograder.commands.options import Version
from autograder.course import CourseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

LESSONS, GRADING, MARKS, MACHINE = "Lessons", "Grading", "Marks, feedback and answers", "This machine"

app.command(rich_help_panel=LESSONS)(lessons.build)
app.command(rich_help_panel=LESSONS)(lessons.verify)
app.command(rich_help_panel=LESSONS)(lessons.new)
app.command("new-course", rich_help_panel=LESSONS)(new_course.new_course)
app.command(rich_help_panel=LESSONS)(bundle.bundle)
app.command(rich_help_panel=GRADING)(collect.collect)
app.command(
    rich_help_panel=GRADING, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)(grading.grade)
app.command(rich_help_panel=GRADING)(watch.watch)
app.command(rich_help_panel=GRADING)(grading.feedback)
app.command(rich_help_panel=GRADING)(grading.report)
app.command(rich_help_panel=GRADING)(summary.summary)
app.command(rich_help_panel=GRADING)(gradescope.gradescope)
app.command(rich_help_panel=MARKS)(marks.export)
app.command("return", rich_help_panel=MARKS)(give_back.give_back)
app.command(rich_help_panel=MARKS)(marks.similar)
app.command(rich_help_panel=MACHINE)(machine.doctor)
app.command(rich_help_panel=MACHINE)(machine.demo)


@app.callback()
def options(version: Version = False) -> None:
    """Build lessons, grade a class safely, and say what went wrong in words that help."""


def main() -> None:
    """Run the command line; a known problem ends in one sentence on standard error, not in a traceback."""
    # Building jsonschema's optional grammar of web addresses takes longer than all else that a command needs.
    sys.modules.setdefault("rfc3987_syntax", cast(ModuleType, None))
    # Whoever starts this may ignore the end of children and hand that down; then nobody can wait for one.
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        app()
    except CourseError as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_CANNOT_RUN)
    except ModuleNotFoundError as error:
        from autograder.extras import what_to_install

        if (sentence := what_to_install(error)) is None:
            raise
        print(sentence, file=sys.stderr)
        sys.exit(EXIT_CANNOT_RUN)
    except SystemExit as end:
        if end.code == EXIT_INTERRUPTED:  # typer has caught Ctrl-C and says nothing
            print(
                "Stopped. What was graded so far is kept; run the same command again to go on.",
                file=sys.stderr,
            )
        raise


if __name__ == "__main__":
    main()
