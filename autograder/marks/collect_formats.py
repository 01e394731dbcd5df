"""Tell which system a download comes from, and cut it into what each student handed in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from autograder.intake.files import Entry
from autograder.marks.arrivals import System
from autograder.marks.collect_git import commit_time
from autograder.marks.collect_gradescope import METADATA, read_metadata
from autograder.marks.collect_sources import Download, Item

MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<rest>.*)", re.DOTALL)
CANVAS = re.compile(
    r"(?:(?P<name>.+?)_)??(?P<late>LATE_)?(?P<user>\d+|anon_[^\W_]+)_(?:(?P<file>\d+)_)?(?P<rest>.+)",
    re.DOTALL,
)
AGAIN = re.compile(r"(?P<stem>.+?)(?: ?\((?P<copy>\d+)\)|-(?P<number>\d{1,2}))(?P<ending>\.[^.]+)?")
TEXT_ENTRIES = ("text.html", "link.html")
Files = Mapping[str, Item]  # what one student handed in, by the path inside the submission


@dataclass(frozen=True)
class Delivery:
    """Hold one attempt as it came. `name` is what the system calls the student, `ids` by its own words.

    `handed_in` is a time that can be trusted, `moment` one that only says which attempt is newer, and so does
    `serial`, Canvas's number of the file. `place` is the path of the notebook as it came.
    """

    system: System
    name: str
    files: Files
    place: str
    ids: Mapping[str, str] = field(default_factory=dict)
    late: bool = False
    handed_in: str = ""
    moment: str = ""
    serial: int = 0


Cut = tuple[list[Delivery], list[Item]]  # what was understood, and files that were not
Cutter = Callable[[Sequence[Item], int, Sequence[str]], Cut]


def deliveries(download: Download, notebooks: Sequence[str]) -> Cut:
    """Return what each student handed in, and the files that fit nothing.

    `notebooks` are the names of the assignment's notebooks, by which folders are told from students.
    """
    items, depth = _unwrapped(download.items, notebooks)
    cut = _system(items, depth)
    found, strange = cut(items, depth, notebooks)
    return [replace(one, place=one.place or _place(one.files, notebooks)) for one in found], strange


def _system(items: Sequence[Item], depth: int) -> Cutter:
    """Return what cuts a download of this system: the one whose names most of the files have."""
    if any(item.parts[depth:] == (METADATA,) for item in items):
        return _gradescope
    tops = {item.parts[depth] for item in items}
    files = {item.parts[depth] for item in items if len(item.parts) == depth + 1}
    if 2 * sum(bool(MOODLE.fullmatch(top)) for top in tops) > len(tops):
        return _moodle
    if files and 2 * sum(bool(_canvas_name(name)) for name in files) > len(tops):
        return _canvas
    return _plain


def _unwrapped(items: Sequence[Item], notebooks: Sequence[str]) -> tuple[Sequence[Item], int]:
    """Return the items, and in how many folders all of them lie that are nobody's."""
    depth = 0
    while items and depth < 3:
        tops = {item.parts[depth] for item in items if len(item.parts) > depth + 1}
        lone = len(tops) == 1 and all(len(item.parts) > depth + 1 for item in items)
        if not lone or MOODLE.fullmatch(next(iter(tops))) or not _holds_students(items, depth + 1, notebooks):
            break
        depth += 1
    return items, depth


def _holds_students(items: Sequence[Item], depth: int, notebooks: Sequence[str]) -> bool:
    """Return whether the names at this depth are those of students, not of one student's own files."""
    if any(item.repository for item in items):
        return False
    names = {item.parts[depth] for item in items}
    if METADATA in names or any(MOODLE.fullmatch(name) or _canvas_name(name) for name in names):
        return True
    own = {name.lower() for name in notebooks}
    stems = {name.lower().split(".ipynb")[0] for name in names}
    notebook_names = [name for name in names if name.lower().endswith(".ipynb")]
    folders = {item.parts[depth] for item in items if len(item.parts) > depth + 1}
    return not stems & own and (len(notebook_names) > 1 or (len(folders) > 1 and not notebook_names))


def _canvas_name(name: str) -> re.Match[str] | None:
    found = CANVAS.fullmatch(name)
    if found and (found["name"] or found["user"].startswith("anon_")):
        return found if found["file"] or found["rest"] in TEXT_ENTRIES else None
    return None


def _moodle(items: Sequence[Item], depth: int, _notebooks: Sequence[str]) -> Cut:
    found: dict[tuple[str, str], dict[str, Item]] = defaultdict(dict)
    strange = []
    for item in items:
        match = MOODLE.fullmatch(item.parts[depth])
        inside = "/".join(item.parts[depth + 1 :]) or (match["rest"] if match else "")
        if match and inside:
            found[match["name"], match["id"]][inside] = item
        else:
            strange.append(item)
    made = [
        Delivery("moodle", name, files, "", {"participant": number}, moment=_newest(files.values()))
        for (name, number), files in found.items()
    ]
    return made, strange


def _canvas(items: Sequence[Item], depth: int, notebooks: Sequence[str]) -> Cut:
    found: dict[str, list[tuple[int, re.Match[str], Item]]] = defaultdict(list)
    strange = []
    for item in items:
        match = _canvas_name(item.parts[depth]) if len(item.parts) == depth + 1 else None
        if match:
            found[match["user"]].append((int(match["file"] or 0), match, item))
        else:
            strange.append(item)
    made = [one for files in found.values() for one in _canvas_attempts(files, notebooks)]
    return made, strange


