"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from checking import Mismatch, all_good, expect, expect_close, expect_equal, show
from start_runs import LINES, five_runs
from start_tools import error_line, run_cell
from tutor import visible

EVENING = ("result = scale * width", "scale = 2 * step", "step, width = 2, 3")  # broken_cells of the lesson

TURNED = (
    "list.reverse() and list.sort() give back None, and change the list itself: run the cell with "
    "broken_cells again, then write a list of the three"
)

# ---------------------------------------------------------------- not graded


@visible
def check_q1(mended_cells: Any) -> None:
    """Run the mended cells from top to bottom in a fresh memory, and look at result."""
    texts = isinstance(mended_cells, list | tuple) and all(isinstance(cell, str) for cell in mended_cells)
    expect(
        texts and len(mended_cells) > 0,
        call="mended_cells",
        got=mended_cells,
        expected="a list of three texts",
        hint=TURNED if mended_cells is None else "put the cells into a list: [broken_cells[1], …]",
    )
    memory: dict[str, Any] = {}
    for place, cell in enumerate(mended_cells, start=1):
        problem, missing = _problem_of(cell, memory)
        hint = "a cell can use only what cells above it have made: which of the three needs nothing?"
        if missing and place > 1:
            hint = (
                f"{missing} is missing when this cell runs: the cell that makes it must stand above this one"
            )
        call = f"Restart Kernel and Run All: cell {place}, {cell}"
        expect(not problem, call=call, got=problem, expected="no error", hint=hint)
    hint = "keep the three cells as they are, and change their order alone"
    expect_equal(memory.get("result"), 12, call="result, after Restart Kernel and Run All", hint=hint)
    same = sorted(cell.strip() for cell in mended_cells) == sorted(EVENING)
    expect(same, call="mended_cells", got=list(mended_cells), expected="the same three cells", hint=hint)
    print("✓ q1: result is 12, from top to bottom, in a fresh memory. That is what others will see.")


def _problem_of(cell: str, memory: dict[str, Any]) -> tuple[str, str]:
    """Run a cell in a memory; return its error as a line, and the name that was missing ("" for none)."""
    try:
        run_cell(cell, memory)
    except Exception as error:  # whatever the student's cell raises
        return error_line(error), (error.name or "") if isinstance(error, NameError) else ""
    return "", ""


@visible
def check_q3(double: Callable[[Any], Any]) -> None:
    """Try double on 2, and say that this passes; then on two other numbers."""
    hint = "double(x) is 2 times x, given back with return"
    expect_close(double(2), 4, call="double(2)", hint=hint)
    print("  double(2) came back 4, as expected.")
    for number in (3, -1.25):
        call, got, want = f"double({number})", double(number), 2 * number
        expect_close(got, want, call=call, hint=_double_hint(got, want))
        if got != want:  # nearly right: shown with all its digits
            raise Mismatch(call, repr(got), show(want), "twice a number is exactly 2 times it: add nothing")
        print(f"  {call} came back {show(got)}, as expected.")
    print("✓ q3: three of three. The first alone would have proved little.")


def _double_hint(got: Any, want: float) -> str:
    if not isinstance(got, int | float):
        return "double(x) is 2 times x, given back with return"
    if got == -want:
        return "the sign was lost: no abs() is needed, for twice a negative number is negative, too"
    if want % 1 and got in (int(want), round(want)):
        return "the digits behind the point count: leave out int() and round()"
    return "2 is a special case: 2 * 2, 2 ** 2 and 2 + 2 are all 4. Which of them doubles *every* number?"


SURVIVES = {
    "Path": (True, "an import is kept, in both its forms"),
    "Net": (True, "a class is kept, with all that stands inside it"),
    "EPOCHS": (False, "a plain `name = value` is dropped, and no message says so"),
    "half": (False, "a lambda is given to its name by =, and whatever is assigned is dropped"),
    "train": (True, "a def is kept, though it will miss EPOCHS as soon as it is called"),
    "helper": (False, "this def stands inside an if, and of an if nothing is kept"),
    "json": (False, "this import stands inside a try, and of a try nothing is kept"),
}


