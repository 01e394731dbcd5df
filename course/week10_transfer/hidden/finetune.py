"""Hidden checks of finetune. They hold for any optimizer: what is compared is how weights move."""

from __future__ import annotations

import math
from typing import Any

import torch
from checking import expect, expect_close, expect_equal
from hidden.finetune_scenes import (
    Scene,
    batches_of,
    call_of,
    came,
    deep,
    flexible,
    known_task,
    moved,
    normed,
    plain,
    scene,
    seeds,
    sure_scene,
)

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal, drawn_from

NEAR = 0.3  # of the source's own size: two small steps move less than .05 of it, a fresh net lies beyond 1
LEARNT = 0.95  # of 48 rows right after 12 steps of a new head on features that part the classes
CLASSES = "replace the last linear layer by nn.Linear(in_features, n_classes)"
COPY = "begin with copy.deepcopy(source_model): weights and buffers, to the last bit"
SOURCE = "train a deep copy: the source keeps its values, its flags and its modes"
HEAD = "make a new nn.Linear in any case, also for as many classes as before, and set no seed"
LEARN = "make the optimizer after the new head is in place, of all parameters that learn"
FROZEN = "leave requires_grad of the copied layers as it is; a new nn.Linear learns by itself"
PASSES = "model.train(), then for each epoch and each batch: zero_grad, loss, backward, step"
NORM = "after model.train() put each BatchNorm1d with frozen parameters back into eval mode"
RATE = "hand lr to the optimizer, for all parameters, and leave it there"
LOSS = "nn.CrossEntropyLoss takes the logits themselves: no softmax before it"
EVAL = "end with model.eval()"


def same_body(given: Scene, answer: list[dict[str, Any]], hint: str) -> None:
    """Raise Mismatch unless the body is the source's, with its buffers."""
    for number, told in enumerate(answer):
        for what in ("body", "buffers"):
            call = f"the {what} (flat) after {call_of(given, number)}"
            expect_close(told[what], told["given"][what], call=call, hint=hint, tolerance=1e-7)


def of_its_own(given: Scene, told: dict[str, Any]) -> None:
    """Raise Mismatch if the net that comes back is the source, or shares memory with it."""
    call = f"the net that comes back of {call_of(given)}"
    expect(not told["itself"], call=call, got="the source itself", expected="another net", hint=SOURCE)
    expect(not told["shared"], call=call, got="memory shared with the source", expected="none", hint=SOURCE)


