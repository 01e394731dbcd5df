"""Typical mistakes in bce_with_logits around the formula: float32, shapes, gradients."""

from autograder.model import Mistake

TOO_SMALL = (
    "Clipping at {limit} is a habit from float64. In float32, 1 - {limit} is exactly 1, so log(1 - p) is "
    "still -inf. Print 1 - torch.tensor({limit}). Work with the logits instead of clipping the "
    "probabilities."
)
CAPPED = (
    "Clipping the probability keeps the loss finite but wrong: it is capped, and its gradient there is 0, "
    "so the worst answers teach nothing. A logit of 200 with target 0 should cost 200. Work with the "
    "logits."
)
CUT = (
    "Clipping the logits avoids the overflow, but a logit of 200 on target 0 should cost 200, and "
    "beyond the limit the gradient is 0. Choose a form that needs no clipping."
)
INSIDE = (
    "log(p + {eps}) hides the inf but caps the loss. A logit of 200 with target 0 should cost 200. Work with "
    "the logits instead of the probabilities."
)
PLAIN = "-(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()"
SAFE = "torch.clamp(z, min=0) - t * z + torch.log1p(torch.exp(-z.abs()))"


def _lines(name: str, sentence: str, *lines: str) -> Mistake:
    """Return a mistake that names its arguments z and t and then does these lines."""
    body = "\n    ".join(("z, t = logits, targets", *lines))
    return Mistake(
        "bce_with_logits", name, sentence, f"\ndef bce_with_logits(logits, targets):\n    {body}\n"
    )


def _clipped(limit: str, sentence: str) -> Mistake:
    """Return the mistake of clipping at `limit`. Below 6e-8 float32 cannot tell 1 - limit from 1."""
    clipped = f"p = torch.sigmoid(z).clamp({limit}, 1 - {limit})"
    return _lines(f"clipped_at_{limit}", sentence.format(limit=limit), clipped, f"return {PLAIN}")


def _inside_the_log(eps: str) -> Mistake:
    cost = f"-(t * torch.log(p + {eps}) + (1 - t) * torch.log(1 - p + {eps}))"
    sentence = INSIDE.format(eps=eps)
    return _lines(f"{eps}_inside_the_log", sentence, "p = torch.sigmoid(z)", f"return ({cost}).mean()")


