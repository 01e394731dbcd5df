"""Find answers of a class that are alike in what others do not write.

The shape of an answer is compared with copydetect, which looks past names, comments and layout (it takes
fingerprints as MOSS does: Schleimer, Wilkerson and Aiken, SIGMOD 2003). What many would write anyway is no
evidence, so it is taken out first: all code that students were given, the reference solution, the right and
wrong answers that the course knows, and whatever more than a few of the class have. A short answer that
everybody writes alike has nothing left then.
"""

from __future__ import annotations

import io
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Any

from copydetect import CodeFingerprint, compare_files
from copydetect.utils import get_token_coverage

from autograder.checks.week import load_checks
from autograder.course import Course, CourseError
from autograder.intake.submission import read_submission
from autograder.model import Mistake, Unreadable, Variant
from autograder.nbgrader_options import was_not_handed_in
from autograder.pages.several import label
from autograder.spec import Assignment, SpecCell, load_assignment

MAX_SOURCE = 20_000  # characters of one answer that are compared and shown
MAX_RUN = 300  # characters of a line, or of blanks, whose shape is compared: its cost is the square of them
EXCESS = [re.compile(rf"(?<=[^\n]{{{MAX_RUN}}})[^\n]+"), re.compile(rf"(?<=\s{{{MAX_RUN}}})\s+(?=\n)")]
WORD = re.compile(r"[^\W\d]\w{3,}")
KEYWORDS = frozenset(map(str.lower, keyword.kwlist))
ENOUGH_WORDS = 4
MOST_OF_IT = 0.6  # share of what is an answer's own that the other answer must have, too

Fingerprint = Any  # copydetect's CodeFingerprint, which has no types


@dataclass(frozen=True)
class Rule:
    """Say how answers of a kind are cut into pieces (`length` characters), and how much alike is enough."""

    length: int
    enough: int
    is_code: bool


CODE = Rule(length=15, enough=40, is_code=True)  # of the normalised code, where each name is one character
PROSE = Rule(length=30, enough=90, is_code=False)


@dataclass(frozen=True)
class Usual:
    """Hold the pieces and words that prove nothing, because everybody may have them."""

    pieces: frozenset[Hashable]
    words: frozenset[str]

    def __or__(self, other: Usual) -> Usual:
        """Return what is in either."""
        return Usual(self.pieces | other.pieces, self.words | other.words)


@dataclass(frozen=True)
class Part:
    """Hold a piece of an answer. `shared`: the other answer has it, and few others do."""

    text: str
    shared: bool


@dataclass(frozen=True)
class Pair:
    """Hold two answers that are alike. `share` is that of what is their own, `words` few others use."""

    exercise: str
    students: tuple[str, str]
    parts: tuple[tuple[Part, ...], tuple[Part, ...]]
    shared: int
    share: float
    words: tuple[str, ...]

    @property
    def evidence(self) -> int:
        """Return how much is alike, in characters of normalised code and of words."""
        return self.shared + sum(map(len, self.words))


@dataclass(frozen=True)
class Similarity:
    """Hold what comparing a week gave. `pairs` are ordered, those with most in common first."""

    week: str
    assignments: tuple[Assignment, ...]
    students: int
    answers: int
    pairs: tuple[Pair, ...]
    unread: tuple[Unreadable, ...]

    def together(self, pair: Pair) -> tuple[str, ...]:
        """Return the other exercises in which the same two are alike."""
        return tuple(
            p.exercise for p in self.pairs if p.students == pair.students and p.exercise != pair.exercise
        )


@dataclass(frozen=True)
class Answer:
    """Hold the part of an answer that is its author's own: its rare pieces and words."""

    student: str
    fingerprint: Fingerprint
    words: frozenset[str]


