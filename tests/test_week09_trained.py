"""Week 9: what its text says of what it trains is what comes out, and its pictures tell the same."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
import torch

from utils import FlexibleClassifier, compare, digits_noisy, fit

LESSON = Path(__file__).parents[1] / "course" / "week09_search"
sys.path.insert(0, str(LESSON))

import tuning_experiments_final as final  # noqa: E402
import tuning_pictures  # noqa: E402
from course_data import one_thread  # noqa: E402
from search import search  # noqa: E402
from tuning_studies import FRESH, WINNERS, retrain_winner, told  # noqa: E402

pytestmark = pytest.mark.trains

LESSON_TEXT = (LESSON / "week09_search.md").read_text(encoding="utf-8")
PLAIN = {"lr": 0.001, "weight_decay": 0.01}


def mean(values: Any, digits: int = 3) -> float:
    """Return the rounded mean of some runs."""
    return round(float(np.mean(values)), digits)


def solution(grade_id: str) -> str:
    """Return the code of a solution cell of the lesson."""
    found = re.search(rf"{{grade_id: {grade_id}, solution: true}}\n\n(.*?)\n```", LESSON_TEXT, re.DOTALL)
    assert found
    return found[1]


@lru_cache
def our_study(seed: int = 0) -> optuna.Study:
    """Return the study of the lesson, or one with another seed, with the objective of its solution."""
    train, validation, _ = digits_noisy()
    names: dict[str, Any] = {"torch": torch, "optuna": optuna, "fit": fit, "EPOCHS": 10}
    names |= {"FlexibleClassifier": FlexibleClassifier, "train_set": train, "val_set": validation}
    exec(solution("objective"), names)
    with one_thread():
        return search(names["objective"], 50, direction="minimize", seed=seed, progress=False)


def test_the_winner_of_the_search_is_tested_beside_the_baseline() -> None:
    done = our_study().get_trials(states=[optuna.trial.TrialState.COMPLETE])
    five = [trial for trial in sorted(done, key=lambda trial: trial.value)[:5]]
    again = {
        trial.number: final.retrain([64] * trial.params["layers"], trial.params, 10, FRESH) for trial in five
    }
    ranks = sorted(again, key=lambda number: -again[number]["validation"].mean())
    assert (our_study().best_trial.number, ranks[0], ranks[3]) == (38, 37, 38)
    assert mean(again[37]["test"]) == pytest.approx(0.865, abs=0.003)
    tuned = again[38]
    short, long = (final.retrain([64], PLAIN, epochs, FRESH) for epochs in (10, 40))
    faster = final.retrain([64], PLAIN | {"lr": 0.01}, 10, FRESH)
    assert [mean(runs["test"]) for runs in (long, faster)] == pytest.approx([0.873, 0.868], abs=0.002)
    assert mean(tuned["test"]) == pytest.approx(0.842, abs=0.005)
    assert compare(tuned["test"], faster["test"]).is_clear
    ahead, behind = compare(short["test"], tuned["test"]), compare(long["test"], tuned["test"])
    assert (ahead.difference, behind.difference) == pytest.approx((0.109, -0.031), abs=0.005)
    assert (ahead.standard_error, behind.standard_error) == pytest.approx((0.008, 0.005), abs=0.001)
    assert our_study().best_value == pytest.approx(0.344, abs=0.005)
    assert mean(tuned["loss"]) == pytest.approx(0.513, abs=0.01)
    assert [mean(search["test"]) for search in told("long search")] == [0.876, 0.872, 0.879]


def test_the_luck_of_a_search_is_that_of_its_seed_too() -> None:
    ends = [mean(winner["test"]) for winner in told("winners")]
    assert (min(ends), max(ends)) == (0.845, 0.868)
    assert [winner["first"] for winner in told("winners")] == ["lr", "dropout", "lr", "layers"]
    again, kept = retrain_winner(2), told("winners")[1]
    assert again["test"] == pytest.approx(kept["test"], abs=0.02)
    shares = optuna.importance.get_param_importances(our_study())
    assert (next(iter(shares)), round(shares["dropout"], 2)) == ("dropout", 0.46)


@pytest.mark.long
@pytest.mark.parametrize("seed", WINNERS)
def test_the_winners_of_other_study_seeds_are_those_of_our_objective(seed: int) -> None:
    study, (params, first) = our_study(seed), WINNERS[seed]
    assert study.best_params == pytest.approx(params)
    assert next(iter(optuna.importance.get_param_importances(study))) == first


def test_few_weights_cost_little() -> None:
    front = {117: (0.0053007, 0.904), 24: (0.013675, 0.902), 10: (0.010345, 0.864)}  # of the lesson's search
    study = optuna.create_study(directions=["maximize", "minimize"])
    for width, (lr, accuracy) in front.items():
        found = final.small_net(width, lr)
        assert found[0] == pytest.approx(accuracy, abs=0.004)
        study.add_trial(optuna.trial.create_trial(values=list(found)))
    weights = [int(trial.values[1]) for trial in study.trials]
    assert weights == [8785, 1810, 760]
    assert [round(8785 / few) for few in weights[1:]] == [5, 12]
    _, alt = tuning_pictures.front_picture(study)
    assert "0.904 with 8785 weights" in alt


@pytest.mark.parametrize("name", ["decades", "curse", "leaders", "samplers", "together"])
def test_every_picture_tells_its_numbers(name: str) -> None:
    _, alt = getattr(tuning_pictures, f"{name}_picture")()
    assert len(re.findall(r"\d", alt)) > 15
    assert "nan" not in alt


@pytest.mark.parametrize("name", ["importance", "contour"])
def test_optunas_pictures_tell_their_numbers(name: str) -> None:
    _, alt = getattr(tuning_pictures, f"{name}_picture")(our_study())
    assert "nan" not in alt
    assert re.search(r"0\.\d\d", alt)
