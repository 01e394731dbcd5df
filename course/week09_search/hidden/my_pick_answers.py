"""Typical mistakes in my_pick."""

from autograder.checks.answers import changed
from autograder.model import Mistake

NAME = "my_pick"
RIGHT = """
def my_pick(tables):
    picks = {}
    for name, table in tables.items():
        means = {value: np.mean(runs) for value, runs in table.items()}
        best = max(means, key=means.get)
        spread = float(np.std(table[best], ddof=1))
        limit = means[best] - spread
        rivals = [value for value in table if value != best and means[value] >= limit]
        picks[name] = {"value": best, "spread": spread, "rivals": rivals}
    return picks
"""
BEST = "best = max(means, key=means.get)"
SPREAD = "float(np.std(table[best], ddof=1))"
RIVALS = "[value for value in table if value != best and means[value] >= limit]"
PUT = 'picks[name] = {"value": best, "spread": spread, "rivals": rivals}'


def _changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    return changed(NAME, RIGHT, name, sentence, *changes)


MISTAKES = (
    _changed(
        "lowest_mean",
        "You take the lowest mean (or the largest value). The one with the *highest* mean accuracy is asked "
        "for: max(means, key=means.get).",
        (BEST, "best = min(means, key=means.get)"),
    ),
    _changed(
        "largest_value",
        "max(means) is the largest value, the largest key. The one with the highest mean is asked for: "
        "max(means, key=means.get).",
        (BEST, "best = max(means, key=lambda value: (isinstance(value, str), value))"),
    ),
    _changed(
        "zero_left_out",
        "A value of 0 never becomes a rival: `if value` is False for 0. Only the best value is left out.",
        ("if value != best", "if value and value != best"),
    ),
    _changed(
        "luckiest_run",
        "You take the value of the single best run. One run may be luck: compare means.",
        ("np.mean(runs)", "max(runs)"),
        (
            "limit = means[best]",
            "means = {v: np.mean(r) for v, r in table.items()}\n        limit = means[best]",
        ),
    ),
    _changed(
        "luckiest_run_throughout",
        "You compare the best runs in place of the means: who has more luck is not better. "
        "np.mean(runs).",
        ("np.mean(runs)", "max(runs)"),
    ),
    _changed(
        "median",
        "You compare medians. The mean is asked for: np.mean(runs).",
        ("np.mean(runs)", "np.median(runs)"),
    ),
    _changed(
        "rounded_means",
        "You round the means before you compare them, which makes ties of what differs. Round only where "
        "you print.",
        ("np.mean(runs)", "round(float(np.mean(runs)), 2)"),
        ("limit = means[best]",
         "means = {v: np.mean(r) for v, r in table.items()}\n        limit = means[best]"),
    ),
    _changed(
        "equal_means_are_no_rivals",
        "You leave out values whose mean equals the best one's. Only the best value itself is left out: "
        "compare values, not means.",
        ("value != best", "means[value] != means[best]"),
    ),
    _changed(
        "picks_kept_from_call_to_call",
        "Your dictionary is made outside the function, so it still holds earlier tables. Make it inside.",
        ("    picks = {}\n", ""),
        ("def my_pick", "picks = {}\n\ndef my_pick"),
    ),
    _changed(
        "first_seed_alone",
        "You compare the first seed's runs. Take the mean over all seeds.",
        ("np.mean(runs)", "runs[0]"),
    ),
    _changed(
        "last_of_equal_means",
        "Of equal means you take the last value. The first one in the table stays.",
        (BEST, "best = max(reversed(list(means)), key=means.get)"),
    ),
    _changed(
        "largest_of_equal_means",
        "Of equal means you take the larger value. The first one in the table stays: max(means, "
        "key=means.get).",
        (BEST, "best = max((mean, value) for value, mean in means.items())[1]"),
    ),
    _changed(
        "smallest_of_equal_means",
        "Of equal means you take the smaller value. The first one in the table stays.",
        (BEST, "best = max(sorted(means, key=lambda value: (isinstance(value, str), value)), key=means.get)"),
    ),
    _changed(
        "sum_in_place_of_the_mean",
        "You compare sums, so a value with more seeds wins. Divide by the number of runs: np.mean.",
        ("np.mean(runs)", "sum(runs)"),
        (
            "limit = means[best]",
            "means = {v: np.mean(r) for v, r in table.items()}\n        limit = means[best]",
        ),
    ),
    _changed(
        "best_mean_as_the_value",
        "Your value is the best mean. The value itself is asked for, the key of the table.",
        ('"value": best', '"value": means[best]'),
    ),
    _changed(
        "place_as_the_value",
        "Your value is a place in the table. The value itself is asked for, the key.",
        ('"value": best', '"value": list(table).index(best)'),
    ),
    _changed(
        "value_as_text",
        "Your values are texts. Return them as they are: no str(), no quotes.",
        ('"value": best', '"value": str(best) + " "'),
    ),
    _changed(
        "population_spread",
        "You divide by n. The spread of runs divides by n − 1: np.std(runs, ddof=1).",
        (SPREAD, "float(np.std(table[best]))"),
    ),
    _changed(
        "variance",
        "Your spread is a variance. The standard deviation is its square root.",
        (SPREAD, "float(np.var(table[best], ddof=1))"),
    ),
    _changed(
        "standard_error",
        "You divide the spread by √n: that is the doubt about a mean. Here it is the spread of runs.",
        (SPREAD, "float(np.std(table[best], ddof=1)) / len(table[best]) ** 0.5"),
    ),
    _changed(
        "range_of_the_runs",
        "Your spread is the largest run minus the smallest. Take the standard deviation with n − 1.",
        (SPREAD, "max(table[best]) - min(table[best])"),
    ),
    _changed(
        "spread_of_the_means",
        "Your spread is that of the means. That of the best value's own runs is asked for.",
        (SPREAD, "float(np.std(list(means.values()), ddof=1))"),
    ),
    _changed(
        "spread_of_all_runs",
        "Your spread is that of all runs of a table. That of the best value's own runs is asked for.",
        (SPREAD, "float(np.std([run for runs in table.values() for run in runs], ddof=1))"),
    ),
    _changed(
        "spread_of_the_last_value",
        "Your spread is that of whichever value came last in the loop. That of the best one: "
        "table[best].",
        (SPREAD, "float(np.std(list(table.values())[-1], ddof=1))"),
    ),
    _changed(
        "rounded_spread",
        "You round the spread. Return it as it is, and round only where you print.",
        (SPREAD, "round(float(np.std(table[best], ddof=1)), 2)"),
    ),
    _changed(
        "own_spread_of_each",
        "You ask with each value's own spread, so a noisy value becomes a rival. The best one's counts.",
        ("means[value] >= limit", "means[value] + np.std(table[value], ddof=1) >= means[best]"),
    ),
    _changed(
        "border_left_out",
        "A mean exactly at best mean − spread is a rival: at least, >=.",
        ("means[value] >= limit", "means[value] > limit"),
    ),
    _changed(
        "two_spreads",
        "You let everything within two spreads be a rival. One is asked for.",
        ("limit = means[best] - spread", "limit = means[best] - 2 * spread"),
    ),
    _changed(
        "rivals_by_the_standard_error",
        "Your limit lies a standard error below the best mean. It is one spread: do not divide by √n.",
        ("limit = means[best] - spread", "limit = means[best] - spread / len(table[best]) ** 0.5"),
    ),
    _changed(
        "rivals_by_the_population_spread",
        "Your limit comes from a spread that divides by n. Take the same spread as the one you return.",
        ("limit = means[best] - spread", "limit = means[best] - np.std(table[best])"),
    ),
    _changed(
        "plus_in_place_of_minus",
        "Your limit lies above the best mean, where nobody is. Best mean minus spread.",
        ("limit = means[best] - spread", "limit = means[best] + spread"),
    ),
    _changed(
        "best_among_its_rivals",
        "The best value stands among its own rivals. Only the others: value != best.",
        ("value != best and ", ""),
    ),
    _changed(
        "all_others_as_rivals",
        "All other values are rivals to you. Only those whose mean is at least best mean − spread are.",
        (" and means[value] >= limit", ""),
    ),
    _changed(
        "those_that_lost",
        "Your rivals are those that lie too far below. Turn the comparison round.",
        ("means[value] >= limit", "means[value] < limit"),
    ),
    _changed(
        "rivals_by_their_means",
        "Your rivals are sorted by their means. The table's order is asked for.",
        (RIVALS, f"sorted({RIVALS}, key=means.get, reverse=True)"),
    ),
    _changed(
        "rivals_by_their_values",
        "Your rivals are sorted by their values. The table's order is asked for.",
        (RIVALS, f"sorted({RIVALS}, key=str)"),
    ),
    _changed(
        "means_of_the_rivals",
        "You list the rivals' means. The values themselves are asked for, the keys.",
        ("[value for value in table", "[means[value] for value in table"),
    ),
    _changed(
        "number_of_rivals",
        "You count the rivals. A list of them is asked for.",
        ('"rivals": rivals', '"rivals": len(rivals)'),
    ),
    _changed(
        "set_of_rivals",
        "Your rivals are a set, which has no order. A list is asked for: [ ] and not { }.",
        ('"rivals": rivals', '"rivals": set(rivals)'),
    ),
    _changed(
        "tuple_of_rivals",
        "Your rivals are a tuple or an array. A list is asked for: list(…).",
        ('"rivals": rivals', '"rivals": tuple(rivals)'),
    ),
    _changed(
        "rivals_of_all_tables",
        "Your list of rivals is made once and grows from table to table. Make a new one in the loop.",
        ("    picks = {}\n", "    picks, rivals = {}, []\n"),
        (f"rivals = {RIVALS}", f"rivals += {RIVALS}"),
    ),
    _changed(
        "one_pick_for_all",
        "You make one pick and write over it, table by table. picks[name] = …, a new one for each name.",
        (PUT, 'picks = {other: {"value": best, "spread": spread, "rivals": rivals} for other in tables}'),
    ),
    _changed(
        "values_alone",
        "You return the best values alone. Each entry is a dictionary with value, spread and rivals.",
        (PUT, "picks[name] = best"),
    ),
    _changed(
        "a_tuple_for_each",
        "Each of your entries is a tuple. A dictionary with value, spread and rivals is asked for.",
        (PUT, "picks[name] = (best, spread, rivals)"),
    ),
    _changed(
        "list_of_picks",
        "You return a list. A dictionary under the names of the tables is asked for.",
        ("    return picks\n", "    return list(picks.values())\n"),
    ),
    _changed(
        "returned_in_the_loop",
        "Your return stands inside the loop, so one table is looked at. Move it out, behind the loop.",
        (f"        {PUT}\n    return picks\n", f"        {PUT}\n        return picks\n"),
    ),
    _changed(
        "printed",
        "Nothing comes back; what is printed is not returned. End with return picks.",
        ("    return picks\n", "    print(picks)\n"),
    ),
    _changed(
        "runs_sorted_in_place",
        "You sort the lists of accuracies in place, so the tables have changed. Use sorted(…).",
        ("        means =", "        for runs in table.values():\n            runs.sort()\n        means ="),
    ),
    _changed(
        "best_taken_out_of_the_table",
        "You take the best value out of the table (pop, del), and it is gone for the next one. Skip it.",
        (PUT, f"{PUT}\n        table.pop(best)"),
    ),
    _changed(
        "means_put_into_the_table",
        "You write the means over the accuracies, so the tables have changed. Make a new dictionary.",
        (PUT, f"{PUT}\n        table.update(means)"),
    ),
)  # fmt: skip
