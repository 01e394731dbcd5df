"""Typical mistakes in numerical_gradient: where f is asked, and what is done with its answers."""

from autograder.model import Mistake


def _slopes(
    name: str,
    sentence: str,
    around: str = "above[index] += eps; below[index] -= eps",
    slope: str = "(f(above) - f(below)) / (2 * eps)",
    before: str = "pass",
    default: str = "1e-5",
) -> Mistake:
    """Return a mistake that differs from a right answer in where it asks f, or in the quotient."""
    source = f"""
def numerical_gradient(f, x, eps={default}):
    x = np.array(x, dtype=np.float64)
    slopes = np.zeros(x.shape)
    {before}
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        {around}
        slopes[index] = {slope}
    return slopes
"""
    return Mistake("numerical_gradient", name, sentence, source)


QUOTIENTS = (
    _slopes(
        "eps_not_used",
        "You always move by the same small step, whatever eps is. Use eps in all places: for x³ at 2 "
        "with eps 0.5 the answer is 12.25.",
        before="eps = 1e-5",
    ),
    _slopes(
        "one_sided_forward",
        "You compare f(x + eps) with f(x). Compare it with f(x - eps): the error falls from the size of eps "
        "to that of eps². For x³ at 2 with eps 0.5 this gives 12.25, yours 15.25.",
        slope="(f(above) - f(x)) / eps",
    ),
    _slopes(
        "one_sided_backward",
        "You compare f(x) with f(x - eps). Compare f(x + eps) with it: the error falls from the size of eps "
        "to that of eps². For x³ at 2 with eps 0.5 this gives 12.25, yours 9.25.",
        slope="(f(x) - f(below)) / eps",
    ),
    _slopes(
        "divided_by_eps_alone",
        "Your slopes are twice too steep: from x - eps to x + eps it is 2 * eps. Divide by that.",
        slope="(f(above) - f(below)) / eps",
    ),
    _slopes(
        "one_side_divided_by_both",
        "You go one eps, from x to x + eps, and divide by 2 * eps, so your slopes are half of the right "
        "ones. Ask f on both sides: f(x + eps) - f(x - eps).",
        slope="(f(above) - f(x)) / (2 * eps)",
    ),
    _slopes(
        "half_a_step_on_each_side",
        "You ask f half an eps away on each side and divide by 2 * eps, so your slopes are half of the right "
        "ones. Go a whole eps to each side.",
        around="above[index] += eps / 2; below[index] -= eps / 2",
    ),
    _slopes(
        "half_steps_throughout",
        "You ask f half an eps away. It should be eps itself on each side, divided by 2 * eps: for x³ at 2 "
        "with eps 0.5 this gives 12.25, yours 12.0625.",
        around="above[index] += eps / 2; below[index] -= eps / 2",
        slope="(f(above) - f(below)) / eps",
    ),
    _slopes(
        "double_steps_throughout",
        "You ask f two eps away. It should be one eps on each side, divided by 2 * eps: for x³ at 2 with eps "
        "0.5 this gives 12.25, yours 13.",
        around="above[index] += 2 * eps; below[index] -= 2 * eps",
        slope="(f(above) - f(below)) / (4 * eps)",
    ),
    _slopes(
        "bracket_around_the_divisor_missing",
        "`/ 2 * eps` divides by 2 and then multiplies by eps. Put brackets around it: / (2 * eps).",
        slope="(f(above) - f(below)) / 2 * eps",
    ),
    _slopes(
        "bracket_around_the_difference_missing",
        "Without brackets only f(x - eps) is divided: f above - f below / (2 * eps). Write "
        "(f(above) - f(below)) / (2 * eps).",
        slope="f(above) - f(below) / (2 * eps)",
    ),
    _slopes(
        "not_divided",
        "You return the differences of f. A slope is a difference per unit of x: divide by 2 * eps.",
        slope="f(above) - f(below)",
    ),
    _slopes(
        "divided_by_eps_squared",
        "You divide by the square of eps, as for a second derivative. The slope needs 2 * eps.",
        slope="(f(above) - f(below)) / (2 * eps**2)",
    ),
    _slopes(
        "sign_turned_round",
        "The signs are turned round: uphill comes out negative. It is f above minus f below.",
        slope="(f(below) - f(above)) / (2 * eps)",
    ),
    _slopes(
        "only_the_size",
        "You return the sizes of the slopes without their signs. Downhill is negative: leave abs out.",
        slope="abs(f(above) - f(below)) / (2 * eps)",
    ),
    _slopes(
        "added_not_subtracted",
        "You add what f says on both sides. The slope is their difference, f above minus f below.",
        slope="(f(above) + f(below)) / (2 * eps)",
    ),
    _slopes(
        "second_derivative",
        "You compute how much the slope changes, the second derivative. The slope itself is "
        "(f above - f below) / (2 * eps), without f(x).",
        slope="(f(above) - 2 * f(x) + f(below)) / eps**2",
    ),
    _slopes(
        "averaged_over_the_coordinates",
        "You divide by the number of coordinates, too. Each slope stands for itself.",
        slope="(f(above) - f(below)) / (2 * eps) / x.size",
    ),
    _slopes(
        "more_exact_than_asked",
        "You compute more exactly than asked, from more than two places. Asked for is (f(x + eps) - f(x "
        "- eps)) / (2 * eps): for x³ at 2 with eps 0.5 this gives 12.25, error and all.",
        around="far = x.copy(); far[index] += 2 * eps; near = x.copy(); near[index] -= 2 * eps\n"
        "        above[index] += eps; below[index] -= eps",
        slope="(8 * (f(above) - f(below)) - (f(far) - f(near))) / (12 * eps)",
    ),
    _slopes(
        "slopes_rounded",
        "You round the slopes. Keep all digits.",
        slope="round((f(above) - f(below)) / (2 * eps), 1)",
    ),
)

