"""Typical mistakes in plot_dropout."""

from hidden.plot_dropout_right import BARS, LABELS, MEANS, NEW, RETURN, SPREADS, TICKS, X, changed

MISTAKES = (
    changed(
        "log_axis",
        "On a log axis p = 0 vanishes without a word: leave the x axis linear.",
        (TICKS, TICKS + '    ax.set_xscale("log")\n'),
    ),
    changed(
        "log_y_axis",
        "The y axis is logarithmic, and a linear one is asked for: leave out set_yscale.",
        (TICKS, TICKS + '    ax.set_yscale("log")\n'),
    ),
    changed(
        "no_bars",
        "The means stand there without error bars: ax.errorbar(x, y, yerr=…) draws both.",
        (BARS, '    ax.plot(x, means, "o-")\n'),
    ),
    changed(
        "a_band",
        "You drew a band. An error bar at each p is asked for: ax.errorbar(x, y, yerr=…).",
        (
            BARS,
            '    ax.plot(x, means, "o-")\n'
            "    ax.fill_between(x, np.subtract(means, spreads), np.add(means, spreads), alpha=0.3)\n",
        ),
    ),
    changed(
        "positions",
        "Your points stand at 0, 1, 2, …, as texts do, too: hand the numbers p to "
        "errorbar as x. Then 0.5 and "
        "0.7 are as far apart as they are.",
        (BARS, BARS.replace("(x, means", "(range(len(x)), means")),
        (TICKS, "    ax.set_xticks(range(len(x)), x)\n"),
    ),
    changed(
        "order_of_the_dict",
        "Your line runs in the order of the dict, to and fro: x = sorted(results).",
        (X, "    x = list(results)\n"),
    ),
    changed(
        "only_p_sorted",
        "You sorted p alone, so that means stand at the wrong p: take results[p] for p in x.",
        (MEANS, "    means = [np.mean(values) for values in results.values()]\n"),
        (SPREADS, "    spreads = [np.std(values) for values in results.values()]\n"),
    ),
    changed(
        "figure_returned",
        "You return the figure. Its Axes is asked for: return ax.",
        (RETURN, "    return figure\n"),
    ),
    changed(
        "both_returned",
        "You return figure and Axes. The Axes alone is asked for: return ax.",
        (RETURN, "    return figure, ax\n"),
    ),
    changed(
        "nothing_returned",
        "Your function returns None: its last line should be return ax.",
        (RETURN, ""),
    ),
    changed(
        "container_returned",
        "You return what errorbar gave, a container. The Axes is asked for: return ax.",
        (BARS, BARS.replace("    ax.", "    ax = ax.", 1)),
        (TICKS + LABELS, TICKS.replace("ax.", "plt.gca().") + LABELS.replace("ax.", "plt.gca().")),
    ),
    changed(
        "same_axes_again",
        "A second call draws into the Axes of the first: begin with figure, ax = plt.subplots().",
        (NEW, "    ax = plt.gca()\n"),
    ),
    changed(
        "axes_made_outside",
        "All calls draw into one figure. Each begins one of its own: figure, ax = plt.subplots(), inside the "
        "function.",
        (NEW, ""),
        ("def plot_dropout", "figure, ax = plt.subplots()\n\ndef plot_dropout"),
    ),
    changed(
        "no_names",
        "The axes have no names (a title is none): ax.set_xlabel and ax.set_ylabel.",
        (LABELS, ""),
    ),
    changed(
        "one_name",
        "The y axis has no name: ax.set_ylabel.",
        (LABELS, LABELS.splitlines(keepends=True)[0]),
    ),
    changed(
        "no_ticks",
        "Not every p has a tick: ax.set_xticks(x).",
        (TICKS, ""),
    ),
    changed(
        "standard_error",
        "Your bars are the spread divided by √n, the doubt about the mean. Here the "
        "spread itself is asked for.",
        (
            SPREADS,
            SPREADS.replace(
                "np.std(results[p], ddof=1)", "np.std(results[p], ddof=1) / len(results[p]) ** 0.5"
            ),
        ),
    ),
    changed(
        "variance",
        "Your bars are variances: take the root, or np.std.",
        (SPREADS, SPREADS.replace("np.std", "np.var")),
    ),
    changed(
        "two_spreads",
        "Your bars are two standard deviations long, up and down: one is asked for.",
        (SPREADS, SPREADS.replace("np.std", "2 * np.std")),
    ),
    changed(
        "half_spreads",
        "Your bars are half as long as asked for: yerr goes up and down by itself, by "
        "one standard deviation each.",
        (SPREADS, SPREADS.replace("np.std", "0.5 * np.std")),
    ),
    changed(
        "range",
        "Your bars reach from the worst seed to the best. A standard deviation up and down is asked for.",
        (
            SPREADS,
            "    spreads = [[np.mean(results[p]) - min(results[p]) for p in x], "
            "[max(results[p]) - np.mean(results[p]) for p in x]]\n",
        ),
    ),
    changed(
        "one_spread_for_all",
        "All your bars have one length: each p has a spread of its own.",
        (SPREADS, "    spreads = np.std(means)\n"),
    ),
    changed(
        "horizontal_bars",
        "Your bars lie across: the accuracies spread, so the bars belong to y, yerr=….",
        (BARS, BARS.replace("yerr", "xerr")),
    ),
    changed(
        "axes_exchanged",
        "p stands on the y axis: errorbar takes x first, and x is p.",
        (BARS, BARS.replace("x, means, yerr", "means, x, xerr")),
    ),
    changed(
        "first_seed",
        "You plotted one seed alone: take the mean of each list.",
        (MEANS, MEANS.replace("np.mean(results[p])", "results[p][0]")),
    ),
    changed(
        "best_seed",
        "You plotted the best seed of each p: take the mean of each list.",
        (MEANS, MEANS.replace("np.mean", "max")),
    ),
    changed(
        "medians",
        "You plotted medians: the mean is asked for.",
        (MEANS, MEANS.replace("mean(", "median(")),
    ),
    changed(
        "sums",
        "You plotted sums: divide by the number of seeds.",
        (MEANS, MEANS.replace("np.mean", "sum")),
    ),
    changed(
        "percents",
        "You plotted percents: leave out the factor 100, and draw the accuracies as they are.",
        (MEANS, MEANS.replace("np.mean", "100 * np.mean")),
        (SPREADS, SPREADS.replace("np.std", "100 * np.std")),
    ),
    changed(
        "all_seeds_no_means",
        "You drew every seed, but no mean and no bar: ax.errorbar(x, y, yerr=…).",
        (BARS, '    ax.plot(x, [results[p] for p in x], "o")\n'),
    ),
    changed(
        "boxes",
        "You drew boxes, which show medians and quartiles. Means with error bars are asked for.",
        (BARS, "    ax.boxplot([results[p] for p in x], positions=x, widths=0.04)\n"),
    ),
    changed(
        "global_results",
        "You draw dropout_results, whatever dict is handed over: use the argument results.",
        (
            X,
            "    results = {0: [0.874, 0.862, 0.884], 0.5: [0.92, 0.916, 0.906], 0.9: [0.3, 0.4, 0.5]}\n" + X,
        ),
    ),
    changed(
        "results_emptied",
        "You take the lists out of results: afterwards it is empty. Read results[p] instead of pop.",
        (MEANS, MEANS.replace("np.mean(results[p])", "np.mean(lists[p])")),
        (SPREADS, SPREADS.replace("np.std(results[p], ddof=1)", "np.std(lists[p], ddof=1)")),
        (X, X + "    lists = {p: results.pop(p) for p in x}\n"),
    ),
    changed(
        "cut_off",
        "Your limits cut off points: leave them to matplotlib, or make them wider.",
        (TICKS, TICKS + "    ax.set_ylim(0.7, 1)\n"),
    ),
    changed(
        "lists_sorted",
        "Your function sorts the lists that it got. It only reads them: sorted(…) makes a new list.",
        (X, X + "    for values in results.values():\n        values.sort()\n"),
    ),
    changed(
        "an_axis_turned_round",
        "One of your axes is turned round. p grows to the right, accuracy upwards: do not invert an axis.",
        (TICKS, TICKS + "    ax.invert_xaxis()\n"),
    ),
    changed(
        "p_zero_left_out",
        "p = 0 is missing: plot every p of results.",
        (X, "    x = sorted(p for p in results if p > 0)\n"),
    ),
    changed(
        "nothing_drawn",
        "Your Axes is empty: ax.errorbar(x, y, yerr=…) draws means and bars.",
        (BARS, ""),
    ),
)
