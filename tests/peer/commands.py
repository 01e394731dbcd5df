"""Run nbgrader's own tests with `nbgrader autograde …` replaced by `autograder grade …`."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from nbgrader.tests import run_nbgrader

from autograder import tasks
from autograder.cli import main
from autograder.sandbox.doctor import Report
from autograder.sandbox.launcher import Zygote


@dataclass(frozen=True)
class Lent:
    """Hold a sandbox that other commands use as well: it stays open when a command is done with it."""

    zygote: Zygote

    def __getattr__(self, name: str) -> Any:
        """Return what the sandbox has."""
        return getattr(self.zygote, name)

    def close(self) -> None:
        """Leave it open."""


@dataclass(frozen=True)
class Said:
    """Hold how a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Return all that was printed."""
        return self.err + self.out

    @property
    def results(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return what `--json` printed, by student and notebook."""
        return {(item["student"], item["notebook"]): item for item in json.loads(self.out)}


@dataclass(frozen=True)
class Commands:
    """Run commands in this process, as nbgrader's tests do, in one sandbox: it takes seconds to prove one."""

    zygote: Zygote
    report: Report

    def run(
        self, args: list[str], retcode: int = 0, env: dict[str, str] | None = None, stdout: bool = False
    ) -> str:
        """Do what the helper of nbgrader's tests does: run, compare the exit code, return what was said.

        The arguments of `autograde` go to `autograder grade` as they are; other commands are nbgrader's.
        """
        if args[0] != "autograde":
            return str(run_nbgrader(args, retcode, env, stdout))
        said = self.grade(*_with_our_names(args[1:]))
        # Ours tells apart what nbgrader does not: 2 is a wrong option, 3 a submission that needs a human.
        assert bool(said.code) == bool(retcode), f"exit code {said.code} in {os.getcwd()}:\n{said.text}"
        return said.text

    def run_with_pages(
        self, args: list[str], retcode: int = 0, env: dict[str, str] | None = None, stdout: bool = False
    ) -> str:
        """Do as `run` does, with `autograder feedback` in place of `generate_feedback`, too."""
        if args[0] != "generate_feedback":
            return self.run(args, retcode, env, stdout)
        said = self.say("feedback", *_of_feedback(args[1:]))
        assert bool(said.code) == bool(retcode), f"exit code {said.code} in {os.getcwd()}:\n{said.text}"
        return said.text

    def grade(self, *arguments: str) -> Said:
        """Run `autograder grade` in the current folder."""
        return self.say("grade", *arguments, "--workers", "1")

    def say(self, *arguments: str) -> Said:
        """Run a command of ours in the current folder."""
        out, err, code = io.StringIO(), io.StringIO(), 0
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            patch.setattr(sys, "argv", ["autograder", *arguments])
            patch.setattr(tasks, "open_sandbox", lambda *ignored: (Lent(self.zygote), self.report))
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        return Said(code, out.getvalue(), err.getvalue())


def _with_our_names(args: Sequence[str]) -> list[str]:
    """Return arguments with `--course NAME` as we call it: here `--course` is a folder."""
    words = list(args)
    if "--course" in words:
        place = words.index("--course")
        words[place : place + 2] = [f"--CourseDirectory.course_id={words[place + 1]}"]
    return words


def _of_feedback(args: Sequence[str]) -> list[str]:
    """Return the arguments that `autograder feedback` has: it writes the pages of all, and needs no more."""
    root = [arg.partition("=")[2] for arg in args if arg.startswith("--CourseDirectory.root=")]
    database = [args[place + 1] for place, arg in enumerate(args) if arg == "--db"]
    return [args[0], *(f"--db={url}" for url in database), *(f"--course-dir={folder}" for folder in root)]
