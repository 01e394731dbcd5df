"""Find answers in what students get: solutions, hidden checks, mark schemes, and what checks expect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.build.parts import Kept

Notebook = Any  # nbformat's NotebookNode, which has no types

MARKERS = tuple(
    f"{end} {region}" for end in ("BEGIN", "END") for region in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
)
WORTH_HIDING = 15  # characters without spaces: shorter lines (`return loss`) are nobody's secret
TELLING = 25  # a line of this length gives a solution away on its own
TELLING_OF_CHECK = 60  # checks hold more everyday lines than solutions do
TELLING_OF_TEXT = 25  # letters and digits: shorter sentences may stand anywhere by chance
SENTENCE_END = re.compile(r"(?<=[.!?:])[\s*_)]+|\n\s*\n|\n\s*(?=[-*|>]|\d+\.)")
CHOICE = re.compile(r'answer_\w+="[^"]+"')


@dataclass(frozen=True)
class Passage:
    """Hold a piece of a release that is read at once: a cell, or one function of a file."""

    place: str
    text: str
    is_engine: bool = False
    is_given: bool = False  # text and locked cells, where instructors show worked numbers on purpose

    @property
    def squeezed(self) -> str:
        """Return the text as it is compared: without spaces, with one kind of quote."""
        return squeeze(self.text)


@dataclass(frozen=True)
class Secret:
    """Hold lines that no student may see, and what they are. Of a `strict` one each line counts.

    Otherwise one line of `telling` characters gives it away, or two shorter ones in the same place.
    """

    what: str
    lines: tuple[str, ...]
    strict: bool = False
    telling: int = TELLING


@dataclass(frozen=True)
class Expectation:
    """Hold what a hidden check calls and what it expects, both as written in its source."""

    call: str
    answer: str


def squeeze(text: str) -> str:
    """Return the text without whitespace and with double quotes only."""
    return re.sub(r"\s+", "", text).replace("'", '"')


def leaks(passages: Iterable[Passage], secrets: Iterable[Secret], engine: str) -> Iterator[str]:
    """Yield each secret that a passage shows. Lines that `engine` (squeezed) holds too are no secret."""
    weighed = [(secret, _weights(secret, engine)) for secret in secrets]
    for passage in passages:
        text = passage.squeezed
        for marker in MARKERS:
            if marker in passage.text:
                yield f"{passage.place} still says {marker}. Close the region in the lesson text."
        for secret, weights in weighed:
            shown = _shown_line(text, passage, secret, weights, engine)
            if shown:
                yield f"{passage.place} shows {secret.what}: {shown[:80]}. Say it differently there."


def _shown_line(
    text: str, passage: Passage, secret: Secret, weights: Mapping[str, int], engine: str
) -> str | None:
    """Return a line that gives the secret away, or None if the passage keeps it."""
    if passage.is_engine and not secret.strict:
        whole = squeeze("".join(secret.lines))
        return secret.lines[0] if len(secret.lines) > 2 and whole in text else None
    if not any(weights.values()):
        run = [squeeze(line) for line in secret.lines]
        return secret.lines[0] if _has_run(passage.text, run) and "".join(run) not in engine else None
    found = [line for line, weight in weights.items() if weight and squeeze(line) in text]
    enough = min(2, sum(weights.values()))
    return max(found, key=len) if sum(weights[line] for line in found) >= enough else None


def _weights(secret: Secret, engine: str) -> dict[str, int]:
    """Return how much each line of a secret gives away."""
    return {line: 2 if secret.strict else _weight(squeeze(line), secret, engine) for line in secret.lines}


def _weight(line: str, secret: Secret, engine: str) -> int:
    """Return how much of a solution a line is: 2 gives it away, 1 needs company, 0 says nothing."""
    if CHOICE.fullmatch(line):
        return 2
    if len(line) < WORTH_HIDING or line in engine:
        return 0
    return 2 if len(line) >= secret.telling else 1


def _has_run(text: str, lines: list[str]) -> bool:
    """Say whether these (short) lines stand in the text one after the other."""
    have = [squeezed for line in text.splitlines() if (squeezed := squeeze(line))]
    return any(have[at : at + len(lines)] == lines for at in range(len(have) - len(lines) + 1))


def secrets_of(notebook: Notebook) -> Iterator[Secret]:
    """Yield what the instructor's notebook holds and its release must not."""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        name = meta.get("grade_id", cell.get("id", "a cell"))
        solutions = list(_regions(cell.source, "SOLUTION"))
        if meta.get("solution") and not solutions:
            solutions = [_lines(cell.source)]
        yield from (Secret(f"the solution of {name}", lines) for lines in solutions if lines)
        for region, what in (("HIDDEN TESTS", "the hidden checks of"), ("MARK SCHEME", "the mark scheme of")):
            for lines in _regions(cell.source, region):
                telling = tuple(line for line in lines if len(squeeze(line)) >= WORTH_HIDING)
                yield Secret(f"{what} {name}", telling, strict=True)


