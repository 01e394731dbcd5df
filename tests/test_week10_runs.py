"""Week 10: the stored runs are those that the scripts make, and those of plain training."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT
from course_data import one_thread, seeded
from sweeps import shuffled_rows
from torch import nn

from utils import build_net, digits_two_cameras

sys.path.insert(0, str(ROOT / "course" / "week10_transfer"))

import transfer_runs
from transfer_finishing import NETS, best_temperature, judged, train_nets
from transfer_leak import HELD_OUT, SEALED, SESSIONS, SPLITS, STUDENTS, run_split, split_sessions
from transfer_runs import stored
from transfer_training import CAMERA_RATE, CAMERA_WAYS, WAYS, camera_runs, digit_runs, train_source

pytestmark = pytest.mark.trains
NEAR = 0.03  # of accuracies: small differences between machines grow with the steps

# ---------------------------------------------------------------- trained again


def test_cameras_trained_again_are_those_of_the_file() -> None:
    seeds = (0, 7)
    assert train_source("cameras", seeds)[1] == pytest.approx(
        stored("source")["cameras"]["accuracy"][[0, 7]], abs=NEAR
    )
    for camera in ("same", "inverted"):
        for way, values in camera_runs(camera, 20, seeds=seeds).items():
            kept = stored("cameras")[camera][20][way]
            np.testing.assert_allclose(kept["accuracy"][[0, 7]], values[:, 1], atol=NEAR)
            np.testing.assert_allclose(kept["early"][[0, 7]], values[:, 0], atol=NEAR)


@one_thread()
def test_a_cell_is_that_of_plain_training() -> None:
    """One net alone, with torch's own layers and optimizer, whose body is loaded and does not move."""
    body = train_source("cameras", (0, 7))[0]
    _, target, test = digits_two_cameras("shifted", 50, seed=7)
    with seeded(7):
        net = build_net((64, 64, 32, 10))
    with torch.no_grad():
        for layer, (weight, bias) in zip((net[0], net[2]), body, strict=True):
            layer.weight.copy_(weight[1].T)
            layer.bias.copy_(bias[1, 0])
    optimizer = torch.optim.Adam(net[-1].parameters(), CAMERA_RATE)
    generator, done = torch.Generator().manual_seed(7), 0
    while done < 20:
        for rows in shuffled_rows(generator, 50).split(32)[: 20 - done]:
            inputs, labels = (tensor[rows] for tensor in target.tensors)
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(inputs), labels).backward()
            optimizer.step()
            done += 1
    accuracy = (net(test.tensors[0]).argmax(1) == test.tensors[1]).float().mean().item()
    found = camera_runs("shifted", 50, ["head only"], seeds=(0, 7), marks=(20,))["head only"]
    assert found[1, 0] == pytest.approx(accuracy, abs=0.004)


def test_digits_trained_again_are_those_of_the_file() -> None:
    ways = ("from scratch", "random features, head only")  # they need no source
    for way, values in digit_runs(10, ways, seeds=(4, 9)).items():
        kept = stored("digits")[10][way]
        np.testing.assert_allclose(kept["accuracy"][[4, 9]], values[:, 1], atol=NEAR)
        np.testing.assert_allclose(kept["early"][[4, 9]], values[:, 0], atol=NEAR)


def test_nets_trained_again_are_those_of_the_file() -> None:
    found = train_nets("dropout 0.5", [0, 5])
    values, kept = judged(found.test.log_softmax(dim=-1), found.y_test), stored("seeds")["dropout 0.5"]
    for name in ("accuracy", "loss", "error"):
        np.testing.assert_allclose(kept[f"one_{name}"][:2], values[name], atol=NEAR)
    again = [best_temperature(logits, found.y_validation) for logits in found.validation]
    np.testing.assert_allclose(kept["temperature"][:2], again, rtol=0.05)


def test_a_leak_trained_again_is_that_of_the_file() -> None:
    for name, values in run_split("row", [4]).items():
        if name not in ("dropout", "decay"):
            np.testing.assert_allclose(stored("leak")["row"][name][4:5], values, atol=NEAR)


# ---------------------------------------------------------------- the parts


