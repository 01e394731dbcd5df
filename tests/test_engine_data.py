"""The data sets are what the syllabus says, always the same for a seed, and there without a network."""

from __future__ import annotations

import gzip
from pathlib import Path

import course_data
import numpy as np
import pooch
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils.data import DataLoader, RandomSampler, Subset, TensorDataset, random_split

import utils

PAIRS = [  # function, shape of x, shape of y, are the targets class labels
    (utils.noisy_sine, (200, 1), (200, 1), False),
    (utils.line_with_outliers, (50, 1), (50, 1), False),
    (utils.two_moons, (400, 2), (400,), True),
    (utils.spiral, (300, 2), (300,), True),
    (lambda seed=0: utils.regression_data(seed=seed)[:2], (200, 20), (200,), False),
    (lambda seed=0: utils.iris_data(), (150, 4), (150,), True),
]

SETS = [  # function, rows of train, validation and test, number of pixels, number of classes
    (utils.digits_noisy, (300, 500, 997), 64, 10),
    (lambda seed=0: utils.digits_transfer(seed=seed)[0], (500, 200, 201), 64, 5),
    (lambda seed=0: utils.digits_transfer(seed=seed)[1], (400, 200, 296), 64, 5),
]


def same(first: object, second: object) -> bool:
    """Return whether two data sets, pairs or tensors hold the same numbers."""
    if isinstance(first, Tensor):
        return torch.equal(first, second)
    if isinstance(first, TensorDataset):
        return same(first.tensors, second.tensors)
    return all(same(a, b) for a, b in zip(first, second, strict=True))


def test_pseudo_data_have_the_losses_of_the_syllabus() -> None:
    predictions, targets = utils.get_pseudo_predictions(), utils.get_pseudo_targets()
    losses = [
        criterion(predictions, targets).item() for criterion in (nn.MSELoss(), nn.L1Loss(), nn.HuberLoss())
    ]
    assert losses == pytest.approx([0.03, 0.1667, 0.015], abs=5e-5)


def test_quadratic_and_ravine_have_their_minima_where_they_say() -> None:
    x = np.linspace(-5, 2, 701)
    assert x[np.argmin(utils.quadratic(x))] == pytest.approx(-1.5)
    assert utils.quadratic(-1.5) == -2.25
    assert utils.ravine(torch.tensor([0.0, 1.0]), torch.tensor([0.0, 2.0])).tolist() == [0.0, 41.0]


@pytest.mark.parametrize(("make", "x_shape", "y_shape", "labels"), PAIRS)
def test_generated_pairs_have_the_shapes_and_types_they_promise(make, x_shape, y_shape, labels) -> None:
    x, y = make()
    assert (tuple(x.shape), tuple(y.shape)) == (x_shape, y_shape)
    assert x.dtype == torch.float32
    assert y.dtype == (torch.int64 if labels else torch.float32)


@pytest.mark.parametrize(("make", "sizes", "pixels", "classes"), SETS)
def test_digit_sets_have_the_sizes_and_labels_they_promise(make, sizes, pixels, classes) -> None:
    parts = make()
    assert tuple(map(len, parts)) == sizes
    for part in parts:
        x, y = part.tensors
        assert x.shape[1] == pixels
        assert 0 <= x.min() < x.max() <= 1
        assert y.unique().tolist() == list(range(classes))


@pytest.mark.parametrize("make", [case[0] for case in PAIRS[:5] + SETS])
def test_a_seed_gives_the_same_data_again_and_another_seed_gives_others(make) -> None:
    torch.manual_seed(1)
    first, state = make(seed=3), torch.get_rng_state()
    torch.manual_seed(2)
    assert same(first, make(seed=3))
    assert not same(first, make(seed=4))
    torch.manual_seed(1)
    assert torch.equal(state, torch.get_rng_state()), "the function used torch's own random numbers"


def test_outliers_lie_far_above_the_line_and_come_first() -> None:
    x, y = utils.line_with_outliers(n=40, n_outliers=4)
    above = (y - (2 * x + 1)).squeeze()
    assert above[:4].min() > 15
    assert above[4:].abs().max() < 5


def test_only_five_coefficients_of_the_regression_data_are_not_zero() -> None:
    x, y, coefficients = utils.regression_data(noise=0.0)
    assert (coefficients != 0).sum() == 5
    assert torch.allclose(x @ coefficients, y, atol=1e-2)


def test_a_fifth_of_the_training_labels_is_random_and_all_others_are_clean() -> None:
    noisy, clean = utils.digits_noisy(), utils.digits_noisy(noise=0.0)
    wrong = (noisy[0].tensors[1] != clean[0].tensors[1]).sum().item()
    assert 45 <= wrong <= 60  # of 60 labels drawn at random, one in ten is right by chance
    assert same(noisy[1:], clean[1:])
    assert torch.equal(noisy[0].tensors[0], clean[0].tensors[0])


def test_a_net_overfits_digits_noisy_and_dropout_helps_as_the_syllabus_says() -> None:
    train, validation, _ = utils.digits_noisy()

    def build() -> nn.Module:
        return utils.FlexibleClassifier(64, (128, 64), 10, dropout_rate=0.0)

    runs = utils.sweep(build, (train, validation), [{}, {"dropout": 0.4}], epochs=60, seeds=range(5))
    plain, dropout = (torch.tensor([history["val_accuracy"] for history in histories]) for histories in runs)
    assert 0.855 < plain[:, -1].mean() < 0.895
    assert 0.895 < dropout[:, -1].mean() < 0.935
    assert 0.89 < plain.max(dim=1).values.mean() < 0.925


