"""Typical mistakes in huber around the formula: averages, shapes, gradients, ready-made functions."""

from autograder.model import Mistake


def _end(name: str, sentence: str, end: str) -> Mistake:
    """Return a mistake that computes the cost of each error rightly, and then does this with it."""
    source = f"""
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    cost = torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))
    {end}
"""
    return Mistake("huber", name, sentence, source)


ENDS = (
    _end(
        "sum_instead_of_mean",
        "You add up the costs where the mean is asked for, so the loss grows with the size of the batch. "
        "Give it the same error once and twice: the answer should not change. Use .mean() instead of "
        ".sum().",
        "return cost.sum()",
    ),
    _end(
        "not_averaged",
        "You return one cost for each error. A loss is one number: add .mean() at the end.",
        "return cost",
    ),
    _end(
        "nothing_returned",
        "Your function computes the costs and ends without `return`, so None comes back. Return the mean.",
        "cost = cost.mean()",
    ),
    _end(
        "largest_cost",
        "You return the largest cost. The mean of all costs is asked for: use .mean().",
        "return cost.max()",
    ),
    _end(
        "median_of_the_costs",
        "You return the median of the costs, which hides half of the errors. Use .mean().",
        "return cost.median()",
    ),
    _end(
        "first_error_only",
        "Only the first error counts in your answer. A `return` inside a loop ends the function at once: add "
        "up all costs, then return their mean after the loop.",
        "return cost.flatten()[0]",
    ),
    _end(
        "last_error_only",
        "Only the last error counts in your answer. Inside a loop write total = total + cost, not total = "
        "cost, and divide by the number of errors at the end.",
        "return cost.flatten()[-1]",
    ),
    _end(
        "last_error_only_and_divided",
        "Inside your loop total is overwritten instead of added to, so only the last error counts, divided "
        "by n. Write total = total + cost.",
        "return cost.flatten()[-1] / cost.numel()",
    ),
    _end(
        "divided_by_one_less",
        "You divide by n - 1, as for a variance. The mean divides by n: use .mean().",
        "return cost.sum() / (cost.numel() - 1)",
    ),
    _end(
        "mean_over_one_axis",
        "mean(dim=0) averages over the rows only: a table of errors gives one number a column instead of "
        "one number. Try it on a 2 × 3 table. Use .mean() without an axis.",
        "return cost.mean(dim=0)",
    ),
    _end(
        "mean_over_the_second_axis",
        "mean(dim=1) needs a table, and gives one number a row instead of one number. Use .mean() without an "
        "axis: then any shape will do.",
        "return cost.mean(dim=1)",
    ),
    _end(
        "mean_over_the_last_axis",
        "mean(-1) averages over the last axis only: of a table, one number a row comes back. Use .mean() "
        "without an axis.",
        "return cost.mean(-1)",
    ),
    _end(
        "divided_by_the_rows",
        "len(pred) counts the rows of a table, not its elements, so a table of errors costs too much. "
        "Divide by pred.numel(), or use .mean().",
        "return cost.sum() / len(pred)",
    ),
    _end(
        "divided_by_the_columns",
        "shape[-1] is the length of the last axis, not the number of elements, so a table of errors costs "
        "too much. Divide by pred.numel(), or use .mean().",
        "return cost.sum() / pred.shape[-1]",
    ),
    _end(
        "two_means_added",
        "You average the small errors and the large ones separately and add the two means. All errors "
        "together are averaged: add up all costs and divide by the number of all errors.",
        "return sum(cost[part].mean() for part in (size <= delta, size > delta) if part.any())",
    ),
    _end(
        "two_means_with_an_empty_part",
        "You average the small errors and the large ones separately, and the mean of an empty part is nan. "
        "Add up all costs and divide by the number of all errors.",
        "return cost[size <= delta].mean() + cost[size > delta].mean()",
    ),
    _end(
        "plain_float",
        "The number is right, but .item() (or float()) turns the tensor into a plain number and cuts the "
        "gradient: loss.backward() cannot work. Return the tensor itself.",
        "return cost.mean().item()",
    ),
    _end(
        "detached",
        "The number is right, but .detach() (or .data, or torch.no_grad) separates it from the predictions, "
        "so no gradient reaches the model and it would never learn. Leave it out.",
        "return cost.mean().detach()",
    ),
    _end(
        "new_tensor",
        "torch.tensor(…) makes a new tensor that knows nothing of the predictions, with requires_grad=True "
        "as well, so no gradient reaches them. Return the computed tensor itself.",
        "return torch.tensor(cost.mean().item(), requires_grad=True)",
    ),
    _end(
        "one_decision_for_the_batch",
        "You decide once for the whole batch, from the mean error, whether errors are small. One outlier "
        "then changes the rule for all others. Decide for each error by itself: torch.where does that.",
        "return (0.5 * size**2 if size.mean() <= delta else delta * (size - 0.5 * delta)).mean()",
    ),
    _end(
        "one_decision_by_the_largest",
        "As soon as one error is large, all of them get the straight line. Decide for each error by itself: "
        "torch.where does that.",
        "return (0.5 * size**2 if size.max() <= delta else delta * (size - 0.5 * delta)).mean()",
    ),
    _end(
        "applied_to_the_mean_error",
        "You average the errors first and take the cost of this one mean. Each error has its own cost: "
        "compute the costs first, then average them.",
        "size = size.mean()\n"
        "    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))",
    ),
    _end(
        "if_on_a_whole_tensor",
        "`if` needs one yes or no, but size <= delta has one for each error. With a single error it "
        "works, with two it raises. torch.where decides for each error by itself.",
        "return (0.5 * size**2 if size <= delta else delta * (size - 0.5 * delta)).mean()",
    ),
    _end(
        "ready_made_loss",
        "The number is right, but this exercise is about writing the loss yourself: with a ready-made loss "
        "you keep half of the marks. Write the two parts of the formula.",
        "return torch.nn.functional.huber_loss(pred, target, delta=delta)",
    ),
    _end(
        "ready_made_loss_without_delta",
        "You hand the work to a ready-made loss, and delta never reaches it: its border always lies at 1. "
        "Write the two parts of the formula yourself, with delta in both.",
        "return torch.nn.functional.huber_loss(pred, target)",
    ),
    _end(
        "smooth_l1",
        "smooth_l1_loss is the Huber loss divided by delta, so the two agree only for delta = 1. Try "
        "huber([3], [0], 10), which is 4.5. Write the formula of the instructions yourself.",
        "return torch.nn.functional.smooth_l1_loss(pred, target, beta=delta)",
    ),
)

