"""Begin a lesson with questions on earlier weeks, and end it with what is sure by now and new words."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Any

import ipywidgets
from controls import Choice, Words
from IPython.display import display
from lesson_data import ABSENT, Progress, inline_html, load_data, progress_here, progress_of_others
from widgets import WithStatic, twin_html

SURE, NOT_YET = "sure", "not yet"
KNEW = "I knew it"
BELOW = "float: none; width: auto"  # JupyterLab sets words and meanings side by side, however narrow it is
COME_BACK = 2  # how many cards of other weeks are shown again
Card = dict[str, Any]


def recall() -> WithStatic | None:
    """Show this week's cards, and at most two of other weeks that were not known yet."""
    progress = progress_here()
    own = [card for card in load_data()["cards"] if _is_card(card)]
    cards = own + _not_known_elsewhere({card["id"] for card in own}, progress)
    if not cards:
        print("There are no cards this week." if load_data()["week"] else ABSENT)
        return None
    parts: list[Any] = []
    for number, card in enumerate(cards, 1):
        kept = progress.get("cards", card["id"])
        field = _asked(f"Card {number}: did you know it?", (KNEW, NOT_YET), _state(kept))
        field.observe(partial(_keep_card, progress, card), names="value")
        page = _opened(card)
        parts += [ipywidgets.HTMLMath(page) if "$" in page else Words(page), field]
    return WithStatic(parts, "".join(map(_opened, cards)))


def _keep_card(progress: Progress, card: Card, change: Mapping[str, Any]) -> None:
    """Keep the card with its texts: they are shown again in a week whose own data does not have them."""
    texts = {name: card[name] for name in ("about", "question", "answer") if name in card}
    progress.set("cards", card["id"], {**texts, "state": change["new"], "when": time.time()})


def _not_known_elsewhere(shown: set[str], progress: Progress) -> list[Card]:
    """Return cards that were answered "not yet" in other weeks, the oldest first; the last answer counts."""
    latest: dict[str, Card] = {}
    weeks = [*(week.get("cards", {}) for week in progress_of_others(progress.path.parent).values())]
    for kept in (*weeks, progress.section("cards")):
        for name, card in kept.items():
            if isinstance(card, dict) and _when(card) >= _when(latest.get(name, {})):
                latest[name] = {**card, "id": name}
    open_cards = [card for name, card in latest.items() if card.get("state") == NOT_YET and name not in shown]
    return sorted(filter(_is_card, open_cards), key=_when)[:COME_BACK]


def _when(card: Card) -> float:
    when = card.get("when")
    return float(when) if isinstance(when, (int, float)) else 0.0


def _is_card(card: Any) -> bool:
    return isinstance(card, dict) and all(isinstance(card.get(x), str) for x in ("id", "question", "answer"))


def _state(kept: Any) -> Any:
    return kept.get("state") if isinstance(kept, dict) else kept


def _opened(card: Card) -> str:
    about = f"{escape(_week(card['about']))}: " if isinstance(card.get("about"), str) else ""
    return (
        f'<details style="margin:0.6em 0"><summary>{about}{inline_html(card["question"])}</summary>'
        f"<p>{inline_html(card['answer'])}</p></details>"
    )


def _week(about: str) -> str:
    """Return `Week 2` for `week02`, and other words as they are."""
    number = about.removeprefix("week")
    return f"Week {int(number)}" if number.isdecimal() else about


def self_check(objectives: Mapping[str, str]) -> WithStatic:
    """Ask for each objective whether it is sure; for one that is not yet, say where to read."""
    progress = progress_here()
    parts: list[Any] = []
    for objective, where in objectives.items():
        twin = Words(twin_html(""))
        field = _asked(objective.replace("`", ""), (SURE, NOT_YET), progress.get("self_check", objective))
        told = partial(_tell_where, twin, where)
        told({"new": field.value})
        field.observe(told, names="value")
        field.observe(_keeper(progress, objective), names="value")
        parts += [field, twin]
    items = "".join(
        f"<li>{inline_html(name)} Not yet? Read {inline_html(where)} again.</li>"
        for name, where in objectives.items()
    )
    return WithStatic(parts, f"<ul>{items}</ul>")


def _tell_where(twin: Words, where: str, change: Mapping[str, Any]) -> None:
    twin.value = twin_html(f"Read {where} again." if change["new"] == NOT_YET else "")


def _keeper(progress: Progress, objective: str) -> Callable[[Mapping[str, Any]], None]:
    return lambda change: progress.set("self_check", objective, change["new"])


def _asked(question: str, options: tuple[str, str], kept: Any) -> Choice:
    return Choice(question, options, kept if kept in options else None)


def new_words() -> None:
    """Show the new words of this week with their meanings."""
    words = {name: text for name, text in load_data()["words"].items() if isinstance(text, str)}
    if not words:
        print("There are no new words this week." if load_data()["week"] else ABSENT)
        return
    items = "".join(
        f'<dt style="{BELOW}"><b>{inline_html(name)}</b></dt>'
        f'<dd style="{BELOW}; margin: 0 0 0.5em 1.5em">{inline_html(text)}</dd>'
        for name, text in words.items()
    )
    plain = "\n".join(f"{name}: {text}" for name, text in words.items())
    display({"text/html": f"<dl>{items}</dl>", "text/plain": plain}, raw=True)
