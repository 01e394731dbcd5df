"""Make or load the data sets of the course, offline. `from utils import …` finds them, too.

Inputs have the shape (rows, features) and are floats; class labels are whole numbers of the shape (rows,).
The same `seed` always gives the same data, and no function touches torch's own random numbers.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pooch
import torch
from sklearn.datasets import load_digits, load_iris, make_moons, make_regression
from torch import Tensor
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
    default_collate,
    default_convert,
)

__all__ = [  # what `from utils import …` finds as well
    "as_tensors",
    "batches",
    "digits_noisy",
    "digits_transfer",
    "fashion_mnist",
    "get_pseudo_predictions",
    "get_pseudo_targets",
    "iris_data",
    "line_with_outliers",
    "make_loader",
    "noisy_sine",
    "quadratic",
    "ravine",
    "regression_data",
    "seeded",
    "spiral",
    "split_data",
    "two_moons",
]

Data = Dataset[Any] | tuple[Tensor, Tensor]  # all inputs and targets at once
Datasets = tuple[TensorDataset, TensorDataset, TensorDataset]  # train, validation, test

# ---------------------------------------------------------------- made up


def get_pseudo_predictions() -> Tensor:
    """Return three predictions, shape (3,), few enough to check a loss by hand."""
    return torch.tensor([0.2, 0.8, 0.5])


def get_pseudo_targets() -> Tensor:
    """Return the targets of the three pseudo predictions, shape (3,). The mean squared error is 0.03."""
    return torch.tensor([0.0, 1.0, 0.6])


def quadratic(x: Any) -> Any:
    """Return x² + 3x of a number, array or tensor. The minimum is −2.25, at x = −1.5."""
    return x**2 + 3 * x


def ravine(x: Any, y: Any) -> Any:
    """Return x² + 10y² of numbers, arrays or tensors: a valley ten times as curved across as along."""
    return x**2 + 10 * y**2


def noisy_sine(n: int = 200, noise: float = 0.2, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return x in −3…3 and y = sin 2x plus normal noise of this standard deviation, both (n, 1)."""
    generator = torch.Generator().manual_seed(seed)
    x = 6 * torch.rand(n, 1, generator=generator) - 3
    return x, torch.sin(2 * x) + noise * torch.randn(n, 1, generator=generator)


