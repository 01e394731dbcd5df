"""Typical mistakes in huber, and right answers that are written differently."""

from autograder.model import Mistake, Variant

MISTAKES = (
    Mistake(
        "huber",
        "no_absolute_value",
        "You compare the signed error with delta, so an error of -3 counts as small and gets the square. "
        "Look at huber([-3], [0]) next to huber([3], [0]): they should agree. Take the absolute value of "
        "the error first.",
        """
def huber(pred, target, delta=1.0):
    error = pred - target
    return torch.where(error <= delta, 0.5 * error**2, delta * (error - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "sum_instead_of_mean",
        "You add up the costs where the mean is asked for, so the loss grows with the size of the batch. "
        "Give it the same error once and twice: the answer should not change. Use .mean() instead of "
        ".sum().",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).sum()
""",
    ),
    Mistake(
        "huber",
        "half_forgotten",
        "Small errors cost ½·e², you charge e². You can see it at the seam: an error just below delta "
        "should cost about as much as one just above. Put the ½ before the square.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "delta_not_used",
        "Your function never looks at delta: the seam always lies at 1. Compare huber([3], [0], 1) with "
        "huber([3], [0], 10). Replace each fixed number by delta.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= 1.0, 0.5 * size**2, size - 0.5).mean()
""",
    ),
    Mistake(
        "huber",
        "straight_line_starts_too_high",
        "Beyond delta you charge delta·|e|, which makes a jump where the two parts meet. Try the errors "
        "0.99 and 1.01. The line is delta·(|e| - ½·delta): the subtracted part makes it continue the "
        "parabola.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * size).mean()
""",
    ),
    Mistake(
        "huber",
        "slope_without_delta",
        "Beyond delta your line has the slope 1, but its slope should be delta. With delta = 1 nobody "
        "notices: try huber([3], [0], 2), which is 4. Multiply the whole bracket by delta.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, size - 0.5 * delta).mean()
""",
    ),
    Mistake(
        "huber",
        "branches_swapped",
        "The two parts have changed places: small errors get the line and large ones the square. Read the "
        "arguments of torch.where aloud: condition, value if true, value if false.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size > delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "only_the_square",
        "Every error gets the square, so this is half the MSE and an outlier rules it. Try huber([100], "
        "[0]): it should be 99.5. Add the straight line for errors beyond delta.",
        """
def huber(pred, target, delta=1.0):
    return (0.5 * (pred - target) ** 2).mean()
""",
    ),
    Mistake(
        "huber",
        "plain_float",
        "The number is right, but .item() (or float()) turns the tensor into a plain number and cuts the "
        "gradient: loss.backward() cannot work. Return the tensor itself.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean().item()
""",
    ),
    Mistake(
        "huber",
        "detached",
        "The number is right, but .detach() (or .data) separates it from the predictions, so no gradient "
        "reaches the model and it would never learn. Leave the detach out.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).detach().abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "one_decision_for_the_batch",
        "You decide once for the whole batch, from the mean error, whether errors are small. One outlier "
        "then changes the rule for all others. Decide for each error by itself: torch.where does that.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    if size.mean() <= delta:
        return (0.5 * size**2).mean()
    return (delta * (size - 0.5 * delta)).mean()
""",
    ),
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
        "smooth_l1",
        "smooth_l1_loss is the Huber loss divided by delta, so the two agree only for delta = 1. Try "
        "huber([3], [0], 10), which is 4.5. Use the formula of the instructions.",
        """
def huber(pred, target, delta=1.0):
    return torch.nn.functional.smooth_l1_loss(pred, target, beta=delta)
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
        "mean_over_one_axis",
        "mean(dim=0) averages over the rows only: a table of errors gives one number a column instead of "
        "one number. Try it on a 2 × 3 table. Use .mean() without an axis.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean(dim=0)
""",
    ),
    Mistake(
        "huber",
        "no_absolute_value_other_sign",
        "You compare the signed error target - pred with delta, so a prediction that is 3 too high counts "
        "as small. Look at huber([3], [0]) next to huber([-3], [0]): they should agree. Take the absolute "
        "value first.",
        """
def huber(pred, target, delta=1.0):
    error = target - pred
    return torch.where(error <= delta, 0.5 * error**2, delta * (error - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "divided_by_the_rows",
        "len(pred) counts the rows of a table, not its elements, so a table of errors costs too much. "
        "Divide by pred.numel(), or use .mean().",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).sum() / len(pred)
""",
    ),
    Mistake(
        "huber",
        "if_on_a_whole_tensor",
        "`if` needs one yes or no, but size <= delta has one for each error. With a single error it "
        "works, with two it raises. torch.where decides for each error by itself.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    if size <= delta:
        return (0.5 * size**2).mean()
    return (delta * (size - 0.5 * delta)).mean()
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
)

VARIANTS = (
    Variant(
        "huber",
        "torch_where",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).mean()
""",
    ),
    Variant(
        "huber",
        "clamped_part_and_rest",
        """
def huber(pred, target, delta=1.0):
    size = torch.abs(target - pred)
    part = size.clamp(max=delta)
    return torch.mean(part * (size - part / 2))
""",
    ),
    Variant(
        "huber",
        "torch_function",
        """
def huber(pred, target, delta=1.0):
    return torch.nn.functional.huber_loss(pred, target, delta=delta)
""",
    ),
    Variant(
        "huber",
        "masks",
        """
def huber(pred, target, delta=1.0):
    e = pred - target
    small = e.abs() < delta
    total = (e[small] ** 2).sum() / 2 + delta * (e[~small].abs() - delta / 2).sum()
    return total / e.numel()
""",
    ),
    Variant(
        "huber",
        "loop",
        """
def huber(pred, target, delta=1.0):
    total = 0
    for p, t in zip(pred.reshape(-1), target.reshape(-1)):
        e = abs(p - t)
        if e <= delta:
            total = total + e * e / 2
        else:
            total = total + delta * (e - delta / 2)
    return total / pred.numel()
""",
    ),
)
