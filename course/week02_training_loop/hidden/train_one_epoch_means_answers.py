"""Typical mistakes in what train_one_epoch returns: which mean it is, and of what kind."""

from autograder.model import Mistake

SOURCE = """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    {start}
    for inputs, targets in loader:
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        optimizer.step()
        {body}
    {end}
"""


def _mean(
    name: str,
    sentence: str,
    end: str,
    body: str = "total += loss.item() * len(targets); rows += len(targets)",
    start: str = "total, rows = 0.0, 0",
) -> Mistake:
    """Return a mistake in what is kept before the loop, after each batch and at the end."""
    source = SOURCE.format(start=start, body=body, end=end)
    return Mistake("train_one_epoch", name, sentence, source)


LISTS = "losses, sizes = [], []"
APPEND = "losses.append(loss.item()); sizes.append(len(targets))"
ALL = "total / rows"

MISTAKES = (
    _mean(
        "mean_of_batch_means",
        "You return the mean of the batch means, so a last batch of one row counts as much as a full one. "
        "Multiply each loss by its number of rows, and divide by all rows.",
        "return sum(losses) / len(losses)",
        APPEND,
        LISTS,
    ),
    _mean(
        "divided_by_the_length_of_the_loader",
        "You divide the sum of the batch means by the number of batches, so small batches count too much, "
        "and a loader without a length stops you. Multiply by rows, and count the rows that come.",
        "return total / len(loader)",
        "total += loss.item()",
    ),
    _mean(
        "rows_divided_by_batches",
        "You add up the losses of all rows, and divide by the number of batches. Divide by the number of "
        "rows that came.",
        "return total / batches",
        "total += loss.item() * len(targets); batches += 1",
        "total, batches = 0.0, 0",
    ),
    _mean(
        "means_divided_by_rows",
        "You add up batch means and divide by rows: 1.187 in the worked example. Multiply each loss by its "
        "number of rows before you add it.",
        f"return {ALL}",
        "total += loss.item(); rows += len(targets)",
    ),
    _mean(
        "sum_over_the_rows",
        "You return the sum over all rows. A mean is asked for: divide by the number of rows that came.",
        "return total",
    ),
    _mean(
        "sum_of_the_means",
        "You return the sum of the batch means. Multiply each by its number of rows, and divide by all rows.",
        "return total",
        "total += loss.item()",
    ),
    _mean(
        "all_rows_of_the_data_set",
        "You divide by len(loader.dataset). A list has no dataset, and with drop_last some of its rows never "
        "come: count the rows that do.",
        "return total / len(loader.dataset)",
    ),
    _mean(
        "nominal_batch_size",
        "You multiply by loader.batch_size. A list has none, and the last batch may be smaller: ask each "
        "batch for its own len(targets).",
        f"return {ALL}",
        "total += loss.item() * loader.batch_size; rows += len(targets)",
    ),
    _mean(
        "size_of_the_first_batch",
        "You multiply every loss by the size of the first batch. Each batch has its own: len(targets), "
        "asked anew each time.",
        f"return {ALL}",
        "size = size or len(targets); total += loss.item() * size; rows += len(targets)",
        "total, rows, size = 0.0, 0, 0",
    ),
    _mean(
        "last_batch_alone",
        "You return the loss of the last batch alone. Keep a sum and a count over all batches: set both to 0 "
        "once, before the loop, and add to them in it.",
        "return loss.item()",
    ),
    _mean(
        "overwritten_not_added",
        "Inside your loop the sum is overwritten, so only the last batch is in it. Write total += …, not "
        "total = ….",
        f"return {ALL}",
        "total = loss.item() * len(targets); rows += len(targets)",
    ),
    _mean(
        "count_overwritten_not_added",
        "Your count of rows is overwritten in each round, so you divide by the rows of the last batch. Write "
        "rows += len(targets).",
        f"return {ALL}",
        "total += loss.item() * len(targets); rows = len(targets)",
    ),
    _mean(
        "return_in_the_loop",
        "`return` stands inside the loop, so the function ends after the first batch. Move it to the left, "
        "behind the loop.",
        f"return {ALL}",
        "total += loss.item() * len(targets); rows += len(targets); return total / rows",
    ),
    _mean(
        "loss_after_the_step",
        "You compute the loss once more after the step, when the weights have already learned from the "
        "batch. Add up the loss that you went backward from.",
        f"return {ALL}",
        "total += criterion(model(inputs), targets).item() * len(targets); rows += len(targets)",
    ),
    _mean(
        "measured_again_at_the_end",
        "You measure the loss again when the epoch is over, with the last weights. The training loss is the "
        "mean of what the batches cost on the way.",
        "return sum(criterion(model(x), y).item() * len(y) for x, y in kept) / rows",
        "kept.append((inputs, targets)); rows += len(targets)",
        "kept, rows = [], 0",
    ),
    _mean(
        "tensor_with_its_graph",
        "You add up tensors, so the graph of every batch is kept, and a tensor comes back. Add up "
        "loss.item(), a plain number.",
        f"return {ALL}",
        "total = total + loss * len(targets); rows += len(targets)",
    ),
    _mean(
        "tensor_without_its_graph",
        "A tensor comes back where a plain float is asked for. Write loss.item() instead of loss.detach() or "
        "loss.data.",
        f"return {ALL}",
        "total = total + loss.detach() * len(targets); rows += len(targets)",
    ),
    _mean(
        "list_of_losses",
        "You return the list of the batch losses. One number for the whole epoch is asked for: their mean "
        "over all rows.",
        "return losses",
        "losses.append(loss.item())",
        "losses = []",
    ),
    _mean(
        "printed_not_returned",
        "You print the mean and hand nothing back, so None arrives. Write return before it.",
        "print(total / rows)",
    ),
    _mean(
        "nothing_but_the_model",
        "You return the model. It is trained in place, so the caller has it already: return the mean loss.",
        "return model",
    ),
    _mean(
        "two_results",
        "You return two things. The mean loss alone is asked for, a plain float.",
        "return total / rows, rows",
    ),
    _mean(
        "rounded",
        "You round the mean, so small progress disappears. Return it as it is, and round where you print.",
        "return round(total / rows, 1)",
    ),
    _mean(
        "loss_of_the_best_batch",
        "You return the smallest loss of a batch. The mean over all rows is asked for.",
        "return min(losses)",
        APPEND,
        LISTS,
    ),
    _mean(
        "divided_by_the_inputs",
        "You divide by the number of inputs, rows times columns. A mean over samples divides by the rows.",
        "return total / numbers",
        "total += loss.item() * len(targets); numbers += inputs.numel()",
        "total, numbers = 0.0, 0",
    ),
    _mean(
        "rows_forgotten_in_the_count",
        "You multiply each loss by its rows, and count one for the rows of every batch that comes after the "
        "first. Count all rows: rows += len(targets).",
        f"return {ALL}",
        "total += loss.item() * len(targets); rows += len(targets) if rows == 0 else 1",
    ),
)
