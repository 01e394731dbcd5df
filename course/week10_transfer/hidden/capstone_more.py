"""Hidden checks of capstone that call it again: other sealed rows, other names, known patterns."""

from __future__ import annotations

import math

import torch
from hidden.capstone_calls import Came, accuracy, calls_of
from hidden.capstone_parts import WORDS, labels, losses, refuse, rows, verdict, verdicts

from autograder.checks.framework import Student, check

WEAKER = 0.15  # a logistic regression may be so much below the commonest label on an easy task
PATTERNS = ("few", "many")
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
    one, other = (losses(student, calls.came(student, which)) for which in PATTERNS)
    if len(one) == len(other) and all(
        math.isclose(a, b, rel_tol=1e-6) for a, b in zip(one, other, strict=True)
    ):
        call = "two calls with equal training rows and other validation rows"
        hint = "validation_loss is the loss on the validation rows, in eval mode: you give that of others"
        raise refuse(student, "blind loss", call, "the same validation losses", "others", hint)


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
