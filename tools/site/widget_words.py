"""Say in words which controls an interactive figure has in the notebook: a static page has none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from widget_parts import listed

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
POINTER = "IPY_MODEL_"
Models = Mapping[str, Mapping[str, Any]]  # the state of each widget by its id


def models_of(notebook: Any) -> Models:
    """Return the state of all widgets of a notebook that was run."""
    state = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    return {name: model.get("state", {}) for name, model in state.items()}


def controls_in_words(models: Models, widget: str) -> str:
    """Return a sentence with the controls of a widget and how far they reach, "" if it has none to move."""
    parts = list(_below(models, widget))
    moved = [told for part in parts if (told := _told(part))]
    pressed = [f"“{part['description']}”" for part in parts if part.get("kind") == "button"]
    said = [f"you move {listed(moved)}"] if moved else []
    said += [f"you press {listed(pressed)}"] if pressed else []
    return f"In the notebook {' and '.join(said)}; the page shows one state." if said else ""


def _below(models: Models, widget: str) -> Iterator[Mapping[str, Any]]:
    state = models.get(widget, {})
    yield state
    for child in state.get("children", ()):
        yield from _below(models, str(child).removeprefix(POINTER))


def _told(part: Mapping[str, Any]) -> str:
    name = f"“{part.get('description', '')}”"
    if part.get("kind") == "slider":
        low, high = (10.0**end if part.get("powers_of_ten") else end for end in (part["min"], part["max"]))
        return f"{name} ({low:g} to {high:g})"
    if part.get("kind") == "choice":
        return f"{name} ({' / '.join(part.get('labels', ()))})"
    return name if part.get("kind") == "number" else ""
