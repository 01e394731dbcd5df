"""Right answers to plot_dropout that are written differently."""

from hidden.plot_dropout_right import BARS, HEAD, LABELS, MEANS, NEW, RETURN, RIGHT, SPREADS, TICKS, X

from autograder.model import Variant


def right(name: str, source: str) -> Variant:
    """Return a right answer."""
    return Variant("plot_dropout", name, source)


def drawn(name: str, bars: str) -> Variant:
    """Return a right answer that draws points and bars in this way."""
    return right(name, RIGHT.replace(BARS, bars))


VARIANTS = (
    right("divided_by_n", RIGHT.replace(", ddof=1", "")),
    right(
        "pyplot_alone",
        HEAD
        + X
        + MEANS
        + SPREADS
        + '    plt.figure(figsize=(6, 4))\n    plt.errorbar(x, means, spreads, fmt="o-", capsize=3)\n'
        '    plt.xticks(x)\n    plt.xlabel("p")\n    plt.ylabel("accuracy")\n    plt.title("dropout")\n'
        "    return plt.gca()\n",
    ),
    drawn(
        "a_bar_at_a_time",
        "    for p, mean, spread in zip(x, means, spreads):\n"
        '        ax.errorbar(p, mean, yerr=spread, fmt="o", capsize=5, color="C0")\n',
    ),
    drawn(
        "vertical_lines",
        '    ax.plot(x, means, "o-")\n'
        "    ax.vlines(x, np.subtract(means, spreads), np.add(means, spreads))\n",
    ),
    drawn(
        "lines_of_two_points",
        "    ax.scatter(x, means)\n"
        '    for p, m, s in zip(x, means, spreads):\n        ax.plot([p, p], [m - s, m + s], "k-")\n',
    ),
    drawn("columns", "    ax.bar(x, means, yerr=spreads, width=0.05, capsize=3)\n"),
    drawn(
        "seeds_and_chance_as_well",
        BARS + "    for p in x:\n        ax.scatter([p] * len(results[p]), results[p], s=8)\n"
        '    ax.axhline(0.1, ls=":")\n    ax.axvline(0.5)\n    ax.legend(["mean"])\n    ax.grid()\n',
    ),
    right(
        "sorted_items",
        """
from statistics import mean, stdev
from matplotlib import pyplot

def plot_dropout(results):
    pairs = sorted(results.items())
    _, ax = pyplot.subplots(constrained_layout=True)
    ax.errorbar(*zip(*[(p, mean(values)) for p, values in pairs]), yerr=[stdev(v) for _, v in pairs])
    ax.set(xticks=[p for p, _ in pairs], xlabel="p", ylabel="accuracy", ylim=(0, 1))
    return ax
""",
    ),
    right(
        "points_unsorted_and_not_joined",
        RIGHT.replace(X, "    x = list(results)\n").replace(
            BARS, '    ax.errorbar(x, means, spreads, fmt="s")\n'
        ),
    ),
    right(
        "torch",
        HEAD
        + "    x = sorted(results)\n    table = torch.tensor([results[p] for p in x])\n"
        + NEW
        + "    ax.errorbar(x, table.mean(1), yerr=[table.std(1)] * 2)\n"
        + TICKS
        + LABELS
        + "    plt.show()\n"
        + RETURN,
    ),
    right(
        "figure_without_pyplot",
        HEAD.replace("import matplotlib.pyplot as plt", "from matplotlib.figure import Figure")
        + X
        + MEANS
        + SPREADS
        + "    ax = Figure().add_subplot()\n"
        + BARS
        + TICKS
        + LABELS
        + RETURN,
    ),
)
