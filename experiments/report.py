"""Turn results into Markdown tables: published values beside means over seeds."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from experiments.published import (
    BASE,
    DIGITS,
    EARLY_STOPPING,
    EXACT_VALIDATION,
    PATIENCE,
    TRAIN,
    UNREGULARIZED,
    VALIDATION,
    WEIGHT,
    WEIGHT_DECAY,
    WORDS,
    Study,
)
from experiments.replicate import SEED, Replicated
from experiments.study import Histories, Lists, best_epoch, lies_inside, mean_and_sd, seed_band
from sweeps import until_stop


def markdown_table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(line)} |" for line in [header, ["---"] * len(header), *lines])


def spread(values: Sequence[float], digits: int) -> str:
    """Return the mean of values ± their standard deviation, to so many digits."""
    mean, sd = mean_and_sd(values)
    return f"{mean:.{digits}f} ± {sd:.{digits}f}"


def last_values(histories: Sequence[Lists], measure: str) -> list[float]:
    """Return the last epoch's value of every run."""
    return [history[measure][-1] for history in histories]


def verdict(number: float, values: Sequence[float], digits: int) -> tuple[str, str, str]:
    """Return three cells: a published number, the seed band of values, and whether it lies in the band."""
    low, high = seed_band(values)
    inside = "inside" if lies_inside(number, (low, high), digits) else "**outside**"
    return f"{number:.{digits}f}", f"{low:.{digits}f} … {high:.{digits}f}", inside


def study_table(study: Study, histories: Histories, comparable: bool) -> str:
    """Return a table with a line for every published number.

    comparable: whether the runs are of the same kind as the published one; if not, its numbers are left out.
    """
    lines = []
    for value, setting in study.settings.items():
        for measure, number in study.published[value].items():
            values, digits = last_values(histories[setting], measure), DIGITS[measure]
            cells = [f"{value:g}", WORDS[measure], spread(values, digits)]
            lines.append([*cells, *verdict(number, values, digits)] if comparable else cells)
    header = [study.symbol, "last epoch", "mean ± sd"]
    return markdown_table(header + ["published", "seed band", "published value is"] * comparable, lines)


def unregularized_table(histories: Histories) -> str:
    """Return a table of the three numbers that were published of the setting without regularization."""
    values = last_values(histories[BASE], VALIDATION)
    lines = [[spread(values, 3), *verdict(number, values, 3)] for number in UNREGULARIZED]
    return markdown_table(["mean ± sd", "published", "seed band", "published value is"], lines)


def early_stopping_table(histories: Histories) -> str:
    """Return a table of all epochs, the best epoch, and the epoch in which patience ends a run, by rate."""
    lines = []
    for rate, setting in EARLY_STOPPING.settings.items():
        whole = histories[setting]
        best = [until(history, best_epoch(history) + 1) for history in whole]
        stopped = [until_stop(history, PATIENCE) for history in whole]
        for way, runs in (("all epochs", whole), ("best epoch", best), (f"patience {PATIENCE}", stopped)):
            epochs = spread([float(len(run["val_loss"])) for run in runs], 0)
            accuracies = [spread(last_values(runs, measure), 3) for measure in (TRAIN, VALIDATION)]
            lines.append([f"{rate:g}", way, epochs, spread(last_values(runs, "val_loss"), 3), *accuracies])
    columns = ["epoch", "validation loss", WORDS[TRAIN], WORDS[VALIDATION]]
    return markdown_table(["rate", "weights of", *columns], lines)


def until(history: Lists, n_epochs: int) -> Lists:
    """Return the first epochs of a history."""
    return {name: values[:n_epochs] for name, values in history.items()}


def replication_table(results: Sequence[Replicated]) -> str:
    """Return a table with the published and the replicated values of each λ side by side."""
    lines = []
    for result in results:
        published, got = WEIGHT_DECAY.published[result.decay], result.values
        exact = EXACT_VALIDATION[result.decay]
        pairs = [f"{exact:.6f}", f"{got[VALIDATION]:.6f}", agreement(exact, got[VALIDATION], 6)]
        for measure in (WEIGHT, TRAIN):
            digits = DIGITS[measure]
            pairs += [f"{published[measure]:.{digits}f}", f"{got[measure]:.{digits}f}"]
        lines.append([f"{result.decay:g}", *pairs])
    header = ["λ"]
    for measure in (VALIDATION, WEIGHT, TRAIN):
        header += [f"{WORDS[measure]}, published", "replicated"] + ["difference"] * (measure == VALIDATION)
    return markdown_table(header, lines)


def agreement(published: float, got: float, digits: int) -> str:
    """Return "none" for equal numbers, or else by how much the second one is higher or lower."""
    difference = round(got - published, digits)
    return f"{difference:+.{digits}f}" if difference else "none"


def replication_page(results: Sequence[Replicated]) -> str:
    """Return the text of REPLICATION.md."""
    same = sum(agreement(EXACT_VALIDATION[r.decay], r.values[VALIDATION], 6) == "none" for r in results)
    furthest = max(abs(r.values[WEIGHT] - WEIGHT_DECAY.published[r.decay][WEIGHT]) for r in results)
    return "\n\n".join(
        [
            "# The published weight-decay run, replicated",
            f"`python -m experiments --replicate` writes this page. {machine()}",
            f"The protocol: Fashion-MNIST, pixels 0…1; `torch.manual_seed({SEED})` once; `random_split` "
            "draws 1000 and 500 rows of the training file; the nets one after the other, each built just "
            "before its training; epoch values are means of batch means.",
            replication_table(results),
            f"The validation accuracy is the published one, to all six digits, for {same} of {len(results)} "
            f"values of λ; one picture of a full batch more or less is ±0.001953. Mean |weight| differs by "
            f"at most {furthest:.4f}. Rounding errors add up differently on other processors and versions of "
            "torch, and after 4800 updates a picture near the border can fall on its other side.",
        ]
    )


def machine() -> str:
    """Return in a sentence what the results were computed with."""
    return f"Computed with torch {version('torch')} on {platform.machine()}."
