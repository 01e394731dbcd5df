"""Name pages so that Moodle and Canvas know whose they are: by the names of what was downloaded from there.

Both take what a teacher uploads apart by its names, and pass over in silence what does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from autograder.marks.arrivals import Arrival
from autograder.marks.return_kinds import PAGE, ending_for

# `Ada Lovelace_1234_assignsubmission_file`, in older versions with one more `_`, and then in flat downloads
# the name of the file. The number is the participant's in this assignment; Moodle looks for nothing else.
MOODLE = re.compile(r"[^_]*_[0-9]+_assign(?:submission|feedback)_[^_]+(?=_|$)")
CANVAS_ANONYMOUS = re.compile(r"(?:LATE_)?anon_[^_]+_[0-9]+(?=_)")  # `anon_aB3xY_789_week03.ipynb`
NUMBER = re.compile("[0-9]+")


def moodle_name(place: str, page: str) -> str | None:
    """Return the name in a zip by which Moodle gives a page to whoever handed in `place`, or None.

    The form with a folder for each student is taken by every version since 3.1.
    """
    found = next((match for part in place.split("/") if (match := MOODLE.match(part))), None)
    return f"{found[0]}_/{page}" if found else None


def canvas_name(place: str, page: str) -> str | None:
    """Return the name in a zip by which Canvas gives a page to whoever handed in `place`, or None.

    Canvas looks for the numbers of the student and of the file that was handed in, and refuses a file whose
    name ends in a part that begins with `link`. So the page's own name has no parts. Its ending is that of
    the file that was handed in: see `return_kinds`.
    """
    found = next(((start, part) for part in place.split("/") if (start := _canvas_start(part))), None)
    stem = page.removesuffix(PAGE).replace("_", "-")
    return f"{found[0]}_feedback-{stem}{ending_for(found[1])}" if found else None


def _canvas_start(name: str) -> str:
    """Return the part of a name up to the number of the file, nothing if it has none."""
    if anonymous := CANVAS_ANONYMOUS.match(name):
        return anonymous[0]
    parts = name.split("_")
    numbers = [place for place, part in enumerate(parts) if NUMBER.fullmatch(part)]
    is_work = len(numbers) >= 2 and numbers[1] < len(parts) - 1 and not parts[-1].startswith("link")
    return "_".join(parts[: numbers[1] + 1]) if is_work else ""


Namer = Callable[[str, str], str | None]
NAMERS: Mapping[str, Namer] = {"moodle": moodle_name, "canvas": canvas_name}


def names_for(arrivals: Sequence[Arrival], pages: Sequence[str]) -> dict[str, str]:
    """Return the name in the zip of each page that goes back to where the work came from, {} if none can.

    With several notebooks, each page goes back beside its own.
    """
    found = {}
    for page in pages:
        notebook = page.removesuffix(PAGE)
        own = (one for one in arrivals if notebook in one.place.rsplit("/", 1)[-1])
        arrival = next(own, arrivals[0])
        if name := NAMERS[arrival.system](arrival.place, page):
            found[page] = name
    return found
