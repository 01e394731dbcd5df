"""Typical mistakes in one_se_choice."""

from autograder.checks.answers import changed
from autograder.model import Mistake

NAME = "one_se_choice"
RIGHT = """
def one_se_choice(results):
    means = [np.mean(result["losses"]) for result in results]
    best = int(np.argmin(means))
    losses = results[best]["losses"]
    se = np.std(losses, ddof=1) / np.sqrt(len(losses))
    limit = means[best] + se
    inside = [i for i in range(len(results)) if means[i] <= limit]
    chosen = min(inside, key=lambda i: (results[i]["size"], means[i]))
    return results[chosen]["name"]
"""
BEST = "best = int(np.argmin(means))"
SE = "np.std(losses, ddof=1) / np.sqrt(len(losses))"
LIMIT = "limit = means[best] + se"
INSIDE = "[i for i in range(len(results)) if means[i] <= limit]"
CHOSEN = 'chosen = min(inside, key=lambda i: (results[i]["size"], means[i]))'
RETURN = 'return results[chosen]["name"]'


def _changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    return changed(NAME, RIGHT, name, sentence, *changes)


MISTAKES = (
    _changed(
        "lowest_mean",
        "You return the config with the lowest mean. Others within one standard error of it may be as "
        "good: take the smallest of them.",
        (CHOSEN, "chosen = best"),
    ),
    _changed(
        "standard_deviation",
        "Your limit lies a standard deviation above the best mean. The doubt about a mean is the "
        "standard error: divide by √n.",
        (SE, "np.std(losses, ddof=1)"),
    ),
    _changed(
        "population_standard_deviation",
        "Your standard deviation divides by n. n − 1 is asked for: np.std(losses, ddof=1).",
        (SE, "np.std(losses) / np.sqrt(len(losses))"),
    ),
    _changed(
        "divided_by_n",
        "You divide the standard deviation by n. A mean's doubt falls with the root of n.",
        (SE, "np.std(losses, ddof=1) / len(losses)"),
    ),
    _changed(
        "root_of_n_minus_1",
        "You divide by √(n − 1). n − 1 stands inside the standard deviation; that is then divided by "
        "√n.",
        (SE, "np.std(losses, ddof=1) / np.sqrt(len(losses) - 1)"),
    ),
    _changed(
        "variance",
        "You take the variance in place of the standard deviation: its square root is missing.",
        (SE, "np.var(losses, ddof=1) / np.sqrt(len(losses))"),
    ),
    _changed(
        "root_of_the_number_of_configs",
        "Your n is another number (that of the configs, or a fixed one). It is the number of losses of the "
        "best config: len(losses).",
        ("len(losses)", "len(results)"),
    ),
    _changed(
        "lowest_upper_end",
        "You take the config with the lowest mean plus standard error for the best. The lowest mean decides.",
        (BEST, "ends = [np.mean(r['losses']) + np.std(r['losses'], ddof=1) / np.sqrt(len(r['losses']))\n"
         "            for r in results]\n    best = int(np.argmin(ends))"),
    ),
    _changed(
        "two_standard_errors",
        "Your limit lies two standard errors above the best mean. One is asked for.",
        (LIMIT, "limit = means[best] + 2 * se"),
    ),
    _changed(
        "minus_in_place_of_plus",
        "You choose from an empty list: with a limit below the best mean nobody is inside, or you left the "
        "best itself out. Best mean plus standard error, and the best is inside.",
        (LIMIT, "limit = means[best] - se"),
    ),
    _changed(
        "largest_size",
        "Of those inside you return the largest. Who may be as good is best when small: smallest size.",
        (CHOSEN, 'chosen = max(inside, key=lambda i: (results[i]["size"], -means[i]))'),
    ),
    _changed(
        "smallest_of_all",
        "You return the smallest of all configs. Only those at or below the limit come into question, "
        "and that starts from the lowest mean.",
        (INSIDE, "list(range(len(results)))"),
    ),
    _changed(
        "accuracy_thinking",
        "You read losses as accuracies: highest mean, minus the standard error, at least. Turn all "
        "three round.",
        (BEST, "best = int(np.argmax(means))"),
        (LIMIT, "limit = means[best] - se"),
        ("means[i] <= limit", "means[i] >= limit"),
    ),
    _changed(
        "own_standard_error_of_each",
        "You give each config its own standard error, so a noisy one is always inside. That of the best "
        "config counts, for all.",
        ("means[i] <= limit", 'means[i] - np.std(results[i]["losses"], ddof=1) '
         '/ np.sqrt(len(results[i]["losses"])) <= means[best]'),
    ),
    _changed(
        "pooled_standard_error",
        "You take the standard error of all losses together. That of the best config alone is asked "
        "for.",
        ('    losses = results[best]["losses"]',
         '    losses = [loss for each in results for loss in each["losses"]]'),
    ),
    _changed(
        "standard_error_of_the_means",
        "Your standard error is that of the configs' means. It belongs to the best config's own losses.",
        ('    losses = results[best]["losses"]', "    losses = means if len(means) > 1 else [0, 0]"),
    ),
    _changed(
        "standard_error_of_the_first_config",
        "You take the standard error of the first config in the list. That of the best one is asked "
        "for.",
        ('    losses = results[best]["losses"]', '    losses = results[0]["losses"]'),
    ),
    _changed(
        "standard_error_of_the_last_config",
        "You take the standard error of the last config of your loop. That of the best one is asked "
        "for.",
        ('    losses = results[best]["losses"]', '    losses = results[-1]["losses"]'),
    ),
    _changed(
        "lowest_losses_compared",
        "You compare the configs' lowest losses in place of their means. One run may be luck: np.mean.",
        ('np.mean(result["losses"])', 'np.min(result["losses"])'),
    ),
    _changed(
        "sizes_as_texts",
        "You compare sizes as texts, and \"10\" comes before \"9\". Compare the numbers: no str().",
        ('(results[i]["size"], means[i])', '(str(results[i]["size"]), means[i])'),
    ),
    _changed(
        "luckiest_run_as_the_best",
        "You take the config of the single lowest loss for the best (one run may be luck), or the largest "
        "standard error of all. The lowest mean is the best, and its standard error counts.",
        (BEST, 'best = int(np.argmin([min(result["losses"]) for result in results]))'),
    ),
    _changed(
        "medians",
        "You compare medians. The mean is asked for.",
        ('np.mean(result["losses"])', 'np.median(result["losses"])'),
    ),
    _changed(
        "single_losses_inside",
        "You let a config in whose lowest single loss is below the limit. Its mean must be.",
        ("means[i] <= limit", 'min(results[i]["losses"]) <= limit'),
    ),
    _changed(
        "first_inside",
        "You return the first config inside, in the order of the list. The order says nothing: smallest "
        "size.",
        (CHOSEN, "chosen = inside[0]"),
    ),
    _changed(
        "last_inside",
        "You return the last config inside, in the order of the list. The order says nothing: smallest "
        "size.",
        (CHOSEN, "chosen = inside[-1]"),
    ),
    _changed(
        "border_left_out",
        "A mean exactly on the limit is inside: at most, <=. And a limit that is rounded is another one.",
        ("means[i] <= limit", "means[i] < limit or i == best"),
    ),
    _changed(
        "border_and_best_left_out",
        "You ask for means below the limit, so a mean on it is out, and so is a best config without any "
        "spread. At most: <=.",
        ("means[i] <= limit", "means[i] < limit"),
    ),
    _changed(
        "best_left_out",
        "You leave the best config out. It lies inside, too, and where nobody else does, it is the "
        "answer.",
        ("if means[i] <= limit]", "if means[i] <= limit and (i != best or len(results) == 1)] or [0]"),
    ),
    _changed(
        "highest_mean_inside",
        "Of those inside you return the one with the highest mean. Smallest size decides.",
        (CHOSEN, "chosen = max(inside, key=lambda i: means[i])"),
    ),
    _changed(
        "first_of_equal_sizes",
        "Of equal sizes you take the first in the list. The one with the lower mean is asked for: "
        "compare (size, mean).",
        (CHOSEN, 'chosen = min(inside, key=lambda i: results[i]["size"])'),
    ),
    _changed(
        "last_of_equal_sizes",
        "Of equal sizes you take the last in the list. The one with the lower mean is asked for: "
        "compare (size, mean).",
        (CHOSEN, 'chosen = min(inside[::-1], key=lambda i: results[i]["size"])'),
    ),
    _changed(
        "higher_mean_of_equal_sizes",
        "Of equal sizes you take the higher mean. Losses: the lower one.",
        (CHOSEN, 'chosen = min(inside, key=lambda i: (results[i]["size"], -means[i]))'),
    ),
    _changed(
        "last_of_equal_best_means",
        "Of equal best means you take the last config for the best. The first one is, and its standard "
        "error sets the limit.",
        (BEST, "best = len(means) - 1 - int(np.argmin(means[::-1]))"),
    ),
    _changed(
        "smallest_of_equal_best_means",
        "Of equal best means you take the smallest config for the best. The first in the list is, and "
        "its standard error sets the limit.",
        (BEST, 'best = min(range(len(means)), key=lambda i: (means[i], results[i]["size"]))'),
    ),
    _changed(
        "index",
        'You return a place in the list. The name is asked for: results[i]["name"].',
        (RETURN, "return chosen"),
    ),
    _changed(
        "whole_entry",
        'You return the whole entry. Its name alone is asked for: ["name"].',
        (RETURN, "return results[chosen]"),
    ),
    _changed(
        "size_of_the_config",
        'You return the size. The name is asked for: ["name"].',
        (RETURN, 'return results[chosen]["size"]'),
    ),
    _changed(
        "limit_alone",
        "You return the limit. The name of the smallest config inside is asked for.",
        (RETURN, "return limit"),
    ),
    _changed(
        "list_of_names",
        "You return the names of all configs inside. One name is asked for, that of the smallest.",
        (RETURN, 'return [results[i]["name"] for i in inside]'),
    ),
    _changed(
        "name_and_mean",
        "You return the mean beside the name. The name alone is asked for.",
        (RETURN, 'return results[chosen]["name"], means[chosen]'),
    ),
    _changed(
        "printed",
        "You print the name and return nothing. End with return.",
        (RETURN, 'print(results[chosen]["name"])'),
    ),
    _changed(
        "sorted_in_place",
        "You sort the caller's list. Make a sorted copy, sorted(results, key=…), or look for the "
        "smallest.",
        ("    means = [np.mean(result",
         '    results.sort(key=lambda r: r["size"])\n    means = [np.mean(result'),
    ),
    _changed(
        "losses_replaced_by_means",
        "You write means into the caller's dictionaries. Keep them in a list of your own.",
        ("    best =",
         '    for result, mean in zip(results, means):\n        result["mean"] = mean\n    best ='),
    ),
    _changed(
        "losses_sorted_in_place",
        "You sort the caller's losses. Order is of no use to a mean; sorted(…) makes a copy.",
        ("    best =", '    for result in results:\n        result["losses"].sort()\n    best ='),
    ),
)  # fmt: skip
