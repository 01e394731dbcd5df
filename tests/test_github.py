"""The workflow for courses on GitHub: its steps are run in repositories of their own, and what they show."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from small_class import ANSWERED, WEEK, make_class

from autograder.answers import fill_in, reference_answers, released_notebook
from autograder.course import Course
from autograder.hosts.summary import MOST, fenced, plain, within
from autograder.spec import load_assignment

FILE = ROOT / "deploy" / "github" / "grade.yml"
HERE = {"HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
NAME = ("-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "init.defaultBranch=main")


def workflow() -> dict[str, Any]:
    return dict(yaml.load(FILE.read_text(), Loader=yaml.BaseLoader))  # YAML 1.1 takes `on` for true


def steps() -> list[dict[str, Any]]:
    return list(workflow()["jobs"]["grade"]["steps"])


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *NAME, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def push(folder: Path, notebook: object) -> None:
    """Let a student commit a notebook."""
    (folder / f"{WEEK}.ipynb").write_text(json.dumps(notebook))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "work")


def run_steps(course: Path, temporary: Path) -> str:
    """Run the steps that need no network, as GitHub does; return the summary."""
    summary = temporary / "summary.md"
    summary.write_text("")
    variables = {
        **os.environ, **HERE, "GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(temporary),
        "WEEK": "week98", "STUDENTS_TOKEN": "none", "GIT_TERMINAL_PROMPT": "0",
    }  # fmt: skip
    for step in steps():
        if "id" in step:
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(command, cwd=course, env=variables, capture_output=True, text=True)
            assert done.returncode == 0, f"{step['name']}: {done.stdout}{done.stderr}"
    return summary.read_text()


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    """The clone of a staff's repository with a week, two students with a repository, and one without."""
    course = make_class(tmp_path / "course", 0) if (tmp_path / "course").mkdir() is None else None
    assert course is not None
    lines = ["student,repository"]
    for number, student in enumerate(("ada", "bob")):
        folder = tmp_path / student
        git(tmp_path, "init", "--quiet", student)
        push(folder, handed_in(course, number))
        lines.append(f"{student},{folder}")
    lines.append(f"eve,{tmp_path / 'nowhere'}")
    (course.root / "students.csv").write_text("\n".join(lines) + "\n")
    shutil.copy(ROOT / ".gitignore", course.root)
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "course"]):
        git(course.root, *command)
    git(course.root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(course.root, "push", "--quiet", "origin", "main")
    return course.root


def handed_in(course: Course, number: int) -> object:
    right = reference_answers(load_assignment(course, WEEK))
    return fill_in(released_notebook(course, WEEK), {**right, **ANSWERED[number]})


def clone(origin: Path, folder: Path) -> Path:
    """Start again as the next run does, on a machine that knows nothing."""
    subprocess.run(["git", "clone", "--quiet", "--branch", "main", origin, folder], check=True)
    return folder


@pytest.mark.sandbox
def test_the_steps_grade_what_was_pushed_and_go_on_from_the_marks_so_far(staff: Path, tmp_path: Path) -> None:
    summary = run_steps(staff, tmp_path)
    assert "- `eve`: the repository could not be read" in summary
    assert "| ada | 5 / 7 so far |" in summary
    assert "| bob | 3 / 7 so far |" in summary
    origin = tmp_path / "origin.git"
    kept = git(origin, "ls-tree", "-r", "--name-only", "marks").splitlines()
    assert {"gradebook.db", f"submitted/ada/{WEEK}/{WEEK}.ipynb"} <= set(kept)
    assert not [name for name in kept if name.startswith(("course", "source"))]

    push(tmp_path / "bob", handed_in(Course(staff), 0))
    second = clone(origin, tmp_path / "second")
    assert "| bob | 5 / 7 so far |" in run_steps(second, tmp_path)
    assert git(origin, "rev-list", "--count", "marks") == "2"
    assert git(second, "status", "--porcelain", "--untracked-files=no") == "", "nothing of the course changed"


@pytest.mark.sandbox
@pytest.mark.long
def test_where_nothing_was_pushed_nothing_is_kept_twice(staff: Path, tmp_path: Path) -> None:
    run_steps(staff, tmp_path)
    second = clone(tmp_path / "origin.git", tmp_path / "second")
    assert "| bob | 3 / 7 so far |" in run_steps(second, tmp_path)
    assert git(tmp_path / "origin.git", "rev-list", "--count", "marks") == "1"


def test_the_workflow_is_one_that_github_takes() -> None:
    found = workflow()
    assert set(found) == {"name", "on", "permissions", "concurrency", "env", "defaults", "jobs"}
    assert set(found["on"]) == {"schedule", "workflow_dispatch", "repository_dispatch"}
    assert found["permissions"] == {"contents": "write"}
    for step in steps():
        assert ("run" in step) != ("uses" in step)
        assert set(step) <= {"name", "id", "uses", "with", "env", "run", "if"}
        assert "${{" not in step.get("run", ""), "what stands in an expression could become a command"


def test_no_event_of_a_student_starts_it_with_secrets() -> None:
    assert not {"pull_request", "pull_request_target", "push", "issue_comment"} & set(workflow()["on"])


@pytest.mark.kernel
@pytest.mark.parametrize("step", [step for step in steps() if "run" in step], ids=lambda step: step["name"])
def test_each_step_is_shell(step: dict[str, Any]) -> None:
    done = subprocess.run(["bash", "-n"], input=step["run"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# ---------------------------------------------------------------- the summary

TEXTS = [
    "a|b", "[x](http://a.org)", "<b>", "@everybody", "![p](q)", "`code`", "a\nb", "#1", "~~x~~", "$x$", "_a_"
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_student_wrote_becomes_no_markdown(text: str) -> None:
    assert not set("|[]<>@`\n*~$") & set(plain(text))
    assert "://" not in plain(text)
    assert "_a_" not in plain(text)
    assert plain("ada-b and week03_tiny, (3.5)") == "ada-b and week03_tiny, (3.5)"


@pytest.mark.parametrize(("text", "fence"), [("a", "```"), ("```\nb", "````"), ("x ````` y", "``````")])
def test_a_block_cannot_be_left(text: str, fence: str) -> None:
    assert fenced(text) == f"{fence}text\n{text}\n{fence}"


def test_a_summary_is_never_longer_than_github_takes() -> None:
    rows = ["| " + "ä" * 1000 + " |"] * 2000
    text = within(["head"], rows)
    assert len(text.encode()) < MOST + 100
    assert text.endswith("more are left out: there is no more room.")
    assert within(["head"], ["a", "b"]) == "head\na\nb"
