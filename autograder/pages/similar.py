"""The page that shows an instructor which answers are alike, side by side."""

from __future__ import annotations

from collections import Counter

from autograder.pages.lesson import assignment_title, place_of
from autograder.pages.several import label
from autograder.pages.words import render
from autograder.similar import Similarity, few_of

SHOWN = 60


def similarity_page(found: Similarity) -> str:
    """Return the HTML page with the pairs of similar answers. It is complete in itself and runs nothing."""
    first, several = found.assignments[0], len(found.assignments) > 1
    return render(
        "similar.html",
        title=found.week if several else assignment_title(first),
        week=found.week,
        found=found,
        pairs=found.pairs[:SHOWN],
        more=max(len(found.pairs) - SHOWN, 0),
        titles=titles(found),
        together={number: found.together(pair) for number, pair in enumerate(found.pairs[:SHOWN])},
        often=[item for item in often(found) if item[1] > 1],
        few=few_of(found.students),
    )


def titles(found: Similarity) -> dict[str, str]:
    """Return the heading of each exercise in which answers are alike, after that of its notebook."""
    exercises, several = {pair.exercise for pair in found.pairs}, len(found.assignments) > 1
    names = (
        (one, name, label(one.name, name) if several else name)
        for one in found.assignments
        for name in one.by_id
    )
    return {
        exercise: (f"{one.name}: " if several else "") + place_of(name, one).title
        for one, name, exercise in names
        if exercise in exercises
    }


def often(found: Similarity) -> list[tuple[tuple[str, str], int]]:
    """Return in how many exercises two students are alike, those with most first."""
    counts = Counter(pair.students for pair in found.pairs)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
