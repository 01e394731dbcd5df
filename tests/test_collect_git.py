"""Repositories of git: the commit that is checked out says when, and nothing of theirs is run."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from collect_samples import WEEK, make_course, notebook, write_folder
from dulwich.objects import Blob, Commit, Tree
from dulwich.repo import Repo
from test_collect_attempts import collect

from autograder.marks.arrivals import read_arrivals
from autograder.marks.collect_git import commit_time
from autograder.record.late import handed_in_at

NB = f"{WEEK}.ipynb"
MARCH, APRIL = 1772452800, 1775131200  # 2026-03-02 12:00 and 2026-04-02 12:00 UTC


def commit(folder: Path, text: str, when: int) -> Path:
    """Commit a notebook to a repository, new if need be. What `git commit` does, but without its hooks."""
    write_folder(folder, {NB: notebook(text)})
    with closing(Repo(str(folder)) if (folder / ".git").exists() else Repo.init(str(folder))) as repository:
        blob, tree, made = Blob.from_string(notebook(text)), Tree(), Commit()
        tree.add(NB.encode(), 0o100644, blob.id)
        made.tree, made.message, made.author, made.committer = tree.id, b"work", b"a <a@b>", b"a <a@b>"
        made.author_time, made.commit_time = MARCH, when
        made.author_timezone = made.commit_timezone = 5 * 3600
        for one in (blob, tree, made):
            repository.object_store.add_object(one)
        repository.refs[b"HEAD"] = made.id
    return folder


def test_the_newest_commit_says_when_it_was_handed_in(tmp_path):
    course = make_course(tmp_path / "course")
    clones = tmp_path / "clones"
    commit(clones / "week03-ada", "a", MARCH)
    commit(clones / "bo", "b", APRIL)
    collect(course, clones)
    assert f"{handed_in_at(course, WEEK, 'ada')}" == "2026-03-02 12:00:00"
    assert f"{handed_in_at(course, WEEK, 'bo')}" == "2026-04-02 12:00:00"
    assert not (course.submitted(WEEK, "ada") / ".git").exists()
    assert {(one.system, one.place) for one in read_arrivals(course, WEEK)} == {
        ("git", f"week03-ada/{NB}"),
        ("git", f"bo/{NB}"),
    }


def test_the_same_clones_again_are_no_new_attempt_and_a_new_commit_is(tmp_path):
    course = make_course(tmp_path / "course")
    clone = commit(tmp_path / "clones" / "ada", "a", MARCH)
    for _ in range(2):
        assert len(collect(course, clone.parent).work["ada"].attempts) == 1
    commit(clone, "b", APRIL)
    collect(course, clone.parent)
    assert (course.submitted(WEEK, "ada") / NB).read_bytes() == notebook("b")
    assert (course.root / "collected" / WEEK / "ada" / "1" / NB).read_bytes() == notebook("a")


def test_nothing_that_a_repository_names_is_run(tmp_path):
    clone = commit(tmp_path / "clones" / "ada", "a", MARCH)
    made = tmp_path / "made"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {made}\n", encoding="utf-8")
    script.chmod(0o755)
    keys = "fsmonitor", "sshCommand", "pager", "editor", "alternateRefsCommand"
    lines = [f"{key} = {script}" for key in keys]
    config = "\n\t".join(["[core]", *lines, f"hooksPath = {tmp_path}"])
    filters = (
        f'[log]\n\tshowSignature = true\n[gpg]\n\tprogram = {script}\n[filter "x"]\n\tsmudge = {script}\n'
    )
    with (clone / ".git" / "config").open("a", encoding="utf-8") as file:
        file.write(f"\n{config}\n{filters}")
    (clone / ".gitattributes").write_text("* filter=x\n", encoding="utf-8")
    assert commit_time(clone) == "2026-03-02T12:00:00"
    assert not made.exists()


@pytest.mark.parametrize("change", ["no commit", "no objects", "bent head", "elsewhere"])
def test_a_damaged_repository_has_no_time_and_its_files_are_collected(change, tmp_path):
    course = make_course(tmp_path / "course")
    clone = tmp_path / "clones" / "ada"
    if change == "no commit":
        write_folder(clone, {NB: notebook("a")})
        Repo.init(str(clone)).close()
    else:
        commit(clone, "a", MARCH)
    if change == "no objects":
        for path in (clone / ".git" / "objects").rglob("*"):
            path.is_file() and path.write_bytes(b"")
    if change == "bent head":
        (clone / ".git" / "HEAD").write_text("ref: ../../../../etc/passwd\n", encoding="utf-8")
    if change == "elsewhere":
        (clone / ".git").rename(tmp_path / "elsewhere")
        (clone / ".git").write_text(f"gitdir: {tmp_path / 'elsewhere'}\n", encoding="utf-8")
    collect(course, clone.parent)
    assert course.students(WEEK) == ("ada",)
    assert handed_in_at(course, WEEK, "ada") is None
