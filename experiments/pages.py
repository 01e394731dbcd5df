"""Run experiments and write their pages: RESULTS.md with its pictures, and REPLICATION.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from experiments.pictures import curves_picture, early_stopping_picture, save, study_picture
from experiments.published import BASE, DROPOUT, EPOCHS, PATIENCE, VALIDATION, WEIGHT, WEIGHT_DECAY, Study
from experiments.replicate import SEED, Replicated, with_other_rounding
from experiments.report import (
    early_stopping_table,
    machine,
    replication_page,
    study_table,
    unregularized_table,
)
from experiments.study import Histories, Load, is_fashion, load_data, run_studies

Compute = Callable[[int], dict[str, list[Replicated]]]
WHAT = (
    "Adam, batches of 32, {epochs} epochs, {seeds} seeds. Each seed draws its own data, first weights, order "
    "of batches and dropout. ± is the standard deviation between seeds."
)
BAND = (
    "The seed band is where one more run would lie 19 times out of 20, if runs spread normally: mean ± "
    "t · sd · √(1 + 1/n). A published value inside it is what another seed could give, and settings whose "
    "bands overlap widely are not told apart by one run each. Published values are of one run each; they are "
    "compared at the digits they were published with. They are means of batch means, while ours count every "
    "sample once."
)
NO_BAND = "Results were published of other data, or of longer runs, so none are compared here."


def write_results(
    folder: Path, epochs: int, seeds: Sequence[int], load: Load = load_data, progress: bool = True
) -> Path:
    """Run the studies of weeks 6 to 8; write RESULTS.md and its pictures; return the page's path."""
    fashion = is_fashion(load(seeds[0])[0])
    return write_page(folder, run_studies(load, epochs, seeds, progress), fashion)


def write_page(folder: Path, histories: Histories, fashion: bool) -> Path:
    """Write RESULTS.md and its pictures from histories, of Fashion-MNIST or else of digits_noisy."""
    runs = histories[BASE]
    epochs = len(runs[0][VALIDATION])
    comparable = fashion and epochs == EPOCHS
    data = (
        "Fashion-MNIST, 1000 rows to train, 500 to validate"
        if fashion
        else "Fashion-MNIST was not there: digits_noisy, 300 rows to train, 500 to validate"
    )
    parts = [
        "# Experiments of weeks 6 to 8",
        f"`make experiments` writes this page. {data}. "
        f"{WHAT.format(epochs=epochs, seeds=len(runs))} {machine()}",
        BAND if comparable else NO_BAND,
    ]
    for study in (WEIGHT_DECAY, DROPOUT):
        parts += study_part(study, histories, folder, comparable)
    parts += early_stopping_part(histories, folder)
    parts += noise_part(histories) if comparable else []
    return written(folder / "RESULTS.md", parts)


def study_part(study: Study, histories: Histories, folder: Path, comparable: bool) -> list[str]:
    """Return the table and the pictures of a study, as parts of the page."""
    name = study.title.lower().replace(" ", "_")
    quantities = ("val_loss", VALIDATION, WEIGHT)
    return [
        f"## {study.title}",
        study_table(study, histories, comparable),
        picture(folder, f"{name}.svg", study_picture(study, histories, comparable)),
        picture(folder, f"{name}_curves.svg", curves_picture(study, histories, quantities)),
    ]


def early_stopping_part(histories: Histories, folder: Path) -> list[str]:
    """Return the table and the picture of early stopping, as parts of the page."""
    return [
        "## Early stopping",
        "Runs without regularization at four learning rates, looked at in three ways: after all epochs; at "
        f"the epoch of the lowest validation loss; where a patience of {PATIENCE} epochs ends the run. The "
        "validation accuracy of a chosen epoch is optimistic: the same data chose it.",
        early_stopping_table(histories),
        picture(folder, "early_stopping.svg", early_stopping_picture(histories)),
    ]


def noise_part(histories: Histories) -> list[str]:
    """Return what was published three times of one setting, as parts of the page."""
    return [
        "## One setting, published three times",
        "The setting without regularization has three validation accuracies in the same source: this is how "
        "far apart single runs lie.",
        unregularized_table(histories),
    ]


def picture(folder: Path, name: str, drawn: tuple[Figure, str]) -> str:
    """Save a picture into the folder and return its Markdown, with alt text."""
    figure, alt = drawn
    save(figure, folder / name)
    return f"![{alt}]({name})"


def write_replication(
    folder: Path, epochs: int, load: Load = load_data, compute: Compute = with_other_rounding
) -> Path | None:
    """Replicate the published run and write REPLICATION.md; return its path, or None without the data.

    compute: returns the results by the way of rounding, for a number of epochs.
    """
    if not is_fashion(load(SEED)[0]):
        return None
    return written(folder / "REPLICATION.md", [replication_page(compute(epochs))])


def written(path: Path, parts: Sequence[str]) -> Path:
    """Write parts, separated by blank lines, and return the path."""
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path
