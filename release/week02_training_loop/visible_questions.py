"""The visible checks of the exercises without marks: a round by hand, a metric, epochs and a broken line."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from checking import Mismatch, as_array, expect, expect_close, show
from tutor import visible

import utils

ROUND = (
    ("w.grad", -2.4, "the outputs are 1.7 and 2.95: errors −0.3 and −1.05. The gradient of w is the mean of "
     "2 · error · x, and the old −7.5 is cleared away first"),
    ("b.grad", -1.35, "the gradient of b is the mean of 2 · error; the old −4.5 is cleared away first"),
    ("w", 1.49, "w moves by −0.1 times its new gradient, from 1.25"),
    ("b", 0.585, "b moves by −0.1 times its new gradient, from 0.45"),
)  # fmt: skip


@visible
def check_q1(second_round: Any) -> None:
    """Compare the four numbers of the second round, one after the other."""
    numbers = as_array(list(second_round) if isinstance(second_round, tuple) else second_round)
    expect(
        numbers is not None and numbers.shape == (4,),
        call="second_round",
        got=second_round,
        expected="four numbers",
        hint="write w.grad, b.grad, w and b between the brackets",
    )
    for (name, want, hint), got in zip(ROUND, numbers.tolist(), strict=True):
        uncleared = {"w.grad": -9.9, "b.grad": -5.85}.get(name)
        if uncleared is not None and math.isclose(got, uncleared, abs_tol=0.01):
            hint = "this is the old gradient plus the new one: zero_grad() runs first"
        expect_close(got, want, call=f"{name} in second_round", hint=hint, tolerance=0.006)
    print("✓ q1: w.grad −2.4, b.grad −1.35, w 1.49, b 0.585. The loss falls on, from 0.596 to 0.097.")


FINDER = [1] * 10 + [0] * 90, [1] * 4 + [0] * 6 + [1] + [0] * 89
METRICS = (
    ("the finder", *FINDER, (0.4, 0.8)),
    ("always no", [0] * 100, FINDER[1], (None, 0.0)),
    ("[1, 1, 1, 0], [1, 0, 1, 0]", [1, 1, 1, 0], [1, 0, 1, 0], (2 / 3, 1.0)),
    ("[0, 1, 0], [1, 0, 1]", [0, 1, 0], [1, 0, 1], (0.0, 0.0)),
    ("[1, 0], [0, 0]", [1, 0], [0, 0], (0.0, None)),
    ("[0, 0], [0, 0]", [0, 0], [0, 0], (None, None)),
)


@visible
def check_q2(precision_recall: Callable[..., Any]) -> None:
    """Try precision_recall on the finder, on "always no" and on tiny cases, two of them undefined."""
    for name, predicted, actual, want in METRICS:
        call = f"precision_recall({name})"
        hint = "hits: both are 1. Precision divides them by the ones in predicted, recall by those in actual"
        try:
            got = precision_recall(list(predicted), list(actual))
        except ZeroDivisionError as error:
            hint = "where there is nothing to divide by, give None: ask before you divide"
            raise Mismatch(call, "ZeroDivisionError", show(want), hint) from error
        pair = isinstance(got, tuple | list) and len(got) == 2
        expect(pair, call=call, got=got, expected="(precision, recall)", hint="return precision, recall")
        if isinstance(got[0], float) and math.isclose(got[0], want[1] or -1) and got[0] != want[0]:
            hint = "these two look exchanged: precision comes first"
        for part, wanted in zip(got, want, strict=True):
            undefined = wanted is None
            expect(
                (part is None) == undefined,
                call=call,
                got=tuple(got),
                expected=show(want),
                hint="0/0 is undefined: None, and not 0" if undefined else hint,
            )
        wanted = [value for value in want if value is not None]
        numbers = [value for value in got if value is not None]
        expect(
            as_array(numbers) is not None or not wanted, call=call, got=got, expected=show(want), hint=hint
        )
        if wanted:
            expect_close(numbers, wanted, call=call, hint=hint)
    print("✓ q2: precision and recall are right, also where one of them is undefined.")


MOST = 60  # epochs that the check trains itself, at most: about two seconds
FAR = 4  # times as large or as small: no other seed explains that


@visible
def check_q3(last_losses: Any) -> None:
    """Say whether three numbers of epochs have their losses, and whether each began with a fresh model."""
    three = isinstance(last_losses, Mapping) and len(last_losses) == 3
    hint = "store one validation loss under each number of epochs: last_losses[10] = …"
    expect(three, call="last_losses", got=last_losses, expected="three losses in a dictionary", hint=hint)
    losses = {}
    for epochs, loss in last_losses.items():
        whole = isinstance(epochs, int) and not isinstance(epochs, bool) and epochs > 0
        expect(whole, call="a key of last_losses", got=epochs, expected="a number of epochs", hint=hint)
        number = as_array(loss)
        good = number is not None and number.ndim == 0 and bool(number > 0)
        expect(good, call=f"last_losses[{epochs}]", got=loss, expected="a loss above 0", hint=hint)
        losses[epochs] = float(number)
    if sum(losses) <= MOST:
        _compare(losses)
    words = ", ".join(f"{loss:.3f} after {epochs}" for epochs, loss in losses.items())
    print(f"✓ q3: the validation loss is {words} epochs.")


def _compare(losses: Mapping[int, float]) -> None:
    """Raise Mismatch if the losses are those of one model that went on, or of the test rows, or made up."""
    measured = {}
    for fresh in (True, False):
        model, train_loader, *loaders, criterion, optimizer = utils.get_generic_model()
        for epochs in losses:
            if fresh:
                model, train_loader, *loaders, criterion, optimizer = utils.get_generic_model()
            parts = model, train_loader, loaders[0], criterion, optimizer
            utils.train_model(*parts, num_epochs=epochs, verbose=False)
            measured[epochs, fresh] = [utils.evaluate_model(model, loader, criterion) for loader in loaders]
    hints = {
        (False, 0): "these are the losses of one model that trained on: get a fresh one each time",
        (True, 1): "these are the losses of the test rows: evaluate with val_loader",
    }
    shown = ", ".join(f"{loss:.3f}" for loss in losses.values())
    for (fresh, place), hint in hints.items():
        other = all(math.isclose(loss, measured[n, fresh][place], rel_tol=1e-3) for n, loss in losses.items())
        expect(not other, call="last_losses", got=shown, expected="fresh models, val_loader", hint=hint)
    for epochs, loss in losses.items():
        usual = measured[epochs, True][0]
        near = usual / FAR < loss < usual * FAR
        hint = "store what utils.evaluate_model(…) returns for a fresh model, trained for so many epochs"
        expect(near, call=f"last_losses[{epochs}]", got=loss, expected=f"about {usual:.2g}", hint=hint)


INNOCENT = {
    2: "twenty epochs are asked for, and twenty run",
    3: "the sum begins anew in each epoch, as it should",
    4: "each epoch walks through all batches once",
    5: "each batch starts without the gradients of others, also those of the first epoch",
    6: "outputs first, then labels: this is the loss of this batch",
    7: "backward comes after the loss and before the step, where it belongs",
    8: "step comes after backward, and once a batch",
    9: "a batch counts by its rows, so the mean over samples is right",
    10: "evaluate measures rightly. But in which mode does it leave the model, and who puts it back?",
}
FOUND = """✓ 1: train() stands before the loop over the epochs, so it is called once.
  The evaluate of line 10 leaves the model in eval mode: from the second epoch on no unit is switched off any
  more. No message comes, and the printed training loss even falls faster. Move line 1 below line 2."""


@visible
def check_q4(broken_line: Any) -> None:
    """Say whether this is the line in the wrong place, or why that line is innocent."""
    number = isinstance(broken_line, int) and not isinstance(broken_line, bool)
    expect(
        number and broken_line == 1,
        call="broken_line",
        got=broken_line,
        expected="the number of the line that stands in the wrong place",
        hint=INNOCENT.get(broken_line, "write a number from 1 to 10")
        if number
        else "write a whole number from 1 to 10, such as 3: without quotes, without a point",
    )
    print(FOUND)
