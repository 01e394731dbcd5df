"""The descents of week 1 on surfaces end where they should, and their words tell how."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

LESSON = Path(__file__).parents[1] / "course" / "week01_gradients"
sys.path.insert(0, str(LESSON))

import descent_paths  # noqa: E402
from descent_paths import SURFACES, ending, walk  # noqa: E402


def numerical(name: str, x: float, y: float, by: float = 1e-6) -> tuple[float, float]:
    height = SURFACES[name].height
    return (
        (height(x + by, y) - height(x - by, y)) / (2 * by),
        (height(x, y + by) - height(x, y - by)) / (2 * by),
    )


@pytest.mark.parametrize("name", SURFACES)
def test_the_slopes_of_a_surface_are_those_of_its_heights(name: str) -> None:
    for place in np.random.default_rng(0).uniform(-2, 2, (20, 2)):
        assert SURFACES[name].slopes(*place) == pytest.approx(numerical(name, *place), abs=1e-6)
    level = [*SURFACES[name].minima, *SURFACES[name].passes]
    assert [SURFACES[name].slopes(*place) for place in level] == [pytest.approx((0, 0), abs=1e-9)] * len(
        level
    )


ENDINGS = [  # surface, start, rate, kind, where x and y end, steps
    ("ravine", (5.0, 2.0), 0.05, "minimum", (0, 0), 44),
    ("ravine", (5.0, 2.0), 0.09, "minimum", (0, 0), 24),
    ("ravine", (5.0, 2.0), 0.1, "still on the way", (0, 2), 500),
    ("ravine", (5.0, 2.0), 0.11, "left the map", None, 6),
    ("double valley", (-2.0, 1.0), 0.1, "minimum", (-1.301, 0), None),
    ("double valley", (-2.0, 1.0), 0.12, "minimum", (1.131, 0), None),
    ("double valley", (2.0, 1.0), 0.12, "minimum", (-1.301, 0), None),
    ("double valley", (-1.0, 1.0), 0.14, "still on the way", None, 500),
    ("double valley", (1.0, 1.0), 0.14, "minimum", (1.131, 0), None),
    ("saddle", (1.5, 0.1), 0.1, "minimum", (0, 1), 36),
    ("saddle", (1.5, 1e-3), 0.1, "minimum", (0, 1), 83),
    ("saddle", (1.5, 1e-6), 0.1, "minimum", (0, 1), 155),
    ("saddle", (1.5, -1e-9), 0.1, "minimum", (0, -1), 228),
    ("saddle", (1.5, 1e-12), 0.1, "minimum", (0, 1), 300),
    ("saddle", (1.5, 0.0), 0.1, "saddle", (0, 0), None),
]


@pytest.mark.parametrize(("name", "start", "rate", "kind", "place", "steps"), ENDINGS)
def test_a_way_downhill_ends_where_it_should(
    name: str, start: Any, rate: float, kind: str, place: Any, steps: int | None
) -> None:
    end = ending(name, walk(name, start, rate))
    assert end.kind == kind
    if place:
        assert end.place == pytest.approx(place, abs=1e-3)
    if steps:
        assert end.steps == steps


def test_a_start_a_thousand_times_nearer_to_the_saddle_costs_72_or_73_steps_more() -> None:
    steps = [ending("saddle", walk("saddle", (1.5, 10.0**-e), 0.1)).steps for e in (3, 6, 9, 12)]
    assert set(np.diff(steps)) <= {72, 73}
    assert np.log(1000) / np.log(1.1) == pytest.approx(72.5, abs=0.05)


def test_no_other_start_of_the_slider_is_thrown_from_left_to_right_at_small_rates() -> None:
    starts = np.arange(-20, 2) / 10
    for rate in (0.02, 0.05, 0.1):
        found = [descent_paths.found_start("double valley", (x, 1.0), rate) for x in starts]
        assert set(found) == {""}


@pytest.mark.parametrize("rate", [0.12, 0.13, 0.14, 0.15])
def test_the_steepest_start_left_of_the_hill_is_thrown_over_it_by_each_large_rate(rate: float) -> None:
    starts = np.arange(-20, 2) / 10
    slopes = [abs(SURFACES["double valley"].slopes(x, 1.0)[0]) for x in starts]
    assert starts[np.argmax(slopes)] == -2
    assert descent_paths.found_start("double valley", (-2.0, 1.0), rate)


def test_a_level_part_is_told_and_so_is_what_leaves_the_picture() -> None:
    words = descent_paths.tell_heights("saddle", walk("saddle", (1.5, 1e-9), 0.1))
    assert re.search(r"level, near 0, from step 2\d to step 19\d; level, near −0.25, from step 22\d", words)
    assert "leaves the picture at the top" in descent_paths.tell_heights(
        "ravine", walk("ravine", (5.0, 2.0), 0.11)
    )
    assert "level" not in descent_paths.tell_heights("ravine", walk("ravine", (5.0, 2.0), 0.09))
