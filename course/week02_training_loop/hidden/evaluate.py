"""Hidden checks of evaluate."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from checking import Mismatch, as_array, expect, expect_close
from hidden.scenes import BY_HAND, ONCE, WATCH

from autograder.checks.answers import remembered
from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal, drawn_labels, drawn_seed, finite_number
from autograder.judge.scenario import evaluate as run_scenario

Scene = dict[str, Any]
Batch = list[torch.Tensor]

SCENARIO = (
    f"{ONCE}{WATCH}"
    + """
class _Given(_t.nn.Module):
    # Gives its inputs as logits, times a weight of 1.
    def __init__(self):
        super().__init__()
        self.scale = _t.nn.Parameter(_t.ones(()))
    def forward(self, x):
        return x * self.scale

def _build():
    if _net == "given":
        return _Given()
    i, o = _batches[0][0].shape[1], 4
    net = _t.nn.Sequential(_t.nn.Linear(i, 5), _t.nn.BatchNorm1d(5), _t.nn.Dropout(0.5), _t.nn.Linear(5, o))
    if _net == "plain":
        net = _t.nn.Sequential(_t.nn.Linear(i, o))
    size = sum(p.numel() for p in net.parameters())
    _t.nn.utils.vector_to_parameters(_numbers[:size].clone(), net.parameters())
    for buffer in net.buffers():
        if buffer.is_floating_point():
            buffer.copy_(_numbers[: buffer.numel()].abs() + 0.5)
    return net

_graphs, _classes = [], _t.nn.functional.cross_entropy

def _criterion(outputs, labels):
    # A cost of its own: none that an answer could write down without it.
    if outputs.ndim != 2:
        return outputs.float().mean() + _offset
    return _classes(outputs * _sharpness, labels, label_smoothing=_smoothing) + _offset * outputs[:, 0].mean()

_model = _build().train(_training)
_model.register_forward_hook(lambda module, args, outputs: _graphs.append(outputs.requires_grad))
if _leftover:
    for _parameter in _model.parameters():
        _parameter.grad = _t.full_like(_parameter, _leftover)

def _state():
    tensors = [*_model.state_dict().values(), *(p.grad for p in _model.parameters() if p.grad is not None)]
    return _t.cat([t.detach().flatten().double() for t in tensors] + [_t.zeros(0)])

def _loader():
    batches = [tuple(batch) for batch in _batches]
    if _kind == "DataLoader":
        x, y = (_t.cat(part) for part in zip(*batches))
        return _t.utils.data.DataLoader(_t.utils.data.TensorDataset(x, y), batch_size=len(batches[0][0]))
    return _Once(batches) if _kind == "once" else batches

_started, _before, _results = _state(), _sys.getprofile(), []
_t.default_generator.manual_seed(_seed)
if _watched:
    _sys.setprofile(_watch)
try:
    for _ in range(_calls):
        _results.append(evaluate(_model, _loader(), _criterion))
    _on = _t.is_grad_enabled()
finally:
    if _watched:
        _sys.setprofile(_before)
    _t.set_grad_enabled(True)
