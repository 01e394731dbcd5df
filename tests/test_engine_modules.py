"""The engine is a text to be read: short files, names that are handed on one by one, and no circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import search
from conftest import ROOT

import utils

SHARED = sorted((ROOT / "course" / "shared").glob("*.py"))
FILES = [ROOT / "utils.py", *SHARED]


def imports(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each imported module of a file, also of those inside functions, and the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", [alias.name for alias in node.names]


def test_utils_is_short_enough_to_be_read() -> None:
    assert len((ROOT / "utils.py").read_text().splitlines()) <= 250


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_import_names_what_it_takes(path: Path) -> None:
    assert "*" not in [name for _, names in imports(path) for name in names]


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.name)
def test_no_shared_module_imports_utils_but_the_doctor_which_tries_it(path: Path) -> None:
    needed = {module for module, _ in imports(path)}
    assert "doctor" not in needed  # so it makes no circle
    assert "utils" not in needed or path.name == "doctor.py"


def test_shared_modules_import_each_other_in_no_circle() -> None:
    names = {path.stem for path in SHARED}
    needs = {path.stem: {module for module, _ in imports(path)} & names for path in SHARED}
    while needs:
        ready = {name for name, others in needs.items() if not others & needs.keys()}
        assert ready, f"a circle within {sorted(needs)}"
        needs = {name: others for name, others in needs.items() if name not in ready}


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.name)
def test_pictures_needs_no_other_shared_module(path: Path) -> None:
    assert path.stem not in [module for module, _ in imports(ROOT / "course/shared/pictures.py")]


OFFERED = """
    FlexibleClassifier HistoryPlotter MARKERS PALETTE Stop as_tensors batches build_net classifier_objective
    compare curves describe_history detect_device digits_noisy digits_transfer evaluate_model fashion_mnist
    first_weight fit get_generic_model get_pseudo_predictions get_pseudo_targets iris_data line_with_outliers
    log make_loader noisy_sine plot_curves plot_loss plot_pseudo_data quadratic rates_of ravine record
    recorded_outputs regression_data search seeded spiral split_data suggest_setting sweep train_model
    two_moons wants_to_stop
"""


@pytest.mark.parametrize("name", OFFERED.split())
def test_utils_offers_all_names_of_the_engine(name: str) -> None:
    assert callable(getattr(utils, name)) or name.isupper()


def test_a_name_that_utils_lacks_is_told_as_by_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'utils' has no attribute 'serach'"):
        _ = utils.serach


@pytest.mark.kernel
def test_optuna_is_loaded_only_by_those_who_search() -> None:
    paths = {path.stem: path for path in FILES}
    reached, waiting = set(), ["utils"]
    while waiting:
        modules = {module for module, _ in imports(paths[waiting.pop()])}
        waiting += (modules & paths.keys()) - reached
        reached |= modules
    assert {"recording", "pictures", "sweep_settings"} <= reached
    assert reached.isdisjoint({"optuna", "search", "search_trials"})
    assert utils.search is search.search
