"""A right answer to plot_dropout, of which mistakes are made by changing a line."""

from autograder.checks import answers
from autograder.model import Mistake

X = "    x = sorted(results)\n"
MEANS = "    means = [np.mean(results[p]) for p in x]\n"
SPREADS = "    spreads = [np.std(results[p], ddof=1) for p in x]\n"
NEW = "    figure, ax = plt.subplots()\n"
BARS = '    ax.errorbar(x, means, yerr=spreads, marker="o", capsize=4)\n'
TICKS = "    ax.set_xticks(x)\n"
LABELS = '    ax.set_xlabel("dropout p")\n    ax.set_ylabel("validation accuracy")\n'
RETURN = "    return ax\n"
HEAD = "import matplotlib.pyplot as plt\n\ndef plot_dropout(results):\n"
RIGHT = HEAD + X + MEANS + SPREADS + NEW + BARS + TICKS + LABELS + RETURN


def changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return the right answer with each (old, new) replaced, as a mistake; each old must be in it."""
    return answers.changed("plot_dropout", RIGHT, name, sentence, *changes)