def _regions(source: str, region: str) -> Iterator[tuple[str, ...]]:
    pattern = rf"^[^\n]*BEGIN {region}[^\n]*\n(.*?)^[^\n]*END {region}"
    for match in re.finditer(pattern, source, re.MULTILINE | re.DOTALL):
        yield _lines(match[1])


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def check_secrets(checks: str) -> tuple[list[str], list[Secret], list[Expectation]]:
    """Return the names of the hidden checks in this module's source, their lines, and what they expect."""
    tree = ast.parse(checks)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _is_check(node)]
    secrets = [
        Secret("lines of a hidden check", _body_lines(checks, f), telling=TELLING_OF_CHECK) for f in functions
    ]
    calls = (node for function in functions for node in ast.walk(function) if isinstance(node, ast.Call))
    return [f.name for f in functions], secrets, [found for call in calls if (found := _expectation(call))]


def _body_lines(source: str, function: ast.FunctionDef) -> tuple[str, ...]:
    return _lines("\n".join(ast.get_source_segment(source, node) or "" for node in function.body))


def _is_check(function: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Call) and ast.unparse(d.func) == "check" for d in function.decorator_list)


def _expectation(call: ast.Call) -> Expectation | None:
    what = next((k.value for k in call.keywords if k.arg == "call"), None)
    if not (isinstance(what, ast.Constant) and isinstance(what.value, str) and len(call.args) > 1):
        return None
    try:
        ast.literal_eval(call.args[1])
    except ValueError:
        return None
    return Expectation(what.value, ast.unparse(call.args[1]))


def check_leaks(passages: Iterable[Passage], names: list[str], expected: list[Expectation]) -> Iterator[str]:
    """Yield where a release names a hidden check, or repeats its call and answer without meaning to."""
    for passage in passages:
        for name in names:
            if re.search(rf"\b{re.escape(name)}\b", passage.text):
                yield f"{passage.place} names the hidden check {name}. Take the name out."
        if passage.is_given:
            continue
        for item in expected:
            told = f"{item.call} and {item.answer}"
            if squeeze(item.call) in passage.squeezed and squeeze(item.answer) in passage.squeezed:
                yield f"{passage.place} tells what a hidden check expects: {told}. Remove it."


def told_early(passages: Iterable[Passage], kept: Iterable[Kept]) -> Iterator[str]:
    """Yield each sentence of an explanation or reply that students can read before they have answered."""
    sentences = [(part, sentence) for part in kept for sentence in _sentences(part)]
    for passage in passages:
        text = _letters(passage.text)
        for part, sentence in sentences:
            if _letters(sentence) in text:
                yield (
                    f"{passage.place} tells what {part} keeps for later: {sentence.strip()[:80]} "
                    "Say it in one of the two places."
                )


def _sentences(part: Kept) -> Iterator[str]:
    """Yield the sentences that are worth keeping. Of replies, the options themselves are no secret."""
    texts = [reply for _, reply in part.replies] if part.kind == "replies" else [part.text]
    for text in texts:
        for sentence in SENTENCE_END.split(text):
            if len(_letters(sentence)) >= TELLING_OF_TEXT:
                yield sentence


def _letters(text: str) -> str:
    """Return the letters and digits of a text: Markdown, quotes and line breaks hide no sentence."""
    return re.sub(r"[\W_]+", "", text).casefold()
