"""Rarer mistakes in train_one_epoch."""

from functools import partial

from hidden.scenes import EPOCH

from autograder.checks.answers import changed

_epoch = partial(changed, "train_one_epoch", EPOCH)
TOTAL = "total, rows = total + loss.item() * len(targets), rows + len(targets)"
ALL = "return total / rows"
LOSS = "loss = criterion(model(inputs), targets)"

MISTAKES = (
    _epoch(
        "number_before_backward",
        "You turn the loss into a number before backward(), and a number has no graph. Keep the tensor for "
        "backward(), and use .item() only where you add up.",
        (LOSS, f"{LOSS}.item()"),
        ("loss.item() * len", "loss * len"),
    ),
    _epoch(
        "backward_twice",
        "You call backward() twice for each batch, so the gradients come out twice as large. Delete one of "
        "the two.",
        ("loss.backward()", "loss.backward(retain_graph=True); loss.backward()"),
    ),
    _epoch(
        "gradients_zeroed_by_hand",
        "You call zero_() on gradients that may be None: before the first backward() there are none. "
        "optimizer.zero_grad() minds that.",
        ("optimizer.zero_grad()", "[parameter.grad.zero_() for parameter in model.parameters()]"),
    ),
    _epoch(
        "cleared_from_the_second_batch_on",
        "You clear the gradients from the second batch on, so those from before the epoch reach the first "
        "step. Clear them for every batch.",
        ("optimizer.zero_grad()", "optimizer.zero_grad() if rows else None"),
    ),
    _epoch(
        "step_every_second_batch",
        "You step after every second batch. One step for each batch is asked for: zero_grad() and step() "
        "belong to every round.",
        ("optimizer.zero_grad()", "seen = rows and not seen"),
        ("total, rows = 0.0, 0", "total, rows, seen = 0.0, 0, False"),
        ("optimizer.step()", "(optimizer.step(), optimizer.zero_grad()) if seen else None"),
    ),
    _epoch(
        "step_in_the_first_batch_alone",
        "You step in the first batch alone. One step for each batch is asked for.",
        ("optimizer.step()", "optimizer.step() if rows == 0 else None"),
    ),
    _epoch(
        "first_batch_left_out",
        "You leave the first batch out. All batches train the model: go through all of them.",
        ("in loader:", "in list(loader)[1:] or list(loader):"),
    ),
    _epoch(
        "two_batches_and_no_more",
        "You stop before the loader is through. An epoch goes through all batches: delete the break.",
        ("in loader:", "in list(loader)[:2]:"),
    ),
    _epoch(
        "penalty_added",
        "You add a penalty on the weights to the loss. That is a good tool for later, but nobody asked for "
        "it here: use criterion(outputs, targets) as it is.",
        (LOSS, f"{LOSS} + 0.01 * sum((p**2).sum() for p in model.parameters())"),
    ),
    _epoch(
        "rate_made_smaller",
        "You lower the learning rate within the epoch. That is a good tool for later, but nobody asked for "
        "it here: leave the optimizer alone.",
        ("optimizer.step()", "optimizer.step(); optimizer.param_groups[0]['lr'] *= 0.5"),
    ),
    _epoch(
        "rate_of_ones_own",
        "You set a learning rate of your own. The optimizer brings its rate along: leave it alone.",
        ("model.train()", "model.train(); optimizer.param_groups[0]['lr'] = 0.01"),
    ),
    _epoch(
        "outputs_flattened",
        "You flatten the outputs, so their shape no longer fits that of the targets. Hand them to the "
        "criterion as they come.",
        ("model(inputs)", "model(inputs).flatten()"),
    ),
    _epoch(
        "softmax_before_the_criterion",
        "You put a softmax behind the model. The criterion takes the outputs as they are; cross-entropy has "
        "its own softmax inside.",
        ("model(inputs)", "model(inputs).softmax(dim=1)"),
    ),
    _epoch(
        "inputs_and_targets_exchanged",
        "Each batch is (inputs, targets), and you take it apart the other way round. Write for inputs, "
        "targets in loader.",
        ("for inputs, targets", "for targets, inputs"),
    ),
    _epoch(
        "data_set_instead_of_batches",
        "You walk through loader.dataset, which holds single rows; a list has none. Walk through the loader "
        "itself.",
        ("in loader:", "in loader.dataset:"),
    ),
    _epoch(
        "one_row_too_many",
        "You divide by one more than the rows that came. Begin counting at 0.",
        (ALL, "return total / (rows + 1)"),
    ),
    _epoch(
        "one_row_too_few",
        "You divide by one less than the rows, as for a variance. A mean divides by all of them.",
        (ALL, "return total / (rows - 1)"),
    ),
    _epoch(
        "percent",
        "You multiply the mean by 100. A loss is no percentage: return it as it is.",
        (ALL, "return 100 * total / rows"),
    ),
    _epoch(
        "root_at_the_end",
        "You take the root of the mean. The mean itself is asked for, in the unit of the criterion.",
        (ALL, "return (total / rows) ** 0.5"),
    ),
    _epoch(
        "text",
        "You return text. A plain float is asked for: format it where you print.",
        (ALL, 'return f"{total / rows:.4f}"'),
    ),
    _epoch(
        "dictionary",
        "You return a dictionary. The mean loss alone is asked for, a plain float.",
        (ALL, 'return {"loss": total / rows}'),
    ),
    _epoch(
        "yield_instead_of_return",
        "With yield your function becomes a generator, of which nothing runs until somebody walks through "
        "it. Write return.",
        (ALL, "yield total / rows"),
    ),
    _epoch(
        "loss_of_the_first_batch",
        "You return the loss of the first batch. Keep a running sum over all batches, and divide it by the "
        "rows that came.",
        (TOTAL, "total, rows = total if rows else loss.item(), 1"),
    ),
    _epoch(
        "loss_of_the_worst_batch",
        "You return the largest loss of a batch. The mean over all rows is asked for.",
        (TOTAL, "total, rows = max(total, loss.item()), 1"),
    ),
    _epoch(
        "running_average_that_forgets",
        "Your average forgets: 0.9 times the old value, 0.1 times the new one. The plain mean over all rows "
        "is asked for.",
        (TOTAL, "total, rows = 0.9 * total + 0.1 * loss.item(), 1"),
    ),
)