STEPS = (
    _slopes(
        "all_coordinates_at_once",
        "You move all coordinates together, so each slope is the sum of all. Move one alone: "
        "above[index] += eps.",
        around="above = x + eps; below = x - eps",
    ),
    _slopes(
        "not_put_back",
        "Your second slope is measured from a moved place. Put the first coordinate back before you wiggle "
        "the second (or wiggle a fresh copy for each).",
        around="above[index] = x[index] + eps; below[index] = x[index] - eps; x = above.copy()",
    ),
    _slopes(
        "not_put_back_from_below",
        "Your second slope is measured from a moved place: the first coordinate still stands one eps lower. "
        "Put it back before you wiggle the second (or wiggle a fresh copy for each).",
        around="above[index] = x[index] + eps; below[index] = x[index] - eps; x = below.copy()",
    ),
    _slopes(
        "put_back_one_eps_short",
        "You go up by eps and then down by eps, which is only back to x: from x + eps it takes 2 * eps to "
        "come to x - eps. And the next slope is measured from a moved place: put the coordinate back.",
        around="above[index] += eps; below = above.copy(); below[index] -= eps; x = above.copy()",
    ),
    _slopes(
        "below_from_above_by_three",
        "You go from x + eps down by 3 * eps. It takes 2 * eps to come to x - eps.",
        around="above[index] += eps; below = above.copy(); below[index] -= 3 * eps",
    ),
    _slopes(
        "eps_in_the_quotient_alone",
        "You move by 1e-5 and divide by 2 * eps. Move by eps, too.",
        around="above[index] += 1e-5; below[index] -= 1e-5",
    ),
    _slopes(
        "eps_in_the_step_alone",
        "You move by eps, but divide by 2e-5. Divide by 2 * eps.",
        slope="(f(above) - f(below)) / 2e-5",
    ),
    _slopes(
        "eps_times_the_coordinate",
        "Your step grows with x. Move each coordinate by eps itself, also a 0: for x³ at 2 with eps 0.5 "
        "the answer is 12.25.",
        around="step = eps * abs(x[index]); above[index] += step; below[index] -= step",
        slope="(f(above) - f(below)) / (2 * step)",
    ),
    _slopes(
        "eps_times_the_larger_of_1_and_the_coordinate",
        "Your step grows with x. Move each coordinate by eps itself, also a 0: for x³ at 2 with eps 0.5 "
        "the answer is 12.25.",
        around="step = eps * max(1.0, abs(x[index])); above[index] += step; below[index] -= step",
        slope="(f(above) - f(below)) / (2 * step)",
    ),
    _slopes(
        "coordinate_multiplied",
        "You multiply the coordinate by 1 + eps and by 1 - eps. Add eps and subtract it: a 0 moves as well.",
        around="above[index] *= 1 + eps; below[index] *= 1 - eps",
    ),
    _slopes(
        "zeros_left_out",
        "Coordinates that are 0 get no slope. They move by eps like all others: leave the exception out.",
        around="if x[index] == 0: continue\n        above[index] += eps; below[index] -= eps",
    ),
    _slopes(
        "default_too_large",
        "Called without eps, you move farther than 1e-5. Keep the default as it is: eps=1e-5.",
        default="1e-4",
    ),
    _slopes(
        "default_too_small",
        "Called without eps, you move less than 1e-5. Keep the default as it is, eps=1e-5: smaller ones lose "
        "digits.",
        default="1e-6",
    ),
    _slopes(
        "eps_never_small",
        "You enlarge a small eps. It is used as it comes, and 1e-5 is the default.",
        before="eps = max(eps, 1e-3)",
    ),
    _slopes(
        "eps_never_large",
        "You make a large eps smaller. It is used as it comes: for x³ at 2 with eps 0.5 the answer is 12.25.",
        before="eps = min(eps, 0.1)",
    ),
    _slopes(
        "first_coordinate_alone",
        "You return after the first coordinate, and the other slopes stay 0. Let the return stand behind the "
        "loop, not in it.",
        slope="(f(above) - f(below)) / (2 * eps)\n        break",
    ),
    _slopes(
        "last_coordinate_left_out",
        "The last coordinate gets no slope. The loop visits all of them: for index in np.ndindex(x.shape).",
        around="if index == tuple(n - 1 for n in x.shape) and x.size > 1: continue\n"
        "        above[index] += eps; below[index] -= eps",
    ),
)
