"""Hidden checks of objective: tiny trainings that a fixed trial asks for, beside those of a right answer."""

from __future__ import annotations

import math
from typing import Any

from checking import Mismatch, as_array, expect, expect_close, expect_equal, show
from hidden.objective_scenes import NAME, Run, Scene, call_of, calls_of, came, curve, is_float, right

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal, drawn_seed, shuffled

RATE = 'trial.suggest_float("{}", {}, {}, log=True): a rate is searched on a log scale'
OTHERS = 'trial.suggest_float("dropout", 0, 0.5) and trial.suggest_int("layers", 1, 3)'
BUILT = "FlexibleClassifier(64, [64] * layers, 10, dropout), by this name, with the values of the trial"
STEPS = "train EPOCHS epochs; after each, not before, trial.report(val_loss, epoch), epochs counted from 0"
LOSS = (
    "report the mean cross-entropy over all rows of val_set, unrounded, of the net in eval mode, as it then "
    "is; cross_entropy takes logits"
)
BATCHES = (
    "net.train() in every epoch; each row of train_set once, 32 rows at a time, the rest in a last batch"
)
ADAMW = (
    "torch.optim.AdamW(net.parameters(), lr=lr, weight_decay=weight_decay), and no other step "
    "than its own; cross_entropy takes logits, so no softmax before it"
)
LOWEST = "return the lowest of the reported losses, unrounded: min(losses)"
PRUNE = "each epoch, after the report: if trial.should_prune(), raise optuna.TrialPruned, and nothing else"
AGAIN = (
    "torch.manual_seed(0), this very number, before the net is made: weights, order, dropout come after it"
)
NAMES = "read EPOCHS, train_set and val_set inside objective, assign to none of them; test_set stays shut"
MOST_TRIES, MARGIN = 200, 0.02  # of five curves one is a valley
WANTED = {
    "lr": ["float", 1e-4, 1e-1, False, True],
    "weight_decay": ["float", 1e-5, 1e-2, False, True],
    "dropout": ["float", 0.0, 0.5, False, False],
    "layers": ["int", 1, 3, False, False],
}


def values_of(student: Student) -> dict[str, Any]:
    """Return a setting in which each of the four values shows in the losses."""
    return {
        "lr": drawn_decimal(student, 0.09, 0.1, 4),
        "weight_decay": drawn_decimal(student, 0.001, 0.004, 4),
        "dropout": drawn_decimal(student, 0.2, 0.4),
        "layers": drawn(student, 1, 3),
    }


def scene(
    student: Student, *runs: tuple[int, int | None], kind: str = "line", rows: tuple[int, int] = (4, 6)
) -> Scene:
    """Return runs of (epochs, after how many reports the trial is pruned), each of a setting of its own.

    `rows`: how many training rows there are, from … to …: one batch, if nothing is said.
    """
    return {
        "_seed": drawn_seed(student),
        "_kind": kind,
        "_train_rows": drawn(student, *rows),
        "_val_rows": drawn(student, 37, 42),
        "_runs": [[values_of(student), after, epochs, drawn_seed(student)] for epochs, after in runs],
    }


def valley(student: Student, rows: tuple[int, int] = (4, 6)) -> Scene:
    """Return a run of three epochs in which the second has the lowest loss, and the first the highest."""
    for _ in range(MOST_TRIES):
        given = scene(student, (3, None), rows=rows)
        first, lowest, last = curve(right(given)[0])
        if first > last + MARGIN and last > lowest + MARGIN:
            break
    return given


def told(what: list[Any]) -> str:
    """Return a suggestion in words."""
    if what[0] == "categorical":
        return f"categorical, {what[1]}"
    kind, low, high, step, log = what
    return f"{kind}, {low:g} to {high:g}{', log' if log else ''}{', with a step' if step else ''}"


def expect_suggested(run: Run, name: str, call: str, hint: str) -> None:
    """Raise Mismatch unless a value was suggested with its kind, range and scale, and with no other."""
    found = [what for named, *what in run["suggested"] if named == name]
    wrong = [what for what in found if what != WANTED[name]]
    if not found or wrong:
        got = told(wrong[0]) if wrong else "never suggested"
        raise Mismatch(f'"{name}" in {call}', got, told(WANTED[name]), hint)