FLOATS = (
    _lines(
        "sigmoid_then_log",
        "The formula is right on paper, but in float32 sigmoid(200) is exactly 1, log(1 - 1) is -inf, and "
        "0·inf is nan. Try it with the logits 200 and -200. Put the log and the sigmoid together: -log "
        "sigmoid(z) = softplus(-z).",
        "p = torch.sigmoid(z)",
        f"return {PLAIN}",
    ),
    _lines(
        "sigmoid_then_log_of_the_chosen_one",
        "The formula is right on paper, but in float32 sigmoid(200) is exactly 1, and log(1 - 1) is -inf. "
        "And choosing one probability does not work for soft targets. Weigh softplus(-z) with the target "
        "and softplus(z) with 1 - target.",
        "p = torch.sigmoid(z)",
        "return -torch.log(torch.where(t == 1, p, 1 - p)).mean()",
    ),
    _lines(
        "log_of_the_mixed_probability",
        "You mix p and 1 - p first and take the logarithm afterwards. For targets 0 and 1 that is the same, "
        "for soft targets it is not; and log(0) is -inf for far logits. Take the two logarithms, then mix "
        "them.",
        "p = torch.sigmoid(z)",
        "return -torch.log(t * p + (1 - t) * (1 - p)).mean()",
    ),
    *(_clipped(limit, TOO_SMALL) for limit in ("1e-15", "1e-12", "1e-10", "1e-9", "1e-8")),
    *(_clipped(limit, CAPPED) for limit in ("1e-7", "1e-6", "1e-5", "1e-4", "1e-3")),
    *(_inside_the_log(eps) for eps in ("1e-15", "1e-12", "1e-10", "1e-9", "1e-8", "1e-7", "1e-6", "1e-5")),
    *(
        _lines(
            f"logits_clipped_at_{limit}", CUT, f"z = z.clamp(-{limit}, {limit})", f"return ({SAFE}).mean()"
        )
        for limit in (10, 15, 20, 30, 50, 80, 88, 100)
    ),
    _lines(
        "logarithm_clipped_at_100",
        "Cutting the logarithm at -100 hides the inf, but in float32 sigmoid(200) is exactly 1 and its true "
        "cost, 200, is lost, and the gradient there is 0. Work with the logits themselves.",
        "p = torch.sigmoid(z)",
        "first, second = torch.log(p).clamp(min=-100), torch.log(1 - p).clamp(min=-100)",
        "return -(t * first + (1 - t) * second).mean()",
    ),
    _lines(
        "nan_hidden",
        "nan_to_num only hides what float32 lost: the cost of 200 is replaced by a huge number or by 0. "
        "Keep inf and nan from arising: max(z, 0) + log(1 + exp(-|z|)) never overflows.",
        "p = torch.sigmoid(z)",
        "return torch.nan_to_num(-(t * torch.log(p) + (1 - t) * torch.log(1 - p))).mean()",
    ),
    _lines(
        "only_finite_costs",
        "You average only the costs that are finite, so the worst answers, which float32 turned into inf, "
        "count for nothing. Keep inf from arising: max(z, 0) + log(1 + exp(-|z|)) never overflows.",
        "p = torch.sigmoid(z)",
        "cost = -(t * torch.log(p) + (1 - t) * torch.log(1 - p))",
        "return cost[torch.isfinite(cost)].mean()",
    ),
    _lines(
        "computed_in_double",
        "float64 only moves the limit: sigmoid(200) is exactly 1 there, too, and log(1 - 1) is -inf. Put "
        "log and sigmoid together: max(z, 0) - target * z + log(1 + exp(-|z|)) needs no more digits.",
        "p = torch.sigmoid(z.double())",
        f"return ({PLAIN}).float()",
    ),
    _lines(
        "no_sigmoid",
        "You take the log of the logits themselves, as if they were probabilities; a negative logit gives "
        "nan. Logits may be any number. Start from sigmoid(logits), then find the stable form.",
        "return -(t * torch.log(z) + (1 - t) * torch.log(1 - z)).mean()",
    ),
    _lines(
        "softmax_instead_of_sigmoid",
        "softmax makes the answers of a batch compete with each other. Each logit stands for a yes or no of "
        "its own: use the sigmoid, then find the stable form.",
        "p = torch.softmax(z, dim=-1)",
        f"return {PLAIN}",
    ),
    _lines(
        "exp_overflows",
        "log(1 + exp(z)) is the right idea, but exp(200) is inf in float32. Take the larger of z and 0 "
        "out of the log first: max(z, 0) + log(1 + exp(-|z|)). torch's softplus does this.",
        "return (torch.log(1 + torch.exp(z)) - t * z).mean()",
    ),
    _lines(
        "exp_of_minus_z_overflows",
        "log(1 + exp(-z)) is the right idea, but exp(200) is inf in float32, and z = -200 gives just "
        "that. Take the larger part out of the log first: max(z, 0) + log(1 + exp(-|z|)). torch's "
        "softplus does this.",
        "return (torch.log(1 + torch.exp(-z)) + (1 - t) * z).mean()",
    ),
    _lines(
        "both_exps_overflow",
        "log(1 + exp(-z)) and log(1 + exp(z)) are the right two halves, but one of them always overflows "
        "for a far logit, and 0·inf is nan. Use softplus(-z) and softplus(z), or max(z, 0) + log(1 + "
        "exp(-|z|)).",
        "return (t * torch.log(1 + torch.exp(-z)) + (1 - t) * torch.log(1 + torch.exp(z))).mean()",
    ),
    _lines(
        "overflow_in_the_other_branch",
        "The loss is right, but its gradient at ±200 is nan: torch.where also computes the branch that it "
        "does not choose, exp overflows there, and 0·inf is nan on the way back. Use exp(-|z|), which "
        "cannot overflow.",
        "cost = torch.where(z > 0, z + torch.log1p(torch.exp(-z)), torch.log1p(torch.exp(z)))",
        "return (cost - t * z).mean()",
    ),
)