def test_ways_with_the_same_seed_are_pairs() -> None:
    """Before the first step, a new head is the same whether the body is new or not; kept layers stay."""
    found = camera_runs("same", 400, ["from scratch"], seeds=(1,), marks=(1,))["from scratch"]
    again = camera_runs("same", 400, CAMERA_WAYS, seeds=(1,), marks=(1,))["from scratch"]
    assert found == pytest.approx(again, abs=0.002)
    assert {name: way.kept for name, way in WAYS.items()} == {
        "from scratch": 0,
        "fine-tune all": 0,
        "freeze 1 layer": 1,
        "head only": 2,
        "random features, head only": 2,
        "permuted source, fine-tune all": 0,
    }


def test_the_calibration_error_is_that_by_hand() -> None:
    """Two answers are sure .95 and right once, two are sure .55 and right twice."""
    sure = torch.tensor([[[0.95, 0.05], [0.95, 0.05], [0.55, 0.45], [0.55, 0.45]]])
    found = judged(sure.log(), torch.tensor([0, 1, 0, 0]))
    assert found["accuracy"] == pytest.approx([0.75])
    assert found["error"] == pytest.approx([0.5 * 0.45 + 0.5 * 0.45])
    assert found["loss"] == pytest.approx([-(math.log(0.95 * 0.05 * 0.55 * 0.55)) / 4])


def test_the_temperature_undoes_a_factor() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(4000, 5, generator=generator)
    y = torch.multinomial(logits.softmax(dim=1), 1, generator=generator).flatten()
    assert best_temperature(logits, y) == pytest.approx(1, abs=0.1)
    assert best_temperature(3 * logits, y) == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize("split", SPLITS)
def test_a_split_keeps_what_it_promises(split: str) -> None:
    parts = split_sessions(split, seed=3)
    train, validation, sealed = (set(part.tolist()) for part in parts.students)
    assert len(sealed) == SEALED
    assert not sealed & (train | validation)
    assert len(validation) == HELD_OUT if split.startswith("student") else len(validation) > 60
    assert bool(train & validation) == split.startswith("row")
    rows = [(STUDENTS - SEALED - HELD_OUT) * SESSIONS, HELD_OUT * SESSIONS, SEALED * SESSIONS]
    assert [len(part) for part in parts.x] == [len(part) for part in parts.y] == rows
    assert parts.x[0].mean(dim=0).abs().max() < 1e-5
    assert (parts.x[2][:, 14:] == 0).all() == ("no device" in split)


# ---------------------------------------------------------------- the file


def test_all_numbers_of_the_file_are_of_twenty_seeds() -> None:
    def look(table: object, path: str) -> None:
        if isinstance(table, dict):
            for key, part in table.items():
                look(part, f"{path} {key}")
        else:
            assert table.shape == (20,), path
            assert np.isfinite(table).all(), path

    for name in transfer_runs.TABLES:
        look(stored(name), name)
    assert tuple(stored("cameras")["same"]) == transfer_runs.CAMERA_SIZES
    assert tuple(stored("digits")[10]) == tuple(WAYS)
    assert tuple(stored("rates")) == transfer_runs.RATES
    assert (tuple(stored("seeds")), tuple(stored("leak"))) == (tuple(NETS), SPLITS)


def test_tables_that_hold_the_same_runs_agree() -> None:
    for n in transfer_runs.RATE_SIZES:
        for way in transfer_runs.RATE_WAYS:
            np.testing.assert_allclose(
                stored("rates")[1e-3][n][way]["accuracy"], stored("digits")[n][way]["accuracy"], atol=NEAR
            )
    for n, cell in stored("same seed").items():
        kept = stored("cameras")["same"][n]["from scratch"]["accuracy"]
        np.testing.assert_allclose(cell["from scratch"]["accuracy"], kept, atol=NEAR)


def test_writing_the_tables_again_gives_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    content = {name: transfer_runs.as_lists(stored(name)) for name in transfer_runs.TABLES}
    transfer_runs.write(path, content)
    assert path.read_text() == transfer_runs.STORED.read_text()
    assert path.stat().st_size < 100_000


def test_an_unknown_table_is_told_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"no table 'loss'\. There are: source, cameras, same seed, digits"):
        stored("loss")
