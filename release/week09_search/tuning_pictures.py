"""Draw the still pictures of week 9. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import optuna
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from optuna.trial import TrialState
from optuna.visualization import matplotlib as optuna_pictures
from pictures import MARKERS, PALETTE, label, stage
from search_trials import quiet
from tuning_experiments import DECADES, in_decade, ranked, true_so_far
from tuning_runs import pool, stored
from tuning_runs_curse import curse


def decades_picture() -> tuple[Figure, str]:
    """Draw the validation accuracy of the 500 settings over their rate, and the mean of each decade."""
    figure, (ax,) = stage(height=3.5)
    ax.plot(pool().lr, pool().validation, MARKERS[0], color=PALETTE[0], ms=3, alpha=0.5, label="one setting")
    told = []
    for low, high in DECADES:
        mean, best = in_decade(low, high).mean(), in_decade(low, high).max()
        ax.plot(
            (low, high),
            (mean, mean),
            color=PALETTE[1],
            lw=3,
            label="mean of a decade" if low == 1e-5 else None,
        )
        told.append(f"{mean:.2f} from {low:g} to {high:g}, the best {best:.2f}")
    ax.set_xscale("log")
    label(ax, "500 settings, 20 epochs each", "learning rate (log axis)", "validation accuracy")
    return (
        figure,
        f"Validation accuracy of 500 settings over their rate; mean of each decade: {'; '.join(told)}.",
    )


def curse_picture(number: int = 50, rows: tuple[int, ...] = (30, 100, 500)) -> tuple[Figure, str]:
    """Draw what the best of some copies gains where it was chosen, and on the test rows."""
    figure, (ax,) = stage(height=3.6)
    places, told = np.arange(len(rows)), []
    for i, (key, words) in enumerate(
        {"seen_gain": "on the rows that chose", "real_gain": "on the test rows"}.items()
    ):
        gains = np.array([curse("copies", number, n)[key].mean() for n in rows])
        ax.bar(places + 0.4 * i, gains, 0.38, color=PALETTE[i], label=words, hatch=("", "//")[i], ec="white")
        told.append(
            f"{words}: " + ", ".join(f"{gain:.3f} with {n} rows" for gain, n in zip(gains, rows, strict=True))
        )
    ax.set_xticks(places + 0.2, [f"{n} rows choose" for n in rows])
    label(ax, f"The best of {number} copies of one setting", "", "accuracy above the average copy")
    return figure, f"Gain of the best of {number} copies over the average copy. {'. '.join(told)}."


def leaders_picture(early: int = 5, best: int = 10) -> tuple[Figure, str]:
    """Draw the curves of the settings that lead early, and of those that are best at the end."""
    figure, (ax,) = stage(height=3.5)
    epochs, told = np.arange(1, 21), []
    for i, (epoch, words) in enumerate(
        {early: f"the ten best after epoch {early}", 20: "the ten best after epoch 20"}.items()
    ):
        curves = pool().curves[ranked(epoch)[:best]]
        ax.plot(epochs, curves.T, color=PALETTE[i], alpha=0.25, lw=1)
        mean = curves.mean(axis=0)
        ax.plot(
            epochs,
            mean,
            color=PALETTE[i],
            marker=MARKERS[i],
            markevery=(2 * i, 4),
            ls=("--", "-")[i],
            label=f"{words}, mean",
        )
        values = ", ".join(f"{mean[at - 1]:.2f} in epoch {at}" for at in (1, 3, 5, 10, 15, 20))
        told.append(f"{words}: {values}, median rate {np.median(pool().lr[ranked(epoch)[:best]]):.4f}")
    ax.set_ylim(0, 1)
    label(ax, "Who leads early, and who wins", "epoch", "validation accuracy")
    return figure, f"Validation accuracy of two bundles of ten settings, means. {'. '.join(told)}."


def samplers_picture() -> tuple[Figure, str]:
    """Draw the true value of what each sampler would choose after each trial: means of 20 studies."""
    figure, (ax,) = stage(height=3.5)
    told = []
    for i, sampler in enumerate(stored("studies")):
        true = true_so_far(sampler)
        mean, doubt = true.mean(axis=0), true.std(axis=0, ddof=1) / np.sqrt(len(true))
        trials = np.arange(1, len(mean) + 1)
        ax.fill_between(trials[4:], (mean - doubt)[4:], (mean + doubt)[4:], color=PALETTE[i], alpha=0.2, lw=0)
        ax.plot(
            trials[4:],
            mean[4:],
            color=PALETTE[i],
            marker=MARKERS[i],
            markevery=(2 * i, 8),
            ls=("-", "--", ":")[i],
            label=sampler,
        )
        values = ", ".join(f"{mean[n - 1]:.3f} after {n}" for n in (5, 10, 20, 30, 60))
        told.append(f"{sampler}: {values}")
    label(ax, "What the best trial so far is truly worth (± doubt)", "trials", "true accuracy")
    return (
        figure,
        f"True accuracy of the setting chosen after so many trials, means of 20 studies. {'; '.join(told)}.",
    )


def together_picture(rates: tuple[float, ...] = (0.01, 0.001, 0.0001)) -> tuple[Figure, str]:
    """Draw the validation accuracy over the dropout rate at several learning rates, without decay."""
    figure, (ax,) = stage(height=3.5)
    checked, told = stored("checked"), []
    for i, rate in enumerate(rates):
        dropouts = sorted({cell[2] for cell in checked if cell[:2] == (rate, 0)})
        runs = [checked[rate, 0, p]["val_accuracy"] for p in dropouts]
        means, spreads = ([how(run) for run in runs] for how in (np.mean, lambda run: np.std(run, ddof=1)))
        ax.errorbar(
            dropouts,
            means,
            spreads,
            color=PALETTE[i],
            marker=MARKERS[i],
            ls=("-", "--", ":")[i],
            capsize=3,
            label=f"rate {rate:g}",
        )
        values = ", ".join(f"{mean:.3f} at {p:g}" for mean, p in zip(means, dropouts, strict=True))
        told.append(f"rate {rate:g}: {values}")
    label(
        ax,
        "Dropout at three rates (Adam, 30 epochs, decay 0)",
        "dropout",
        "validation accuracy, mean ± spread",
    )
    return figure, f"Validation accuracy over dropout, means of {len(runs[0])} runs. {'; '.join(told)}."


# ---------------------------------------------------------------- Optuna's own pictures


def importance_picture(study: optuna.Study) -> tuple[Figure, str]:
    """Let Optuna draw how important each parameter of a study is."""
    with quiet(), plt.rc_context():  # Optuna would change the style of all later figures
        shares = optuna.importance.get_param_importances(study)
        ax = optuna_pictures.plot_param_importances(study)
    figure = fitted(ax)
    ax.get_legend().remove()
    ax.set_title("Importances in your study (PED-ANOVA)", loc="left")
    values = ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
    done = sum(trial.state == TrialState.COMPLETE for trial in study.trials)
    return (
        figure,
        f"Importance of each hyperparameter in {done} complete trials of {len(study.trials)}; they add up to "
        f"1: {values}.",
    )


def contour_picture(study: optuna.Study, x: str = "lr", y: str = "dropout") -> tuple[Figure, str]:
    """Let Optuna draw the value of a study over two of its parameters, and the trials as dots."""
    with quiet(), plt.rc_context():
        ax = optuna_pictures.plot_contour(study, params=[x, y])
    figure = fitted(ax)
    figure.axes[1].remove()  # the colour bar: numbers on the lines say more
    lines = next(each for each in ax.collections if isinstance(each, ContourSet) and not each.filled)
    numbers = ax.clabel(lines, lines.levels[::2], fontsize="small", colors="white")
    plt.setp(numbers, path_effects=[withStroke(linewidth=2.5, foreground="black")])  # readable on any blue
    done = [trial for trial in study.trials if trial.state == TrialState.COMPLETE]
    best = sorted(done, key=lambda trial: trial.value)[: len(done) // 4]
    spans = (
        f"{name} {min(t.params[name] for t in best):.2g} to {max(t.params[name] for t in best):.2g}"
        for name in (x, y)
    )
    ax.set_title("Lowest validation loss, interpolated")
    return figure, (
        f"Contours of the lowest validation loss over {x} and {y}, from {len(done)} complete trials. "
        f"The best quarter of them has {' and '.join(spans)}; the best trial {x} {study.best_params[x]:.3g}, "
        f"{y} {study.best_params[y]:.2f} and the loss {study.best_value:.3f}."
    )


def fitted(ax: Any) -> Figure:
    """Return the figure of a picture of Optuna's, in the size of this course."""
    figure: Figure = ax.figure
    figure.set_size_inches(6, 3.5)
    figure.set_layout_engine("constrained")
    plt.close(figure)
    return figure


def front_picture(study: optuna.Study) -> tuple[Figure, str]:
    """Draw all trials of a study with two goals, and its Pareto front."""
    figure, (ax,) = stage(height=3.5)
    values = np.array([trial.values for trial in study.trials])  # accuracy, weights
    front = np.array(sorted(trial.values for trial in study.best_trials))
    ax.plot(values[:, 1], values[:, 0], MARKERS[0], color=PALETTE[0], alpha=0.5, label="a trial")
    ax.plot(front[:, 1], front[:, 0], "-", marker=MARKERS[1], color=PALETTE[1], label="the Pareto front")
    ax.set_xscale("log")
    label(ax, "Two goals", "weights of the net (log axis)", "validation accuracy")
    points = ", ".join(f"{accuracy:.3f} with {weights:.0f} weights" for accuracy, weights in front)
    return figure, f"{len(values)} trials: accuracy over number of weights. The front: {points}."
