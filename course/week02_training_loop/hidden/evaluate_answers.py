"""Typical mistakes in what evaluate returns: which mean, which fraction, of what kind."""

from autograder.model import Mistake

SOURCE = """
def evaluate(model, loader, criterion):
    model.eval()
    {start}
    with torch.no_grad():
        for inputs, labels in loader:
            outputs = model(inputs)
            {body}
    {end}
"""
LOSS = "total += criterion(outputs, labels).item() * len(labels)"
HITS = "right += (outputs.argmax(dim=1) == labels).sum().item()"
ROWS = "rows += len(labels)"
ALL = f"{LOSS}; {HITS}; {ROWS}"
LISTS = "losses, hits, sizes = [], [], []"
APPEND = (
    "losses.append(criterion(outputs, labels).item()); "
    "hits.append((outputs.argmax(dim=1) == labels).float().mean().item()); sizes.append(len(labels))"
)


def _mean(
    name: str,
    sentence: str,
    end: str = "return total / rows, right / rows",
    body: str = ALL,
    start: str = "total, right, rows = 0.0, 0, 0",
) -> Mistake:
    """Return a mistake in what is kept before the loop, for each batch and at the end."""
    return Mistake("evaluate", name, sentence, SOURCE.format(start=start, body=body, end=end))


def _hits(name: str, sentence: str, hits: str) -> Mistake:
    """Return a mistake in which rows are counted as right."""
    return _mean(name, sentence, body=f"{LOSS}; {hits}; {ROWS}")


