"""Typical mistakes in the rule of sgd_momentum_step: what the velocity is, and how the parameter moves."""

from autograder.model import Mistake


def step(
    name: str,
    sentence: str,
    velocity: str = "momentum * velocity + grad",
    param: str = "param - lr * new_velocity",
    end: str = "new_param, new_velocity",
    before: str = "pass",
) -> Mistake:
    """Return a mistake that differs from a right answer in one place."""
    source = f"""
def sgd_momentum_step(param, grad, velocity, lr, momentum):
    {before}
    new_velocity = {velocity}
    new_param = {param}
    return {end}
"""
    return Mistake("sgd_momentum_step", name, sentence, source)


VELOCITY = (
    step(
        "running_average",
        "You average: (1 - momentum) * grad. PyTorch's rule adds the whole gradient, so that with a constant "
        "gradient and momentum 0.9 the velocity grows to ten times the gradient.",
        velocity="momentum * velocity + (1 - momentum) * grad",
    ),
    step(
        "rate_inside_the_velocity",
        "You put lr into the velocity. Then a new rate reaches only the newest gradient. Add the gradient "
        "itself, and multiply by lr when θ moves.",
        velocity="momentum * velocity + lr * grad",
        param="param - new_velocity",
    ),
    step(
        "rate_twice",
        "lr enters twice, once in the velocity and once in the step. The velocity knows no rate: "
        "momentum * velocity + grad.",
        velocity="momentum * velocity + lr * grad",
    ),
    step(
        "velocity_is_the_step",
        "Your velocity is the step itself, μv - lr·g, as in some textbooks. In PyTorch's rule it is "
        "μv + g, and θ moves by -lr times it.",
        velocity="momentum * velocity - lr * grad",
        param="param + new_velocity",
    ),
    step(
        "two_minuses",
        "Your velocity is μv - lr·g, and you subtract it as well: two minuses, so you climb. The velocity is "
        "μv + g, and θ moves by -lr times it.",
        velocity="momentum * velocity - lr * grad",
        param="param - new_velocity",
    ),
    step(
        "velocity_with_the_other_sign",
        "Your velocity points downhill, μv - g, and you add it. That is consistent, but this rule adds the "
        "gradient to the velocity and subtracts when θ moves.",
        velocity="momentum * velocity - grad",
        param="param + lr * new_velocity",
    ),
    step(
        "gradient_subtracted",
        "You subtract the gradient in the velocity and subtract once more when θ moves, so you climb. "
        "The velocity is momentum * velocity + grad.",
        velocity="momentum * velocity - grad",
    ),
    step(
        "past_with_the_other_sign",
        "You subtract the old velocity: grad - momentum * velocity. Then it brakes in every step. Add it.",
        velocity="grad - momentum * velocity",
    ),
    step(
        "past_forgotten",
        "Your velocity is the gradient alone: from rest nobody notices. Add momentum times the velocity that "
        "came in.",
        velocity="grad + 0 * velocity",
    ),
    step(
        "momentum_left_out",
        "You keep the whole old velocity. Only its share stays: momentum * velocity + grad.",
        velocity="velocity + grad",
    ),
    step(
        "momentum_times_both",
        "You multiply the gradient by momentum, too: momentum * (velocity + grad). Only the old velocity is "
        "reduced.",
        velocity="momentum * (velocity + grad)",
    ),
    step(
        "momentum_at_the_gradient",
        "momentum stands at the wrong term (or grad and velocity have changed places in your def line): you "
        "keep all of the velocity and a share of the gradient. It is momentum * velocity + grad.",
        velocity="velocity + momentum * grad",
    ),
    step(
        "the_other_share",
        "You keep the share 1 - momentum of the velocity. momentum itself says how much stays.",
        velocity="(1 - momentum) * velocity + grad",
    ),
    step(
        "shares_exchanged",
        "You mix (1 - momentum) * velocity + momentum * grad. Here momentum is the share of the old velocity "
        "that stays, and the gradient is added whole.",
        velocity="(1 - momentum) * velocity + momentum * grad",
    ),
    step(
        "momentum_fixed",
        "You always use the momentum 0.9, whatever comes in. Multiply by momentum.",
        velocity="0.9 * velocity + grad",
    ),
    step(
        "rate_and_momentum_exchanged",
        "lr and momentum have changed places: momentum belongs to the old velocity, lr to the step of θ.",
        velocity="lr * velocity + grad",
        param="param - momentum * new_velocity",
    ),
    step(
        "parameter_inside_the_velocity",
        "Your velocity starts from param. It is made of the old velocity and the gradient alone.",
        velocity="momentum * param + grad",
    ),
    step(
        "gradient_squared",
        "You add the square of the gradient, as Adam's v does, and its sign is lost. Momentum adds the "
        "gradient itself.",
        velocity="momentum * velocity + grad**2",
    ),
    step(
        "gradient_without_its_sign",
        "You add the size of the gradient and lose its sign. Leave abs out.",
        velocity="momentum * velocity + np.abs(grad)",
    ),
    step(
        "gradient_summed",
        "You add the sum of the gradient to every entry. Each entry has a gradient of its own: leave the sum "
        "out.",
        velocity="momentum * velocity + np.sum(grad)",
    ),
    step(
        "momentum_squared",
        "momentum enters twice, so too much is forgotten. Multiply the old velocity by it once.",
        velocity="momentum * momentum * velocity + grad",
    ),
    step(
        "average_after_the_first_step",
        "From rest you take the gradient, and later an average with (1 - momentum) * grad. The rule is the "
        "same in every step: momentum * velocity + grad.",
        velocity="momentum * velocity + (1 - momentum) * grad if np.any(velocity) else grad + 0.0",
    ),
    step(
        "gradient_normalized",
        "You divide the gradient by its length. It enters as it is: a steep place pushes harder.",
        velocity="momentum * velocity + grad / np.linalg.norm(grad)",
    ),
)

