"""Typical mistakes in pairwise_ranking, and right answers that are written differently."""

from autograder.model import Mistake, Variant

MISTAKES = (
    Mistake(
        "pairwise_ranking",
        "ties_make_pairs",
        "With >= two items of equal relevance count as a pair, in both directions, though neither should "
        "be first. Try two items of the same relevance: they make no pair. Use >.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    n = len(scores)
    costs = [torch.relu(margin - (scores[i] - scores[j])) for i in range(n) for j in range(n)
             if i != j and relevance[i] >= relevance[j]]
    return torch.stack(costs).mean() if costs else torch.tensor(0.0)
""",
    ),
    Mistake(
        "pairwise_ranking",
        "items_paired_with_themselves",
        "With >= on the whole table each item also meets itself, and such a pair always costs the margin. "
        "Use >, which leaves out the diagonal and the ties.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] >= relevance[None, :]
    return torch.relu(margin - (scores[:, None] - scores[None, :]))[pairs].mean()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "nan_without_pairs",
        "If no two items differ in relevance there is nothing to average, and the mean of nothing is nan: "
        "one such batch spoils the whole model. Return 0 in this case.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] > relevance[None, :]
    return torch.relu(margin - (scores[:, None] - scores[None, :]))[pairs].mean()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "division_by_zero_pairs",
        "If no two items differ in relevance you divide by 0. Count the pairs first, and return 0 when "
        "there are none.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    total, count = 0, 0
    for i in range(len(scores)):
        for j in range(len(scores)):
            if relevance[i] > relevance[j]:
                total, count = total + torch.relu(margin - (scores[i] - scores[j])), count + 1
    return total / count
""",
    ),
    Mistake(
        "pairwise_ranking",
        "sum_instead_of_mean",
        "You add up the costs of the pairs where the mean is asked for, so long lists cost more than "
        "short ones. Divide by the number of pairs.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] > relevance[None, :]
    return torch.relu(margin - (scores[:, None] - scores[None, :]))[pairs].sum()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "averaged_over_the_whole_table",
        "You set the entries without a pair to 0 and average over the whole n × n table, so these zeros "
        "pull the mean down. Divide by the number of pairs only.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = (relevance[:, None] > relevance[None, :]).float()
    return (pairs * torch.relu(margin - (scores[:, None] - scores[None, :]))).mean()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "ties_counted_in_the_mean",
        "Ties add nothing to your sum, but you still divide by all n(n - 1)/2 pairs of items. Divide by "
        "the number of pairs that differ in relevance.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs, n = relevance[:, None] > relevance[None, :], len(scores)
    return torch.relu(margin - (scores[:, None] - scores[None, :]))[pairs].sum() / max(n * (n - 1) / 2, 1)
""",
    ),
    Mistake(
        "pairwise_ranking",
        "wrong_direction",
        "The sign of the lead is wrong: your loss falls when the less relevant item moves ahead. A pair "
        "costs margin - (score of the more relevant item - score of the other).",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] > relevance[None, :]
    if not pairs.any():
        return torch.tensor(0.0)
    return torch.relu(margin + (scores[:, None] - scores[None, :]))[pairs].mean()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "margin_not_used",
        "Your margin is always 1, whatever the caller asks for. Compare the answers for margin=0.5 and "
        "margin=2. Use the argument.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] > relevance[None, :]
    if not pairs.any():
        return torch.tensor(0.0)
    return torch.relu(1 - (scores[:, None] - scores[None, :]))[pairs].mean()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "no_margin_at_all",
        "A pair in the right order is free in your loss, even with a hair's breadth of a lead. The lead "
        "should be at least the margin: that is why a perfect order can still cost 0.55. Add the margin "
        "before cutting at 0.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] > relevance[None, :]
    if not pairs.any():
        return torch.tensor(0.0)
    return torch.relu(-(scores[:, None] - scores[None, :]))[pairs].mean()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "not_cut_at_zero",
        "A lead wider than the margin gives a negative cost, so one easy pair pays for a wrong one. Cut "
        "each pair at 0, with torch.relu or clamp(min=0), before you average.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] > relevance[None, :]
    if not pairs.any():
        return torch.tensor(0.0)
    return (margin - (scores[:, None] - scores[None, :]))[pairs].mean()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "cut_after_the_mean",
        "You average first and cut at 0 afterwards, so one easy pair pays for a wrong one. Cut each pair "
        "at 0 first, then average.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] > relevance[None, :]
    if not pairs.any():
        return torch.tensor(0.0)
    return torch.relu((margin - (scores[:, None] - scores[None, :]))[pairs].mean())
""",
    ),
    Mistake(
        "pairwise_ranking",
        "only_neighbours",
        "You compare each item only with the next in the list. Four items with four relevances make six "
        "pairs: print how many you use. Run over all pairs i, j.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    costs = [torch.relu(margin - (scores[i] - scores[i + 1])) for i in range(len(scores) - 1)
             if relevance[i] > relevance[i + 1]]
    return torch.stack(costs).mean() if costs else torch.tensor(0.0)
""",
    ),
    Mistake(
        "pairwise_ranking",
        "list_taken_as_sorted",
        "You only look at pairs in which the more relevant item stands first in the list, as if the list "
        "were sorted. Shuffle the items: the answer should stay. Look at both orders of i and j.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    costs = [torch.relu(margin - (scores[i] - scores[j])) for i in range(len(scores))
             for j in range(i + 1, len(scores)) if relevance[i] > relevance[j]]
    return torch.stack(costs).mean() if costs else torch.tensor(0.0)
""",
    ),
    Mistake(
        "pairwise_ranking",
        "weighted_by_relevance",
        "You multiply each pair by how far the relevances lie apart. Only which of the two is larger "
        "counts here. Leave the factor out.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    apart = relevance[:, None] - relevance[None, :]
    if not (apart > 0).any():
        return torch.tensor(0.0)
    return (apart * torch.relu(margin - (scores[:, None] - scores[None, :])))[apart > 0].mean()
""",
    ),
    Mistake(
        "pairwise_ranking",
        "mean_over_costly_pairs",
        "You average only over pairs that cost something, so pairs that are already right do not lower "
        "the loss. Divide by the number of all pairs that differ in relevance.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    pairs = relevance[:, None] > relevance[None, :]
    costs = torch.relu(margin - (scores[:, None] - scores[None, :]))[pairs]
    return costs[costs > 0].mean() if (costs > 0).any() else torch.tensor(0.0)
""",
    ),
    Mistake(
        "pairwise_ranking",
        "plain_float",
        "The number is right, but .item() (or float()) cuts the gradient: loss.backward() cannot work. "
        "Keep tensors from start to end.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    costs = [max(0.0, margin - (scores[i].item() - scores[j].item())) for i in range(len(scores))
             for j in range(len(scores)) if relevance[i] > relevance[j]]
    return sum(costs) / len(costs) if costs else 0.0