def _canvas_attempts(
    files: list[tuple[int, re.Match[str], Item]], notebooks: Sequence[str]
) -> Iterable[Delivery]:
    """Yield the attempts of one student, the newest last: a file that comes twice was handed in again."""
    files.sort(key=lambda file: file[0])
    rounds: list[dict[str, tuple[int, re.Match[str], Item]]] = []
    for file in reversed(files):
        name = _first_name(file[1]["rest"], notebooks)
        place = next((one for one in rounds if name not in one), None)
        if place is None:
            rounds.append(place := {})
        place[name] = file
    for number, one in enumerate(reversed(rounds)):
        last = max(one.values(), key=lambda file: file[0])
        held = {name: item for name, (_, _, item) in one.items()}
        late = any(bool(match["late"]) for _, match, _ in one.values())
        yield Delivery(
            "canvas", last[1]["name"] or "", held, "", {"user": last[1]["user"]}, late,
            moment=_newest(held.values()), serial=last[0] or number,
        )  # fmt: skip


def _first_name(name: str, notebooks: Sequence[str]) -> str:
    """Return the name that a file had before Canvas or a browser numbered it, if it is the assignment's."""
    match = AGAIN.fullmatch(name)
    if match and match["stem"].lower() in {own.lower() for own in notebooks}:
        return match["stem"] + (match["ending"] or "")
    return name


def _gradescope(items: Sequence[Item], depth: int, notebooks: Sequence[str]) -> Cut:
    table = next(item for item in items if item.parts[depth:] == (METADATA,))
    told = read_metadata(table.entry)
    files: dict[str, dict[str, Item]] = defaultdict(dict)
    strange = []
    for item in items:
        folder, inside = item.parts[depth], "/".join(item.parts[depth + 1 :])
        if folder in told:
            files[folder][inside or folder] = item
        elif item is not table:
            strange.append(item)
    made = [
        Delivery("gradescope", person.get("name", ""), held, "", {"submission": folder, **person},
                 handed_in=told[folder].handed_in, moment=told[folder].handed_in or _newest(held.values()))
        for folder, held in files.items()
        for person in told[folder].people
    ]  # fmt: skip
    return made, strange


def _plain(items: Sequence[Item], depth: int, notebooks: Sequence[str]) -> Cut:
    """Return a folder for each student, and each loose notebook or archive as somebody's submission."""
    folders: dict[str, dict[str, Item]] = defaultdict(dict)
    loose: list[Delivery] = []
    strange = []
    for item in items:
        top, inside = item.parts[depth], "/".join(item.parts[depth + 1 :])
        if inside:
            folders[top][inside] = item
        elif item.entry.is_notebook or top.lower().endswith((".zip", ".html", ".htm", ".pdf")):
            name = _student_name(
                top.rsplit(".ipynb", 1)[0] if ".ipynb" in top else PurePosixPath(top).stem, notebooks
            )
            held = {_loose_name(item.entry, notebooks): item}
            loose.append(Delivery("folder", name, held, "", moment=item.changed))
        else:
            strange.append(item)
    return [*(_of_folder(name, files, notebooks) for name, files in folders.items()), *loose], strange


def _of_folder(folder: str, files: Files, notebooks: Sequence[str]) -> Delivery:
    name, repository = _student_name(folder, notebooks), next(iter(files.values())).repository
    if repository is None:
        return Delivery("folder", name, files, "", moment=_newest(files.values()))
    when = commit_time(repository)
    return Delivery("git", name, files, "", handed_in=when, moment=when or _newest(files.values()))


def _loose_name(entry: Entry, notebooks: Sequence[str]) -> str:
    """Return under which name a loose file is kept: the assignment's, if there is one notebook only."""
    ending = entry.path.suffix
    if entry.is_notebook and len(notebooks) == 1:
        return f"{notebooks[0]}.ipynb"
    return entry.path.name if ending else f"{entry.path.name}.ipynb"


def _student_name(text: str, notebooks: Sequence[str]) -> str:
    """Return what a name says about the student, without the assignment: `week03-ada`, `ada_week03`."""
    text = re.sub(r" ?\(\d+\)$", "", text)
    if text.lower() in {name.lower() for name in notebooks}:
        return ""
    for own in sorted({*notebooks, *(name.split("_", 1)[0] for name in notebooks)}, key=len, reverse=True):
        short = re.sub(rf"^{re.escape(own)}[-_. ]+|[-_. ]+{re.escape(own)}$", "", text, flags=re.IGNORECASE)
        if short != text and short:
            return short
    return text


def _newest(items: Iterable[Item]) -> str:
    return max((item.changed for item in items), default="")


def _place(files: Files, notebooks: Sequence[str]) -> str:
    """Return the path, as it came, of what is most likely the notebook."""
    own = {f"{name}.ipynb".lower() for name in notebooks}

    def rank(name: str) -> tuple[bool, bool, bool, int, str]:
        path = PurePosixPath(name.lower())
        hidden = any(part.startswith(".") for part in path.parts)
        return hidden, path.name not in own, not files[name].entry.is_notebook, len(path.parts), name

    return files[min(files, key=rank)].entry.name
