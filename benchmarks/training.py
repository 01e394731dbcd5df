"""Train the same net in the ways that people do it: what the engine is compared with."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

import utils

DIMS = (784, 128, 64, 10)
ROWS = (1000, 500)  # training and validation
BATCH, RATE = 32, 1e-3
SETTINGS = tuple(
    {"lr": rate, "weight_decay": decay}
    for rate in (RATE, 3e-4, 3e-3, 1e-4)
    for decay in (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
)[:19]

Train = Callable[[int, int], float]  # (seed, epochs) -> validation accuracy


@dataclass(frozen=True)
class Pictures:
    """Hold training and validation data twice: as tensors, and as the pictures that they come from."""

    name: str
    train: TensorDataset
    validation: TensorDataset


def pictures() -> Pictures:
    """Return 1000 and 500 pictures of 28×28: Fashion-MNIST, or else digits of scikit-learn, enlarged."""
    train, validation, _ = utils.fashion_mnist(*ROWS)
    if len(train) == ROWS[0]:
        return Pictures("Fashion-MNIST", train, validation)
    small = torch.tensor(load_digits().images, dtype=torch.float32).unsqueeze(1) / 16
    x = F.interpolate(small, size=(28, 28)).flatten(1)
    train, validation = utils.split_data(x, torch.tensor(load_digits().target), ROWS)
    return Pictures("scikit-learn's digits, enlarged to 28×28", train, validation)


class OneByOne(Dataset[Any]):
    """Give pictures one by one, each made an image and transformed when it is asked for.

    Its steps are those of torchvision's FashionMNIST with ToTensor and Normalize; torchvision is not used.
    """

    def __init__(self, data: TensorDataset) -> None:
        x, self.targets = data.tensors
        self.images = (x.view(-1, 28, 28) * 255).round().byte()

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self.images[row].numpy(), mode="L")
        return normalise(to_tensor(image)), int(self.targets[row])


def to_tensor(image: Image.Image) -> Tensor:
    """Return the pixels of a grey image as a tensor, (1, height, width), 0…1."""
    pixels = torch.from_numpy(np.array(image, np.uint8, copy=True))
    pixels = pixels.view(image.size[1], image.size[0], len(image.getbands()))
    return pixels.permute(2, 0, 1).contiguous().to(torch.get_default_dtype()).div(255)


def normalise(pixels: Tensor) -> Tensor:
    """Return (pixels − mean) / deviation; 0 and 1 here, so that all ways to train see the same numbers."""
    pixels = pixels.clone()
    mean = torch.as_tensor((0.0,), dtype=pixels.dtype, device=pixels.device)
    deviation = torch.as_tensor((1.0,), dtype=pixels.dtype, device=pixels.device)
    if (deviation == 0).any():
        raise ValueError("A deviation of 0 cannot be divided by.")
    return pixels.sub_(mean.view(-1, 1, 1)).div_(deviation.view(-1, 1, 1))


def plain_loop(data: Pictures) -> Train:
    """Return (a): a DataLoader over single pictures, and hooks that look at the outputs of every layer."""
    train, validation = OneByOne(data.train), OneByOne(data.validation)

    def run(seed: int, epochs: int) -> float:
        torch.manual_seed(seed)
        net = utils.build_net(DIMS)
        optimizer, criterion = torch.optim.Adam(net.parameters(), lr=RATE), nn.CrossEntropyLoss()
        seen: list[tuple[float, ...]] = []

        def look(_layer: nn.Module, _inputs: Any, output: Tensor) -> None:
            seen.append((output.mean().item(), output.abs().mean().item(), output.std().item()))

        for layer in net:
            layer.register_forward_hook(look)
        net = nn.Sequential(nn.Flatten(), *net)
        for _ in range(epochs):
            net.train()
            for x, y in DataLoader(train, batch_size=BATCH, shuffle=True):
                optimizer.zero_grad()
                criterion(net(x), y).backward()
                optimizer.step()
                seen.append((net[1].weight.grad.abs().mean().item(),))
            accuracy = right_of(net, DataLoader(validation, batch_size=BATCH))
        return accuracy

    return run


def right_of(net: nn.Module, loader: Any) -> float:
    """Return the accuracy, and compute the loss as well, as training loops do after every epoch."""
    net.eval()
    loss, right, rows = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            outputs = net(x)
            loss += F.cross_entropy(outputs, y).item()
            right += int((outputs.argmax(dim=1) == y).sum())
            rows += len(y)
    return right / rows


def lightning(data: Pictures) -> Train:
    """Return (b): PyTorch Lightning without logs, checkpoints and bars. Raises ImportError if absent."""
    import pytorch_lightning as pl

    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="pytorch_lightning")

    class Classifier(pl.LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.net, self.right = utils.build_net(DIMS), 0

        def training_step(self, batch: Any, _number: int) -> Tensor:
            return F.cross_entropy(self.net(batch[0]), batch[1])

        def on_validation_epoch_start(self) -> None:
            self.right = 0

        def validation_step(self, batch: Any, _number: int) -> Tensor:
            outputs = self.net(batch[0])
            self.right += int((outputs.argmax(dim=1) == batch[1]).sum())
            return F.cross_entropy(outputs, batch[1])

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters(), lr=RATE)

    quiet = dict(logger=False, enable_checkpointing=False, enable_progress_bar=False)
    quiet |= dict(enable_model_summary=False, num_sanity_val_steps=0)

    def run(seed: int, epochs: int) -> float:
        torch.manual_seed(seed)
        net = Classifier()
        trainer = pl.Trainer(max_epochs=epochs, accelerator="cpu", devices=1, **quiet)
        trainer.fit(net, DataLoader(data.train, BATCH, shuffle=True), DataLoader(data.validation, BATCH))
        return net.right / len(data.validation)

    return run


def skorch(data: Pictures) -> Train:
    """Return (c): skorch's NeuralNetClassifier. Raises ImportError if it is not installed."""
    from skorch import NeuralNetClassifier
    from skorch.helper import predefined_split

    def run(seed: int, epochs: int) -> float:
        torch.manual_seed(seed)
        net = NeuralNetClassifier(
            utils.build_net(DIMS),
            criterion=nn.CrossEntropyLoss,
            optimizer=torch.optim.Adam,
            lr=RATE,
            max_epochs=epochs,
            batch_size=BATCH,
            iterator_train__shuffle=True,
            train_split=predefined_split(data.validation),
            verbose=0,
        )
        net.fit(data.train, y=None)
        return float(net.history[-1]["valid_acc"])

    return run


