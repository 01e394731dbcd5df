"""Right answers to pairwise_ranking that are written differently."""

from autograder.model import Variant


def _source(*lines: str) -> str:
    body = "\n    ".join(lines)
    return f"\ndef pairwise_ranking(scores, relevance, margin=1.0):\n    {body}\n"


VARIANTS = tuple(
    Variant("pairwise_ranking", name, source)
    for name, source in (
        (
            "table_of_pairs",
            _source(
                "better = relevance[:, None] > relevance[None, :]",
                "if not better.any():",
                "    return scores.sum() * 0.0",
                "return torch.relu(margin - (scores[:, None] - scores[None, :]))[better].mean()",
            ),
        ),
        (
            "loops",
            _source(
                "total, pairs = 0.0 * scores.sum(), 0",
                "for i in range(len(scores)):",
                "    for j in range(len(scores)):",
                "        if relevance[i] > relevance[j]:",
                "            total = total + torch.clamp(margin - (scores[i] - scores[j]), min=0)",
                "            pairs += 1",
                "return total / max(pairs, 1)",
            ),
        ),
        (
            "each_two_items_once",
            _source(
                "costs = []",
                "for i in range(len(scores)):",
                "    for j in range(i):",
                "        if relevance[i] == relevance[j]:",
                "            continue",
                "        up, down = (i, j) if relevance[i] > relevance[j] else (j, i)",
                "        costs.append(max(margin - scores[up] + scores[down], torch.tensor(0.0)))",
                "return sum(costs) / len(costs) if costs else 0.0",
            ),
        ),
        (
            "combinations_and_sign",
            _source(
                "i, j = torch.triu_indices(len(scores), len(scores), offset=1)",
                "sign = torch.sign(relevance[i].double() - relevance[j].double()).float()",
                "costs = (margin - sign * (scores[i] - scores[j])).clamp(min=0)[sign != 0]",
                "return costs.mean() if len(costs) else torch.tensor(0.0)",
            ),
        ),
        (
            "places_of_the_pairs",
            _source(
                "i, j = torch.nonzero(relevance.unsqueeze(1) > relevance.unsqueeze(0), as_tuple=True)",
                "if i.numel() == 0:",
                "    return torch.zeros(())",
                "return F.relu(scores[j] - scores[i] + margin).sum() / i.numel()",
            ),
        ),
        (
            "weights_of_0_and_1",
            _source(
                "weight = torch.gt(relevance.view(-1, 1), relevance.view(1, -1)).float()",
                "lead = scores.view(-1, 1) - scores.view(1, -1)",
                "return (weight * F.relu(margin - lead)).sum() / weight.sum().clamp(min=1)",
            ),
        ),
        (
            "sorted_first",
            _source(
                "order = sorted(range(len(scores)), key=lambda k: relevance[k].item(), reverse=True)",
                "costs = [",
                "    (margin - (scores[a] - scores[b])).clamp(min=0)",
                "    for place, a in enumerate(order)",
                "    for b in order[place + 1:]",
                "    if relevance[a] != relevance[b]",
                "]",
                "return torch.stack(costs).mean() if costs else torch.tensor(0.0)",
            ),
        ),
        (
            "item_against_all_below",
            _source(
                "items = zip(scores, relevance)",
                "costs = torch.cat([F.relu(margin - s + scores[relevance < r]) for s, r in items])",
                "return costs.mean() if costs.numel() > 0 else costs.sum()",
            ),
        ),
        (
            "nan_made_0",
            _source(
                "gaps = scores[:, None] - scores",
                "costs = torch.where(margin > gaps, margin - gaps, torch.zeros_like(gaps))",
                "mean = costs[relevance[:, None] > relevance].mean()",
                "return torch.nan_to_num(mean)",
            ),
        ),
    )
)
