"""Let students lay nine points as a grid, at random or quasi-randomly, and turn round what matters."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from tuning_runs_designs import DRAW, KINDS, as_points, as_setting, nearest
from tuning_runs_pool import pool
from widget_parts import LOOK, Score, listed, one_legend, put_above_picture, two_panels
from widgets import Goal, Interactive, live, menu, slider

POINTS, DRAWS = 9, 400
MEASURED, TURNED, NARROW = "the rate (as measured)", "only decay (pretend)", "only decay, narrowly (pretend)"
WORLDS = (MEASURED, TURNED, NARROW)
TIE = "grid and random alike"
GUESSES = {"grid": "the grid", "random": "random", TIE: TIE}
GOOD, NEEDED = 0.89, 2  # the accuracy of a hit; doubts by which shares of hits must differ
BINS, NARROWER = 16, 3


@lru_cache
def profile() -> tuple[np.ndarray, np.ndarray]:
    """Return places on the axis of the rate, 0…1, and the pool's median accuracy around each."""
    at = as_points(pool().lr, pool().weight_decay)[:, 0]
    parts = np.array_split(np.argsort(at), BINS)
    return np.array([at[part].mean() for part in parts]), np.array(
        [np.median(pool().validation[part]) for part in parts]
    )


def worth(points: np.ndarray, world: str) -> np.ndarray:
    """Return the accuracy at points of the unit square, (n, 2), in a world in which one axis matters.

    It is that of the nearest setting in the pool. To pretend that decay matters, the axes are exchanged; to
    pretend that it does so narrowly, what was good becomes a third as wide.
    """
    rates, decays = points.T if world == MEASURED else points.T[::-1]
    return pool().validation[nearest(np.column_stack([_stretched(rates, world), decays]))]


def _stretched(at: np.ndarray, world: str) -> np.ndarray:
    """Return where on the axis of the rate to look, for places on the axis that matters."""
    places, values = profile()
    peak = places[values.argmax()]
    return np.clip(peak + (at - peak) * (NARROWER if world == NARROW else 1), 0, 1)


def axis_of(world: str) -> int:
    """Return the axis that matters: 0 for the rate, 1 for decay."""
    return 0 if world == MEASURED else 1


@lru_cache(maxsize=512)
def points_of(kind: str, draw: int) -> np.ndarray:
    """Return the nine points of a draw, (9, 2)."""
    return DRAW[kind](POINTS, np.random.default_rng([KINDS.index(kind), draw]))


@lru_cache
def hits(kind: str, world: str) -> float:
    """Return in which share of 400 draws the best of nine points reaches GOOD."""
    points = np.concatenate([points_of(kind, draw) for draw in range(DRAWS)])
    return float((worth(points, world).reshape(DRAWS, POINTS).max(axis=1) >= GOOD).mean())


def winner(world: str) -> str:
    """Return who of grid and random finds a good setting more often, or that these draws cannot tell."""
    grid, random = hits("grid", world), hits("random", world)
    doubt = ((grid * (1 - grid) + random * (1 - random)) / DRAWS) ** 0.5
    return TIE if abs(grid - random) < NEEDED * doubt else "grid" if grid > random else "random"


@lru_cache
def good_region(world: str) -> tuple[float, float]:
    """Return where on the axis that matters the profile reaches GOOD."""
    at = np.linspace(0, 1, 2001)
    places, values = profile()
    good = at[np.interp(_stretched(at, world), places, values) >= GOOD]
    return float(good.min()), float(good.max())


def grid_against_random() -> Interactive:
    """Return menus for how nine points are laid and for what matters, a slider for the draw, and a guess."""
    figure, (left, right) = two_panels(4.5)
    show_square, show_profile = _square_panel(left), _profile_panel(right)
    one_legend(figure)
    draw_seed, kind = slider("Draw", 0, 39, 1, 0), menu("Nine points", KINDS)
    world = menu("What matters", WORLDS)
    guess = menu(f"Who finds it more often, in {DRAWS} draws?", (LOOK, *GUESSES.values()))
    world.observe(lambda _change: guess.set_trait("value", LOOK), names="value")
    found: dict[str, str] = {}
    score = Score(told_found(found, ""))

    def draw_all(seed: int, kind: str, world: str, guess: str) -> Figure:
        show_square(kind, seed, world)
        show_profile(kind, seed, world)
        return figure

    def both_found(seed: int, kind: str, world: str, guess: str) -> bool:
        reply = ""
        if guess != LOOK:
            reply = judge(world, guess)
            found.update({world: guess} if reply.startswith("Yes") else {})
        score.tell(told_found(found, reply))
        return {TURNED, NARROW} <= found.keys()

    goal = Goal(
        "Turn round what matters: pretend that only decay does. Guess whether grid or random finds a good "
        "setting more often; then the same where the good region is narrow.",
        both_found,
    )
    widget = live(draw_all, tell_designs, goal, seed=draw_seed, kind=kind, world=world, guess=guess)
    put_above_picture(widget, score)
    return widget


