"""Right answers to cross_entropy that are written differently."""

from autograder.model import Variant


def _source(*lines: str) -> str:
    body = "\n    ".join(lines)
    return f"\ndef cross_entropy(logits, labels):\n    {body}\n"


VARIANTS = tuple(
    Variant("cross_entropy", name, source)
    for name, source in (
        (
            "logsumexp",
            _source(
                "chosen = logits[torch.arange(len(labels)), labels]",
                "return (torch.logsumexp(logits, dim=1) - chosen).mean()",
            ),
        ),
        (
            "log_softmax_and_gather",
            _source(
                "log_p = logits.log_softmax(dim=-1)",
                "return -log_p.gather(1, labels.long().unsqueeze(1)).mean()",
            ),
        ),
        (
            "shift_by_hand",
            _source(
                "shifted = logits - logits.max(dim=1, keepdim=True).values",
                "log_total = shifted.exp().sum(dim=1).log()",
                "return torch.mean(log_total - shifted[range(len(labels)), labels])",
            ),
        ),
        (
            "shift_given_back",
            _source(
                "top = logits.amax(dim=1)",
                "log_total = top + (logits - top[:, None]).exp().sum(dim=1).log()",
                "return (log_total - logits[torch.arange(logits.shape[0]), labels]).sum() / logits.shape[0]",
            ),
        ),
        (
            "one_hot",
            _source(
                "wanted = torch.nn.functional.one_hot(labels.long(), logits.shape[1]).float()",
                "return -(wanted * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()",
            ),
        ),
        (
            "mask_of_classes",
            _source(
                "mask = torch.arange(logits.shape[1]) == labels[:, None]",
                "return -F.log_softmax(logits, dim=1)[mask].mean()",
            ),
        ),
        (
            "diagonal",
            _source("return -torch.log_softmax(logits, dim=1)[:, labels].diagonal().mean()"),
        ),
        (
            "loop_over_rows",
            _source(
                "costs = []",
                "for row, label in zip(logits, labels):",
                "    top = row.max()",
                "    costs.append(top + torch.log(torch.exp(row - top).sum()) - row[label])",
                "return sum(costs) / len(costs)",
            ),
        ),
        (
            "loop_over_numbers",
            _source(
                "total = 0.0",
                "for i in range(len(labels)):",
                "    mine = int(labels[i])",
                "    total = total + torch.logsumexp(logits[i] - logits[i, mine], dim=0)",
                "return total / len(labels)",
            ),
        ),
    )
)
