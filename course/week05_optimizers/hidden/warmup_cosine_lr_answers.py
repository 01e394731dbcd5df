"""Typical mistakes in warmup_cosine_lr: the warm-up, and the formula of the cosine."""

from autograder.model import Mistake

SINGLE = "total_steps - 1 == warmup_steps"  # a cosine of one step
COSINE = "min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * q))"
CLIMBS = (
    "Your rate climbs: 1 - cos rises from 0 to 2, and so does 1 + cos where q falls from 1 to 0. Write "
    "1 + cos, with a q that is 0 where the cosine begins and 1 at its end."
)
GUARD = 'if warmup_steps >= total_steps:\n        raise ValueError("too long")'


def slip(
    name: str,
    sentence: str,
    head: str = "step, total_steps, base_lr, warmup_steps=0, min_lr=0.0",
    guard: str = GUARD,
    climbs: str = "step < warmup_steps",
    warm: str = "base_lr * (step + 1) / warmup_steps",
    late: str = "step >= total_steps",
    low: str = "min_lr",
    q: str = "(step - warmup_steps) / max(1, total_steps - 1 - warmup_steps)",
    cosine: str = COSINE,
    out: str = "return rate",
) -> Mistake:
    """Return a mistake that differs from a right answer in one place."""
    source = f"""
def warmup_cosine_lr({head}):
    {guard}
    if {climbs}:
        rate = {warm}
    elif {late}:
        rate = {low}
    else:
        q = {q}
        rate = {cosine}
    {out}
"""
    return Mistake("warmup_cosine_lr", name, sentence, source)


