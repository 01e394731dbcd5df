"""The visible checks of the exercises without marks: copies, a run by hand and a broken line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from checking import as_array, expect
from tutor import visible
from visible_broken import BROKEN, LINES

COPIES = {
    "net": (False, "a second name for the same object: mine is net"),
    "copy.copy(net)": (False, "a new outer object, which shares its layers with the net"),
    "copy.deepcopy(net)": (True, "a second net, with tensors of its own"),
    "net.state_dict()": (False, "a new dict, and in it the net's own tensors"),
    "dict(net.state_dict())": (False, "one more dict around the very same tensors"),
    "copy.copy(net.state_dict())": (False, "a shallow copy: another dict, the same tensors"),
    "copy.deepcopy(net.state_dict())": (True, "deep means that the tensors are copied, too"),
    "{name: t.clone() for name, t in net.state_dict().items()}": (True, "each clone has memory of its own"),
}


@visible
def check_q1(is_copy: Any) -> None:
    """Say how many of the eight are right, and with which one to try the experiment."""
    hint = "keep the eight lines of the cell, and write True or False in place of each ..."
    whole = isinstance(is_copy, Mapping) and set(is_copy) == set(COPIES)
    expect(whole, call="is_copy", got=is_copy, expected="the eight keys of the cell", hint=hint)
    for kept, value in is_copy.items():
        known = isinstance(value, bool | np.bool_)
        call = f"is_copy[{kept!r}]"
        expect(known, call=call, got=value, expected="True or False, without quotes", hint=hint)
    wrong = [kept for kept, (copied, _) in COPIES.items() if bool(is_copy[kept]) != copied]
    if wrong:
        look = "mine[0].weight[0, :3]" if "state_dict" not in wrong[0] else 'mine["0.weight"][0, :3]'
        hint = (
            f"try one: mine = {wrong[0]}, look at {look}, then with torch.no_grad(): "
            "net[0].weight.add_(1), and look again. Did what you kept change?"
        )
        right = f"{len(COPIES) - len(wrong)} of {len(COPIES)} are right"
        expect(False, call="is_copy", got=right, expected="all eight", hint=hint)
    print("✓ q1: three of the eight are copies.")
    for kept, (copied, why) in COPIES.items():
        print(f"  {'copy   ' if copied else 'no copy'} {kept}: {why}")


STOPS, BEST = {2: 3, 3: 7}, {2: 1, 3: 4}
LOSSES = (0.8, 0.9, 0.85, 0.79)  # without 1.0, which is also a position
WHY = {
    2: "0.9 and 0.85 are both above 0.8, the lowest so far: that is two in a row",
    3: "0.79 at position 4 is a new lowest and starts the count anew: then come 0.80, 0.80, 0.80",
}


@visible
def check_q2(stops_at: Any, best_at: Any) -> None:
    """Compare the positions for patience 2 and 3, and name a count from 1 and a count never reset."""
    answers = {"stops_at": (stops_at, STOPS), "best_at": (best_at, BEST)}
    for name, (given, _) in answers.items():
        good = isinstance(given, Mapping) and set(given) == set(STOPS)
        hint = f"{name} = {{2: …, 3: …}}: a position under each patience"
        expect(good, call=name, got=given, expected="positions for patience 2 and 3", hint=hint)
    for patience in STOPS:
        for name, (given, wanted) in answers.items():
            call, number = f"{name}[{patience}]", as_array(given[patience])
            single = number is not None and number.ndim == 0
            expect(single, call=call, got=given[patience], expected="a position", hint="one whole number")
            hint = _hint(name, patience, float(number) - wanted[patience])
            if float(number) in LOSSES:
                hint = "that is a loss, and a position is asked for: count the epochs from 0"
            right = float(number) == wanted[patience]
            expect(right, call=call, got=given[patience], expected="another position", hint=hint)
    print("✓ q2: patience 2 stops at position 3 and never sees the 0.79; patience 3 stops at 7, best is 4.")


def _hint(name: str, patience: int, off: float) -> str:
    """Return what to try if a position is off by so much."""
    if off == 1:
        return "positions are counted from 0: the first loss stands at position 0"
    if patience == 3 and name == "stops_at" and off == -2:
        return "that is the third epoch without a gain in all. Each new lowest loss starts the count anew"
    if patience == 2 and name == "best_at" and off == 3:
        return "with patience 2 the run is over before it sees the 0.79"
    if (name, off) in (("stops_at", -4), ("best_at", -3), ("stops_at", 4)):
        return "is this the answer for the other patience?"
    return WHY[patience]


@visible
def check_q3(broken_line: Any) -> None:
    """Say what the line with this number does, and whether that is the fault."""
    whole = isinstance(broken_line, int) and not isinstance(broken_line, bool) and broken_line in LINES
    hint = "write a whole number without quotes, such as broken_line = 3"
    expected = f"a number from 1 to {len(LINES)}"
    expect(whole, call="broken_line", got=broken_line, expected=expected, hint=hint)
    fault, hint = "the line after which nothing is learnt", LINES[broken_line]
    expect(broken_line == BROKEN, call="broken_line", got=broken_line, expected=fault, hint=hint)
    print(f"✓ q3: {LINES[broken_line]}.")