PARAMETER = (
    step(
        "step_reduced_by_the_share",
        "You multiply the step by 1 - momentum. Nothing makes up for the growing velocity here: subtract "
        "lr * velocity.",
        param="param - lr * (1 - momentum) * new_velocity",
    ),
    step(
        "forgotten_after_the_step",
        "θ moves by velocity + grad, and you reduce the sum afterwards. First the old velocity becomes "
        "smaller, then the gradient is added.",
        velocity="momentum * (velocity + grad)",
        param="param - lr * (velocity + grad)",
    ),
    step(
        "whole_old_velocity_in_the_step",
        "θ moves by the whole old velocity and the gradient. Move it by the new velocity, in which the old "
        "one is reduced.",
        param="param - lr * (velocity + grad)",
    ),
    step(
        "uphill",
        "θ moves uphill: you add lr times the velocity. Subtract it.",
        param="param + lr * new_velocity",
    ),
    step(
        "old_velocity_used",
        "θ moves by the velocity from before, so from rest it stands still. Compute the new velocity first, "
        "and use it.",
        param="param - lr * velocity",
    ),
    step(
        "velocity_not_used",
        "θ moves by the gradient alone, and the velocity is computed for nothing: this is plain SGD. "
        "Subtract lr times the new velocity.",
        param="param - lr * grad",
    ),
    step(
        "nesterov",
        "You look ahead, g + momentum · v: this is Nesterov's step. Here θ moves by lr times the new "
        "velocity itself.",
        param="param - lr * (grad + momentum * new_velocity)",
    ),
    step(
        "gradient_added_twice",
        "The gradient enters twice: it is in the new velocity already. Subtract lr times the velocity, and "
        "nothing more.",
        param="param - lr * (new_velocity + grad)",
    ),
    step(
        "both_velocities_used",
        "You subtract the old velocity beside the new one, which has its share of it already.",
        param="param - lr * (new_velocity + velocity)",
    ),
    step(
        "momentum_in_the_step_again",
        "momentum enters once more where θ moves. The velocity has it already: subtract lr * velocity.",
        param="param - lr * momentum * new_velocity",
    ),
    step(
        "rate_left_out",
        "θ moves by the whole velocity: multiply it by lr.",
        param="param - new_velocity",
    ),
    step(
        "rate_fixed",
        "You always use the rate 0.1, whatever comes in. Multiply by lr.",
        param="param - 0.1 * new_velocity",
    ),
    step(
        "divided_by_the_rate",
        "You divide by lr, so a small rate makes a giant step. Multiply.",
        param="param - new_velocity / (lr or 1)",
    ),
    step(
        "rate_only_on_the_gradient",
        "lr reaches the gradient, but not the remembered part. It multiplies the whole new velocity.",
        param="param - (momentum * velocity + lr * grad)",
    ),
    step(
        "parameter_shrinks",
        "You multiply θ by 1 - lr · v. Subtract lr · v from it instead.",
        param="param * (1 - lr * new_velocity)",
    ),
    step(
        "momentum_on_the_parameter",
        "You multiply the parameter by momentum. θ is not forgotten, only the velocity is: param - lr * v.",
        param="momentum * param - lr * new_velocity",
    ),
    step(
        "only_the_sign",
        "You keep only the sign of the velocity. θ moves by lr times the velocity itself.",
        param="param - lr * np.sign(new_velocity)",
    ),
    step(
        "mean_for_all",
        "All entries move by the mean of the velocity. Each has its own: leave the mean out.",
        param="param - lr * np.mean(new_velocity)",
    ),
    step(
        "sum_for_all",
        "All entries move by the sum of the velocity. Each has its own: leave the sum out.",
        param="param - lr * np.sum(new_velocity)",
    ),
    step(
        "first_entry_for_all",
        "All entries move by the first entry of the velocity. Subtract the whole array.",
        param="param - lr * new_velocity.flat[0]",
    ),
    step(
        "results_rounded",
        "You round the result, and small steps vanish. Keep all digits.",
        param="np.round(param - lr * new_velocity, 2)",
        end="new_param, np.round(new_velocity, 2)",
    ),
    step(
        "velocity_clipped",
        "You limit the velocity to the range from -1 to 1. Clipping is another exercise: here it stays as it "
        "is.",
        velocity="np.clip(momentum * velocity + grad, -1, 1)",
    ),
)

MISTAKES = VELOCITY + PARAMETER
