"""The experiments train what they say, and their pages hold complete tables and right verdicts."""

from __future__ import annotations

import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

import utils
from experiments.__main__ import main
from experiments.pages import write_page, write_replication, write_results
from experiments.published import DECAYS, DROPOUT, STUDIES, TRAIN, VALIDATION, WEIGHT, WEIGHT_DECAY
from experiments.replicate import ROWS, SEED, Replicated, replicate, with_other_rounding
from experiments.report import agreement, early_stopping_table, replication_page, study_table
from experiments.report import unregularized_table as unregularized
from experiments.study import best_epoch, lies_inside, mean_and_sd, run_studies, seed_band

ROOT = Path(__file__).parents[1]
COMMITTED = sorted((ROOT / "experiments").glob("*.md"))


def load(seed: int):
    """Return the digits of a seed: a data set that is always there."""
    return utils.digits_noisy(seed=seed)


@pytest.fixture(scope="module")
def histories():
    """Return the histories of all settings after two epochs, of two seeds."""
    return run_studies(load, epochs=2, seeds=range(2), progress=False)


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """Return the page of a run of two epochs and two seeds."""
    return write_results(tmp_path_factory.mktemp("results"), 2, range(2), load, progress=False)


def tables(text: str) -> list[list[list[str]]]:
    """Return the tables of a Markdown text: lines of cells."""
    found: list[list[list[str]]] = []
    for block in text.split("\n\n"):
        if block.startswith("|"):
            found.append([re.split(r"(?<!\\)\|", line)[1:-1] for line in block.splitlines()])
    return found


# ---------------------------------------------------------------- inside or outside the seed band

BANDS = [  # values of the seeds, a published number, its digits, whether it lies inside
    ([1.0, 2.0, 3.0, 4.0, 5.0], 7.80, 2, True),
    ([1.0, 2.0, 3.0, 4.0, 5.0], 7.82, 2, False),
    ([1.0, 2.0, 3.0, 4.0, 5.0], -1.80, 2, True),
    ([1.0, 2.0, 3.0, 4.0, 5.0], -1.82, 2, False),
    ([0.8237, 0.8237, 0.8237], 0.824, 3, True),
    ([0.8237, 0.8237, 0.8237], 0.823, 3, False),
    ([0.5], 0.5, 3, False),
    ([0.5, math.nan], 0.5, 3, False),
]


@pytest.mark.parametrize(("values", "published", "digits", "inside"), BANDS)
def test_a_published_number_is_inside_where_one_more_run_is_expected(
    values, published: float, digits: int, inside: bool
) -> None:
    assert lies_inside(published, seed_band(values), digits) is inside


def test_the_seed_band_holds_a_further_run_as_often_as_it_says() -> None:
    runs = torch.randn(2000, 6, generator=torch.Generator().manual_seed(0)).tolist()
    inside = [low <= last <= high for *five, last in runs for low, high in [seed_band(five)]]
    assert sum(inside) / len(inside) == pytest.approx(0.95, abs=0.015)


LOSSES = [  # validation losses, the best epoch
    ([3.0, 1.0, 2.0], 1),
    ([1.0, 1.0], 0),
    ([math.nan, 2.0, math.nan], 1),
    ([math.nan, math.nan], 0),
]


@pytest.mark.parametrize(("losses", "epoch"), LOSSES)
def test_the_best_epoch_has_the_lowest_loss_and_is_never_nan_by_choice(losses, epoch: int) -> None:
    assert best_epoch({"val_loss": losses}) == epoch


# ---------------------------------------------------------------- the runs and their tables


def test_a_setting_that_studies_share_is_trained_once_with_every_seed(histories) -> None:
    assert len(histories) == 13
    assert sum(len(study.settings) for study in STUDIES) == 15
    assert all(len(runs) == 2 and len(runs[0][WEIGHT]) == 2 for runs in histories.values())
    first, second = histories[WEIGHT_DECAY.settings[0.0]]
    assert first != second


def test_every_published_number_has_a_line_with_its_verdict(histories) -> None:
    for study in (WEIGHT_DECAY, DROPOUT):
        (table,) = tables(study_table(study, histories, comparable=True))
        expected = [
            (value, measure, number)
            for value, row in study.published.items()
            for measure, number in row.items()
        ]
        assert len(table) - 2 == len(expected)
        for cells, (value, measure, number) in zip(table[2:], expected, strict=True):
            values = [history[measure][-1] for history in histories[study.settings[value]]]
            inside = lies_inside(number, seed_band(values), 4 if measure == WEIGHT else 3)
            assert float(cells[0]) == value
            assert float(cells[2].split("±")[0]) == pytest.approx(mean_and_sd(values)[0], abs=6e-4)
            assert float(cells[3]) == number
            assert cells[5].strip(" *") == ("inside" if inside else "outside")


def test_runs_of_other_data_are_not_compared_with_published_numbers(histories, page: Path) -> None:
    (table,) = tables(study_table(WEIGHT_DECAY, histories, comparable=False))
    assert all(len(cells) == 3 for cells in table)
    assert "inside" not in page.read_text()
    assert "Fashion-MNIST was not there" in page.read_text()


def test_early_stopping_looks_at_the_same_runs_in_three_ways(histories) -> None:
    (table,) = tables(early_stopping_table(histories))
    assert [cells[1].strip() for cells in table[2:]] == ["all epochs", "best epoch", "patience 5"] * 4
    assert len(tables(unregularized(histories))[0]) == 2 + 3


