"""Typical mistakes around the step of gradient_descent: the start, the rows, what is shared, how it ends."""

from autograder.model import Mistake


def _around(
    name: str,
    sentence: str,
    start: str = "np.array(theta0, dtype=float).reshape(-1)",
    first: str = "[theta.copy()]",
    loop: str = "range(n_steps)",
    step: str = "theta = theta - lr * grad(theta)",
    keep: str = "path.append(theta)",
    end: str = "np.array(path)",
) -> Mistake:
    """Return a mistake that differs from a right answer in one place around the step."""
    source = f"""
def gradient_descent(grad, theta0, lr, n_steps):
    theta = {start}
    path = {first}
    for t in {loop}:
        {step}
        {keep}
    return {end}
"""
    return Mistake("gradient_descent", name, sentence, source)


ROWS = (
    _around(
        "start_missing",
        "The start is missing: row 0 should be theta0, and you begin with the place after the first step. "
        "Store the start before the loop.",
        first="[]",
    ),
    _around(
        "one_step_short",
        "A step is missing at the end: n_steps steps make n_steps + 1 rows, for the start has one, too. "
        "Repeat range(n_steps) times.",
        loop="range(n_steps - 1)",
    ),
    _around(
        "one_step_too_many",
        "You take one step too many: the start is row 0 already, and n_steps rows follow. Repeat "
        "range(n_steps) times.",
        loop="range(n_steps + 1)",
    ),
    _around(
        "start_twice",
        "The start stands in your table twice and the last place is missing: you store theta before it has "
        "moved. Move first, then store.",
        step="path.append(theta.copy())",
        keep="theta = theta - lr * grad(theta)",
    ),
    _around(
        "rows_are_one_array",
        "All rows show the last place: you stored one array again and again, and changed it. Store a copy, "
        "or make a new array in each step, theta = theta - ….",
        first="[theta]",
        step="theta -= lr * grad(theta)",
    ),
    _around(
        "last_place_alone",
        "You return the last place. All places are asked for, from the start on: collect them in a list, and "
        "return np.array of it.",
        end="theta",
    ),
    _around(
        "rows_flattened",
        "Your places lie in one long row. The shape is (n_steps + 1, d): a row for each place, also if d is "
        "1. Leave out ravel or flatten.",
        end="np.array(path).ravel()",
    ),
    _around(
        "rows_and_columns_exchanged",
        "Rows and columns are exchanged: each place should be a row. Leave out the .T, or stack on axis 0.",
        end="np.array(path).T",
    ),
    _around(
        "last_place_first",
        "Your table runs backwards: row 0 is the start, the last row the end of the path.",
        end="np.array(path[::-1])",
    ),
    _around(
        "list_of_arrays",
        "You return a list of arrays. One array with a row for each place is asked for: np.array(path) makes "
        "it of the list.",
        end="path",
    ),
    _around(
        "table_and_end",
        "You return several things. Only the table of places is asked for.",
        end="np.array(path), theta",
    ),
    _around(
        "axis_too_many",
        "Your table has an axis too many, (n_steps + 1, 1, d): each place is a row of shape (d,), not a "
        "table of its own.",
        end="np.array(path)[:, None, :]",
    ),
    _around(
        "first_coordinate_alone",
        "You keep the first coordinate of each place. A row holds all d coordinates.",
        end="np.array(path)[:, :1]",
    ),
    _around(
        "whole_numbers_at_the_end",
        "Your table holds whole numbers: everything behind the point is cut off. Leave the places as floats.",
        end="np.array(path).astype(int)",
    ),
)

