"""The visible checks of the exercises without marks: two coins, a loss in eval mode and a broken line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from checking import as_array, expect
from tutor import visible
from visible_broken import LINES, RIGHT

IN_TRAINING, IN_EVAL = [4.0, 0.0, 12.0, 0.0], [2.0, 4.0, 6.0, 8.0]
SLIPS = {  # of the list in training
    (2.0, 0.0, 6.0, 0.0): "two units are gone, so the two that are left count twice: divide them by 1 − p",
    (1.0, 0.0, 3.0, 0.0): "the survivors grow: divide by 1 − p, do not multiply with it",
    (0.0, 8.0, 0.0, 16.0): "the mask keeps the first and the third unit: those are left, the others are 0",
    (
        0.0,
        4.0,
        0.0,
        8.0,
    ): "the mask keeps the first and the third unit, and the survivors are divided by 1 − p",
    (4.0, 12.0): "a dropped unit does not vanish from the list: it holds a 0",
}
EVAL_SLIPS = {
    (1.0, 2.0, 3.0, 4.0): "training has scaled already, so that eval mode has nothing left to do",
    (4.0, 8.0, 12.0, 16.0): "nobody is missing in eval mode, so nobody has to count twice",
    (4.0, 0.0, 12.0, 0.0): "in eval mode all units are there",
    (2.0, 0.0, 6.0, 0.0): "in eval mode all units are there",
}


@visible
def check_q1(activations: Any) -> None:
    """Compare two lists of four numbers, and name known slips."""
    rows = list(activations) if isinstance(activations, list | tuple) or hasattr(activations, "shape") else []
    hint = "write two lists in one: [[…], […]], first in training, then in eval mode"
    two = len(rows) == 2 and all(as_array(row) is not None and as_array(row).ndim == 1 for row in rows)
    expect(two, call="activations", got=activations, expected="two lists of four numbers", hint=hint)
    training, evaluated = (tuple(as_array(row).astype(float).tolist()) for row in rows)
    hint = SLIPS.get(training, "0 for the two dropped units; the others divided by 1 − p = 0.5")
    right = _close(training, IN_TRAINING)
    call = "activations[0], in training"
    expect(right, call=call, got=list(training), expected="two zeros, two numbers that have grown", hint=hint)
    hint = EVAL_SLIPS.get(evaluated, "eval mode hands on what came in")
    right = _close(evaluated, IN_EVAL)
    call = "activations[1], in eval mode"
    expect(right, call=call, got=list(evaluated), expected="the four units as they are", hint=hint)
    print(
        "✓ q1: averaged over its coin, each unit is what it was: ½ · 4 + ½ · 0 = 2, and ½ · 12 + ½ · 0 = 6."
    )


def _close(got: tuple[float, ...], want: list[float]) -> bool:
    return len(got) == len(want) and all(
        math.isclose(a, b, abs_tol=1e-6) for a, b in zip(got, want, strict=True)
    )


@visible
def check_q2(eval_loss: Any, history: Any) -> None:
    """Compare a loss in eval mode with the last losses of the history of the same run."""
    kept = isinstance(history, Mapping) and {"train_loss", "val_loss"} <= set(history)
    hint = "history is what fit returned: run the cell above again"
    expect(kept, call="history", got=history, expected="a history with train_loss and val_loss", hint=hint)
    hint = "one number: evaluate_model returns a loss and an accuracy, of which the loss is asked for"
    number = as_array(eval_loss)
    one = number is not None and number.ndim == 0 and bool(math.isfinite(float(number)))
    expect(one, call="eval_loss", got=eval_loss, expected="one loss", hint=hint)
    loss, running, val = float(number), float(history["train_loss"][-1]), float(history["val_loss"][-1])
    expected = f"a loss well below the running one, {running:.3f}"
    _name_slips(loss, running, val, expected)
    right = 0.25 * running < loss < 0.95 * val
    hint = "criterion: cross-entropy; rows: train; mode: eval; the mean over rows, not the sum"
    expect(right, call="eval_loss", got=round(loss, 4), expected=expected, hint=hint)
    print(
        f"✓ q2: training rows {loss:.3f} in eval mode, {running:.3f} while training; validation rows "
        f"{val:.3f}. Measured alike, the training rows are the easier ones."
    )


def _name_slips(loss: float, running: float, val: float, expected: str) -> None:
    """Raise Mismatch for numbers that tell where they come from."""
    shown, call = round(loss, 4), "eval_loss"
    hint = "this is the history's own number, measured with units missing: measure again, in eval mode"
    expect(not math.isclose(loss, running, rel_tol=1e-6), call=call, got=shown, expected=expected, hint=hint)
    hint = "this is the loss of the validation rows: hand over the training rows"
    expect(not math.isclose(loss, val, rel_tol=1e-3), call=call, got=shown, expected=expected, hint=hint)
    hint = "this looks like train mode: half of the units were missing. net.eval() first, or evaluate_model"
    expect(not 0.6 * running < loss < 1.6 * running or loss < 0.95 * val, call=call, got=shown,
           expected=expected, hint=hint)  # fmt: skip
    hint = "this looks like an accuracy: evaluate_model returns the loss first"
    expect(not 0.8 < loss <= 1, call=call, got=shown, expected=expected, hint=hint)


@visible
def check_q3(broken_line: Any) -> None:
    """Say what the line with this number does, and whether a call is missing before it."""
    whole = isinstance(broken_line, int) and not isinstance(broken_line, bool) and broken_line in LINES
    hint = "write a whole number without quotes, such as broken_line = 3"
    expected = f"a number from 1 to {len(LINES)}"
    expect(whole, call="broken_line", got=broken_line, expected=expected, hint=hint)
    fault, hint = "the line before which a call is missing", LINES[broken_line]
    expect(broken_line in RIGHT, call="broken_line", got=broken_line, expected=fault, hint=hint)
    print(f"✓ q3: {LINES[broken_line]}")