def head_moved(given: Scene, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Raise Mismatch unless the head has learnt: two calls with one seed, the first with 0 epochs."""
    parts = ("weight", "bias")
    got = moved([before[part] for part in parts], [after[part] for part in parts])
    call = f"weight and bias of the head: moved in {call_of(given, 1)}"
    expect_equal(got, [True, True], call=call, hint=LEARN)


@check("finetune", gate=True)
def a_net_for_n_classes_comes_back(student: Student) -> None:
    classes = drawn(student, 4, 6)
    given = scene(student, plain(student), (classes, 1, 0.01, *seeds(student, 1)), sizes=(8,))
    outputs = came(student, given)[0]["outputs"]
    shape = list(outputs.shape) if isinstance(outputs, torch.Tensor) else outputs
    call = f"the shape of the outputs for 8 rows after {call_of(given)}"
    expect(shape == [8, classes], call=call, got=shape, expected=f"[8, {classes}]", hint=CLASSES)


@check("finetune", marks=0.5)
def with_no_epochs_the_body_is_the_source(student: Student) -> None:
    first, second, third = seeds(student, 3)
    scenes = [scene(student, normed(student), (4, 0, 0.01, first), _training=False)]
    scenes.append(scene(student, plain(student), (5, 0, 0.5, second), _frozen=[0, 1]))
    scenes.append(scene(student, flexible(student), (3, 0, 0.01, third)))
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        same_body(given, answer, COPY)
        of_its_own(given, answer[0])


@check("finetune", marks=0.75)
def the_source_stays_as_it_was(student: Student) -> None:
    first, second = seeds(student, 2)
    scenes = [scene(student, normed(student), (4, 1, 0.05, first), _frozen=[0, 1, 2, 3], sizes=(8,))]
    scenes.append(
        scene(student, deep(student), (4, 1, 0.05, second), _frozen=[2], _training=False, sizes=(8,))
    )
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        told, call = answer[0], f"the net that comes back of {call_of(given)}"
        expect_equal(
            told["changed"], [], call=f"what is changed in the source after {call_of(given)}", hint=SOURCE
        )
        of_its_own(given, told)
        learns = any(moved(told["given"]["parts"], told["parts"]))
        expect(learns, call=call, got="the source's own body", expected="a body that has learnt", hint=LEARN)


@check("finetune", marks=0.25)
def the_head_is_new_and_has_values_of_its_own(student: Student) -> None:
    first, second = seeds(student, 2)
    calls = ((3, 0, 0.01, first), (3, 0, 0.01, second), (3, 0, 0.01, first), (3, 0, 0.01, first, 5))
    given = scene(student, plain(student), *calls)
    told, another, again, later = came(student, given)
    kept = "values" not in told["changed"]
    call = f"the source's own head after {call_of(given)}"
    expect(kept, call=call, got="another", expected="the old one", hint=SOURCE)
    call, weight = f"the head's weights after {call_of(given)}", told["weight"]
    new = _differ(weight, told["given"]["weight"])
    expect(new, call=call, got="the source's own", expected="new ones", hint=HEAD)
    new = _differ(told["bias"], told["given"]["bias"])
    call = f"the head's bias after {call_of(given)}"
    expect(new, call=call, got="the source's own", expected="a new one", hint=HEAD)
    values = len(set(weight.flatten().tolist()))
    expect(values > 1, call=call, got=f"{values} different value", expected="random ones", hint=HEAD)
    call = f"the head's weights after {call_of(given, 1)}"
    differ = _differ(weight, another["weight"])
    expect(differ, call=call, got="those of another seed", expected="others", hint=HEAD)
    call = f"the head's weights after {call_of(given, 3)} and five draws of the caller's"
    differ = _differ(weight, later["weight"])
    expect(differ, call=call, got="those without the draws", expected="others", hint=HEAD)
    call = f"what the caller draws after {call_of(given, 1)}"
    differ = _differ(told["following"], another["following"])
    expect(differ, call=call, got="the same as with another seed", expected="others", hint=HEAD)
    call = f"the head's weights after {call_of(given, 2)}, a second time"
    expect_close(again["weight"], weight, call=call, hint="draw with torch alone, and set no seed")


def _differ(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape != other.shape or not bool(torch.isclose(one, other).any())


@check("finetune", marks=0.5)
def all_layers_learn_and_stay_near_the_source(student: Student) -> None:
    seed = seeds(student, 1)[0]
    given = scene(student, deep(student), (4, 0, 0.001, seed), (4, 2, 0.001, seed), sizes=(8,))
    before, after = came(student, given)
    got = moved(before["parts"], after["parts"])
    call = f"the parameters of the body: moved in {call_of(given, 1)}"
    expect_equal(got, [True] * 4, call=call, hint=LEARN)
    head_moved(given, before, after)
    shares = [_share(old, new) for old, new in zip(after["given"]["parts"], after["parts"], strict=True)]
    share = max(shares)
    call = f"how far a weight or bias has moved, as a share of its size, in {call_of(given, 1)}"
    hint = "two small steps from the source's weights lead not far: begin with a copy"
    expect(share < NEAR, call=call, got=round(share, 3), expected=f"less than {NEAR}", hint=hint)


def _share(old: torch.Tensor, new: torch.Tensor) -> float:
    return float((new - old).norm() / old.norm()) if old.shape == new.shape else math.inf


@check("finetune", marks=0.5)
def what_is_frozen_stays_and_the_head_learns(student: Student) -> None:
    seed, frozen = seeds(student, 1)[0], sorted(drawn_from(student, range(4), 2))
    scenes = [scene(student, deep(student), (4, 1, 0.05, seed), _frozen=frozen, sizes=(8,))]
    calls = ((4, 0, 0.05, seed), (4, 1, 0.05, seed))
    scenes.append(scene(student, flexible(student), *calls, _frozen=[0, 1, 2, 3], sizes=(8,)))
    answers = [came(student, given) for given in scenes]
    for given, (*_, told) in zip(scenes, answers, strict=True):
        count, number = len(told["given"]["parts"]), len(given["_calls"]) - 1
        want = [place not in given["_frozen"] for place in range(count)]
        call = f"requires_grad of all parameters after {call_of(given, number)}"
        expect_equal(told["flags"], [*want, True, True], call=call, hint=FROZEN)
        call = f"the parameters of the body: moved in {call_of(given, number)}"
        expect_equal(moved(told["given"]["parts"], told["parts"]), want, call=call, hint=FROZEN)
    head_moved(scenes[1], *answers[1])


@check("finetune", marks=0.25)
def every_batch_of_every_epoch_is_a_step_in_train_mode(student: Student) -> None:
    epochs, last = 2, drawn(student, 1, 3)
    seed = seeds(student, 1)[0]
    *body, head = plain(student)
    layers = [["Watch"], *body, ["Dropout", 0.25], head]
    call = (4, epochs, 0.001, seed)
    scenes = [scene(student, layers, call, sizes=(4, 4, last), _training=False)]
    scenes.append(scenes[0] | {"_as_loader": True, "_batches": scenes[0]["_batches"][1:]})
    answers = [came(student, given)[0] for given in scenes]
    for given, told in zip(scenes, answers, strict=True):
        passes, count = told["passes"], epochs * len(given["_batches"])
        rows = sorted(value for _, seen in passes for value in seen)
        want = sorted(torch.cat([x[:, 0] for x, _ in given["_batches"]] * epochs).tolist())
        call_words = f"{call_of(given)}, the last one of {last} rows"
        for steps in (len(passes), len(told["norms"]) or len(passes)):
            expect_equal(steps, count, call=f"steps of {call_words}", hint=PASSES)
        expect(
            rows == want,
            call=f"the rows in {call_words}",
            got="others",
            expected="all, once an epoch",
            hint=PASSES,
        )
        hint = "leave the dropout of the copy as it is in the source"
        call = f"p of all dropout layers after {call_of(given)}"
        expect_equal(told["drops"], told["given"]["drops"], call=call, hint=hint)
        modes = sorted({"train" if training else "eval" for training, _ in passes})
        expect_equal(modes, ["train"], call=f"the modes while training in {call_words}", hint=PASSES)
    _own_gradients(student)


def _own_gradients(student: Student) -> None:
    """Raise Mismatch if gradients pile up: equal batches have equal ones if the rate is tiny."""
    given = scene(student, plain(student), (4, 2, 1e-7, *seeds(student, 1)), sizes=(6,))
    given["_batches"] *= 2
    norms = came(student, given)[0]["norms"]
    if norms:  # a step that is written by hand has no hook
        hint = "clear the gradients before each backward, or they add up: optimizer.zero_grad()"
        call = f"the size of the gradient in each step of {call_of(given)}"
        expect_close(norms, [norms[0]] * len(norms), call=call, hint=hint, tolerance=0.01)


@check("finetune", marks=0.25)
def a_frozen_batch_norm_rests_and_others_go_on(student: Student) -> None:
    scenes = []
    for training in (True, False):
        call = (4, 1, 0.01, *seeds(student, 1))
        scenes.append(scene(student, normed(student), call, _frozen=[0, 1, 2, 3], _training=training))
    answers = [came(student, given)[0] for given in scenes]
    for given, told in zip(scenes, answers, strict=True):
        rests = 2 * given["_layers"][0][2][1] + 1  # mean and variance of its features, and a count of batches
        now, start = told["buffers"], told["given"]["buffers"]
        call = f"the buffers of the frozen BatchNorm1d after {call_of(given)}"
        expect_close(now[:rests], start[:rests], call=call, hint=NORM, tolerance=1e-7)
        call = f"the buffers of the BatchNorm1d that learns after {call_of(given)}"
        moves = len(now) == len(start) and bool((now[rests:] != start[rests:]).any())
        expect(moves, call=call, got="the source's", expected="others", hint="it learns in train mode")


@check("finetune", marks=0.25)
def the_rate_is_lr(student: Student) -> None:
    seed, lr = seeds(student, 1)[0], drawn_decimal(student, 0.001, 0.004, places=4)
    calls = [(4, epochs, rate, seed) for epochs, rate in ((0, lr), (1, lr), (1, round(8 * lr, 4)))]
    given = scene(student, plain(student), *calls, sizes=(6,))
    longer = scene(student, plain(student), (4, 3, lr, seed))
    before, *after = came(student, given)
    after.append(came(student, longer)[0])
    start = _all_parts(before)
    small, large = (float((_all_parts(told) - start).norm()) for told in after[:2])
    times = large / small if small else math.nan
    call = f"how many times as far one step goes with rate {calls[2][2]:g} as with {lr:g}"
    expect_close(times, 8.0, call=call, hint=RATE, tolerance=0.02)
    for told, rate in zip(after, (lr, calls[2][2], lr), strict=True):
        rates = sorted({rate for step in told["rates"] for rate in step}) or [rate]
        expect_close(
            rates, [rate], call=f"the rates of the optimizer for lr = {rate:g}", hint=RATE, tolerance=1e-7
        )


def _all_parts(told: dict[str, Any]) -> torch.Tensor:
    return torch.cat([told["body"], told["weight"].flatten(), told["bias"].flatten()])


@check("finetune", marks=0.25)
def the_loss_is_cross_entropy_on_logits(student: Student) -> None:
    scenes = [sure_scene(student) for _ in range(2)]
    answers = [came(student, given) for given in scenes]
    for given, (before, after) in zip(scenes, answers, strict=True):
        steps = (after["bias"] - before["bias"]).sign().int().tolist()
        call = (
            f"signs of the steps of the head's biases in {call_of(given, 1)}: one row, once with each label"
        )
        good = sorted(steps) == [-1] + [1] * (len(steps) - 1)
        expect(
            good, call=call, got=steps, expected="one -1 (the class that it says), all others 1", hint=LOSS
        )


@check("finetune", marks=0.25)
def a_new_head_learns_the_old_task_in_a_few_steps(student: Student) -> None:
    x, labels, numbers = known_task(student)
    layers = [["Linear", 8, 8], ["ReLU"], ["Linear", 8, 4]]
    call = (4, 2, drawn_decimal(student, 0.2, 0.3), *seeds(student, 1))
    given = scene(student, layers, call, _frozen=[0, 1], _numbers=numbers)
    given |= {"_batches": batches_of(x, labels, (8,) * 6), "_x": x}
    outputs = came(student, given)[0]["outputs"]
    share = float((outputs.argmax(1) == labels).float().mean())
    call_words = f"accuracy on its own training rows after 12 steps: {call_of(given)}"
    hint = "a new head alone learns what the source knows in 12 steps: Adam or SGD do (Adadelta is too slow)"
    expect(share >= LEARNT, call=call_words, got=round(share, 3), expected=f"at least {LEARNT}", hint=hint)


@check("finetune", marks=0.25)
def the_net_comes_back_in_eval_mode(student: Student) -> None:
    scenes = []
    for layers, epochs in ((plain(student), 1), (normed(student), 0)):
        scenes.append(scene(student, layers, (4, epochs, 0.01, *seeds(student, 1)), sizes=(8,)))
    answers = [came(student, given)[0] for given in scenes]
    for given, told in zip(scenes, answers, strict=True):
        modes = ["train" if training else "eval" for training in told["modes"]]
        expect_equal(modes, ["eval"], call=f"the modes of all parts after {call_of(given)}", hint=EVAL)
