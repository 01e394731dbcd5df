"""Right answers of successive_halving that are written differently."""

from hidden.successive_halving_answers import CHECKED, RIGHT

from autograder.model import Variant


def way(name: str, body: str, before: str = "") -> Variant:
    """Return a right answer with another body after its first lines."""
    start = f"{before}\ndef successive_halving(configs, evaluate, min_budget, eta=2):\n{CHECKED}"
    return Variant("successive_halving", name, f"import math\n{start}{body}")


VARIANTS = (
    Variant("successive_halving", "endless_loop_with_return", RIGHT),
    way("numpy", """\
    left, budget, rounds = list(configs), min_budget, []
    while len(left) > 0:
        losses = np.nan_to_num([evaluate(c, budget) for c in left], nan=np.inf, posinf=np.inf)
        rounds.append((len(left), budget))
        best = left[int(np.argmin(losses))]
        order = np.argsort(losses, kind="stable")
        if len(left) == 1:
            break
        left = [left[i] for i in order[:max(1, len(left) // eta)]]
        budget = budget * eta
    return best, rounds
"""),
    way("sorted_pairs_with_key", """\
    rounds, budget, left = [], min_budget, configs[:]
    while True:
        scored = [(loss_of(evaluate, config, budget), config) for config in left]
        rounds += [(len(left), budget)]
        scored = sorted(scored, key=lambda pair: pair[0])
        if len(scored) == 1:
            return scored[0][1], rounds
        left = [config for _, config in scored][: len(scored) // eta or 1]
        budget *= eta
""", """
def loss_of(evaluate, config, budget):
    loss = evaluate(config, budget)
    return float("inf") if loss != loss else loss
"""),
    way("recursion", """\
    losses = [evaluate(config, min_budget) for config in configs]
    here = (len(configs), min_budget)
    if len(configs) == 1:
        return configs[0], [here]
    losses = [math.inf if np.isnan(loss) else loss for loss in losses]
    places = sorted(range(len(configs)), key=lambda i: (losses[i], i))
    stay = [configs[i] for i in places[: max(1, len(configs) // eta)]]
    best, rounds = successive_halving(stay, evaluate, min_budget * eta, eta)
    return best, [here, *rounds]
"""),
    way("order_given_is_kept", """\
    left, rounds = list(enumerate(configs)), []
    budget = min_budget
    while True:
        losses = {i: evaluate(config, budget) for i, config in left}
        rounds.append([len(left), budget])
        if len(left) < 2:
            return [left[0][1], rounds]
        losses |= {i: math.inf for i, loss in losses.items() if math.isnan(loss)}
        ranked = sorted(left, key=lambda one: (losses[one[0]], one[0]))
        stay = {i for i, _ in ranked[: max(1, len(left) // eta)]}
        left = [one for one in left if one[0] in stay]
        budget *= eta
"""),
    way("smallest_of_a_heap", """\
    import heapq
    left, budget, rounds, done = list(configs), min_budget, [], False
    while not done:
        losses = []
        for config in left:
            loss = evaluate(config, budget)
            losses.append(math.inf if math.isnan(loss) else loss)
        rounds.append((len(left), budget))
        done = len(left) == 1
        keep = heapq.nsmallest(max(1, len(left) // eta), range(len(left)), key=lambda i: losses[i])
        left = [left[i] for i in keep]
        budget *= eta
    (best,) = left
    return best, rounds
"""),
    way("takes_out_one_by_one", """\
    left, budget, rounds = [*configs], min_budget, []
    while len(left) >= 1:
        losses = [evaluate(config, budget) for config in left]
        rounds.append((len(left), budget))
        if len(left) == 1:
            return left.pop(), tuple(rounds)
        keep = max(1, int(len(left) / eta))
        while len(left) > keep:
            bad = [math.inf if math.isnan(loss) else loss for loss in losses]
            worst = len(bad) - 1 - bad[::-1].index(max(bad))
            del left[worst], losses[worst]
        budget = eta * budget
"""),
    way("torch_sort", """\
    left, rounds = list(configs), []
    for number in range(1000):
        budget = min_budget * eta**number
        losses = torch.tensor([float(evaluate(c, budget)) for c in left], dtype=torch.float64)
        rounds.append((len(left), budget))
        print(len(left), budget)
        if len(left) == 1:
            return left[0], rounds
        losses[losses.isnan()] = math.inf
        order = torch.sort(losses, stable=True).indices.tolist()
        left = [left[i] for i in order[: max(1, len(left) // eta)]]
"""),
)  # fmt: skip
