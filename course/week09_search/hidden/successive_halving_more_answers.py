"""Typical mistakes in successive_halving: who is best, what is evaluated, kinds, and what is refused."""

from hidden.successive_halving_answers import (
    LOSSES,
    NANS,
    NOTE,
    ORDER,
    START,
    STAY,
    slip,
)  # fmt: skip

RETURN = "return left[0], rounds"
PAIRS = "        left = [one for _, one in sorted(zip(losses, left))][: max(1, len(left) // eta)]\n"

MISTAKES = (
    slip(
        "keeps_the_first_unsorted",
        "The first configs stay, whatever their losses are. Sort by the losses first.",
        (ORDER, "        order = range(len(left))\n"),
    ),
    slip(
        "keeps_the_last_of_the_order",
        "You sort, and keep the *end* of the order, the highest losses. The lowest stand first.",
        ("order[: max(1, len(left) // eta)]", "order[-max(1, len(left) // eta) :]"),
    ),
    slip(
        "sorts_the_configs",
        "You sort the configs themselves, and not by their losses: sorted(…, key=…).",
        (ORDER, "        order = sorted(range(len(left)), key=lambda i: str(left[i]))\n"),
    ),
    slip(
        "old_losses_again",
        "The losses of the first round decide about all later ones. Evaluate again at the new budget: ranks "
        "change.",
        (LOSSES, ""),
        (START, START + "    known = [evaluate(config, budget) for config in left]\n"),
        (NOTE, NOTE + "        losses = known[: len(left)]\n"),
        (STAY, STAY + "        known = [known[i] for i in order]\n"),
    ),
    slip(
        "evaluated_again_and_ignored",
        "You evaluate again in each round, but the order is still that of the first losses. Sort by the "
        "newest ones.",
        (START, START + "    first = {}\n"),
        (NANS, "        for config, loss in zip(left, losses):\n"
               "            first.setdefault(id(config), loss)\n"
               "        losses = [first[id(config)] for config in left]\n" + NANS),
    ),
    slip(
        "always_evaluated_at_min_budget",
        "Every round evaluates with min_budget. Later rounds get more: evaluate(config, budget).",
        ("evaluate(config, budget)", "evaluate(config, min_budget)"),
    ),
    slip(
        "losses_added_up",
        "You add the losses of all rounds. Only those of this round count: they were measured with the most "
        "budget.",
        (START, START + "    sums = {}\n"),
        (NANS, "        for config, loss in zip(left, losses):\n"
               "            sums[id(config)] = sums.get(id(config), 0) + loss\n"
               "        losses = [sums[id(config)] for config in left]\n" + NANS),
    ),
    slip(
        "best_loss_of_all_rounds",
        "You return the config with the lowest loss of any round. Losses of different budgets do not "
        "compare: the one that is left is the best.",
        (START, START + "    seen = []\n"),
        (NOTE, NOTE + "        seen += [math.inf if math.isnan(loss) else loss for loss in losses]\n"
                      "        names = names + left if len(rounds) > 1 else list(left)\n"),
        (RETURN, "return names[min(range(len(seen)), key=seen.__getitem__)], rounds"),
    ),
    slip(
        "all_are_evaluated_in_every_round",
        "Every round evaluates all configs, also those that are out: nothing is saved. Evaluate those that "
        "are left.",
        (LOSSES, "        for config in configs:\n            evaluate(config, budget)\n" + LOSSES),
    ),
    slip(
        "evaluated_in_the_sort",
        "You evaluate once to sort and once more besides. A training is expensive: keep the losses in a "
        "list.",
        (NOTE, NOTE + "        losses = [evaluate(config, budget) for config in left]\n"),
    ),
    slip(
        "later_of_equal_losses",
        "Of equal losses the later one stays. They keep the order given: do not sort backwards, and do not "
        "use <=.",
        (ORDER, "        order = sorted(range(len(left)), key=lambda i: (losses[i], -i))\n"),
    ),
    slip(
        "argsort_without_stable",
        "np.argsort leaves equal losses in no certain order. Ask for kind='stable', or take sorted(…).",
        (ORDER, "        order = list(np.argsort(losses))\n"),
    ),
    slip(
        "ties_by_the_config",
        "Where losses are equal, the smaller config wins, because pairs (loss, config) are sorted. Equal "
        "losses keep the order given, and dicts cannot be compared: sort by the loss alone.",
        (ORDER + STAY, PAIRS),
    ),
    slip(
        "dict_of_losses",
        "You make keys of the configs (a dict of losses, dict.fromkeys): a dict or a list cannot be a key. "
        "Keep the configs in a list, and sort positions.",
        (ORDER + STAY, "        table = dict(zip(left, losses))\n"
                       "        left = sorted(left, key=table.get)[: max(1, len(left) // eta)]\n"),
    ),
    slip(
        "array_of_configs",
        "np.array(configs) makes a table of lists, and numbers of NumPy's of numbers: configs may be "
        "anything. list(configs) leaves them as they are.",
        (START, START.replace("list(configs)", "np.array(configs)")),
    ),
    slip(
        "drops_configs_that_are_alike",
        "You leave out configs that are equal to others. They are evaluated like all: list(configs).",
        (START, START.replace("list(configs)", "[]")),
        ("    while", "    left += [c for i, c in enumerate(configs) if c not in configs[:i]]\n    while"),
    ),
    slip(
        "configs_sorted_first",
        "You sort the configs before the first round, so equal losses lose the order given, and dicts cannot "
        "be compared. list(configs), as it is.",
        (START, START.replace("list(configs)", "sorted(configs)")),
    ),
    slip(
        "set_of_configs",
        "A set forgets the order, and a dict cannot be in one. Keep the configs in a list.",
        (START, START.replace("list(configs)", "list(set(configs))")),
    ),
    slip(
        "nan_in_the_sort",
        "A loss of nan spoils the sort, since every comparison with it is False: who stays is luck. Put "
        "math.inf in its place.",
        (NANS, ""),
    ),
    slip(
        "nan_counts_as_zero",
        "nan becomes 0, which is a very low loss, and wins. It counts as infinite: math.inf.",
        ("math.inf if math.isnan(loss)", "0.0 if math.isnan(loss)"),
    ),
    slip(
        "nan_counts_as_minus_infinity",
        "nan becomes minus infinity, the lowest loss of all. It counts as infinite: math.inf.",
        ("math.inf if math.isnan(loss)", "-math.inf if math.isnan(loss)"),
    ),
    slip(
        "nan_counts_as_a_large_number",
        "nan becomes a large number, which a real loss can exceed. It counts as infinite: math.inf.",
        ("math.inf if math.isnan(loss)", "1e9 if math.isnan(loss)"),
    ),
    slip(
        "nan_after_infinity",
        "You put nan behind a loss that is infinite. nan counts as infinite, so the two are equal, and equal "
        "losses keep the order given.",
        (NANS, ""),
        (ORDER, ORDER.replace("losses.__getitem__", "lambda i: (losses[i] != losses[i], losses[i])")),
    ),
    slip(
        "nan_left_out",
        "Configs with nan are taken out before you count, so fewer stay, or nobody. nan counts as "
        "infinite: put math.inf there and go on.",
        (NANS, "        pairs = [(c, v) for c, v in zip(left, losses) if not math.isnan(v)]\n"
               "        left, losses = [c for c, _ in pairs], [v for _, v in pairs]\n"),
    ),
    slip(
        "nan_raises",
        "A loss of nan raises a ValueError. It counts as infinite: put math.inf in its place.",
        (NANS, '        if any(math.isnan(loss) for loss in losses):\n            raise ValueError("nan")\n'),
    ),
    slip(
        "sorts_the_callers_list",
        "configs.sort changes the list of the caller. Work on a list of your own: list(configs).",
        (START, START + "    caller = configs\n"),
        (STAY, "        if len(rounds) == 1:\n            caller[:] = [left[i] for i in order]\n" + STAY),
    ),
    slip(
        "pops_from_the_callers_list",
        "You take configs out of the caller's list: left = configs is a second name for it. Begin with "
        "list(configs).",
        (START, START.replace("list(configs)", "configs")),
        (STAY, "        left[:] = [left[i] for i in order[: max(1, len(left) // eta)]]\n"),
    ),
    slip(
        "writes_into_the_configs",
        "You write into the configs, which belong to the caller. Keep losses and budgets in a list of your "
        "own.",
        (NOTE, NOTE + "        for config in left:\n            if isinstance(config, dict):\n"
                      '                config["budget"] = budget\n'),
    ),
)  # fmt: skip