""",
    ),
    Mistake(
        "pairwise_ranking",
        "nothing_to_stack",
        "If no two items differ in relevance your list of costs is empty, and torch.stack refuses an "
        "empty list. Return 0 in this case.",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    n = len(scores)
    costs = [torch.relu(margin - (scores[i] - scores[j])) for i in range(n) for j in range(n)
             if relevance[i] > relevance[j]]
    return torch.stack(costs).mean()
""",
    ),
)

VARIANTS = (
    Variant(
        "pairwise_ranking",
        "table_of_pairs",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    better = relevance[:, None] > relevance[None, :]
    if not better.any():
        return scores.sum() * 0.0
    lead = scores[:, None] - scores[None, :]
    return torch.relu(margin - lead)[better].mean()
""",
    ),
    Variant(
        "pairwise_ranking",
        "loops",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    total, pairs = 0.0 * scores.sum(), 0
    for i in range(len(scores)):
        for j in range(len(scores)):
            if relevance[i] > relevance[j]:
                total = total + torch.clamp(margin - (scores[i] - scores[j]), min=0)
                pairs += 1
    return total / max(pairs, 1)
""",
    ),
    Variant(
        "pairwise_ranking",
        "combinations_and_sign",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    i, j = torch.triu_indices(len(scores), len(scores), offset=1)
    sign = torch.sign(relevance[i] - relevance[j])
    costs = (margin - sign * (scores[i] - scores[j])).clamp(min=0)[sign != 0]
    return costs.mean() if len(costs) else torch.tensor(0.0)
""",
    ),
    Variant(
        "pairwise_ranking",
        "torch_criterion",
        """
def pairwise_ranking(scores, relevance, margin=1.0):
    i, j = torch.nonzero(relevance.unsqueeze(1) > relevance.unsqueeze(0), as_tuple=True)
    if i.numel() == 0:
        return torch.zeros(())
    return torch.nn.functional.margin_ranking_loss(scores[i], scores[j], torch.ones(len(i)), margin=margin)
""",
    ),
)
