"""Typical mistakes in the formula of bce_with_logits: what one answer costs, and the mean."""

from autograder.model import Mistake


def _cost(name: str, sentence: str, cost: str, end: str = "cost.mean()") -> Mistake:
    """Return a mistake that computes `cost` with the logits z and the targets t, and returns `end`.

    Everything in it is safe for large logits: other mistakes are about those.
    """
    source = f"""
def bce_with_logits(logits, targets):
    z, t, softplus = logits, targets, torch.nn.functional.softplus
    cost = {cost}
    return {end}
"""
    return Mistake("bce_with_logits", name, sentence, source)


RIGHT = "t * softplus(-z) + (1 - t) * softplus(z)"

COSTS = (
    _cost(
        "minus_forgotten",
        "The logarithm of a probability is negative, so the loss needs a minus in front. Yours rewards "
        "wrong answers: compare a good with a poor prediction.",
        "-t * softplus(-z) - (1 - t) * softplus(z)",
    ),
    _cost(
        "only_targets_of_1",
        "Only answers with target 1 cost something; a confident wrong answer on target 0 is free. Try "
        "logit 5 with target 0. Add the second half, (1 - target) times -log(1 - p).",
        "t * softplus(-z)",
    ),
    _cost(
        "only_targets_of_0",
        "Only answers with target 0 cost something; a confident wrong answer on target 1 is free. Try "
        "logit -5 with target 1. Add the first half, target times -log p.",
        "(1 - t) * softplus(z)",
    ),
    _cost(
        "both_halves_for_every_answer",
        "You charge both -log p and -log(1 - p) for every answer. Weigh the first with the target and the "
        "second with 1 - target.",
        "softplus(-z) + softplus(z)",
    ),
    _cost(
        "targets_left_out",
        "The targets play no part in your formula. Target 1 costs -log p, target 0 costs -log(1 - p): "
        "subtract target * logit from softplus(logit).",
        "softplus(z)",
    ),
    _cost(
        "targets_left_out_of_softplus_of_minus_z",
        "Your formula always charges -log p, as if every target were 1. Target 0 costs -log(1 - p): weigh "
        "the two halves with target and 1 - target.",
        "softplus(-z)",
    ),
    _cost(
        "halves_exchanged",
        "The two halves have changed places: target 1 is charged -log(1 - p) and target 0 -log p, so wrong "
        "answers are rewarded. Weigh -log p with the target.",
        "t * softplus(z) + (1 - t) * softplus(-z)",
    ),
    _cost(
        "minus_only_in_the_first_half",
        "The minus stands only in front of the first half, so answers with target 0 lower the loss the more "
        "wrong they are. Put brackets round both halves: -(first + second).",
        "t * softplus(-z) - (1 - t) * softplus(z)",
    ),
    _cost(
        "both_halves_weighed_with_the_target",
        "Both halves are weighed with the target, so target 0 costs nothing. Weigh -log(1 - p) with 1 - "
        "target.",
        "t * softplus(-z) + t * softplus(z)",
    ),
    _cost(
        "halves_of_a_soft_target_left_out",
        "Targets that are neither 0 nor 1 cost nothing in your function. Weigh the two halves with target "
        "and 1 - target: no condition is needed.",
        "(t == 1) * softplus(-z) + (t == 0) * softplus(z)",
    ),
    _cost(
        "targets_rounded",
        "You treat every target above ½ as a 1, so soft targets such as 0.7 lose their meaning. Weigh the "
        "two costs with target and 1 - target instead of choosing one.",
        "torch.where(t > 0.5, softplus(-z), softplus(z))",
    ),
    _cost(
        "targets_rounded_up_at_one_half",
        "You treat every target from ½ on as a 1, so soft targets such as 0.7 lose their meaning. Weigh the "
        "two costs with target and 1 - target instead of choosing one.",
        "torch.where(t >= 0.5, softplus(-z), softplus(z))",
    ),
    _cost(
        "targets_of_1_or_nothing",
        "Only a target of exactly 1 counts as a 1, every other one as a 0, so a soft target such as 0.7 "
        "loses its meaning. Weigh the two costs with target and 1 - target instead of choosing one.",
        "torch.where(t == 1, softplus(-z), softplus(z))",
    ),
    _cost(
        "targets_of_0_or_nothing",
        "Only a target of exactly 0 counts as a 0, every other one as a 1, so a soft target such as 0.3 "
        "loses its meaning. Weigh the two costs with target and 1 - target instead of choosing one.",
        "torch.where(t == 0, softplus(z), softplus(-z))",
    ),
    _cost(
        "targets_made_signs",
        "You turn the targets into -1 and 1 and put them into the log. For 0 and 1 that is right, for soft "
        "targets such as 0.7 it is not. Weigh the two costs with target and 1 - target.",
        "softplus(-z * (2 * t - 1))",
    ),
    _cost(
        "sigmoid_twice",
        "The sigmoid is applied twice: once by you and once in the formula for logits. All "
        "probabilities then lie between 0.5 and 0.73. Put the logits themselves into the formula.",
        "softplus(torch.sigmoid(z)) - t * torch.sigmoid(z)",
    ),
    _cost(
        "arguments_swapped",
        "The arguments have changed places: the targets are used as logits. The predictions come first, then "
        "the targets.",
        "softplus(t) - z * t",
    ),
    _cost(
        "product_added",
        "target * logit is subtracted, not added: a high logit makes target 1 cheap. Write softplus(logit) - "
        "target * logit.",
        "softplus(z) + t * z",
    ),
    _cost(
        "target_instead_of_the_product",
        "You subtract the target where target * logit belongs. Try a logit of 2 with target 1: it costs "
        "0.1269.",
        "softplus(z) - t",
    ),
    _cost(
        "absolute_value_forgotten",
        "In max(z, 0) + ln(1 + e^-|z|) you left out the absolute value, so every negative logit costs too "
        "much, and e to a large number is inf. Use torch.exp(-logits.abs()).",
        "z.clamp(min=0) - t * z + torch.log1p(torch.exp(-z))",
    ),
    _cost(
        "minus_of_the_absolute_value_forgotten",
        "In max(z, 0) + ln(1 + e^-|z|) the minus in the exponent is missing, so e to a large number is inf. "
        "Use torch.exp(-logits.abs()).",
        "z.clamp(min=0) - t * z + torch.log1p(torch.exp(z.abs()))",
    ),
    _cost(
        "absolute_value_instead_of_max",
        "You start from |z| where max(z, 0) belongs, so every negative logit costs too much. Use "
        "logits.clamp(min=0).",
        "z.abs() - t * z + torch.log1p(torch.exp(-z.abs()))",
    ),
    _cost(
        "max_forgotten",
        "You take ln(1 + e^-|z|) and leave out max(z, 0), so positive logits cost too little, even less than "
        "0. Add logits.clamp(min=0).",
        "-t * z + torch.log1p(torch.exp(-z.abs()))",
    ),
    _cost(
        "logarithm_forgotten",
        "You leave out the small part, ln(1 + e^-|z|): near a logit of 0 it is what counts. A logit of 0 "
        "costs ln 2, whatever the target.",
        "z.clamp(min=0) - t * z",
    ),
    _cost(
        "log1p_of_one_more",
        "log1p(a) is already ln(1 + a). You add another 1 inside, which makes ln(2 + a). A logit of 0 costs "
        "ln 2 = 0.6931.",
        "z.clamp(min=0) - t * z + torch.log1p(1 + torch.exp(-z.abs()))",
    ),
    _cost(
        "largest_of_the_batch",
        "logits.max() is one number, the largest of the batch. Each logit needs its own max(z, 0): use "
        "logits.clamp(min=0).",
        "z.max() - t * z + torch.log1p(torch.exp(-z.abs()))",
    ),
    _cost(
        "logarithm_to_base_2",
        "You use the logarithm to base 2. Here ln is meant, the natural logarithm: torch.log. A logit of 0 "
        "costs 0.6931.",
        f"({RIGHT}) / math.log(2)",
    ),
    _cost(
        "logarithm_to_base_10",
        "You use the logarithm to base 10. Here ln is meant, the natural logarithm: torch.log. A logit of 0 "
        "costs 0.6931.",
        f"({RIGHT}) / math.log(10)",
    ),
    _cost(
        "squared_error_of_the_probability",
        "You square the difference of probability and target. The cost is the logarithm: target 1 costs "
        "-ln p, target 0 costs -ln(1 - p).",
        "(torch.sigmoid(z) - t) ** 2",
    ),
    _cost(
        "squared_error_of_the_logit",
        "You square the difference of logit and target: this is the MSE. Target 1 costs -ln p, target 0 "
        "costs -ln(1 - p), with p = sigmoid(logit).",
        "(z - t) ** 2",
    ),
    _cost(
        "distance_of_the_probability",
        "You take the size of probability minus target. The cost is the logarithm: target 1 costs -ln p, "
        "target 0 costs -ln(1 - p), so that a sure and wrong answer costs much more than an unsure one.",
        "(torch.sigmoid(z) - t).abs()",
    ),
    _cost(
        "share_of_wrong_answers",
        "You count wrong answers. That is flat almost everywhere, so it has no gradient to learn from. Use "
        "minus the logarithm of the probability given to the truth.",
        "((z > 0).float() != t).float()",
    ),
    _cost(
        "log_of_the_mean_probability",
        "You average the probabilities given to the truth and take the logarithm afterwards. Take the "
        "logarithm of each first, then the mean: the two are not the same.",
        "t * torch.sigmoid(z) + (1 - t) * torch.sigmoid(-z)",
        "-torch.log(cost.mean())",
    ),
    _cost(
        "sum_instead_of_mean",
        "You add up the costs where the mean is asked for, so the loss grows with the size of the batch. "
        "Use .mean() instead of .sum().",
        RIGHT,
        "cost.sum()",
    ),
    _cost(
        "not_averaged",
        "You return one cost for each answer. A loss is one number: add .mean() at the end.",
        RIGHT,
        "cost",
    ),
    _cost(
        "halved",
        "You divide by 2 as well, as if the two halves were averaged. Each answer costs the sum of its two "
        "halves, only the answers are averaged.",
        f"0.5 * ({RIGHT})",
    ),
    _cost(
        "largest_cost",
        "You return the largest cost. The mean of all costs is asked for: use .mean().",
        RIGHT,
        "cost.max()",
    ),
    _cost(
        "first_answer_only",
        "Only the first answer counts. A `return` inside a loop ends the function at once: add up all costs, "
        "and return their mean after the loop.",
        RIGHT,
        "cost.flatten()[0]",
    ),
    _cost(
        "last_answer_only",
        "Only the last answer counts. Inside a loop write total = total + cost, not total = cost, and divide "
        "by the number of answers at the end.",
        RIGHT,
        "cost.flatten()[-1]",
    ),
)


def _overflowing(mistake: Mistake) -> Mistake:
    """Return a mistake as it looks with the logarithm of the sigmoid, which float32 turns into inf."""
    naive = "lambda x: -torch.log(1 - p if x is z else p)"
    source = mistake.source.replace("torch.nn.functional.softplus", naive)
    source = source.replace("    z, t,", "    p = torch.sigmoid(logits)\n    z, t,")
    sentence = f"{mistake.sentence} And log(sigmoid) is -inf for far logits: find the stable form afterwards."
    return Mistake("bce_with_logits", f"{mistake.name}, and overflow", sentence, source)


OFTEN = (
    *("minus_forgotten", "only_targets_of_1", "only_targets_of_0", "halves_exchanged"),
    *("minus_only_in_the_first_half", "halves_of_a_soft_target_left_out", "targets_rounded"),
    *(
        "sum_instead_of_mean",
        "not_averaged",
        "halved",
        "logarithm_to_base_2",
        "first_answer_only",
        "last_answer_only",
    ),
)
TOGETHER = tuple(_overflowing(mistake) for mistake in COSTS if mistake.name in OFTEN)