WARM_UPS = (
    slip(
        "warm_up_starts_at_0",
        "Your first warm-up step has the rate 0, so it learns nothing. Steps count from 0, hence "
        "(step + 1) / warmup_steps: the first of 4 steps has a quarter of base_lr.",
        warm="base_lr * step / warmup_steps",
    ),
    slip(
        "one_part_too_many",
        "You cut the climb into warmup_steps + 1 parts, so the last warm-up step stays below base_lr. Divide "
        "by warmup_steps.",
        warm="base_lr * (step + 1) / (warmup_steps + 1)",
    ),
    slip(
        "one_part_too_few",
        "You divide by warmup_steps - 1: the first step has the rate 0, and a warm-up of one step divides by "
        "0. Write (step + 1) / warmup_steps.",
        warm="base_lr * step / (warmup_steps - 1)",
    ),
    slip(
        "two_steps_at_once",
        "Your climb divides step + 1 by warmup_steps - 1, so its last step is above base_lr. Divide by "
        "warmup_steps.",
        warm="base_lr * (step + 1) / max(1, warmup_steps - 1)",
    ),
    slip(
        "warm_up_from_min_lr",
        "Your warm-up climbs from min_lr. Here it climbs from near 0, whatever min_lr is: "
        "base_lr * (step + 1) / warmup_steps.",
        warm="min_lr + (base_lr - min_lr) * (step + 1) / warmup_steps",
    ),
    slip(
        "warm_up_not_below_min_lr",
        "You keep the warm-up above min_lr. It may be below: base_lr * (step + 1) / warmup_steps, whatever "
        "min_lr is.",
        warm="max(min_lr, base_lr * (step + 1) / warmup_steps)",
    ),
    slip(
        "warm_up_plus_min_lr",
        "You add min_lr to the warm-up. It plays no part there: base_lr * (step + 1) / warmup_steps.",
        warm="min_lr + base_lr * (step + 1) / warmup_steps",
    ),
    slip(
        "warm_up_ignored",
        "You never warm up: the cosine begins at step 0. The first warmup_steps steps have "
        "base_lr * (step + 1) / warmup_steps.",
        climbs="False",
        q="step / max(1, total_steps - 1)",
    ),
    slip(
        "base_during_the_warm_up",
        "During the warm-up your rate is base_lr already. It climbs to it: "
        "base_lr * (step + 1) / warmup_steps.",
        warm="base_lr",
    ),
    slip(
        "min_lr_during_the_warm_up",
        "During the warm-up your rate stays at min_lr. It climbs: base_lr * (step + 1) / warmup_steps.",
        warm="min_lr",
    ),
    slip(
        "zero_during_the_warm_up",
        "During the warm-up your rate is 0. It climbs: base_lr * (step + 1) / warmup_steps.",
        warm="0.0",
    ),
    slip(
        "whole_division_in_the_warm_up",
        "// is the whole-number division: your rate is 0 until the last warm-up step. Write /.",
        warm="base_lr * ((step + 1) // warmup_steps)",
    ),
    slip(
        "warm_up_over_all_steps",
        "You divide by total_steps: at its end your warm-up is far below base_lr. Divide by warmup_steps.",
        warm="base_lr * (step + 1) / total_steps",
    ),
    slip(
        "warm_up_without_base_lr",
        "Your warm-up is a fraction from 0 to 1. Multiply it by base_lr.",
        warm="(step + 1) / warmup_steps",
    ),
    slip(
        "warm_up_one_step_longer",
        "Your warm-up has one step too many, and its last rate is above base_lr. It ends before the step "
        "warmup_steps: step < warmup_steps.",
        climbs="step <= warmup_steps and warmup_steps > 0",
    ),
    slip(
        "warm_up_times_cosine",
        "You multiply the cosine by the warm-up, so the rate falls while it should climb. First the warm-up "
        "alone, then the cosine alone.",
        warm="base_lr * (step + 1) / warmup_steps * 0.5 * (1 + math.cos(math.pi * step / (total_steps - 1)))",
        q="step / max(1, total_steps - 1)",
    ),
    slip(
        "warm_up_is_a_cosine",
        "Your warm-up follows a cosine. It climbs in equal steps: base_lr * (step + 1) / warmup_steps.",
        warm="base_lr * 0.5 * (1 - math.cos(math.pi * (step + 1) / warmup_steps))",
    ),
    slip(
        "warm_up_is_a_percentage",
        "You read warmup_steps as a percentage. It is a number of steps.",
        climbs="step < warmup_steps * total_steps / 100",
        warm="base_lr * (step + 1) / (warmup_steps * total_steps / 100)",
    ),
)
FORMULAS = (
    slip(
        "min_lr_ignored",
        "min_lr is not in your cosine, so it ends at 0. Write "
        "min_lr + 0.5 * (base_lr - min_lr) * (1 + cos(…)).",
        cosine="0.5 * base_lr * (1 + math.cos(math.pi * q))",
    ),
    slip(
        "min_lr_never_used",
        "You never use min_lr: the cosine ends at 0, and later steps stay there. Write "
        "min_lr + 0.5 * (base_lr - min_lr) * (1 + cos(…)), and min_lr for later steps.",
        cosine="0.5 * base_lr * (1 + math.cos(math.pi * q))",
        low="0.0",
    ),
    slip(
        "min_lr_as_a_floor",
        "You cut the cosine off at min_lr. It should be squeezed to end there: "
        "min_lr + 0.5 * (base_lr - min_lr) * (1 + cos(…)).",
        cosine="max(min_lr, 0.5 * base_lr * (1 + math.cos(math.pi * q)))",
    ),
    slip(
        "min_lr_added",
        "You add min_lr to a cosine from base_lr, so it begins above base_lr. Multiply by base_lr - min_lr "
        "instead.",
        cosine="min_lr + 0.5 * base_lr * (1 + math.cos(math.pi * q))",
    ),
    slip(
        "min_lr_not_added",
        "You subtract min_lr, but do not add it again: the cosine ends at 0. Begin with min_lr + ….",
        cosine="0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * q))",
    ),
    slip(
        "sum_instead_of_difference",
        "You multiply by base_lr + min_lr. It is the difference that the cosine runs through: "
        "base_lr - min_lr.",
        cosine="min_lr + 0.5 * (base_lr + min_lr) * (1 + math.cos(math.pi * q))",
    ),
    slip(
        "difference_turned_round",
        "You multiply by min_lr - base_lr, so the rate falls below min_lr. Write base_lr - min_lr.",
        cosine="min_lr + 0.5 * (min_lr - base_lr) * (1 + math.cos(math.pi * q))",
    ),
    slip(
        "linear",
        "You fall in a straight line. It agrees with the cosine at both ends and in the middle, but not at a "
        "quarter. Use 0.5 * (1 + math.cos(math.pi * q)).",
        cosine="base_lr - (base_lr - min_lr) * q",
    ),
    slip(
        "degrees",
        "math.cos wants radians: half a turn is math.pi, and not 180.",
        cosine="min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(180 * q))",
    ),
    slip(
        "half_missing",
        "1 + cos runs from 2 to 0, so your cosine begins at twice the height. Multiply by 0.5.",
        cosine="min_lr + (base_lr - min_lr) * (1 + math.cos(math.pi * q))",
    ),
    slip(
        "a_quarter_of_a_cosine",
        "You use cos(½πq) alone, a quarter of a turn, which falls late and fast. Half a turn is asked for: "
        "0.5 * (1 + math.cos(math.pi * q)).",
        cosine="min_lr + (base_lr - min_lr) * math.cos(math.pi / 2 * q)",
    ),
    slip(
        "no_one_added",
        "cos(πq) runs from 1 to -1, so half of your rates are too low. Add 1 before you halve.",
        cosine="min_lr + 0.5 * (base_lr - min_lr) * math.cos(math.pi * q)",
    ),
    slip(
        "pi_missing",
        "Half a turn is π: without math.pi your cosine stops half-way. Write math.cos(math.pi * q).",
        cosine="min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(q))",
    ),
    slip(
        "a_whole_turn",
        "2π is a whole turn, so your rate comes back to base_lr. Half a turn is math.pi * q.",
        cosine="min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(2 * math.pi * q))",
    ),
    slip(
        "rises",
        CLIMBS,
        cosine="min_lr + 0.5 * (base_lr - min_lr) * (1 - math.cos(math.pi * q))",
    ),
    slip(
        "turned_round",
        CLIMBS,
        q="(total_steps - 1 - step) / max(1, total_steps - 1 - warmup_steps)",
    ),
    slip(
        "size_of_a_cosine",
        "You take the size of the cosine, which climbs again from the middle on. Add 1 and halve: "
        "0.5 * (1 + math.cos(math.pi * q)).",
        cosine="min_lr + (base_lr - min_lr) * abs(math.cos(math.pi * q))",
    ),
    slip(
        "two_levels",
        "Your rate makes one step down. A cosine falls smoothly: 0.5 * (1 + math.cos(math.pi * q)).",
        cosine="base_lr if q < 0.5 else 0.1 * base_lr",
    ),
    slip(
        "sine",
        "You use the sine, which begins at 0 and comes back to it. Write math.cos.",
        cosine="min_lr + 0.5 * (base_lr - min_lr) * (1 + math.sin(math.pi * q))",
    ),
    slip(
        "bracket_missing",
        "The bracket around 1 + cos is missing, so the cosine is not multiplied by the rates. Write "
        "(1 + math.cos(…)).",
        cosine="min_lr + 0.5 * (base_lr - min_lr) * 1 + math.cos(math.pi * q)",
    ),
    slip(
        "exponential",
        "You fall exponentially, by the same factor in each step. A cosine is asked for: "
        "0.5 * (1 + math.cos(math.pi * q)).",
        cosine="base_lr * (max(min_lr, 1e-8) / base_lr) ** q",
    ),
    slip(
        "a_factor_instead_of_a_rate",
        "You return a factor between 0 and 1, as LambdaLR wants it. The rate is asked for: multiply by "
        "base_lr.",
        warm="(step + 1) / warmup_steps",
        low="min_lr / base_lr",
        cosine="(min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * q))) / base_lr",
    ),
)
