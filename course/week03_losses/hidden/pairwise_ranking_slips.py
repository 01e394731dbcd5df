"""Typical mistakes in pairwise_ranking around the formula: no pair at all, gradients, ready-made losses."""

from autograder.model import Mistake

TABLES = "gaps, better = scores[:, None] - scores[None, :], relevance[:, None] > relevance[None, :]"
FEW = "if not better.any(): return torch.tensor(0.0)"
MEAN = "torch.relu(margin - gaps)[better].mean()"
TWO = "i, j = torch.triu_indices(len(scores), len(scores), offset=1)"
PAIRS = "i, j = torch.nonzero(relevance[:, None] > relevance[None, :], as_tuple=True)"


def _lines(name: str, sentence: str, *lines: str, head: str = "margin=1.0") -> Mistake:
    body = "\n    ".join(lines)
    source = f"\ndef pairwise_ranking(scores, relevance, {head}):\n    {body}\n"
    return Mistake("pairwise_ranking", name, sentence, source)


NO_PAIR = (
    _lines(
        "nan_without_pairs",
        "If no two items differ in relevance there is nothing to average, and the mean of nothing is nan: "
        "one such batch spoils the whole model. Return 0 in this case.",
        TABLES,
        f"return {MEAN}",
    ),
    _lines(
        "division_by_zero_pairs",
        "If no two items differ in relevance you divide by 0. Count the pairs first, and return 0 when "
        "there are none.",
        "total, count = 0, 0",
        "for i in range(len(scores)):",
        "    for j in range(len(scores)):",
        "        if relevance[i] > relevance[j]:",
        "            total, count = total + torch.relu(margin - (scores[i] - scores[j])), count + 1",
        "return total / count",
    ),
    _lines(
        "nothing_to_stack",
        "If no two items differ in relevance your list of costs is empty, and torch.stack refuses an "
        "empty list. Return 0 in this case.",
        "places = range(len(scores))",
        "pairs = [(i, j) for i in places for j in places if relevance[i] > relevance[j]]",
        "return torch.stack([torch.relu(margin - (scores[i] - scores[j])) for i, j in pairs]).mean()",
    ),
    _lines(
        "none_without_pairs",
        "If no two items differ in relevance your function ends without a `return`, so None comes back. "
        "Return 0 in this case.",
        TABLES,
        f"if better.any(): return {MEAN}",
    ),
    _lines(
        "margin_without_pairs",
        "If no two items differ in relevance you return the margin. No pair means no cost: return 0.",
        TABLES,
        f"return {MEAN} if better.any() else torch.tensor(float(margin))",
    ),
    _lines(
        "a_single_item_fails",
        "Your answer is right for two items or more, but a single item, which makes no pair, raises an "
        "error. Return 0 if there is no pair at all.",
        TABLES,
        FEW.replace("torch.tensor(0.0)", "0.0 * scores[1]"),
        f"return {MEAN}",
    ),
)

SIGNS = (
    _lines(
        "only_neighbours_in_relevance",
        "You sort by relevance and compare each item only with the next one. Four items with four "
        "relevances make six pairs: print how many you use. Run over all pairs.",
        "order = torch.argsort(relevance, descending=True)",
        "s, r = scores[order], relevance[order]",
        "costs = [torch.relu(margin - (s[k] - s[k + 1])) for k in range(len(s) - 1) if r[k] > r[k + 1]]",
        "return torch.stack(costs).mean() if costs else torch.tensor(0.0)",
    ),
    _lines(
        "places_by_relevance",
        "You sort by relevance and then compare every item with all that follow, ties included. Items of "
        "equal relevance make no pair: ask for relevance[i] > relevance[j], too.",
        "s = scores[torch.argsort(relevance, descending=True, stable=True)]",
        "pairs = [(k, m) for k in range(len(s)) for m in range(k + 1, len(s))]",
        "costs = [torch.relu(margin - (s[k] - s[m])) for k, m in pairs]",
        "return torch.stack(costs).mean() if costs else torch.tensor(0.0)",
    ),
    _lines(
        "ties_charged_the_margin",
        "The sign of a tie is 0, and margin - 0 is the margin: your ties cost something and count in the "
        "mean. Leave out the pairs whose sign is 0.",
        TWO,
        "sign = torch.sign(relevance[i].double() - relevance[j].double()).float()",
        "costs = torch.relu(margin - sign * (scores[i] - scores[j]))",
        "return costs.mean() if len(costs) else torch.tensor(0.0)",
    ),
    _lines(
        "ties_given_an_order",
        "What is not larger you take as smaller, so of two items of equal relevance the second should be "
        "first. A tie makes no pair: leave it out.",
        TWO,
        "sign = torch.where(relevance[i] > relevance[j], 1.0, -1.0)",
        "costs = torch.relu(margin - sign * (scores[i] - scores[j]))",
        "return costs.mean() if len(costs) else torch.tensor(0.0)",
    ),
)