@settings(max_examples=50, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 20), min_size=1, max_size=5),
    spare=st.integers(0, 5),
    seed=st.integers(0, 99),
)
def test_split_data_gives_every_row_to_at_most_one_part(sizes, spare, seed) -> None:
    rows = torch.arange(sum(sizes) + spare)
    parts = utils.split_data(rows, 10 * rows, sizes, seed)
    assert [len(part) for part in parts] == sizes
    given_out = torch.cat([part.tensors[0] for part in parts])
    assert len(given_out.unique()) == sum(sizes)
    assert all(torch.equal(part.tensors[1], 10 * part.tensors[0]) for part in parts)


def test_split_data_draws_the_rows_that_random_split_draws() -> None:
    rows = torch.arange(50)
    expected = random_split(range(50), [20, 10, 20], torch.Generator().manual_seed(6))
    got = utils.split_data(rows, rows, (20, 10), seed=6)
    assert [part.tensors[0].tolist() for part in got] == [list(part) for part in expected[:2]]


def test_split_data_refuses_more_rows_than_there_are() -> None:
    with pytest.raises(ValueError, match="cannot be drawn from 3 rows: make them smaller"):
        utils.split_data(torch.arange(3), torch.arange(3), (2, 2))


@pytest.mark.parametrize("shuffle", [False, True])
def test_make_loader_gives_the_batches_of_a_data_loader(shuffle: bool) -> None:
    data = TensorDataset(torch.randn(23, 2), torch.arange(23))
    with utils.seeded(5):
        expected = list(DataLoader(data, batch_size=5, shuffle=shuffle))
    with utils.seeded(5):
        got = list(utils.make_loader(data, batch_size=5, shuffle=shuffle))
    assert len(got) == len(expected) == 5
    assert same(got, expected)


def test_seeded_leaves_the_numbers_after_it_alone_and_starts_generators_of_loaders() -> None:
    data = TensorDataset(torch.arange(30))
    own = torch.Generator().manual_seed(9)
    loaders = [
        DataLoader(data, shuffle=True, batch_size=30, generator=own),
        DataLoader(data, sampler=RandomSampler(data, generator=own), batch_size=30),
    ]
    torch.manual_seed(0)
    expected = torch.rand(3)
    for loader in loaders:
        orders = []
        torch.manual_seed(0)
        for _ in range(2):
            with utils.seeded(7, loader, [1, 2]):
                orders.append(next(iter(loader))[0])
        assert torch.equal(*orders)
        assert torch.equal(torch.rand(3), expected)


AS_TENSORS = [
    lambda x, y: (x, y),
    TensorDataset,
    lambda x, y: Subset(TensorDataset(x, y), range(len(x))),
]


@pytest.mark.parametrize("wrap", AS_TENSORS)
def test_as_tensors_reads_pairs_and_any_data_set(wrap) -> None:
    x, y = utils.two_moons(12)
    assert same(course_data.as_tensors(wrap(x, y)), (x, y))


# ---------------------------------------------------------------- Fashion-MNIST


@pytest.fixture
def small_fashion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write four small IDX files, make their hashes the expected ones, and return their folder."""
    folder = tmp_path / "fashion-mnist"
    folder.mkdir()
    for name in course_data.FASHION_SHA256:
        rows = 30 if name.startswith("train") else 12
        if "images" in name:
            sizes, body = (rows, 28, 28), bytes(i % 256 for i in range(rows * 784))
        else:
            sizes, body = (rows,), bytes(i % 10 for i in range(rows))
        header = bytes([0, 0, 8, len(sizes)]) + b"".join(size.to_bytes(4, "big") for size in sizes)
        (folder / name).write_bytes(gzip.compress(header + body))
    hashes = {name: pooch.file_hash(str(folder / name)) for name in course_data.FASHION_SHA256}
    monkeypatch.setattr(course_data, "FASHION_SHA256", hashes)
    monkeypatch.setattr(course_data, "FASHION_URL", "http://localhost:9/")  # nobody answers there
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    return folder


@pytest.mark.parametrize("inside", [True, False])
def test_fashion_mnist_reads_the_copy_in_course_data(small_fashion, monkeypatch, capsys, inside) -> None:
    monkeypatch.setenv("COURSE_DATA", str(small_fashion if inside else small_fashion.parent))
    train, validation, test = utils.fashion_mnist(n_train=10, n_validation=5)
    assert [len(part) for part in (train, validation, test)] == [10, 5, 12]
    assert train.tensors[0].shape == (10, 784)
    assert torch.allclose(test.tensors[0].flatten()[:256], torch.arange(256) / 255)
    assert test.tensors[1].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert capsys.readouterr().out == ""


def test_fashion_mnist_without_network_or_copy_says_so_in_one_line(
    small_fashion, monkeypatch, capsys
) -> None:
    monkeypatch.delenv("COURSE_DATA", raising=False)
    assert same(utils.fashion_mnist(seed=2), utils.digits_noisy(seed=2))
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    assert "COURSE_DATA" in printed.out
    assert printed.err == ""


def test_fashion_mnist_does_not_read_a_file_with_another_content(small_fashion, monkeypatch, capsys) -> None:
    monkeypatch.setenv("COURSE_DATA", str(small_fashion))
    labels = small_fashion / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(labels.read_bytes()[:-1] + b"x")
    assert same(utils.fashion_mnist(), utils.digits_noisy())
    assert "digits_noisy" in capsys.readouterr().out
