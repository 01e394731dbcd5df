"""Turn whatever a student handed in into cells that can be run, or into a reason why a human must look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.intake.archives import unpacked
from autograder.intake.extras import extra_files, timestamp_findings
from autograder.intake.files import Entry, Listing, Refused, list_submission, shown
from autograder.intake.findings import note, repaired
from autograder.intake.given import plain
from autograder.intake.match import is_about, match_cells, untouched
from autograder.intake.notebook import MAX_NOTEBOOK, Notebook, NotebookError, RawCell, parse_notebook
from autograder.intake.others import held_instead
from autograder.intake.repair import repair
from autograder.model import Finding, FindingKind, Submission, Unreadable
from autograder.spec import Assignment

MAX_CANDIDATES = 12
MAX_BYTES = 250 << 20
MAX_FINDINGS = 20
AGAIN = "Ask for it again, or mend it by hand."


def read_submission(folder: Path, student: str, week: str, assignment: Assignment) -> Submission | Unreadable:
    """Return what was handed in at `folder` as cells to run, or why that needs a human. Never raises."""
    try:
        return _read(folder, student, week, assignment)
    except Refused as error:
        return Unreadable(student, week, str(error))
    except Exception as error:  # the class must be graded whatever one student hands in
        reason = f"Reading it failed in an unforeseen way ({type(error).__name__}): open it by hand."
        return Unreadable(student, week, reason)


@dataclass(frozen=True)
class _Candidate:
    """Hold a notebook that may be the one to grade."""

    entry: Entry
    tier: int
    notebook: Notebook
    answers: tuple[str, ...]


def _read(folder: Path, student: str, week: str, assignment: Assignment) -> Submission | Unreadable:
    listing = list_submission(folder)
    readable, problems = _candidates(listing, week, assignment)
    if not any(candidate.answers for candidate in readable):
        inside = unpacked(listing)  # an answer may be in a zip file beside a notebook that was left as it was
        found, troubles = _candidates(inside, week, assignment) if inside else ([], [])
        answered = any(candidate.answers for candidate in found)
        if inside and (answered or not (readable or problems) or (not readable and (found or troubles))):
            listing, readable, problems = inside, found, troubles
    if not readable:
        reason = f"{problems[0]} {AGAIN}" if problems else _no_notebook(listing, week)
        return Unreadable(student, week, reason, limited(listing.findings))
    best = _best(readable)
    if best is None:
        names = ", ".join(shown(candidate.entry.name) for candidate in readable)
        reason = f"There are several notebooks with different answers ({names}): keep the one that counts."
        return Unreadable(student, week, reason, limited(listing.findings))
    files, file_findings = extra_files(listing.entries, best.entry, assignment)
    repaired = repair(best.notebook.cells, assignment)
    findings = (
        *listing.findings,
        *_name_findings(best, readable, problems, week),
        *best.notebook.findings,
        *repaired.findings,
        *file_findings,
        *timestamp_findings(listing.entries),
    )
    return Submission(student, week, repaired.cells, files, limited(findings), best.notebook.loss)


def _candidates(listing: Listing, week: str, assignment: Assignment) -> tuple[list[_Candidate], list[str]]:
    """Return the notebooks that hold this assignment, likeliest first, and why the others do not."""
    found, problems, room = [], [], MAX_BYTES
    others = {name.lower() for name in assignment.others} - {week.lower()}  # graded on their own
    notebooks = [
        e
        for e in listing.entries
        if e.is_notebook and e.stem not in others and e.path.name not in assignment.support
    ]
    for entry in sorted(notebooks, key=lambda entry: _rank(entry, week))[:MAX_CANDIDATES]:
        try:
            data = entry.read(min(room, MAX_NOTEBOOK))
            room -= len(data)
            notebook = parse_notebook(data)
            found.append(
                _Candidate(entry, _rank(entry, week)[0], notebook, _answers(notebook.cells, assignment))
            )
        except NotebookError as error:
            problems.append(f"{shown(entry.name)} {error}.")
        except Refused as error:
            problems.append(str(error))
    return found, problems


def _rank(entry: Entry, week: str) -> tuple[int, bool, int, str]:
    """Return how unlikely it is that this is the notebook to grade, by its name alone."""
    stem = entry.stem
    if any(part.startswith(".") for part in entry.path.parts):
        tier = 3  # a checkpoint that Jupyter saved by itself
    elif stem == week.lower():
        tier = 0 if len(entry.path.parts) == 1 else 1
    else:
        tier = 2
    return tier, not stem.startswith(week.lower()), len(entry.name), entry.name


def _answers(cells: tuple[RawCell, ...], assignment: Assignment) -> tuple[str, ...]:
    """Return the text of all answers worked on. Raises NotebookError if this is another notebook."""
    other = held_instead(cells, assignment)
    if other:
        raise NotebookError(
            f"holds {other}, not {assignment.name}: perhaps names were swapped, and this should be called "
            f"{other}.ipynb"
        )
    matches = match_cells(cells, assignment)
    if not is_about(cells, matches, assignment):
        raise NotebookError(f"does not hold the cells of {assignment.week}: perhaps it is another notebook")
    return tuple(
        plain(cells[place].source)
        for place, number in sorted(matches.items())
        if assignment.cells[number].kind in ("solution", "written")
        and not untouched(cells[place], assignment.cells[number])
    )


def _best(readable: list[_Candidate]) -> _Candidate | None:
    """Return the notebook to grade: of those with answers the best named; None if several differ."""
    answered = [candidate for candidate in readable if candidate.answers]
    if not answered:
        return readable[0]
    top = [candidate for candidate in answered if candidate.tier == answered[0].tier]
    return top[0] if len({candidate.answers for candidate in top}) == 1 else None


def _name_findings(
    best: _Candidate, readable: list[_Candidate], problems: list[str], week: str
) -> list[Finding]:
    name = shown(best.entry.name)
    findings = [note(f"{problem} {name} was graded.") for problem in problems]
    if best.entry.name != f"{week}.ipynb":
        findings.append(repaired(f"The notebook was not called {week}.ipynb: {name} was graded."))
    others = [
        shown(candidate.entry.name) for candidate in readable if candidate is not best and candidate.tier < 3
    ]
    if others:
        findings.append(note(f"Other notebooks of this week were not graded: {', '.join(others)}."))
    return findings


def limited(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without repetitions, at most 20 of each kind, saying how many more there were."""
    kinds: dict[FindingKind, list[Finding]] = {}
    for finding in dict.fromkeys(findings):
        kinds.setdefault(finding.kind, []).append(finding)
    rest = [
        note(f"There were {len(found) - MAX_FINDINGS} more remarks of this kind: {kind}.")
        for kind, found in kinds.items()
        if len(found) > MAX_FINDINGS
    ]
    return (*(finding for found in kinds.values() for finding in found[:MAX_FINDINGS]), *rest)


def _no_notebook(listing: Listing, week: str) -> str:
    names = [shown(entry.name) for entry in listing.entries][:5]
    if names:
        return (
            f"There is no notebook (.ipynb) among what was handed in: {', '.join(names)}. "
            f"Ask for it, or, if one of these is it, rename it to {week}.ipynb."
        )
    others = " ".join(finding.text for finding in limited(listing.findings))
    return f"There is no notebook among what was handed in. {others} Ask for it.".replace("  ", " ")
