"""A class in which everybody attacks but a few, and the world around it that must stay as it was.

An attack is one small file in `attacks/`. A text file holds cells: nothing but the sandbox ever runs them. A
Python file is ours: its `hand_in(right, folder, week)` writes a notebook that is hostile in its structure.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.answers import Notebook, fill_in, hand_in, reference_answers, released_notebook
from autograder.course import Course
from autograder.model import Limits
from autograder.sandbox.violations import has_arrived
from autograder.spec import load_assignment

FOLDER = Path(__file__).parent / "attacks"
LIMITS = Limits(
    cell_seconds=4, call_seconds=4, total_seconds=20, memory=768 << 20, disk=16 << 20, inodes=500,
    shared_memory=4 << 20, file_size=8 << 20, processes=24, cpu_seconds=15, output=20_000,
)  # fmt: skip
CANARY = "canary-5f1d7c"  # stands in everything that no submission may read
# The first and the last of the class, and one whose name a spreadsheet and a page could take for their own.
NEIGHBOURS = ("aaron", "=cmd <img src=x onerror=alert(1)>", "zoe")
NAMELESS = (
    os.fsdecode(b"ol\xe9"),
    "red\x1b[31m\nline",
    "n" * 200,
)  # folders of names that cannot be recorded
MARKS = {"huber": 2.0, "bce_with_logits": 3.0, "cross_entropy": 3.0, "pairwise_ranking": 3.0, "gq5": 1.0}


@dataclass(frozen=True)
class Attack:
    """Hold what an attack tries, how its success would show, the marks it earns, and its cells or builder."""

    name: str
    tries: str
    success: str
    marks: Mapping[str, float]
    status: str = "graded"
    parts: tuple[tuple[str, str], ...] = ()
    builder: Path | None = field(default=None)


def load_attacks() -> tuple[Attack, ...]:
    """Return all attacks of the corpus, in order of their names."""
    found = [_from_text(path) for path in FOLDER.rglob("*.txt")]
    found += [_from_module(path) for path in FOLDER.rglob("*.py")]
    return tuple(sorted(found, key=lambda attack: attack.name))


def _name(path: Path) -> str:
    return "-".join(path.relative_to(FOLDER).with_suffix("").parts)


def _from_text(path: Path) -> Attack:
    head, *rest = re.split(r"^--- (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    parts = tuple(zip(rest[::2], rest[1::2], strict=True))
    return _attack(path, head, parts, None)


def _from_module(path: Path) -> Attack:
    head = path.read_text(encoding="utf-8").split('"""')[1]
    return _attack(path, head, (), path)


def _attack(path: Path, head: str, parts: tuple[tuple[str, str], ...], builder: Path | None) -> Attack:
    fields = dict(re.findall(r"^(Tries|Success|Marks|Status): (.+)$", head, flags=re.MULTILINE))
    lost = dict(item.split() for item in fields["Marks"].removeprefix("all but ").split(", ") if " " in item)
    marks = {**MARKS, **{exercise: float(score) for exercise, score in lost.items()}}
    if fields["Marks"] == "none":
        marks = dict.fromkeys(MARKS, 0.0)
    status = fields.get("Status", "graded")
    return Attack(_name(path), fields["Tries"], fields["Success"], marks, status, parts, builder)


# ---------------------------------------------------------------- the world outside


@dataclass(frozen=True)
class World:
    """Hold what lies around the class: a home and secrets in `root`, services, and somebody's process."""

    root: Path
    course: Course
    week: str
    listeners: Mapping[str, socket.socket]
    victim: subprocess.Popen[bytes]

    @property
    def home(self) -> Path:
        """Return the home folder that attacks aim at."""
        return self.root / "home"

    def fingerprint(self) -> str:
        """Return a hash of every file in the home and of all that the instructor has written."""
        names = ("source", "release", "submitted", "solutions")
        return fingerprint(self.home, *(self.course.root / name for name in names))

    def fill_in(self, text: str) -> str:
        """Return a cell with the places that it attacks."""
        port = {name: self.listeners[name].getsockname() for name in self.listeners}
        values = {
            "HOME": str(self.home), "COURSE": str(self.course.root), "REALHOME": str(Path.home()),
            "TCP": str(port["tcp"][1]), "UDP": str(port["udp"][1]), "ABSTRACT": port["abstract"].decode()[1:],
            "SOCKET": str(port["unix"]), "PID": str(self.victim.pid), "WEEK": self.week,
            "GRADER": str(os.getpid()),
        }  # fmt: skip
        return re.sub("@([A-Z]+)@", lambda found: values[found[1]], text)

    def heard(self) -> list[str]:
        """Return the services that anything has come to."""
        return [name for name, listener in self.listeners.items() if has_arrived(listener)]


