"""Typical mistakes in successive_halving: how many stay, with which budget, and when it ends."""

from autograder.checks.answers import changed
from autograder.model import Mistake

CHECKED = """    if eta < 2:
        raise ValueError("eta must be at least 2")
"""
START = "    left, budget, rounds = list(configs), min_budget, []\n"
LOOP = "    while True:\n"
LOSSES = "        losses = [evaluate(config, budget) for config in left]\n"
NOTE = "        rounds.append((len(left), budget))\n"
END = """        if len(left) == 1:
            return left[0], rounds
"""
NANS = "        losses = [math.inf if math.isnan(loss) else loss for loss in losses]\n"
ORDER = "        order = sorted(range(len(left)), key=losses.__getitem__)\n"
STAY = "        left = [left[i] for i in order[: max(1, len(left) // eta)]]\n"
GROW = "        budget *= eta\n"
RIGHT = (
    "\nimport math\n\ndef successive_halving(configs, evaluate, min_budget, eta=2):\n"
    + CHECKED + START + LOOP + LOSSES + NOTE + END + NANS + ORDER + STAY + GROW
)  # fmt: skip


def slip(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a right answer with each (old, new) replaced."""
    return changed("successive_halving", RIGHT, name, sentence, *changes)


def keeping(name: str, number: str, sentence: str) -> Mistake:
    """Return a mistake that keeps so many configs."""
    return slip(name, sentence, ("max(1, len(left) // eta)", number))


MISTAKES = (
    slip(
        "maximises",
        "The configs with the *highest* losses stay. evaluate gives a loss: low is good.",
        (ORDER, ORDER.replace("__getitem__)", "__getitem__, reverse=True)")),
    ),
    slip(
        "budget_stays",
        "The budget is the same in every round. The survivors must get more: that is the point. Multiply it "
        "by eta.",
        (GROW, ""),
    ),
    slip(
        "budget_plus_min_budget",
        "You add min_budget in every round. The budget is multiplied by eta.",
        (GROW, "        budget += min_budget\n"),
    ),
    slip(
        "budget_plus_eta",
        "You add eta to the budget. It is multiplied by eta: budget *= eta.",
        (GROW, "        budget += eta\n"),
    ),
    slip(
        "budget_doubles",
        "The budget doubles whatever eta is. Fewer configs share the same cost only if it grows by eta, too.",
        (GROW, "        budget *= 2\n"),
    ),
    slip(
        "budget_to_the_power",
        "You raise the budget to the power of eta. It is multiplied by eta.",
        (GROW, "        budget = budget**eta if budget > 1 else eta\n"),
    ),
    slip(
        "budget_by_the_size_of_the_field",
        "Your budget is what keeps the cost of all rounds equal: min_budget · n / left. Where n is no power "
        "of eta that is not min_budget · eta · eta …: multiply by eta.",
        (GROW, "        budget = min_budget * len(configs) // len(left)\n"),
    ),
    keeping(
        "halves_whatever_eta",
        "max(1, len(left) // 2)",
        "Half of the configs stay whatever eta is. n // eta should stay.",
    ),
    keeping(
        "rounds_up",
        "max(1, -(-len(left) // eta))",
        "You round up how many stay. n // eta rounds down: of 7 with eta 2 three stay.",
    ),
    keeping(
        "rounds_to_the_nearest",
        "max(1, round(len(left) / eta))",
        "You round how many stay to the nearest number. n // eta rounds down: of 7 with eta 2 three stay.",
    ),
    keeping(
        "n_minus_eta",
        "max(1, len(left) - eta)",
        "You drop eta configs in each round. n // eta *stay*: a third of them for eta 3, not all but three.",
    ),
    keeping(
        "drops_n_over_eta",
        "max(1, len(left) - len(left) // eta)",
        "You drop n // eta configs in each round. That many should *stay*: for eta 2 you see no difference, "
        "for eta 3 you do.",
    ),
    keeping(
        "keeps_eta",
        "min(eta, len(left) - 1)",
        "eta configs stay in each round. n // eta should stay: eta is the factor, not the number.",
    ),
    keeping(
        "one_stays",
        "1",
        "Only one config stays after the first round. n // eta stay, round after round.",
    ),
    keeping(
        "none_stays",
        "len(left) // eta",
        "n // eta is 0 where fewer than eta configs are left, and nobody stays. Keep at least one: "
        "max(1, n // eta).",
    ),
    keeping(
        "one_more_stays",
        "max(1, len(left) // eta + (len(left) > eta))",
        "One config too many stays: order[: n // eta] are the first n // eta.",
    ),
    slip(
        "last_round_left_out",
        "You stop when one config is left, without a last round. The survivor is evaluated with its budget, "
        "too, and noted.",
        (LOOP, "    while len(left) > 1:\n"),
        (GROW, GROW + "    return left[0], rounds\n"),
    ),
    slip(
        "last_round_not_evaluated",
        "The last round is noted, but the survivor is not evaluated in it. It is trained with its budget, "
        "too.",
        (LOSSES + NOTE + END, NOTE + END + LOSSES),
    ),
    slip(
        "last_round_not_noted",
        "The last round is evaluated, but missing in rounds. It counts as well.",
        (NOTE, ""),
        (NANS, NOTE + NANS),
    ),
    slip(
        "last_round_twice",
        "The last round comes twice. The round with one config is the last one, and comes once.",
        (
            END,
            "        if len(left) == 1 and len(rounds) > 1 and rounds[-2][0] == 1:\n"
            "            return left[0], rounds\n",
        ),
    ),
    slip(
        "one_round_only",
        "You end after one round. It goes on, with fewer configs and more budget, until one is left.",
        (GROW, "        return left[0], rounds\n"),
    ),
    slip(
        "stops_below_eta",
        "You stop when fewer than eta configs are left, which may be two or more. At least one stays, "
        "max(1, n // eta), and the loop ends with the round of one config.",
        ("if len(left) == 1:", "if len(left) < eta:"),
        ("return left[0], rounds", "return left[losses.index(min(losses))], rounds"),
    ),
    slip(
        "notes_who_stays",
        "rounds holds how many *stay*. Each pair says how many are evaluated in the round: note before you "
        "drop any.",
        (NOTE, ""),
        (END, END.replace("            ret", "            rounds.append((1, budget))\n            ret")),
        (GROW, NOTE + GROW),
    ),
    slip(
        "notes_the_next_budget",
        "You note the budget after multiplying it. The pair holds the budget of this round.",
        (NOTE, "        rounds.append((len(left), budget * eta))\n"),
    ),
    slip(
        "budget_grows_before_the_first_round",
        "The budget is multiplied before the first round, which should be evaluated at min_budget.",
        (START, START.replace("min_budget,", "min_budget * eta,")),
    ),
    slip(
        "never_ends",
        "Your loop does not end: the configs that stay are not put into the place of all.",
        (STAY, "        best = [left[i] for i in order[: max(1, len(left) // eta)]]\n"),
    ),
)