@visible
def check_q4(survives: Any) -> None:
    """Compare the seven answers with what an import keeps, and give the reason for the first wrong one."""
    known = isinstance(survives, Mapping) and set(survives) == set(SURVIVES)
    names = ", ".join(SURVIVES)
    expect(
        known,
        call="survives",
        got=survives,
        expected=f"True or False for each of {names}",
        hint="keep the seven names as they stand there, and replace each ... by True or False",
    )
    for name, (kept, reason) in SURVIVES.items():
        call, got, hint = f"survives[{name!r}]", survives[name], "write True or False, without quotes"
        expect(isinstance(got, bool), call=call, got=got, expected="True or False", hint=hint)
        expect_equal(got, kept, call=call, hint=reason)
    print("✓ q4: all seven. At the left edge: def, class and import are kept; everything else is dropped.")


BLAME = {
    2: "a fresh list before the loop is right: it collects one loss for each run",
    3: "five rounds for five seeds are wanted. But which line should be inside the loop, and is not?",
    4: "train_model trains whatever model it is given. Which model does it get in the second round?",
    5: "the seed decides the order of the batches here. That does change; something else should, too",
    6: "this keeps the last loss of each run, as it should",
}


@visible
def check_q5(broken_line: Any) -> None:
    """Say whether this is the line that spoils the five runs, or why that line is innocent."""
    is_line = type(broken_line) is int and 1 <= broken_line <= len(LINES.splitlines())
    expect(
        broken_line == 1 and is_line,
        call="broken_line",
        got=broken_line,
        expected="another line" if is_line else f"a number from 1 to {len(LINES.splitlines())}",
        hint=BLAME.get(broken_line, "") if is_line else "write the number of a line, without quotes",
    )
    first, last = ([run[at] for run in five_runs(mended=True)] for at in (0, -1))
    print("✓ 1: one model was made, and all five rounds went on training it. Its weights are memory, too.")
    print("  With get_generic_model(seed) inside the loop, the five runs begin at")
    print(f"  {_listed(first)} and end at {_listed(last)}.")


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)


# ---------------------------------------------------------------- hello, worth 0 marks


@visible
def check_hello(hello: Callable[[str], Any]) -> None:
    """Try hello on a name, on a longer one, on one with spaces at its ends, and on the empty text."""
    hint = "join the text 'Hello, ', the name as it is and '!', and give the result back with return"
    _expect_greeting(hello, "Ada", hint)
    hint = "use the name as it comes: every letter, space, dot and accent of it, however long it is"
    _expect_greeting(hello, "Zoë M. van der hopper-Müller", hint)
    _expect_greeting(hello, " Ida ", "spaces at the ends belong to the name: leave out strip() and split()")
    got, hint = hello(""), "for the empty text the greeting must be exactly 'Hello, you!'"
    if got == "Hello, !":
        hint = "ask first whether the name is the empty text ''"
    expect_equal(got, "Hello, you!", call="hello('')", hint=hint)
    all_good("hello")


def _expect_greeting(hello: Callable[[str], Any], name: str, hint: str) -> None:
    got, want = hello(name), f"Hello, {name}!"
    expect_equal(got, want, call=f"hello({name!r})", hint=_slip(got, name, want) or hint)


def _slip(got: Any, name: str, want: str) -> str:
    """Return what to do about a slip that the answer itself shows, "" for others."""
    if isinstance(got, tuple):
        return f"the commas make a tuple of {len(got)} things: join the texts with +, or write one f-string"
    if not isinstance(got, str):
        return ""
    if "{" in got:
        return 'the f before the quotes is missing: f"… {name} …"'
    if got == "Hello, name!":
        return 'between quotes, name is just four letters: f"… {name} …" puts its value there'
    if repr(name) in got:
        return "quotes stand round the name: use the name itself, without repr(), !r or quotes of your own"
    if got != want and got.strip() == want:
        return "a space or a new line stands before or behind the greeting: it begins with H and ends with !"
    if "  " in got and " ".join(got.split()) == want:
        return "two spaces stand where one belongs: a text in your code already has one"
    return ""
