"""Typical mistakes in successive_halving: what comes back, how evaluate is called, and what is refused."""

from hidden.successive_halving_answers import CHECKED, END, GROW, LOOP, LOSSES, NOTE, START, slip

RETURN = "return left[0], rounds"

MISTAKES = (
    slip(
        "returns_the_loss",
        "You return the lowest loss. best is the config that has it.",
        (RETURN, "return losses[0], rounds"),
    ),
    slip(
        "returns_the_position",
        "You return the position of the best config. The config itself is asked for.",
        (START, START + "    first = list(configs)\n"),
        (RETURN, "return [i for i, one in enumerate(first) if one is left[0]][0], rounds"),
    ),
    slip(
        "returns_a_list_of_one",
        "best is a list with one config in it: left. Take the config out of it, left[0].",
        (RETURN, "return left, rounds"),
    ),
    slip(
        "returns_config_and_loss",
        "best is a pair of config and loss in your answer. It is the config alone.",
        (RETURN, "return (left[0], losses[0]), rounds"),
    ),
    slip(
        "only_the_best",
        "Only the best config comes back. Two things are asked for: return best, rounds.",
        (RETURN, "return left[0]"),
    ),
    slip(
        "only_the_rounds",
        "Only rounds come back. Two things are asked for: return best, rounds.",
        (RETURN, "return rounds"),
    ),
    slip(
        "order_exchanged",
        "You return rounds first. The task asks for the best config first.",
        (RETURN, "return rounds, left[0]"),
    ),
    slip(
        "three_things",
        "Three things come back. Two are asked for: best, rounds.",
        (RETURN, "return left[0], losses[0], rounds"),
    ),
    slip(
        "no_return",
        "Your function ends without return: to print what was found is not enough. return best, rounds.",
        (RETURN, "break"),
    ),
    slip(
        "pairs_turned_round",
        "The pairs of rounds begin with the budget. It is (number of configs, budget).",
        (NOTE, "        rounds.append((budget, len(left)))\n"),
    ),
    slip(
        "the_configs_in_the_rounds",
        "rounds holds the configs themselves. Each pair begins with *how many* there are: len(…).",
        (NOTE, "        rounds.append((list(left), budget))\n"),
    ),
    slip(
        "numbers_alone_in_rounds",
        "rounds holds numbers of configs alone. Each entry is a pair: (number of configs, budget).",
        (NOTE, "        rounds.append(len(left))\n"),
    ),
    slip(
        "a_dict_of_rounds",
        "rounds is a dict in your answer. It is a list of pairs.",
        (RETURN, "return left[0], dict(rounds)"),
    ),
    slip(
        "how_many_rounds",
        "rounds is a number in your answer. It is a list with a pair for each round.",
        (RETURN, "return left[0], len(rounds)"),
    ),
    slip(
        "nothing_refused",
        "With eta = 1 nobody drops out and your loop goes on for ever. Raise ValueError(…) if eta < 2.",
        (CHECKED, ""),
    ),
    slip(
        "only_below_one_refused",
        "eta = 1 is not refused, and with it the loop goes on for ever. Raise ValueError(…) if eta < 2.",
        ("eta < 2", "eta < 1"),
    ),
    slip(
        "refused_too_late",
        "You refuse eta = 1 after the first evaluations, each of them a training. raise ValueError(…) first.",
        (CHECKED, ""),
        (LOSSES, LOSSES + "        if eta < 2:\n            raise ValueError(eta)\n"),
    ),
    slip(
        "refused_where_more_than_one_is_left",
        "You refuse eta = 1 only where more than one config is left. It is refused whatever the configs are.",
        ("if eta < 2:", "if eta < 2 and len(configs) > 1:"),
    ),
    slip(
        "four_rounds_at_most",
        "Your loop ends after a fixed number of rounds. Go on until one config is left: while True.",
        (LOOP, "    for _ in range(4):\n"),
    ),
    slip(
        "two_refused",
        "You refuse eta = 2, the usual factor. Refuse what is below: eta < 2.",
        ("eta < 2", "eta <= 2"),
    ),
    slip(
        "another_error",
        "eta = 1 raises an AssertionError with assert. The task asks for raise ValueError(…).",
        (CHECKED, "    assert eta >= 2\n"),
    ),
    slip(
        "none_in_place_of_an_error",
        "eta = 1 gives None. The task asks for raise ValueError(…).",
        (CHECKED, "    if eta < 2:\n        return None\n"),
    ),
    slip(
        "eta_without_default",
        "eta has no default: def successive_halving(configs, evaluate, min_budget, eta=2).",
        ("eta=2", "eta"),
    ),
    slip(
        "default_of_three",
        "Your default of eta is 3. The task says eta=2, which whoever leaves it out relies on.",
        ("eta=2", "eta=3"),
    ),
    slip(
        "always_eta_2",
        "eta is not used: half of the configs stay and the budget doubles, whatever eta is.",
        ("len(left) // eta", "len(left) // 2"),
        (GROW, "        budget *= 2\n"),
    ),
    slip(
        "budget_first_in_evaluate",
        "You call evaluate(budget, config). It is evaluate(config, budget).",
        ("evaluate(config, budget)", "evaluate(budget, config)"),
    ),
    slip(
        "evaluate_without_budget",
        "evaluate takes two things, the config and the budget.",
        ("evaluate(config, budget)", "evaluate(config)"),
    ),
    slip(
        "positions_evaluated",
        "You evaluate positions in place of configs: evaluate(left[i], budget).",
        (LOSSES, "        losses = [evaluate(i, budget) for i in range(len(left))]\n"),
    ),
    slip(
        "one_config_not_evaluated",
        "A single config is handed back at once, without a round. It is evaluated with min_budget, too.",
        (LOOP, "    if len(left) == 1:\n        return left[0], rounds\n" + LOOP),
    ),
    slip(
        "fixed_number_of_rounds",
        "The number of rounds comes from a logarithm, rounded down: sometimes several configs are left. Go "
        "on until one is.",
        (LOOP, "    for _ in range(max(1, int(math.log(len(left), eta)))):\n"),
        (END, ""),
        (GROW, GROW + "    evaluate(left[0], budget)\n    rounds.append((1, budget))\n"
                      "    return left[0], rounds\n"),
    ),
)  # fmt: skip