@contextlib.contextmanager
def the_world(root: Path, course: Course, week: str) -> Iterator[World]:
    """Set up what lies around a class."""
    for name in (".ssh/id_ed25519", ".bashrc", ".ipython/profile_default/startup/00.py", "notes.txt"):
        path = root / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {CANARY}\n")
    (course.root / "solutions").mkdir()
    (course.root / "solutions" / "answers.txt").write_text(CANARY)
    (course.root / "gradebook-copy.db").write_text(CANARY)
    with contextlib.ExitStack() as stack:
        listeners = {name: stack.enter_context(item) for name, item in _listeners(root).items()}
        victim = stack.enter_context(subprocess.Popen(["sleep", "900"], stdin=subprocess.DEVNULL))
        stack.callback(victim.kill)
        yield World(root, course, week, listeners, victim)


def _listeners(root: Path) -> dict[str, socket.socket]:
    addresses = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0attack-{os.getpid()}"),
        "unix": (socket.AF_UNIX, socket.SOCK_STREAM, str(root / "home" / "service")),
    }
    made = {}
    for name, (family, kind, address) in addresses.items():
        made[name] = socket.socket(family, kind)
        made[name].bind(address)
        if kind == socket.SOCK_STREAM:
            made[name].listen()
        made[name].setblocking(False)
    return made


def fingerprint(*roots: Path) -> str:
    """Return a hash of the names, kinds, times and contents of everything below the folders."""
    found = hashlib.sha256()
    names, contents = "-printf %p_%M_%s_%T@_%l\n", "-type f -size -9M -execdir sha256sum {} +"
    for command in (names.split(" "), contents.split(" ")):
        done = subprocess.run(["find", *map(str, roots), *command], stdout=subprocess.PIPE, check=True)
        found.update(b"\n".join(sorted(done.stdout.splitlines())))
    return found.hexdigest()


# ---------------------------------------------------------------- the class


def hand_in_all(world: World, attacks: tuple[Attack, ...]) -> None:
    """Write the submissions of the neighbours, the nameless and all attackers."""
    course, week = world.course, world.week
    answers = reference_answers(load_assignment(course, week))
    release = released_notebook(course, week)
    right = fill_in(release, answers)
    for student in (*NEIGHBOURS, *NAMELESS):
        hand_in(course, week, student, right)
    for attack in attacks:
        if attack.builder is not None:
            _build(attack, right, course.submitted(week, attack.name), world)
        else:
            hand_in(course, week, attack.name, _notebook(attack, release, answers, world))
            for kind, text in attack.parts:
                if kind.startswith("file "):
                    path = course.submitted(week, attack.name) / kind.removeprefix("file ").strip()
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(world.fill_in(text))


def _notebook(attack: Attack, release: Notebook, answers: Mapping[str, str], world: World) -> Notebook:
    parts = [(kind.strip(), world.fill_in(text)) for kind, text in attack.parts]
    given = {kind: text for kind, text in parts if kind in MARKS}
    notebook = fill_in(release, {**answers, **given})
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    for kind, text in parts:
        if kind == "first":
            notebook["cells"].insert(0, {**code, "id": "attack-first", "source": text})
        elif kind == "last":
            notebook["cells"].append({**code, "id": "attack-last", "source": text})
        elif kind == "markdown":
            notebook["cells"].append(
                {"cell_type": "markdown", "id": "attack-text", "metadata": {}, "source": text}
            )
    return notebook


def _build(attack: Attack, right: Notebook, folder: Path, world: World) -> None:
    assert attack.builder is not None
    spec = importlib.util.spec_from_file_location(f"attack_{attack.builder.stem}", attack.builder)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder.mkdir(parents=True, exist_ok=True)
    module.hand_in(json.loads(json.dumps(right)), folder, world.week)