_flags = [_on, all(p.requires_grad for p in _model.parameters())]
_pair = _results[-1] if isinstance(_results[-1], (tuple, list)) else ()
[_results, [_started, _state()], [any(_graphs), *_flags], sorted(_used), _MORE]
"""
)
# What is returned beside.
KINDS = "[type(part).__name__ for part in _pair]"

BY_ROWS = "multiply each batch's loss by its rows, and divide the sum by all rows that came"
RIGHT_ROWS = (
    "count the rows whose largest output stands at their label, in all batches, and divide by all rows"
)
ARGMAX = "outputs.argmax(dim=1) is one class for each row; compare it with the labels"
PAIR = "return loss, accuracy: two plain numbers"


def evaluate(model: Any, loader: Any, criterion: Any) -> tuple[float, float]:
    """Return what is right."""
    model.eval()
    total, right, rows = 0.0, 0, 0
    with torch.no_grad():
        for inputs, labels in loader:
            outputs = model(inputs)
            total += criterion(outputs, labels).item() * len(labels)
            right += (outputs.argmax(dim=1) == labels).sum().item()
            rows += len(labels)
    return total / rows, right / rows


def batch(student: Student, rows: int, hits: int, classes: int = 4, label_at: float = 0.6) -> Batch:
    """Return logits and labels of a batch, of which so many rows are right, in a random order.

    Where a row is wrong, another output stands above the label's, which is `label_at`; the others lie between
    -1.5 and 0.5. Where it is right, its probability exceeds one half.
    """
    labels = drawn_labels(student, rows, classes)
    logits = (torch.rand(rows, classes, generator=student.rng) * 200 - 150).round() / 100
    for row, label in enumerate(labels.tolist()):
        top = label if row < hits else (label + drawn(student, 1, classes - 1)) % classes
        logits[row, label] = label_at
        logits[row, top] = drawn_decimal(student, 4, 6)
    order = torch.randperm(rows, generator=student.rng)
    return [logits[order], labels[order]]


def scene(student: Student, *batches: Batch, **changes: Any) -> Scene:
    """Return what the scenario needs: by default a model that gives its inputs, in train mode, asked once."""
    found: Scene = {"_batches": list(batches), "_net": "given", "_training": True, "_leftover": 0.0}
    found |= {"_kind": "list", "_watched": False, "_calls": 1, "_seed": drawn_seed(student)}
    found |= {"_smoothing": drawn_decimal(student, 0.1, 0.3), "_sharpness": drawn_decimal(student, 1.2, 1.8)}
    numbers = (torch.rand(60, generator=student.rng) * 200 - 100).round() / 100
    return found | {"_offset": drawn_decimal(student, 0.5, 1.5), "_numbers": numbers} | changes


def words_for(given: Scene) -> str:
    """Return the call of a scene in words."""
    sizes = [len(labels) for _, labels in given["_batches"]]
    batches = f"{'batches' if len(sizes) > 1 else 'a batch'} of {', '.join(map(str, sizes))} rows"
    classes = given["_batches"][0][0].shape[1] if given["_net"] == "given" else 4
    return f"evaluate(model, {batches} with {classes} classes, criterion)"


@remembered
def right(given: Scene) -> tuple[float, float]:
    """Return the right loss and accuracy."""
    results, *_ = run_scenario(SCENARIO.replace("_MORE", "None"), {**given, "evaluate": evaluate})
    return results[-1]


def came(student: Student, given: Scene, more: str = "None") -> tuple[Any, ...]:
    """Return the pairs, the states before and after, what became of the graph, ready-made loops, and more."""
    student.evaluate  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO.replace("_MORE", more), **given)
    good = isinstance(answer, list) and len(answer) == 5 and isinstance(answer[0], list) and answer[0]
    expect(bool(good), call=words_for(given), got=answer, expected="(loss, accuracy)", hint=PAIR)
    for pair in answer[0]:
        is_pair = isinstance(pair, tuple | list) and len(pair) == 2
        expect(is_pair, call=words_for(given), got=pair, expected="(loss, accuracy)", hint=PAIR)
    return tuple(answer)


def same_part(
    student: Student, place: int, scenes: list[Scene], hint: str, by_hand: bool = False, more: str = "None"
) -> None:
    """Raise Mismatch unless the loss (place 0) or the accuracy (place 1) is right in all scenes."""
    answers = [came(student, given | {"_watched": by_hand}, more) for given in scenes]
    name = ("loss", "accuracy")[place]
    parts = [(f"the {name} of {words_for(given)}", pairs[-1][place], right(given)[place])
             for given, (pairs, *_) in zip(scenes, answers, strict=True)]  # fmt: skip
    for call, got, want in parts:
        student.expects(call, got, want)
    for call, got, want in parts:
        expect_close(got, want, call=call, hint=hint)
    if by_hand:
        written_by_hand(answers[0][3], words_for(scenes[0]))


def written_by_hand(used: Any, call: str) -> None:
    """Raise Mismatch if a loop of utils was called. Half of the marks lie in checks that end with this."""
    names = [name for name in used if isinstance(name, str)] if isinstance(used, list) else []
    if names:
        raise Mismatch(call, f"a result of utils' {names[0]}", "a loop of your own", BY_HAND)


@check("evaluate", gate=True)
def two_numbers_come_back_and_the_first_depends_on_the_rows(student: Student) -> None:
    good, bad = (scene(student, batch(student, 5, hits)) for hits in (5, 0))
    pairs = [came(student, given)[0][-1] for given in (good, bad)]
    numbers = [[finite_number(part, words_for(good), PAIR) for part in pair] for pair in pairs]
    hint = "a batch of right rows and one of wrong rows cannot cost the same"
    expect(
        numbers[0][0] != numbers[1][0], call=words_for(bad), got=pairs[1], expected="another loss", hint=hint
    )


@check("evaluate", marks=0.5)
def the_loss_of_one_batch_is_that_of_the_criterion(student: Student) -> None:
    rows = drawn(student, 5, 7)
    hint = "use the criterion that you are given: criterion(outputs, labels)"
    same_part(student, 0, [scene(student, batch(student, rows, 3))], hint, by_hand=True)


@check("evaluate", marks=0.5)
def the_accuracy_is_the_fraction_of_right_rows(student: Student) -> None:
    classes = drawn(student, 6, 8)
    batches = [
        batch(student, 5, drawn(student, 2, 3), classes=5),
        batch(student, 3, drawn(student, 1, 2), classes=classes),
        batch(student, 9, drawn(student, 4, 6), classes=3, label_at=-2.0),
    ]
    batches[1][0] -= 9.0  # all outputs negative: the largest is not the one farthest from 0
    batches[-1][0] *= 0.05  # no output stands out: a threshold on probabilities finds none
    same_part(student, 1, [scene(student, item) for item in batches], ARGMAX)


@check("evaluate", marks=0.75)
def in_the_loss_all_rows_count_alike(student: Student) -> None:
    few, many = 1, drawn(student, 7, 9)
    one = scene(student, batch(student, many, many), batch(student, many, many), batch(student, few, 0))
    two = scene(student, batch(student, few, 0), batch(student, many, many), batch(student, 4, 4))
    same_part(student, 0, [one, two], BY_ROWS, by_hand=True)


@check("evaluate", marks=0.5)
def in_the_accuracy_all_rows_count_alike(student: Student) -> None:
    few, many = 1, drawn(student, 7, 9)
    items = batch(student, many, many), batch(student, many, many - 2), batch(student, few, 0)
    one = scene(student, *items, _kind="DataLoader")
    two = scene(student, batch(student, few, 0), batch(student, many, 5), batch(student, 4, 3))
    same_part(student, 1, [one, two], RIGHT_ROWS)


@check("evaluate", marks=0.5)
def the_model_is_in_eval_mode(student: Student) -> None:
    rows = drawn(student, 6, 9)
    items = [batch(student, rows, 3), batch(student, rows, 3)]
    hint = "begin with model.eval(), whatever the mode was before"
    scenes = [scene(student, *items, _net="layers", _training=mode, _calls=2) for mode in (True, False)]
    same_part(student, 0, scenes, hint, by_hand=True)


@check("evaluate", marks=0.5)
def nothing_in_the_model_changes(student: Student) -> None:
    items = [batch(student, 6, 3), batch(student, 3, 2)]
    leftover = drawn_decimal(student, 1.0, 3.0)
    scenes = [scene(student, *items, _net=net, _leftover=grad, _calls=2)
              for net, grad in (("layers", leftover), ("plain", 0.0), ("layers", 0.0))]  # fmt: skip
    for given in scenes:
        _, (before, after), *_ = came(student, given)
        same = as_array(after) is not None and np.array_equal(as_array(before), as_array(after))
        hint = "call neither backward() nor step() nor zero_grad(), and model.eval() before the first batch"
        call = f"weights, buffers and gradients after {words_for(given)}"
        expect(bool(same), call=call, got=after, expected="the same as before, to the bit", hint=hint)
    given = scenes[1]
    expect_close(came(student, given)[0][-1][0], right(given)[0], call=words_for(given), hint=BY_ROWS)


@check("evaluate", marks=0.25)
def gradients_are_off_meanwhile(student: Student) -> None:
    given = scene(student, batch(student, 5, 3))
    _, _, (graph, on, trainable), *_ = came(student, given)
    call = f"the outputs in {words_for(given)}"
    hint = "put the loop inside `with torch.no_grad():`"
    expect(graph is False, call=call, got="with a graph", expected="without a graph", hint=hint)
    hint = (
        "with torch.no_grad(): switches gradients on again at its end; what you switch off by hand stays off"
    )
    after = on is True and trainable is True
    expect(after, call=f"gradients after {words_for(given)}", got="off", expected="on again", hint=hint)


@check("evaluate", marks=0.25)
def the_loader_may_be_walked_only_once(student: Student) -> None:
    given = scene(student, batch(student, 4, 4), batch(student, 4, 4), _kind="once")
    hint = "walk through the loader in one for loop, and neither ask for its len() nor look into it before"
    same_part(student, 1, [given], hint)


@check("evaluate", marks=0.25)
def both_results_are_plain_floats(student: Student) -> None:
    given = scene(student, batch(student, 6, 3))
    pairs, *_, used, kinds = came(student, given | {"_watched": True}, KINDS)
    floats = all(isinstance(part, float) for part in pairs[-1])
    hint = ".item() makes a plain number of a tensor, and a division makes a float"
    expect(floats, call=f"the kinds in {words_for(given)}", got=kinds, expected="two floats", hint=hint)
    written_by_hand(used, words_for(given))
