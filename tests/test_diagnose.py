"""When two answers count as the same, and when a mistake is named."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from weeks import checks_of

from autograder.checks.diagnose import find_mistake, mistake_traces, same_trace, same_value
from autograder.checks.framework import Answer
from autograder.checks.known import course_names, judge_source
from autograder.model import Mistake

ALIKE = [
    (0.5, torch.tensor(0.50001)),
    (1e6, 1e6 + 10),
    (math.nan, torch.tensor(math.nan)),
    (math.inf, math.inf),
    ([1, 2], np.array([1.0, 2.0])),
    ((1, [2, 3]), [1, (2, 3)]),
    ({"a": [1.0]}, {"a": [1]}),
    (np.arange(2, dtype=np.int32), np.arange(2)),
    ("b", " B) "),
    ("healthy", "healthy"),
    (None, None),
    (True, True),
    ([], np.zeros(0)),
    ([math.nan, math.inf, 1.0], (math.nan, math.inf, 1)),
    ([None, "a"], (None, "a")),
]
UNLIKE = [
    (0.5, 0.501),
    (math.inf, math.nan),
    (math.inf, -math.inf),
    ([math.nan, 1.0], [1.0, math.nan]),
    ([math.nan, 1.0], [math.inf, 1.0]),
    (math.nan, 0.0),
    ([math.nan, 1.0], [1.0, 1.0]),
    (1.0, torch.tensor([1.0])),
    (1, True),
    (0, None),
    ("healthy", "Healthy"),
    ("a", "b"),
    ("", "a"),
    ([1, 2], [1, 2, 3]),
    ([None], [None, None]),
    ({"a": 1}, {"b": 1}),
    ({"a": 1}, [1]),
    ("1", 1),
    ([1, "a"], [1, "b"]),
    (object(), object()),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_answers_that_mean_the_same_are_alike(one: Any, other: Any) -> None:
    assert same_value(one, other)
    assert same_value(other, one)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_answers_that_differ_are_not_alike(one: Any, other: Any) -> None:
    assert not same_value(one, other)
    assert not same_value(other, one)


def test_traces_are_alike_if_all_answers_and_errors_are() -> None:
    trace = (Answer("c", "f", 1.0), Answer("c", "f", None, "ValueError"))
    assert same_trace(trace, list(trace))
    assert not same_trace(trace, trace[:1])
    assert not same_trace(trace, (trace[0], Answer("c", "f", None, "TypeError")))
    assert not same_trace(trace, (Answer("c", "g", 1.0), trace[1]))
    assert not same_trace(trace, (Answer("d", "f", 1.0), trace[1]))


def test_gaps_in_the_same_places_tell_a_mistake_if_they_fit_one_alone() -> None:
    one, two = (Mistake("f", name, "S.", "") for name in "ab")
    trace, nan, inf = ((Answer("c", "f", [value, 1.0]),) for value in (-math.inf, math.nan, math.inf))
    other = (Answer("c", "f", [1.0, math.nan]),)
    assert find_mistake(trace, [(one, nan), (two, other)]) is one
    assert find_mistake(trace, [(one, nan), (two, inf)]) is None
    assert find_mistake(trace, [(one, nan), (two, trace)]) is two


def test_the_first_mistake_with_the_same_trace_is_named() -> None:
    one, two, three = (Mistake("f", name, "S.", "") for name in "abc")
    known = [(one, (Answer("c", "f", 1),)), (two, (Answer("c", "f", 2),)), (three, (Answer("c", "f", 2),))]
    assert find_mistake((Answer("c", "f", 2.0),), known) is two
    assert find_mistake((Answer("c", "f", 3.0),), known) is None
    assert find_mistake((), known) is None


SAME_MISTAKE = [
    ("week03", "huber", "sum_instead_of_mean", """
def huber(pred, target, delta=1.0):
    total = torch.tensor(0.0)
    for e in (pred - target).flatten():
        total = total + (e * e / 2 if abs(e) <= delta else delta * (abs(e) - delta / 2))
    return total
"""),
    ("week03", "cross_entropy", "log_of_softmax", """