AROUND = (
    _lines(
        "nothing_returned",
        "Your function computes the costs and ends without `return`, so None comes back. Return the mean.",
        TABLES,
        f"loss = {MEAN}",
    ),
    _lines(
        "plain_float",
        "The number is right, but .item() (or float()) cuts the gradient: loss.backward() cannot work. "
        "Keep tensors from start to end.",
        TABLES,
        f"return {MEAN}.item() if better.any() else 0.0",
    ),
    _lines(
        "detached",
        "The number is right, but .detach() (or .data, or torch.no_grad) separates it from the scores, so "
        "no gradient reaches the model and it would never learn. Leave it out.",
        TABLES,
        FEW,
        f"return {MEAN}.detach()",
    ),
    _lines(
        "new_tensor",
        "torch.tensor(…) makes a new tensor that knows nothing of the scores, with requires_grad=True as "
        "well, so no gradient reaches them. Return the computed tensor itself.",
        TABLES,
        FEW,
        f"return torch.tensor({MEAN}.item(), requires_grad=True)",
    ),
    _lines(
        "computed_in_numpy",
        "The numbers are right, but .numpy() refuses tensors that need a gradient, so no model can be "
        "trained with it. Use the torch functions of the same names.",
        "s, r = scores.numpy(), relevance.numpy()",
        "better = r[:, None] > r[None, :]",
        "return np.maximum(0, margin - (s[:, None] - s[None, :]))[better].mean() if better.any() else 0.0",
    ),
    _lines(
        "scores_changed",
        "scores -= … writes into the tensor that you were given: the caller's scores are changed, and "
        "autograd refuses. Give the result a new name.",
        "scores -= scores.mean()",
        TABLES,
        FEW,
        f"return {MEAN}",
    ),
    _lines(
        "lists_sorted_in_place",
        "You sort the arguments in place, so the caller finds scores and relevance in another order. "
        "Sorting is not needed: compare every two items. If you like to sort, give the results new names.",
        "order = relevance.argsort(descending=True)",
        "scores[:], relevance[:] = scores[order].clone(), relevance[order].clone()",
        TABLES,
        FEW,
        f"return {MEAN}",
    ),
    _lines(
        "ready_made_loss",
        "The number is right, but this exercise is about writing the loss yourself: with a ready-made loss "
        "you keep half of the marks. Write max(0, margin - gap) for each pair.",
        PAIRS,
        "if len(i) == 0: return torch.tensor(0.0)",
        "return F.margin_ranking_loss(scores[i], scores[j], torch.ones(len(i)), margin=margin)",
    ),
    _lines(
        "ready_made_loss_of_every_two_items",
        "The sign of a difference is 0 for a tie, so margin_ranking_loss charges the margin for it; and for "
        "uint8 the difference wraps around. Write max(0, margin - gap) yourself, for the pairs with "
        "different relevance.",
        TWO,
        "sign = torch.sign(relevance[i] - relevance[j])",
        "return F.margin_ranking_loss(scores[i], scores[j], sign, margin=margin)",
    ),
    _lines(
        "argument_renamed",
        "The third argument has another name than margin, so margin=2.0 fails. Keep the first line as it "
        "was given: def pairwise_ranking(scores, relevance, margin=1.0).",
        "margin = m",
        TABLES,
        FEW,
        f"return {MEAN}",
        head="m=1.0",
    ),
    _lines(
        "default_lost",
        "The default of margin is gone, so pairwise_ranking(scores, relevance) fails. Keep the first line "
        "as it was given: def pairwise_ranking(scores, relevance, margin=1.0).",
        TABLES,
        FEW,
        f"return {MEAN}",
        head="margin",
    ),
    _lines(
        "default_changed",
        "The default of margin is no longer 1.0, so pairwise_ranking(scores, relevance) answers for another "
        "margin. Keep the first line as it was given: def pairwise_ranking(scores, relevance, margin=1.0).",
        TABLES,
        FEW,
        f"return {MEAN}",
        head="margin=0.0",
    ),
)
