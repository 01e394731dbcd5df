"""Right answers to the exercises of week 3, each written differently."""

from autograder.checks.choice import choice_variants
from autograder.model import Variant

HUBER = (
    Variant(
        "huber",
        "torch_where",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Variant(
        "huber",
        "clamped_part_and_rest",
        """
def huber(pred, target, delta=1.0):
    size = torch.abs(target - pred)
    part = size.clamp(max=delta)
    return torch.mean(part * (size - part / 2))
""",
    ),
    Variant(
        "huber",
        "torch_function",
        """
def huber(pred, target, delta=1.0):
    return torch.nn.functional.huber_loss(pred, target, delta=delta)
""",
    ),
    Variant(
        "huber",
        "masks",
        """
def huber(pred, target, delta=1.0):
    e = pred - target
    small = e.abs() < delta
    total = (e[small] ** 2).sum() / 2 + delta * (e[~small].abs() - delta / 2).sum()
    return total / e.numel()
""",
    ),
    Variant(
        "huber",
        "loop",
        """
def huber(pred, target, delta=1.0):
    total = 0
    for p, t in zip(pred.reshape(-1), target.reshape(-1)):
        e = abs(p - t)
        if e <= delta:
            total = total + e * e / 2
        else:
            total = total + delta * (e - delta / 2)
    return total / pred.numel()
""",
    ),
)

BCE_WITH_LOGITS = (
    Variant(
        "bce_with_logits",
        "softplus",
        """
def bce_with_logits(logits, targets):
    return (torch.nn.functional.softplus(logits) - targets * logits).mean()
""",
    ),
    Variant(
        "bce_with_logits",
        "largest_plus_log1p",
        """
def bce_with_logits(logits, targets):
    cost = torch.clamp(logits, min=0) - logits * targets + torch.log1p(torch.exp(-torch.abs(logits)))
    return torch.mean(cost)
""",
    ),
    Variant(
        "bce_with_logits",
        "logsigmoid",
        """
def bce_with_logits(logits, targets):
    logsigmoid = torch.nn.LogSigmoid()
    return -(targets * logsigmoid(logits) + (1 - targets) * logsigmoid(-logits)).mean()
""",
    ),
    Variant(
        "bce_with_logits",
        "logaddexp",
        """
def bce_with_logits(logits, targets):
    return torch.logaddexp(logits, torch.zeros_like(logits)).mean() - (targets * logits).mean()
""",
    ),
    Variant(
        "bce_with_logits",
        "torch_criterion",
        """
def bce_with_logits(logits, targets):
    return torch.nn.BCEWithLogitsLoss()(logits, targets)
""",
    ),
)

CROSS_ENTROPY = (
    Variant(
        "cross_entropy",
        "logsumexp",
        """
def cross_entropy(logits, labels):
    chosen = logits[torch.arange(len(labels)), labels]
    return (torch.logsumexp(logits, dim=1) - chosen).mean()
""",
    ),
    Variant(
        "cross_entropy",
        "log_softmax_and_gather",
        """
def cross_entropy(logits, labels):
    log_p = logits.log_softmax(dim=-1)
    return -log_p.gather(1, labels.unsqueeze(1)).mean()
""",
    ),
    Variant(
        "cross_entropy",
        "shift_by_hand",
        """
def cross_entropy(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_total = shifted.exp().sum(dim=1).log()
    return torch.mean(log_total - shifted[range(len(labels)), labels])
""",
    ),
    Variant(
        "cross_entropy",
        "one_hot",
        """
def cross_entropy(logits, labels):
    wanted = torch.nn.functional.one_hot(labels, logits.shape[1]).float()
    return -(wanted * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()
""",
    ),
    Variant(
        "cross_entropy",
        "loop_over_rows",
        """
def cross_entropy(logits, labels):
    costs = []
    for row, label in zip(logits, labels):
        top = row.max()
        costs.append(top + torch.log(torch.exp(row - top).sum()) - row[label])
    return sum(costs) / len(costs)
""",
    ),
)

PAIRWISE_RANKING = (
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

VARIANTS = (*HUBER, *BCE_WITH_LOGITS, *CROSS_ENTROPY, *PAIRWISE_RANKING, *choice_variants("gq5", "C"))
