"""Typical mistakes in the formula of cross_entropy: what a row costs, its label, and the mean."""

from autograder.model import Mistake


def _cost(name: str, sentence: str, *lines: str) -> Mistake:
    """Return a mistake made of these lines. `z`, `n`, `log_p` and `rows` are there already."""
    start = ("z, n = logits, len(labels)", "log_p, rows = torch.log_softmax(z, dim=1), torch.arange(n)")
    body = "\n    ".join((*start, *lines))
    return Mistake("cross_entropy", name, sentence, f"\ndef cross_entropy(logits, labels):\n    {body}\n")


COSTS = (
    _cost(
        "softmax_down_the_columns",
        "Your softmax runs over the rows (dim=0), so the examples compete with each other instead of the "
        "classes. Check that the probabilities of one example add up to 1. Use dim=1.",
        "return -torch.log_softmax(z, dim=0)[rows, labels].mean()",
    ),
    _cost(
        "softmax_over_the_whole_table",
        "Your softmax runs over the whole table, so all examples share one total of 1. Each row has its own "
        "softmax: sum over dim=1, with keepdim=True.",
        "return (torch.logsumexp(z, dim=(0, 1)) - z[rows, labels]).mean()",
    ),
    _cost(
        "sum_instead_of_mean",
        "You add up the costs of the rows where the mean is asked for, so the loss grows with the size of "
        "the batch. Use .mean() instead of .sum().",
        "return -log_p[rows, labels].sum()",
    ),
    _cost(
        "divided_by_the_classes_too",
        "After multiplying with the one-hot table you take the mean over all its entries, so you divide "
        "by rows times classes. Sum over the classes (dim=1) first, then take the mean over the rows.",
        "return -log_p[rows, labels].sum() / log_p.numel()",
    ),
    _cost(
        "divided_by_the_classes",
        "You divide by the number of classes, the second number of the shape. The mean divides by the "
        "number of rows: use .mean() over one cost a row.",
        "return -log_p[rows, labels].sum() / z.shape[1]",
    ),
    _cost(
        "divided_by_one_less",
        "You divide by n - 1, as for a variance. The mean divides by the number of rows: use .mean().",
        "return -log_p[rows, labels].sum() / (n - 1)",
    ),
    _cost(
        "not_averaged",
        "You return one cost for each row. A loss is one number: add .mean() at the end.",
        "return -log_p[rows, labels]",
    ),
    _cost(
        "nothing_returned",
        "Your function computes the costs and ends without `return`, so None comes back. Return the mean.",
        "cost = -log_p[rows, labels].mean()",
    ),
    _cost(
        "largest_cost",
        "You return the cost of the worst row. The mean over all rows is asked for: use .mean().",
        "return -log_p[rows, labels].min()",
    ),
    _cost(
        "first_row_only",
        "Only the first row counts. A `return` inside a loop ends the function at once: add up all costs, "
        "and return their mean after the loop.",
        "return -log_p[0, labels[0]]",
    ),
    _cost(
        "last_row_only",
        "Only the last row counts. Inside a loop write total = total + cost, not total = cost, and divide by "
        "the number of rows at the end.",
        "return -log_p[-1, labels[-1]]",
    ),
    _cost(
        "last_row_only_and_divided",
        "Inside your loop total is overwritten instead of added to, so only the last row counts, divided by "
        "n. Write total = total + cost.",
        "return -log_p[-1, labels[-1]] / n",
    ),
    _cost(
        "median_of_the_costs",
        "You return the median of the costs, which hides half of the rows. Use .mean().",
        "return -log_p[rows, labels].median()",
    ),
    _cost(
        "no_softmax",
        "You use the scores as if they were log-probabilities. Two equal scores should cost ln 2, "
        "whatever their size. Subtract logsumexp of the row from the scores first.",
        "return -z[rows, labels].mean()",
    ),
    _cost(
        "logarithm_of_the_scores",
        "You take the logarithm of the scores themselves, as if they were probabilities; a negative score "
        "gives nan. Scores may be any number: the softmax comes first.",
        "return -torch.log(z[rows, labels]).mean()",
    ),
    _cost(
        "logarithm_forgotten",
        "You return the mean probability at the label, with a minus. The cost is minus its logarithm: use "
        "log_softmax instead of softmax.",
        "return -torch.softmax(z, dim=1)[rows, labels].mean()",
    ),
    _cost(
        "one_minus_the_probability",
        "You take 1 - p at the label. The cost is -ln p: a sure and wrong answer costs much more than an "
        "unsure one. Use log_softmax.",
        "return (1 - torch.softmax(z, dim=1)[rows, labels]).mean()",
    ),
    _cost(
        "sigmoid_instead_of_softmax",
        "You give each score its own sigmoid. The classes compete: their probabilities add up to 1, which "
        "the softmax of the row does.",
        "return torch.nn.functional.softplus(-z[rows, labels]).mean()",
    ),
    _cost(
        "binary_cost_of_every_class",
        "You treat each class as a yes or no of its own and add up their costs. Only the probability at the "
        "label counts, and it comes from the softmax of the row.",
        "wanted = torch.eye(z.shape[1])[labels]",
        "return (torch.nn.functional.softplus(z) - wanted * z).sum(dim=1).mean()",
    ),
    _cost(
        "all_classes_counted",
        "You add up the logarithms of all classes. Only the one at the label counts: "
        "log_p[torch.arange(n), labels].",
        "return -log_p.sum(dim=1).mean()",
    ),
    _cost(
        "mean_of_all_log_probabilities",
        "You average the logarithms of all classes, and the labels play no part. Only the one at the label "
        "counts: log_p[torch.arange(n), labels].",
        "return -log_p.mean()",
    ),
    _cost(
        "entropy_of_the_prediction",
        "You compute the entropy of your own probabilities, and the labels play no part. Only the logarithm "
        "at the label counts.",
        "return -(log_p.exp() * log_p).sum(dim=1).mean()",
    ),
    _cost(
        "label_counted_double",
        "You add the score at the label once more than the formula says, or weigh the logarithm with its "
        "probability. The cost of a row is just -ln p at the label.",
        "return -(log_p.exp() * log_p)[rows, labels].mean()",
    ),
    _cost(
        "all_labels_from_every_row",
        "logits[:, labels] takes the columns of all labels from every row: n × n numbers instead of n. "
        "Print its shape. Pair each row with its label: log_p[torch.arange(n), labels].",
        "return -log_p[:, labels].mean()",
    ),
    _cost(
        "first_column_for_every_row",
        "You take the first column of every row, and the labels play no part. Pair each row with its label: "
        "log_p[torch.arange(n), labels].",
        "return -log_p[:, 0].mean()",
    ),
    _cost(
        "label_of_the_first_row_for_all",
        "Every row uses the label of the first row. Pair each row with its own label: "
        "log_p[torch.arange(n), labels].",
        "return -log_p[:, labels[0]].mean()",
    ),
    _cost(
        "rows_chosen_by_the_labels",
        "log_p[labels] picks whole rows, the labels standing for row numbers. A label is a column: pair "
        "each row with its label, log_p[torch.arange(n), labels].",
        "return -log_p[labels].mean()",
    ),
    _cost(
        "row_and_column_exchanged",
        "The two indices have changed places: the first one is the row, the second the label. Write "
        "log_p[torch.arange(n), labels].",
        "return -log_p[labels, rows].mean()",
    ),
    _cost(
        "labels_counted_from_1",
        "You look one column to the left of the label. Labels count from 0, so label 0 means the first "
        "column and no - 1 is needed.",
        "return -log_p[rows, labels - 1].mean()",
    ),
    _cost(
        "own_best_class_instead_of_label",
        "You take the probability of the class with the highest score, and the labels play no part. A model "
        "that is sure and wrong must pay: take the probability at the label.",
        "return -log_p.max(dim=1).values.mean()",
    ),
    _cost(
        "minus_forgotten",
        "The sign is wrong: your loss gets smaller as the answers get worse. The logarithm of a probability "
        "is negative, so a minus goes in front (logsumexp minus the score at the label, not the other way).",
        "return log_p[rows, labels].mean()",
    ),
    _cost(
        "largest_not_given_back",
        "You subtract the largest score inside the log but not from the score at the label, so the two no "
        "longer belong together. Adding 3 to a whole row should change nothing; yours changes. Use the "
        "shifted scores in both places.",
        "shifted = z - z.max(dim=1, keepdim=True).values",
        "return (torch.log(torch.exp(shifted).sum(dim=1)) - z[rows, labels]).mean()",
    ),
    _cost(
        "label_shifted_alone",
        "You subtract the largest score from the score at the label, but not from the scores inside the log "
        "(or add it there once more). Use the shifted scores in both places.",
        "return (torch.logsumexp(z, dim=1) - z[rows, labels] + z.max(dim=1).values).mean()",
    ),
    _cost(
        "logsumexp_of_the_others",
        "You leave the label's own score out of the sum. The softmax divides by the sum over all classes, "
        "the label's included.",
        "others = z.masked_fill(torch.eye(z.shape[1])[labels] == 1, -torch.inf)",
        "return (torch.logsumexp(others, dim=1) - z[rows, labels]).mean()",
    ),
    _cost(
        "largest_instead_of_the_sum",
        "You take the largest score of the row for the ln of the sum of all exps. They are near for scores "
        "far apart, but two equal scores should cost ln 2: use torch.logsumexp.",
        "return (z.max(dim=1).values - z[rows, labels]).mean()",
    ),
    _cost(
        "softmax_twice",
        "The softmax is applied twice: once by you, once in log_softmax. The loss then cannot come near 0. "
        "Use the scores as they are.",
        "return -torch.log_softmax(torch.softmax(z, dim=1), dim=1)[rows, labels].mean()",
    ),
    _cost(
        "share_of_wrong_answers",
        "You count wrong answers. That is an accuracy turned round: it is flat almost everywhere, so it "
        "has no gradient to learn from. Use minus the log of the probability at the label.",
        "return (z.argmax(dim=1) != labels).float().mean()",
    ),
    _cost(
        "logarithm_to_base_2",
        "You use the logarithm to base 2. Here ln is meant, the natural logarithm: torch.log. Two equal "
        "scores cost 0.6931.",
        "return -log_p[rows, labels].mean() / math.log(2)",
    ),
    _cost(
        "logarithm_to_base_10",
        "You use the logarithm to base 10. Here ln is meant, the natural logarithm: torch.log. Two equal "
        "scores cost 0.6931.",
        "return -log_p[rows, labels].mean() / math.log(10)",
    ),
    _cost(
        "logarithm_of_the_mean",
        "You average the probabilities and take the logarithm afterwards. Take the logarithm of each row "
        "first, then the mean: the two are not the same.",
        "return -torch.log(log_p.exp()[rows, labels].mean())",
    ),
    _cost(
        "last_row_left_out",
        "Your sum stops before the last row but is divided by all of them. range(n) already ends at n - 1: "
        "no - 1 is needed.",
        "return -log_p[rows, labels][:-1].sum() / n",
    ),
    _cost(
        "squared_error_of_the_probabilities",
        "You square the differences of probabilities and one-hot table. The cost is the logarithm: -ln p at "
        "the label.",
        "return ((log_p.exp() - torch.eye(z.shape[1])[labels]) ** 2).mean()",
    ),
)


