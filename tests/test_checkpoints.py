"""Checkpoints: a run goes on with the same curve, and a file is whole or refused in a sentence."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import Any

import checkpoints
import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from utils import Stop, digits_noisy, fit, load_checkpoint, record, save_checkpoint, train_model

LEFT = 3  # epochs after which a run is interrupted


def make_net(hidden: int = 16) -> nn.Module:
    return nn.Sequential(
        nn.Linear(64, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(0.3), nn.Linear(hidden, 10)
    )


def make_run(seed: int = 0, kind: Any = torch.optim.Adam, rate: float = 0.01) -> tuple[nn.Module, Any]:
    torch.manual_seed(seed)
    net = make_net()
    return net, kind(net.parameters(), rate)


@pytest.fixture(scope="module")
def data() -> tuple[Any, Any]:
    train, validation, _ = digits_noisy()
    return train[:100], validation[:100]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    net, optimizer = make_run()
    save_checkpoint(tmp_path / "run.pt", net, optimizer, 2, {"val_loss": [1.0, 0.5, 0.4]}, {"rate": 0.01})
    return tmp_path / "run.pt"


def state(net: nn.Module, optimizer: Any) -> list[Any]:
    return [pickle.dumps(part) for part in (net.state_dict(), optimizer.state_dict())]


# ---------------------------------------------------------------- a run goes on


@pytest.mark.parametrize("kind", [torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD])
def test_fit_goes_on_with_exactly_the_same_curve_and_weights(kind: Any, data: Any, tmp_path: Path) -> None:
    net, optimizer = make_run(kind=kind)
    whole = fit(net, *data, optimizer, epochs=6)
    torch.manual_seed(0)
    first, optimizer = make_run(kind=kind)
    so_far: dict[str, list[Any]] = {}

    def after_epoch(net: nn.Module, epoch: int, stats: dict[str, Any]) -> Any:
        record(so_far, stats)
        save_checkpoint(tmp_path / "run.pt", net, optimizer, epoch, so_far, {"rate": 0.01})
        return Stop if epoch == LEFT - 1 else None

    fit(first, *data, optimizer, epochs=6, after_epoch=after_epoch)
    second, fresh = make_run(seed=9, kind=kind, rate=0.5)
    kept = load_checkpoint(tmp_path / "run.pt", second, fresh)
    rest = fit(second, *data, fresh, epochs=6 - 1 - kept.epoch)
    assert (kept.epoch, kept.config) == (LEFT - 1, {"rate": 0.01})
    for name in ("train_loss", "train_accuracy", "val_loss", "val_accuracy", "train_mean_abs_grad"):
        assert kept.history[name] + rest[name] == whole[name]
    outputs = [*kept.history["train_outputs"], *rest["train_outputs"]]
    assert all(torch.equal(*pair) for pair in zip(outputs, whole["train_outputs"], strict=True))
    ends = (net.state_dict(), second.state_dict())
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_train_model_goes_on_with_exactly_the_same_curve(data: Any, tmp_path: Path) -> None:
    train, validation = (torch.utils.data.TensorDataset(*part) for part in data)
    loaders = DataLoader(train, 32, shuffle=True), DataLoader(validation, 100)
    options: dict[str, Any] = {"criterion": nn.CrossEntropyLoss(), "verbose": False}
    net, optimizer = make_run()
    whole = train_model(net, *loaders, optimizer=optimizer, num_epochs=6, **options)

    def after_epoch(net: nn.Module, epoch: int, stats: dict[str, Any]) -> None:
        save_checkpoint(tmp_path / "run.pt", net, optimizer, epoch, {})

    net, optimizer = make_run()
    begun = train_model(
        net, *loaders, optimizer=optimizer, num_epochs=LEFT, after_epoch=after_epoch, **options
    )
    second, fresh = make_run(seed=9)
    load_checkpoint(tmp_path / "run.pt", second, fresh)
    rest = train_model(second, *loaders, optimizer=fresh, num_epochs=6 - LEFT, seed=None, **options)
    assert {name: begun[name] + rest[name] for name in whole} == whole


def test_without_an_optimizer_only_weights_and_buffers_are_restored(path: Path) -> None:
    net, _ = make_run()
    other, _ = make_run(seed=9)
    net[1].running_mean += 1  # not what was saved
    before = torch.get_rng_state()
    kept = load_checkpoint(path, other)
    assert torch.equal(torch.get_rng_state(), before)
    assert kept.versions == {"python": sys.version.split()[0], "torch": torch.__version__}
    assert kept.history == {"val_loss": [1.0, 0.5, 0.4]}
    assert torch.equal(other[0].weight, net[0].weight)
    assert not torch.equal(other[1].running_mean, net[1].running_mean)


def test_a_run_without_an_optimizer_can_be_kept_and_not_gone_on_with(tmp_path: Path) -> None:
    net, optimizer = make_run()
    save_checkpoint(str(tmp_path / "net.pt"), net, None, 0, {})
    assert load_checkpoint(str(tmp_path / "net.pt"), net).config == {}
    with pytest.raises(ValueError, match=r"a run with no optimizer, and this optimizer is Adam"):
        load_checkpoint(tmp_path / "net.pt", net, optimizer)


# ---------------------------------------------------------------- what is refused, and changes nothing


class Harm:
    """Do something while a pickle is read."""

    def __reduce__(self) -> Any:
        return exec, ("raise SystemExit('code was run')",)


def test_what_is_missing_broken_or_foreign_is_told_in_a_sentence(path: Path) -> None:
    whole, folder = path.read_bytes(), path.parent
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    files = {"cut": whole[: len(whole) // 2], "flipped": bytes(flipped), "empty": b"", "text": b"hello"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "pickle").write_bytes(pickle.dumps(Harm()))
    torch.save({"kind": checkpoints.KIND, "net": Harm()}, folder / "code")
    torch.save(make_net().state_dict(), folder / "plain")
    torch.save({"kind": checkpoints.KIND, "epoch": 2}, folder / "hollow")
    net, optimizer = make_run(seed=9)
    before = state(net, optimizer)
    for name in ("cut", "flipped", "empty", "text", "pickle", "code"):
        with pytest.raises(ValueError, match=rf"{name} cannot be read: .* train again\.$"):
            load_checkpoint(folder / name, net, optimizer)
    for name in ("plain", "hollow"):
        with pytest.raises(ValueError, match=rf"{name} was not written by save_checkpoint"):
            load_checkpoint(folder / name, net, optimizer)
    for missing in (folder / "none", folder):
        with pytest.raises(FileNotFoundError, match=r"^There is no file .*path right\?$"):
            load_checkpoint(missing, net, optimizer)
    assert state(net, optimizer) == before


def test_another_net_or_optimizer_is_refused_by_its_name(path: Path) -> None:
    net, _ = make_run(seed=9)
    other = make_net(hidden=8)
    shallow = nn.Sequential(*list(make_net())[:-1])
    sgd = torch.optim.SGD(net.parameters(), 0.1)
    before = state(other, sgd)
    with pytest.raises(ValueError, match=r"0\.weight is \[16, 64\] in the file and \[8, 64\] in yours"):
        load_checkpoint(path, other)
    with pytest.raises(ValueError, match=r"4\.weight is \[10, 16\] in the file and missing in yours"):
        load_checkpoint(path, shallow)
    with pytest.raises(ValueError, match=r"a run with Adam, and this optimizer is SGD"):
        load_checkpoint(path, net, sgd)
    with pytest.raises(ValueError, match=r"updates another model"):
        load_checkpoint(path, net, torch.optim.Adam(other.parameters()))
    assert state(other, sgd) == before


@pytest.mark.parametrize(
    ("history", "config", "place"),
    [
        ({"val_loss": [1.0, np.float64(0.5)]}, None, r"history\['val_loss'\]\[1\] is a numpy\.float64"),
        ({"val_loss": np.ones(2)}, None, r"history\['val_loss'\] is a numpy\.ndarray"),
        ({}, {"folder": Path("runs")}, r"config\['folder'\] is a pathlib\.\w+Path"),
        ({}, {"criterion": nn.MSELoss()}, r"config\['criterion'\] is a torch\.nn"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(
    history: Any, config: Any, place: str, path: Path
) -> None:
    before = path.read_bytes()
    with pytest.raises(ValueError, match=rf"^{place}.*Write float"):
        save_checkpoint(path, *make_run(), 3, history, config)
    assert path.read_bytes() == before


@pytest.mark.parametrize("epoch", ["2", 2.0, True, None, -1])
def test_an_epoch_is_a_whole_number_from_0(epoch: Any, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"^epoch is .*: give a whole number, counted from 0"):
        save_checkpoint(path, *make_run(), epoch, {})
    assert path.read_bytes() == before


def test_the_optimizer_of_another_net_and_a_folder_are_refused_before_writing(path: Path) -> None:
    before, (net, optimizer) = path.read_bytes(), make_run()
    with pytest.raises(ValueError, match=r"updates another model"):
        save_checkpoint(path, make_net(), optimizer, 3, {})
    with pytest.raises(IsADirectoryError, match=r"is a folder: give the path of a file in it, as .*run\.pt"):
        save_checkpoint(path.parent, net, optimizer, 3, {})
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_what_early_stopping_remembers_fits_into_config(path: Path) -> None:
    net, optimizer = make_run()
    remembered = {"best_loss": float("inf"), "count": 3, "best_state": net.state_dict()}
    save_checkpoint(path, net, optimizer, 3, {}, remembered)
    kept = load_checkpoint(path, make_net()).config
    assert (kept["best_loss"], kept["count"]) == (float("inf"), 3)
    make_net().load_state_dict(kept["best_state"])
    assert torch.equal(kept["best_state"]["0.weight"], net[0].weight)


# ---------------------------------------------------------------- never half a file


def test_an_error_in_the_midst_of_writing_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def full_disk(content: Any, file: Any) -> None:
        file.write(b"half a file")
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", full_disk)
    with pytest.raises(OSError, match="no space left"):
        save_checkpoint(path, *make_run(seed=1), 3, {})
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(FileNotFoundError, match=r"There is no folder .*make it first"):
        save_checkpoint(path.parent / "none" / "run.pt", *make_run(), 3, {})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no other process that begins here")
def test_a_process_killed_while_writing_leaves_the_old_file_readable(path: Path) -> None:
    def half(content: Any, file: Any) -> None:
        file.write(b"half a file")
        file.flush()
        os.kill(os.getpid(), signal.SIGKILL)

    net, optimizer = make_run(seed=9)
    if (child := os.fork()) == 0:
        try:
            torch.save = half
            save_checkpoint(path, net, optimizer, 7, {})
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    part = path.with_name("run.pt.part")
    assert part.read_bytes() == b"half a file"
    assert load_checkpoint(path, net, optimizer).epoch == 2
    save_checkpoint(path, net, optimizer, 3, {})  # the next one takes the remains away
    assert load_checkpoint(path, net, optimizer).epoch == 3
    assert not part.exists()
