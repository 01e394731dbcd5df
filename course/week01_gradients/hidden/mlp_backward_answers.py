"""Typical mistakes in mlp_backward at its output: softmax, labels, and the mean over the rows."""

from autograder.model import Mistake


def _output(
    name: str,
    sentence: str,
    stable: str = "logits - logits.max(axis=1, keepdims=True)",
    p: str = "powers / powers.sum(axis=1, keepdims=True)",
    d: str = "(p - np.eye(len(W2))[y]) / n",
) -> Mistake:
    """Return a mistake that differs from a right answer in one line about the output."""
    source = f"""
def mlp_backward(x, y, W1, b1, W2, b2):
    n = len(x)
    a = x @ W1.T + b1
    z = np.maximum(a, 0)
    logits = z @ W2.T + b2
    powers = np.exp({stable})
    p = {p}
    d = {d}
    da = (d @ W2) * (a > 0)
    return {{"W1": da.T @ x, "b1": da.sum(axis=0), "W2": d.T @ z, "b2": d.sum(axis=0)}}
"""
    return Mistake("mlp_backward", name, sentence, source)


OUTPUT = (
    _output(
        "labels_not_subtracted",
        "You go back with the probabilities themselves. The error of the output is softmax minus one-hot: "
        "subtract 1 at each row's label.",
        d="p / n",
    ),
    _output(
        "labels_alone",
        "You go back with the one-hot labels alone. The error of the output is softmax minus one-hot.",
        d="-np.eye(len(W2))[y] / n",
    ),
    _output(
        "sign_turned_round",
        "All signs are turned round: the error is softmax minus one-hot, not the other way (a gradient "
        "points uphill; going down is the optimizer's work).",
        d="(np.eye(len(W2))[y] - p) / n",
    ),
    _output(
        "sum_instead_of_mean",
        "Your gradients are n times too large: the loss is the mean over the rows. Divide the error of the "
        "output by n.",
        d="p - np.eye(len(W2))[y]",
    ),
    _output(
        "mean_twice",
        "You divide by n twice: with two rows your gradients are half of the right ones. Divide the error of "
        "the output by n once, and then sum.",
        d="(p - np.eye(len(W2))[y]) / n**2",
    ),
    _output(
        "mean_over_rows_and_classes",
        "You divide by the number of rows times classes. Cross-entropy is averaged over the rows alone: "
        "divide by n.",
        d="(p - np.eye(len(W2))[y]) / p.size",
    ),
    _output(
        "mean_over_the_classes",
        "You divide by the number of classes. The loss is the mean over the rows: divide by n.",
        d="(p - np.eye(len(W2))[y]) / p.shape[1]",
    ),
    _output(
        "softmax_over_the_rows",
        "Your softmax runs down the columns, over the rows of the batch. Each row's probabilities add up to "
        "1: axis=1.",
        p="powers / powers.sum(axis=0, keepdims=True)",
    ),
    _output(
        "softmax_over_everything",
        "Your softmax divides by the sum over the whole table. Each row's probabilities add up to 1: "
        "sum(axis=1, keepdims=True).",
        stable="logits - logits.max()",
        p="powers / powers.sum()",
    ),
    _output(
        "softmax_overflows",
        "With logits of 1000, exp is inf and out comes nan. Subtract from each row its largest logit before "
        "exp; the probabilities stay the same.",
        stable="logits",
    ),
    _output(
        "one_maximum_for_all_rows",
        "You subtract the largest logit of the whole table, so in other rows all exp become 0, and 0 / 0 is "
        "nan. Subtract each row's own: max(axis=1, keepdims=True).",
        stable="logits - logits.max()",
    ),
    _output(
        "maximum_of_each_column",
        "You subtract the largest logit of each column, which changes the probabilities. Subtract each row's "
        "own: max(axis=1, keepdims=True).",
        stable="logits - logits.max(axis=0, keepdims=True)",
    ),
    _output(
        "minimum_subtracted",
        "You subtract the smallest logit of each row, so the largest still overflows if they lie far apart. "
        "Subtract the largest.",
        stable="logits - logits.min(axis=1, keepdims=True)",
    ),
    _output(
        "logits_clipped",
        "You limit the logits, so two of 1000 and 999 become equal. Subtract each row's largest logit "
        "instead: nothing is lost then.",
        stable="np.clip(logits, -50, 50)",
    ),
    _output(
        "sigmoid_instead_of_softmax",
        "You use the sigmoid of each logit. Cross-entropy of several classes needs the softmax of each row.",
        p="1 / (1 + np.exp(-np.clip(logits, -700, 700)))",
    ),
    _output(
        "logits_instead_of_probabilities",
        "You subtract the labels from the logits. First make probabilities of them: the error is softmax "
        "minus one-hot.",
        p="logits",
    ),
    _output(
        "softmax_derived_once_more",
        "You multiply the error by p · (1 - p). In softmax minus one-hot the derivative of the softmax is "
        "already contained: leave the factor out.",
        d="(p - np.eye(len(W2))[y]) * p * (1 - p) / n",
    ),
    _output(
        "squared_error",
        "You double the error, as for a squared loss. For cross-entropy it is softmax minus one-hot, over n, "
        "without the 2.",
        d="2 * (p - np.eye(len(W2))[y]) / n",
    ),
    _output(
        "error_at_the_label_alone",
        "You keep the error at the label and drop it for the other classes. All classes have one: softmax "
        "minus one-hot.",
        d="(p - 1) * np.eye(len(W2))[y] / n",
    ),
    _output(
        "classes_counted_in_the_labels",
        "You take the number of classes from y, but not every class need occur in it. W2 has a row for each "
        "class: len(W2).",
        d="(p - np.eye(y.max() + 1)[y]) / n",
    ),
    _output(
        "classes_that_occur",
        "You count the different labels, but not every class need occur. W2 has a row for each class: "
        "len(W2).",
        d="(p - np.eye(len(np.unique(y)))[y]) / n",
    ),
    _output(
        "labels_start_at_1",
        "You subtract the 1 one class too early: the labels start at 0.",
        d="(p - np.eye(len(W2))[y - 1]) / n",
    ),
    _output(
        "labels_must_be_int64",
        "torch's one_hot takes int64 alone, and labels may be int32. np.eye(len(W2))[y] takes both.",
        d="(p - F.one_hot(torch.from_numpy(y), len(W2)).numpy()) / n",
    ),
)
