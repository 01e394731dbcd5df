"""Read the facts of a finished capstone, and write those parts of a model card that are facts.

What a reader has to be told in your own words stays open in the card, as a question in [brackets].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transfer_data import SealedTest, study_sessions
from widget_parts import signed

KEYS = (
    "train_rows",
    "validation_rows",
    "baseline",
    "trials",
    "config",
    "predict",
    "test",
    "baseline_test",
    "verdict",
)
NOT_SAID, ROW, STUDENT = "not said", "row", "student"
TRAINING, VALIDATION, SEALED = "training rows", "validation rows", "sealed students"
NOTHING, BASELINE = "nothing", "the baseline"
NO_DOUBT, OVER_ROWS, OVER_STUDENTS = "none", "over rows", "over students"
VERDICTS = ("better", "worse", "cannot tell")
TWICE, OTHERWISE = "once for each of two models", "in another way"
Choices = Mapping[str, str]


@dataclass(frozen=True)
class Facts:
    """Hold what the numbers of a capstone show, and in `missing` what could not be found out, and why."""

    students: Mapping[str, int]  # "train", "validation", "both"
    rows: Mapping[str, int]  # "train", "validation"
    accuracy: Mapping[str, tuple[float, float]]  # of the final model and the baseline, by kind of rows
    by_student: np.ndarray  # final − baseline of each validation student
    by_row: np.ndarray  # the same of each validation row: −1, 0 or 1
    trials: Sequence[Mapping[str, Any]]
    config: Any
    claimed: str
    opened: int
    columns: int
    missing: list[str] = field(default_factory=list)

    @property
    def gain(self) -> float:
        """Return the mean over students of final − baseline."""
        return float(self.by_student.mean()) if len(self.by_student) else 0.0

    def doubt(self, over: str) -> float:
        """Return the standard error of the difference: over rows, over students, or 0 if none is told."""
        values = {OVER_ROWS: self.by_row, OVER_STUDENTS: self.by_student}.get(over, np.zeros(0))
        return float(values.std(ddof=1) / len(values) ** 0.5) if len(values) > 1 else 0.0


def read_facts(result: Mapping[str, Any], x: Tensor, y: Tensor, students: Tensor, sealed: Any) -> Facts:
    """Return the facts of a capstone's dict and its data; what is missing in it is told, not raised."""
    missing = [f"The result has no {key!r}." for key in KEYS if key not in result]
    train, validation = (
        np.asarray(result.get(key, ()), dtype=int) for key in ("train_rows", "validation_rows")
    )
    whose = np.asarray(students)
    sets = {"train": set(whose[train].tolist()), "validation": set(whose[validation].tolist())}
    baseline = result.get("baseline", {})
    right = {
        part: [_right(model, x[rows], y[rows], missing) for model in (result, baseline)]
        for part, rows in ((TRAINING, train), (VALIDATION, validation))
    }
    differences = right[VALIDATION][0] - right[VALIDATION][1]
    own = np.unique(whose[validation], return_inverse=True)[1]  # of each row: which of them its student is
    if np.isnan(differences).any():  # a model could not be asked: nothing is compared
        differences, own = np.zeros(0), np.zeros(0, dtype=int)
    return Facts(
        students={part: len(of) for part, of in sets.items()}
        | {"both": len(sets["train"] & sets["validation"])},
        rows={"train": len(train), "validation": len(validation)},
        accuracy={part: (_mean(both[0]), _mean(both[1])) for part, both in right.items()}
        | {SEALED: (_number(result.get("test")), _number(result.get("baseline_test")))},
        by_student=np.bincount(own, differences) / np.bincount(own),
        by_row=differences,
        trials=[trial for trial in result.get("trials", []) if isinstance(trial, Mapping)],
        config=result.get("config"),
        claimed=str(result.get("verdict", "nothing")),
        opened=int(getattr(sealed, "opened", 0)),
        columns=x.shape[1],
        missing=list(dict.fromkeys(missing)),
    )


