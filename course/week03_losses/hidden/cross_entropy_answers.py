"""Typical mistakes in cross_entropy, and right answers that are written differently."""

from autograder.model import Mistake, Variant


def _inside_the_log(eps: str) -> Mistake:
    sentence = (
        f"log(p + {eps}) hides the inf but caps the loss, and there the gradient vanishes. [[1000, 0]] with "
        "the label 1 should cost 1000. Use log_softmax, or logsumexp."
    )
    source = f"""
def cross_entropy(logits, labels):
    p = torch.softmax(logits, dim=1)
    return -torch.log(p[torch.arange(len(labels)), labels] + {eps}).mean()
"""
    return Mistake("cross_entropy", f"{eps}_inside_the_log", sentence, source)


MISTAKES = (
    Mistake(
        "cross_entropy",
        "exp_overflows",
        "exp(1000) is inf, and inf / inf is nan. Subtract the largest score of each row before exp: the "
        "probabilities stay the same and the numbers stay small. torch.logsumexp does it for you.",
        """
def cross_entropy(logits, labels):
    p = torch.exp(logits) / torch.exp(logits).sum(dim=1, keepdim=True)
    return -torch.log(p[torch.arange(len(labels)), labels]).mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "log_of_softmax",
        "torch.softmax does not overflow, but it returns exactly 0 for scores far below the largest, and "
        "log(0) is -inf. Try [[1000, 0]] with the label 1: it should cost 1000. Use log_softmax, or "
        "logsumexp.",
        """
def cross_entropy(logits, labels):
    p = torch.softmax(logits, dim=1)
    return -torch.log(p[torch.arange(len(labels)), labels]).mean()
""",
    ),
    *(_inside_the_log(eps) for eps in ("1e-15", "1e-12", "1e-10", "1e-9", "1e-8", "1e-7", "1e-6")),
    Mistake(
        "cross_entropy",
        "softmax_down_the_columns",
        "Your softmax runs over the rows (dim=0), so the examples compete with each other instead of the "
        "classes. Check that the probabilities of one example add up to 1. Use dim=1.",
        """
def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=0)
    return -log_p[torch.arange(len(labels)), labels].mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "sum_instead_of_mean",
        "You add up the costs of the rows where the mean is asked for, so the loss grows with the size of "
        "the batch. Use .mean() instead of .sum().",
        """
def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return -log_p[torch.arange(len(labels)), labels].sum()
""",
    ),
    Mistake(
        "cross_entropy",
        "divided_by_the_classes_too",
        "After multiplying with the one-hot table you take the mean over all its entries, so you divide "
        "by rows times classes. Sum over the classes (dim=1) first, then take the mean over the rows.",
        """
def cross_entropy(logits, labels):
    wanted = torch.nn.functional.one_hot(labels, logits.shape[1])
    return -(wanted * torch.log_softmax(logits, dim=1)).mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "no_softmax",
        "You use the scores as if they were log-probabilities. Two equal scores should cost ln 2, "
        "whatever their size. Subtract logsumexp of the row from the scores first.",
        """
def cross_entropy(logits, labels):
    return -logits[torch.arange(len(labels)), labels].mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "all_labels_from_every_row",
        "logits[:, labels] takes the columns of all labels from every row: n × n numbers instead of n. "
        "Print its shape. Pair each row with its label: log_p[torch.arange(n), labels].",
        """
def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return -log_p[:, labels].mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "labels_counted_from_1",
        "You look one column to the left of the label. Labels count from 0, so label 0 means the first "
        "column and no - 1 is needed.",
        """
def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return -log_p[torch.arange(len(labels)), labels - 1].mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "minus_forgotten",
        "The logarithm of a probability is negative, so the loss needs a minus in front. Yours gets "
        "smaller as the answers get worse.",
        """
def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return log_p[torch.arange(len(labels)), labels].mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "largest_of_the_whole_table",
        "You subtract the largest score of the whole table. A row far below it then underflows: all its "
        "exps are 0 and log(0) is -inf. Subtract from each row its own largest score: max(dim=1, "
        "keepdim=True).",
        """
def cross_entropy(logits, labels):
    shifted = logits - logits.max()
    log_p = shifted - torch.log(torch.exp(shifted).sum(dim=1, keepdim=True))
    return -log_p[torch.arange(len(labels)), labels].mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "largest_not_given_back",
        "You subtract the largest score inside the log but not from the score at the label, so the two no "
        "longer belong together. Adding 3 to a whole row should change nothing; yours changes. Use the "
        "shifted scores in both places.",
        """
def cross_entropy(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    chosen = logits[torch.arange(len(labels)), labels]
    return (torch.log(torch.exp(shifted).sum(dim=1)) - chosen).mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "softmax_twice",
        "torch's cross_entropy contains the softmax; you apply one more before it. The loss then cannot "
        "come near 0. Give it the scores as they are.",
        """
def cross_entropy(logits, labels):
    return torch.nn.functional.cross_entropy(torch.softmax(logits, dim=1), labels)
""",
    ),
    Mistake(
        "cross_entropy",
        "share_of_wrong_answers",
        "You count wrong answers. That is an accuracy turned round: it is flat almost everywhere, so it "
        "has no gradient to learn from. Use minus the log of the probability at the label.",
        """
def cross_entropy(logits, labels):
    return (logits.argmax(dim=1) != labels).float().mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "plain_float",
        "The number is right, but .item() (or float()) cuts the gradient: loss.backward() cannot work. "
        "Return the tensor itself.",
        """
def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return -log_p[torch.arange(len(labels)), labels].mean().item()
""",
    ),
    Mistake(
        "cross_entropy",
        "scores_changed",
        "logits -= … writes into the tensor that you were given: the caller's scores are changed, and "
        "autograd refuses. Write shifted = logits - … instead.",
        """
def cross_entropy(logits, labels):
    logits -= logits.max(dim=1, keepdim=True).values
    log_p = logits - torch.log(torch.exp(logits).sum(dim=1, keepdim=True))
    return -log_p[torch.arange(len(labels)), labels].mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "one_hot_times_log_of_softmax",
        "For scores far below the largest, softmax returns exactly 0 and the log -inf. The one-hot table "
        "has a 0 there, but 0·inf is nan: even a right answer at [[1000, 0]] is spoiled. Use log_softmax.",
        """
def cross_entropy(logits, labels):
    wanted = torch.nn.functional.one_hot(labels, logits.shape[1])
    return -(wanted * torch.log(torch.softmax(logits, dim=1))).sum(dim=1).mean()
""",
    ),
    Mistake(
        "cross_entropy",
        "computed_in_numpy",
        "The numbers are right, but .numpy() refuses tensors that need a gradient, so no model can be "
        "trained with it. Use the torch functions of the same names: torch.exp, torch.log.",
        """
import numpy as np

def cross_entropy(logits, labels):
    z = logits.numpy() - logits.numpy().max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels.numpy()]).mean()
""",
    ),
)

VARIANTS = (
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