STARTS = (
    _around(
        "table_with_the_type_of_the_start",
        "From a start of whole numbers you return whole numbers: the table has the type of the start, and "
        "cuts off what is behind the point. Make it a float table.",
        start="np.array(theta0).reshape(-1)",
        first="np.zeros((n_steps + 1, len(theta)), dtype=theta.dtype); path[0] = theta",
        step="path[t + 1] = path[t] - lr * grad(path[t])",
        keep="pass",
    ),
    _around(
        "whole_start_changed_in_place",
        "A start of whole numbers stays an array of whole numbers, and `-=` cannot write floats into it. "
        "Begin with np.array(theta0, dtype=float).",
        start="np.array(theta0).reshape(-1)",
        step="theta -= lr * grad(theta)",
        keep="path.append(theta.copy())",
    ),
    _around(
        "start_made_whole",
        "You turn the start into whole numbers, so 1.55 becomes 1. Make floats of it: dtype=float.",
        start="np.array(theta0, dtype=int).reshape(-1)",
    ),
    _around(
        "number_without_an_axis",
        "From a number your table has the shape (n_steps + 1,). A number is a place with one coordinate: "
        ".reshape(-1), or np.atleast_1d, gives it an axis.",
        start="np.array(theta0, dtype=float)",
    ),
    _around(
        "number_has_no_length",
        "You ask theta0 for its length, and a number has none. Make an array with one axis of it first: "
        "np.array(theta0, dtype=float).reshape(-1).",
        start="np.array(theta0, dtype=float); d = len(theta0)",
    ),
    _around(
        "number_has_no_copy",
        "theta0.copy() works for arrays alone: a number has no copy, and that of a list is a list. "
        "np.array(theta0, dtype=float) makes a float array of all three.",
        start="theta0.copy(); theta = np.atleast_1d(theta.astype(float))",
    ),
    _around(
        "list_not_converted",
        "You begin with theta0 as it is, so grad may get a list or a number, and needs an array. Begin with "
        "np.array(theta0, dtype=float).reshape(-1).",
        start="theta0",
        first="[theta]",
    ),
    _around(
        "given_as_a_list",
        "You give grad a list. It takes an array of shape (d,): np.array(…) makes one.",
        step="theta = np.array([a - lr * g for a, g in zip(theta, grad(list(theta)))])",
    ),
    _around(
        "given_one_by_one",
        "You give grad one coordinate at a time. It takes the whole place, an array of shape (d,), and "
        "returns all slopes.",
        step="theta = np.array([a - lr * grad(np.array([a]))[0] for a in theta])",
    ),
    _around(
        "given_as_a_table",
        "You give grad a table of shape (1, d). It takes one place, an array of shape (d,).",
        step="theta = theta - lr * np.reshape(grad(theta[None, :]), -1)",
    ),
    _around(
        "begins_at_zero",
        "Your path begins at 0. It begins at theta0.",
        start="np.zeros(np.array(theta0, dtype=float).size)",
    ),
    _around(
        "zero_steps_without_rows",
        "With n_steps = 0 the start alone comes back, as a table with one row, shape (1, d). You return it "
        "without an axis for the rows.",
        end="np.array(path) if n_steps else theta",
    ),
    _around(
        "zero_steps_are_empty",
        "With n_steps = 0 you return an empty table. The start stays: shape (1, d).",
        end="np.array(path) if n_steps else np.array([])",
    ),
    _around(
        "zero_steps_are_an_error",
        "n_steps = 0 is allowed: no step is taken, and the start alone comes back, shape (1, d). Leave the "
        "error out.",
        first="[theta] if n_steps > 0 else [][0]",
    ),
    _around(
        "zero_steps_take_one",
        "With n_steps = 0 you take a step all the same. The loop runs range(n_steps) times, which may be "
        "never.",
        loop="range(max(n_steps, 1))",
    ),
)

SHARED = (
    _around(
        "start_changed",
        "theta0 is another place after your call: `theta -= …` writes into the caller's array, of which "
        "np.asarray makes no copy. Begin with np.array(theta0, dtype=float), which copies.",
        start="np.asarray(theta0, dtype=float).reshape(-1)",
        step="theta -= lr * grad(theta)",
        keep="path.append(theta.copy())",
    ),
    _around(
        "start_lent_out",
        "With n_steps = 0 your table is a view of theta0: changing the one changes the other. Rows are "
        "copies, so make one: np.array(…).",
        start="np.asarray(theta0, dtype=float).reshape(-1)",
        end="np.array(path) if n_steps else theta[None, :]",
    ),
    _around(
        "gradient_changed",
        "You change the array that grad returned (`g *= lr`). It belongs to grad, which may hand it out once "
        "more. Make a new one: lr * g.",
        step="g = grad(theta); g *= lr; theta = theta - g",
    ),
    _around(
        "gradient_becomes_the_place",
        "You write the new place into the array that grad returned. It belongs to grad, which may hand it "
        "out once more. Make a new array: theta - lr * g.",
        step="g = grad(theta); g *= -lr; g += theta; theta = g",
    ),
    _around(
        "stops_when_flat",
        "You stop where the slope is 0, and rows are missing. All n_steps steps are taken, also where the "
        "path stands still: leave the break out.",
        step="""if np.all(np.abs(grad(theta)) < 1e-8):
            break
        theta = theta - lr * grad(theta)""",
    ),
    _around(
        "stops_when_still",
        "You stop where a step changes nothing, and rows are missing. All n_steps steps are taken: leave the "
        "break out.",
        step="""if np.allclose(theta, theta - lr * grad(theta)):
            break
        theta = theta - lr * grad(theta)""",
    ),
    _around(
        "stops_when_far",
        "You stop where the path is far away, and rows are missing. A path that explodes is returned as it "
        "is: leave the break out.",
        step="""if np.linalg.norm(theta) > 1e4:
            break
        theta = theta - lr * grad(theta)""",
    ),
    _around(
        "error_when_far",
        "You raise an error where the path is far away. A path that explodes is returned as it is: the "
        "numbers are the warning.",
        step="""theta = theta - lr * grad(theta)
        if np.linalg.norm(theta) > 1e4:
            raise ValueError("diverges")""",
    ),
    _around(
        "rate_checked",
        "You refuse some rates with an error. Every rate is taken as it comes, also 0 and large ones.",
        first="[theta] if 0 < lr < 1 else [][0]",
    ),
)