def _right(model: Any, x: Tensor, y: Tensor, missing: list[str]) -> np.ndarray:
    """Return which rows a model has right, as 0 and 1; nan, and a word why, if it cannot be asked."""
    try:
        answers = np.asarray(model["predict"](x))
        if answers.shape != y.shape:
            raise ValueError(f"it answers with the shape {answers.shape} for {len(y)} rows")
        right: np.ndarray = (answers == y.numpy()).astype(float)
        return right
    except Exception as error:  # whatever a student's function does, the card tells it and goes on
        missing.append(f"A predict function could not be asked: {type(error).__name__}, {error}.")
        return np.full(len(y), np.nan)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def in_digits(value: float) -> str:
    """Return an accuracy in words; nan is not known."""
    return "not known" if np.isnan(value) else f"{value:.3f}"


# ---------------------------------------------------------------- what a careful reader would object to


def objections(facts: Facts, choices: Choices) -> list[str]:
    """Return what is wrong with a card's choices, a sentence for each; none if it says what is the case."""
    mean, doubt = facts.gain, facts.doubt(OVER_STUDENTS)
    found = [
        _object_to_split(facts, choices["split"]),
        {
            TRAINING: "The model has learnt from the training rows: their score promises nothing.",
            VALIDATION: "The validation rows have chosen the setting: their score is a little too good.",
        }.get(choices["headline"], ""),
        "" if choices["beside"] == BASELINE else "A score alone says little: put the baseline beside it.",
        {
            NO_DOUBT: "A difference without its doubt cannot be judged.",
            OVER_ROWS: "Rows of one student are no independent witnesses: over rows the doubt is "
            f"{facts.doubt(OVER_ROWS):.3f}, over students {doubt:.3f}.",
        }.get(choices["doubt"], ""),
        _object_to_verdict(choices["verdict"], mean, doubt),
        _object_to_openings(facts.opened, choices["opened"]),
    ]
    return [each for each in found if each]


def _object_to_split(facts: Facts, said: str) -> str:
    both = facts.students["both"]
    if said == NOT_SAID:
        return "The card does not say by what the rows were split."
    if said == STUDENT and both:
        return f"Split by student? {both} students have rows in both parts."
    return "Split by row? No student has rows in both parts." if said == ROW and not both else ""


def _object_to_verdict(said: str, mean: float, doubt: float) -> str:
    size = (
        f"The difference is {signed(mean)}, {abs(mean) / doubt:.1f} doubts" if doubt else "There is no doubt"
    )
    if said == "cannot tell":
        return f"{size}: above 2 it can be told." if abs(mean) > 2 * doubt else ""
    if abs(mean) <= 2 * doubt:
        return f"{size}: too few for the word “{said}”."
    return "" if (mean > 0) == (said == "better") else f"{size}, on the other side of 0."


def _object_to_openings(opened: int, said: str) -> str:
    if said == NOT_SAID:
        return "The card does not say how often the sealed students were opened."
    if (said == TWICE) != (opened == 2):
        return f"The sealed students were opened {times(opened)}."
    return ""


def cautions(facts: Facts) -> list[str]:
    """Return what no choice of words mends, a sentence for each: it has to stand in the card."""
    found = list(facts.missing)
    if facts.students["both"]:
        found.append(
            f"{facts.students['both']} of {facts.students['validation']} validation students have rows in "
            "the training part, too: the validation score is no promise for new students."
        )
    if facts.opened > 2:
        found.append(f"The sealed students were opened {times(facts.opened)}: they are no longer quite new.")
    if facts.opened < 2:
        found.append(f"The sealed students were opened {times(facts.opened)}; two models need two openings.")
    if facts.claimed in VERDICTS and _object_to_verdict(
        facts.claimed, facts.gain, facts.doubt(OVER_STUDENTS)
    ):
        found.append(f"The capstone says “{facts.claimed}”; its validation students do not.")
    return found


