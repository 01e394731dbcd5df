"""Write a training to a file and read it back, so that it goes on as if nothing had happened.

What belongs into such a file, a checkpoint: the net's weights and buffers, the optimizer's own numbers, the
epoch, the curves so far, torch's random state, the settings of the run (`config`), the versions of Python and
torch. Not in it: schedules, and other random states (NumPy's, a loader's own generator's).
"""

from __future__ import annotations

import os
import platform
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import torch
from recording import check_optimizer
from torch import Tensor, nn
from torch.optim import Optimizer

KIND = "trainwell checkpoint 1"
KEYS = {"net", "optimizer", "optimizer_name", "epoch", "history", "config", "random", "versions"}
PLAIN = (int, float, bool, str, type(None), Tensor, nn.Parameter)  # what a file may hold besides collections


@dataclass(frozen=True)
class Checkpoint:
    """Hold what a file says besides weights: the epoch (from 0) after which it was written, and the rest."""

    epoch: int
    history: dict[str, list[Any]]
    config: dict[str, Any]
    versions: dict[str, str]


def save_checkpoint(
    path: str | Path,
    net: nn.Module,
    optimizer: Optimizer | None,
    epoch: int,
    history: Mapping[str, Any],
    config: Mapping[str, Any] | None = None,
) -> None:
    """Write all that a run needs to go on after this epoch (counted from 0) to a file, or change nothing.

    From the first call on a complete file is always there: each new one is written beside it and takes its
    place at the end. Call it after an epoch, as in `after_epoch`. Raises ValueError for what could not be
    read back safely or gone on with: history and config may hold numbers, texts, None, tensors, and lists,
    tuples and dicts of these; the optimizer must be this net's.
    """
    if type(epoch) is not int or epoch < 0:
        raise ValueError(f"epoch is {epoch!r}: give a whole number, counted from 0, as after_epoch gets it.")
    if optimizer is not None:
        check_optimizer(net, optimizer)
    content = {
        "kind": KIND,
        "net": net.state_dict(),
        "optimizer": None if optimizer is None else optimizer.state_dict(),
        "optimizer_name": type(optimizer).__name__ if optimizer else "no optimizer",
        "epoch": epoch,
        "history": dict(history),
        "config": dict(config or {}),
        "random": [torch.get_rng_state(), *torch.cuda.get_rng_state_all()],  # processor, cards
        "versions": {"python": platform.python_version(), "torch": str(torch.__version__)},
    }
    for name, value in content.items():
        _check_plain(name, value)
    _write(Path(path), content)


def _check_plain(name: str, value: Any) -> None:
    """Raise ValueError if anything in a value is neither a number, a text, a tensor nor a collection."""
    if type(value) in (dict, OrderedDict):
        for key, part in value.items():
            _check_plain(f"{name}[{key!r}]", part)
    elif type(value) in (list, tuple):
        for i, part in enumerate(value):
            _check_plain(f"{name}[{i}]", part)
    elif type(value) not in PLAIN:
        kind = f"{type(value).__module__}.{type(value).__name__}"
        raise ValueError(
            f"{name} is a {kind}: a checkpoint holds plain ones. Write float(…), str(…) or .tolist()."
        )


def _write(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file beside the path, wait until the disk has it, and only then let it take its place."""
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.parent}: make it first, or choose another path.")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: give the path of a file in it, as {path / 'run.pt'}.")
    part = path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb") as file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the new name with nothing behind it
        os.replace(part, path)  # in one step: every reader finds the old file or the new one
    except BaseException:  # also Ctrl-C
        part.unlink(missing_ok=True)
        raise


def load_checkpoint(path: str | Path, net: nn.Module, optimizer: Optimizer | None = None) -> Checkpoint:
    """Give a net the weights and buffers of a file, and return its epoch, history, config and versions.

    With an optimizer the run can go on: the optimizer gets its numbers back, its rate as well, and torch's
    random numbers are again those of that moment. Train on with `fit`, or with train_model(…, seed=None).
    Raises FileNotFoundError or ValueError, in a sentence, and then net and optimizer are as they were.
    """
    content = _read(Path(path))
    _check_net(path, content["net"], net)
    if optimizer is not None:
        check_optimizer(net, optimizer)
        if content["optimizer_name"] != type(optimizer).__name__:
            names = f"with {content['optimizer_name']}, and this optimizer is {type(optimizer).__name__}"
            raise ValueError(f"{path} is of a run {names}. Make the same kind, or load only the net.")
        optimizer.load_state_dict(content["optimizer"])
        torch.set_rng_state(content["random"][0])
        if len(content["random"]) == 1 + torch.cuda.device_count():
            torch.cuda.set_rng_state_all(content["random"][1:])
    net.load_state_dict(content["net"])
    return Checkpoint(*(content[name] for name in ("epoch", "history", "config", "versions")))


def _read(path: Path) -> dict[str, Any]:
    """Return what a file holds. It runs no code: anything but numbers, texts and tensors is refused."""
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}: save_checkpoint writes one. Is the path right?")
    try:
        with ZipFile(path) as parts:
            if parts.testzip():  # compares checksums, which torch.load does not
                raise ValueError("a changed part")
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises a dozen kinds here, most with a page of advice
        raise ValueError(
            f"{path} cannot be read: it was cut off or changed, is no checkpoint, or holds code, which is "
            "never run. Take an older checkpoint, or train again."
        ) from error
    if not isinstance(content, dict) or content.get("kind") != KIND or not content.keys() >= KEYS:
        raise ValueError(f"{path} was not written by save_checkpoint: read it with torch.load.")
    return content


def _check_net(path: str | Path, kept: Mapping[str, Tensor], net: nn.Module) -> None:
    """Raise ValueError unless a net has the very tensors that were kept: names and shapes."""
    states = (kept, net.state_dict())
    for name in [*states[0], *states[1]]:
        theirs, yours = (list(state[name].shape) if name in state else "missing" for state in states)
        if theirs != yours:
            raise ValueError(
                f"{path} is of another net: {name} is {theirs} in the file and {yours} in yours. Build the "
                "net as it was when the file was written; config may say how."
            )
