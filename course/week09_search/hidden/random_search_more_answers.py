"""Typical mistakes in random_search: random numbers, dicts that are shared, evaluations, and bad input."""

from hidden.random_search_answers import (
    ANSWER,
    BEST,
    CHECKED,
    CONFIG,
    KEEP,
    LOOP,
    LOSS,
    MADE,
    RULE,
    START,
    slip,
)  # fmt: skip

FILL = "        for name, draw in space.items():\n            config[name] = draw(rng)\n"

MISTAKES = (
    slip(
        "a_new_generator_in_every_trial",
        "You make a new generator with the same seed in every trial, so all trials are equal. Make one, "
        "before the loop.",
        (MADE, ""),
        (CONFIG, "        rng = np.random.default_rng(seed)\n" + CONFIG),
    ),
    slip(
        "a_new_generator_for_every_draw",
        "Each draw gets a new generator with the same seed, so all trials are equal. Make one, before the "
        "loop.",
        ("draw(rng)", "draw(np.random.default_rng(seed))"),
    ),
    slip(
        "a_generator_per_trial_number",
        "Each trial has a generator of its own, of seed + number or spawned. One for the whole search is "
        "asked for, given to every draw.",
        (LOOP, "    for number in range(n_trials):\n        rng = np.random.default_rng(seed + number)\n"),
    ),
    slip(
        "generator_without_the_seed",
        "default_rng() without the seed draws anew each time: nobody can repeat the search. Write "
        "default_rng(seed).",
        ("default_rng(seed)", "default_rng()"),
    ),
    slip(
        "always_seed_0",
        "Your generator always has seed 0, whatever seed is given: default_rng(seed).",
        ("default_rng(seed)", "default_rng(0)"),
    ),
    slip(
        "global_random_numbers",
        "You seed NumPy's global random numbers and hand these to the draws: whoever else uses them is "
        "disturbed. Make a generator of your own: default_rng(seed).",
        (MADE, "    np.random.seed(seed)\n    rng = np.random\n"),
    ),
    slip(
        "seeds_global_numbers_too",
        "np.random.seed(seed) sets the global random numbers back, for everybody. default_rng(seed) alone "
        "does it.",
        (MADE, "    np.random.seed(seed)\n" + MADE),
    ),
    slip(
        "seeds_torch_too",
        "torch.manual_seed(seed) sets global random numbers back, for everybody. default_rng(seed) alone "
        "does it.",
        (MADE, "    torch.default_generator.manual_seed(seed)\n" + MADE),
    ),
    slip(
        "global_random_numbers_not_seeded",
        "You hand NumPy's global random numbers to the draws, and the seed is not used: nobody can repeat "
        "the search.",
        (MADE, "    rng = np.random\n"),
    ),
    slip(
        "the_seed_as_generator",
        "You give the seed itself to the draws, and a number cannot draw. Make a generator of it first: "
        "np.random.default_rng(seed).",
        ("draw(rng)", "draw(seed)"),
    ),
    slip(
        "draws_without_a_generator",
        "You call the functions of space without an argument. Each takes the generator: draw(rng).",
        ("draw(rng)", "draw()"),
    ),
    slip(
        "functions_as_values",
        "The configs hold the functions of space, which were not called: draw(rng) gives a value.",
        ("draw(rng)", "draw"),
    ),
    slip(
        "one_dict_for_all",
        "One dict is changed in every trial, so all entries of trials, and the best config, show the last "
        "values: the aliasing of week 8. Make the dict inside the loop.",
        (START, START + "    config = {}\n"),
        (CONFIG, FILL),
    ),
    slip(
        "one_dict_copied_for_the_best",
        "You copy the dict for best_config, and trials still hold one and the same, with the last values. "
        "Make a new dict inside the loop.",
        (START, START + "    config = {}\n"),
        (CONFIG, FILL),
        (BEST, BEST.replace("= config,", "= dict(config),")),
    ),
    slip(
        "one_dict_copied_for_trials",
        "trials hold copies, and best_config is the one dict that is changed on: at the end it shows the "
        "last values. Make a new dict inside the loop.",
        (START, START + "    config = {}\n"),
        (CONFIG, FILL),
        (KEEP, KEEP.replace("(config,", "(dict(config),")),
    ),
    slip(
        "space_overwritten",
        "You write the values into space itself: its functions are gone, and in the second trial a number "
        "is called. Make another dict.",
        (
            CONFIG,
            FILL.replace("config[name] = draw", "space[name] = space[name]") + "        config = space\n",
        ),
    ),
    slip(
        "space_emptied",
        "You take names out of space with pop, and the caller's dict is empty afterwards. Only read it.",
        (ANSWER, "    space.clear()\n" + ANSWER),
    ),
    slip(
        "one_draw_for_the_whole_search",
        "You draw before the loop, so all trials have the same config. The draw belongs into the loop.",
        (CONFIG, ""),
        (LOOP, CONFIG[4:] + LOOP),
    ),
    slip(
        "one_draw_for_the_whole_search_copied",
        "You draw before the loop and copy: all trials have the same values. The draw belongs into the loop.",
        (CONFIG, "        config = dict(config)\n"),
        (LOOP, CONFIG[4:] + LOOP),
    ),
    slip(
        "evaluated_twice",
        "You evaluate every config twice, once to keep the loss and once to compare it. A training is "
        "expensive: keep the loss in a name.",
        (KEEP, "        trials.append((config, evaluate(config)))\n"),
    ),
    slip(
        "evaluated_again_for_the_comparison",
        "You evaluate once more inside the comparison. A training is expensive: keep the loss in a name.",
        (RULE, "        if evaluate(config) < best_loss:\n"),
    ),
    slip(
        "best_evaluated_again",
        "At the end the best config is evaluated once more. Its loss is known: n_trials evaluations in all.",
        (ANSWER, "    evaluate(best_config)\n" + ANSWER),
    ),
    slip(
        "one_trial_too_many",
        "You make one trial too many: range(n_trials).",
        ("range(n_trials)", "range(n_trials + 1)"),
    ),
    slip(
        "one_trial_too_few",
        "One trial is missing: range(n_trials) has n_trials numbers, from 0 on.",
        ("range(n_trials)", "range(1, n_trials)"),
    ),
    slip(
        "return_in_the_loop",
        "return stands inside the loop, so the search ends after its first trial. Move it to the left.",
        (ANSWER, "        return best_config, trials\n"),
    ),
    slip(
        "only_gains_kept",
        "Only trials that were the best so far come into trials. All of them belong there.",
        (KEEP, ""),
        (BEST, BEST + "            trials.append((config, loss))\n"),
    ),
    slip(
        "losses_alone",
        "trials holds losses alone. Each entry is a pair: (config, loss).",
        (KEEP, "        trials.append(loss)\n"),
    ),
    slip(
        "configs_alone",
        "trials holds configs alone. Each entry is a pair: (config, loss).",
        (KEEP, "        trials.append(config)\n"),
    ),
    slip(
        "loss_first",
        "The pairs of trials begin with the loss. It is (config, loss).",
        (KEEP, "        trials.append((loss, config))\n"),
    ),
    slip(
        "dicts_in_trials",
        "The entries of trials are dicts. A pair is asked for: (config, loss).",
        (KEEP, '        trials.append({"config": config, "loss": loss})\n'),
    ),
    slip(
        "loss_written_into_the_config",
        "The loss lies inside the config, so that it has one name more than space. Keep the pair "
        "(config, loss).",
        (KEEP, '        config["loss"] = loss\n' + KEEP),
    ),
    slip(
        "values_without_names",
        "Your configs are lists of values. evaluate needs a dict: a value under each name of space.",
        (CONFIG, "        config = [draw(rng) for draw in space.values()]\n"),
    ),
    slip(
        "flat_list",
        "trials.extend puts config and loss one behind the other. Append one pair: (config, loss).",
        (KEEP, "        trials.extend((config, loss))\n"),
    ),
    slip(
        "nothing_refused",
        "n_trials = 0 is not refused: raise ValueError(…) at the start if n_trials < 1.",
        (CHECKED, ""),
    ),
    slip(
        "only_negative_refused",
        "n_trials = 0 is not refused, only numbers below it: n_trials < 1.",
        ("n_trials < 1", "n_trials < 0"),
    ),
    slip(
        "one_trial_refused",
        "You refuse a search of one trial, which makes sense: refuse n_trials < 1 only.",
        ("n_trials < 1", "n_trials <= 1"),
    ),
    slip(
        "another_error",
        "n_trials = 0 raises an AssertionError with assert. The task asks for raise ValueError(…).",
        (CHECKED, "    assert n_trials >= 1\n"),
    ),
    slip(
        "losses_rounded",
        "You keep rounded losses, and those of nearly equal trials become equal. Keep them as they come.",
        (LOSS, "        loss = round(evaluate(config))\n"),
    ),
    slip(
        "losses_rounded_to_three_digits",
        "You round the losses to a few digits, so that nearly equal ones become equal. Keep them unrounded.",
        (LOSS, "        loss = round(evaluate(config), 3)\n"),
    ),
    slip(
        "another_kind_of_generator",
        "Your generator is made of the seed, but is another one: np.random.default_rng(seed) is asked for, "
        "with this seed, and nothing drawn before the first trial.",
        ("np.random.default_rng(seed)", "np.random.RandomState(seed)"),
    ),
    slip(
        "another_seed",
        "Your generator has another seed than the one that is given. np.random.default_rng(seed), and then "
        "only the draws of the trials.",
        ("np.random.default_rng(seed)", "np.random.default_rng(seed + 1)"),
    ),
)