def similar_answers(course: Course, week: str) -> Similarity:
    """Compare the answers of a week, exercise by exercise. Nothing that students wrote is run.

    Raises CourseError if fewer than two students handed in something.
    """
    students = course.students(week)
    if len(students) < 2:
        raise CourseError(f"{len(students)} handed in {week}: there is nothing to compare. See submitted/.")
    assignments = tuple(load_assignment(course, week, name) for name in course.notebooks(week))
    pairs: list[Pair] = []
    unread: list[Unreadable] = []
    total = 0
    for assignment in assignments:
        answers, broken = read_answers(course, assignment, students)
        pairs += _labelled(assignment, _all_pairs(assignment, answers, known_answers(assignment)))
        unread += broken
        total += sum(map(len, answers.values()))
    pairs.sort(key=lambda pair: (-pair.evidence, pair.exercise, pair.students))
    return Similarity(week, assignments, len(students), total, tuple(pairs), tuple(unread))


def _labelled(assignment: Assignment, pairs: list[Pair]) -> list[Pair]:
    """Call exercises after their notebook if there are several: two may have answers of the same name."""
    if not assignment.others:
        return pairs
    return [replace(pair, exercise=label(assignment.name, pair.exercise)) for pair in pairs]


def read_answers(
    course: Course, assignment: Assignment, students: Iterable[str]
) -> tuple[dict[str, dict[str, str]], list[Unreadable]]:
    """Return the answers of a notebook by exercise and student, and the submissions that cannot be read."""
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    unread = []
    for student in students:
        folder = course.submitted(assignment.week, student)
        submission = read_submission(folder, student, assignment.name, assignment)
        if was_not_handed_in(course, assignment, submission):
            continue
        if isinstance(submission, Unreadable):
            where = f"{assignment.name}: " if assignment.others else ""
            unread.append(replace(submission, reason=where + submission.reason))
            continue
        for cell in submission.cells:
            spec = assignment.by_id.get(cell.grade_id or "")
            if spec is not None and spec.kind in ("solution", "written") and _is_answered(cell.source, spec):
                answers[spec.grade_id or ""][student] = cell.source[:MAX_SOURCE]
    return answers, unread


def _all_pairs(
    assignment: Assignment, answers: Mapping[str, Mapping[str, str]], known: Mapping[str, Sequence[str]]
) -> list[Pair]:
    given = {rule: usual_of(given_texts(assignment), rule) for rule in (CODE, PROSE)}
    pairs = []
    for exercise, sources in answers.items():
        cell = assignment.by_id[exercise]
        rule = CODE if cell.cell_type == "code" else PROSE
        usual = given[rule] | usual_of([cell.source, *known.get(exercise, ())], rule)
        pairs += alike(exercise, sources, usual, rule)
    return pairs


def known_answers(assignment: Assignment) -> dict[str, list[str]]:
    """Return the right and wrong answers that the course itself knows, by exercise."""
    found: dict[str, list[str]] = defaultdict(list)
    with suppress(CourseError):  # a week need not have any to be compared
        week = load_checks(assignment)
        known: Iterable[Mistake | Variant] = (*week.variants, *week.mistakes)
        for item in known:
            found[item.exercise].append(item.source)
    return found


def given_texts(assignment: Assignment) -> list[str]:
    """Return all texts and code that students were given."""
    files = [data for name, data in assignment.support.items() if name.endswith(".py")]
    cells = [cell.released_source for cell in assignment.cells]
    return [*cells, *(data.decode("utf-8", "replace") for data in files)]


def usual_of(texts: Iterable[str], rule: Rule) -> Usual:
    """Return the pieces and words of texts that students may share without having shared them."""
    texts = list(texts)
    pieces = (fingerprint(text, rule).hashes for text in texts)
    return Usual(frozenset[Hashable]().union(*pieces), frozenset[str]().union(*map(words_of, texts)))


def alike(exercise: str, sources: Mapping[str, str], usual: Usual, rule: Rule) -> list[Pair]:
    """Return the pairs of answers to one exercise that have most of what is their own in common."""
    answers = [Answer(name, fingerprint(text, rule), words_of(text)) for name, text in sources.items()]
    few = few_of(len(answers))
    usual |= Usual(
        _common((answer.fingerprint.hashes for answer in answers), few),
        _common((answer.words for answer in answers), few),
    )
    own = [_own(answer, usual, rule) for answer in answers]
    pairs = (compare(exercise, own[a], own[b], rule) for a, b in sorted(_candidates(own)))
    return [pair for pair in pairs if pair is not None]


