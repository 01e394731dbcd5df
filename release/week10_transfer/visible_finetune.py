"""The visible check of finetune."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import torch
from checking import all_good, expect, expect_close, expect_equal, first_of
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset
from tutor import visible
from visible_finetune_nets import (
    Fit,
    Watch,
    WatchedSteps,
    deep,
    example,
    flexible,
    learnt,
    normed,
    rows,
    tuned,
)

COPY = "begin with a deep copy of the source: all weights and buffers"
HEAD = "put a new nn.Linear(in_features, n_classes) in place of the last layer, whatever n_classes is"
LEARN = "make the optimizer when the new head is in its place, of all parameters that learn"
SOURCE = "copy.deepcopy(source_model) first, and never touch the source itself"
FROZEN = "leave the flags of the copied layers as they are; a new nn.Linear learns by itself"


@visible
def check_finetune(finetune: Fit) -> None:
    """Fine-tune small nets in several ways, and look at the new net, at the source and on the way."""
    problems: dict[str, Callable[[], None]] = {
        "what comes back": partial(_shape, finetune),
        "0 epochs": partial(_no_epochs, finetune),
        "the source": partial(_source, finetune),
        "the new head": partial(_new_head, finetune),
        "what learns": partial(_learns, finetune),
        "what is frozen": partial(_frozen, finetune),
        "the rate": partial(_rate, finetune),
        "the way through the batches": partial(_batches, finetune),
        "batch norm": partial(_norms, finetune),
        "the loss": partial(_loss, finetune),
        "a task that the source knows": partial(_task, finetune),
        "eval mode": partial(_mode, finetune),
    }
    first_of(problems)
    all_good("finetune")


def _shape(fit: Fit) -> None:
    for source, words in ((example(), "source"), (flexible(), "a FlexibleClassifier")):
        net = tuned(fit, source, 5, 1, 0.01, words)
        with torch.no_grad():
            got = list(net(rows()[0]).shape)
        call = f"the shape of its outputs for 6 rows after finetune({words}, loader, 5, 1, 0.01)"
        expect_equal(got, [6, 5], call=call, hint=HEAD)


def _parts(net: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """Return copies of the body's parameters and buffers, and of the head's weight and bias."""
    *body, weight, bias = (parameter.detach().clone() for parameter in net.parameters())
    return [*body, *(buffer.clone() for buffer in net.buffers())], [weight, bias]


def _moved(before: Sequence[Tensor], after: Sequence[Tensor]) -> list[bool]:
    if len(before) != len(after):
        return [True] * max(len(before), len(after))
    return [not torch.equal(old, new) for old, new in zip(before, after, strict=True)]


def _no_epochs(fit: Fit) -> None:
    for make, words in (
        (example, "source"),
        (normed, "a net with batch norm"),
        (flexible, "a FlexibleClassifier"),
    ):
        source = make()
        net = tuned(fit, source, 5, 0, 0.01, words)
        call = f"the body (with buffers) after finetune({words}, loader, 5, 0, 0.01)"
        want, got = (torch.cat([part.flatten() for part in _parts(each)[0]]) for each in (source, net))
        same = got.shape == want.shape and torch.equal(got, want)
        shown = "other numbers" if got.shape == want.shape else f"{len(got)} numbers"
        expect(same, call=call, got=shown, expected="the source's numbers, to the last bit", hint=COPY)


def _source(fit: Fit) -> None:
    for frozen, training in (((), True), ((0, 1), True), ((4,), False)):
        source = normed(frozen).train(training)
        before = [
            torch.cat([*map(torch.flatten, source.state_dict().values())]).clone(),
            [parameter.requires_grad for parameter in source.parameters()],
            [module.training for module in source.modules()],
        ]
        net = tuned(fit, source, 5, 2, 0.01)
        call = "after finetune(source, loader, 5, 2, 0.01)"
        expect(
            net is not source,
            call=f"what comes back {call}",
            got="the source",
            expected="a new net",
            hint=SOURCE,
        )
        values = torch.cat([*map(torch.flatten, source.state_dict().values())])
        same = values.shape == before[0].shape and torch.equal(values, before[0])
        expect(same, call=f"the source {call}", got="changed", expected="all its old values", hint=SOURCE)
        flags = [parameter.requires_grad for parameter in source.parameters()]
        expect_equal(flags, before[1], call=f"requires_grad of the source {call}", hint=SOURCE)
        modes = [module.training for module in source.modules()]
        expect_equal(modes, before[2], call=f"train mode of the source's modules {call}", hint=SOURCE)
        shares = bool(_places(net) & _places(source))
        got, hint = "memory shared with the source", "copy.copy shares tensors, copy.deepcopy does not"
        expect(not shares, call=f"the net {call}", got=got, expected="none", hint=hint)


def _places(net: nn.Module) -> set[int]:
    """Return where the tensors of a net lie in memory."""
    return {tensor.untyped_storage().data_ptr() for tensor in net.state_dict().values()}


def _new_head(fit: Fit) -> None:
    source = example()
    heads = [_parts(tuned(fit, source, 2, 0, 0.01, seed=seed))[1][0] for seed in (1, 2, 1)]
    call = "the head's weights after finetune(source, loader, 2, 0, 0.01), the source has 2 classes, too"
    old = _parts(source)[1][0]
    new = old.shape == heads[0].shape and not bool(torch.isclose(heads[0], old).any())
    expect(new, call=call, got="the source's", expected="new ones", hint=HEAD)
    hint = "nn.Linear draws its own values: change none of them, and set no seed"
    biases = [_parts(each)[1][1] for each in (source, tuned(fit, source, 2, 0, 0.01, seed=1))]
    new = not bool(torch.isclose(*biases).any())
    bias = call.replace("weights", "bias")
    expect(new, call=bias, got="the source's", expected="a new one", hint=hint)
    differ = not bool(torch.isclose(heads[0], heads[1]).any())
    expect(differ, call=f"{call}, with another seed", got="the same", expected="others", hint=hint)
    call = f"{call}, with the same seed again"
    expect(torch.equal(heads[0], heads[2]), call=call, got="others", expected="the same", hint=hint)


def _learns(fit: Fit) -> None:
    before, after = (_parts(tuned(fit, deep(), 5, epochs, 0.001)) for epochs in (0, 2))
    call = "finetune(source, loader, 5, 2, 0.001)"
    got = _moved(before[0], after[0])
    nothing = not any([*got, *_moved(before[1], after[1])])
    hint = "nothing moves: zero_grad, loss, backward, step, in this order" if nothing else LEARN
    expect_equal(got, [True] * 4, call=f"the body's weights and biases: moved in {call}", hint=hint)
    got = _moved(before[1], after[1])
    hint = f"a head that never moves was unknown to the optimizer: {LEARN}"
    expect_equal(got, [True, True], call=f"the head's weight and bias: moved in {call}", hint=hint)
    start, end = (torch.cat([part.flatten() for part in parts]) for parts in (before[0], after[0]))
    share = float((end - start).norm() / start.norm())
    call = f"how far the body has moved, as a share of its size, in {call}"
    expect(share < 0.3, call=call, got=round(share, 3), expected="less than 0.3", hint=COPY)


def _frozen(fit: Fit) -> None:
    for frozen in ((0, 1), (2,), range(6)):
        before, net = (tuned(fit, deep(frozen), 5, epochs, 0.01) for epochs in (0, 2))
        call = f"finetune(source, loader, 5, 2, 0.01), the source's parameters {list(frozen)} are frozen"
        want = [place not in frozen for place in range(4)] + [True, True]
        flags = [parameter.requires_grad for parameter in net.parameters()]
        expect_equal(flags, want, call=f"requires_grad after {call}", hint=FROZEN)
        got = _moved([p.detach() for p in before.parameters()], [p.detach() for p in net.parameters()])
        hint = "what is frozen never moves, all else does, the head always"
        expect_equal(got, want, call=f"moved in {call}", hint=hint)


def _batches(fit: Fit) -> None:
    x, y = rows()
    listed: Iterable[Any] = [(x[:4], y[:4]), (x[4:], y[4:])]
    twice: Iterable[Any] = [(x, y), (x, y)]
    loader = DataLoader(TensorDataset(x, y), batch_size=4)
    for batches, words in ((listed, "a list of two batches"), (loader, "a DataLoader of two batches")):
        seen: list[tuple[bool, int]] = []
        source = nn.Sequential(Watch(seen), *deep()).eval()
        with WatchedSteps() as steps:
            tuned(fit, source, 5, 3, 1e-6, loader=batches)
        call = f"finetune(source, {words}, 5, 3, 1e-6)"
        hint = "for each epoch, for each batch: zero_grad, loss, backward, step"
        expect_equal([size for _, size in seen], [4, 2] * 3, call=f"rows of each step of {call}", hint=hint)
        modes = sorted({"train" if training else "eval" for training, _ in seen})
        hint = "the source may be in eval mode: call model.train() before the epochs, eval() after them"
        expect_equal(modes, ["train"], call=f"modes while training in {call}", hint=hint)
        if steps.sizes:
            hint = "optimizer.step() comes once for each batch, after backward"
            expect_equal(len(steps.sizes), 6, call=f"optimizer steps of {call}", hint=hint)
    with WatchedSteps() as steps:
        tuned(fit, deep(), 5, 2, 1e-7, loader=twice)
    call = "size of the gradient in each step of finetune(source, two equal batches, 5, 2, 1e-7)"
    hint = "clear the gradients before each backward, or they add up: optimizer.zero_grad()"
    sizes = [round(size, 4) for size in steps.sizes]
    expect_close(sizes, sizes[:1] * len(sizes), call=call, hint=hint, tolerance=0.01)


def _norms(fit: Fit) -> None:
    for training in (True, False):
        source = normed((0, 1, 2, 3)).train(training)
        net = tuned(fit, source, 5, 2, 0.01)
        call = "finetune(source, loader, 5, 2, 0.01), BatchNorm1d number 1 is frozen, number 2 learns"
        start, now = (list(each.buffers()) for each in (source, net))
        hint = "model.train() wakes every BatchNorm1d: put those with frozen parameters back into eval mode"
        got = [round(value, 4) for value in now[0].tolist()]
        expect_close(got, start[0].tolist(), call=f"running mean of number 1 after {call}", hint=hint)
        moves = not torch.equal(now[3], start[3])
        hint = "a BatchNorm1d that learns is in train mode while the net trains"
        call = f"running mean of number 2 after {call}"
        expect(moves, call=call, got="the source's", expected="another", hint=hint)


def _rate(fit: Fit) -> None:
    nets = []
    for epochs, lr in ((0, 0.001), (1, 0.001), (1, 0.008)):
        with WatchedSteps() as steps:
            net = tuned(fit, deep(), 5, epochs, lr)
        nets.append(nn.utils.parameters_to_vector(net.parameters()).detach())
        hint = "hand lr to the optimizer, for all parameters, and leave it there"
        got = sorted(steps.rates) or [lr]
        expect_close(got, [lr], call=f"the optimizer's rates for lr = {lr}", hint=hint, tolerance=1e-6)
    small, large = (float((net - nets[0]).norm()) for net in nets[1:])
    times = round(large / small, 3) if small else None
    call = "how many times as far a step goes with lr = 0.008 as with 0.001"
    expect_close(times, 8.0, call=call, hint=hint, tolerance=0.02)


def _loss(fit: Fit) -> None:
    for seed in (1, 2, 3):
        x, y = 1e5 * torch.tensor([[1.0, 2.0, 1.5, 1.25]]).repeat(5, 1), torch.arange(5)
        source = nn.Sequential(deep()[0], deep()[2], nn.Linear(5, 2))
        before, after = (
            _parts(tuned(fit, source, 5, epochs, 0.1, loader=[(x, y)], seed=seed))[1][1] for epochs in (0, 1)
        )
        steps = (after - before).sign().int().tolist()
        call = "signs of a step of the head's biases: one row with large values, once with each of 5 labels"
        hint = "nn.CrossEntropyLoss takes logits and labels: no softmax, sigmoid or one-hot before it"
        good = sorted(steps) == [-1, 1, 1, 1, 1]
        expected = "-1 for the class that it says, 1 for the four others"
        expect(good, call=call, got=steps, expected=expected, hint=hint)


def _task(fit: Fit) -> None:
    source, x, y = learnt()
    net = tuned(fit, source, 4, 6, 0.1, loader=list(zip(x.split(8), y.split(8), strict=True)))
    with torch.no_grad():
        share = float((net(x).argmax(1) == y).float().mean())
    call = "accuracy on the training rows after 24 steps of a new head, the body knows the task"
    hint = "go downhill, with an optimizer that learns at rate 0.1: Adam, SGD, … (Adadelta is too slow)"
    expect(share >= 0.8, call=call, got=round(share, 3), expected="at least 0.8", hint=hint)


def _mode(fit: Fit) -> None:
    for epochs in (0, 1):
        net = tuned(fit, normed().train(), 5, epochs, 0.01)
        modes = sorted({"train" if module.training else "eval" for module in net.modules()})
        call = f"the modes after finetune(source, loader, 5, {epochs}, 0.01)"
        expect_equal(
            modes, ["eval"], call=call, hint="end with model.eval(), and return the model after that"
        )
