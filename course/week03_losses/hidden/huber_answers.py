"""Typical mistakes in the formula of huber: what an error costs, and how the costs become one number."""

from autograder.model import Mistake


def _formula(
    name: str,
    sentence: str,
    size: str = "(pred - target).abs()",
    border: str = "size <= delta",
    small: str = "0.5 * size**2",
    large: str = "delta * (size - 0.5 * delta)",
    end: str = "cost.mean()",
) -> Mistake:
    """Return a mistake that differs from the right formula in one place."""
    source = f"""
def huber(pred, target, delta=1.0):
    size = {size}
    cost = torch.where({border}, {small}, {large})
    return {end}
"""
    return Mistake("huber", name, sentence, source)


COSTS = (
    _formula(
        "no_absolute_value",
        "You compare the signed error with delta, so an error of -3 counts as small and gets the square. "
        "Look at huber([-3], [0]) next to huber([3], [0]): they should agree. Take the absolute value of "
        "the error first.",
        size="pred - target",
    ),
    _formula(
        "no_absolute_value_other_sign",
        "You compare the signed error target - pred with delta, so a prediction that is 3 too high counts "
        "as small. Look at huber([3], [0]) next to huber([-3], [0]): they should agree. Take the absolute "
        "value first.",
        size="target - pred",
    ),
    _formula(
        "absolute_value_only_in_the_border",
        "The comparison uses the size of the error, but the straight line uses its sign, so a prediction "
        "that is 3 too low gets a negative cost. Use the absolute value in the line, too.",
        size="pred - target",
        border="size.abs() <= delta",
    ),
    _formula(
        "absolute_value_only_in_the_border_other_sign",
        "The comparison uses the size of the error, but the straight line uses target - pred with its sign, "
        "so a prediction that is 3 too high gets a negative cost. Use the absolute value there, too.",
        size="target - pred",
        border="size.abs() <= delta",
    ),
    _formula(
        "sizes_subtracted",
        "You subtract the sizes of prediction and target, so 2 and -2 look alike and cost nothing. Subtract "
        "first, then take the absolute value: (pred - target).abs().",
        size="(pred.abs() - target.abs()).abs()",
    ),
    _formula(
        "half_forgotten",
        "Small errors cost ½·e², you charge e². You can see it at the border: an error just below delta "
        "should cost about as much as one just above. Put the ½ before the square.",
        small="size**2",
    ),
    _formula(
        "small_errors_not_squared",
        "Up to delta you charge ½·|e|. Small errors cost half their square, ½·e²: an error of 0.5 costs "
        "0.125.",
        small="0.5 * size",
    ),
    _formula(
        "small_errors_by_their_size",
        "Up to delta you charge the size of the error, |e|. Small errors cost half their square, ½·e²: an "
        "error of 0.5 costs 0.125.",
        small="size",
    ),
    _formula(
        "half_squared_too",
        "You square the ½ together with the error: (0.5·e)² is ¼·e². Square only the error: 0.5 * error**2.",
        small="(0.5 * size) ** 2",
    ),
    _formula(
        "delta_not_used",
        "Your function never looks at delta: the border always lies at 1. Compare huber([3], [0], 1) with "
        "huber([3], [0], 10). Replace each fixed number by delta.",
        border="size <= 1.0",
        large="size - 0.5",
    ),
    _formula(
        "border_fixed_at_1",
        "Your formulas use delta, but the comparison still asks whether the error is at most 1. Try "
        "huber([2], [0], 3), which is 2. Compare the size of the error with delta.",
        border="size <= 1.0",
    ),
    _formula(
        "delta_only_in_the_border",
        "You compare with delta, but the straight line is still that of delta = 1, |e| - 0.5. Try "
        "huber([3], [0], 2), which is 4. The line is delta·(|e| - ½·delta).",
        large="size - 0.5",
    ),
    _formula(
        "straight_line_starts_too_high",
        "Beyond delta you charge delta·|e|, which makes a jump where the two parts meet. Try the errors "
        "0.99 and 1.01. The line is delta·(|e| - ½·delta): the subtracted part makes it continue the "
        "parabola.",
        large="delta * size",
    ),
    _formula(
        "size_beyond_delta",
        "Beyond delta you charge just |e|. The line has the slope delta and continues the parabola: "
        "delta·(|e| - ½·delta). Try huber([3], [0], 1), which is 2.5.",
        large="size",
    ),
    _formula(
        "slope_without_delta",
        "Beyond delta your line has the slope 1, but its slope should be delta. With delta = 1 nobody "
        "notices: try huber([3], [0], 2), which is 4. Multiply the whole bracket by delta.",
        large="size - 0.5 * delta",
    ),
    _formula(
        "bracket_forgotten",
        "You subtract ½·delta where ½·delta² belongs (or, inside the bracket, ½ where ½·delta belongs). With "
        "delta = 1 nobody notices: try huber([3], [0], 2), which is 4. Write delta * (size - 0.5 * delta).",
        large="delta * size - 0.5 * delta",
    ),
    _formula(
        "half_of_delta_squared_in_the_bracket",
        "Inside the bracket you subtract ½·delta², so delta counts once too often. Either "
        "delta·(|e| - ½·delta) or delta·|e| - ½·delta² is right. Try huber([3], [0], 2), which is 4.",
        large="delta * (size - 0.5 * delta**2)",
    ),
    _formula(
        "whole_delta_subtracted",
        "In the straight line you subtract delta instead of ½·delta, so an error just beyond the border "
        "costs almost nothing. Try huber([3], [0], 1), which is 2.5.",
        large="delta * (size - delta)",
    ),
    _formula(
        "delta_subtracted_after_the_product",
        "You subtract delta from delta·|e| where ½·delta² belongs. Try huber([3], [0], 1), which is 2.5. "
        "Write delta * (size - 0.5 * delta).",
        large="delta * size - delta",
    ),
    _formula(
        "slope_without_delta_but_its_square",
        "You subtract the right number, ½·delta², but your line has the slope 1 where it should be delta. "
        "Try huber([3], [0], 2), which is 4. Write delta * (size - 0.5 * delta).",
        large="size - 0.5 * delta**2",
    ),
    _formula(
        "compared_with_the_square_of_delta",
        "You compare the size of the error with delta². At delta = 1 nobody notices: try huber([3], [0], 2), "
        "which is 4. Compare it with delta.",
        border="size <= delta**2",
    ),
    _formula(
        "line_with_half_the_slope",
        "Your straight line rises half as fast as it should: ½ belongs to delta inside the bracket, not in "
        "front of it. Try huber([3], [0], 1), which is 2.5.",
        large="0.5 * delta * (size - 0.5 * delta)",
    ),
    _formula(
        "added_instead_of_subtracted",
        "In the straight line you add ½·delta where it is subtracted. Then the line starts far above the "
        "parabola: try the errors 0.99 and 1.01.",
        large="delta * (size + 0.5 * delta)",
    ),
    _formula(
        "square_compared_with_delta",
        "You compare the square of the error with delta. At delta = 1 nobody notices: try "
        "huber([2], [0], 3), which is 2. Compare the size of the error, without the square.",
        border="size**2 <= delta",
    ),
    _formula(
        "compared_with_half_of_delta",
        "You put the border at half of delta. Errors up to delta itself get the square: try "
        "huber([0.8], [0], 1), which is 0.32.",
        border="size <= 0.5 * delta",
    ),
    _formula(
        "branches_swapped",
        "The two parts have changed places: small errors get the line and large ones the square. Read the "
        "arguments of torch.where aloud: condition, value if true, value if false.",
        border="size > delta",
    ),
    _formula(
        "only_the_square",
        "Every error gets the square, so this is half the MSE and an outlier rules it. Try huber([100], "
        "[0]): it should be 99.5. Add the straight line for errors beyond delta.",
        border="size >= 0",
    ),
    _formula(
        "only_the_line",
        "Every error gets the straight line, also the small ones, where it lies below the parabola and can "
        "be negative. (The smaller of the two formulas is always the line.) Choose by the size of the error.",
        border="size < 0",
    ),
    _formula(
        "mean_squared_error",
        "This is the MSE: every error is squared, and an outlier rules it. Huber takes ½·e² up to delta, and "
        "delta·(|e| - ½·delta) beyond.",
        end="(size**2).mean()",
    ),
    _formula(
        "mean_absolute_error",
        "This is the MAE: every error costs its size. Huber takes ½·e² up to delta, and "
        "delta·(|e| - ½·delta) beyond.",
        end="size.mean()",
    ),
    _formula(
        "root_of_the_mean_square",
        "This is the root of the MSE. Huber has no root: it takes ½·e² up to delta, and delta·(|e| - "
        "½·delta) beyond, and averages these costs.",
        end="(size**2).mean().sqrt()",
    ),
    _formula(
        "log_cosh",
        "log cosh has nearly the shape of Huber, but other values, no delta, and it overflows. Write the two "
        "parts: ½·e² up to delta, delta·(|e| - ½·delta) beyond.",
        end="torch.log(torch.cosh(size)).mean()",
    ),
    _formula(
        "error_clipped",
        "You clip the error at delta and square it, so all large errors cost the same, ½·delta², and the "
        "worst ones have no slope. Beyond delta the cost goes on in a straight line.",
        large="0.0 * size + 0.5 * delta**2",
    ),
    _formula(
        "large_errors_are_free",
        "Errors beyond delta cost nothing in your function. They cost delta·(|e| - ½·delta).",
        large="0.0 * size",
    ),
    _formula(
        "small_errors_are_free",
        "Errors up to delta cost nothing in your function. They cost half their square, ½·e².",
        small="0.0 * size",
    ),
    _formula(
        "divided_by_delta",
        "Your loss is Huber divided by delta (torch calls that smooth L1), so the two agree only for delta = "
        "1. Try huber([3], [0], 10), which is 4.5.",
        small="0.5 * size**2 / delta",
        large="size - 0.5 * delta",
    ),
    _formula(
        "pseudo_huber",
        "This is the smooth cousin of the loss, with a root. It is near to Huber, but not the same: up to "
        "delta an error costs exactly ½·e². Write the two parts of the instructions.",
        end="(delta**2 * ((1 + (size / delta) ** 2) ** 0.5 - 1)).mean()",
    ),
    Mistake(
        "huber",
        "border_in_neither_part",
        "Small is < delta and large is > delta, so an error of exactly delta belongs to neither and costs 0. "
        "Try huber([1], [0]), which is 0.5. Use <= in one of the two.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    small, large = size < delta, size > delta
    return (small * 0.5 * size**2 + large * delta * (size - 0.5 * delta)).mean()
""",
    ),
    Mistake(
        "huber",
        "border_in_both_parts",
        "Small is <= delta and large is >= delta, so an error of exactly delta is charged twice. Try "
        "huber([1], [0]), which is 0.5. Use <= in only one of the two.",
        """
def huber(pred, target, delta=1.0):
    size = (pred - target).abs()
    small, large = size <= delta, size >= delta
    return (small * 0.5 * size**2 + large * delta * (size - 0.5 * delta)).mean()
""",
    ),
)
