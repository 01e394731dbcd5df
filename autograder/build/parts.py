"""Read what a lesson text keeps for later: what a prediction reveals, and what a question replies."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.spec import without_magics

Notebook = Any  # nbformat's NotebookNode, which has no types

MODULE = "predictions"  # of course/shared: where the functions come from that ask
ASKING = ("predict", "quick")
KEPT = {"predict": "reveal", "quick": "replies"}  # the cell that answers each of them
ITEM = re.compile(r"^[-*] \*\*(.+?)\*\*[ \t]*(.*(?:\n(?![-*] \*\*).*)*)", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """Hold a call of `predict` or `quick` in a cell. Without options it has a field for a number."""

    function: str
    name: str
    options: tuple[str, ...]
    place: int
    readable: bool = True

    def __str__(self) -> str:
        return f'{self.function}("{self.name}", …)'


@dataclass(frozen=True)
class Kept:
    """Hold a text cell that waits until a question is answered: `kind` is `reveal` or `replies`."""

    kind: str
    name: str
    right: Any
    close: tuple[Any, ...]
    text: str
    place: int

    def __str__(self) -> str:
        return f'the cell +++ {{"{self.kind}": "{self.name}"}}'

    @cached_property
    def replies(self) -> list[tuple[str, str]]:
        """Return the items of the list: the words in bold without a final dot, and the reply to them."""
        return [(plain_option(bold), " ".join(rest.split())) for bold, rest in ITEM.findall(self.text)]


def plain_option(text: str) -> str:
    """Return the words of an option as they are compared: on one line, without a final dot."""
    return " ".join(text.split()).removesuffix(".")


def asked_in(notebook: Notebook) -> list[Asked]:
    """Return the questions that a notebook asks with the functions of the module `predictions`."""
    trees = [_tree(cell) for cell in notebook.cells]
    names = {name for tree in trees for name in imported(tree, MODULE)} & set(ASKING)
    return [
        asked
        for place, tree in enumerate(trees)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (asked := _asked(node, place, names))
    ]


def kept_in(notebook: Notebook) -> list[Kept]:
    """Return the cells of a notebook that wait until a question is answered."""
    return [
        Kept(
            kind, str(cell.metadata[kind]), cell.metadata.get("right"),
            tuple(cell.metadata.get("close", ())), cell.source, place,
        )
        for place, cell in enumerate(notebook.cells) for kind in KEPT.values() if kind in cell.metadata
    ]  # fmt: skip


def replies_of(kept: Kept, asked: Asked) -> dict[str, str]:
    """Return the reply to each option, by its words as the question has them."""
    replies = dict(kept.replies)
    return {option: replies[plain_option(option)] for option in asked.options}


def imported(tree: ast.Module, module: str) -> set[str]:
    """Return the names that are imported from a module by name."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == module)
    return {alias.name for node in nodes for alias in node.names}


def _tree(cell: Notebook) -> ast.Module:
    """Return the syntax tree of a cell; of one that is not Python an empty one, as running it says more."""
    try:
        return ast.parse(without_magics(cell.source) if cell.cell_type == "code" else "")
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _asked(call: ast.Call, place: int, names: set[str]) -> Asked | None:
    if not (isinstance(call.func, ast.Name) and call.func.id in names):
        return None
    if not (call.args and isinstance(call.args[0], ast.Constant)):
        return None
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    options = call.args[2] if len(call.args) > 2 else keywords.get("options")
    words = _literal(options)
    readable = isinstance(words, list | tuple) and all(isinstance(word, str) for word in words)
    return Asked(call.func.id, str(call.args[0].value), tuple(words) if readable else (), place, readable)


def _literal(options: ast.expr | None) -> Any:
    """Return the options that are written out in a call, () for no options, None if they are not."""
    try:
        return (ast.literal_eval(options) if options is not None else None) or ()
    except ValueError:
        return None


def part_problems(notebook: Notebook) -> Iterator[str]:
    """Yield what does not fit between questions and the cells that answer them, each with the edit."""
    asked, kept = asked_in(notebook), kept_in(notebook)
    counts = Counter(item.name for item in asked)
    for name, count in counts.items():
        if count > 1:
            yield f'{count} questions have the name "{name}". Give each its own.'
    for item in asked:
        if not item.readable:
            yield f"the options of {item} are not written out. Write them as a list of texts in the call."
        elif not any(part.kind == KEPT[item.function] and part.name == item.name for part in kept):
            yield _without_answer(item)
    for (kind, name), count in Counter((part.kind, part.name) for part in kept).items():
        if count > 1:
            yield f'{count} cells begin with +++ {{"{kind}": "{name}"}}. Join them, or correct a name.'
    for part in kept:
        yield from _kept_problems(notebook, part, asked)
    yield from _import_problems(notebook, kept)


def _without_answer(item: Asked) -> str:
    right = f', "right": "{item.options[0]}"' if item.options else ""
    begin = f'+++ {{"{KEPT[item.function]}": "{item.name}"{right}}}'
    what = "an explanation" if item.function == "predict" else "replies"
    return f"{item} has no cell with {what}. Write below it a text cell that begins with {begin}"


def _kept_problems(notebook: Notebook, part: Kept, asked: list[Asked]) -> Iterator[str]:
    function = next(name for name, kind in KEPT.items() if kind == part.kind)
    above = [item for item in asked if item.place < part.place]
    question = next((q for q in above if (q.function, q.name) == (function, part.name)), None)
    if notebook.cells[part.place].cell_type != "markdown":
        yield f"{part} is no text cell. Begin the explanation itself with this line."
    elif question is None:
        yield f'{part} has no {function}("{part.name}", …) above it. Write the question, or correct the name.'
    elif question.readable:
        yield from _right_problems(part, question)
        if part.kind == "replies":
            yield from _reply_problems(part, question)


def _right_problems(part: Kept, question: Asked) -> Iterator[str]:
    given = {"right": [] if part.right is None else [part.right], "close": list(part.close)}
    for key, values in given.items():
        for value in values:
            if question.options and value not in question.options:
                options = "; ".join(map(repr, question.options))
                yield (
                    f"{part} says {key}: {value!r}, which is none of the options of {question}: {options}. "
                    "Copy one of them."
                )
            elif not question.options and (isinstance(value, bool) or not isinstance(value, int | float)):
                yield f"{part} says {key}: {value!r}, but {question} asks for a number. Write a number."
    if part.kind == "replies" and part.right is None:
        yield f'{part} does not say which option is right. Add "right": "{next(iter(question.options), "")}".'


def _reply_problems(part: Kept, question: Asked) -> Iterator[str]:
    options: Mapping[str, str] = {plain_option(option): option for option in question.options}
    found = Counter(bold for bold, _ in part.replies)
    for bold, reply in part.replies:
        if bold not in options:
            yield f"{part} replies to {bold!r}, which is no option of {question}. Correct the words in bold."
        elif not reply:
            yield f"{part} says nothing to those who choose {bold!r}. Write the reply behind the bold words."
    for plain, option in options.items():
        if found[plain] != 1:
            yield f"{part} has {found[plain]} items for {option!r}. Write one: - **{plain}.** …"


def _import_problems(notebook: Notebook, kept: list[Kept]) -> Iterator[str]:
    names = {name for cell in notebook.cells for name in imported(_tree(cell), MODULE)}
    if any(part.kind == "reveal" for part in kept) and "reveal" not in names:
        yield "nothing imports reveal, which the release calls. Add it to: from predictions import …, reveal"
