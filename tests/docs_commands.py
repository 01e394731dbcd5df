"""What a document says can be typed, held against the programs themselves: nothing is run."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from conftest import ROOT
from typer.main import get_command

from autograder.cli import app
from autograder.commands.options import nbgrader_traits

FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<kind>\S*)[^\n]*\n(?P<text>.*?)^ *(?P=fence)$", re.M | re.S
)
INLINE = re.compile(r"(?<!`)(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)", re.S)
OPERATORS = {"|", "||", "&&", ";", "&"}
CHOICES = re.compile(r"\b(\w+(?:, \w+)*,? or \w+)\b(?=[.:]|$)")
# Programs that are no part of this: they are taken to be right.
OTHERS = {
    "apt-get", "bash", "cat", "cd", "chmod", "chown", "conda", "cp", "curl", "docker", "export", "git",
    "install", "kubectl", "ls", "mkdir", "rm", "sh", "source", "sysctl", "unzip", "useradd", "xdg-open",
}  # fmt: skip
NAMED = ("autograder", "make", "nbgrader", "jupyter", "python", "pip", "dask")  # looked for in running text


class Unknown(Exception):
    """Say that there is no such command, option, target or file."""


@dataclass(frozen=True)
class Line:
    """Hold one command of a document. In running text, an argument may be left to the reader."""

    page: Path
    text: str
    whole: bool = True

    def __str__(self) -> str:
        """Return what the test is called."""
        return f"{self.page.name}: {self.text[:60]}"


def pages() -> list[Path]:
    """Return every document that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deploy").rglob("*.md")])


def without_blocks(text: str) -> str:
    """Return a document without its blocks of code."""
    return FENCE.sub("", text)


def lines_of(page: Path) -> Iterator[Line]:
    """Yield the commands of a page: those of its consoles, and those named in its text."""
    text = page.read_text(encoding="utf-8")
    for block in FENCE.finditer(text):
        if block["kind"] == "console":
            joined = block["text"].replace("\\\n", " ")
            yield from (
                Line(page, line.strip()[2:]) for line in joined.splitlines() if line.strip()[:2] == "$ "
            )
    for _, span in INLINE.findall(without_blocks(text)):
        words = span.split()
        if len(words) > 1 and words[0] in NAMED and "\n\n" not in span:
            yield Line(page, " ".join(words), whole=False)