def _overflowing(mistake: Mistake, kind: str, softmax: str) -> Mistake:
    """Return a mistake as it looks with the logarithm of a softmax, which float32 turns into inf or nan."""
    sentence = f"{mistake.sentence} And log(0) or exp(1000) spoils far scores: use log_softmax."
    source = mistake.source.replace("torch.log_softmax(z, dim=1)", f"torch.log({softmax})")
    source = source.replace("torch.log_softmax(z, dim=0)", f"torch.log({softmax.replace('dim=1', 'dim=0')})")
    return Mistake("cross_entropy", f"{mistake.name}, and {kind}", sentence, source)


OFTEN = (
    *(
        "softmax_down_the_columns",
        "minus_forgotten",
        "sum_instead_of_mean",
        "divided_by_the_classes_too",
        "not_averaged",
    ),
    *("all_labels_from_every_row", "labels_counted_from_1", "all_classes_counted", "first_row_only"),
)
TOGETHER = tuple(
    _overflowing(mistake, kind, softmax)
    for mistake in COSTS
    if mistake.name in OFTEN
    for kind, softmax in (
        ("log of 0", "torch.softmax(z, dim=1)"),
        ("overflow", "torch.exp(z) / torch.exp(z).sum(dim=1, keepdim=True)"),
    )
)
