"""The engine trains as its text says: means over samples, seeds that decide, Stop that stops."""

from __future__ import annotations

import copy
import inspect
import math
import pickle

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.optim import SGD, Adam, AdamW, Optimizer
from torch.utils.data import DataLoader, TensorDataset

import utils
from utils import FlexibleClassifier, Stop, build_net, evaluate_model, get_generic_model, train_model

CE = nn.CrossEntropyLoss()


def moons(n: int = 70, dtype: torch.dtype = torch.float32) -> tuple[TensorDataset, TensorDataset]:
    """Return small training and validation sets of two classes."""
    x, y = utils.two_moons(n)
    return utils.split_data(x.to(dtype), y, (n - 30, 30))


def dropout_net(seed: int = 0) -> nn.Module:
    """Return a net with dropout and the initial weights of a seed."""
    with utils.seeded(seed):
        return FlexibleClassifier(2, (16, 8), 2, dropout_rate=0.5)


def train_moons(seed: int = 42, net: nn.Module | None = None, **options) -> dict[str, list[float]]:
    """Return the history of a short training on two moons."""
    train, validation = moons()
    loaders = DataLoader(train, 8, shuffle=True), DataLoader(validation, 30)
    options = {"num_epochs": 3, "verbose": False} | options
    return train_model(net or dropout_net(), *loaders, CE, seed=seed, **options)


SIGNATURES = [  # lessons and exercises rely on these names and their order
    (utils.detect_device, ""),
    (utils.get_pseudo_predictions, ""),
    (utils.get_pseudo_targets, ""),
    (utils.plot_pseudo_data, "predictions, targets, loss_value"),
    (utils.get_generic_model, "seed=0"),
    (
        utils.train_model,
        "model, train_loader, val_loader, criterion=None, optimizer=None, learning_rate=0.001, "
        "num_epochs=30, seed=42, after_epoch=None, verbose=True",
    ),
    (utils.evaluate_model, "model, loader, criterion"),
    (utils.compare, "a, b, paired=True"),
    (utils.plot_loss, "history, ax=None"),
    (utils.build_net, "dims=(784, 128, 64, 10)"),
    (utils.FlexibleClassifier, "input_dim, hidden_dims, output_dim, dropout_rate"),
    (
        utils.fit,
        "net, train, validation, optimizer, epochs, batch_size=32, after_epoch=None, device=None",
    ),
    (utils.HistoryPlotter, "plots, table, rows, cols, param_names=()"),
    (utils.HistoryPlotter.add, "self, title, history, row, col, epoch=-1, param=None"),
]


@pytest.mark.parametrize(("function", "expected"), SIGNATURES)
def test_public_functions_have_the_signatures_of_the_syllabus(function, expected: str) -> None:
    parameters = inspect.signature(function).parameters.values()
    names = [p.name if p.default is p.empty else f"{p.name}={p.default!r}" for p in parameters]
    assert ", ".join(names) == expected


# ---------------------------------------------------------------- train_model


def test_history_of_a_classifier_has_losses_and_accuracies_and_of_a_regression_losses() -> None:
    assert list(train_moons()) == ["train_loss", "train_accuracy", "val_loss", "val_accuracy"]
    model, train_loader, val_loader, *_ = get_generic_model()
    history = train_model(model, train_loader, val_loader, num_epochs=2, verbose=False)
    assert {name: len(values) for name, values in history.items()} == {"train_loss": 2, "val_loss": 2}


def test_defaults_are_the_squared_error_and_adam_with_the_learning_rate() -> None:
    model, train_loader, val_loader, *_ = get_generic_model()
    twin = copy.deepcopy(model)
    plain = train_model(model, train_loader, val_loader, learning_rate=0.02, num_epochs=2, verbose=False)
    optimizer = Adam(twin.parameters(), lr=0.02, fused=True)
    named = train_model(twin, train_loader, val_loader, nn.MSELoss(), optimizer, num_epochs=2, verbose=False)
    assert plain == named


