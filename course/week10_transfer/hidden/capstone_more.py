"""Hidden checks of capstone that call it again: other sealed rows, other names, known patterns."""

from __future__ import annotations

import math

import torch
from hidden.capstone_calls import Came, accuracy, calls_of
from hidden.capstone_parts import CLOSE, WORDS, labels, losses, refuse, rows, verdict, verdicts

from autograder.checks.framework import Student, check

WEAKER = 0.15  # a logistic regression may be so much below the commonest label on an easy task
ROOM = 0.25  # a net that is trained anew may be wrong so much more often than its trial
PATTERNS = ("few", "many")
SEEN, SURE = 0.8, 0.3  # right, or the loss, where labels are foretold only by what was trained on these rows
FEWEST, MOST = 0.2 - 1e-9, 0.4 + 1e-9  # share of the students who validate


def difference(one: Came, other: Came) -> str:
    """Return in what two calls differ that should give the same; "" if in nothing."""
    for key in ("train_rows", "validation_rows"):
        mine, yours = (came.result["rows"].get(key) for came in (one, other))
        if torch.is_tensor(mine) and not (
            torch.is_tensor(yours) and torch.equal(mine.sort()[0], yours.sort()[0])
        ):
            return key
    mine, yours = (came.result.get("trials") for came in (one, other))
    if isinstance(mine, dict):
        if not isinstance(yours, dict) or not _close(mine["losses"], yours["losses"]):
            return "trials"
        if mine["chosen"] != yours["chosen"]:
            return "config"
    mine, yours = (came.result.get("final", {}).get("all") for came in (one, other))
    if torch.is_tensor(mine):
        same = torch.is_tensor(yours) and (mine == yours).double().mean() > 0.98
        return "" if same else "predict"
    return ""


def _close(mine: list[object], yours: list[object]) -> bool:
    def alike(a: object, b: object) -> bool:
        both = isinstance(a, float) and isinstance(b, float)
        return a == b or (both and (math.isclose(a, b, rel_tol=1e-3) or (a != a and b != b)))  # type: ignore[arg-type]

    return len(mine) == len(yours) and all(map(alike, mine, yours))


@check("capstone", marks=0.5)
def nothing_depends_on_the_sealed_rows(student: Student) -> None:
    calls = calls_of(student)
    first = calls.came(student)
    losses(student, first)
    labels(student, first, "final")
    if not difference(first, calls.came(student, "again")):
        return
    if found := difference(first, calls.came(student, "larger sealed rows")):
        call = "the same call with sealed rows a thousand times as large"
        hint = "what the sealed rows say must reach no choice: validation rows choose; draw from `seed` alone"
        raise refuse(student, f"sealed: {found}", call, f"another {found}", f"the same {found}", hint)


@check("capstone", marks=0.5)
def the_same_seed_gives_the_same_answer(student: Student) -> None:
    calls = calls_of(student)
    first = calls.came(student)
    rows(student, first)
    if not difference(first, calls.came(student, "again")):
        return
    if found := difference(first, calls.came(student, "another state")):
        call = "the same call a second time"
        hint = (
            "start all that draws from `seed`: torch.manual_seed(seed), random_state=seed, default_rng(seed)"
        )
        raise refuse(student, f"seed: {found}", call, f"another {found}", f"the same {found}", hint)


@check("capstone", marks=0.5)
def the_lowest_validation_loss_chooses_the_config(student: Student) -> None:
    calls = calls_of(student)
    for which in ("first", *PATTERNS):
        came = calls.came(student, which)
        found = losses(student, came)
        chosen = came.result["trials"]["chosen"]
        if not chosen:
            got, hint = came.result["trials"]["config"], "the very dict of the best trial, with nothing added"
            words = "a whole trial" if "validation_loss" in got else "no trial's"
            if "config" not in came.result["keys"]:
                words, got, hint = (
                    "no config",
                    "no such key",
                    "put the config of the best trial under this key",
                )
            raise refuse(student, words, '"config"', got, "the config of one trial", hint)
        if min(found[place] for place in chosen) > min(found) + 1e-6:
            got = f"the one of loss {min(found[place] for place in chosen):.4f}"
            hint = (
                "min(trials, key=…) by validation_loss: not by accuracy or training loss, and not the largest"
            )
            largest = max(found[place] for place in chosen) >= max(found) - 1e-6
            words = "the largest" if largest else "not the lowest"
            raise refuse(student, words, '"config"', got, f"the one of loss {min(found):.4f}", hint)
    if _accuracies(student, calls.came(student)):
        got = "a share of the validation rows in each trial"
        hint = "a loss, such as cross-entropy: the lowest accuracy would be the worst net, and shares tie"
        raise refuse(student, "accuracy for loss", "a trial's validation_loss", got, "a loss", hint)
    one, other = (losses(student, calls.came(student, which)) for which in PATTERNS)
    if len(one) == len(other) and all(
        math.isclose(a, b, rel_tol=1e-6) for a, b in zip(one, other, strict=True)
    ):
        call = "two calls with equal training rows and other validation rows"
        hint = "validation_loss is the loss on the validation rows, in eval mode: you give that of others"
        raise refuse(student, "blind loss", call, "the same validation losses", "others", hint)