def commands(line: Line) -> Iterator[list[str]]:
    """Yield the words of each program that a line starts, without what the shell keeps for itself."""
    lexer = shlex.shlex(line.text, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split, lexer.commenters = True, "#"
    words: list[str] = []
    skip = False
    for word in lexer:
        if word in OPERATORS:
            yield from filter(None, [words])
            words = []
        elif set(word) <= set("<>&") and word:
            skip = True  # a file that is written or read
        elif skip:
            skip = False
        else:
            words.append(word)
    yield from filter(None, [words])


def check(line: Line) -> None:
    """Raise Unknown, with what is wrong, if a command of the line does not exist as it stands there."""
    for words in commands(line):
        while words and (words[0] in ("sudo", "nice", "time") or re.fullmatch(r"[A-Z_]+=.*", words[0])):
            words = words[1:]
        if words and words[0] not in OTHERS:
            name = words[0].removeprefix(".venv/bin/")
            program = PROGRAMS.get("python" if re.fullmatch(r"python3[.\d]*", name) else name)
            if program is None:
                raise Unknown(f"nobody knows the program {words[0]}: teach it to tests/docs_commands.py")
            program([word for word in words[1:] if "…" not in word], line.whole)


# ---------------------------------------------------------------- autograder, and other programs of click's


def autograder(words: Sequence[str], whole: bool) -> None:
    """Parse a command as the program does; its value must be among those that its help lists."""
    if list(words[:1]) in (["--help"], ["--version"], []):
        return
    command = find(words[0])
    context = parsed(command, list(words[1:]), whole)
    if context is None:
        return
    values = [context.params[one.name] for one in command.params if one.param_type_name == "argument"]
    try:
        nbgrader_traits([*context.args, *(str(value) for value in values if str(value).startswith("-"))])
    except Exception as error:
        raise Unknown(said(error)) from None
    for option in command.params:
        found = CHOICES.search(getattr(option, "help", None) or "") if option.name == "to" else None
        value = context.params.get(option.name or "")
        if found and value and value not in re.findall(r"\w+", found[1]):
            raise Unknown(f"{words[0]} --{option.name} is {found[1]}, not {value}")


def find(name: str) -> click.Command:
    """Return a command of autograder's."""
    group = get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    known: dict[str, click.Command] = group.commands  # type: ignore[attr-defined]
    if name not in known:
        raise Unknown(f"there is no autograder {name}, only {', '.join(known)}")
    return known[name]


def parsed(command: Any, words: list[str], whole: bool) -> Any:
    """Return click's context of a command, None if only its help was asked for."""
    if "--help" in words or "--help-all" in words:
        return None
    try:
        return command.make_context(command.name, list(words))  # it takes them out of the list
    except Exception as error:  # typer brings a copy of click, with exceptions of its own
        if type(error).__name__ == "MissingParameter" and not whole:
            is_option = getattr(error, "param", None) and error.param.param_type_name == "option"
            return None if is_option or words.count("x") > 3 else parsed(command, [*words, "x"], whole)
        raise Unknown(f"{command.name}: {said(error)}") from None


def said(error: Any) -> str:
    """Return the words of an error of click's, or of the copy of it that typer brings."""
    return str(error.format_message() if hasattr(error, "format_message") else error)


def dask(words: Sequence[str], whole: bool) -> None:
    """Parse a command of Dask's, where it is installed."""
    if find_spec("distributed") is None:
        return
    from dask.cli import cli
    from distributed.cli import dask_scheduler, dask_worker

    known = {**cli.commands, "scheduler": dask_scheduler.main, "worker": dask_worker.main}
    if words[0] not in known:
        raise Unknown(f"there is no dask {words[0]}")
    parsed(known[words[0]], list(words[1:]), whole)


# ---------------------------------------------------------------- programs of traitlets'


def nbgrader(words: Sequence[str], whole: bool) -> None:
    """Hold a command against nbgrader's apps."""
    from nbgrader.apps.nbgraderapp import NbGraderApp

    traitlets_app(NbGraderApp, words)


def jupyter(words: Sequence[str], whole: bool) -> None:
    """Hold a command against the app behind it, which is a program of its own: jupyter-lab."""
    found = next(iter(entry_points(group="console_scripts", name=f"jupyter-{words[0]}")), None)
    if found is None and shutil.which(f"jupyter-{words[0]}") is None:
        raise Unknown(f"there is no jupyter {words[0]}")
    start = found.load() if found else None
    if hasattr(start, "__self__"):
        traitlets_app(start.__self__, words[1:])


def traitlets_app(app_class: Any, words: Sequence[str]) -> None:
    """Raise Unknown if an app has no such subcommand, flag, alias or class."""
    from traitlets import import_item

    made, name = app_class(), app_class.name
    while words and words[0] in made.subcommands:
        found = made.subcommands[words[0]][0]
        made = (import_item(found) if isinstance(found, str) else found)()
        name, words = f"{name} {words[0]}", words[1:]
    if made.subcommands and words and not words[0].startswith("-"):
        raise Unknown(f"there is no {name} {words[0]}, only {', '.join(made.subcommands)}")
    short = {
        one for key in (*made.flags, *made.aliases) for one in (key if isinstance(key, tuple) else (key,))
    }
    for word in words:
        option = re.match(r"--?([\w.-]+)", word)
        if option and "." in option[1]:
            class_name, trait = option[1].split(".", 1)
            known = next((one for one in made.classes if one.__name__ == class_name), None)
            if known is not None and trait not in known.class_trait_names():
                raise Unknown(f"{class_name} has no {trait}")
        elif option and option[1] not in short | {"help", "help-all", "version", "h"}:
            raise Unknown(f"{name} has no option {word}")


# ---------------------------------------------------------------- make, python, pip


def make(words: Sequence[str], whole: bool) -> None:
    """Hold targets and variables against the Makefile."""
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", text, re.M))
    for word in words:
        name, is_variable, _ = word.partition("=")
        if is_variable and f"$({name})" not in text:
            raise Unknown(f"the Makefile has no variable {name}")
        if not is_variable and word not in targets:
            raise Unknown(f"the Makefile has no target {word}")


def python(words: Sequence[str], whole: bool) -> None:
    """Hold a module or a script against what is here, or lies beside a lesson."""
    if not words or words[0] in ("-c", "--version"):
        return
    if words[0] == "-m":
        if words[1] == "pip":
            pip(words[2:], whole)
        elif find_spec(words[1]) is None:
            raise Unknown(f"there is no module {words[1]}")
    elif not any((folder / words[0]).is_file() for folder in (ROOT, *(ROOT / "release").iterdir())):
        raise Unknown(f"there is no {words[0]}")


def pip(words: Sequence[str], whole: bool) -> None:
    """Parse with pip's own parser; extras and files must exist."""
    from pip._internal.commands import commands_dict, create_command

    if words[0] not in commands_dict:
        raise Unknown(f"there is no pip {words[0]}")
    try:
        options, wanted = create_command(words[0]).parser.parse_args(list(words[1:]))
    except SystemExit:
        raise Unknown(f"pip {words[0]} does not take this") from None
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = set(project["optional-dependencies"])
    for name in [*wanted, *getattr(options, "editables", [])]:
        own = re.fullmatch(r"(?:\.|trainwell|\S*trainwell-[^\[]*)\[(.+)\]", name)
        if own and not set(own[1].split(",")) <= extras:
            raise Unknown(f"{name} is no extra: {', '.join(sorted(extras))}")
    for file in getattr(options, "constraints", []):
        if not (ROOT / file).is_file():
            raise Unknown(f"there is no {file}")


PROGRAMS: dict[str, Callable[[Sequence[str], bool], None]] = {
    one.__name__: one for one in (autograder, dask, nbgrader, jupyter, make, python, pip)
}


# ---------------------------------------------------------------- links and files


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    found: list[str] = []
    for title in re.findall(r"^#{1,6} +(.+?) *#*$", without_blocks(page.read_text("utf-8")), re.M):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title.strip())
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return frozenset(found)


def links(page: Path) -> Iterable[str]:
    """Return where the links and pictures of a page lead."""
    return re.findall(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)", without_blocks(page.read_text("utf-8")))