@pytest.mark.parametrize("path", [None, *COMMITTED], ids=lambda path: path.name if path else "a fresh page")
def test_pages_hold_whole_tables_and_pictures_with_alt_text(path: Path | None, page: Path) -> None:
    path = path or page
    text = path.read_text()
    assert tables(text)
    for table in tables(text):
        assert len({len(cells) for cells in table}) == 1
        assert all(cell.strip() and "nan" not in cell for cells in table for cell in cells)
    for alt, name in re.findall(r"!\[(.*)\]\((.*)\)", text):
        assert len(alt) > 40
        assert ElementTree.parse(path.parent / name).getroot().tag.endswith("svg")


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.name)
def test_the_committed_pages_are_of_the_real_data(path: Path) -> None:
    assert "Fashion-MNIST, " in path.read_text()
    assert any("published" in cell for cell in tables(path.read_text())[0][0])


def test_the_same_runs_give_the_same_bytes(page: Path, histories, tmp_path: Path) -> None:
    again = write_page(tmp_path, histories, fashion=False)
    for path in again.parent.iterdir():
        assert path.read_bytes() == (page.parent / path.name).read_bytes(), path.name


# ---------------------------------------------------------------- the replication


def as_published(x: torch.Tensor, y: torch.Tensor) -> list[float]:
    """Return the validation accuracies after two epochs, by the protocol written out row by row."""
    torch.manual_seed(SEED)
    train, validation, _ = random_split(TensorDataset(x, y), [1000, 500, len(x) - 1500])
    accuracies = []
    for decay in DECAYS:
        net = nn.Sequential(nn.Linear(4, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-4, weight_decay=decay)
        loaders = DataLoader(train, 32, shuffle=True), DataLoader(validation, 32)
        for _ in range(2):
            for inputs, targets in loaders[0]:
                optimizer.zero_grad()
                nn.CrossEntropyLoss()(net(inputs), targets).backward()
                optimizer.step()
            right = [(net(inputs).argmax(1) == targets).double().mean() for inputs, targets in loaders[1]]
        accuracies.append(float(sum(right) / len(right)))
    return accuracies


def test_the_replication_follows_the_published_protocol_to_the_letter() -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(ROWS, 4, generator=generator)
    y = (x[:, 0] > 0).long() + 2 * (x[:, 1] > 0)
    train, validation = utils.split_data(x, y, (1000, 500), SEED)
    results = list(replicate(train, validation, epochs=2, progress=False))
    assert [result.decay for result in results] == list(DECAYS)
    assert [result.values[VALIDATION] for result in results] == pytest.approx(as_published(x, y))


def test_the_replication_needs_the_real_data(tmp_path: Path) -> None:
    def pictures(seed: int) -> tuple[TensorDataset, ...]:
        generator = torch.Generator().manual_seed(seed)
        return utils.split_data(torch.rand(60, 784, generator=generator), torch.arange(60) % 10, (40, 20))

    def compute(epochs: int) -> dict[str, list[Replicated]]:
        return {"one thread": list(replicate(*pictures(SEED)[:2], epochs, progress=False))}

    assert write_replication(tmp_path, 1, load) is None
    path = write_replication(tmp_path, 1, pictures, compute)
    beside, rounding = tables(path.read_text())
    assert [len(cells) for cells in beside] == [8] * (2 + len(DECAYS))
    assert [len(cells) for cells in rounding] == [4] * (2 + 3 * len(DECAYS))


@pytest.mark.kernel
def test_another_rounding_is_computed_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATA", str(ROOT / "no such folder"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # without the data, of the digits
    found = with_other_rounding(1, ["one thread", "no AVX"])
    for results in found.values():
        assert [result.decay for result in results] == list(DECAYS)
        assert {*results[0].values} == {VALIDATION, TRAIN, WEIGHT}
    plain, other = ([result.values[WEIGHT] for result in results] for results in found.values())
    assert plain == pytest.approx(other, rel=1e-3)


AGREEMENTS = [(0.823828, 0.8238281, "none"), (0.823828, 0.821875, "-0.001953"), (0.5, 0.75, "+0.250000")]


@pytest.mark.parametrize(("published", "got", "words"), AGREEMENTS)
def test_a_difference_is_told_with_its_sign(published: float, got: float, words: str) -> None:
    assert agreement(published, got, 6) == words


def test_the_page_of_the_replication_counts_the_values_that_agree() -> None:
    exact = dict(zip(DECAYS, (0.823828125, 0.8, 0.820703125, 0.831640625, 0.65), strict=True))
    results = [Replicated(d, {VALIDATION: exact[d], TRAIN: 0.9, WEIGHT: 0.0338}) for d in DECAYS]
    rounded = [Replicated(d, {VALIDATION: 0.817578, TRAIN: 0.956, WEIGHT: 0.0309}) for d in DECAYS]
    text = replication_page({"one thread": results, "two threads": rounded})
    assert "for 4 of 5 values of λ" in text
    assert "differs by at most 0.0292" in text
    assert "the protocol explains: 5 of 5." in text
    assert "| 0.0001 | validation accuracy | 0.817578 | 0.800000 | **0.817578** |" in text
    assert "| 0 | training accuracy | 0.945 | 0.900 | 0.956 |" in text


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize("wrong", [["--seeds", "1"], ["--epochs", "0"], ["--epochs", "many"]])
def test_wrong_arguments_end_in_one_message(wrong, capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(wrong)
    assert stopped.value.code == 2
    assert wrong[0] in capsys.readouterr().err