def cross_entropy(logits, labels):
    return sum(-F.softmax(row, -1)[label].log() for row, label in zip(logits, labels)) / len(labels)
"""),
    ("week04", "smooth", "not_corrected", """
def smooth(values, beta):
    if not (beta >= 0 and beta < 1):
        raise ValueError(beta)
    result, last = [], 0
    for v in values:
        last = last * beta + v * (1 - beta)
        result.append(last)
    return np.array(result).tolist()
"""),
    ("week03", "cross_entropy", "exp_overflows", """
def cross_entropy(logits, labels):
    e = torch.exp(logits)
    return -(e[range(len(labels)), labels] / e.sum(-1)).log().mean()
"""),
    ("week03", "bce_with_logits", "plain_float", """
def bce_with_logits(logits, targets):
    return float((logits * (1 - targets) + F.softplus(-logits)).mean())
"""),
    ("week04", "split_indices", "global_seed", """
def split_indices(labels, fractions, seed):
    if len(fractions) != 3 or any(f < 0 for f in fractions) or not math.isclose(sum(fractions), 1):
        raise ValueError
    np.random.seed(seed)
    labels, parts = np.array(labels), [[], [], []]
    for label in set(labels.tolist()):
        rows = np.where(labels == label)[0]
        np.random.shuffle(rows)
        cuts = round(fractions[0] * len(rows)), round((fractions[0] + fractions[1]) * len(rows))
        for part, piece in zip(parts, np.split(rows, cuts)):
            part += list(piece)
    return [np.array(part, dtype=int) for part in parts]
"""),
    ("week04", "diagnose", "last_value_instead_of_median", """
def diagnose(history, baseline):
    t, v = history["train_loss"], history["val_loss"]
    if len(t) < 6 or len(t) != len(v):
        raise ValueError("too short")
    if any(math.isnan(x) or math.isinf(x) for x in t + v) or t[-1] - min(t) > 0.1 * baseline:
        return "diverged"
    if v[-1] - min(v) > 0.1 * baseline or v[-1] - t[-1] > 0.5 * baseline:
        return "overfitting"
    t_before, v_before = sorted(t[-6:-3])[1], sorted(v[-6:-3])[1]
    if t_before - t[-1] > 0.02 * baseline and v_before - v[-1] > 0.02 * baseline:
        return "undertrained"
    return "underfitting" if t[-1] > 0.5 * baseline else "healthy"
# no blind_spot: a second function that is missing hides no mistake of the first
"""),
    ("week04", "gq2", "chose_D", "answer_gq2 = ' d '"),
]  # fmt: skip


@pytest.mark.parametrize(("week", "exercise", "name", "source"), SAME_MISTAKE)
def test_a_mistake_is_recognised_however_it_is_written(
    week: str, exercise: str, name: str, source: str
) -> None:
    checks = checks_of(week).checks[exercise]
    for seed in (0, 4):
        known = mistake_traces(checks_of(week).mistakes_of(exercise), checks, course_names(), seed)
        found = find_mistake(judge_source(source, exercise, checks, course_names(), seed).trace, known)
        assert found is not None
        assert found.name == name


def test_an_unknown_mistake_is_not_given_a_name() -> None:
    checks = checks_of("week03").checks["huber"]
    known = mistake_traces(checks_of("week03").mistakes_of("huber"), checks, course_names(), 0)
    source = "def huber(pred, target, delta=1.0):\n    return ((pred - target).abs() ** 1.5).mean()"
    assert find_mistake(judge_source(source, "huber", checks, course_names(), 0).trace, known) is None


def test_trusted_answers_print_nothing_and_leave_the_names_alone(capfd: pytest.CaptureFixture[str]) -> None:
    names = course_names()
    source = "import sys\nprint('hello')\nprint('there', file=sys.stderr)\nanswer_gq5 = 'C'"
    assert judge_source(source, "gq5", checks_of("week03").checks["gq5"], names, 0).result.score == 1
    assert names.keys() == course_names().keys()
    assert capfd.readouterr() == ("", "")