def test_training_equals_a_loop_written_by_hand() -> None:
    (x, y), validation = moons(46, torch.float64)[0].tensors, moons(46, torch.float64)[1]
    net = build_net((2, 5, 2)).double()
    twin = copy.deepcopy(net)
    loader = [(x[:10], y[:10]), (x[10:], y[10:])]
    options = {"optimizer": SGD(net.parameters(), 0.1), "num_epochs": 1, "verbose": False}
    history = train_model(net, loader, DataLoader(validation, 7), CE, **options)
    losses = []
    for inputs, targets in loader:
        losses.append(F.cross_entropy(twin(inputs), targets))
        gradients = torch.autograd.grad(losses[-1], list(twin.parameters()))
        with torch.no_grad():
            for weight, gradient in zip(twin.parameters(), gradients, strict=True):
                weight -= 0.1 * gradient
    assert history["train_loss"] == pytest.approx([(10 * losses[0] + 6 * losses[1]).item() / 16], abs=1e-12)
    x, y = validation.tensors
    assert history["val_loss"] == pytest.approx([F.cross_entropy(twin(x), y).item()], abs=1e-12)
    assert history["val_accuracy"] == pytest.approx([(twin(x).argmax(1) == y).double().mean().item()])


def test_the_same_seed_gives_the_same_history_whatever_happened_before() -> None:
    first = train_moons(seed=5)
    torch.manual_seed(123)
    torch.rand(17)
    assert train_moons(seed=5) == first
    assert train_moons(seed=6) != first


def test_training_leaves_the_random_numbers_of_its_caller_alone() -> None:
    torch.manual_seed(11)
    expected = torch.rand(4)
    torch.manual_seed(11)
    train_moons()
    assert torch.equal(torch.rand(4), expected)


def test_after_training_the_model_is_in_eval_mode_and_every_epoch_is_reported_to_after_epoch() -> None:
    seen = []
    net = dropout_net()
    history = train_moons(
        net=net, after_epoch=lambda model, epoch, stats: seen.append((model.training, epoch, stats))
    )
    assert [epoch for _, epoch, _ in seen] == [0, 1, 2]
    assert not any(training for training, _, _ in seen)
    assert [stats["val_loss"] for _, _, stats in seen] == history["val_loss"]
    assert not net.training


def test_after_epoch_can_stop_the_training() -> None:
    history = train_moons(num_epochs=9, after_epoch=lambda model, epoch, stats: Stop if epoch == 1 else None)
    assert len(history["train_loss"]) == 2


@pytest.mark.parametrize("answer", ["Stop", True, 0, False, type(Stop), Stop()])
def test_any_other_answer_of_after_epoch_is_an_error_that_says_what_to_return(answer: object) -> None:
    with pytest.raises(ValueError, match="return Stop itself"):
        train_moons(after_epoch=lambda model, epoch, stats: answer)


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda stop: pickle.loads(pickle.dumps(stop))]
)
def test_a_copy_of_stop_is_stop(duplicate) -> None:
    assert duplicate(Stop) is Stop