ENDS = (
    _lines(
        "two_means_added",
        "You average the costs of target 1 and of target 0 separately and add them, so the rarer kind "
        "counts for more, and soft targets belong to neither. Take one mean over all answers.",
        f"cost = {SAFE}",
        "return sum(cost[t == kind].mean() for kind in (0, 1) if (t == kind).any()) + 0.0 * z.sum()",
    ),
    _lines(
        "divided_by_the_targets_of_1",
        "You divide by the number of targets that are 1. The mean divides by the number of all answers: use "
        ".mean().",
        f"return ({SAFE}).sum() / t.sum()",
    ),
    _lines(
        "divided_by_one_less",
        "You divide by n - 1, as for a variance. The mean divides by n: use .mean().",
        f"return ({SAFE}).sum() / (z.numel() - 1)",
    ),
    _lines(
        "mean_over_one_axis",
        "mean(dim=0) averages over the rows only: a table gives one number a column. Use .mean() without "
        "an axis.",
        f"return ({SAFE}).mean(dim=0)",
    ),
    _lines(
        "mean_over_the_second_axis",
        "mean(dim=1) needs a table, and gives one number a row instead of one number. Use .mean() without an "
        "axis: then any shape will do.",
        f"return ({SAFE}).mean(dim=1)",
    ),
    _lines(
        "mean_over_the_last_axis",
        "mean(-1) averages over the last axis only: of a table, one number a row comes back. Use .mean() "
        "without an axis.",
        f"return ({SAFE}).mean(-1)",
    ),
    _lines(
        "divided_by_the_rows",
        "len(logits) counts the rows of a table, not its elements, so a table costs too much. Divide by "
        "logits.numel(), or use .mean().",
        f"return ({SAFE}).sum() / len(z)",
    ),
    _lines(
        "loop_over_rows",
        "Your loop takes the first axis apart: of a table it yields whole rows, and `if` or max cannot "
        "decide on a row. Loop over logits.flatten() and targets.flatten(), or use torch.clamp.",
        "costs = [max(a, 0 * a) - b * a + torch.log1p(torch.exp(-abs(a))) for a, b in zip(z, t)]",
        "return sum(costs) / len(costs)",
    ),
    _lines(
        "plain_float",
        "The number is right, but .item() (or float()) cuts the gradient: loss.backward() cannot work. "
        "Return the tensor itself.",
        f"return ({SAFE}).mean().item()",
    ),
    _lines(
        "detached",
        "The number is right, but .detach() (or .data, or torch.no_grad) separates it from the logits, so no "
        "gradient reaches the model and it would never learn. Leave it out.",
        f"return ({SAFE}).mean().detach()",
    ),
    _lines(
        "new_tensor",
        "torch.tensor(…) makes a new tensor that knows nothing of the logits, with requires_grad=True as "
        "well, so no gradient reaches them. Return the computed tensor itself.",
        f"return torch.tensor(({SAFE}).mean().item(), requires_grad=True)",
    ),
    _lines(
        "computed_in_numpy",
        "The numbers are right, but .numpy() refuses tensors that need a gradient, so no model can be "
        "trained with it. Use the torch functions of the same names: torch.exp, torch.log1p.",
        "z, t = z.numpy(), t.numpy()",
        "return (np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z)))).mean()",
    ),
)


def _overflowing(mistake: Mistake) -> Mistake:
    """Return a mistake as it looks with the logarithm of the sigmoid, which float32 turns into inf."""
    source = mistake.source.replace("z, t = ", "p = torch.sigmoid(logits)\n    z, t = ")
    sentence = f"{mistake.sentence} And log(sigmoid) is -inf for far logits: find the stable form."
    plain = PLAIN.removesuffix(".mean()")
    return Mistake(
        "bce_with_logits",
        f"{mistake.name}, and overflow",
        sentence,
        source.replace(f"({SAFE})", f"({plain})"),
    )


OFTEN = ("plain_float", "detached", "mean_over_one_axis", "mean_over_the_last_axis", "divided_by_the_rows")
TOGETHER = tuple(_overflowing(mistake) for mistake in ENDS if mistake.name in OFTEN)
