"""Typical mistakes in random_search: which trial wins, and what comes back."""

from autograder.checks.answers import changed
from autograder.model import Mistake

CHECKED = """    if n_trials < 1:
        raise ValueError("n_trials must be at least 1")
"""
MADE = "    rng = np.random.default_rng(seed)\n"
START = "    best_config, best_loss, trials = None, math.inf, []\n"
LOOP = "    for _ in range(n_trials):\n"
CONFIG = "        config = {name: draw(rng) for name, draw in space.items()}\n"
LOSS = "        loss = evaluate(config)\n"
KEEP = "        trials.append((config, loss))\n"
RULE = "        if loss < best_loss:\n"
BEST = "            best_config, best_loss = config, loss\n"
ANSWER = "    return best_config, trials\n"
RIGHT = (
    "\nimport math\n\ndef random_search(space, evaluate, n_trials, seed):\n"
    + CHECKED + MADE + START + LOOP + CONFIG + LOSS + KEEP + RULE + BEST + ANSWER
)  # fmt: skip


def slip(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a right answer with each (old, new) replaced."""
    return changed("random_search", RIGHT, name, sentence, *changes)


def chosen(name: str, line: str, sentence: str) -> Mistake:
    """Return a mistake that chooses the best config in another way, after the loop."""
    return slip(name, sentence, (RULE + BEST, ""), (ANSWER, f"{line}{ANSWER}"))


MISTAKES = (
    slip(
        "maximises",
        "You keep the config of the *highest* loss. A loss should be low: turn the comparison round.",
        (RULE, "        if loss > best_loss:\n"),
        ("math.inf", "-math.inf"),
    ),
    slip(
        "last_of_ties",
        "Of equal losses you keep the last. The first one wins: < in place of <=.",
        (RULE, "        if loss <= best_loss:\n"),
    ),
    chosen(
        "min_of_the_losses",
        "    best_config = min(trials, key=lambda trial: trial[1])[0]\n",
        "A nan in the first trial is never beaten, with min() as with a first trial taken whatever it is: "
        " every comparison with nan is False. Only a loss that *is lower* than infinity may win.",
    ),
    chosen(
        "argmin",
        "    best_config = trials[int(np.argmin([loss for _, loss in trials]))][0]\n",
        "np.argmin takes nan for the lowest number of all. Leave losses that are nan out first, and say None "
        "if none is left.",
    ),
    chosen(
        "nanargmin",
        "    best_config = trials[int(np.nanargmin([loss for _, loss in trials]))][0]\n",
        "np.nanargmin leaves nan out, and raises a ValueError where there is nothing but nan. Then the best "
        "config is None.",
    ),
    chosen(
        "max_of_the_losses",
        "    best_config = max(trials, key=lambda trial: trial[1])[0]\n",
        "You take the highest loss. A loss should be low: min, with nan left out before.",
    ),
    slip(
        "nan_wins",
        "A nan becomes the best loss, since `not loss >= best_loss` is True for it, and then nothing is "
        "lower. Ask loss < best_loss.",
        (RULE, "        if not loss >= best_loss:\n"),
    ),
    slip(
        "nan_counts_as_zero",
        "You put 0 in the place of nan, and 0 is a very low loss. A nan never wins: leave it out.",
        (RULE, "        loss = 0.0 if math.isnan(loss) else loss\n        if loss < best_loss:\n"),
    ),
    slip(
        "nan_kept_as_zero",
        "You make 0 of nan, and 0 is a very low loss. Leave nan in trials as it is; with < it never wins.",
        (KEEP, "        loss = 0.0 if math.isnan(loss) else loss\n" + KEEP),
    ),
    slip(
        "nan_kept_as_infinity",
        "trials hold infinity in the place of nan. Keep the loss there as it came, and compare with <.",
        (KEEP, "        loss = math.inf if math.isnan(loss) else loss\n" + KEEP),
    ),
    slip(
        "nan_ends_the_search",
        "A nan ends your search. It is a trial like the others, only that it never wins.",
        (KEEP, KEEP + "        if math.isnan(loss):\n            break\n"),
    ),
    slip(
        "nan_ends_the_search_unnoted",
        "A nan ends your search (break), and its trial is missing in the list. Go on after nan: it is a "
        "trial like the others, only that it never wins.",
        (KEEP, "        if math.isnan(loss):\n            break\n" + KEEP),
    ),
    slip(
        "nan_left_out_of_trials",
        "Trials with nan are missing in the list. They belong there: nan never wins, and that is all.",
        (KEEP, "        if math.isnan(loss):\n            continue\n" + KEEP),
    ),
    slip(
        "nan_raises",
        "A nan raises a ValueError. It is a trial like the others, only that it never wins.",
        (KEEP, '        if math.isnan(loss):\n            raise ValueError("nan")\n' + KEEP),
    ),
    slip(
        "all_nan_gives_the_first",
        "If all losses are nan, you return the first config. No trial has won then: None.",
        (ANSWER, "    return best_config or trials[0][0], trials\n"),
    ),
    slip(
        "all_nan_gives_an_empty_dict",
        "If all losses are nan, an empty dict comes back. No trial has won then: None.",
        ("best_config, best_loss, trials = None", "best_config, best_loss, trials = {}"),
    ),
    slip(
        "starts_at_a_thousand_million",
        "Your search begins with a large number that a loss can exceed, such as 1e9. Begin with infinity.",
        ("math.inf", "1e9"),
    ),
    slip(
        "starts_at_one",
        "Your search begins with a best loss of 1, so losses above it never win. Begin with infinity.",
        ("math.inf", "1.0"),
    ),
    slip(
        "starts_at_a_hundred",
        "Your search begins with a best loss that a real loss can exceed. Begin with infinity.",
        ("math.inf", "100.0"),
    ),
    slip(
        "starts_at_zero",
        "Your search begins with a best loss of 0, so nothing positive ever wins. Begin with infinity.",
        ("math.inf", "0.0"),
    ),
    slip(
        "compared_with_the_trial_before",
        "You compare with the loss of the trial before. Compare with the lowest so far: keep it only when a "
        "lower one comes.",
        (BEST, "            best_config = config\n        best_loss = loss\n"),
    ),
    slip(
        "best_loss_not_kept",
        "best_loss stays infinite, so every trial is better than it, and the last one wins. Keep config and "
        "loss together.",
        (BEST, "            best_config = config\n"),
    ),
    slip(
        "size_of_the_loss",
        "You compare the sizes of the losses, abs(loss). A loss below 0 is lower than any above it.",
        (RULE, "        if abs(loss) < best_loss:\n"),
        (BEST, "            best_config, best_loss = config, abs(loss)\n"),
    ),
    slip(
        "the_loss_in_place_of_the_config",
        "You return the lowest loss. best_config is the config that has it; the loss stands in trials.",
        (ANSWER, "    return best_loss, trials\n"),
    ),
    slip(
        "the_number_of_the_trial",
        "You return which trial was best, and not its config.",
        (BEST, "            best_config, best_loss = len(trials) - 1, loss\n"),
    ),
    slip(
        "best_as_text",
        "best_config is a text in your answer. It is the config itself, a dict.",
        (ANSWER, "    return str(best_config), trials\n"),
    ),
    slip(
        "the_pair_as_best",
        "best_config is a pair of config and loss in your answer. It is the config alone.",
        (BEST, "            best_config, best_loss = (config, loss), loss\n"),
    ),
    slip(
        "always_the_last",
        "You return the config of the last trial, the name config after the loop, and not the best one.",
        (ANSWER, "    return config, trials\n"),
    ),
    slip(
        "always_the_first",
        "You return the config of the first trial, not that of the lowest loss.",
        (ANSWER, "    return trials[0][0], trials\n"),
    ),
    slip(
        "sorts_trials",
        "You sort the trials by their loss. They stay in the order tried: use sorted(…) on the side, or "
        "compare in the loop.",
        (ANSWER, "    trials.sort(key=lambda trial: trial[1])\n" + ANSWER),
    ),
    slip(
        "sorts_and_takes_the_first",
        "You sort the trials and take the first: the list is no longer in the order tried, and nan spoils "
        "every sort. Compare in the loop.",
        (RULE + BEST, ""),
        (ANSWER, "    trials.sort(key=lambda trial: trial[1])\n    return trials[0][0], trials\n"),
    ),
    slip(
        "only_the_best",
        "Only the best config comes back. Two things are asked for: return best_config, trials.",
        (ANSWER, "    return best_config\n"),
    ),
    slip(
        "only_the_trials",
        "Only the trials come back. Two things are asked for: return best_config, trials.",
        (ANSWER, "    return trials\n"),
    ),
    slip(
        "order_exchanged",
        "You return trials first. The task asks for the best config first, then for trials.",
        (ANSWER, "    return trials, best_config\n"),
    ),
    slip(
        "three_things",
        "Three things come back. Two are asked for: best_config, trials. The best loss stands in trials.",
        (ANSWER, "    return best_config, best_loss, trials\n"),
    ),
    slip(
        "no_return",
        "Your function ends without return: to print what was found is not enough. return best_config, "
        "trials.",
        (ANSWER, ""),
    ),
)