def times(count: int) -> str:
    """Return a number of times in words."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


# ---------------------------------------------------------------- the card


def write_card(facts: Facts, choices: Choices, title: str) -> str:
    """Return a model card in Markdown: facts by these choices, and open questions in [brackets]."""
    split = {NOT_SAID: "", ROW: " Split by row.", STUDENT: " Split by student."}[choices["split"]]
    how = {NOT_SAID: "", TWICE: TWICE, OTHERWISE: times(facts.opened)}[choices["opened"]]
    opened = f" The sealed students were opened {how}." if how else ""
    parts = {
        "Intended use": "[For which decision of the app, about whom? For what should nobody use it?]",
        "Data and split": f"{facts.rows['train'] + facts.rows['validation']} sessions with {facts.columns} "
        f"columns: {facts.rows['train']} rows of {facts.students['train']} students to train, "
        f"{facts.rows['validation']} rows of {facts.students['validation']} to validate; students in both: "
        f"{facts.students['both']}.{split}\n\n[Why by this unit, and not by another?]",
        "How it was chosen": f"{_tell_trials(facts)}{opened}\n\n[What decided what, and in which order? What "
        "was not tried?]",
        "Result with its uncertainty": _tell_result(facts, choices),
        "Limits": "\n".join(["[One thing that may fail, and for whom. What would you look at next?]"]
                            + [f"\n{each}" for each in cautions(facts)]),
    }  # fmt: skip
    return "\n\n".join([f"# {title}", *(f"## {heading}\n\n{text}" for heading, text in parts.items())]) + "\n"


def _tell_trials(facts: Facts) -> str:
    configs = [trial.get("config", {}) for trial in facts.trials]
    names = list(dict.fromkeys(name for config in configs if isinstance(config, Mapping) for name in config))
    space = "; ".join(
        f"{name} {_range([config[name] for config in configs if name in config])}" for name in names
    )
    losses = [trial.get("validation_loss", np.nan) for trial in facts.trials]
    lowest = f", lowest validation loss {min(losses):.3f}" if losses else ""
    return f"{len(configs)} trials{f' ({space})' if space else ''}{lowest}. Chosen: {_told(facts.config)}."


def _range(values: Sequence[Any]) -> str:
    """Return values in words: from the least to the greatest, or one after the other."""
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    kinds = list(dict.fromkeys(_told(value) for value in (sorted(values) if numbers else values)))
    if numbers and len(kinds) > 4:
        return f"{_told(min(values))} to {_told(max(values))}"
    return ", ".join(kinds)


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(each)}" for name, each in value.items())
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _tell_result(facts: Facts, choices: Choices) -> str:
    final, baseline = facts.accuracy[choices["headline"]]
    beside = f"; the baseline {in_digits(baseline)}" if choices["beside"] == BASELINE else ""
    doubt = (
        "" if choices["doubt"] == NO_DOUBT else f" ± {facts.doubt(choices['doubt']):.3f} ({choices['doubt']})"
    )
    return (
        f"Accuracy on {choices['headline']}: {in_digits(final)}{beside}. On {len(facts.by_student)} "
        f"validation students the model minus the baseline is {signed(facts.gain)}{doubt}. Verdict: "
        f"{choices['verdict']}."
    )


# ---------------------------------------------------------------- a sample, with faults to be found


def sample_capstone() -> tuple[dict[str, Any], Tensor, Tensor, Tensor, SealedTest]:
    """Return a made-up result with its data: a rule by one column. It has faults, which the card tells."""
    x, y, students = study_sessions(60, 10, seed=7)
    known = students < 40
    sealed = SealedTest(x[~known], y[~known])

    def by_noise(rows: Tensor) -> Tensor:
        return (rows[:, 2] > -0.6).long() + (rows[:, 2] > 0.6).long()

    def always_help(rows: Tensor) -> Tensor:
        return torch.full((len(rows),), 2)

    scores = [sealed.accuracy(predict) for predict in (by_noise, by_noise, always_help)]
    result = {
        **dict(zip(KEYS[:2], (range(300), range(300, 400)), strict=True)),
        "trials": [
            {"config": {"limit": limit}, "validation_loss": loss}
            for limit, loss in ((0.2, 1.04), (0.6, 0.97), (1.0, 0.99))
        ],
        "config": {"limit": 0.6},
        "baseline": {"predict": always_help},
        "predict": by_noise,
        "test": scores[1],
        "baseline_test": scores[2],
        "verdict": "better",
    }
    return result, x[known], y[known], students[known], sealed
