"""Typical mistakes in cross_entropy around the formula: float32, kinds of labels, ready-made losses."""

from autograder.model import Mistake

CAPPED = (
    "log(p + {eps}), or clipping p at {eps}, hides the inf but caps the loss, and there the gradient "
    "vanishes. [[1000, 0]] with the label 1 should cost 1000. Use log_softmax, or logsumexp."
)
CLIPPED = (
    "Clipping the probability at {limit} hides the inf but caps the loss, and there the gradient is 0. "
    "[[1000, 0]] with the label 1 should cost 1000. Use log_softmax, or logsumexp."
)
CUT = (
    "Clipping the scores at {limit} avoids the overflow, but [[1000, 0]] with the label 1 should cost 1000, "
    "and beyond the limit the gradient is 0. Subtract from each row its own largest score instead."
)


def _lines(name: str, sentence: str, *lines: str) -> Mistake:
    """Return a mistake made of these lines. `n` and `rows` are there already."""
    body = "\n    ".join(("n = len(labels)", "rows = torch.arange(n)", *lines))
    return Mistake("cross_entropy", name, sentence, f"\ndef cross_entropy(logits, labels):\n    {body}\n")


def _inside_the_log(eps: str) -> Mistake:
    lines = "p = torch.softmax(logits, dim=1)[rows, labels]", f"return -torch.log(p + {eps}).mean()"
    return _lines(f"{eps}_inside_the_log", CAPPED.format(eps=eps), *lines)


def _clipped(limit: str) -> Mistake:
    lines = (
        "p = torch.softmax(logits, dim=1)[rows, labels]",
        f"return -torch.log(p.clamp(min={limit})).mean()",
    )
    return _lines(f"clipped_at_{limit}", CLIPPED.format(limit=limit), *lines)


def _cut(limit: int) -> Mistake:
    log_p = f"torch.log_softmax(logits.clamp(-{limit}, {limit}), dim=1)"
    return _lines(
        f"scores_clipped_at_{limit}", CUT.format(limit=limit), f"return -{log_p}[rows, labels].mean()"
    )


FLOATS = (
    _lines(
        "exp_overflows",
        "exp(1000) is inf, and inf / inf is nan. Subtract the largest score of each row before exp: the "
        "probabilities stay the same and the numbers stay small. torch.logsumexp does it for you.",
        "p = torch.exp(logits) / torch.exp(logits).sum(dim=1, keepdim=True)",
        "return -torch.log(p[rows, labels]).mean()",
    ),
    _lines(
        "log_of_the_sum_of_exps_overflows",
        "The formula is right on paper, but exp(1000) is inf, also in float64, and the exps of -1000 are "
        "all 0, with the logarithm -inf. Subtract the largest score of each row first, or use "
        "torch.logsumexp.",
        "return (torch.log(torch.exp(logits).sum(dim=1)) - logits[rows, labels]).mean()",
    ),
    _lines(
        "log_of_softmax",
        "A softmax of shifted scores (torch.softmax is one) does not overflow, but it returns exactly 0 for "
        "scores far below the largest, and log(0) is -inf. Try [[1000, 0]] with the label 1: it should cost "
        "1000. Use log_softmax, or logsumexp.",
        "return -torch.log(torch.softmax(logits, dim=1)[rows, labels]).mean()",
    ),
    _lines(
        "one_hot_times_log_of_softmax",
        "For scores far below the largest, softmax returns exactly 0 and the log -inf. The one-hot table "
        "has a 0 there, but 0·inf is nan: even a right answer at [[1000, 0]] is spoiled. Use log_softmax.",
        "wanted = torch.eye(logits.shape[1])[labels]",
        "return -(wanted * torch.log(torch.softmax(logits, dim=1))).sum(dim=1).mean()",
    ),
    *map(_inside_the_log, ("1e-15", "1e-12", "1e-10", "1e-9", "1e-8", "1e-7", "1e-6")),
    *map(_clipped, ("1e-5", "1e-4")),
    *map(_cut, (20, 30, 50, 80, 88, 100, 500)),
    _lines(
        "nan_hidden",
        "nan_to_num only hides what float32 lost: an infinite cost is replaced by a huge number. [[1000, "
        "0]] with the label 1 should cost 1000. Use log_softmax, or logsumexp.",
        "return torch.nan_to_num(-torch.log(torch.softmax(logits, dim=1)[rows, labels])).mean()",
    ),
    _lines(
        "largest_of_the_whole_table",
        "You subtract the largest score of the whole table. A row far below it then underflows: all its "
        "exps are 0 and log(0) is -inf. Subtract from each row its own largest score: max(dim=1, "
        "keepdim=True).",
        "z = logits - logits.max()",
        "return (torch.log(torch.exp(z).sum(dim=1)) - z[rows, labels]).mean()",
    ),
    _lines(
        "something_else_than_the_largest_subtracted",
        "You subtract the mean (or the smallest score) of each row. The largest score can still lie far "
        "above it, and exp overflows. Subtract the largest score: then exp gets only numbers up to 0.",
        "z = logits - logits.mean(dim=1, keepdim=True)",
        "return (torch.log(torch.exp(z).sum(dim=1)) - z[rows, labels]).mean()",
    ),
)

