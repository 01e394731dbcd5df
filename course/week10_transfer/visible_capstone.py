"""The checks of the capstone: two small ones of its parts, and one that says part by part what stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from capstone_trial import Trial, easy_trial, first_trial
from checking import Mismatch, all_good, expect, expect_equal
from torch import tensor
from tutor import visible
from visible_capstone_parts import (
    baseline_stands,
    final_stands,
    opening_stands,
    split_problem,
    split_stands,
    strong_baseline,
    trials_stand,
    verdict_stands,
)

PARTS: dict[str, Callable[[Trial], None]] = {
    "split": split_stands,
    "baseline": baseline_stands,
    "trials": trials_stand,
    "final model": final_stands,
    "verdict": verdict_stands,
    "one opening": opening_stands,
}


@visible
def check_split(split_by_student: Callable[..., Any]) -> None:
    """Try a split on 20 students with numbers of any kind, whose rows lie mixed."""
    names = [70, 3, 912, 55, 8, 41, 600, 27, 13, 99, 5, 310, 77, 2, 64, 18, 450, 36, 90, 21]
    students = tensor([names[(7 * row) % 20] for row in range(97)])
    parts = split_by_student(students, 1)
    call = "split_by_student(97 rows of 20 students, seed=1)"
    two = isinstance(parts, list | tuple) and len(parts) == 2
    hint = "return two: the numbers of the training rows, those of the validation rows"
    expect(two, call=call, got=parts, expected="two lists of row numbers", hint=hint)
    train, validation = parts
    if problem := split_problem(train, validation, students):
        raise Mismatch(call, *problem)
    again = split_by_student(students, 1)
    same = all(list(map(int, a)) == list(map(int, b)) for a, b in zip(parts, again, strict=True))
    hint = "draw from a generator that starts from `seed`"
    expect(same, call=f"{call}, twice", got="two splits", expected="the same split", hint=hint)
    print("✓ the split: every row once, no student in both parts, and the same seed gives it again.")


@visible
def check_verdict(verdict: Callable[..., Any]) -> None:
    """Try the rule on the worked examples and on what lies beside them."""
    cases = [
        ((0.2, 0.1, 0.0, 0.3, -0.1), "cannot tell", "|0.10| is at most 2·s/√5 = 0.14"),
        ((0.2, 0.1, 0.1, 0.3, 0.1), "better", "0.16 is above 2·s/√5 = 0.08"),
        ((-0.2, -0.1, -0.1, -0.3, -0.1), "worse", "m is -0.16, and 0.16 is above 2·s/√5 = 0.08"),
        ((0.0, 0.0, 0.0, 0.0), "cannot tell", "0 is at most 0"),
        ((0.25, 0.25, 0.25, 0.25), "better", "all agree: s is 0, and 0.25 is above 0"),
        ((0.3, 0.1, 0.0, 0.1, 0.0, 0.0), "cannot tell", "0.08 is at most 2·s/√6 = 0.10, with n − 1 in s"),
    ]
    for differences, want, hint in cases:
        got = verdict(tensor(differences))
        expect_equal(got, want, call=f"verdict(tensor({list(differences)}))", hint=hint)
    print("✓ the verdict: all three words, as the rule says.")


@visible
def check_capstone(capstone: Callable[..., Any]) -> None:
    """Do the whole project on 30 students, and say part by part what stands."""
    trial = first_trial(capstone)
    found = _mismatches({name: partial(stands, trial) for name, stands in PARTS.items()})
    if "split" not in found:
        again: dict[str, Callable[[], None]] = {
            "repeatable": lambda: trial.expect_the_same_again(capstone),
            "baseline": lambda: strong_baseline(easy()),
            "verdict": lambda: verdict_stands(easy()),
            "final model": lambda: trial.expect_validation_trains_nothing(capstone),
        }
        easy = lru_cache(lambda: easy_trial(capstone))
        found |= _mismatches({name: look for name, look in again.items() if name not in found})
    for name in (*PARTS, "repeatable"):
        print(f"{name}: {_stand(name, found)}")
    if found:
        raise next(found[name] for name in (*PARTS, "repeatable") if name in found)
    all_good("capstone")


def _mismatches(looks: Mapping[str, Callable[[], None]]) -> dict[str, Mismatch]:
    """Return by its name what is not right about each part."""
    found: dict[str, Mismatch] = {}
    for name, look in looks.items():
        try:
            look()
        except Mismatch as error:
            found[name] = error
    return found


def _stand(name: str, found: dict[str, Mismatch]) -> str:
    """Return what is said about a part: ✓, what came back, or that it waits for the split."""
    if name not in found:
        return "waits for the split" if name == "repeatable" and "split" in found else "✓"
    error, split = found[name], found.get("split")
    if split is not None and name != "split" and str(error) == str(split):
        return "waits for the split"
    verb = "has" if error.got.startswith("no key") else "got" if error.got.endswith(" calls") else "came back"
    return f"not yet. {error.call} {verb} {error.got}"


check_capstone.hints = False  # type: ignore[attr-defined] # it trains: the build does not run it
