"""Hidden checks of train_one_epoch."""

from __future__ import annotations

from typing import Any

import torch
from checking import Mismatch, as_array, expect, expect_close
from hidden.scenes import BY_HAND, ONCE, WATCH

from autograder.checks.answers import remembered
from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal, drawn_labels
from autograder.judge.scenario import evaluate as run_scenario

Scene = dict[str, Any]

SCENARIO = (
    f"{ONCE}{WATCH}"
    + """
def _build():
    i, h, o = _widths
    layers = [_t.nn.Linear(i, o, bias=False)] if h == 0 else [_t.nn.Linear(i, h), _t.nn.Tanh()]
    if _net != "plain":
        layers[1:1] = [_t.nn.BatchNorm1d(h, momentum=0.3), _Gain()]
    net = _t.nn.Sequential(*layers, *([_t.nn.Linear(h, o)] if h else []))
    size = sum(p.numel() for p in net.parameters())
    _t.nn.utils.vector_to_parameters(_numbers[:size].clone(), net.parameters())
    for parameter in net.parameters():
        parameter.grad = _t.full_like(parameter, _leftover) if _leftover else None
    return net.train(_net != "in eval mode")

def _optimizer(net):
    if _memory == "Adam":
        return _t.optim.Adam(net.parameters(), lr=_rate)
    return _t.optim.SGD(net.parameters(), lr=_rate, momentum=_memory)

def _tilted(outputs, targets):
    # Costs too little more than too much: outputs and targets cannot be swapped.
    error = targets - outputs
    return _t.where(error > 0, 3.0 * error**2, error**2).mean()

def _loader():
    if _kind == "once":
        return _Once([tuple(batch) for batch in _batches])
    if _kind == "drop_last":
        x, y = (_t.cat(part) for part in zip(*_batches))
        data = _t.utils.data.TensorDataset(x, y)
        return _t.utils.data.DataLoader(data, batch_size=len(_batches[0][0]), drop_last=True)
    return [tuple(batch) for batch in _batches]

_model = _build()
_steps = _optimizer(_model)
_criterion = {"mse": _t.nn.MSELoss(), "tilted": _tilted, "entropy": _t.nn.CrossEntropyLoss()}[_cost]
_before, _results, _events = _sys.getprofile(), [], []
_steps.register_step_post_hook(lambda *_: _events.append("step"))
for _parameter in _model.parameters():
    _parameter.register_hook(lambda _: _events.append("gradient"))
if _watched:
    _sys.setprofile(_watch)
try:
    for _ in range(_epochs):
        _results.append(train_one_epoch(_model, _loader(), _criterion, _steps))
finally:
    if _watched:
        _sys.setprofile(_before)
_weights = _t.cat([p.detach().flatten() for p in _model.parameters()])
_buffers = _t.cat([b.detach().flatten().float() for b in _model.buffers()] + [_t.zeros(0)])
[_results, _weights, _buffers, sorted(_used), _MORE]
"""
)
# What is returned beside, to tell mistakes apart: nothing is judged by it.
EVENTS = "[_events, [p.grad for p in _model.parameters()]]"
GRAPH = "getattr(_results[-1], 'requires_grad', False)"

FIVE_LINES = "for each batch: zero_grad, outputs, loss, backward, step, in this order and once each"
CLEAR = "call optimizer.zero_grad() at the start of each batch, before the first backward()"
BEFORE = "add up the loss that each batch has before its own step; compute none of them again"
BY_ROWS = "multiply each batch's loss by its rows, and divide the sum by all rows that came"


def train_one_epoch(model: Any, loader: Any, criterion: Any, optimizer: Any) -> float:
    """Return what is right."""
    model.train()
    total, rows = 0.0, 0
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        total, rows = total + loss.item() * len(targets), rows + len(targets)
    return total / rows


def hundredths(student: Student, *shape: int, low: float = -2.0, high: float = 2.0) -> torch.Tensor:
    """Return random numbers with two decimals."""
    unit = torch.rand(*shape, generator=student.rng)
    return ((low + (high - low) * unit) * 100).round() / 100


