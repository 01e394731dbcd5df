"""The visible check of track_best: called as `fit` does it, with a fresh dict `best` in the notebook."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from checking import Mismatch, all_good, expect
from tutor import visible
from visible_states import TRAINED_ON, hint_for_state, norm_net, set_weights, what_is_kept

LOWEST = "one comparison, stats['val_loss'] < best['loss']; all three entries change below it, or none does"


@visible
def check_track_best(track_best: Any) -> None:
    """Try track_best on the worked example, on ties, nan, a second run, and a net that trains on."""
    with _notebook_of(track_best) as names:
        _try(track_best, names, [0.9, 0.5, 0.7], [0.5, 1, "the weights of epoch 1"], LOWEST)
        hint = "a new run has a new best, with infinity in it: rely on nothing but what stands there"
        _try(track_best, names, [2.5, 2.0], [2.0, 1, "the weights of epoch 1"], hint, "in a second run, ")
        hint = "ask whether this loss is lower than the lowest so far, and not than the one before"
        _try(track_best, names, [0.9, 0.5, 1.5, 0.7], [0.5, 1, "the weights of epoch 1"], hint)
        hint = "any lower loss is lower, however little it is, and is kept as it was given"
        _try(track_best, names, [4e-6, 3e-6], [3e-6, 1, "the weights of epoch 1"], hint)
        hint = "equal is not lower: < and not <="
        _try(track_best, names, [0.5, 0.5], [0.5, 0, "the weights of epoch 0"], hint)
        hint = "every comparison with nan is False: ask whether it is lower, not whether it is not higher"
        _try(track_best, names, [math.nan, 0.8, math.nan], [0.8, 1, "the weights of epoch 1"], hint)
        _try(track_best, names, [math.nan], [math.inf, None, "no state (None)"], hint)
    all_good("track_best")


@contextmanager
def _notebook_of(function: Any) -> Iterator[dict[str, Any]]:
    """Give the names that a function looks up; its `best` is the student's again afterwards."""
    for _ in range(9):  # as often as functions lie in one another
        inside = [getattr(function, name, None) for name in ("__wrapped__", "func", "__func__")]
        function = next((one for one in inside if one is not None), function)
    if not hasattr(function, "__globals__"):
        function = getattr(type(function), "__call__", None)  # noqa: B004 - where its names are looked up
    hint = "write it in its own cell: def track_best(net, epoch, stats):"
    found = hasattr(function, "__globals__")
    expect(found, call="track_best", got=function, expected="a function", hint=hint)
    names = function.__globals__
    had, before = "best" in names, names.get("best")
    kept = dict(before) if isinstance(before, dict) else before
    try:
        yield names
    finally:
        names.pop("best", None)
        if had:
            names["best"] = before
        if isinstance(before, dict):
            before.clear()
            before.update(kept)


def _stats(losses: Sequence[float], epoch: int) -> dict[str, Any]:
    """Return what `fit` measures in an epoch, as far as a wrong name could find it."""
    stats = {"epochs": epoch, "train_loss": 2 / (epoch + 2), "train_accuracy": 0.5 + epoch / 16}
    return stats | {"val_loss": losses[epoch], "val_accuracy": 0.75 - epoch / 16, "time": float(epoch + 1)}


def _try(
    track_best: Any, names: dict[str, Any], losses: list[float], want: list[Any], hint: str, when: str = ""
) -> None:
    """Raise Mismatch unless a run with these losses leaves in best what is wanted."""
    net = norm_net()
    names["best"] = {"loss": math.inf, "epoch": None, "state": None}
    told = f"{when}validation losses {', '.join(f'{loss:g}' for loss in losses)}"
    for epoch in range(len(losses)):
        set_weights(net, epoch)
        stats = _stats(losses, epoch)
        given, before = dict(stats), {name: t.clone() for name, t in net.state_dict().items()}
        answer = track_best(net, epoch, given)
        _expect_nothing_else(answer, net, before, given, stats, f"{told}: epoch {epoch}")
    set_weights(net, TRAINED_ON)
    best = names.get("best")
    whole = isinstance(best, dict) and {"loss", "epoch", "state"} <= set(best)
    expected = "a dict with loss, epoch and state"
    expect(
        whole,
        call=f"best after {told}",
        got=best,
        expected=expected,
        hint="change its entries: best['loss'] = …",
    )
    _compare(best, want, told, hint)


def _compare(best: dict[str, Any], want: list[Any], told: str, hint: str) -> None:
    """Raise Mismatch, with all three entries in one sentence, unless they are those that are wanted."""
    got = [best["loss"], best["epoch"], what_is_kept(best["state"])]
    numbers = [_plain(got[0]), _plain(got[1])]
    loss = isinstance(numbers[0], float | int) and math.isclose(numbers[0], want[0], rel_tol=1e-6)
    if loss and numbers[1] == want[1] and got[2] == want[2]:
        return
    if loss and numbers[1] == want[1]:
        hint = hint_for_state(got[2], "the state is kept when the loss is: below the comparison, each time")
    elif loss and got[2] == want[2] and want[1] is not None:
        hint = "keep the epoch as it was given, at each improvement"
    right = f"loss {_plain(want[0])}, epoch {want[1]}, {want[2]}"
    shown = f"loss {numbers[0]}, epoch {numbers[1]}, {got[2]}"
    raise Mismatch(f"best after {told}, when the net has trained on", shown, right, hint)


def _plain(value: Any) -> Any:
    """Return a number with seven digits, a whole one as it is, and anything else in words."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    try:
        return float(f"{float(value):.7g}")
    except (TypeError, ValueError, RuntimeError):
        return str(value)


def _expect_nothing_else(
    answer: Any, net: Any, before: dict[str, Any], given: dict[str, Any], stats: dict[str, Any], told: str
) -> None:
    """Raise Mismatch if something came back, or the net or the stats were changed."""
    hint = "leave out return: fit takes any answer but None and Stop for an error, and Stop ends the run"
    expect(answer is None, call=f"the answer with {told}", got=answer, expected="None", hint=hint)
    same = all(bool((t == before[name]).all()) for name, t in net.state_dict().items()) and not net.training
    hint = "only read the net: no load_state_dict, no train()"
    expect(same, call=f"the net after {told}", got="changed", expected="as it was", hint=hint)
    kept = list(map(str, given.items())) == list(map(str, stats.items()))
    expect(kept, call=f"stats after {told}", got="changed", expected="as they were", hint="only read them")
