"""Typical mistakes in clip_by_global_norm: which norm, and what it does to the arrays."""

from autograder.model import Mistake

NORM = "np.sqrt(sum(np.sum(g**2) for g in grads))"


def slip(
    name: str,
    sentence: str,
    norm: str = NORM,
    when: str = "norm > max_norm",
    clipped: str = "[g * (max_norm / norm) for g in grads]",
    stay: str = "[g.copy() for g in grads]",
    out: str = "return clipped, norm",
) -> Mistake:
    """Return a mistake that differs from a right answer in one place."""
    source = f"""
def clip_by_global_norm(grads, max_norm):
    norm = {norm}
    if {when}:
        clipped = {clipped}
    else:
        clipped = {stay}
    {out}
"""
    return Mistake("clip_by_global_norm", name, sentence, source)


NORMS = (
    slip(
        "no_root",
        "You return the sum of the squares. The norm is its root: math.sqrt(…).",
        norm="sum(np.sum(g**2) for g in grads)",
    ),
    slip(
        "sum_of_sizes",
        "You add up the sizes of all numbers. The norm is the root of the sum of their squares.",
        norm="sum(np.sum(np.abs(g)) for g in grads)",
    ),
    slip(
        "sum_of_norms",
        "You add up the norms of the arrays: 5 + 13 = 18 in the worked example. Add up the squares of all "
        "numbers, then take one root.",
        norm="sum(np.sqrt(np.sum(g**2)) for g in grads)",
    ),
    slip(
        "largest_norm",
        "You take the largest of the arrays' norms. All numbers count: one sum of squares, one root.",
        norm="max(np.sqrt(np.sum(g**2)) for g in grads)",
    ),
    slip(
        "mean_of_norms",
        "You average the norms of the arrays. All numbers count together: one sum of squares, one root.",
        norm="np.mean([np.sqrt(np.sum(g**2)) for g in grads])",
    ),
    slip(
        "largest_entry",
        "You take the largest number. The norm is the root of the sum of all squares.",
        norm="max(np.max(np.abs(g)) for g in grads)",
    ),
    slip(
        "mean_of_squares",
        "You take the root of the mean of the squares. The norm has their sum: it grows with the number of "
        "weights.",
        norm="np.sqrt(np.mean(np.concatenate([g.ravel() for g in grads]) ** 2))",
    ),
    slip(
        "mean_of_squares_in_each_array",
        "You average the squares in each array. Add them up: np.sum, and not np.mean.",
        norm="np.sqrt(sum(np.mean(g**2) for g in grads))",
    ),
    slip(
        "sum_without_squares",
        "You add up the numbers themselves, so plus and minus cancel. Square each of them first.",
        norm="abs(sum(np.sum(g) for g in grads))",
    ),
    slip(
        "squared_after_the_sum",
        "You square the sums of the arrays, and not the numbers: plus and minus cancel before. Write "
        "np.sum(g**2).",
        norm="np.sqrt(sum(np.sum(g) ** 2 for g in grads))",
    ),
    slip(
        "first_array_alone",
        "Your norm is that of the first array. All arrays count.",
        norm="np.sqrt(np.sum(grads[0] ** 2))",
    ),
    slip(
        "last_array_alone",
        "Your norm is that of the last array: begin the sum before the loop, and add to it with +=.",
        norm="np.sqrt([np.sum(g**2) for g in grads][-1])",
    ),
    slip(
        "roots_inside_and_outside",
        "You take a root in each array, and another one at the end. Take one, at the end.",
        norm="np.sqrt(sum(np.sqrt(np.sum(g**2)) for g in grads))",
    ),
    slip(
        "divided_by_the_number_of_arrays",
        "You divide the norm by the number of arrays. Leave it as it is.",
        norm=f"{NORM} / len(grads)",
    ),
    slip(
        "norm_of_a_list",
        "np.linalg.norm takes one array, and your list holds arrays of different shapes. Add up np.sum(g**2) "
        "in a loop.",
        norm="np.linalg.norm(grads)",
    ),
    slip(
        "concatenated_as_they_are",
        "np.concatenate wants arrays with equally many axes: flatten each with ravel().",
        norm="np.linalg.norm(np.concatenate(grads))",
    ),
    slip(
        "norm_of_a_matrix",
        "For a matrix np.linalg.norm(g, 2) is another norm, and without axes it fails. Use "
        "np.linalg.norm(g), or np.sum(g**2).",
        norm="np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads))",
    ),
    slip(
        "sum_with_an_axis",
        "Your sum of squares knows arrays with one axis alone, as with axis=0 or g @ g. np.sum(g**2) without "
        "an axis, adds up every shape.",
        norm="np.sqrt(sum(np.sum(g**2, axis=0) for g in grads))",
    ),
)
USES = (
    slip(
        "by_value",
        "You cut every number at the limit, which turns the direction. Multiply all of them by "
        "max_norm / norm.",
        clipped="[np.clip(g, -max_norm, max_norm) for g in grads]",
    ),
    slip(
        "always_scaled",
        "You scale below the limit, too, so small gradients grow (and zeros become nan). Scale only if the "
        "norm is above max_norm.",
        when="True",
    ),
    slip(
        "limit_forgotten",
        "You divide by the norm and forget the limit: the new norm is 1 whatever max_norm is. Multiply by "
        "max_norm / norm.",
        clipped="[g / norm for g in grads]",
    ),
    slip(
        "set_to_the_limit",
        "You set every number to the limit. Multiply by max_norm / norm.",
        clipped="[np.full_like(g, max_norm) for g in grads]",
    ),
    slip(
        "signs_set_to_the_limit",
        "You keep the signs alone. Multiply by max_norm / norm, which keeps the direction.",
        clipped="[np.sign(g) * max_norm for g in grads]",
    ),
    slip(
        "subtracts",
        "You subtract what is too much from every number, which turns the direction. Multiply by "
        "max_norm / norm.",
        clipped="[g - (norm - max_norm) for g in grads]",
    ),
    slip(
        "set_to_zero",
        "You throw too large a gradient away. Shorten it: multiply by max_norm / norm.",
        clipped="[np.zeros_like(g) for g in grads]",
    ),
    slip(
        "not_clipped",
        "Your arrays come back as they were. Above the limit multiply each by max_norm / norm.",
        clipped="[g.copy() for g in grads]",
    ),
    slip(
        "factor_turned_round",
        "You multiply by norm / max_norm, so the arrays grow. The factor is max_norm / norm.",
        clipped="[g * (norm / max_norm) for g in grads]",
    ),
    slip(
        "comparison_turned_round",
        "You scale below the limit and leave what is above it. Write norm > max_norm.",
        when="norm < max_norm",
    ),
    slip(
        "limit_alone",
        "You multiply by max_norm. The factor is max_norm / norm.",
        clipped="[g * max_norm for g in grads]",
    ),
    slip(
        "factor_squared",
        "You multiply by the square of max_norm / norm. The new norm should be max_norm.",
        clipped="[g * (max_norm / norm) ** 2 for g in grads]",
    ),
    slip(
        "factor_with_root",
        "You multiply by the root of max_norm / norm. The new norm should be max_norm.",
        clipped="[g * np.sqrt(max_norm / norm) for g in grads]",
    ),
    slip(
        "signs_lost",
        "Your arrays have lost their signs: leave abs out, and multiply the arrays themselves.",
        clipped="[np.abs(g) * (max_norm / norm) for g in grads]",
    ),
    slip(
        "first_array_scaled_alone",
        "You scale the first array alone. Every array gets the same factor.",
        clipped="[g * (max_norm / norm) if n == 0 else g for n, g in enumerate(grads)]",
    ),
    slip(
        "only_large_arrays_scaled",
        "You scale only arrays whose own norm is above the limit. Every array gets the same factor.",
        clipped="[g * (max_norm / norm) if np.sqrt(np.sum(g**2)) > max_norm else g for g in grads]",
    ),
    slip(
        "only_large_numbers_scaled",
        "You scale only the numbers above the limit. Every number gets the same factor.",
        clipped="[np.where(np.abs(g) > max_norm, g * (max_norm / norm), g) for g in grads]",
    ),
    slip(
        "limit_fixed_at_1",
        "You clip at 1, whatever max_norm is. Use max_norm in the comparison and in the factor.",
        when="norm > 1.0",
        clipped="[g / norm for g in grads]",
    ),
    slip(
        "squared_norm_compared",
        "You compare the square of the norm with max_norm, so you scale where nothing is to be scaled.",
        when="norm**2 > max_norm",
    ),
    slip(
        "negative",
        "Your arrays point the other way: the factor has no minus sign.",
        clipped="[-g * (max_norm / norm) for g in grads]",
    ),
)