MEANS = (
    _mean(
        "both_means_of_batch_means",
        "You average over batches, so one row in a small last batch counts as much as many in a full one. "
        "Weigh each batch by its rows, and divide by all rows.",
        "return sum(losses) / len(losses), sum(hits) / len(hits)",
        APPEND,
        LISTS,
    ),
    _mean(
        "loss_a_mean_of_batch_means",
        "Your accuracy counts rows, but your loss is the mean of the batch means. Multiply each batch's loss "
        "by its rows before you add it.",
        "return total / batches, right / rows",
        f"total += criterion(outputs, labels).item(); batches += 1; {HITS}; {ROWS}",
        "total, batches, right, rows = 0.0, 0, 0, 0",
    ),
    _mean(
        "accuracy_a_mean_of_batch_means",
        "Your loss weighs the batches by their rows, but your accuracy does not. Count the right rows of all "
        "batches, and divide by all rows.",
        "return total / rows, right / batches",
        f"{LOSS}; {ROWS}; batches += 1; right += (outputs.argmax(dim=1) == labels).float().mean().item()",
        "total, batches, right, rows = 0.0, 0, 0, 0",
    ),
    _mean(
        "divided_by_the_length_of_the_loader",
        "You divide by len(loader), the number of batches, which not every loader can tell. Count the rows "
        "in the loop, and divide both sums by them.",
        "return total / len(loader), right / rows",
        f"total += criterion(outputs, labels).item(); {HITS}; {ROWS}",
    ),
    _mean(
        "both_divided_by_batches",
        "You add up over rows and divide by the number of batches. Divide both sums by the number of rows.",
        "return total / batches, right / batches",
        f"{LOSS}; {HITS}; batches += 1",
        "total, batches, right = 0.0, 0, 0",
    ),
    _mean(
        "accuracy_divided_by_batches",
        "You divide the right rows by the number of batches, so the accuracy exceeds 1. Divide by the number "
        "of rows.",
        "return total / rows, right / batches",
        f"{ALL}; batches += 1",
        "total, batches, right, rows = 0.0, 0, 0, 0",
    ),
    _mean(
        "loss_divided_by_rows_twice",
        "You add up batch means, which are means already, and divide them by the rows. Multiply each by its "
        "number of rows first.",
        body=f"total += criterion(outputs, labels).item(); {HITS}; {ROWS}",
    ),
    _mean(
        "loss_not_divided",
        "Your loss is the sum over all rows. Divide it by their number, as you do for the accuracy.",
        "return total, right / rows",
    ),
    _mean(
        "sum_of_the_batch_losses",
        "Your loss is the sum of the batch means. Multiply each by its rows, and divide the sum by all rows.",
        "return total, right / rows",
        f"total += criterion(outputs, labels).item(); {HITS}; {ROWS}",
    ),
    _mean(
        "all_rows_of_the_data_set",
        "You ask for len(loader.dataset), and a list of batches has none. Count the rows that come: rows += "
        "len(labels).",
        "return total / len(loader.dataset), right / len(loader.dataset)",
    ),
    _mean(
        "size_of_the_first_batch",
        "You multiply every loss by the size of the first batch. Each batch has its own: len(labels), asked "
        "anew each time.",
        body=f"size = size or len(labels); total += criterion(outputs, labels).item() * size; {HITS}; {ROWS}",
        start="total, right, rows, size = 0.0, 0, 0, 0",
    ),
    _mean(
        "last_batch_alone",
        "You return the numbers of the last batch. Keep sums over all batches, set to 0 once, before the "
        "loop.",
        "return losses[-1], hits[-1]",
        APPEND,
        LISTS,
    ),
    _mean(
        "loss_of_the_last_batch",
        "Your loss is that of the last batch, since it is overwritten in each round. Write total += …, not "
        "total = ….",
        "return total, right / rows",
        f"total = criterion(outputs, labels).item(); {HITS}; {ROWS}",
    ),
    _mean(
        "right_rows_of_the_last_batch",
        "Your count of right rows is overwritten in each round, so only the last batch is in it. Write right "
        "+= …, not right = ….",
        body=f"{LOSS}; right = (outputs.argmax(dim=1) == labels).sum().item(); {ROWS}",
    ),
    _mean(
        "rows_of_the_last_batch",
        "Your count of rows is overwritten in each round, so you divide by the last batch. Write rows += "
        "len(labels).",
        body=f"{LOSS}; {HITS}; rows = len(labels)",
    ),
    _mean(
        "return_in_the_loop",
        "`return` stands inside the loop, so only the first batch is measured. Move it to the left, behind "
        "the loop.",
        body=f"{ALL}; return total / rows, right / rows",
    ),
    _mean(
        "percent",
        "Your accuracy is in percent. A fraction between 0 and 1 is asked for: leave the 100 out.",
        "return total / rows, 100 * right / rows",
    ),
    _mean(
        "count_of_right_rows",
        "You return how many rows are right. Divide by the number of rows.",
        "return total / rows, float(right)",
    ),
    _mean(
        "fraction_of_wrong_rows",
        "You return the fraction of wrong rows. Count those where the largest output stands at the label.",
        "return total / rows, 1 - right / rows",
    ),
    _mean(
        "swapped",
        "You return (accuracy, loss). The loss comes first.",
        "return right / rows, total / rows",
    ),
    _mean(
        "accuracy_rounded_down",
        "Your accuracy is 0 unless all rows are right: // and int() drop what stands behind the point. "
        "Divide with /.",
        "return total / rows, float(right // rows)",
    ),
    _mean(
        "rounded",
        "You round both numbers, so small progress disappears. Return them as they are, and round where you "
        "print.",
        "return round(total / rows, 1), round(right / rows, 1)",
    ),
    _mean(
        "tensors",
        "Tensors come back where plain floats are asked for. End both with .item().",
        body=f"total = total + criterion(outputs, labels) * len(labels); "
        f"right = right + (outputs.argmax(dim=1) == labels).sum(); {ROWS}",
    ),
    _mean(
        "accuracy_a_tensor",
        "Your accuracy is a tensor, where a plain float is asked for: .sum() of a comparison is one. Add "
        ".item().",
        body=f"{LOSS}; right = right + (outputs.argmax(dim=1) == labels).sum(); {ROWS}",
    ),
    _mean(
        "loss_a_tensor",
        "Your loss is a tensor, where a plain float is asked for. Add up criterion(…).item().",
        body=f"total = total + criterion(outputs, labels) * len(labels); {HITS}; {ROWS}",
    ),
    _mean(
        "loss_alone",
        "You return the loss alone. Two numbers are asked for: return loss, accuracy.",
        "return total / rows",
    ),
    _mean(
        "printed_not_returned",
        "You print the numbers and hand nothing back, so None arrives. Write return before them.",
        "print(total / rows, right / rows)",
    ),
    _mean(
        "dictionary",
        "You return a dictionary. Two numbers are asked for: return loss, accuracy.",
        'return {"loss": total / rows, "accuracy": right / rows}',
    ),
    _mean(
        "three_results",
        "You return three things. Two are asked for: return loss, accuracy.",
        "return total / rows, right / rows, rows",
    ),
)
RIGHT = (
    _hits(
        "argmax_down_the_columns",
        "Your argmax runs down the columns (dim=0): it picks a row for each class. One class for each row is "
        "asked for: argmax(dim=1).",
        "right += (outputs.argmax(dim=0) == labels).sum().item()",
    ),
    _hits(
        "argmax_over_the_whole_table",
        "argmax() without dim gives one place in the whole table. Write argmax(dim=1): one class for each "
        "row.",
        "right += (outputs.argmax() == labels).sum().item()",
    ),
    _hits(
        "smallest_output",
        "You pick the smallest output. The class with the largest one is the answer: argmax(dim=1).",
        "right += (outputs.argmin(dim=1) == labels).sum().item()",
    ),
    _hits(
        "largest_value_compared",
        "You compare the largest outputs themselves with the labels. Compare their places: argmax(dim=1), or "
        "the second part of outputs.max(dim=1).",
        "right += (outputs.max(dim=1).values == labels).sum().item()",
    ),
    _hits(
        "threshold_instead_of_argmax",
        "You ask which outputs are above a threshold, as for yes or no. Of several classes the one with the "
        "largest output is the answer: argmax(dim=1).",
        "right += ((torch.sigmoid(outputs) > 0.5) == labels).sum().item()",
    ),
    _hits(
        "label_above_the_threshold",
        "You count rows whose output at the label is above a threshold; another output may be larger still. "
        "Compare argmax(dim=1) with the labels.",
        "right += (outputs.softmax(dim=1)[torch.arange(len(labels)), labels] > 0.5).sum().item()",
    ),
    _hits(
        "probability_of_the_label",
        "You add up the probabilities of the labels. For the accuracy a row is right or wrong: compare "
        "argmax(dim=1) with the labels.",
        "right += outputs.softmax(dim=1)[torch.arange(len(labels)), labels].sum().item()",
    ),
    _hits(
        "top_two",
        "You count a row as right if its label is among the two largest outputs. Only the largest one "
        "counts: argmax(dim=1).",
        "right += (outputs.topk(2, dim=1).indices == labels[:, None]).any(dim=1).sum().item()",
    ),
    _hits(
        "all_or_nothing",
        "You count a batch as right only if all of its rows are. Count the rows: .sum() instead of .all().",
        "right += len(labels) * (outputs.argmax(dim=1) == labels).all().item()",
    ),
    _hits(
        "mean_added_to_the_count",
        "You add the fraction of each batch to your count of rows, and divide by the rows once more. Use "
        ".sum(), not .mean().",
        "right += (outputs.argmax(dim=1) == labels).float().mean().item()",
    ),
    _hits(
        "labels_counted",
        "You count labels that are not 0, not rows that are right. Compare argmax(dim=1) with the labels.",
        "right += (labels > 0).sum().item()",
    ),
    _hits(
        "predictions_always_compared_with_the_first_label",
        "You compare all predictions with the first label of the batch. Each row has its own: compare with "
        "labels.",
        "right += (outputs.argmax(dim=1) == labels[0]).sum().item()",
    ),
)
