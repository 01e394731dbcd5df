"""What is found out about one known answer, or about the checks of an exercise as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["right", "mistake", "untouched", "nothing", "odd", "files", "table"]


@dataclass(frozen=True)
class Verdict:
    """Hold what one known answer earned.

    `problem` says what is not as it should be; `todo` what a draft still lacks. `kind` is "right" (reference
    or variant), "mistake", "untouched", "nothing" (code without an idea), "odd" (values and errors that
    checks must survive), "files" (what the files of an exercise hold) or "table" (a function that knows the
    answers to fixed questions alone).
    """

    week: str
    exercise: str
    kind: Kind
    answer: str
    score: float = 0.0
    marks: float = 0.0
    named: str = ""
    problem: str = ""
    todo: str = ""
