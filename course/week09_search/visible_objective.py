"""The visible check of objective: tiny trainings, whose losses are known, and trials that are pruned."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from checking import Mismatch, all_good, as_array, expect, expect_close, first_of, show
from tutor import visible
from visible_objective_runs import Notes, Objective, noted_run

VALUES = {"lr": 0.08, "weight_decay": 0.004, "dropout": 0.25, "layers": 2}
LOSSES = (4.75133, 4.35384, 4.66561)  # of the tiny net after each epoch with these values
CALL = "objective(trial: lr 0.08, weight_decay 0.004, dropout 0.25, layers 2)"
SUGGESTED = {
    "lr": ("float", 1e-4, 1e-1, True),
    "weight_decay": ("float", 1e-5, 1e-2, True),
    "dropout": ("float", 0.0, 0.5, False),
    "layers": ("int", 1, 3, False),
}
STEPS = "after each epoch: trial.report(val_loss, epoch), with epochs from 0"
PRUNE = "in every epoch, after the report: if trial.should_prune(): raise optuna.TrialPruned"


@visible
def check_objective(objective: Objective) -> None:
    """Try what is suggested and trained, what is reported and returned, and when the trial ends."""
    run = noted_run(objective, VALUES, epochs=3)
    problems: dict[str, Callable[[], None]] = {
        **{f'"{name}"': partial(_expect_suggested, run, name) for name in SUGGESTED},
        "other names": partial(_expect_no_other, run),
        "the net": partial(_expect_net, run),
        "another net": partial(_expect_other_net, objective),
        "the steps": partial(_expect_steps, run),
        "more epochs": partial(_expect_all_epochs, objective),
        "the batches": partial(_expect_batches, run),
        "the reported losses": partial(_expect_losses, run),
        "the optimizer": partial(_expect_optimizer, run),
        "what comes back": partial(_expect_value, run),
        **{f"pruning after {n}": partial(_expect_pruned, objective, n) for n in (1, 2, 3)},
        "equal values": partial(_expect_equal_runs, objective),
        "the notebook's names": partial(_expect_names, run),
    }
    first_of(problems)
    all_good("objective")


def _words(kind: str, low: Any = None, high: Any = None, log: bool = False, step: Any = None) -> str:
    if kind == "categorical":
        return f"categorical, {show(low)}"
    return f"{kind}, {low:g} to {high:g}{', log' if log else ''}{'' if step is None else f', step {step:g}'}"


def _expect_suggested(run: Notes, name: str) -> None:
    """Raise Mismatch unless a value is suggested with its kind, range and scale."""
    want = _words(*SUGGESTED[name])
    found = [_words(*what) for named, *what in run.suggested if named == name]
    got = next((what for what in found if what != want), want) if found else "never suggested"
    kind, low, high, log = SUGGESTED[name]
    hint = f'{name} = trial.suggest_{kind}("{name}", {low:g}, {high:g}{", log=True" if log else ""})'
    if got != want:
        raise Mismatch(f'"{name}" in {CALL}', got, want, hint)


def _expect_no_other(run: Notes) -> None:
    more = sorted({str(name) for name, *_ in run.suggested} - set(SUGGESTED))
    hint = "a study searches whatever is suggested: the four names of the task, and no other"
    expect(not more, call=f"other names suggested in {CALL}", got=more, expected="none", hint=hint)


def _expect_net(run: Notes, values: dict[str, Any] = VALUES, call: str = CALL) -> None:
    """Raise Mismatch unless FlexibleClassifier was made with the suggested values."""
    want = [64, [64] * values["layers"], 10, values["dropout"]]
    got = run.built[-1] if run.built else "it was never called"
    hint = "make it inside objective, by its own name: 64 once for each layer, and the suggested dropout"
    right = bool(got == want)
    expect(right, call=f"what FlexibleClassifier is given in {call}", got=got, expected=show(want), hint=hint)


def _expect_other_net(objective: Objective) -> None:
    values = VALUES | {"layers": 3, "dropout": 0.125}
    run = noted_run(objective, values, epochs=1)
    _expect_net(run, values, "objective(trial: dropout 0.125, layers 3)")


def _expect_steps(run: Notes) -> None:
    """Raise Mismatch unless there is one report an epoch, after its training."""
    call, hint = f"steps of the reports of {CALL}, EPOCHS = 3", STEPS
    hint = "trial.report is never called: call it after each epoch" if not run.steps else hint
    right = bool(run.steps == [0, 1, 2])
    expect(right, call=call, got=run.steps, expected="[0, 1, 2]", hint=hint)
    moved = all(abs(b - a) > 1e-6 for a, b in zip(run.true, run.true[1:], strict=False))
    trained = bool(run.batches[0]) and moved
    got = "reports between which nothing is trained"
    hint = "report inside the loop over epochs; make optimizer steps before it"
    expect(trained, call=call, got=got, expected="an epoch of training before each report", hint=hint)


def _expect_all_epochs(objective: Objective) -> None:
    """Raise Mismatch unless a longer training goes on to its end."""
    steps = noted_run(objective, VALUES, epochs=9).steps
    hint = "train for EPOCHS epochs: no number of your own, and no early stopping"
    call = f"number of reports of {CALL}, EPOCHS = 9"
    expect(len(steps) == 9, call=call, got=len(steps), expected="9", hint=hint)


def _expect_batches(run: Notes) -> None:
    """Raise Mismatch unless each epoch trains, in train mode, on 32 rows and on 8."""
    call = f"sizes of the batches in train mode before each report of {CALL}, 40 training rows"
    got = run.batches if run.batches else "no report"
    hint = "every row of train_set once an epoch, 32 at a time; the last batch may be smaller"
    if run.batches and any(40 in sizes and len(sizes) > 1 for sizes in run.batches):
        hint = "the 40 validation rows come in train mode, too: net.eval() before the validation"
    elif run.batches and run.batches[0] and not any(run.batches[1:]):
        hint = "after the first validation the net stays in eval mode: net.train() at the start of each epoch"
    expect(run.batches == [[32, 8]] * 3, call=call, got=got, expected="[32, 8] each time", hint=hint)


def _expect_losses(run: Notes) -> None:
    """Raise Mismatch unless the reported values are the net's validation losses."""
    hint = "report the mean cross-entropy over all rows of val_set, of the net in eval mode"
    if run.reported and all(0 <= value <= 1 for value in run.reported):
        hint = "between 0 and 1: is that an accuracy? The loss is asked for, since the study minimizes"
    call = f"the losses reported in {CALL}"
    expect_close([round(x, 5) for x in run.reported], [round(x, 5) for x in run.true], call=call, hint=hint)