def with_train_model(data: Pictures, own_optimizer: bool = True) -> Train:
    """Return our loop for lessons, with the loaders that a student writes.

    Its own optimizer is a fused Adam; otherwise it is given torch's Adam with default settings, as in (a).
    """

    def run(seed: int, epochs: int) -> float:
        torch.manual_seed(seed)
        loaders = DataLoader(data.train, BATCH, shuffle=True), DataLoader(data.validation, BATCH)
        net = utils.build_net(DIMS)
        history = utils.train_model(
            net,
            *loaders,
            nn.CrossEntropyLoss(),
            None if own_optimizer else torch.optim.Adam(net.parameters(), lr=RATE),
            num_epochs=epochs,
            seed=seed,
            verbose=False,
        )
        return history["val_accuracy"][-1]

    return run


def with_fit(data: Pictures, fused: bool | None = None) -> Train:
    """Return our loop that records outputs of all layers, gradients and weights besides."""

    def run(seed: int, epochs: int) -> float:
        torch.manual_seed(seed)
        net = utils.build_net(DIMS)
        optimizer = torch.optim.Adam(net.parameters(), lr=RATE, fused=fused)
        return utils.fit(net, data.train, data.validation, optimizer, epochs)["val_accuracy"][-1]

    return run


def with_sweep(data: Pictures) -> Train:
    """Return our training of 19 settings at once; its accuracy is that of the first, which the others use."""

    def run(seed: int, epochs: int) -> float:
        runs = utils.sweep(
            lambda: utils.build_net(DIMS), (data.train, data.validation), SETTINGS, epochs, seeds=[seed]
        )
        return runs[0][0]["val_accuracy"][-1]

    return run


def matrix_products(runs: int) -> Train:
    """Return (d): nothing but the products that training this many nets at once cannot do without."""
    generator = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(runs, *shape, generator=generator)

    steps = [(normal(BATCH, n), normal(n, m), normal(BATCH, m)) for n, m in pairwise(DIMS)]
    checks = [(normal(ROWS[1], n), weight) for n, (_, weight, _) in zip(DIMS, steps, strict=False)]

    def run(_seed: int, epochs: int) -> float:
        for _ in range(epochs):
            for _ in range(-(-ROWS[0] // BATCH)):
                for layer, (x, weight, grad) in enumerate(steps):
                    torch.bmm(x, weight)
                    torch.bmm(x.mT, grad)
                    if layer > 0:  # nobody needs the gradient of the pictures
                        torch.bmm(grad, weight.mT)
            for x, weight in checks:
                torch.bmm(x, weight)
        return float("nan")

    return run
