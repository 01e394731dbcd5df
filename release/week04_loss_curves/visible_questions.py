"""The visible checks of the exercises without marks: a picture, three names and a broken line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from checking import expect, expect_close, expect_equal
from tutor import visible
from visible_runs import BROKEN, CLUES, LINES, STORIES


@visible
def check_q1(plot_accuracy: Callable[..., Any]) -> None:
    """Look at the picture of two epochs: its lines, the names of its axes, its legend and its grid."""
    before = plt.get_fignums()
    axes = plot_accuracy({"train_accuracy": [0.5, 0.7], "val_accuracy": [0.4, 0.6]})
    for number in set(plt.get_fignums()) - set(before):
        plt.close(number)
    is_axes = isinstance(axes, plt.Axes)
    expect(is_axes, call="plot_accuracy(…)", got=axes, expected="axes", hint="end with return ax")
    lines = axes.get_lines()
    expect_equal(len(lines), 2, call="the number of lines", hint="draw each list once, in a new figure")
    for line, name, values in zip(lines, ("first", "second"), ([0.5, 0.7], [0.4, 0.6]), strict=True):
        points = np.array([[1, values[0]], [2, values[1]]])
        expect_close(
            line.get_xydata(), points, call=f"the {name} line", hint="give ax.plot the epochs 1, 2, … first"
        )
    names = [axes.get_xlabel(), axes.get_ylabel()]
    expect(all(names), call="the axis labels", got=names, expected="two names", hint="see ax.set_xlabel")
    legend = axes.get_legend()
    entries = 0 if legend is None else len(legend.get_texts())
    hint = "give each line a label, then call ax.legend()"
    expect_equal(entries, 2, call="the entries of the legend", hint=hint)
    grid = any(line.get_visible() for line in axes.get_xgridlines())
    expect(grid, call="the grid", got=grid, expected="True", hint="call ax.grid(True)")
    print("✓ q1: your picture has all it needs.")


@visible
def check_q2(pictures: Mapping[str, str]) -> None:
    """Compare the word behind each letter with what its picture shows, however it is spelled."""
    words = {name: _told(pictures.get(name, "")) for name in STORIES}
    if not any(words.values()):
        print("q2: not yet. Write a word behind each letter, and run both cells again.")
        return
    for name, story in STORIES.items():
        known = words[name] in STORIES.values()
        expect(
            words[name] == story,
            call=f"picture {name}",
            got=pictures.get(name, ""),
            expected="what this picture shows" if known else "overfitting, underfitting or well fitted",
            hint=CLUES[name] if known else "write one of the three names between the quotes",
        )
    print("✓ q2: all three are right. Could you also say why?")


def _told(word: Any) -> str:
    """Return the name that a word means: "Overfitted", "over-fitting" and "overfit" are overfitting."""
    plain = "".join(letter for letter in str(word).lower() if letter.isalpha())
    starts = {"over": "overfitting", "under": "underfitting", "well": "well fitted", "good": "well fitted"}
    named = [name for start, name in starts.items() if plain.startswith(start) and "fit" in plain]
    return named[0] if named else plain


@visible
def check_broken_line(broken_line: Any) -> None:
    """Say what the line with this number does, and whether that is the fault."""
    if type(broken_line) is not int or broken_line not in LINES:
        expected, hint = (
            f"a number from 1 to {len(LINES)}",
            "write it without quotes, such as broken_line = 3",
        )
        expect(False, call="broken_line", got=broken_line, expected=expected, hint=hint)
    fault, hint = "the line that measures the wrong thing", LINES[broken_line]
    expect(broken_line == BROKEN, call="broken_line", got=broken_line, expected=fault, hint=hint)
    print(f"✓ broken_line: {LINES[broken_line]}")
