"""Week 5: the stored runs are those of its script, and every setting that the lesson reads is there."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from utils import rates_of

sys.path.insert(0, str(Path(__file__).parents[1] / "course" / "week05_optimizers"))

import optimizer_runs
from optimizer_runs import SEEDS, Setting, key_of, schedule_of, stored, tables, trained

RETRAINED = [  # table, key, and how far the accuracies of another machine may lie off
    ("rates", "adam 0.01", 0.02),
    ("rates", "sgd 0.3", 0.03),
    ("loss times 1000", "adam 0.01", 0.02),
    ("schedules", "sgd 0.3 cosine warmup 38", 0.02),
    ("schedules", "sgd 0.1", 0.03),
    ("batch 64 steps 200", "sgd 0.1", 0.02),
    ("batch 300 epochs 20", "sgd 1", 0.03),
    ("deep", "momentum 0.1 clip 1", 0.15),
]


@pytest.mark.trains
@pytest.mark.parametrize(("table", "key", "tolerance"), RETRAINED)
def test_the_file_holds_what_training_gives(table: str, key: str, tolerance: float) -> None:
    made = tables()[table]
    again = trained(replace(made, settings={key: made.settings[key]}), seeds=SEEDS[:2])[key]
    for name, values in again.items():
        kept = stored(table, key)[name][:2]
        if name.endswith("accuracy"):
            np.testing.assert_allclose(kept, values, atol=tolerance)


@pytest.mark.trains
def test_the_range_tests_are_those_of_the_script() -> None:
    for name, test in optimizer_runs.range_tests().items():
        np.testing.assert_allclose(stored("range test", name)["rates"], test["rates"], rtol=1e-3)
        again = np.array(test["losses"], dtype=float)
        np.testing.assert_allclose(stored("range test", name)["losses"][:, :50], again[:, :50], rtol=0.05)


def test_every_setting_is_stored_for_every_seed_and_the_file_is_small() -> None:
    for name, table in tables().items():
        assert set(stored(name)) == set(table.settings)
        for cell in stored(name).values():
            assert set(cell) == set(table.kept)
            assert {values.shape for values in cell.values()} == {(len(SEEDS),)}
    assert optimizer_runs.STORED.stat().st_size < 200_000


def test_keys_name_settings_one_by_one() -> None:
    for table in tables().values():
        assert len({key_of(setting) for setting in table.settings.values()}) == len(
            set(table.settings.values())
        )
    assert key_of(Setting(0.1, optimizer="momentum", clip_norm=1.0)) == "momentum 0.1 clip 1"
    assert key_of(schedule_of("cosine", 0.3, 38, 0.1)) == "sgd 0.3 cosine warmup 38 min 0.03"


@pytest.mark.parametrize("kind", optimizer_runs.KINDS)
def test_a_schedule_begins_at_its_base_and_never_passes_it(kind: str) -> None:
    rates = np.array(rates_of(schedule_of(kind, 0.4, share=0.1), 100))
    assert rates[0] == pytest.approx(0.4)
    assert rates.max() <= 0.4 + 1e-12
    assert rates[-1] == pytest.approx({"constant": 0.4, "step": 0.004}.get(kind, 0.04))


@pytest.mark.parametrize(
    ("table", "key", "named"), [("rate", "sgd 0.1", "rates"), ("rates", "sgd 2", "sgd 0.3")]
)
def test_a_name_that_is_not_there_is_answered_by_those_that_are(table: str, key: str, named: str) -> None:
    with pytest.raises(KeyError, match=named):
        stored(table, key)


def test_one_table_is_renewed_and_the_others_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimizer_runs, "trained", lambda _table: {"sgd 0.1": {"val_loss": [1.0, None]}})
    path = tmp_path / "runs.json"
    optimizer_runs.write_runs(["rates", "deep"], path)
    monkeypatch.setattr(optimizer_runs, "trained", lambda _table: {"sgd 0.1": {"val_loss": [2.0, None]}})
    optimizer_runs.write_runs(["deep"], path)
    monkeypatch.setattr(optimizer_runs, "STORED", path)
    optimizer_runs._file.cache_clear()
    read = [stored(table, "sgd 0.1")["val_loss"] for table in ("rates", "deep")]
    optimizer_runs._file.cache_clear()
    np.testing.assert_array_equal(read, [[1.0, np.nan], [2.0, np.nan]])
