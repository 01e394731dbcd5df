"""Typical mistakes around the differences of numerical_gradient: shapes, kinds, what is changed."""

from autograder.model import Mistake


def _around(
    name: str,
    sentence: str,
    x: str = "np.array(x, dtype=np.float64)",
    slopes: str = "np.zeros(x.shape)",
    loop: str = "np.ndindex(x.shape)",
    above: str = "above[index] += eps",
    below: str = "below[index] -= eps",
    ask: str = "f(above) - f(below)",
    end: str = "slopes",
) -> Mistake:
    """Return a mistake that differs from a right answer in one place around the differences."""
    source = f"""
def numerical_gradient(f, x, eps=1e-5):
    x = {x}
    slopes = {slopes}
    for index in {loop}:
        above, below = x.copy(), x.copy()
        {above}
        {below}
        slopes[index] = ({ask}) / (2 * eps)
    return {end}
"""
    return Mistake("numerical_gradient", name, sentence, source)


def _mistake(name: str, sentence: str, source: str) -> Mistake:
    return Mistake("numerical_gradient", name, sentence, source)


SHAPES = (
    _around(
        "rows_alone",
        "You visit the rows of a table and move each as a whole. Every single coordinate has a slope: "
        "np.ndindex(x.shape) visits them all.",
        x="np.array(x, dtype=np.float64)",
        loop="range(len(x)) if x.ndim else [()]",
    ),
    _around(
        "number_has_no_length",
        "A number has no length, so len(x) fails. np.ndindex(x.shape) visits the coordinates of every shape, "
        "that of a number, too.",
        slopes="np.zeros(x.shape); len(x)",
    ),
    _around(
        "one_axis_alone",
        "You count the coordinates along one axis, and a table has two. np.ndindex(x.shape) visits them all.",
        loop="[(i,) for i in range(x.size)] if x.ndim else [()]",
    ),
    _around(
        "two_axes_alone",
        "Your loops are made for one and two axes; there may be more, or none. np.ndindex(x.shape) visits "
        "the coordinates of every shape.",
        loop="[(i,) for i in range(len(x))] if x.ndim == 1 else "
        "[(i, j) for i in range(x.shape[0]) for j in range(x.shape[1])]",
    ),
    _around(
        "flattened_at_the_end",
        "Your slopes lie in one row. They come back in the shape of x: leave out flatten, or reshape them to "
        "x.shape.",
        end="slopes.ravel()",
    ),
    _around(
        "number_becomes_a_row",
        "For a number you return an array with one entry. A number has one slope, of shape (): leave "
        "np.atleast_1d out.",
        end="np.atleast_1d(slopes)",
    ),
    _around(
        "column_at_the_end",
        "Your slopes stand in a column, (n, 1). They come back in the shape of x.",
        end="slopes.reshape(-1, 1)",
    ),
    _around(
        "table_with_one_row",
        "Your slopes have an axis too many, (1, n). They come back in the shape of x.",
        end="slopes[None]",
    ),
    _around(
        "rows_and_columns_exchanged",
        "Rows and columns of your slopes are exchanged. Each slope stands where its coordinate stands: leave "
        "the .T out.",
        end="slopes.T",
    ),
    _around(
        "axes_of_one_taken_away",
        "You take away axes of length 1. The slopes have exactly the shape of x: leave squeeze out.",
        end="slopes.squeeze()",
    ),
    _around(
        "sum_of_the_slopes",
        "You return one number, the sum of the slopes or the length of the gradient. Each coordinate has a "
        "slope of its own: return the whole table.",
        end="slopes.sum()",
    ),
    _around(
        "length_of_the_gradient",
        "You return one number, the sum of the slopes or the length of the gradient. Each coordinate has a "
        "slope of its own: return the whole table.",
        end="np.linalg.norm(slopes)",
    ),
    _around(
        "made_a_unit_vector",
        "You scale the gradient to the length 1. Return the slopes as they are.",
        end="slopes / np.linalg.norm(slopes)",
    ),
    _around(
        "slopes_and_value",
        "You return several things. Only the slopes are asked for.",
        end="slopes, f(x)",
    ),
    _around(
        "slopes_in_a_dict",
        "You return a dict. An array in the shape of x is asked for.",
        slopes="{}",
    ),
    _around(
        "f_gets_a_row",
        "You give f all coordinates in one row. It takes an array in the shape of x: reshape before you "
        "call it.",
        ask="f(above.ravel()) - f(below.ravel())",
    ),
    _around(
        "f_gets_one_coordinate",
        "You give f the moved coordinate alone. It takes the whole of x, in which this one has moved.",
        ask="f(above[index]) - f(below[index])",
    ),
    _around(
        "f_gets_a_list",
        "You give f a list. It takes a float64 array in the shape of x.",
        ask="f(above.tolist()) - f(below.tolist())",
    ),
    _mistake(
        "rows_of_an_identity",
        "Adding eps * np.eye(len(x)) works for x of shape (n,) alone. x may have any shape, also that of a "
        "number: visit the coordinates with np.ndindex(x.shape).",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    return np.array([(f(x + step) - f(x - step)) / (2 * eps) for step in eps * np.eye(len(x))])
""",
    ),
)

KINDS = (
    _around(
        "whole_numbers_kept",
        "x holds whole numbers, and x + 1e-5 falls back to x (x - 1e-5 even to the number below). Convert "
        "first: np.array(x, dtype=np.float64).",
        x="np.array(x)",
    ),
    _around(
        "slopes_are_whole_numbers",
        "Your slopes are cut to whole numbers: zeros_like takes the type of x. Make the table with "
        "np.zeros(x.shape), or convert x first.",
        slopes="np.zeros_like(given)",
        x="(given := np.array(x)).astype(np.float64)",
    ),
    _around(
        "whole_numbers_refused",
        "Adding a float to an array of whole numbers in place is an error. Convert x first: "
        "np.array(x, dtype=np.float64).",
        x="np.array(x)",
        above="above += eps * 0; above[index] += eps",
    ),
    _around(
        "float32_kept",
        "You leave float32 as it is; with seven digits x + 1e-5 is badly rounded. Convert every x: "
        "np.array(x, dtype=np.float64).",
        x="np.array(x) if np.asarray(x).dtype.kind == 'f' else np.array(x, dtype=np.float64)",
    ),
    _around(
        "all_in_float32",
        "You compute in float32; with seven digits x + 1e-5 is badly rounded. Convert x to float64.",
        x="np.array(x, dtype=np.float32)",
    ),
    _around(
        "f_gets_float32",
        "You give f the moved places in float32; with seven digits they are badly rounded. Give it float64.",
        ask="f(above.astype(np.float32)) - f(below.astype(np.float32))",
    ),
)

CHANGED = (
    _mistake(
        "x_wiggled_in_place",
        "After your call x is not quite as it was: up by eps, down by 2 * eps, up by eps leaves a last digit "
        "behind. Wiggle a copy, or keep the old value and write it back.",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += eps
        above = f(x)
        x[index] -= 2 * eps
        below = f(x)
        x[index] += eps
        slopes[index] = (above - below) / (2 * eps)
    return slopes
""",
    ),
    _mistake(
        "x_left_above",
        "You wiggle x itself and leave it moved, so later slopes are measured elsewhere, and the caller's "
        "x is another. Wiggle a copy for each coordinate.",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old - eps
        below = f(x)
        x[index] = old + eps
        slopes[index] = (f(x) - below) / (2 * eps)
    return slopes
""",
    ),
    _mistake(
        "x_left_below",
        "You wiggle x itself and leave it one eps lower, so every later slope is measured elsewhere, and the "
        "caller's x is another. Wiggle a copy for each coordinate.",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += eps
        above = f(x)
        x[index] -= 2 * eps
        slopes[index] = (above - f(x)) / (2 * eps)
    return slopes
""",
    ),
    _mistake(
        "names_are_no_copies",
        "`above = x` is a second name for the same array, no copy: both sides move together, and nothing is "
        "left between them. Write x.copy().",
        """
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above = x
        below = x
        above[index] += eps
        below[index] -= eps
        slopes[index] = (f(above) - f(below)) / (2 * eps)
    return slopes
""",
    ),
)
