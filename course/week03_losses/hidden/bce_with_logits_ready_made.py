"""Ready-made losses and changed arguments in bce_with_logits, and right answers written differently."""

from autograder.model import Mistake, Variant

SAFE = "torch.clamp(logits, min=0) - targets * logits + torch.log1p(torch.exp(-logits.abs()))"


def _source(*lines: str) -> str:
    body = "\n    ".join(lines)
    return f"\ndef bce_with_logits(logits, targets):\n    {body}\n"


MISTAKES = (
    Mistake(
        "bce_with_logits",
        "ready_made_loss",
        "The number is right, but this exercise is about writing the loss yourself: with a ready-made loss "
        "you keep half of the marks. softplus and logsigmoid are allowed.",
        _source("return F.binary_cross_entropy_with_logits(logits, targets)"),
    ),
    Mistake(
        "bce_with_logits",
        "loss_of_probabilities",
        "torch's binary_cross_entropy takes probabilities and quietly stops at 100: in float32 sigmoid(200) "
        "is exactly 1, and the true cost of 200 is lost. Write the loss yourself, with the logits.",
        _source("return F.binary_cross_entropy(torch.sigmoid(logits), targets)"),
    ),
    Mistake(
        "bce_with_logits",
        "logits_as_probabilities",
        "torch's binary_cross_entropy takes probabilities and refuses logits. Write the loss yourself, with "
        "the logits: max(z, 0) - target * z + ln(1 + e^-|z|).",
        _source("return F.binary_cross_entropy(logits, targets)"),
    ),
    Mistake(
        "bce_with_logits",
        "cross_entropy_of_the_batch",
        "cross_entropy is for one of several classes: it makes the answers of a batch compete with each "
        "other. Each logit stands for a yes or no of its own: write the loss yourself, with the logits.",
        _source("return F.cross_entropy(logits, targets)"),
    ),
    Mistake(
        "bce_with_logits",
        "nothing_returned",
        "Your function computes the costs and ends without `return`, so None comes back. Return the mean.",
        _source(f"cost = ({SAFE}).mean()"),
    ),
    Mistake(
        "bce_with_logits",
        "logits_overwritten_by_the_sigmoid",
        "sigmoid_() with its underscore writes into the tensor that you were given: the caller's logits "
        "are gone, and autograd refuses. And log(1 - p) is -inf for far logits: find the stable form.",
        _source(
            "p = logits.sigmoid_()",
            "return -(targets * torch.log(p) + (1 - targets) * torch.log(1 - p)).mean()",
        ),
    ),
    Mistake(
        "bce_with_logits",
        "logits_overwritten",
        "clamp_() with its underscore writes into the tensor that you were given: the caller's logits are "
        "changed, and autograd refuses. Use torch.clamp without the underscore.",
        _source(
            "small = torch.log1p(torch.exp(-logits.abs()))",
            "product = targets * logits",
            "return (logits.clamp_(min=0) - product + small).mean()",
        ),
    ),
    Mistake(
        "bce_with_logits",
        "targets_overwritten",
        "targets *= … writes into the tensor that you were given: the caller's targets are changed. Write "
        "product = targets * logits instead.",
        _source(
            "cost = torch.clamp(logits, min=0) + torch.log1p(torch.exp(-logits.abs()))",
            "targets *= logits",
            "return (cost - targets).mean()",
        ),
    ),
)

VARIANTS = tuple(
    Variant("bce_with_logits", name, source)
    for name, source in (
        ("softplus", _source("return (F.softplus(logits) - targets * logits).mean()")),
        (
            "largest_plus_log1p",
            _source(
                "cost = torch.clamp(logits, min=0) - logits * targets",
                "return torch.mean(cost + torch.log1p(torch.exp(-torch.abs(logits))))",
            ),
        ),
        (
            "logsigmoid",
            _source(
                "logsigmoid = torch.nn.LogSigmoid()",
                "return -(targets * logsigmoid(logits) + (1 - targets) * logsigmoid(-logits)).mean()",
            ),
        ),
        (
            "logaddexp",
            _source(
                "zero = torch.zeros_like(logits)",
                "return torch.logaddexp(logits, zero).mean() - (targets * logits).mean()",
            ),
        ),
        (
            "logsumexp",
            _source(
                "two = torch.stack([logits, torch.zeros_like(logits)])",
                "return (torch.logsumexp(two, dim=0) - targets * logits).sum() / logits.numel()",
            ),
        ),
        (
            "log_softmax_of_two_classes",
            _source(
                "log_p = torch.log_softmax(torch.stack([0 * logits, logits], dim=-1), dim=-1)",
                "return -((1 - targets) * log_p[..., 0] + targets * log_p[..., 1]).mean()",
            ),
        ),
        (
            "where_with_safe_branches",
            _source(
                "tail = torch.exp(-logits.abs())",
                "positive = (1 - targets) * logits + torch.log(1 + tail)",
                "negative = -targets * logits + torch.log(1 + tail)",
                "return torch.where(logits > 0, positive, negative).mean()",
            ),
        ),
        (
            "loop_with_a_helper",
            "\ndef one(z, t):\n"
            "    return (z if z > 0 else 0 * z) - t * z + (1 + (-abs(z)).exp()).log()\n\n"
            "def bce_with_logits(logits, targets):\n"
            "    costs = [one(z, t) for z, t in zip(logits.flatten(), targets.flatten())]\n"
            "    return sum(costs) / len(costs)\n",
        ),
        (
            "relu_and_double",
            _source(
                "z, t = logits.double(), targets.double()",
                "return (z.relu() - z * t + torch.log1p(torch.exp(-z.abs()))).mean().float()",
            ),
        ),
    )
)
