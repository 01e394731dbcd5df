"""Ask before a run what it will show, and explain what came out as soon as a guess is made."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import ipywidgets
from controls import Button, Choice, NumberField, Words
from guesses import Question, explanation, guesses_here, plain, verdict_on
from IPython.display import Markdown, display, update_display
from lesson_data import ABSENT, decoded, inline_html, load_data
from widgets import WithStatic, twin_html

COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def predict(name: str, question: str, options: Iterable[str] | None = None, unit: str = "") -> WithStatic:
    """Ask a question about what will come out, with options or a field for a number."""
    guesses, asked = guesses_here(), Question(name, question, tuple(options or ()), unit)
    guesses.ask(asked)
    field, above = _field(asked)
    button, twin = Button("This is my guess"), Words()

    def press(_change: Any) -> None:
        if field.value is None:
            twin.value = twin_html("Choose an option first." if asked.options else "Write a number first.")
        else:
            guesses.record(name, field.value)
            renew()

    def renew() -> None:
        twin.value = twin_html(guesses.told(name))
        kept = guesses.entry(name).get("guess")
        with contextlib.suppress(ValueError):  # the options may have been others when the guess was made
            field.value = None if kept is None else asked.read(kept)

    renew()
    button.observe(press, names="clicks")
    guesses.watch(name, "question", renew)
    box = WithStatic([*above, field, button, twin], _static(asked))
    box.field, box.button, box.twin = field, button, twin
    return box


def _field(asked: Question) -> tuple[Choice | NumberField, list[ipywidgets.Widget]]:
    """Return the control whose label is the question; one with formulas stands above it, to be typeset."""
    label, above = f"{asked.text}{f' (in {asked.unit})' if asked.unit else ''}", []
    if "$" in label:
        above, label = [ipywidgets.HTMLMath(f"<p><b>{inline_html(label)}</b></p>")], "Your guess"
    label = label.replace("`", "")
    return (Choice(label, asked.options) if asked.options else NumberField(label)), above


def _static(asked: Question) -> str:
    items = "".join(f"<li>{inline_html(option)}</li>" for option in asked.options)
    unit = f" (in {escape(asked.unit)})" if asked.unit else ""
    typed = f'guess("{asked.name}", "…")' if asked.options else f'guess("{asked.name}", …)'
    return (
        f"<p><b>{inline_html(asked.text)}{unit}</b></p>{f'<ul>{items}</ul>' if items else ''}"
        f"<p>{escape(guesses_here().told(asked.name))}</p>"
        f"<p>Without buttons, type your guess into a cell of its own: <code>{escape(typed)}</code></p>"
    )


def guess(name: str, value: Any) -> None:
    """Make a guess by typing it, where there are no buttons. With None, show the outcome without a guess."""
    guesses = guesses_here()
    if name not in guesses.questions:
        near = difflib.get_close_matches(str(name), guesses.questions, 1)
        meant = f" Did you mean {near[0]!r}?" if near else " Run the cell with the question first."
        print(f"No question is called {name!r}.{meant}")
        return
    try:
        print(guesses.record(name, None if value is None else guesses.question(name).read(value)))
    except ValueError as error:
        print(error)


def reveal(name: str) -> None:
    """Show the explanation of a prediction once its guess is made, without running this again."""
    data, guesses, mark = decoded("reveals", name), guesses_here(), f"reveal-{name}"
    if not data:
        print(ABSENT)
        return
    guesses.revealed.add(name)
    if guesses.is_open(name):
        guesses.see(name)
        display(Markdown(explanation(name, data, guesses)), display_id=mark)
        return
    display(Markdown("Make your guess above first."), display_id=mark)
    button, note = Button("Show without a guess"), Words(twin_html(""))
    typed = escape(f'guess("{name}", None)')
    box = WithStatic([button, note], f"<p><code>{typed}</code> shows it without a guess.</p>")

    def renew() -> None:
        update_display(Markdown(explanation(name, data, guesses)), display_id=mark)
        note.value = twin_html("The explanation stands above.")
        box.children = tuple(child for child in box.children if child is not button)

    button.observe(lambda _change: guesses.record(name, None), names="clicks")
    guesses.watch(name, "reveal", renew)
    display(box)


def quick(name: str, question: str, options: Sequence[str]) -> WithStatic:
    """Ask a question for practice that replies to each option at once. Every option can be tried."""
    data = decoded("replies", name)
    texts = data.get("texts") or {}
    field, above = _field(Question(name, question, tuple(options)))
    formulas = any("$" in text for text in texts.values())
    twin = ipywidgets.HTMLMath() if formulas else Words(twin_html(""))

    def reply(option: str) -> str:
        sign = "✓ " if plain(option) == plain(data.get("right")) else ""
        return sign + inline_html(texts.get(option) or f"You chose: {option}")

    def tell(_change: Any) -> None:
        said = reply(field.value) if field.value is not None else ""
        twin.value = f'<p role="status" aria-live="polite">{said}</p>'

    field.observe(tell, names="value")
    items = "".join(
        f"<details><summary>{inline_html(option)}</summary>{reply(option)}</details>" for option in options
    )
    box = WithStatic([*above, field, twin], f"<p><b>{inline_html(question)}</b></p>{items}")
    box.field, box.twin = field, twin
    return box


def foresight() -> None:
    """Show how many outcomes were foreseen, and which were surprising."""
    guesses = guesses_here()
    entries = {name: guesses.entry(name) for name in load_data()["reveals"]}
    data = {name: decoded("reveals", name) for name in entries}
    marks = {
        name: verdict_on(entry["guess"], data[name])
        for name, entry in entries.items()
        if entry.get("guess") is not None
    }
    marked = {name: mark for name, mark in marks.items() if mark is not None}
    looked = sum(entry.get("guess") is None and bool(entry.get("seen")) for entry in entries.values())
    order = [*guesses.questions, *sorted(marked)]
    surprises = sorted((name for name, mark in marked.items() if mark == "not"), key=order.index)
    said = _score(list(marked.values()), looked, len(entries) - len(marks) - looked)
    texts = [guesses.question(name).text or name for name in surprises]
    items = "".join(f"<li>{inline_html(text)}</li>" for text in texts)
    html = f"<p>{escape(said)}</p>{f'<ul>{items}</ul>' if items else ''}"
    display({"text/html": html, "text/plain": "\n- ".join([said, *texts])}, raw=True)


def _score(marks: list[str], looked: int, unmade: int) -> str:
    """Return in words how many outcomes were foreseen, nearly, or not."""
    missed, close = marks.count("not"), marks.count("close")
    said = [f"You foresaw {marks.count('right')} of {len(marks)}." if marks else "No guess is marked yet."]
    if close:
        said.append(f"{_counted(close)} more {'was' if close == 1 else 'were'} close.")
    if looked:
        said.append(f"{_counted(looked)} you looked at without a guess.")
    if unmade:
        said.append(f"{_counted(unmade)} {'is' if unmade == 1 else 'are'} still to be guessed.")
    if missed:
        said.append("This one surprised you:" if missed == 1 else f"These {_low(missed)} surprised you:")
    elif marks and not close:
        said.append("Nothing surprised you.")
    return " ".join(said)


def _counted(number: int) -> str:
    return COUNTS[number] if number < len(COUNTS) else str(number)


def _low(number: int) -> str:
    return _counted(number).lower()
