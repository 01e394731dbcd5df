"""Week 7: the stored runs are those of plain training, and the file holds what it says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import ROOT

from utils import compare, digits_noisy, make_loader, train_model

sys.path.insert(0, str(ROOT / "course" / "week07_dropout"))

import dropout_runs
import dropout_training
from dropout_runs import ALL_PS, PS, SEEDS, SHARES, SIZES, dropout_net, norm_net, stored
from dropout_training import CURVES

pytestmark = pytest.mark.trains


def ends(p: float, name: str) -> list[float]:
    values: list[float] = stored("ends")[p][name].tolist()
    return values


# ---------------------------------------------------------------- trained again


@pytest.mark.parametrize("p", [0.0, 0.5])
def test_the_file_holds_the_curves_that_plain_training_gives(p: float) -> None:
    """Small differences between machines grow with the epochs: the first ones are compared."""
    train, validation, _ = digits_noisy()
    torch.manual_seed(3)
    net, criterion = dropout_net(p), torch.nn.CrossEntropyLoss()
    in_eval_mode: list[float] = []
    history = train_model(
        net, make_loader(train, 32, shuffle=True), make_loader(validation, 500), criterion,
        num_epochs=4, seed=3, verbose=False,
        after_epoch=lambda net, *_: in_eval_mode.append(
            criterion(net(train.tensors[0]), train.tensors[1]).item()
        ),
    )  # fmt: skip
    for name, values in (history | {"train_loss_eval": in_eval_mode}).items():
        kept = stored("curves")[p][name]
        assert kept.shape == (10, 60)
        np.testing.assert_allclose(kept[3, :4], values, rtol=2e-3, atol=4e-3)


def test_a_setting_trained_again_ends_as_the_file_says() -> None:
    runs, _ = dropout_training.train(lambda: dropout_net(0.5), 0.5, [0], 60)
    for name, values in dropout_training.ends(runs).items():
        tolerance = {"best_epoch": 3, "epochs_to_80": 2}.get(name, 0.02)
        np.testing.assert_allclose(stored("ends")[0.5][name][:1], values, atol=tolerance)


def test_nets_with_batch_norm_trained_again_are_those_of_the_file() -> None:
    for norm in (0, 1):
        runs, _ = dropout_training.train_norm_nets(bool(norm), "momentum", 0.01, 32, 2, [0])
        for name in ("train_loss", "val_accuracy"):
            np.testing.assert_allclose(
                stored("norm rates")[0.01, norm][name][:1, :2], runs[name], rtol=5e-3, atol=5e-3
            )


def test_stored_flower_nets_answer_as_well_as_their_table_says() -> None:
    import dropout_unit_widgets as units

    species = dropout_training.flowers()[1]
    for net, p in units.NETS.items():
        seed = int(stored("flower nets")[p]["seed"])
        right = units.probabilities(net).argmax(dim=1) == species
        assert right.double().mean().item() == pytest.approx(stored("flowers")[p]["accuracy"][seed], abs=1e-3)
        changed = [units.changed_answers(net, [unit], units.SCALES[0]) / 150 for unit in units.UNITS]
        kept = stored("flowers")[p]
        assert max(changed) == pytest.approx(kept["greatest_change"][seed], abs=1e-3)
        assert np.mean(changed) == pytest.approx(kept["mean_change"][seed], abs=1e-3)


# ---------------------------------------------------------------- how it is measured


def test_one_thinned_net_is_drawn_as_in_training_and_the_average_is_near_eval_mode() -> None:
    *_, (stack, stats) = dropout_training.watch(
        lambda: dropout_net(0.5), {"lr": 1e-3, "dropout": 0.5}, digits_noisy(), 12, [0, 1]
    )
    found = dropout_training.average_thinned(stack, (1, 30))
    assert found["eval"]["accuracy"] == pytest.approx(stats["val_accuracy"])
    assert found["eval"]["loss"] == pytest.approx(stats["val_loss"], rel=1e-4)
    assert (found["1"]["accuracy"] < found["30"]["accuracy"]).all()
    whole = dropout_training.cut_units(stack, 0.0, choices=1)
    assert whole == pytest.approx(stats["val_accuracy"])
    assert (dropout_training.cut_units(stack, 0.7, choices=3) < whole).all()


def test_the_calibration_error_is_the_one_counted_by_hand() -> None:
    """All answers say class 0: with 0.95 and, in every other row, with 0.35."""
    labels = digits_noisy()[1].tensors[1]
    sure = torch.where(torch.arange(500) % 2 == 0, 0.95, 0.35)
    probabilities = ((1 - sure) / 9).unsqueeze(1).repeat(1, 10)
    probabilities[:, 0] = sure
    right = (labels == 0).double()
    wanted = 0.5 * abs(right[::2].mean() - 0.95) + 0.5 * abs(right[1::2].mean() - 0.35)
    found = dropout_training.judged(probabilities.unsqueeze(0))
    assert found["calibration"][0] == pytest.approx(wanted.item(), abs=1e-6)
    assert found["accuracy"][0] == pytest.approx(right.mean().item())
    assert found["sure"][0] == pytest.approx((0.95 + 0.35) / 2)


def test_labels_learned_are_counted_by_hand_and_agree_with_the_training_accuracy() -> None:
    *_, (stack, stats) = dropout_training.watch(
        lambda: dropout_net(0.0), {"lr": 1e-3, "dropout": 0.0}, digits_noisy(), 3, [0, 1]
    )
    found = dropout_training.learned_labels(stack)
    assert (246 * found["right"] + 54 * found["wrong"]) / 300 == pytest.approx(stats["train_accuracy_eval"])
    assert (found["wrong"] < 0.2).all()


def test_a_forgotten_eval_is_measured_in_train_mode_and_leaves_the_given_net_alone() -> None:
    torch.manual_seed(0)
    net = norm_net().eval()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    found = dropout_training.forget_eval([net], [0], 500)
    x, y = digits_noisy()[1].tensors
    with torch.no_grad():
        assert found["eval"][0] == pytest.approx((net(x).argmax(dim=1) == y).double().mean().item())
    assert found["random"][0] == pytest.approx(found["sorted"][0], abs=0.005)  # one batch: no order
    assert all(torch.equal(net.state_dict()[name], value) for name, value in before.items())
    assert not net.training


# ---------------------------------------------------------------- what is stored

KEYS: list[tuple[str, Sequence[Any], set[tuple[int, ...]]]] = [
    ("ends", ALL_PS, {(20,)}),
    ("clean ends", ALL_PS, {(20,)}),
    ("curves", PS, {(10, 60)}),
    ("bands", [(noise, p) for noise in (0.2, 0.0) for p in ALL_PS], {(2, 60)}),
    ("long", dropout_runs.LONG_PS, {(20, 4)}),
    ("long curves", dropout_runs.LONG_PS, {(10, 24)}),
    ("wrong labels", PS, {(20,)}),
    ("last layer", dropout_runs.LAST_PS, {(20,)}),
    ("small", dropout_runs.SMALL_PS, {(20,)}),
    ("averages", ["eval", "1", "2", "5", "20", "200", "none"], {(20,)}),
    ("clean averages", ["eval", "1", "200", "none"], {(20,)}),
    ("cut", [(p, share) for p in (0.0, 0.5) for share in SHARES], {(20,)}),
    ("clean cut", [(p, share) for p in (0.0, 0.5) for share in (0.0, 0.5)], {(20,)}),
    ("one unit", [0.0, 0.5], {(20,)}),
    ("flowers", dropout_runs.FLOWER_PS, {(20,)}),
    ("flower nets", dropout_runs.FLOWER_PS, {(64,), ()}),
    ("norm rates", [(rate, norm) for rate in dropout_runs.NORM_RATES for norm in (0, 1)], {(20, 15)}),
    ("norm batches", [(size, norm) for size in (2, 32) for norm in (0, 1)], {(20,)}),
    (
        "forgotten",
        [(size, how) for size in SIZES for how in ("eval", "random", "afterwards", "sorted")],
        {(20,)},
    ),
]


@pytest.mark.parametrize(("table", "keys", "wanted"), KEYS)
def test_every_setting_of_a_table_is_stored(
    table: str, keys: Sequence[Any], wanted: set[tuple[int, ...]]
) -> None:
    assert sorted(stored(table), key=str) == sorted(keys, key=str)
    assert {values.shape for numbers in stored(table).values() for values in numbers.values()} == wanted


def test_the_file_is_small_whole_and_an_unknown_table_is_named() -> None:
    assert dropout_runs.STORED.stat().st_size < 400_000
    assert list(dropout_runs._file()) == list(dropout_runs.TABLES) == [table for table, *_ in TABLES_IN_ORDER]
    with pytest.raises(KeyError, match="clean ends"):
        stored("sgd")


TABLES_IN_ORDER = sorted(KEYS, key=lambda row: list(dropout_runs.TABLES).index(row[0]))


def test_writing_a_table_again_gives_a_file_that_reads_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "runs.json"
    path.write_text(dropout_runs.STORED.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(dropout_runs, "TABLES", dropout_runs.TABLES | {"long": lambda: stored("long")})
    dropout_runs.write_runs(path, ["long"])
    assert path.read_text("utf-8") == dropout_runs.STORED.read_text("utf-8")


def test_tables_agree_where_they_tell_the_same() -> None:
    for p in PS:
        for name in CURVES:
            values = stored("ends")[p][name]
            np.testing.assert_allclose(values[:10], stored("curves")[p][name][:, -1], rtol=5e-3)
            mean, spread = stored("bands")[0.2, p][name][:, -1]
            assert (mean, spread) == pytest.approx((values.mean(), values.std(ddof=1)), rel=6e-3)
        assert (stored("ends")[p]["lowest_val_loss"] <= stored("ends")[p]["val_loss"]).all()
    for p in dropout_runs.LONG_PS:
        np.testing.assert_allclose(
            stored("long")[p]["val_accuracy"][:, 0], ends(p, "val_accuracy"), atol=2e-3
        )
        np.testing.assert_array_equal(
            stored("long")[p]["val_loss"][:10, 3], stored("long curves")[p]["val_loss"][:, -1]
        )
    np.testing.assert_allclose(stored("averages")["none"]["accuracy"], ends(0.0, "val_accuracy"), atol=1e-6)
    for p in PS:
        learned = stored("wrong labels")[p]
        np.testing.assert_allclose(
            (246 * learned["right"] + 54 * learned["wrong"]) / 300, ends(p, "train_accuracy_eval"), atol=1e-3
        )
    for name, p in (("none", 0.0), ("eval", 0.5)):
        values = stored("clean ends")[p]["val_accuracy"]
        np.testing.assert_allclose(stored("clean averages")[name]["accuracy"], values, atol=1e-6)
        np.testing.assert_allclose(stored("clean cut")[p, 0.0]["val_accuracy"], values, atol=1e-3)
    for size in SIZES:
        np.testing.assert_allclose(
            stored("forgotten")[size, "eval"]["val_accuracy"],
            stored("norm batches")[32, 1]["val_accuracy"], atol=1e-6,
        )  # fmt: skip


def test_no_dropout_rate_is_best_alone() -> None:
    """Twenty pairs tell 0.5 from 0 and from 0.3, but not from 0.4."""
    best = max(ALL_PS, key=lambda p: np.mean(ends(p, "val_accuracy")))
    assert best == 0.5
    told = {p: compare(ends(p, "val_accuracy"), ends(0.5, "val_accuracy")).is_clear for p in (0.0, 0.3, 0.4)}
    assert told == {0.0: True, 0.3: True, 0.4: False}


def test_the_headline_is_copied_from_the_experiments() -> None:
    sys.path.insert(0, str(ROOT))
    from experiments.published import DROPOUT, VALIDATION

    page = (ROOT / "experiments" / "RESULTS.md").read_text("utf-8").partition("## Dropout")[2]
    page = page.partition("## Early stopping")[0]
    for p, numbers in dropout_runs.HEADLINE.items():
        assert numbers["published"] == DROPOUT.published[p][VALIDATION]
        for name, word in (("train_accuracy", "training accuracy"), ("val_accuracy", "validation accuracy")):
            mean, spread = (f"{value:.3f}" for value in numbers[name])
            assert f"| {p:g} | {word} | {mean} ± {spread} |" in page
        epoch, spread = numbers["best_epoch"]
        assert f"in epoch {epoch} ± {spread} for p = {p:g}" in page
    assert len(SEEDS) == 20
