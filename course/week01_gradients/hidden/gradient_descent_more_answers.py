"""More mistakes in gradient_descent, found in answers that were invented after its checks."""

from autograder.model import Mistake

RIGHT = """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0, dtype=float).reshape(-1)
    path = [theta]
    for t in range(n_steps):
        theta = theta - lr * grad(theta)
        path.append(theta)
    return np.array(path)
"""
STEP = "theta = theta - lr * grad(theta)"


def _edited(name: str, sentence: str, new: str, old: str = STEP) -> Mistake:
    """Return a mistake that puts something else in one place of a right answer."""
    return Mistake("gradient_descent", name, sentence, RIGHT.replace(old, new))


def _mistake(name: str, sentence: str, source: str) -> Mistake:
    return Mistake("gradient_descent", name, sentence, source)


STEPS = (
    _edited(
        "half_of_the_rate",
        "Your steps are half as long as they should be: there is no ½ in theta - lr * grad(theta).",
        "theta = theta - 0.5 * lr * grad(theta)",
    ),
    _edited(
        "twice_the_rate",
        "Your steps are twice as long as they should be: there is no 2 in theta - lr * grad(theta).",
        "theta = theta - 2 * lr * grad(theta)",
    ),
    _edited(
        "rate_grows",
        "You multiply the rate by the number of the step, so the first step is none at all. The rate stays "
        "lr throughout.",
        "theta = theta - lr * t * grad(theta)",
    ),
    _edited(
        "rate_fades_to_zero",
        "Your rate falls evenly from lr to 0. Here it stays lr: the steps become shorter by themselves, "
        "because the slope does.",
        "theta = theta - lr * (1 - t / n_steps) * grad(theta)",
    ),
    _edited(
        "rate_fades_with_the_root",
        "Your rate falls with the root of the step's number. Here it stays lr: the steps become shorter by "
        "themselves, because the slope does.",
        "theta = theta - lr / np.sqrt(t + 1) * grad(theta)",
    ),
    _edited(
        "slope_squared",
        "You square the slope, which loses its sign and makes steep places far steeper. Use it as it is.",
        "theta = theta - lr * grad(theta) ** 2",
    ),
    _edited(
        "slope_of_the_slope",
        "You take differences of grad, which is how fast the slope changes. grad(theta) is the slope "
        "already.",
        "theta = theta - lr * (grad(theta + 1e-5) - grad(theta - 1e-5)) / 2e-5",
    ),
    _edited(
        "slope_times_the_place",
        "You multiply gradient and place. The step is the rate times the gradient, nothing else.",
        "theta = theta - lr * np.dot(grad(theta), theta)",
    ),
    _edited(
        "slope_of_the_example",
        "You always use 2θ + 3, the slope of the example. The slope comes from grad, whatever it is: "
        "grad(theta).",
        "theta = theta - lr * (2 * theta + 3)",
    ),
    _edited(
        "last_slope_for_all",
        "All coordinates move by the last entry of the gradient. With one coordinate nobody notices: look at "
        "the ravine. Subtract the whole array lr * grad(theta).",
        "theta = theta - lr * grad(theta)[-1]",
    ),
    _edited(
        "length_of_the_gradient_for_all",
        "All coordinates move by the length of the gradient, which is never below 0. Each has a slope of its "
        "own: leave norm out.",
        "theta = theta - lr * np.linalg.norm(grad(theta))",
    ),
    _edited(
        "long_gradients_shortened",
        "You shorten gradients that are longer than 1. They enter as they are, however long.",
        "g = grad(theta); theta = theta - lr * g / max(1.0, np.linalg.norm(g))",
    ),
    _edited(
        "places_below_zero_refused",
        "You lift places below 0 up to 0. A path may go anywhere: leave the limit out.",
        "theta = np.maximum(theta - lr * grad(theta), 0)",
    ),
    _edited(
        "adam",
        "This is Adam, which comes in week 5: its first steps are as long as lr, whatever the slope. Here a "
        "step is lr * grad(theta).",
        "path = [theta]; m = v = 0.0\n    for t in range(1, n_steps + 1):\n"
        "        g = grad(theta); m = 0.9 * m + 0.1 * g; v = 0.999 * v + 0.001 * g * g\n"
        "        theta = theta - lr * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)",
        f"path = [theta]\n    for t in range(n_steps):\n        {STEP}",
    ),
    _edited(
        "gradient_not_called",
        "grad is a function, and you multiply the function itself. Call it: grad(theta).",
        "theta = theta - lr * grad",
    ),
)