@check(NAME, gate=True)
def a_net_is_trained_and_a_number_comes_back(student: Student) -> None:
    given = scene(student, (1, None))
    (run,), (call,) = came(student, given), calls_of(given)
    expect(bool(run["built"]), call=call, got="no net was made", expected="a net", hint=BUILT)
    hint = "without a trained net and a number no check counts: end with return min(losses)"
    number = as_array(run["value"])
    good = number is not None and number.shape == () and bool(abs(number) < math.inf)
    got = "TrialPruned" if run["came"] == "pruned" else run["value"]
    expect(good and run["came"] != "pruned", call=call, got=got, expected="one number", hint=hint)


@check(NAME, marks=0.25)
def the_two_rates_are_suggested_on_log_scales(student: Student) -> None:
    given = scene(student, (1, None))
    (run,), (call,) = came(student, given), calls_of(given)
    expect_suggested(run, "lr", call, RATE.format("lr", "1e-4", "1e-1"))
    expect_suggested(run, "weight_decay", call, RATE.format("weight_decay", "1e-5", "1e-2"))


@check(NAME, marks=0.25)
def dropout_and_layers_are_suggested_and_nothing_else(student: Student) -> None:
    given = scene(student, (1, None))
    (run,), (call,) = came(student, given), calls_of(given)
    for name in ("dropout", "layers"):
        expect_suggested(run, name, call, OTHERS)
    more = sorted({named for named, *_ in run["suggested"]} - set(WANTED))
    hint = "a study searches whatever is suggested: suggest the four, each under its own name"
    expect(not more, call=f"names suggested in {call}", got=more, expected="these four", hint=hint)


@check(NAME, marks=0.25)
def the_net_has_the_suggested_layers_and_dropout(student: Student) -> None:
    given = scene(student, (1, None), (1, None))
    for (values, *_), layers in zip(given["_runs"], shuffled(student, (1, 2, 3)), strict=False):
        values["layers"] = layers
    runs = came(student, given)
    for run, want, call in zip(runs, right(given), calls_of(given), strict=True):
        got = run["built"][-1] if run["built"] else "no net"
        call = f"what FlexibleClassifier was given in {call}"
        student.expects(call, got, want["built"][-1])
        expect(
            _same_net(got, want["built"][-1]),
            call=call,
            got=got,
            expected=show(want["built"][-1]),
            hint=BUILT,
        )


def _same_net(got: Any, want: list[Any]) -> bool:
    """Return whether a net was made with the right numbers, of whatever kind."""
    return isinstance(got, list) and got[:3] == want[:3] and _near(got[3], want[3])


def _near(got: Any, want: float) -> bool:
    number = as_array(got)
    return number is not None and number.shape == () and math.isclose(float(number), want, rel_tol=1e-4)


@check(NAME, marks=0.25)
def each_epoch_reports_once_under_its_number(student: Student) -> None:
    given = scene(student, (2, None))
    (run,), (call,) = came(student, given), calls_of(given)
    steps, wanted = [report[1] for report in run["reports"]], [0, 1]
    call = f"the reported steps of {call}"
    student.expects(call, steps, wanted)
    expect(steps == wanted, call=call, got=steps, expected=show(wanted), hint=STEPS)
    trained = [bool(report[3]) for report in run["reports"]]
    whole = trained[0] and (any(trained[1:]) or _modes_lost(run))
    got, expected = "reports with no training before them", "an epoch of training before each report"
    expect(whole, call=call, got=got, expected=expected, hint=STEPS)


def _modes_lost(run: Run) -> bool:
    """Return whether the net moves on between reports, though no batch was seen in train mode."""
    first, second = run["reports"][0], run["reports"][1]
    return bool(abs(first[2] - second[2]) > 1e-6)


@check(NAME, marks=0.25)
def validation_losses_are_reported(student: Student) -> None:
    given = valley(student)
    (run,), (call,) = came(student, given), calls_of(given)
    got = [report[0] for report in run["reports"]]
    true = [report[2] for report in run["reports"]] or curve(right(given)[0])
    call = f"the losses reported in {call}"
    student.expects(call, got, true)
    expect_close(got, true, call=call, hint=LOSS)