def judge(world: str, guess: str) -> str:
    """Return a reply to a guess, with what all draws come to."""
    shares = listed([f"{kind} {hits(kind, world):.0%}" for kind in KINDS])
    right = GUESSES[winner(world)] == guess
    return f"{'Yes' if right else 'No'}: the best of nine reaches {GOOD:g} in this share of draws: {shares}."


def told_found(found: dict[str, str], reply: str) -> str:
    """Return the reply and for which worlds the guess was right."""
    parts = [f"{world}: {guess}" for world, guess in found.items()]
    return f"{reply} Right so far: {'; '.join(parts) if parts else 'nothing yet'}.".strip()


# ---------------------------------------------------------------- the panels


def _square_panel(ax: Axes) -> Callable[[str, int, str], None]:
    """Draw empty axes; return a function that shows nine points, their shadows, and the good region."""
    region = ax.axvspan(0, 1, fc="none", ec="gray", hatch="//", alpha=0.5, lw=0, label="good region")
    (points,) = ax.plot([], [], MARKERS[0], color=PALETTE[0], ms=9, mec="black", ls="", label="tried")
    (best,) = ax.plot([], [], "o", color="none", mec="black", mew=2, ms=18, ls="", label="the best")
    (below,) = ax.plot([], [], "|", color=PALETTE[1], ms=14, mew=3, ls="", label="shadows")
    (beside,) = ax.plot([], [], "_", color=PALETTE[1], ms=14, mew=3, ls="")
    ax.set(xlim=(-0.06, 1), ylim=(-0.06, 1))
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0.00001", "0.0001", "0.001", "0.01", "0.1"])
    ax.set_yticks([0, 1 / 3, 2 / 3, 1], ["0.00001", "0.0001", "0.001", "0.01"])
    label(ax, "Nine trials", "rate", "decay")
    moving(region, points, best, below, beside)

    def show(kind: str, draw: int, world: str) -> None:
        at = points_of(kind, draw)
        low, high = good_region(world)
        box = (low, -0.06, high - low, 1.06) if axis_of(world) == 0 else (-0.06, low, 1.06, high - low)
        region.set_bounds(*box)
        points.set_data(*at.T)
        best.set_data(*at[[worth(at, world).argmax()]].T)
        below.set_data(at[:, 0], [-0.03] * len(at))
        beside.set_data([-0.03] * len(at), at[:, 1])

    return show


def _profile_panel(ax: Axes) -> Callable[[str, int, str], None]:
    """Draw empty axes; return a function that shows what is found along the axis that matters."""
    x = np.linspace(0, 1, 201)
    (line,) = ax.plot(x, 0 * x, color="gray", lw=1.5, label="what can be found")
    (points,) = ax.plot([], [], MARKERS[0], color=PALETTE[0], ms=9, mec="black", ls="", label="tried ")
    (best,) = ax.plot([], [], "o", color="none", mec="black", mew=2, ms=18, ls="", label="the best ")
    ax.set(xlim=(-0.03, 1.03), ylim=(0, 1))
    label(ax, "Along what matters", "place on its axis, from low to high", "validation accuracy")
    handles = ax.get_legend_handles_labels()[0]
    for handle in handles[1:]:
        handle.set_label("_")
    ax.legend(handles[:1], ["what can be found"])
    moving(line, points, best)

    def show(kind: str, draw: int, world: str) -> None:
        at, (places, values) = points_of(kind, draw), profile()
        found, along = worth(at, world), at[:, axis_of(world)]
        line.set_ydata(np.interp(_stretched(x, world), places, values))
        points.set_data(along, found)
        best.set_data(along[[found.argmax()]], found[[found.argmax()]])

    return show


# ---------------------------------------------------------------- the words


def tell_designs(seed: int, kind: str, world: str, guess: str) -> list[str]:
    """Say in words what nine points try, and the best that they find."""
    at = points_of(kind, seed)
    found, names = worth(at, world), ("rate", "decay")
    tried = [len(np.unique(at[:, axis].round(9))) for axis in (0, 1)]
    best = at[found.argmax()]
    low, high = good_region(world)
    axis = axis_of(world)
    inside = int(((at[:, axis] >= low) & (at[:, axis] <= high)).sum())
    rate, decay = as_setting(best)
    return [
        f"{kind.capitalize()}, draw {seed}: 9 trials try {tried[0]} different rates and {tried[1]} different "
        f"decays. The best one is at rate {rate:.2g}, decay {decay:.2g}.",
        f"What matters is {world}: {inside} of 9 trials lie in the good region, {high - low:.0%} of the axis "
        f"of the {names[axis]}. The best one has {found.max():.3f}.",
    ]
