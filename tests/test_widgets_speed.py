"""Every interactive figure of the lessons paints only what moves, and is ready soon."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from widgets import Canvas, Interactive, live, slider, stage

sys.path.insert(0, str(ROOT / "benchmarks"))
import sliders

pytestmark = pytest.mark.trains

sliders.MOVES = 2  # of each control, to both ends: the benchmark moves more
FIGURES = {f"{week} {name}": make for week, name, make in sliders.figures()}
REMEMBERING = {"week00 fit_by_hand"}  # it draws the lowest error of all moves so far, too


@lru_cache
def figure(name: str) -> Interactive:
    """Return a figure whose controls have all been moved once: what is done only once is done."""
    made = sliders.made(FIGURES[name])
    sliders.moved(made)
    return made


@pytest.mark.parametrize("name", FIGURES)
def test_a_moved_control_leaves_the_still_part_of_a_figure_as_it_is(name: str) -> None:
    canvas = figure(name).render(**figure(name).values())[0].canvas
    assert isinstance(canvas, Canvas)
    still = canvas.still
    sliders.moved(figure(name))
    assert canvas.still is still


@pytest.mark.parametrize("name", sorted(FIGURES.keys() - REMEMBERING))
def test_a_picture_has_nothing_left_of_the_one_before(name: str) -> None:
    moved, fresh = figure(name), sliders.made(FIGURES[name])
    assert moved.values() == fresh.values()
    assert moved.picture.value == fresh.picture.value


def test_the_benchmark_moves_the_controls_of_every_lesson() -> None:
    assert {name.split()[1] for name in FIGURES} > sliders.TRAINING
    assert {name.split()[0] for name in FIGURES} == {path.name[:6] for path in ROOT.glob("course/week*")}


def titled(change: Callable[[Any, float], Any]) -> Interactive:
    """Return a figure of an empty panel that every move changes."""
    drawn, (ax,) = stage()

    def draw(height: float) -> Any:
        change(ax, height)
        return drawn

    return live(draw, lambda height: f"Height {height}.", height=slider("Height", 0, 5, 1, 2))


@pytest.mark.parametrize(
    "change",
    [
        lambda ax, height: ax.set_title(f"{height}"),
        lambda ax, height: ax.set_ylim(0, 1 + height),
        lambda ax, height: ax.set_facecolor((height / 5, 0, 0)),
    ],
)
def test_what_is_not_marked_as_moving_is_painted_too(change: Callable[[Any, float], Any]) -> None:
    widget = titled(change)
    before = widget.picture.value
    widget.slider.value = 4
    assert widget.picture.value != before
    widget.slider.value = 2
    assert widget.picture.value == before


def test_what_moves_is_painted_in_its_order_from_back_to_front() -> None:
    drawn, (ax,) = stage()
    ax.set_axis_off()
    front = ax.axhspan(0, 1, color="red", zorder=5, animated=True)
    back = ax.axhspan(0, 1, color="blue", zorder=4, animated=True)
    assert ax.get_children().index(front) < ax.get_children().index(back)
    pixels = Canvas(drawn).paint()
    middle = np.array(pixels.shape[:2]) // 2
    assert pixels[tuple(middle)].tolist() == [255, 0, 0]