@check(NAME, marks=0.25)
def each_epoch_trains_on_all_rows_32_at_a_time(student: Student) -> None:
    given = scene(student, (2, None), rows=(36, 44))
    (run,), (call,) = came(student, given), calls_of(given)
    sizes = [sorted(report[3], reverse=True) for report in run["reports"]]
    rows = given["_train_rows"]
    expected = f"{[32, rows - 32]} in each of 2 epochs"
    call = f"sizes of the batches in train mode, {rows} training rows, in {call}"
    expect(sizes == [[32, rows - 32]] * 2, call=call, got=sizes, expected=expected, hint=BATCHES)


@check(NAME, marks=0.25)
def the_losses_are_those_of_adamw_with_the_suggested_rates(student: Student) -> None:
    given = valley(student, rows=(36, 44))
    runs = came(student, given)
    for run, want, call in zip(runs, right(given), calls_of(given), strict=True):
        got = [report[2] for report in run["reports"]] or [run["end"]]
        want_now = curve(want) if run["reports"] else [want["end"]]
        expect_close(got, want_now, call=f"loss of the net after each epoch of {call}", hint=ADAMW)


@check(NAME, marks=0.25)
def the_lowest_reported_loss_comes_back_as_a_float(student: Student) -> None:
    given = valley(student)
    (run,), (call,), (want,) = came(student, given), calls_of(given), right(given)
    reported, losses = [report[0] for report in run["reports"]], curve(want)
    lowest = min(reported if len(reported) == len(losses) else losses)
    student.expects(call, run["value"], lowest)
    expect_close(run["value"], lowest, call=call, hint=LOWEST, tolerance=1e-5)
    hint = "a plain number: .item() or float(…) makes one of a tensor"
    expect(is_float(run), call=f"kind of {call}", got=run["kind"], expected="a float", hint=hint)


@check(NAME, marks=0.5)
def a_trial_ends_when_it_is_told_to(student: Student) -> None:
    given = scene(student, (2, 1), (2, 2))
    runs = came(student, given)
    for run, (values, after, epochs, _) in zip(runs, given["_runs"], strict=True):
        call = call_of(values, epochs, after)
        expect_equal(run["came"], "pruned", call=f"what came of {call}", hint=PRUNE)
        count = len(run["reports"])
        got, expected = f"{count} reports", f"{after} reports"
        expect(count == after, call=f"until the end of {call}", got=got, expected=expected, hint=PRUNE)
        still = not run["after"] and abs(run["end"] - run["reports"][-1][2]) < 1e-6
        got, expected = "training went on", "no training after the last report"
        expect(still, call=call, got=got, expected=expected, hint=PRUNE)


@check(NAME, marks=0.25)
def equal_values_give_equal_losses(student: Student) -> None:
    given = scene(student, (1, None), kind="net")
    (values, after, epochs, start), *_ = given["_runs"]
    given["_runs"].append([values, after, epochs, start + drawn(student, 1, 9)])
    first, second = came(student, given)
    call = f"{calls_of(given)[0]}, a second time"
    losses = [[*(report[2] for report in run["reports"]), run["end"]] for run in (first, second)]
    expect_close(losses[1], losses[0], call=f"losses of {call}", hint=AGAIN, tolerance=1e-5)
    seeded = all(run["seeds"][-1:] == [True] for run in (first, second))
    call = f"the seed when the net is made in {call}"
    expect(seeded, call=call, got="another one", expected="0", hint=AGAIN)


@check(NAME, marks=0.25)
def the_test_rows_and_the_names_of_the_notebook_stay_alone(student: Student) -> None:
    given = scene(student, (1, None))
    (run,), (call,), (want,) = came(student, given), calls_of(given), right(given)
    expect(not run["touched"], call=f"test_set in {call}", got="looked at", expected="shut", hint=NAMES)
    got = "EPOCHS, train_set or val_set have changed"
    expect(run["same"], call=f"the notebook after {call}", got=got, expected="as it was", hint=NAMES)
    counts = [len(each["reports"]) for each in (run, want)]
    hint = "this check counts only together with a report: one an epoch"
    expect(counts[0] == counts[1], call=f"reports in {call}", got=counts[0], expected="1", hint=hint)
