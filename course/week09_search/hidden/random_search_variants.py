"""Right answers of random_search that are written differently."""

from hidden.random_search_answers import CHECKED, RIGHT

from autograder.model import Variant


def way(name: str, body: str, before: str = "") -> Variant:
    """Return a right answer with another body after its first lines."""
    start = f"{before}\ndef random_search(space, evaluate, n_trials, seed):\n{CHECKED}"
    return Variant("random_search", name, f"import math\n{start}{body}")


VARIANTS = (
    Variant("random_search", "in_the_loop", RIGHT),
    way("min_of_those_that_are_numbers", """\
    rng = np.random.default_rng(seed)
    trials = []
    for _ in range(n_trials):
        config = {name: space[name](rng) for name in space}
        trials.append((config, evaluate(config)))
    good = [trial for trial in trials if not math.isnan(trial[1])]
    return (min(good, key=lambda trial: trial[1])[0] if good else None), trials
"""),
    way("all_drawn_first", """\
    rng = np.random.default_rng(seed)
    configs = [{name: draw(rng) for name, draw in space.items()} for _ in range(n_trials)]
    losses = [evaluate(config) for config in configs]
    filled = [math.inf if np.isnan(loss) else loss for loss in losses]
    best = configs[int(np.argmin(filled))] if min(filled) < math.inf else None
    return best, list(zip(configs, losses))
"""),
    way("copies", """\
    rng, config, trials, best = np.random.default_rng(seed), {}, [], (None, float("inf"))
    while len(trials) < n_trials:
        for name in space:
            config[name] = space[name](rng)
        loss = evaluate(dict(config))
        trials.append((config.copy(), loss))
        if best[1] > loss:
            best = trials[-1]
    return best[0], trials
"""),
    way("sorted_names_and_lists", """\
    rng = np.random.default_rng(seed)
    trials, best = [], None
    for number in range(n_trials):
        config = dict((name, space[name](rng)) for name in sorted(space))
        loss = float(evaluate(config))
        trials.append([config, loss])
        if loss == loss and (best is None or loss < best[1]):
            best = (config, loss)
        print(number, loss)
    return [best and best[0], trials]
"""),
    way("nanargmin_with_a_look_before", """\
    rng = np.random.Generator(np.random.PCG64(seed))
    trials = []
    for _ in range(n_trials):
        config = {}
        for name, draw in space.items():
            config[name] = draw(rng)
        trials.append((config, evaluate(config)))
    losses = np.array([loss for _, loss in trials])
    if np.isnan(losses).all():
        return None, trials
    return trials[np.nanargmin(losses)][0], trials
"""),
    way("helpers", """\
    rng = np.random.default_rng(seed)
    trials = tuple(one_trial(space, evaluate, rng) for _ in range(n_trials))
    ranked = sorted(trials, key=by_loss)
    best = ranked[0]
    return (None if math.isnan(best[1]) else best[0].copy()), trials
""", """
def one_trial(space, evaluate, rng):
    config = {name: draw(rng) for name, draw in space.items()}
    return config, evaluate(config)

def by_loss(trial):
    return math.inf if math.isnan(trial[1]) else trial[1]
"""),
    way("recursion", """\
    return search_on(space, evaluate, n_trials, np.random.default_rng(seed), [], None, math.inf)
""", """
def search_on(space, evaluate, left, rng, trials, best, lowest):
    if left == 0:
        return best, trials
    config = {name: draw(rng) for name, draw in space.items()}
    loss = evaluate(config)
    if loss < lowest:
        best, lowest = config, loss
    return search_on(space, evaluate, left - 1, rng, [*trials, (config, loss)], best, lowest)
"""),
)  # fmt: skip
