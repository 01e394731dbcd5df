"""The visible check of train_one_epoch: small epochs, of which the loss and the weights are compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from checking import Mismatch, all_good, as_array, expect, expect_close, first_of
from torch import Tensor, nn, tensor
from torch.optim import SGD, Adam
from torch.utils.data import DataLoader, TensorDataset
from tutor import visible
from visible_loop import Batches, Doubled, Once, Problem, column, expect_own_loop, line, tilted, told_for

Train = Callable[..., Any]

TWO: Batches = [(column(1.0, 1.0), column(1.0, 1.0)), (column(2.0), column(2.0))]
THREE: Batches = [*TWO, (column(1.0), column(3.0))]
JUST_THE_MEAN = "the weights are right, the mean is not: add up the loss times its rows, divide by all rows"
# What loss and w of the worked example tell, before anything else is said.
CLUES = (
    (1.52, 1.04, "an old gradient is still in your second step: clear them at the start of each batch"),
    (1.52, 0.2, "your last batch never reached the weights: step() comes after backward(), as the last line"),
    (1.0, 0.2, "only the first batch ran: does return stand inside the loop?"),
    (2.0, 0.8, "one step in the whole epoch: step() belongs into the loop"),
    (2.0, 0.0, "no weight moved: backward() comes before step(), and zero_grad() not between them"),
    (0.4608, 0.84, "this loss is measured after the step: take the one that you went backward from"),
)
PAIRS: Batches = [
    (tensor([[1.0, 0], [0, 1], [1, 1]]), column(1.0, 2.0, 4.0)),
    (tensor([[2.0, 1], [0, 2]]), column(5.0, 3.0)),
    (tensor([[1.0, 2], [1, 0]]), column(6.0, 2.0)),
]
SGD_01, MSE = partial(SGD, lr=0.1), nn.MSELoss()
CLEAR = "clear the gradients at the start of each batch, before the first backward(), too"
WEIGH = "for each batch zero_grad, outputs, loss, backward, step; then add up the loss times the rows"


@dataclass(frozen=True)
class Case:
    """Hold a small epoch: what to call it, what it is made of, and the loss and weights that come out."""

    words: str
    batches: Batches
    loss: float
    weights: tuple[float, ...]
    hint: str = WEIGH
    model: Callable[[], nn.Module] = line
    optimizer: Callable[..., torch.optim.Optimizer] = SGD_01
    criterion: Callable[[Tensor, Tensor], Tensor] = MSE
    loader: Callable[[Batches], Iterable[Any]] = list
    epochs: int = 1
    gradient: float = 0.0  # left over from before


def two_layers() -> nn.Module:
    """Return a net of two layers with one unit each, both weights 0.5."""
    return nn.Sequential(line(0.5), nn.Tanh(), line(0.5))


def two_features() -> nn.Module:
    """Return a linear model of two features with weights 0."""
    model = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(model.weight)
    return model


def in_eval_mode() -> nn.Module:
    """Return 2·w·x in train mode and w·x in eval mode, in eval mode."""
    return nn.Sequential(Doubled(), line()).eval()


def in_train_mode() -> nn.Module:
    """Return the same, in train mode."""
    return in_eval_mode().train()


def three_classes() -> nn.Module:
    """Return a linear model of three classes with weights 0."""
    model = nn.Linear(1, 3, bias=False)
    nn.init.zeros_(model.weight)
    return model


def without_the_rest(batches: Batches) -> DataLoader[Any]:
    """Return a DataLoader of the same rows whose last batch is dropped."""
    x, y = (torch.cat(part) for part in zip(*batches, strict=True))
    return DataLoader(TensorDataset(x, y), batch_size=2, drop_last=True)


CASES = {
    "the worked example": Case(
        "y = w·x, w = 0; batches x = y = (1, 1) and x = y = 2; MSE; SGD 0.1", TWO, 1.52, (0.84,)
    ),
    "three batches": Case(
        "y = w·x, w = 0; batches x = y = (1, 1), x = y = 2, and x = 1 with y = 3; MSE; SGD 0.1", THREE,
        2.3064, (1.272,)
    ),
    "one batch": Case("y = w·x, w = 0; one batch x = y = (1, 1); MSE; SGD 0.1", TWO[:1], 1.0, (0.2,)),
    "two epochs": Case("the worked example, called twice", TWO, 0.0389, (0.9744,), CLEAR, epochs=2),
    "older gradients": Case(
        "one batch x = y = (1, 1), with w.grad = 5 from before", TWO[:1], 1.0, (0.2,), CLEAR, gradient=5.0
    ),
    "two layers": Case(
        "a net of two layers; the worked example's batches", TWO, 1.1833, (0.6825, 0.8197), model=two_layers
    ),
    "two features": Case(
        "two features, all weights 0; batches of 3, 2 and 2 rows; MSE; SGD 0.1", PAIRS, 6.8442,
        (1.4493, 1.716), model=two_features,
    ),
    "drop_last": Case(
        "a DataLoader of 3 rows, batch_size=2, drop_last=True",
        TWO,
        1.0,
        (0.2,),
        "divide by the rows that came: add len(targets) up in the loop",
        loader=without_the_rest,
    ),
    "a loader to be walked once": Case(
        "the worked example, from a loader without len() that can be walked only once",
        TWO,
        1.52,
        (0.84,),
        "walk through the loader in one for loop, and count the rows on the way",
        loader=Once,
    ),
    "train mode": Case(
        "a model in eval mode, which gives 2·w·x in train mode; the worked example's batches",
        TWO,
        0.72,
        (0.72,),
        "begin with model.train()",
        model=in_eval_mode,
    ),
    "a model in train mode": Case(
        "a model in train mode, which gives w·x in eval mode; x = y = (1, 1)",
        TWO[:1],
        1.0,
        (0.4,),
        "leave it in train mode: eval mode is for measuring",
        model=in_train_mode,
    ),
    "the order of the criterion": Case(
        "one batch x = y = (1, 1); a criterion in which too little costs more than too much",
        TWO[:1],
        3.0,
        (0.6,),
        "call criterion(outputs, targets), in this order",
        criterion=tilted,
    ),
    "labels": Case(
        "three classes, all weights 0; x = (1, 1), labels 2 and 0; cross-entropy; SGD 0.1",
        [(column(1.0, 1.0), tensor([2, 0]))],
        1.0986,
        (0.0167, -0.0333, 0.0167),
        "hand outputs and targets to the criterion as they come",
        model=three_classes,
        criterion=nn.CrossEntropyLoss(),
    ),
    "momentum": Case(
        "one batch x = y = (1, 1), called twice with the same SGD 0.1, momentum 0.5",
        TWO[:1],
        0.64,
        (0.46,),
        "step with the optimizer that you are given: it remembers the epoch before",
        optimizer=partial(SGD, lr=0.1, momentum=0.5),
        epochs=2,
    ),
    "Adam": Case(
        "one batch x = y = (1, 1), with Adam 0.1", TWO[:1], 1.0, (0.1,),
        "call optimizer.step(), whichever optimizer it is", optimizer=partial(Adam, lr=0.1),
    ),
}  # fmt: skip


@visible
def check_train_one_epoch(train_one_epoch: Train) -> None:
    """Train a line on hand-made batches, and look at the loss that comes back and at the weights."""
    problems: dict[str, Problem] = {
        name: partial(try_case, train_one_epoch, case) for name, case in CASES.items()
    }
    problems["the kind of the result"] = partial(_is_float, train_one_epoch)
    expect_own_loop(train_one_epoch)
    first_of(problems)
    all_good("train_one_epoch")


def after(train: Train, case: Case) -> tuple[Any, list[float], str]:
    """Return what the last epoch of a case gives back, the weights after it, and the gradient left."""
    model = case.model()
    optimizer = case.optimizer(model.parameters())
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, case.gradient) if case.gradient else None
    result = None
    for _ in range(case.epochs):
        batches = [(x.clone(), y.clone()) for x, y in case.batches]
        result = train(model, case.loader(batches), case.criterion, optimizer)
    weights = [value for p in model.parameters() for value in p.detach().flatten().tolist()]
    gradient = next(model.parameters()).grad
    return result, weights, "None" if gradient is None else f"{gradient.flatten()[0].item():.4g}"


def try_case(train: Train, case: Case) -> None:
    """Raise Mismatch unless loss and weights are right; both are shown, whichever is wrong."""
    call = f"train_one_epoch({case.words})"
    wanted = [case.loss, *case.weights]
    with told_for(call, in_words(wanted), case.hint, any_error=case.loader is not list):
        got, weights, gradient = after(train, case)
    number = as_array(got)
    if number is None or number.ndim or not math.isfinite(float(number)):
        expect_close(got, case.loss, call=call, hint=case.hint)
        return
    values = [float(number), *weights]
    if not near(values, wanted):
        still = f", as before; w.grad {gradient}" if weights == [0.0] else ""
        hint = next((hint for a, b, hint in CLUES if near(values, [a, b]) and case.batches is TWO), case.hint)
        only_loss = near(values[1:], wanted[1:])
        hint = JUST_THE_MEAN if hint == WEIGH and only_loss and case.batches is TWO else hint
        raise Mismatch(call, in_words(values) + still, in_words(wanted), hint)


def near(values: Sequence[float], wanted: Sequence[float]) -> bool:
    """Return whether as many numbers agree, within a thousandth."""
    close = partial(math.isclose, rel_tol=1e-3, abs_tol=1e-3)
    return len(values) == len(wanted) and all(map(close, values, wanted))


def in_words(values: list[float]) -> str:
    """Return the loss and the weights: `loss 1.52, w 0.84`."""
    loss, *weights = values
    return f"loss {loss:.4g}, w {', '.join(f'{weight:.4g}' for weight in weights)}"


def _is_float(train: Train) -> None:
    got, *_ = after(train, CASES["the worked example"])
    call = "the kind of what train_one_epoch(…) returns"
    hint = "return a plain float: add up loss.item(), or end with float(…)"
    is_float = isinstance(got, float)
    expect(is_float, call=call, got=type(got).__name__, expected="float", hint=hint)
