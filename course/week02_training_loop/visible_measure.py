"""The visible check of evaluate: small batches of hand-made outputs, and a look at what must not change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import torch
from checking import Mismatch, all_good, as_array, expect, expect_close, first_of, show
from torch import Tensor, nn, tensor
from torch.utils.data import DataLoader, TensorDataset
from tutor import visible
from visible_loop import Batches, Doubled, Once, Problem, expect_own_loop, told_for

Evaluate = Callable[..., Any]
Criterion = Callable[[Tensor, Tensor], Tensor]

WORKED: Batches = [
    (tensor([[2.0, 0, 0], [0, 2, 0], [0, 0, 2]]), tensor([0, 1, 2])),
    (tensor([[2.0, 0, 0]]), tensor([1])),
]
SQUARE: Batches = [(tensor([[0.0, 1, 0], [0.75, 0, 0], [0.5, 0, 0.75]]), tensor([1, 0, 0]))]
WIDE: Batches = [(tensor([[0.0, 3, 0, 0, 1], [0.2, 0, 0, 0.4, 0]]), tensor([4, 3]))]
LONG: Batches = [
    (tensor([[1.0, 0], [0, 2], [0, 1], [1, 0]]), tensor([0, 1, 1, 1])),
    (tensor([[0.0, 3], [0, 1]]), tensor([1, 0])),
]
WEIGH = "multiply each batch's loss by its rows, count the right rows, and divide both sums by all rows"
ARGMAX = "outputs.argmax(dim=1) is one class for each row; compare it with the labels"
PAIR = "return loss, accuracy: two plain numbers"


class Given(nn.Module):
    """Return the inputs as outputs, times a weight of 1, and note whether a graph was built."""

    def __init__(self, before: nn.Module | None = None) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.before = before or nn.Identity()
        self.graphs: list[bool] = []

    def forward(self, x: Tensor) -> Tensor:
        outputs = self.before(x) * self.scale
        self.graphs.append(outputs.requires_grad)
        return outputs


def with_mean(outputs: Tensor, labels: Tensor) -> Tensor:
    """Return the cross-entropy plus the mean output."""
    return nn.functional.cross_entropy(outputs, labels) + outputs.mean()


@visible
def check_evaluate(evaluate: Evaluate) -> None:
    """Measure hand-made outputs, and look at the modes, the weights, the buffers and the gradients."""
    model_gives = "a model that returns its inputs"
    numbers = partial(_numbers, evaluate)
    problems: dict[str, Problem] = {
        "3 rows of 3 classes": partial(
            numbers, "3 rows [0, 1, 0], [0.75, 0, 0], [0.5, 0, 0.75]; labels 1, 0, 0; cross-entropy",
            SQUARE, (0.7593, 2 / 3), ARGMAX
        ),
        "the worked example": partial(
            numbers, f"{model_gives}, 3 rows and 1 row, cross-entropy", WORKED, (0.7395, 0.75)
        ),
        "2 rows of 5 classes": partial(numbers, "2 rows of 5 classes", WIDE, (1.7967, 0.5), ARGMAX),
        "4 and 2 rows of 2 classes": partial(numbers, "4 and 2 rows of 2 classes", LONG, (0.5714, 2 / 3)),
        "negative outputs": partial(
            numbers, "4 and 2 rows of 2 classes, 5 subtracted from all outputs",
            [(x - 5, y) for x, y in LONG], (0.5714, 2 / 3), ARGMAX
        ),
        "another criterion": partial(
            numbers, "the worked example; a criterion that adds the mean output", WORKED, (1.4062, 0.75),
            "use the criterion that you are given: criterion(outputs, labels)", criterion=with_mean
        ),
        "a DataLoader": partial(numbers, "a DataLoader of the worked example", WORKED, (0.7395, 0.75),
                                loader=_data_loader),
        "a loader to be walked once": partial(
            numbers, "a loader without len() that can be walked only once", WORKED, (0.7395, 0.75),
            "walk through the loader in one for loop, and count the rows on the way", loader=Once
        ),
        "eval mode": partial(_eval_mode, evaluate),
        "eval mode for one batch": partial(_eval_mode, evaluate, WORKED[:1], 0.2395),
        "a model in eval mode": partial(_eval_mode, evaluate, training=False),
        "batch norm": partial(_batch_norm, evaluate),
        "the graph": partial(_graph, evaluate),
        "gradients afterwards": partial(_afterwards, evaluate),
        "the weights": partial(_weights, evaluate),
        "the kinds of the results": partial(_kinds, evaluate),
    }  # fmt: skip
    expect_own_loop(evaluate)
    try:
        first_of(problems)
    finally:
        torch.set_grad_enabled(True)
    all_good("evaluate")


def _data_loader(batches: Batches) -> DataLoader[Any]:
    x, y = (torch.cat(part) for part in zip(*batches, strict=True))
    return DataLoader(TensorDataset(x, y), batch_size=len(batches[0][0]))


def measured(
    evaluate: Evaluate,
    call: str,
    batches: Batches,
    model: nn.Module | None = None,
    criterion: Criterion | None = None,
    loader: Callable[[Batches], Iterable[Any]] = list,
) -> Any:
    """Return the pair that evaluate gives. Raises Mismatch unless it is one of two numbers."""
    torch.set_grad_enabled(True)  # an answer may have switched gradients off in the call before
    copies = [(x.clone(), y.clone()) for x, y in batches]
    once = "walk through the loader in one for loop, and count the rows on the way"
    swapped = "call criterion(outputs, labels): the outputs come first, and as they are"
    with told_for(call, "(loss, accuracy)", once, any_error=loader is not list):
        try:
            got = evaluate(model or Given(), loader(copies), criterion or nn.CrossEntropyLoss())
        except NotImplementedError as error:
            if not str(error):  # the line that the stub holds
                raise
            said = f"NotImplementedError: {error}"
            raise Mismatch(call, said, "(loss, accuracy)", swapped) from error
    two = isinstance(got, tuple | list) and len(got) == 2
    expect(two, call=call, got=got, expected="(loss, accuracy)", hint=PAIR)
    return got


def _numbers(
    evaluate: Evaluate,
    words: str,
    batches: Batches,
    want: tuple[float, float],
    hint: str = WEIGH,
    criterion: Criterion | None = None,
    loader: Callable[[Batches], Iterable[Any]] = list,
) -> None:
    call = f"evaluate({words})"
    got = measured(evaluate, call, batches, criterion=criterion, loader=loader)
    numbers = as_array(list(got))
    if numbers is None or numbers.shape != (2,):
        expect_close(tuple(got), want, call=call, hint=PAIR)
        return
    pair = [float(f"{number:.4g}") for number in numbers]
    right = all(math.isclose(a, b, rel_tol=1e-3, abs_tol=1e-3) for a, b in zip(pair, want, strict=True))
    expected = show(tuple(float(f"{number:.4g}") for number in want))
    expect(right, call=call, got=tuple(pair), expected=expected, hint=_clue(pair, want) or hint)


def _clue(pair: Sequence[float], want: Sequence[float]) -> str:
    """Return what two numbers tell by themselves: which one is off, and how; "" if nothing."""
    loss, accuracy = (math.isclose(a, b, rel_tol=1e-3, abs_tol=1e-3) for a, b in zip(pair, want, strict=True))
    if all(math.isclose(a, b, rel_tol=1e-3) for a, b in zip(pair, reversed(want), strict=True)):
        return "the numbers are exchanged: the loss comes first"
    if math.isclose(pair[1], 100 * want[1], rel_tol=1e-3):
        return "the accuracy is a fraction between 0 and 1, and no percentage"
    if accuracy and not loss:
        return (
            "the accuracy is right, the loss is not: criterion(outputs, labels) times the rows, over all rows"
        )
    return ARGMAX if loss and not accuracy else ""


def expect_worked_example(evaluate: Evaluate) -> None:
    """Raise Mismatch unless the worked example comes out right."""
    _numbers(evaluate, "the worked example", WORKED, (0.7395, 0.75))


def _eval_mode(
    evaluate: Evaluate, batches: Batches = WORKED, want: float = 0.7395, training: bool = True
) -> None:
    mode = "train" if training else "eval"
    call = f"the loss in evaluate(a model in {mode} mode, in which train mode doubles the outputs)"
    model = Given(Doubled()).train(training)
    hint = "begin with model.eval(), whatever the mode was before"
    got = measured(evaluate, call, batches, model)[0]
    expect_close(got, want, call=call, hint=hint, tolerance=1e-3)


def _batch_norm(evaluate: Evaluate) -> None:
    norm = nn.BatchNorm1d(3)
    call = "the running mean of a batch norm after evaluate(…)"
    measured(evaluate, call, WORKED[:1], Given(norm))
    mean = [round(value, 4) for value in norm.running_mean.tolist()]
    hint = "model.eval() comes before the first batch: in train mode batch norm learns from every batch"
    expect(mean == [0, 0, 0], call=call, got=mean, expected="[0, 0, 0], as before", hint=hint)


def _graph(evaluate: Evaluate) -> None:
    model, call = Given(), "the graph of the outputs inside evaluate(…)"
    measured(evaluate, call, WORKED, model)
    hint = "put the loop inside `with torch.no_grad():`"
    expect(not any(model.graphs), call=call, got="built", expected="not built", hint=hint)


def _afterwards(evaluate: Evaluate) -> None:
    model, call = Given(), "gradients after evaluate(…)"
    measured(evaluate, call, WORKED, model)
    on, trainable = torch.is_grad_enabled(), model.scale.requires_grad
    hint = "`with torch.no_grad():` switches them on again at its end"
    got = "the weights frozen" if on else "switched off"
    expect(on and trainable, call=call, got=got, expected="on again", hint=hint)


def _weights(evaluate: Evaluate) -> None:
    for leftover in (None, 3.0):
        model, call = Given(), f"the weight and its gradient after evaluate(…), before it 1 and {leftover}"
        model.scale.grad = None if leftover is None else tensor(leftover)
        measured(evaluate, call, WORKED, model)
        grad = model.scale.grad
        got = (round(model.scale.item(), 6), None if grad is None else round(grad.item(), 6))
        hint = "leave backward(), step() and zero_grad() out: validation teaches nothing"
        if got != (1.0, leftover):
            raise Mismatch(call, show(got), show((1.0, leftover)), hint)


def _kinds(evaluate: Evaluate) -> None:
    call = "the kinds of what evaluate(…) returns"
    got = measured(evaluate, call, WORKED)
    kinds = tuple(type(part).__name__ for part in got)
    floats = all(isinstance(part, float) for part in got)
    hint = "add up plain numbers: .item() makes one of a tensor"
    expect(floats, call=call, got=kinds, expected="('float', 'float')", hint=hint)