def line_with_outliers(
    n: int = 50, n_outliers: int = 5, noise: float = 0.5, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return x in 0…10 and y = 2x + 1 plus noise, both (n, 1); the first `n_outliers` y lie 20…30 higher."""
    generator = torch.Generator().manual_seed(seed)
    x = 10 * torch.rand(n, 1, generator=generator)
    y = 2 * x + 1 + noise * torch.randn(n, 1, generator=generator)
    lift = 20 + 10 * torch.rand(n, 1, generator=generator)
    return x, torch.where(torch.arange(n).unsqueeze(1) < n_outliers, y + lift, y)


def two_moons(n: int = 400, noise: float = 0.2, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return points (n, 2) on two interleaved half circles, and which of the two, 0 or 1, shape (n,)."""
    points, labels = make_moons(n, noise=noise, random_state=seed)
    return torch.tensor(points, dtype=torch.float32), torch.tensor(labels)


def spiral(n: int = 300, n_classes: int = 3, noise: float = 0.2, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return points (n, 2) on intertwined arms of radius 0…1, and the arm of each, (n,)."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(n) % n_classes
    radius = torch.rand(n, generator=generator)
    angle = 4 * radius + 2 * torch.pi * labels / n_classes + noise * torch.randn(n, generator=generator)
    return torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1), labels


def regression_data(n: int = 200, noise: float = 10.0, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    """Return x (n, 20), y (n,) and the 20 true coefficients, of which all but 5 are exactly 0.

    y = x · coefficients plus normal noise of this standard deviation.
    """
    arrays = make_regression(n, n_features=20, n_informative=5, noise=noise, coef=True, random_state=seed)
    x, y, coefficients = (torch.tensor(array, dtype=torch.float32) for array in arrays)
    return x, y, coefficients


# ---------------------------------------------------------------- split and served


def split_data(x: Tensor, y: Tensor, sizes: Sequence[int], seed: int = 0) -> tuple[TensorDataset, ...]:
    """Return one TensorDataset per size, of rows drawn at random. No row is in two of them.

    Raises ValueError if there are fewer rows than the sizes ask for. Rows that no size asks for are left out.
    """
    if min(sizes) < 0 or sum(sizes) > len(x):
        raise ValueError(f"Sizes {tuple(sizes)} cannot be drawn from {len(x)} rows: make them smaller.")
    order = torch.randperm(
        len(x), generator=torch.Generator().manual_seed(seed)
    )  # as in torch's random_split
    return tuple(TensorDataset(x[rows], y[rows]) for rows in order[: sum(sizes)].split(list(sizes)))


def make_loader(data: TensorDataset | Tensor, batch_size: int = 32, shuffle: bool = False) -> DataLoader[Any]:
    """Return a loader that gives the same batches as DataLoader(data, batch_size, shuffle), but faster.

    It fetches a batch with one indexing operation, by a list of row numbers, instead of row by row.
    """
    rows = RandomSampler(data) if shuffle else SequentialSampler(data)
    return DataLoader(data, batch_size=None, sampler=BatchSampler(rows, batch_size, drop_last=False))


def batches(loader: Iterable[Sequence[Tensor]]) -> Iterator[Sequence[Tensor]]:
    """Yield the batches of a loader; those of tensors are taken with one operation each, to be faster."""
    if not isinstance(loader, DataLoader) or not _only_indexes(loader):
        yield from loader
        return
    iter(loader)  # draws a random number to begin with: with it, the order of batches is the loader's own
    for rows in loader.sampler if loader.batch_sampler is None else loader.batch_sampler:
        yield [tensor[rows] for tensor in loader.dataset.tensors]


def _only_indexes(loader: DataLoader[Any]) -> bool:
    """Return whether all that a loader does is to take rows from tensors, in this process."""
    usual = type(loader) is DataLoader and type(loader.dataset) is TensorDataset
    collates = loader.collate_fn in (default_collate, default_convert)
    return usual and collates and loader.num_workers == 0 and not loader.pin_memory


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread: on small arrays, threads that wait for each other cost many times the work."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def seeded(seed: int, *loaders: Any) -> Iterator[None]:
    """Make torch's random numbers in a `with` block depend on the seed alone; those after it go on as before.

    Loaders that have a generator of their own start it from the seed, too.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        samplers = [getattr(loader, "sampler", None) for loader in loaders]
        for owner in (*loaders, *samplers, *(getattr(sampler, "sampler", None) for sampler in samplers)):
            if isinstance(getattr(owner, "generator", None), torch.Generator):
                owner.generator.manual_seed(seed)
        yield


def as_tensors(data: Data, device: torch.device | str = "cpu") -> list[Tensor]:
    """Return all inputs and all targets of a data set, or of a pair of tensors, on a device."""
    if isinstance(data, TensorDataset):
        data = data.tensors
    elif isinstance(data, Dataset):
        data = default_collate([data[row] for row in range(len(data))])
    return [tensor.to(device) for tensor in data]


# ---------------------------------------------------------------- measured


def iris_data() -> tuple[Tensor, Tensor]:
    """Return the 150 iris flowers: four lengths in cm, (150, 4), and the species 0, 1 or 2, (150,)."""
    lengths, species = load_iris(return_X_y=True)
    return torch.tensor(lengths, dtype=torch.float32), torch.tensor(species)


def digits_noisy(noise: float = 0.2, seed: int = 0) -> Datasets:
    """Return train (300 rows), validation (500) and test sets (997) of 8×8 digits: 64 pixels 0…1, labels 0…9.

    A fraction `noise` of the training rows has a random label instead of its own: a network that learns those
    rows by heart gets others wrong, so it overfits where everybody sees it. The other two sets are clean.
    """
    train, validation, test = split_data(*all_digits(), (300, 500, 997), seed)
    labels = train.tensors[1]
    generator = torch.Generator().manual_seed(seed)
    spoilt = torch.randperm(len(labels), generator=generator)[: round(noise * len(labels))]
    labels[spoilt] = torch.randint(10, (len(spoilt),), generator=generator)
    return train, validation, test


def digits_transfer(seed: int = 0) -> tuple[Datasets, Datasets]:
    """Return (train, validation, test) of the digits 0–4, the source, and then of 5–9, the target.

    Both have 64 pixels in 0…1 and five labels, 0…4 (of the target: digit − 5), so that one net fits both.
    The sizes are 500, 200, 201 rows and 400, 200, 296 rows.
    """
    pixels, digits = all_digits()
    low, high = digits < 5, digits >= 5
    source = split_data(pixels[low], digits[low], (500, 200, 201), seed)
    target = split_data(pixels[high], digits[high] - 5, (400, 200, 296), seed)
    return source, target


def all_digits() -> tuple[Tensor, Tensor]:
    """Return scikit-learn's 1797 digits: 8×8 pixels in 0…1, shape (1797, 64), and labels 0…9."""
    pixels, digits = load_digits(return_X_y=True)  # pixels 0…16
    return torch.tensor(pixels / 16, dtype=torch.float32), torch.tensor(digits)


FASHION_URL = "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"
FASHION_SHA256 = {
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}


def fashion_mnist(n_train: int = 1000, n_validation: int = 500, seed: int = 0) -> Datasets:
    """Return train and validation sets drawn from Fashion-MNIST's 60000 pictures, and its test set of 10000.

    784 pixels 0…1 (28 rows of 28), labels 0…9 (Xiao et al. 2017, arXiv:1708.07747). Reads the four .gz files
    in the folder $COURSE_DATA, or fashion-mnist in it, or else downloads them once (30 MB); their SHA-256
    must be right. Where neither works it says so in one line and returns `digits_noisy`, which has 64 pixels:
    a net made for `train[0][0].numel()` inputs serves both.
    """
    try:
        x, y, x_test, y_test = (_read_idx(_fashion_file(name)) for name in FASHION_SHA256)
    except (OSError, ValueError):
        print("No Fashion-MNIST here: using digits_noisy. (COURSE_DATA can name a folder with its files.)")
        return digits_noisy(seed=seed)
    train, validation = split_data(x, y, (n_train, n_validation), seed)
    return train, validation, TensorDataset(x_test, y_test)


def _fashion_file(name: str) -> Path:
    """Return the path of a file with the published content. Raises OSError or ValueError if there is none."""
    given = Path(os.environ.get("COURSE_DATA", "."))
    for path in (given / name, given / "fashion-mnist" / name):
        if path.is_file() and pooch.file_hash(str(path)) == FASHION_SHA256[name]:
            return path
    pooch.get_logger().setLevel("WARNING")  # one notice is enough: no line per file
    download = pooch.HTTPDownloader(timeout=5)  # seconds to wait for an answer
    folder = pooch.os_cache("trainwell")
    return Path(pooch.retrieve(FASHION_URL + name, FASHION_SHA256[name], name, folder, downloader=download))


def _read_idx(path: Path) -> Tensor:
    """Return pictures, (n, 784) floats 0…1, or labels, (n,) whole numbers, from a gzipped IDX file."""
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]  # the header: two zeros, the type, this number, and four bytes per dimension
    values = torch.from_numpy(np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).copy())
    return values.view(-1, 784).float() / 255 if dimensions == 3 else values.long()