def test_verbose_prints_one_line_per_epoch_and_otherwise_nothing_is_printed(capsys) -> None:
    train_moons(verbose=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"]
    assert all("val_accuracy 0." in line or "val_accuracy 1." in line for line in lines)
    train_moons()
    assert capsys.readouterr().out == ""


def other_optimizer(_net: nn.Module) -> Adam:
    """Return the optimizer of another model, as a forgotten cell leaves it behind."""
    return Adam(dropout_net().parameters())


WRONG_CALLS = [  # options of train_model, made from the model; words of the message
    (lambda net: {"optimizer": Adam(net.parameters()), "learning_rate": 0.01}, "Leave out one of the two"),
    (lambda net: {"optimizer": other_optimizer(net)}, "make a new one from model.parameters"),
    (lambda net: {"criterion": nn.MSELoss()}, r"pass criterion=nn.CrossEntropyLoss\(\)"),
    (lambda net: {"criterion": nn.CrossEntropyLoss(reduction="sum")}, "reduction='mean'"),
    (lambda net: {"train_loader": []}, "gave no batch"),
]


@pytest.mark.parametrize(("options", "words"), WRONG_CALLS)
def test_a_wrong_call_says_what_to_change(options, words: str) -> None:
    net, (train, validation) = dropout_net(), moons()
    arguments = {
        "train_loader": DataLoader(train, 8),
        "val_loader": DataLoader(validation, 8),
        "criterion": CE,
    }
    with pytest.raises(ValueError, match=words):
        train_model(net, **(arguments | options(net)))


OPTIMIZERS = [
    lambda parameters: SGD(parameters, lr=0.1, momentum=0.9),
    lambda parameters: Adam(parameters, lr=0.01),
    lambda parameters: AdamW([{"params": list(parameters), "weight_decay": 0.1}], foreach=False),
]


def settings_of(optimizer: Optimizer) -> list[dict[str, object]]:
    """Return all that an optimizer was told, without its parameters."""
    return [{name: group[name] for name in group if name != "params"} for group in optimizer.param_groups]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_no_loop_changes_the_optimizer_that_it_is_given(make) -> None:
    net = dropout_net()
    optimizer = make(net.parameters())
    before = copy.deepcopy(settings_of(optimizer)), copy.deepcopy(optimizer.defaults)
    train_moons(net=net, optimizer=optimizer)
    utils.fit(net, *moons(), optimizer, epochs=1)
    assert (settings_of(optimizer), optimizer.defaults) == before


def test_a_diverging_run_is_recorded_as_it_is() -> None:
    net = build_net((2, 8, 2))
    history = train_moons(net=net, optimizer=SGD(net.parameters(), lr=1e30))
    assert not all(math.isfinite(loss) for loss in history["val_loss"])


# ---------------------------------------------------------------- evaluate_model


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 40), batch_size=st.integers(1, 45), classifier=st.booleans(), seed=st.integers(0, 999)
)
def test_the_mean_over_samples_does_not_depend_on_the_batch_size(n, batch_size, classifier, seed) -> None:
    with utils.seeded(seed):
        x, net = torch.randn(n, 3, dtype=torch.float64), build_net((3, 4, 2)).double()
        y = torch.randint(2, (n,)) if classifier else torch.randn(n, 2, dtype=torch.float64)
    criterion = CE if classifier else nn.MSELoss()
    whole = evaluate_model(net, DataLoader(TensorDataset(x, y), n), criterion)
    parts = evaluate_model(net, DataLoader(TensorDataset(x, y), batch_size), criterion)
    assert parts == pytest.approx(whole, abs=1e-12)


def test_evaluation_learns_nothing_uses_no_dropout_and_gives_the_mode_back() -> None:
    net, loader = dropout_net(), DataLoader(moons()[1], 8)
    before = copy.deepcopy(net.state_dict())
    net.train()
    assert evaluate_model(net, loader, CE) == evaluate_model(net, loader, CE)
    assert net.training
    assert all(torch.equal(before[name], weight) for name, weight in net.state_dict().items())
    assert all(weight.grad is None for weight in net.parameters())


IDENTITY = nn.Linear(1, 1)
nn.init.ones_(IDENTITY.weight)
nn.init.zeros_(IDENTITY.bias)

BINARY = [  # criterion, outputs that are certain of class 1, 0, 1
    (nn.BCEWithLogitsLoss(), [[9.0], [-9.0], [0.1]]),
    (nn.BCELoss(), [[0.9], [0.1], [0.51]]),
]


@pytest.mark.parametrize(("criterion", "outputs"), BINARY)
def test_binary_classifiers_have_an_accuracy_too(criterion: nn.Module, outputs: list[list[float]]) -> None:
    targets = torch.tensor([[1.0], [0.0], [0.0]])
    right = utils.is_right(criterion, torch.tensor(outputs), targets)
    assert right.tolist() == [[True], [True], [False]]
    loader = [(torch.tensor(outputs), targets)]
    assert evaluate_model(IDENTITY, loader, criterion)[1] == pytest.approx(2 / 3)