@check("capstone", marks=0.75)
def validation_rows_train_nothing(student: Student) -> None:
    first = calls_of(student).came(student)
    tests = rows(student, first)[1]
    labels(student, first, "final", "away")
    came = calls_of(student).came(student, "away")
    both = tests[torch.isin(tests, rows(student, came)[1])]
    call = "validation rows far from all others, with labels that training rows do not tell"
    hint = "train trials and final model on x[train_rows] alone, and do not fit again on all rows in the end"
    share = accuracy(labels(student, came, "final")[both], came.call.y[both]) if len(both) else 0.0
    if share >= SEEN:
        got, expected = f"{share:.3f} right", "about what guessing gives"
        raise refuse(student, "validation rows trained", f"{WORDS['final']} on {call}", got, expected, hint)
    if not _has_losses(first) or not _has_losses(came) or _accuracies(student, first):
        return  # another check tells
    lowest = min(losses(student, came))
    if lowest < SURE and min(losses(student, first)) > lowest + SURE:
        got = f"a loss of {lowest:.3f}"
        raise refuse(student, "validation rows in trials", f"a trial on {call}", got, "a high one", hint)
    for which in PATTERNS:
        _as_good_as_its_trial(student, calls_of(student).came(student, which))


def _has_losses(came: Came) -> bool:
    trials = came.result.get("trials")
    found = trials["losses"] if isinstance(trials, dict) else []
    return bool(found) and all(isinstance(loss, float) and math.isfinite(loss) for loss in found)


def _accuracies(student: Student, came: Came) -> bool:
    """Return whether all losses are shares of the validation rows, as accuracies are."""
    count = len(rows(student, came)[1])
    return all(abs(loss * count - round(loss * count)) < 1e-4 for loss in losses(student, came))


def _as_good_as_its_trial(student: Student, came: Came) -> None:
    """Raise Mismatch if predict is wrong more often than the loss of its trial allows.

    A row with a wrong label adds at least ln 2 to the cross-entropy.
    """
    tests = rows(student, came)[1]
    loss = min(losses(student, came)) if _has_losses(came) else math.inf
    said = labels(student, came, "final")
    wrong = 1 - accuracy(said[tests], came.call.y[tests])
    told = came.result["numbers"].get("validation")
    if not isinstance(told, float) or abs(told - 1 + wrong) > CLOSE:
        return  # another check tells
    base = came.result.get("base", {}).get("all")
    room = 0.05 if torch.is_tensor(base) and torch.equal(base, said) else ROOM
    if wrong > loss / math.log(2) + room:
        call = f"{WORDS['final']} on the validation rows of an easy task"
        got, expected = f"{wrong:.3f} wrong", f"about what the best trial's loss of {loss:.3f} tells"
        hint = "return the net of config: not the last trial's, and not the baseline"
        raise refuse(student, "another net", call, got, expected, hint)


@check("capstone", marks=0.5)
def the_baseline_is_no_weaker_than_the_commonest_label(student: Student) -> None:
    for which in PATTERNS:
        came = calls_of(student).came(student, which)
        train, tests = rows(student, came)
        y = came.call.y
        want = accuracy(y[train].mode().values, y[tests]) - WEAKER
        got = accuracy(labels(student, came, "base")[tests], y[tests])
        if got < want:
            call = f"{WORDS['base']} where most rows have one label"
            hint = "always answer the commonest label of the training rows, or fit a logistic regression"
            expected = f"at least {want:.3f}"
            raise refuse(student, "weak baseline", call, f"{got:.3f} right", expected, hint)


@check("capstone", marks=1)
def the_verdict_follows_the_rule(student: Student) -> None:
    all_calls = [calls_of(student).came(student, which) for which in ("first", "little", *PATTERNS)]
    given = [verdict(student, came) for came in all_calls]
    for came, got in zip(all_calls, given, strict=True):
        allowed, numbers = verdicts(student, came)
        if got not in allowed:
            hint = "one difference per validation student; compare |mean| with 2·sd/√(number of students)"
            call, words = f'"verdict" for {numbers}', f"verdicts: {', '.join(given[1:])}"
            raise refuse(student, words, call, f'"{got}"', f'"{min(allowed)}"', hint)


@check("capstone", marks=0.5)
def students_may_have_any_numbers_and_rows_any_order(student: Student) -> None:
    came = calls_of(student).came(student, "renamed")
    train, tests = rows(student, came)
    students = came.call.students
    both = set(students[train].tolist()) & set(students[tests].tolist())
    share = len(students[tests].unique()) / len(students.unique())
    every = sorted([*train.tolist(), *tests.tolist()]) == list(range(len(students)))
    if both or not every or not FEWEST <= share <= MOST:
        got = f"{len(both)} students in both parts, {share:.0%} of the students validate"
        hint = "draw from students.unique(): the numbers of students are names, and need not be 0, 1, 2, …"
        call = "the split where students are called 1203, 40518, …"
        raise refuse(student, "renamed split", call, got, "a split as before", hint)