def _expect_optimizer(run: Notes) -> None:
    """Raise Mismatch unless the net's losses are those that AdamW leads to."""
    hint = "torch.optim.AdamW(net.parameters(), lr=lr, weight_decay=weight_decay), made once; in each batch "
    hint += "zero_grad, loss, backward, step"
    true = run.true or [run.loss()]
    want = list(LOSSES) if run.true else [LOSSES[-1]]
    got = [round(x, 5) for x in true]
    expect_close(got, want, call=f"validation loss of your net after each epoch of {CALL}", hint=hint)


def _expect_value(run: Notes) -> None:
    """Raise Mismatch unless the lowest reported loss comes back as a float."""
    if run.pruned:
        hint = "should_prune answered False: if trial.should_prune(): with brackets, and nothing else"
        raise Mismatch(CALL, "TrialPruned", "a loss", hint)
    lowest = min(run.reported or run.true or LOSSES)
    call, hint = f"{CALL}, EPOCHS = 3", "return min(losses), where losses holds each epoch's"
    number = as_array(run.value)
    if number is not None and number.shape == () and run.reported:
        last = math.isclose(float(number), run.reported[-1], rel_tol=1e-5)
        hint = "that is the last epoch's loss: return the lowest" if last else hint
    expect_close(run.value, lowest, call=call, hint=hint, tolerance=1e-5)
    hint = "a plain number: .item() or float(…) makes one of a tensor"
    is_float = isinstance(run.value, float) or type(run.value).__name__ == "float32"
    expect(is_float, call=f"the kind of {call}", got=type(run.value).__name__, expected="float", hint=hint)


def _expect_pruned(objective: Objective, reports: int) -> None:
    """Raise Mismatch unless a trial that is pruned after so many reports ends there, with TrialPruned."""
    run = noted_run(objective, VALUES, epochs=3, prune_after=reports)
    call = f"{CALL}, EPOCHS = 3, pruned in epoch {reports - 1}"
    got = f"{'TrialPruned' if run.pruned else show(run.value)} after {len(run.steps)} reports"
    more = bool(run.now) and len(run.steps) == reports
    got += " and more training" if more else ""
    want = f"TrialPruned after {reports} report{'s' if reports > 1 else ''}"
    hint = "ask right after the report, before anything else is trained" if more else PRUNE
    expect(got.replace("1 reports", "1 report") == want, call=call, got=got, expected=want, hint=hint)


def _expect_equal_runs(objective: Objective) -> None:
    """Raise Mismatch unless two calls with equal values give equal losses."""
    first, second = (noted_run(objective, VALUES, epochs=2, line=False, number=n) for n in (0, 7))
    losses = [[*run.true, run.loss()] for run in (first, second)]
    same = all(math.isclose(a, b, rel_tol=1e-5) for a, b in zip(*losses, strict=False))
    hint = "torch.manual_seed(0), this very number, as the first line, before the net is made"
    call = f"losses of two calls of {CALL}"
    expect(same, call=call, got="others the second time", expected="equal losses", hint=hint)
    seeds = [run.seeds[-1] if run.seeds else "no net" for run in (first, second)]
    call = f"seeds of torch when the net is made, in these two calls of {CALL}"
    expect(seeds == [0, 0], call=call, got=seeds, expected="[0, 0]", hint=hint)


def _expect_names(run: Notes) -> None:
    """Raise Mismatch if test_set was looked at, or a name of the notebook was changed."""
    hint = "validate on val_set; test_set stays shut until the search is over"
    expect(not run.looked, call=f"test_set in {CALL}", got="looked at", expected="shut", hint=hint)
    hint = "only read EPOCHS, train_set and val_set: no global, nothing in place"
    got = "EPOCHS, train_set or val_set have changed"
    expect(not run.changed, call=f"the notebook after {CALL}", got=got, expected="as before", hint=hint)
