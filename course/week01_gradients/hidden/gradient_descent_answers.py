"""Typical mistakes in the step of gradient_descent: where it goes, how far, and from where."""

from autograder.model import Mistake


def _step(name: str, sentence: str, step: str, before: str = "pass") -> Mistake:
    """Return a mistake whose loop does something else than the right step."""
    source = f"""
def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0, dtype=float).reshape(-1)
    path = [theta]
    {before}
    for t in range(n_steps):
        {step}
        path.append(theta)
    return np.array(path)
"""
    return Mistake("gradient_descent", name, sentence, source)


STEPS = (
    _step(
        "uphill",
        "Your path climbs: at 2 the slope is 7 and you go to 2.7. The slope points uphill, so subtract: "
        "theta - lr * grad(theta).",
        "theta = theta + lr * grad(theta)",
    ),
    _step(
        "slope_without_its_sign",
        "You step by the size of the slope and lose its sign, so you always move to smaller numbers. From "
        "-4, where the slope is below 0, the way down is to the right. Leave out abs.",
        "theta = theta - lr * np.abs(grad(theta))",
    ),
    _step(
        "gradient_once",
        "Your second step is as long as the first. The slope changes as you move: call grad inside the loop, "
        "at the place where you are.",
        "theta = theta - lr * slope",
        before="slope = grad(theta)",
    ),
    _step(
        "place_never_moves",
        "After the first step you stand still: you store theta - lr * grad(theta), but theta itself stays "
        "the start. Give the new place to theta.",
        "path.append(theta - lr * grad(theta)); continue",
    ),
    _step(
        "always_from_the_start",
        "The slope is that of the new place, but you subtract it from the start each time. Go on from where "
        "you are: theta = theta - lr * grad(theta).",
        "theta = path[0] - lr * grad(theta)",
    ),
    _step(
        "rate_not_used",
        "Your step is the whole slope: from 2 you jump to -5. Multiply the slope by lr.",
        "theta = theta - grad(theta)",
    ),
    _step(
        "rate_fixed_at_a_tenth",
        "You always use the rate 0.1, whatever lr is. Multiply by lr.",
        "theta = theta - 0.1 * grad(theta)",
    ),
    _step(
        "divided_by_the_rate",
        "You divide the slope by lr, so a small rate makes a giant step. Multiply: lr * grad(theta).",
        "theta = theta - grad(theta) / lr if lr else theta",
    ),
    _step(
        "rate_squared",
        "The rate enters twice, so your steps are ten times too short at lr = 0.1. Multiply the slope by lr "
        "once.",
        "theta = theta - lr * (lr * grad(theta))",
    ),
    _step(
        "rate_shared_among_the_steps",
        "You divide the rate by n_steps, so more steps are shorter ones. Every step has the full rate.",
        "theta = theta - lr / n_steps * grad(theta)",
    ),
    _step(
        "rate_fades",
        "Your rate falls with the number of the step, lr / (t + 1). Here it stays the same: the steps become "
        "shorter by themselves, because the slope does.",
        "theta = theta - lr / (t + 1) * grad(theta)",
    ),
    _step(
        "rate_shrinks_by_a_tenth",
        "Your rate shrinks in each step. Here it stays lr: the steps become shorter by themselves, because "
        "the slope does.",
        "theta = theta - lr * 0.9**t * grad(theta)",
    ),
    _step(
        "length_of_the_step_fixed",
        "All your steps have the same length: you divide the gradient by its size. Leave the division out; a "
        "steep place makes a long step.",
        "g = grad(theta); theta = theta - lr * g / (np.linalg.norm(g) + 1e-300)",
    ),
    _step(
        "only_the_sign_of_the_slope",
        "You keep the sign of each slope alone, so each coordinate moves by lr, however steep it is. Use the "
        "slopes themselves, without np.sign.",
        "theta = theta - lr * np.sign(grad(theta))",
    ),
    _step(
        "first_slope_for_all",
        "All coordinates move by the first entry of the gradient. With one coordinate nobody notices: look "
        "at the ravine. Subtract the whole array lr * grad(theta).",
        "theta = theta - lr * grad(theta)[0]",
    ),
    _step(
        "mean_slope_for_all",
        "All coordinates move by the mean of the gradient. Each has a slope of its own: leave the mean out.",
        "theta = theta - lr * np.mean(grad(theta))",
    ),
    _step(
        "sum_of_the_slopes_for_all",
        "All coordinates move by the sum of the gradient. Each has a slope of its own: leave the sum out.",
        "theta = theta - lr * np.sum(grad(theta))",
    ),
    _step(
        "only_the_steepest_coordinate",
        "You move the coordinate with the steepest slope alone, and the others wait. All move in each step, "
        "each by its own slope.",
        "g = grad(theta); theta = theta - lr * np.where(np.abs(g) == np.abs(g).max(), g, 0)",
    ),
    _step(
        "one_coordinate_after_the_other",
        "You move one coordinate, then ask for the slope again, and move the next. Ask once for the whole "
        "gradient, then move all coordinates together.",
        """theta = theta.copy()
        for i in range(len(theta)):
            theta[i] -= lr * grad(theta)[i]""",
    ),
    _step(
        "slope_of_the_place_ahead",
        "You take the slope of the place to which the step would lead. (Nesterov's method looks ahead like "
        "this.) Here the slope is that of the place where you stand.",
        "theta = theta - lr * grad(theta - lr * grad(theta))",
    ),
    _step(
        "slope_one_step_late",
        "Your slope is one step old: it belongs to the place before. Ask grad for the place where you are "
        "now.",
        "here, theta = theta, theta - lr * grad(last); last = here",
        before="last = theta",
    ),
    _step(
        "momentum",
        "Your steps remember the ones before: this is momentum, which comes in week 5. Here each step is "
        "lr times the slope of this place, and nothing else.",
        "speed = 0.9 * speed + grad(theta); theta = theta - lr * speed",
        before="speed = 0.0",
    ),
    _step(
        "all_slopes_so_far",
        "You add up the slopes of all steps. Each step uses the slope of its own place alone.",
        "total = total + grad(theta); theta = theta - lr * total",
        before="total = 0.0",
    ),
    _step(
        "place_shrinks",
        "You multiply the place by 1 - lr * slope. Subtract instead: theta - lr * grad(theta).",
        "theta = theta * (1 - lr * grad(theta))",
    ),
    _step(
        "subtracted_the_wrong_way_round",
        "You compute lr * grad(theta) - theta, which turns the place around. The place comes first: "
        "theta - lr * grad(theta).",
        "theta = lr * grad(theta) - theta",
    ),
    _step(
        "place_in_the_bracket",
        "You multiply the place by the rate, too: lr * (theta - grad). Only the slope is multiplied: "
        "theta - lr * grad(theta).",
        "theta = lr * (theta - grad(theta))",
    ),
    _step(
        "places_rounded",
        "You round the places, and so the path leaves its course. Keep all digits.",
        "theta = np.round(theta - lr * grad(theta), 2)",
    ),
    _step(
        "gradient_clipped",
        "You limit the gradient to the range from -1 to 1. It enters as it is, however large.",
        "theta = theta - lr * np.clip(grad(theta), -1, 1)",
    ),
    _step(
        "far_places_clipped",
        "You keep the path within borders. A path that explodes is returned as it is: the numbers are the "
        "warning.",
        "theta = np.clip(theta - lr * grad(theta), -1000, 1000)",
    ),
    _step(
        "worse_places_refused",
        "You refuse a step where the slope grows. All steps are taken, also those that lead away.",
        """new = theta - lr * grad(theta)
        if np.linalg.norm(grad(new)) <= np.linalg.norm(grad(theta)):
            theta = new""",
    ),
    _step(
        "steps_instead_of_places",
        "From row 1 on you store the steps. A row is a place: the place before, minus lr times the slope.",
        "theta = -lr * grad(place); place = place + theta",
        before="place = theta",
    ),
    _step(
        "slopes_instead_of_places",
        "From row 1 on you store the slopes. A row is a place: store theta after its step.",
        "theta = grad(place); place = place - lr * theta",
        before="place = theta",
    ),
)