ROWS = (
    _edited(
        "start_missing_and_one_step_more",
        "Row 0 is the start, and yours begins after the first step. Store the start before the loop, and "
        "take n_steps steps.",
        "path = []\n    for t in range(n_steps + 1):",
        "path = [theta]\n    for t in range(n_steps):",
    ),
    _edited(
        "whole_numbers_for_grad",
        "From a start of whole numbers grad first gets whole numbers, and with n_steps = 0 they come back. "
        "Make floats of them at once: np.array(theta0, dtype=float).",
        "np.array(theta0).reshape(-1)",
        "np.array(theta0, dtype=float).reshape(-1)",
    ),
    _edited(
        "frozen_when_slow",
        "You stop moving once a step is tiny. All steps are taken: beside a hilltop they grow again.",
        "step = lr * grad(theta); theta = theta - step * (np.abs(step).max() > 1e-6)",
    ),
    _edited(
        "frozen_when_far",
        "You stop moving once the path is far away. All steps are taken: a path that explodes is returned as "
        "it is.",
        "theta = theta - lr * grad(theta) if np.abs(theta).max() < 1e12 else theta",
    ),
    _mistake(
        "rows_are_one_array_but_the_first",
        "All rows but the first show the last place: you store one array and change it. Append a copy, "
        "theta.copy(), or write theta = theta - ….",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0, dtype=float).reshape(-1)
    path = [theta.copy()]
    for _ in range(n_steps):
        theta -= lr * grad(theta)
        path.append(theta)
    return np.array(path)
""",
    ),
    _edited(
        "return_inside_the_loop",
        "You return after the first step: `return` stands inside the loop. Move it out, to the left.",
        "path.append(theta)\n        return np.array(path)",
        "path.append(theta)",
    ),
    _edited(
        "until_it_is_flat",
        "You go on until the slope is small. Exactly n_steps steps are taken, no more and no fewer.",
        "while np.linalg.norm(grad(theta)) > 1e-3 and len(path) < 500:",
        "for t in range(n_steps):",
    ),
    _edited(
        "half_precision",
        "You compute with float16 or float32, which has too few digits for a path. Leave the places in "
        "float64.",
        "theta = (theta - lr * grad(theta)).astype(np.float16)",
    ),
    _edited(
        "dict_of_places",
        "You return a dict. One array with a row for each place is asked for: np.array(path).",
        "dict(enumerate(path))",
        "np.array(path)",
    ),
    _edited(
        "nothing_when_it_explodes",
        "A path that explodes ends without an answer in your function. Return it as it is: the numbers are "
        "the warning.",
        "theta = theta - lr * grad(theta)\n        if np.abs(theta).max() > 1e5: return None",
    ),
    _mistake(
        "last_row_empty",
        "Your last row is still 0: the loop ends one step too early. With range(1, n_steps + 1) it reaches "
        "row n_steps.",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.atleast_1d(np.array(theta0, dtype=float))
    path = np.zeros((n_steps + 1, theta.size))
    path[0] = theta
    for k in range(1, n_steps):
        path[k] = path[k - 1] - lr * grad(path[k - 1])
    return path
""",
    ),
    _mistake(
        "table_without_an_axis",
        "The table has the type of the start, so whole numbers stay whole; and a number gets no axis. Begin "
        "with np.array(theta0, dtype=float).reshape(-1).",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0)
    path = np.empty((n_steps + 1, *theta.shape), theta.dtype)
    path[0] = theta
    for k in range(n_steps):
        path[k + 1] = path[k] - lr * grad(path[k])
    return path
""",
    ),
    _mistake(
        "rows_empty_when_flat",
        "You stop where the slope is 0 and leave the other rows empty. All n_steps steps are taken, also "
        "where the path stands still.",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.atleast_1d(np.array(theta0, dtype=float))
    path = np.full((n_steps + 1, theta.size), np.nan)
    path[0] = theta
    for k in range(n_steps):
        if np.linalg.norm(grad(path[k])) < 1e-9:
            break
        path[k + 1] = path[k] - lr * grad(path[k])
    return path
""",
    ),
    _mistake(
        "rows_and_start_are_one_array",
        "All rows show the last place, and theta0 as well: np.asarray makes no copy, and `-=` changes that "
        "one array again and again. Begin with np.array(theta0, dtype=float), and write theta = theta - ….",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.asarray(theta0, dtype=float).reshape(-1)
    path = [theta]
    for _ in range(n_steps):
        theta -= lr * grad(theta)
        path.append(theta)
    return np.array(path)
""",
    ),
    _mistake(
        "one_long_step",
        "You take all steps at once, with the slope of the start, and return where that leads. Take them one "
        "by one, and collect all places.",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0, dtype=float).reshape(-1)
    return theta - lr * n_steps * grad(theta)
""",
    ),
    _mistake(
        "lists_all_the_way",
        "You compute with lists, and grad gets one. It takes an array of shape (d,): begin with "
        "np.array(theta0, dtype=float).reshape(-1).",
        """
def gradient_descent(grad, theta0, lr, n_steps):
    theta = theta0
    path = [theta0]
    for _ in range(n_steps):
        theta = [place - lr * slope for place, slope in zip(theta, grad(theta))]
        path.append(theta)
    return np.array(path)
""",
    ),
    _mistake(
        "arguments_exchanged",
        "Your arguments stand in another order, so the rate arrives as the number of steps. It is "
        "gradient_descent(grad, theta0, lr, n_steps).",
        RIGHT.replace("lr, n_steps)", "n_steps, lr)"),
    ),
    _mistake(
        "nothing_returned",
        "You print the places, and return nothing. Collect them, and end with return np.array(path).",
        RIGHT.replace("return np.array(path)", "print(np.array(path))"),
    ),
)
