"""Typical mistakes in bce_with_logits, and right answers that are written differently."""

from autograder.model import Mistake, Variant

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


def _clipped(limit: str, sentence: str) -> Mistake:
    """Return the mistake of clipping at `limit`. Below 6e-8 float32 cannot tell 1 - limit from 1."""
    source = f"""
def bce_with_logits(logits, targets):
    p = torch.sigmoid(logits).clamp({limit}, 1 - {limit})
    return -(targets * torch.log(p) + (1 - targets) * torch.log(1 - p)).mean()
"""
    return Mistake("bce_with_logits", f"clipped_at_{limit}", sentence.format(limit=limit), source)


def _inside_the_log(eps: str) -> Mistake:
    sentence = (
        f"log(p + {eps}) hides the inf but caps the loss. A logit of 200 with target 0 should cost 200. "
        "Work with the logits instead of the probabilities."
    )
    source = f"""
def bce_with_logits(logits, targets):
    p = torch.sigmoid(logits)
    return -(targets * torch.log(p + {eps}) + (1 - targets) * torch.log(1 - p + {eps})).mean()
"""
    return Mistake("bce_with_logits", f"{eps}_inside_the_log", sentence, source)


MISTAKES = (
    Mistake(
        "bce_with_logits",
        "sigmoid_then_log",
        "The formula is right on paper, but in float32 sigmoid(200) is exactly 1, log(1 - 1) is -inf, and "
        "0·inf is nan. Try it with the logits 200 and -200. Put the log and the sigmoid together: -log "
        "sigmoid(z) = softplus(-z).",
        """
def bce_with_logits(logits, targets):
    p = torch.sigmoid(logits)
    return -(targets * torch.log(p) + (1 - targets) * torch.log(1 - p)).mean()
""",
    ),
    *(_clipped(limit, TOO_SMALL) for limit in ("1e-15", "1e-12", "1e-10", "1e-8")),
    *(_clipped(limit, CAPPED) for limit in ("1e-7", "1e-6", "1e-5")),
    *(_inside_the_log(eps) for eps in ("1e-15", "1e-12", "1e-10", "1e-9", "1e-8", "1e-7", "1e-6")),
    Mistake(
        "bce_with_logits",
        "loss_of_probabilities",
        "torch's binary_cross_entropy takes probabilities and quietly stops at 100: in float32 "
        "sigmoid(200) is exactly 1, and the true cost of 200 is lost. Work with the logits themselves.",
        """
def bce_with_logits(logits, targets):
    return torch.nn.functional.binary_cross_entropy(torch.sigmoid(logits), targets)
""",
    ),
    Mistake(
        "bce_with_logits",
        "no_sigmoid",
        "You take the log of the logits themselves, as if they were probabilities; a negative logit gives "
        "nan. Logits may be any number. Start from sigmoid(logits), then find the stable form.",
        """
def bce_with_logits(logits, targets):
    return -(targets * torch.log(logits) + (1 - targets) * torch.log(1 - logits)).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "sigmoid_twice",
        "The sigmoid is applied twice: once by you and once inside the loss with logits. All "
        "probabilities then lie between 0.5 and 0.73. Give the logits straight to the loss.",
        """
def bce_with_logits(logits, targets):
    return torch.nn.functional.binary_cross_entropy_with_logits(torch.sigmoid(logits), targets)
""",
    ),
    Mistake(
        "bce_with_logits",
        "minus_forgotten",
        "The logarithm of a probability is negative, so the loss needs a minus in front. Yours rewards "
        "wrong answers: compare a good with a poor prediction.",
        """
def bce_with_logits(logits, targets):
    softplus = torch.nn.functional.softplus
    return (targets * logits - softplus(logits)).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "sum_instead_of_mean",
        "You add up the costs where the mean is asked for, so the loss grows with the size of the batch. "
        "Use .mean() instead of .sum().",
        """
def bce_with_logits(logits, targets):
    return (torch.nn.functional.softplus(logits) - targets * logits).sum()
""",
    ),
    Mistake(
        "bce_with_logits",
        "only_targets_of_1",
        "Only answers with target 1 cost something; a confident wrong answer on target 0 is free. Try "
        "logit 5 with target 0. Add the second half, (1 - target) times -log(1 - p).",
        """
def bce_with_logits(logits, targets):
    return (targets * torch.nn.functional.softplus(-logits)).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "targets_rounded",
        "You treat every target above ½ as a 1, so soft targets such as 0.7 lose their meaning. Weigh the "
        "two costs with target and 1 - target instead of choosing one.",
        """
def bce_with_logits(logits, targets):
    softplus = torch.nn.functional.softplus
    return torch.where(targets > 0.5, softplus(-logits), softplus(logits)).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "exp_overflows",
        "log(1 + exp(z)) is the right idea, but exp(200) is inf in float32. Take the larger of z and 0 "
        "out of the log first: max(z, 0) + log(1 + exp(-|z|)). torch's softplus does this.",
        """
def bce_with_logits(logits, targets):
    return (torch.log(1 + torch.exp(logits)) - targets * logits).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "overflow_in_the_other_branch",
        "The loss is right, but its gradient at ±200 is nan: torch.where also computes the branch that it "
        "does not choose, exp overflows there, and 0·inf is nan on the way back. Use exp(-|z|), which "
        "cannot overflow.",
        """
def bce_with_logits(logits, targets):
    positive = logits + torch.log1p(torch.exp(-logits))
    negative = torch.log1p(torch.exp(logits))
    return (torch.where(logits > 0, positive, negative) - targets * logits).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "logits_clipped",
        "Clipping the logits avoids the overflow, but a logit of 200 on target 0 should cost 200, and "
        "beyond the limit the gradient is 0. Choose a form that needs no clipping.",
        """
def bce_with_logits(logits, targets):
    logits = logits.clamp(-50, 50)
    return (torch.nn.functional.softplus(logits) - targets * logits).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "arguments_swapped",
        "The arguments have changed places: the targets are used as logits. torch's losses take the "
        "predictions first, then the targets.",
        """
def bce_with_logits(logits, targets):
    return torch.nn.functional.binary_cross_entropy_with_logits(targets, logits)
""",
    ),
    Mistake(
        "bce_with_logits",
        "plain_float",
        "The number is right, but .item() (or float()) cuts the gradient: loss.backward() cannot work. "
        "Return the tensor itself.",
        """
def bce_with_logits(logits, targets):
    return (torch.nn.functional.softplus(logits) - targets * logits).mean().item()
""",
    ),
    Mistake(
        "bce_with_logits",
        "logits_overwritten",
        "sigmoid_() with its underscore writes into the tensor that you were given: the caller's logits "
        "are gone, and autograd refuses. Use torch.sigmoid without the underscore.",
        """
def bce_with_logits(logits, targets):
    p = logits.sigmoid_()
    return -(targets * torch.log(p) + (1 - targets) * torch.log(1 - p)).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "mean_over_one_axis",
        "mean(dim=0) averages over the rows only: a table gives one number a column. Use .mean() without "
        "an axis.",
        """
def bce_with_logits(logits, targets):
    return (torch.nn.functional.softplus(logits) - targets * logits).mean(dim=0)
""",
    ),
    Mistake(
        "bce_with_logits",
        "exp_of_minus_z_overflows",
        "log(1 + exp(-z)) is the right idea, but exp(200) is inf in float32, and z = -200 gives just "
        "that. Take the larger part out of the log first: max(z, 0) + log(1 + exp(-|z|)). torch's "
        "softplus does this.",
        """
def bce_with_logits(logits, targets):
    return (torch.log(1 + torch.exp(-logits)) + (1 - targets) * logits).mean()
""",
    ),
    Mistake(
        "bce_with_logits",
        "divided_by_the_rows",
        "len(logits) counts the rows of a table, not its elements, so a table costs too much. Divide by "
        "logits.numel(), or use .mean().",
        """
def bce_with_logits(logits, targets):
    return (torch.nn.functional.softplus(logits) - targets * logits).sum() / len(logits)
""",
    ),
    Mistake(
        "bce_with_logits",
        "computed_in_numpy",
        "The numbers are right, but .numpy() refuses tensors that need a gradient, so no model can be "
        "trained with it. Use the torch functions of the same names: torch.exp, torch.log1p.",
        """
import numpy as np

def bce_with_logits(logits, targets):
    z, t = logits.numpy(), targets.numpy()
    return (np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z)))).mean()
""",
    ),
)

VARIANTS = (
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