OTHERS = (
    Mistake(
        "huber",
        "every_prediction_with_every_target",
        "The shapes (n, 1) and (n,) broadcast to a table of n × n errors: each prediction meets every "
        "target. Print the shape of pred - target; it should be the shape of pred. Leave out the reshape.",
        """
def huber(pred, target, delta=1.0):
    size = (pred.reshape(-1, 1) - target.reshape(-1)).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "predictions_changed",
        "pred -= target writes the errors into the tensor that you were given, so the caller's "
        "predictions are gone. Look at pred after the call. Write error = pred - target instead.",
        """
def huber(pred, target, delta=1.0):
    pred -= target
    size = pred.abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "targets_changed",
        "target -= pred writes the errors into the tensor that you were given, so the caller's targets are "
        "gone. Look at target after the call. Write error = target - pred instead.",
        """
def huber(pred, target, delta=1.0):
    target -= pred
    size = target.abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "root_of_the_square",
        "The root of the square is the absolute value, but its slope at an error of exactly 0 is nan "
        "(0 · inf), and one such nan spoils all weights. Use .abs().",
        """
def huber(pred, target, delta=1.0):
    size = torch.sqrt((pred - target) ** 2)
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "loop_over_rows",
        "Your loop takes the first axis apart: of a table it yields whole rows, and `if` cannot decide on a "
        "row. Loop over pred.flatten() and target.flatten(), or use torch.where.",
        """
def huber(pred, target, delta=1.0):
    total = 0.0
    for p, t in zip(pred, target):
        e = abs(p - t)
        total = total + (0.5 * e**2 if e <= delta else delta * (e - 0.5 * delta))
    return total / len(pred)
""",
    ),
    Mistake(
        "huber",
        "return_inside_the_loop",
        "A `return` inside the loop ends the function at the first error, so only that one counts. Loop over "
        "pred.flatten() and target.flatten(), add up all costs, and return their mean after the loop.",
        """
def huber(pred, target, delta=1.0):
    for p, t in zip(pred, target):
        e = abs(p - t)
        if e <= delta:
            return 0.5 * e**2
        return delta * (e - 0.5 * delta)
""",
    ),
    Mistake(
        "huber",
        "default_changed",
        "The default of delta is no longer 1.0, so huber(pred, target) answers for another border. Keep the "
        "first line as it was given: def huber(pred, target, delta=1.0).",
        """
def huber(pred, target, delta=0.5):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "computed_in_numpy",
        "The numbers are right, but .numpy() refuses tensors that need a gradient, so no model can be "
        "trained with it. Use the torch functions of the same names: torch.abs, torch.where.",
        """
def huber(pred, target, delta=1.0):
    size = abs(pred.numpy() - target.numpy())
    return (0.5 * size**2 * (size <= delta) + delta * (size - 0.5 * delta) * (size > delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "argument_renamed",
        "The third argument has another name than delta, so huber(pred, target, delta=2.0) fails. Keep the "
        "first line as it was given: def huber(pred, target, delta=1.0).",
        """
def huber(pred, target, d=1.0):
    size = (pred - target).abs()
    return torch.where(size <= d, 0.5 * size**2, d * (size - 0.5 * d)).mean()
""",
    ),
    Mistake(
        "huber",
        "default_lost",
        "The default of delta is gone, so huber(pred, target) fails. Keep the first line as it was given: "
        "def huber(pred, target, delta=1.0).",
        """
def huber(pred, target, delta):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
)
