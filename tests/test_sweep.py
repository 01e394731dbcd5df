"""`sweep` gives the curves of training its runs one after the other, whatever is varied between them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sweeps import OPTIMIZERS, Setting, epochs_until_stop
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset

import utils
from utils import FlexibleClassifier, evaluate_model, sweep, train_model

CE = nn.CrossEntropyLoss()
SEEDS = (3, 8)


def moons(dtype: torch.dtype = torch.float64) -> tuple[TensorDataset, TensorDataset]:
    """Return 75 rows to train and 40 to validate: with batches of 16 the last one has 11."""
    x, y = utils.two_moons(115)
    return utils.split_data(x.to(dtype), y, (75, 40))


def build() -> nn.Module:
    """Return a small net with dropout, in double precision."""
    return FlexibleClassifier(2, (16, 8), 2, dropout_rate=0.3).double()


def train_alone(
    setting: Setting,
    seed: int,
    make: Callable[[], nn.Module],
    data,
    epochs: int,
    criterion=CE,
    after_epoch=None,
):
    """Return the history of one run, trained by train_model."""
    torch.manual_seed(seed)
    net = make()
    for layer in net.modules():
        if isinstance(layer, nn.Dropout) and setting.dropout is not None:
            layer.p = setting.dropout
    options = {"lr": setting.lr, "weight_decay": setting.weight_decay}
    if setting.optimizer == "momentum":
        options["momentum"] = setting.momentum
    optimizer = OPTIMIZERS[setting.optimizer](net.parameters(), **options)
    loaders = DataLoader(data[0], 16, shuffle=True), DataLoader(data[1], 7)
    return train_model(
        net,
        *loaders,
        criterion,
        optimizer,
        num_epochs=epochs,
        seed=seed,
        after_epoch=after_epoch,
        verbose=False,
    )


def assert_same_curves(got, expected, tolerance: float) -> None:
    """Fail unless two histories have the same names and, within a tolerance, the same values."""
    assert list(got) == list(expected)
    for name, values in expected.items():
        assert got[name] == pytest.approx(values, abs=tolerance), name


CASES = [
    Setting(lr=0.05, optimizer="sgd"),
    Setting(lr=0.05, optimizer="sgd", weight_decay=0.1),
    Setting(lr=0.05, optimizer="momentum"),
    Setting(lr=0.02, optimizer="momentum", momentum=0.5, weight_decay=0.01),
    Setting(lr=0.01, optimizer="adam"),
    Setting(lr=0.01, optimizer="adam", weight_decay=0.1),
    Setting(lr=0.01, optimizer="adamw"),
    Setting(lr=0.01, optimizer="adamw", weight_decay=1.0),
    Setting(lr=0.01, dropout=0.0),
    Setting(lr=0.01, dropout=0.7),
    Setting(lr=0.03, dropout=0.5, optimizer="adamw", weight_decay=0.5),
    Setting(lr=0.01, optimizer="rmsprop"),
    Setting(lr=0.01, optimizer="rmsprop", weight_decay=0.1),
    Setting(lr=0.05, optimizer="adagrad"),
    Setting(lr=0.05, optimizer="adagrad", weight_decay=0.1),
]


@pytest.fixture(scope="module")
def together() -> dict[tuple[Setting, int], dict[str, list[float]]]:
    """Return the histories of all cases and seeds, from one sweep."""
    histories = sweep(build, moons(), CASES, epochs=8, seeds=SEEDS, batch_size=16)
    return dict(zip(itertools.product(CASES, SEEDS), itertools.chain(*histories), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("setting", CASES, ids=str)
def test_a_run_of_a_sweep_has_the_curves_of_the_run_alone(together, setting: Setting, seed: int) -> None:
    assert_same_curves(together[setting, seed], train_alone(setting, seed, build, moons(), epochs=8), 1e-9)


def test_single_precision_drifts_by_less_than_a_thousandth_in_ten_epochs() -> None:
    data = moons(torch.float32)

    def make() -> nn.Module:
        return build().float()

    for setting in (CASES[2], CASES[5], CASES[10]):
        ((history,),) = sweep(make, data, [setting], epochs=10, seeds=[1], batch_size=16)
        expected = train_alone(setting, 1, make, data, epochs=10)
        for name in ("train_loss", "val_loss"):
            assert history[name] == pytest.approx(expected[name], abs=1e-3)


def test_runs_do_not_depend_on_what_they_are_trained_with(together) -> None:
    ((alone,),) = sweep(build, moons(), [CASES[10]], epochs=8, seeds=[8], batch_size=16)
    assert_same_curves(alone, together[CASES[10], 8], 1e-9)


def test_validation_uses_no_dropout() -> None:
    ((history,),) = sweep(build, moons(), [{"lr": 0.0, "dropout": 0.9}], epochs=3, seeds=[0])
    torch.manual_seed(0)
    loss, accuracy = evaluate_model(build(), DataLoader(moons()[1], 40), CE)
    assert history["val_loss"] == pytest.approx([loss] * 3)
    assert history["val_accuracy"] == pytest.approx([accuracy] * 3)
    assert len(set(history["train_loss"])) == 3


@settings(max_examples=12, deadline=None)
@given(rows=st.integers(1, 30), batch_size=st.integers(1, 33), seed=st.integers(0, 10**6))
def test_any_batch_size_gives_the_curves_of_the_run_alone(rows: int, batch_size: int, seed: int) -> None:
    train, validation = moons()
    data = TensorDataset(*train[:rows]), validation
    torch.manual_seed(seed)
    loaders = DataLoader(data[0], batch_size, shuffle=True), DataLoader(validation, 40)
    expected = train_model(build(), *loaders, CE, num_epochs=2, seed=seed, verbose=False)
    ((got,),) = sweep(build, data, [{}], epochs=2, seeds=[seed], batch_size=batch_size)
    assert_same_curves(got, expected, 1e-9)


def sine() -> tuple[TensorDataset, TensorDataset]:
    """Return the noisy sine as a regression task in double precision."""
    x, y = utils.noisy_sine(60)
    return utils.split_data(x.double(), y.double(), (45, 15))


def signs() -> tuple[TensorDataset, TensorDataset]:
    """Return the sign of the noisy sine as a binary task in double precision."""
    x, y = utils.noisy_sine(60)
    return utils.split_data(x.double(), (y > 0).double(), (45, 15))


TASKS = [  # criterion, data, activation
    (nn.MSELoss(), sine, nn.Tanh),
    (nn.HuberLoss(), sine, nn.GELU),
    (nn.BCEWithLogitsLoss(), signs, nn.LeakyReLU),
]


@pytest.mark.parametrize(("criterion", "data", "activation"), TASKS)
def test_other_losses_and_activations_and_layers_without_bias_train_alike(
    criterion, data, activation
) -> None:
    def make() -> nn.Module:
        hidden = nn.Sequential(nn.Linear(1, 9, bias=False), activation(), nn.Dropout(0.2))
        return nn.Sequential(hidden, nn.Linear(9, 1)).double()

    setting = Setting(lr=0.02)
    ((got,),) = sweep(make, data(), [setting], epochs=4, seeds=[5], batch_size=16, criterion=criterion)
    assert_same_curves(got, train_alone(setting, 5, make, data(), 4, criterion), 1e-9)


def test_frozen_weights_stay_as_they_are() -> None:
    def make() -> nn.Module:
        net = build()
        net.layers[0].weight.requires_grad_(False)
        return net

    ((got,),) = sweep(make, moons(), [CASES[5]], epochs=3, seeds=[2], batch_size=16)
    assert_same_curves(got, train_alone(CASES[5], 2, make, moons(), epochs=3), 1e-9)


def test_subsets_and_pairs_serve_as_data_and_the_callers_random_numbers_are_left_alone() -> None:
    train, validation = moons()
    torch.manual_seed(4)
    expected = torch.rand(3)
    torch.manual_seed(4)
    first = sweep(build, (train, validation, "not touched"), [{}], epochs=2, seeds=[0])
    assert torch.equal(torch.rand(3), expected)
    assert sweep(build, (Subset(train, range(75)), validation.tensors), [{}], epochs=2, seeds=[0]) == first


def test_weights_are_recorded_as_fit_records_them_when_asked_for() -> None:
    setting, sizes = CASES[5], []

    def remember(net: nn.Module, _epoch: int, _stats: dict) -> None:
        sizes.append(utils.first_weight(net).abs().mean().item())

    history = train_alone(setting, 2, build, moons(), epochs=3, after_epoch=remember)
    ((got,),) = sweep(build, moons(), [setting], epochs=3, seeds=[2], batch_size=16, weights=True)
    assert_same_curves(got, history | {"train_mean_abs_weight": sizes}, 1e-9)


@pytest.mark.skipif(utils.detect_device().type == "cpu", reason="this machine has only its processor")
def test_other_devices_give_the_curves_of_the_processor() -> None:
    options = {"settings": [{"dropout": 0.5}, {"weight_decay": 0.1}], "epochs": 4, "seeds": SEEDS}
    here = sweep(lambda: build().float(), moons(torch.float32), **options)
    there = sweep(lambda: build().float(), moons(torch.float32), **options, device=utils.detect_device())
    for got, expected in zip(itertools.chain(*there), itertools.chain(*here), strict=True):
        assert_same_curves({"val_loss": got["val_loss"]}, {"val_loss": expected["val_loss"]}, 1e-3)


# ---------------------------------------------------------------- early stopping, progress, mistakes


UNTIL_STOP = [  # validation losses, patience, epochs of the run
    ([3.0, 2.0, 1.0, 1.0, 1.0, 0.5], 2, 5),
    ([3.0, 2.0, 1.0, 1.5, 0.9, 1.0, 1.0], 2, 7),
    ([1.0, 2.0, 3.0], 1, 2),
    ([math.nan, math.nan, math.nan, 1.0], 2, 3),
    ([2.0, math.nan, 1.0, 1.0], 2, 5),
    ([3.0, 2.0, 1.0], None, 4),
    ([], 3, 1),
]


@pytest.mark.parametrize(("losses", "patience", "epochs"), UNTIL_STOP)
def test_early_stopping_waits_as_long_as_the_patience_says(losses, patience, epochs: int) -> None:
    assert epochs_until_stop(losses, patience) == epochs


def test_patience_shortens_each_history_on_its_own_and_ends_the_sweep_when_all_have_stopped(capsys) -> None:
    rates = [{"lr": 0.0}, {"lr": 0.01, "dropout": 0.0}]
    full = sweep(build, moons(), rates, epochs=12, seeds=[0])
    capsys.readouterr()
    short = sweep(build, moons(), rates, epochs=12, seeds=[0], patience=3, progress=True)
    lengths = [len(history["val_loss"]) for (history,) in short]
    assert lengths[0] == 4
    assert lengths[1] > 4
    assert f" {max(lengths)}/12 " in capsys.readouterr().err.replace("[", " [").splitlines()[-1]
    for ((whole,), (part,)), length in zip(zip(full, short, strict=True), lengths, strict=True):
        assert part == {name: values[:length] for name, values in whole.items()}


class Residual(nn.Module):
    """Add its input to the output of a layer: no chain."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layer(x)


