"""More mistakes in numerical_gradient, found in answers that were invented after its checks."""

from autograder.model import Mistake

RIGHT = """
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += eps
        below[index] -= eps
        slopes[index] = (f(above) - f(below)) / (2 * eps)
    return slopes
"""
CONVERTED = "x = np.array(x, dtype=np.float64)"
LOOP = "for index in np.ndindex(x.shape):"
MOVED = "above[index] += eps\n        below[index] -= eps"
ALL = f"{MOVED}\n        slopes[index] = (f(above) - f(below)) / (2 * eps)"
SLOPE = "(f(above) - f(below)) / (2 * eps)"


def _edited(name: str, sentence: str, old: str, new: str) -> Mistake:
    """Return a mistake that puts something else in one place of a right answer."""
    return Mistake("numerical_gradient", name, sentence, RIGHT.replace(old, new))


def _step(name: str, sentence: str, step: str) -> Mistake:
    """Return a mistake that moves by another step, and divides by twice that step."""
    new = ALL.replace("eps", "step")
    return _edited(name, sentence, ALL, f"step = {step}\n        {new}")


QUOTIENTS = (
    _edited(
        "multiplied_by_2_eps",
        "You multiply by 2 * eps, where the difference is divided by it: / (2 * eps).",
        SLOPE,
        "(f(above) - f(below)) * (2 * eps)",
    ),
    _edited(
        "no_brackets_at_all",
        "Without brackets only f(x - eps) is halved, and then multiplied by eps. Write "
        "(f(above) - f(below)) / (2 * eps).",
        SLOPE,
        "f(above) - f(below) / 2 * eps",
    ),
    _edited(
        "both_sides_away_from_x",
        "You measure both sides away from x, so up and down cancel. From below to x it is f(x) - f(below).",
        SLOPE,
        "((f(above) - f(x)) / eps + (f(below) - f(x)) / eps) / 2",
    ),
    _edited(
        "one_side_only_and_far",
        "You compare f(x) with f(x - 2 * eps): both on one side. Ask one eps above and one eps below.",
        ALL,
        "below[index] -= 2 * eps\n        slopes[index] = (f(x) - f(below)) / (2 * eps)",
    ),
    _edited(
        "one_side_only_above_and_far",
        "You compare f(x + 2 * eps) with f(x): both on one side. Ask one eps above and one eps below.",
        ALL,
        "above[index] += 2 * eps\n        slopes[index] = (f(above) - f(x)) / (2 * eps)",
    ),
    _edited(
        "three_places_on_one_side",
        "You use three places on one side of x. Asked for are two, one eps above and one eps below: for x³ "
        "at 2 with eps 0.5 this gives 12.25.",
        ALL,
        "above[index] += eps\n        below[index] += 2 * eps\n"
        "        slopes[index] = (4 * f(above) - 3 * f(x) - f(below)) / (2 * eps)",
    ),
    _edited(
        "two_sizes_of_eps",
        "You compute more exactly than asked, from more than two places. Asked for is (f(x + eps) - f(x "
        "- eps)) / (2 * eps): for x³ at 2 with eps 0.5 this gives 12.25, error and all.",
        "slopes[index] = (f(above) - f(below)) / (2 * eps)",
        "far = (f(above) - f(below)) / (2 * eps)\n"
        "        above[index] -= eps / 2\n        below[index] += eps / 2\n"
        "        slopes[index] = (4 * (f(above) - f(below)) / eps - far) / 3",
    ),
    _edited(
        "complex_step",
        "You step into the complex numbers. It is clever, but f need not take them; asked for are one eps "
        "above and one eps below: for x³ at 2 with eps 0.5 this gives 12.25.",
        ALL,
        "above = x.astype(complex)\n        above[index] += 1j * eps\n"
        "        slopes[index] = f(above).imag / eps",
    ),
)