def scene(student: Student, sizes: tuple[int, ...], **changes: Any) -> Scene:
    """Return what the scenario needs: a net, batches of these sizes, a cost, and how to step.

    By default a net of two layers with one output, the mean squared error and plain SGD.
    """
    found: Scene = {"_widths": (3, 4, 1), "_net": "plain", "_leftover": 0.0, "_memory": 0.0, "_epochs": 1}
    found |= {
        "_cost": "mse",
        "_kind": "list",
        "_gain": 1.0,
        "_watched": False,
        "_rate": drawn_decimal(student, 0.05, 0.15),
    }
    found |= changes
    inputs, _, outputs = found["_widths"]
    found["_numbers"] = hundredths(student, 60, low=-1.0, high=1.0)
    batches = []
    for rows in sizes:
        targets = hundredths(student, rows, outputs, low=2.0, high=5.0)  # far from the outputs at the start
        if found["_cost"] == "entropy":
            targets = drawn_labels(student, rows, outputs)
        batches.append([hundredths(student, rows, inputs), targets])
    return found | {"_batches": batches}


def words_for(given: Scene) -> str:
    """Return the call of a scene in words."""
    sizes = [len(batch[0]) for batch in given["_batches"]]
    net = "-".join(str(width) for width in given["_widths"] if width)
    steps = given["_memory"] if given["_memory"] == "Adam" else "SGD"
    batches = f"{'batches' if len(sizes) > 1 else 'a batch'} of {', '.join(map(str, sizes))} rows"
    return f"train_one_epoch(a net {net}, {batches}, …, {steps} with rate {given['_rate']:g})"


@remembered
def right(given: Scene) -> tuple[list[float], torch.Tensor, torch.Tensor]:
    """Return the right results, weights and buffers."""
    source = SCENARIO.replace("_MORE", "None")
    results, weights, buffers, *_ = run_scenario(source, {**given, "train_one_epoch": train_one_epoch})
    return results, weights, buffers


def came(student: Student, given: Scene, more: str = "None") -> list[Any]:
    """Return results, weights, buffers and the ready-made loops that were called."""
    student.train_one_epoch  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO.replace("_MORE", more), **given)
    good = isinstance(answer, list) and len(answer) == 5 and isinstance(answer[0], list) and answer[0]
    expect(bool(good), call=words_for(given), got=answer, expected="a float", hint=FIVE_LINES)
    return answer


def same_weights(
    student: Student, scenes: list[Scene], hint: str, by_hand: bool = False, more: str = "None"
) -> None:
    """Raise Mismatch unless the weights and buffers end where they should in all scenes."""
    answers = [came(student, given | {"_watched": by_hand}, more) for given in scenes]
    for given, (_, got, buffers, *_) in zip(scenes, answers, strict=True):
        _, weights, kept = right(given)
        expect_close(got, weights, call=f"the weights after {words_for(given)}", hint=hint)
        expect_close(buffers, kept, call=f"the buffers after {words_for(given)}", hint=hint)
    if by_hand:
        written_by_hand(answers[0][3], words_for(scenes[0]))


def same_loss(student: Student, scenes: list[Scene], hint: str, by_hand: bool = False) -> None:
    """Raise Mismatch unless the mean loss is right in all scenes. A tensor will do here."""
    answers = [came(student, given | {"_watched": by_hand}) for given in scenes]
    wanted = [right(given)[0][-1] for given in scenes]
    for given, (results, *_), want in zip(scenes, answers, wanted, strict=True):
        student.expects(words_for(given), results[-1], want)
    for given, (results, *_), want in zip(scenes, answers, wanted, strict=True):
        expect_close(results[-1], want, call=words_for(given), hint=hint)
    if by_hand:
        written_by_hand(answers[0][3], words_for(scenes[0]))


def written_by_hand(used: Any, call: str) -> None:
    """Raise Mismatch if a loop of utils was called. Half of the marks lie in checks that end with this."""
    names = [name for name in used if isinstance(name, str)] if isinstance(used, list) else []
    if names:
        raise Mismatch(call, f"a result of utils' {names[0]}", "a loop of your own", BY_HAND)


@check("train_one_epoch", gate=True)
def the_weights_move(student: Student) -> None:
    given = scene(student, (3, 3))
    weights = as_array(came(student, given, EVENTS)[1])
    before = given["_numbers"].numpy()
    moved = weights is not None and not bool((abs(weights - before[: weights.size]) < 1e-6).all())
    call, hint = (
        f"the weights after {words_for(given)}",
        "after backward() comes optimizer.step(). " + FIVE_LINES,
    )
    expect(moved, call=call, got="the same as before", expected="other weights", hint=hint)