KINDS = (
    _lines(
        "no_keepdim",
        "Without keepdim=True the n largest scores lie along a row, not down a column: each score loses the "
        "largest of another row, or the shapes do not fit. Write logits.max(dim=1, keepdim=True).values.",
        "z = logits - logits.max(dim=1).values",
        "return (torch.log(torch.exp(z).sum(dim=1)) - z[rows, labels]).mean()",
    ),
    _lines(
        "no_keepdim_in_the_softmax",
        "Without keepdim=True the n sums lie along a row, not down a column: each exp is divided by the sum "
        "of another row, or the shapes do not fit. Write .sum(dim=1, keepdim=True); then find a form that "
        "does not overflow.",
        "e = torch.exp(logits)",
        "return -torch.log((e / e.sum(dim=1))[rows, labels]).mean()",
    ),
    _lines(
        "softmax_over_the_whole_table, and overflow",
        "Your softmax divides by the sum of the whole table, so all examples share one total of 1. Sum over "
        "dim=1, with keepdim=True; then find a form that does not overflow.",
        "e = torch.exp(logits)",
        "return -torch.log((e / e.sum())[rows, labels]).mean()",
    ),
    _lines(
        "largest_of_each_column",
        "You subtract the largest score of each column, which changes the differences within a row. "
        "Subtract from each row its own largest score: max(dim=1, keepdim=True).",
        "z = logits - logits.max(dim=0).values",
        "return (torch.log(torch.exp(z).sum(dim=1)) - z[rows, labels]).mean()",
    ),
    _lines(
        "one_hot_needs_int64",
        "one_hot refuses labels of the kind int32. Convert them first: one_hot(labels.long(), K).",
        "wanted = torch.nn.functional.one_hot(labels, logits.shape[1])",
        "return -(wanted * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()",
    ),
    _lines(
        "plain_float",
        "The number is right, but .item() (or float()) cuts the gradient: loss.backward() cannot work. "
        "Return the tensor itself.",
        "return -torch.log_softmax(logits, dim=1)[rows, labels].mean().item()",
    ),
    _lines(
        "detached",
        "The number is right, but .detach() (or .data, or torch.no_grad) separates it from the scores, so no "
        "gradient reaches the model and it would never learn. Leave it out.",
        "return -torch.log_softmax(logits, dim=1)[rows, labels].mean().detach()",
    ),
    _lines(
        "new_tensor",
        "torch.tensor(…) makes a new tensor that knows nothing of the scores, with requires_grad=True as "
        "well, so no gradient reaches them. Return the computed tensor itself.",
        "cost = -torch.log_softmax(logits, dim=1)[rows, labels].mean()",
        "return torch.tensor(cost.item(), requires_grad=True)",
    ),
    _lines(
        "scores_changed",
        "logits -= … writes into the tensor that you were given: the caller's scores are changed, and "
        "autograd refuses. Write shifted = logits - … instead.",
        "logits -= logits.max(dim=1, keepdim=True).values",
        "return (torch.log(torch.exp(logits).sum(dim=1)) - logits[rows, labels]).mean()",
    ),
    _lines(
        "computed_in_numpy",
        "The numbers are right, but .numpy() refuses tensors that need a gradient, so no model can be "
        "trained with it. Use the torch functions of the same names: torch.exp, torch.log.",
        "z = logits.numpy() - logits.numpy().max(axis=1, keepdims=True)",
        "return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(n), labels.numpy()]).mean()",
    ),
    _lines(
        "ready_made_loss",
        "The number is right, but this exercise is about writing the loss yourself: with a ready-made loss "
        "you keep half of the marks. log_softmax and logsumexp are allowed.",
        "return F.cross_entropy(logits, labels)",
    ),
    _lines(
        "ready_made_loss_of_log_probabilities",
        "The number is right, but nll_loss is a ready-made loss, too: you keep half of the marks. Pick the "
        "logarithm at the label yourself, log_p[torch.arange(n), labels], and take the mean.",
        "return F.nll_loss(F.log_softmax(logits, dim=1), labels.long())",
    ),
    _lines(
        "ready_made_loss_of_log_of_softmax",
        "softmax returns exactly 0 for scores far below the largest, and log(0) is -inf; and nll_loss is a "
        "ready-made loss. Write minus log_softmax at the label yourself, averaged over the rows.",
        "return F.nll_loss(torch.log(F.softmax(logits, dim=1)), labels.long())",
    ),
    _lines(
        "ready_made_loss_not_averaged",
        "reduction='none' returns one cost for each row. A loss is one number; and this exercise is about "
        "writing it yourself: minus log_softmax at the label, averaged over the rows.",
        "return F.cross_entropy(logits, labels, reduction='none')",
    ),
    _lines(
        "nll_of_probabilities",
        "nll_loss takes log-probabilities and contains no logarithm of its own. Write the loss yourself: "
        "minus log_softmax at the label, averaged over the rows.",
        "return F.nll_loss(F.softmax(logits, dim=1), labels)",
    ),
)


def _overflowing(mistake: Mistake) -> Mistake:
    """Return a mistake as it looks with the logarithm of a softmax, which float32 turns into -inf."""
    sentence = f"{mistake.sentence} And log(0) is -inf for far scores: use log_softmax."
    source = mistake.source.replace(
        "torch.log_softmax(logits, dim=1)", "torch.log(torch.softmax(logits, dim=1))"
    )
    return Mistake("cross_entropy", f"{mistake.name}, and log of 0", sentence, source)


OFTEN = ("one_hot_needs_int64", "plain_float", "detached")
TOGETHER = tuple(_overflowing(mistake) for mistake in KINDS if mistake.name in OFTEN)
