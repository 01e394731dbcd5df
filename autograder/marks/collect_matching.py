"""Find whose a delivery is: by the system's own numbers first, then by name. Who may be two is nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from autograder.marks.collect_formats import Delivery
from autograder.marks.collect_people import Person, safe_name, spelt_out, squashed
from autograder.roster import finder

T = TypeVar("T")
MAX_GUESSES = 1000  # names that one name is compared with letter by letter


@dataclass(frozen=True)
class Match:
    """Say whose a delivery is, or with `student` empty why nobody knows, and what to do about it.

    `close` says that the names are not quite the same: somebody should have a look.
    """

    student: str = ""
    problem: str = ""
    close: bool = False


@dataclass(frozen=True)
class Directory:
    """Hold by what every student can be found; `by_piece` has whole names by each of their words."""

    by_word: Callable[[str], str | None]
    by_canvas: Mapping[str, str]
    by_participant: Mapping[str, str]
    by_name: tuple[Mapping[str, frozenset[str]], ...]
    by_piece: Mapping[str, frozenset[tuple[str, str]]]
    called: Mapping[str, str]
    has_list: bool


def directory(people: Sequence[Person]) -> Directory:
    """Return by what to find these people."""
    return Directory(
        finder({person.student: person.words for person in people}),
        _only((person.canvas, person.student) for person in people),
        _only((person.participant, person.student) for person in people),
        tuple(_several((form(full), p.student) for p in people for full in (*p.fulls, *p.words))
              for form in (squashed, spelt_out)),
        _several((piece, (full, p.student)) for p in people for full in p.fulls for piece in _pieces(full)),
        {person.student: person.called for person in people},
        any(person.listed for person in people),
    )  # fmt: skip


def stable(ids: Mapping[str, str]) -> str:
    """Return what a system calls a student in every week alike, "" if it tells nothing of the kind.

    Moodle numbers the participants of each assignment anew.
    """
    return ids.get("user", "") or ids.get("email", "") or ids.get("sid", "")


def find_student(delivery: Delivery, known: Directory) -> Match:
    """Return whose a delivery is."""
    if not delivery.name and not delivery.ids:
        return Match(problem="its name tells no student: put it into a folder called like the student")
    number = _by_number(delivery, known)
    named = _by_name(delivery.name, known) or _by_name(_folder(delivery), known)
    if number and len(named) == 1 and named != {number} and known.has_list:
        other = next(iter(named))
        return Match(problem=f"its number is {number}'s, its name {other}'s: correct the class list")
    if number:
        return Match(number)
    if len(named) == 1:
        return Match(next(iter(named)))
    if named:
        return Match(problem=f"may be {_or(named)}: {_tell_apart(delivery)}")
    return _unknown(delivery, known)


def doubles(found: Sequence[tuple[Delivery, Match]]) -> list[Match]:
    """Return the matches without those where two people of one system would be the same student.

    Whose name is the same wins over whose is only alike.
    """
    same: dict[str, set[str]] = defaultdict(set)
    alike: dict[str, set[str]] = defaultdict(set)
    for delivery, match in found:
        (alike if match.close else same)[match.student].add(_who(delivery))

    def is_double(delivery: Delivery, match: Match) -> bool:
        others = same[match.student] | (alike[match.student] if match.close else set())
        return bool(match.student) and len(others) > 1

    return [
        Match(problem=f"two are called {one.name}: {_tell_apart(one)}") if is_double(one, match) else match
        for one, match in found
    ]


def _who(delivery: Delivery) -> str:
    """Return who handed in, as the system knows it. What lies in folders under one name is one's."""
    return delivery.ids.get("participant") or stable(delivery.ids) or ""


def _folder(delivery: Delivery) -> str:
    """Return the whole name of a student's folder as it came: a class list may hold that of a repository."""
    inside = next((name for name, item in delivery.files.items() if item.entry.name == delivery.place), "")
    above = delivery.place.removesuffix(f"/{inside}")
    return above.rsplit("/", 1)[-1] if delivery.system in ("folder", "git") and inside else ""


def _by_number(delivery: Delivery, known: Directory) -> str | None:
    ids = delivery.ids
    if delivery.system == "moodle":
        return known.by_participant.get(ids["participant"].lstrip("0"))
    if delivery.system == "canvas":
        return known.by_canvas.get(ids["user"])
    words = (ids.get("email", ""), ids.get("sid", ""))
    return next((student for word in words if word and (student := known.by_word(word))), None)


def _by_name(name: str, known: Directory) -> frozenset[str]:
    """Return all whom a name may mean: the closest way of comparing that finds anybody counts."""
    if not name:
        return frozenset()
    if student := known.by_word(name):
        return frozenset({student})
    for names, form in zip(known.by_name, (squashed, spelt_out), strict=True):
        if form(name) and (found := names.get(form(name))):
            return found
    return frozenset()


def _unknown(delivery: Delivery, known: Directory) -> Match:
    """Return the one whose name has all these words, with or without a middle name; or else a new student."""
    own = _pieces(delivery.name)
    alike = {pair for piece in own for pair in known.by_piece.get(piece, ())}
    near = {who for full, who in alike if len(own & _pieces(full)) > 1 and _is_part(own, _pieces(full))}
    if len(near) == 1:
        return Match(next(iter(near)), close=True)
    if near:
        return Match(problem=f"may be {_or(near)}: {_tell_apart(delivery)}")
    if not known.has_list:
        return _new_student(delivery)
    names = dict(sorted(alike) or [(who, who) for who in list(known.called)[:MAX_GUESSES]])
    close = get_close_matches(delivery.name, list(names)[:MAX_GUESSES], n=1, cutoff=0.75)
    hint = f"did you mean {known.called[names[close[0]]]}? " if close else ""
    return Match(problem=f"is not in the class list: {hint}correct the name there")


def _pieces(name: str) -> frozenset[str]:
    return frozenset(map(squashed, name.split())) - {""}


def _is_part(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _new_student(delivery: Delivery) -> Match:
    """Return a name for a student of whom only the system knows, the same each time."""
    ids = delivery.ids
    name = safe_name(delivery.name)
    if delivery.system == "canvas":
        name = safe_name(f"{delivery.name or 'anonymous'}-{ids['user'].removeprefix('anon_')}")
    elif delivery.system == "gradescope":
        name = safe_name(ids.get("email", "").split("@")[0] or ids.get("sid", "") or delivery.name)
    if not name:
        return Match(problem="no name can be read: give a class list with --roster")
    return Match(name)


def _tell_apart(delivery: Delivery) -> str:
    if delivery.system == "moodle":
        return "give Moodle's grading worksheet with --roster"
    if delivery.system == "canvas":
        return "give Canvas's gradebook export with --roster"
    return "rename it to the student's name in the class list"


def _or(students: Iterable[str]) -> str:
    return " or ".join(sorted(students))


def _only(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {key: next(iter(found)) for key, found in _several(pairs).items() if len(found) == 1}


def _several(pairs: Iterable[tuple[str, T]]) -> dict[str, frozenset[T]]:
    owners: dict[str, set[T]] = defaultdict(set)
    for key, student in pairs:
        if key:
            owners[key].add(student)
    return {key: frozenset(found) for key, found in owners.items()}