@check("train_one_epoch", marks=0.25)
def one_batch_moves_the_weights_by_one_step(student: Student) -> None:
    same_weights(student, [scene(student, (4,))], FIVE_LINES, by_hand=True)


@check("train_one_epoch", marks=0.5)
def the_loss_is_that_before_each_step(student: Student) -> None:
    scenes = [scene(student, (3, 3), _widths=(1, 0, 1)), scene(student, (5, 5))]
    same_loss(student, scenes, BEFORE)


@check("train_one_epoch", marks=0.5)
def each_step_uses_the_gradient_of_its_own_batch(student: Student) -> None:
    same_weights(student, [scene(student, (3, 3, 3))], CLEAR, by_hand=True)


@check("train_one_epoch", marks=0.25)
def older_gradients_do_not_reach_the_first_step(student: Student) -> None:
    leftover = drawn_decimal(student, 1.0, 3.0)
    same_weights(student, [scene(student, (4,), _leftover=leftover)], CLEAR)


@check("train_one_epoch", marks=0.75)
def samples_count_alike_in_batches_of_different_sizes(student: Student) -> None:
    few, many = 1, drawn(student, 6, 9)
    scenes = [scene(student, (many, many, few), _rate=0.0), scene(student, (few, many, 4), _rate=0.0)]
    for given in scenes:  # the rows of the smallest batch cost much more than the others
        _, targets = min(given["_batches"], key=lambda batch: len(batch[0]))
        targets += drawn(student, 3, 5)
    same_loss(student, scenes, BY_ROWS, by_hand=True)


@check("train_one_epoch", marks=0.25)
def rows_that_drop_last_leaves_out_do_not_count(student: Student) -> None:
    rows = drawn(student, 4, 6)
    sizes = (rows, rows, rows - 1)
    hint = "count the rows that came, with len(targets): len(loader.dataset) counts all that are stored"
    same_loss(student, [scene(student, sizes, _kind="drop_last", _rate=0.0)], hint)


@check("train_one_epoch", marks=0.25)
def the_loader_may_be_walked_only_once(student: Student) -> None:
    hint = "walk through the loader in one for loop, and neither ask for its len() nor look into it before"
    same_weights(student, [scene(student, (4,), _kind="once")], hint)


@check("train_one_epoch", marks=0.5)
def the_model_is_in_train_mode(student: Student) -> None:
    gain, hint = drawn_decimal(student, 1.5, 2.5), "begin with model.train(), whatever the mode was before"
    scenes = [scene(student, (6, 6), _net=net, _gain=gain) for net in ("in eval mode", "in train mode")]
    same_weights(student, scenes, hint, by_hand=True)


@check("train_one_epoch", marks=0.25)
def the_criterion_gets_outputs_then_targets(student: Student) -> None:
    hint = "call criterion(outputs, targets), in this order, and hand the targets on as they come"
    both_ways = scene(student, (6,), _cost="tilted")
    both_ways["_batches"][0][1][:3] *= -1  # some outputs too small, some too large
    same_weights(student, [both_ways, scene(student, (5,), _cost="entropy", _widths=(3, 4, 3))], hint)


@check("train_one_epoch", marks=0.25)
def the_optimizer_remembers_from_epoch_to_epoch(student: Student) -> None:
    momentum = drawn_decimal(student, 0.5, 0.9)
    hint = "step with the optimizer that you are given: it carries its memory from epoch to epoch"
    scenes = [scene(student, (5,), _memory=memory, _epochs=2) for memory in (momentum, "Adam")]
    same_weights(student, scenes, hint)


@check("train_one_epoch", marks=0.25)
def the_result_is_a_plain_float(student: Student) -> None:
    given = scene(student, (4, 4))
    result = came(student, given, GRAPH)[0][-1]
    kind = as_array(result) is not None and isinstance(result, float)
    hint = "loss.item() is a plain number: add up those, and not tensors, which keep their graphs"
    expect(kind, call=f"the kind of {words_for(given)}", got=result, expected="a float", hint=hint)