STEPS = (
    _step(
        "eps_squared",
        "You move by the square of eps. Move by eps itself: for x³ at 2 with eps 0.5 the answer is 12.25.",
        "eps**2",
    ),
    _step(
        "always_a_millionth",
        "You always move by the same small step, whatever eps is. Use eps in all places: for x³ at 2 "
        "with eps 0.5 the answer is 12.25.",
        "1e-6",
    ),
    _step(
        "always_a_thousandth",
        "You always move by the same small step, whatever eps is. Use eps in all places: for x³ at 2 "
        "with eps 0.5 the answer is 12.25.",
        "1e-3",
    ),
    _step(
        "eps_times_the_length_of_x",
        "Your step grows with x. Move each coordinate by eps itself, also a 0: for x³ at 2 with eps 0.5 "
        "the answer is 12.25.",
        "eps * (np.linalg.norm(x) or 1.0)",
    ),
    _step(
        "eps_times_one_more_than_the_coordinate",
        "Your step grows with x. Move each coordinate by eps itself, also a 0: for x³ at 2 with eps 0.5 "
        "the answer is 12.25.",
        "eps * (abs(x[index]) + 1)",
    ),
    _edited(
        "away_from_zero",
        "You move with the sign of the coordinate, so at negative ones the slope is turned round, and a 0 "
        "does not move. Above is x + eps, whatever the sign.",
        MOVED,
        "above[index] += eps * np.sign(x[index])\n        below[index] -= eps * np.sign(x[index])",
    ),
    _edited(
        "copies_outside_the_loop",
        "You copy x once, before the loop, so the coordinates before stay moved. Take fresh copies inside "
        "the loop, for each coordinate.",
        f"{LOOP}\n        above, below = x.copy(), x.copy()",
        f"above, below = x.copy(), x.copy()\n    {LOOP}",
    ),
    _edited(
        "one_slope_for_all",
        "You write each slope into the whole table, so at the end all show the last one. Write it in its own "
        "place: slopes[index] = ….",
        "slopes[index] =",
        "slopes[...] =",
    ),
    _edited(
        "slopes_added_up",
        "You add each slope to those before. Each coordinate has a slope of its own.",
        "return slopes",
        "return np.cumsum(slopes).reshape(x.shape)",
    ),
    _edited(
        "return_inside_the_loop",
        "You return after the first coordinate, and that one number alone. Fill the table, and return it "
        "behind the loop.",
        "slopes[index] =",
        "return",
    ),
)

SHAPES = (
    Mistake(
        "numerical_gradient",
        "no_loop_at_all",
        "You move all coordinates together, and get one number. Each coordinate has a slope of its own: in a "
        "loop, move one alone, and keep its slope in a table.",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    return (f(x + eps) - f(x - eps)) / (2 * eps)
""",
    ),
    _edited(
        "x_as_it_is",
        "x may be a number, or whole numbers, or float32. Convert first: x = np.array(x, dtype=np.float64).",
        CONVERTED,
        "x.shape",
    ),
    _edited(
        "a_float_for_a_number",
        "For a number you give f a plain float. f takes a float64 array of x's shape, here (): "
        "np.array(x, dtype=np.float64), and moved[()] += eps.",
        SLOPE,
        "(f(float(above)) - f(float(below)) if x.ndim == 0 else f(above) - f(below)) / (2 * eps)",
    ),
    _edited(
        "below_replaced",
        "`below[index] = -eps` replaces the coordinate by -eps. It moves down by eps: below[index] -= eps.",
        "below[index] -= eps",
        "below[index] = -eps",
    ),
    _edited(
        "both_replaced",
        "You replace the coordinate by eps and -eps. It moves by them: above[index] += eps and "
        "below[index] -= eps.",
        MOVED,
        "above[index] = eps\n        below[index] = -eps",
    ),
    _edited(
        "rows_alone_and_no_numbers",
        "You visit the rows of x, and a number has none. Every single coordinate has a slope, also that of a "
        "number: np.ndindex(x.shape) visits them all.",
        LOOP,
        "for index, _ in enumerate(x):",
    ),
    _edited(
        "a_slope_for_each_row",
        "You count with len(x): a table has more coordinates than rows, and a number no length. "
        "np.ndindex(x.shape) visits them all.",
        f"slopes = np.zeros(x.shape)\n    {LOOP}",
        "slopes = np.zeros(len(x))\n    for index in range(len(x)):",
    ),
    _edited(
        "tables_alone",
        "Your two loops are made for tables. x may have any shape: np.ndindex(x.shape) visits its "
        "coordinates.",
        LOOP,
        "for index in [(i, j) for i in range(x.shape[0]) for j in range(x.shape[1])]:",
    ),
    _edited(
        "times_one_point_zero",
        "x * 1.0 makes floats of whole numbers, but leaves float32 as it is, and a number without a place to "
        "write to. Convert every x: np.array(x, dtype=np.float64).",
        CONVERTED,
        "x = np.array(x) * 1.0",
    ),
    _edited(
        "column_by_column",
        "You fill the slopes in column by column. Each slope stands where its coordinate stands.",
        "return slopes",
        'return slopes.ravel().reshape(x.shape, order="F")',
    ),
    _edited(
        "one_coordinate_without_the_others",
        "You give f one coordinate in an array of its own. It takes the whole of x, in which this one has "
        "moved.",
        SLOPE,
        "(f(above[index].reshape(1)) - f(below[index].reshape(1))) / (2 * eps)",
    ),
    _edited(
        "no_default",
        "Without a default your function cannot be called as numerical_gradient(f, x). Keep eps=1e-5.",
        "eps=1e-5",
        "eps",
    ),
    Mistake(
        "numerical_gradient",
        "eps_has_another_name",
        "Your third argument has another name, so numerical_gradient(f, x, eps=0.5) fails. Call it eps.",
        RIGHT.replace("eps", "h"),
    ),
)
