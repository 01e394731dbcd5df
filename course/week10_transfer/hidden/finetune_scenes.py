"""The fine-tunings of tiny nets that the checks of finetune look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from checking import expect
from hidden.transfer_nets import BUILD, Layers, drawn_weights, words_for
from torch import Tensor

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn, drawn_labels, drawn_seed

Scene = dict[str, Any]
Call = Sequence[float]  # classes, epochs, rate, seed, and how many numbers were drawn since if not 0

SCENARIO = (
    BUILD
    + """
from torch.optim.optimizer import register_optimizer_step_post_hook as _hooked

_rates, _norms = [], []  # of each step of an optimizer of torch's: its rates, and how large the gradient is

def _note(optimizer, _args, _kwargs):
    parts = [p for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
    parts = [p.grad.detach().norm() for p in parts]
    _norms.append(float(_t.stack(parts).norm()) if parts else 0.0)
    _rates.append([float(group["lr"]) for group in optimizer.param_groups])

def _loader():
    if not _as_loader:
        return [(x.clone(), y.clone()) for x, y in _batches]
    x, y = (_t.cat(part) for part in zip(*_batches))
    return _t.utils.data.DataLoader(_t.utils.data.TensorDataset(x, y), batch_size=len(_batches[0][0]))

def _places(net):
    return {t.untyped_storage().data_ptr() for t in [*net.parameters(), *net.buffers()]}

def _told(net, source):
    *body, weight, bias = net.parameters()
    drops = [module.p for module in net.modules() if isinstance(module, _t.nn.Dropout)]
    with _t.no_grad():
        outputs = net(_x)
    return {"body": _flat(body), "parts": [p.detach().clone() for p in body], "buffers": _flat(net.buffers()),
            "weight": weight.detach().clone(), "bias": bias.detach().clone(), "flags": _flags(net),
            "drops": drops, "modes": sorted({module.training for module in net.modules()}),
            "outputs": outputs, "itself": net is source, "shared": bool(_places(net) & _places(source))}

def _trained(classes, epochs, rate, seed, drawn=0):
    for noted in (_passes, _rates, _norms):
        noted.clear()
    source = _build(_layers, _frozen, _training)
    values, flags, modes = _values(source), _flags(source), _modes(source)
    *body, _, _ = (p.detach().clone() for p in source.parameters())
    given = {"body": _flat(body), "parts": body, "buffers": _flat(source.buffers()).clone(),
             "weight": list(source.parameters())[-2].detach().clone(),
             "bias": list(source.parameters())[-1].detach().clone(),
             "drops": [module.p for module in source.modules() if isinstance(module, _t.nn.Dropout)]}
    loader = _loader()
    _t.default_generator.manual_seed(seed)
    _t.rand(drawn)
    net = finetune(source, loader, classes, epochs, rate)
    following = _t.rand(3)  # what the caller draws afterwards
    kept = []
    for what, before, now in (("values", values, _values(source)), ("requires_grad", flags, _flags(source)),
                              ("train or eval", modes, _modes(source))):
        same = now.equal(before) if what == "values" else now == before
        kept += [] if same else [what]
    told = {"what": type(net).__name__, "given": given, "changed": kept, "following": following,
            "passes": list(_passes), "rates": [list(each) for each in _rates], "norms": list(_norms)}
    if not isinstance(net, _t.nn.Module):
        return told
    return told | {"what": "a net"} | _told(net, source)

_handle = _hooked(_note)
try:
    _came = [_trained(*call) for call in _calls]
finally:
    _handle.remove()
_came
"""
)
COMES_BACK = "end with `return model`: the new net itself"


def scene(student: Student, layers: Layers, *calls: Call, **changes: Any) -> Scene:
    """Return what the scenario needs: a source in train mode that learns, batches of rows, and the calls."""
    width = changes.pop("width", None) or _width(layers)
    classes = max(int(call[0]) for call in calls)
    sizes = changes.pop("sizes", (4, 4))
    rows = torch.randn(sum(sizes), width, generator=student.rng)
    labels = drawn_labels(student, sum(sizes), min(classes, sum(sizes)))
    numbers = drawn_weights(student)
    if (
        layers[0][0] == "flexible"
    ):  # no ReLU is silent there, so that every weight of the head gets a gradient
        rows, numbers = rows.abs(), numbers.abs()
    given = {"_layers": layers, "_numbers": numbers, "_calls": [list(call) for call in calls]}
    given |= {"_batches": batches_of(rows, labels, sizes), "_x": rows, "_as_loader": False}
    return given | {"_frozen": [], "_training": True} | changes


def batches_of(rows: Tensor, labels: Tensor, sizes: tuple[int, ...]) -> list[list[Tensor]]:
    """Return batches [rows, labels] of these sizes."""
    parts = zip(rows.split(list(sizes)), labels.split(list(sizes)), strict=True)
    return [[part.clone(), names.clone()] for part, names in parts]


def _width(layers: Layers) -> int:
    """Return how many inputs the first layer with a size takes."""
    kind, *sizes = next(layer for layer in layers if layer[0] != "Watch")
    return _width(sizes) if kind == "Sequential" else int(sizes[0])


def plain(student: Student) -> Layers:
    """Return two linear layers with Tanh between them, where every weight gets a gradient."""
    a, b = drawn(student, 3, 5), drawn(student, 4, 6)  # as many units as classes would hide what is mixed up
    return [["Linear", a, b], ["Tanh"], ["Linear", b, 3]]


def deep(student: Student) -> Layers:
    """Return three linear layers with Tanh between them."""
    a, b, c = (drawn(student, 4, 6) for _ in range(3))
    return [["Linear", a, b], ["Tanh"], ["Linear", b, c], ["Tanh"], ["Linear", c, 3]]


def normed(student: Student) -> Layers:
    """Return a net with two batch norm layers, the first of them nested."""
    a, b, c = (drawn(student, 4, 6) for _ in range(3))
    inner = ["Sequential", ["Linear", a, b], ["BatchNorm1d", b], ["Tanh"]]
    return [inner, ["Linear", b, c], ["BatchNorm1d", c], ["Linear", c, 3]]


def flexible(student: Student) -> Layers:
    """Return a FlexibleClassifier with one hidden layer."""
    return [["flexible", drawn(student, 3, 5), [drawn(student, 4, 6)], 3, 0.25]]


def seeds(student: Student, count: int) -> list[int]:
    """Return so many seeds, no two equal."""
    first = drawn_seed(student)
    return [first + 7 * number for number in range(count)]


def call_of(given: Scene, number: int = 0) -> str:
    """Return a call of a scene in words."""
    classes, epochs, rate, seed, *_ = given["_calls"][number]
    frozen = f", parameters {given['_frozen']} frozen" if given["_frozen"] else ""
    mode = "train" if given["_training"] else "eval"
    words = f"source: {words_for(given['_layers'])}{frozen}, in {mode} mode; seed {seed}"
    return f"finetune(source, {len(given['_batches'])} batches, {classes}, {epochs}, {rate:g}) ({words})"


def came(student: Student, given: Scene) -> list[dict[str, Any]]:
    """Return what each call led to. Raises Mismatch unless nets came back."""
    student.finetune  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO, **given)
    good = isinstance(answer, list) and all(isinstance(told, dict) for told in answer)
    expect(good, call=call_of(given), got=answer, expected="a net", hint=COMES_BACK)
    for number, told in enumerate(answer):
        what = told.get("what")
        expect(what == "a net", call=call_of(given, number), got=what, expected="a net", hint=COMES_BACK)
    return answer


def moved(before: list[Tensor], after: list[Tensor]) -> list[bool]:
    """Return of each tensor whether it has moved. Tensors that only one of the nets has have moved."""
    if len(before) != len(after):
        return [True] * max(len(before), len(after))
    pairs = zip(before, after, strict=True)
    return [old.shape != new.shape or bool((old != new).any()) for old, new in pairs]


def sure_scene(student: Student) -> Scene:
    """Return a scene whose logits lie so far apart that a softmax before the loss leaves no gradient."""
    classes, seed = drawn(student, 7, 9), seeds(student, 1)[0]
    row = 1e5 * (1 + torch.rand(1, 4, generator=student.rng))
    rows, labels = row.repeat(classes, 1), torch.arange(classes)
    layers = [["Linear", 4, 12], ["Linear", 12, 3]]
    calls = ((classes, 0, 0.25, seed), (classes, 1, 0.25, seed))
    given = scene(student, layers, *calls, _frozen=[0, 1])
    return given | {"_batches": batches_of(rows, labels, (classes,)), "_x": rows}


def known_task(student: Student) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return 48 rows, their labels, and the numbers of a source that has one unit for each of 8 clusters.

    The two clusters of a class lie opposite each other, so that no plane parts the classes; the last eight
    rows are of two classes alone, so that a step with these only does not do.
    """
    signs = 2.0 * torch.randint(0, 2, (8,), generator=student.rng) - 1
    half = _hadamard()[torch.randperm(8, generator=student.rng)][:4] * signs
    centres, labels = torch.cat([half, -half]), (torch.arange(8) % 4).repeat_interleave(6)
    order = torch.randperm(48, generator=student.rng).tolist()
    last = [place for place in order if labels[place] < 2][:8]
    order = [place for place in order if place not in last] + last
    noise = 0.3 * torch.randn(48, 8, generator=student.rng)
    rows = centres.repeat_interleave(6, dim=0)[order] + noise
    return rows, labels[order], torch.cat([2 * centres.flatten(), torch.full((8,), -8.0), torch.zeros(36)])


def _hadamard() -> torch.Tensor:
    """Return eight corners of a cube in eight dimensions, each four steps from each other, (8, 8)."""
    two = torch.tensor([[1.0, 1.0], [1.0, -1.0]])
    return torch.kron(torch.kron(two, two), two)
