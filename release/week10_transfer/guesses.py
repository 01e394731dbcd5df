"""Remember the guesses of a lesson, and say how each did."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lesson_data import Progress, progress_in

RIGHT, CLOSE = 0.1, 0.3  # how far a guessed number may be from what came out, as a share of it


@dataclass(frozen=True)
class Question:
    """Hold a question that was asked: without options its answer is a number, perhaps with a unit."""

    name: str
    text: str
    options: tuple[str, ...] = ()
    unit: str = ""

    def read(self, value: Any) -> Any:
        """Return the option or number that is meant. Raises ValueError with a sentence if none is."""
        if self.options:
            near = [item for item in self.options if plain(item).startswith(plain(value))]
            same = [item for item in near if plain(item) == plain(value)]
            if len(same or near) != 1:
                listed = "; ".join(self.options)
                raise ValueError(f"Take the words of one of the options, or the first of them: {listed}")
            return (same or near)[0]
        try:
            number = float(value.strip() if isinstance(value, str) else value)
        except (TypeError, ValueError):
            number = float("nan")
        if abs(number) < float("inf"):
            return number
        raise ValueError("Write a number, with a point before its decimals, like 0.5.")

    def said(self, guess: Any) -> str:
        """Return a guess as it is shown: `900 rows`, `"It doubles"`."""
        if isinstance(guess, str):
            return f'"{guess}"'
        return f"{guess:.10g}{f' {self.unit}' if self.unit else ''}"


class Guesses:
    """Remember what was asked and guessed in one lesson, and renew what is shown when a guess is made."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.questions: dict[str, Question] = {}
        self.revealed: set[str] = set()  # whose reveal has been run
        self._watching: dict[tuple[str, str], Callable[[], None]] = {}

    def ask(self, question: Question) -> None:
        """Keep a question, in the order in which they are asked."""
        self.questions[question.name] = question

    def question(self, name: str) -> Question:
        """Return a question, without options and unit if it has not been asked since the kernel started."""
        kept = self.entry(name)
        return self.questions.get(name) or Question(name, kept.get("question", ""), (), kept.get("unit", ""))

    def entry(self, name: str) -> dict[str, Any]:
        """Return what is kept of a prediction: its guess, its question, and whether its outcome was seen."""
        kept = self.progress.get("guesses", name)
        return kept if isinstance(kept, dict) else {}

    def is_open(self, name: str) -> bool:
        """Return whether a guess was made, or the outcome was looked at without one."""
        entry = self.entry(name)
        return entry.get("guess") is not None or bool(entry.get("seen"))

    def watch(self, name: str, part: str, renew: Callable[[], None]) -> None:
        """Call `renew` for one part of the page, in place of its earlier one, when a guess is made."""
        self._watching[name, part] = renew

    def record(self, name: str, guess: Any) -> str:
        """Keep a guess, or with None a look without one, and return what to tell the student."""
        entry = self.entry(name)
        if entry.get("seen"):
            return self.told(name)
        kept = entry.get("guess") if guess is None else guess  # to look takes no guess back
        self._keep(name, kept, seen=guess is None or name in self.revealed)
        for part in ("question", "reveal"):
            self._watching.get((name, part), lambda: None)()
        return self.told(name)

    def see(self, name: str) -> None:
        """Note that the outcome has been seen: from now on the guess stays as it is."""
        entry = self.entry(name)
        if not entry.get("seen"):
            self._keep(name, entry.get("guess"), seen=True)

    def _keep(self, name: str, guess: Any, seen: bool) -> None:
        question = self.question(name)
        entry = {"guess": guess, "question": question.text, "unit": question.unit, "seen": seen}
        self.progress.set("guesses", name, entry)

    def told(self, name: str) -> str:
        """Return in a sentence what is kept of a prediction."""
        entry, question = self.entry(name), self.question(name)
        if not self.is_open(name):
            return "A guess counts when you press the button."
        if entry.get("guess") is None:
            return "You looked at the outcome without a guess: one made now would not count."
        kept = f"Your guess is kept: {question.said(entry['guess'])}."
        return f"{kept} You have seen what came out, so it stays." if entry.get("seen") else kept


@cache
def _guesses_in(folder: Path) -> Guesses:
    return Guesses(progress_in(folder))


def guesses_here() -> Guesses:
    """Return the guesses of the lesson in the working directory."""
    return _guesses_in(Path.cwd())


def explanation(name: str, data: dict[str, Any], guesses: Guesses) -> str:
    """Return as Markdown how the guess did, and the explanation."""
    value, question, text = guesses.entry(name).get("guess"), guesses.question(name), data.get("text", "")
    if value is None:
        return f"**Shown without a guess.**\n\n{text}"
    told, right, verdict = f"You guessed {question.said(value)}", data.get("right"), verdict_on(value, data)
    if verdict is None:
        said = f"{told}."
    elif is_number(right):
        said = f"{told}. It is {question.said(right)}: {'not close' if verdict == 'not' else verdict}."
    else:
        was = {"right": "right.", "close": "close, but it is"}.get(verdict, "not right. It is")
        said = f"{told}: {was}" + ("" if verdict == "right" else f' "{right}".')
    return f"**{_escaped(said)}**\n\n{text}"


def verdict_on(value: Any, data: dict[str, Any]) -> str | None:
    """Return "right", "close" or "not" for a guess, or None where there is no single right answer."""
    right = data.get("right")
    if right is None:
        return None
    if is_number(right):
        try:
            away = abs(float(value) - right)
        except (TypeError, ValueError):
            return "not"
        shares = {"right": RIGHT, "close": CLOSE}
        return next((word for word, share in shares.items() if away <= share * abs(right) + 1e-12), "not")
    if plain(value) == plain(right):
        return "right"
    return "close" if plain(value) in map(plain, data.get("close") or ()) else "not"


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def plain(text: Any) -> str:
    return " ".join(str(text).split()).casefold().removesuffix(".")


def _escaped(text: str) -> str:
    """Return text with which Markdown does nothing."""
    return re.sub(r"([\\`*_$<])", r"\\\1", text)