def twice() -> nn.Module:
    """Return a net that uses one layer twice."""
    layer = nn.Linear(2, 2)
    return nn.Sequential(layer, nn.ReLU(), layer).double()


WRONG_CALLS = [  # options of sweep, words of the message
    ({"settings": [{"learning_rate": 1.0}]}, "no learning_rate. It can have: lr, weight_decay, dropout"),
    (
        {"settings": [{"optimizer": "adadelta"}]},
        "one of: sgd, momentum, adam, adamw, rmsprop, adagrad",
    ),
    ({"settings": [{"dropout": 1.0}]}, "less than 1, not 1.0"),
    ({"settings": []}, "at least one setting and one seed"),
    ({"seeds": []}, "at least one setting and one seed"),
    ({"settings": [{"schedule": "triangle"}]}, "one of: constant, step, exponential, linear, cosine"),
    ({"settings": [{"schedule": "exponential"}]}, "give it a min_lr above 0"),
    ({"settings": [{"schedule": "cosine", "min_lr": 1.0}]}, "between 0 and lr=0.001"),
    ({"settings": [{"warmup_steps": 3}]}, "fewer than the updates of a run, here 3"),
    ({"settings": [{"warmup_steps": -1}]}, "fewer than the updates"),
    ({"settings": [{"clip_norm": 0}]}, "norm above 0, or None"),
    ({"max_steps": 0}, "patience and max_steps are at least 1"),
    ({"patience": 0}, "patience and max_steps are at least 1"),
    ({"build": lambda: utils.build_net((2, 4, 2)).double(), "settings": [{"dropout": 0.5}]}, "no nn.Dropout"),
    ({"build": lambda: nn.Sequential(nn.BatchNorm1d(2)).double()}, "cannot stack BatchNorm1d"),
    ({"build": lambda: Residual().double()}, "applies its layers in turn"),
    ({"build": twice}, "applies its layers in turn"),
]


@pytest.mark.parametrize(("options", "words"), WRONG_CALLS)
def test_a_wrong_call_says_what_to_change(options, words: str) -> None:
    arguments = {"build": build, "data": moons(), "settings": [{}], "epochs": 1, "seeds": [0]} | options
    with pytest.raises(ValueError, match=words):
        sweep(**arguments)