def few_of(answers: int) -> int:
    """Return how many may have something in common before it counts as what everybody writes."""
    return max(3, min(answers // 5, 20))


def fingerprint(text: str, rule: Rule) -> Fingerprint:
    """Return the pieces of a text: for code, of its tokens, with every name alike."""
    compared = _quickly_read(text) if rule.is_code else text
    mark = CodeFingerprint("answer.py", rule.length, 1, filter=rule.is_code, fp=io.StringIO(compared))
    mark.raw_code = text
    return mark


def _quickly_read(text: str) -> str:
    """Return code in which a comment, as long, stands for all that would keep the lexer busy."""
    for excess in EXCESS:
        text = excess.sub(lambda found: "#" * len(found[0]), text)
    return text


def words_of(text: str) -> frozenset[str]:
    """Return the names and other words of a text, in lower case, but none of Python's own."""
    return frozenset(word.lower() for word in WORD.findall(text)) - KEYWORDS


def compare(exercise: str, left: Answer, right: Answer, rule: Rule) -> Pair | None:
    """Return two answers side by side if they have enough in common, otherwise None."""
    shared, shares, slices = compare_files(left.fingerprint, right.fingerprint)
    words = left.words & right.words
    fewest = min(len(left.words), len(right.words))
    in_shape = shared >= rule.enough and max(shares) >= MOST_OF_IT
    in_words = len(words) >= ENOUGH_WORDS and len(words) >= MOST_OF_IT * fewest
    if not in_shape and not in_words:
        return None
    parts = _parts(left.fingerprint.raw_code, slices[0]), _parts(right.fingerprint.raw_code, slices[1])
    share = max(float(max(shares)), len(words) / fewest if in_words else 0.0)
    return Pair(
        exercise, (left.student, right.student), parts, int(shared), min(share, 1.0), tuple(sorted(words))
    )


def _is_answered(source: str, spec: SpecCell) -> bool:
    return source.strip() not in ("", spec.released_source.strip())


def _common(sets: Iterable[Iterable[Any]], few: int) -> frozenset[Any]:
    """Return what more than a few have."""
    counts = Counter(item for items in sets for item in items)
    return frozenset(item for item, count in counts.items() if count > few)


def _own(answer: Answer, usual: Usual, rule: Rule) -> Answer:
    """Take out of an answer what is usual; copydetect's own option for it miscounts what occurs twice."""
    mark = answer.fingerprint
    mark.hashes = mark.hashes - usual.pieces
    mark.hash_idx = {piece: places for piece, places in mark.hash_idx.items() if piece in mark.hashes}
    mark.token_coverage = get_token_coverage(mark.hash_idx, mark.k, len(mark.filtered_code))
    words = answer.words - usual.words if rule.is_code else frozenset[str]()
    return Answer(answer.student, mark, words)


def _candidates(answers: Sequence[Answer]) -> set[tuple[int, int]]:
    """Return the numbers of the pairs that have anything rare in common, which few of all pairs have."""
    owners: dict[Hashable, list[int]] = defaultdict(list)
    for number, answer in enumerate(answers):
        for item in (*answer.fingerprint.hashes, *answer.words):
            owners[item].append(number)
    return {pair for numbers in owners.values() for pair in combinations(numbers, 2)}


def _parts(text: str, slices: Any) -> tuple[Part, ...]:
    """Cut a text into what is shared and what is not. `slices` holds starts and ends, in that order."""
    marked = [False] * len(text)
    for start, end in zip(*slices, strict=True) if len(slices) else ():
        first, last = max(int(start), 0), min(int(end), len(text))
        marked[first:last] = [True] * max(last - first, 0)
    cuts = [0, *(n for n in range(1, len(text)) if marked[n] != marked[n - 1]), len(text)]
    return tuple(Part(text[a:b], marked[a]) for a, b in pairwise(cuts) if a < b)
