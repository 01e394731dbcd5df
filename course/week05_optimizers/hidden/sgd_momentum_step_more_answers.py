"""Typical mistakes around the rule of sgd_momentum_step: what comes back, what is changed, which shapes."""

from hidden.sgd_momentum_step_answers import step

from autograder.model import Mistake


def _mistake(name: str, sentence: str, body: str) -> Mistake:
    source = f"\ndef sgd_momentum_step(param, grad, velocity, lr, momentum):{body}"
    return Mistake("sgd_momentum_step", name, sentence, source)


RESULTS = (
    step(
        "results_exchanged",
        "Your two results have changed places: param comes first, then velocity.",
        end="new_velocity, new_param",
    ),
    step(
        "old_velocity_returned",
        "You return the velocity that came in, so the next step remembers nothing. Return the new one.",
        end="new_param, velocity",
    ),
    step(
        "old_parameter_returned",
        "You return the parameter that came in, so nothing is ever learnt. Return the new one.",
        end="param, new_velocity",
    ),
    step(
        "parameter_alone",
        "You return the parameter alone. The caller needs the velocity for the next step, too: return both, "
        "with a comma.",
        end="new_param",
    ),
    step(
        "velocity_alone",
        "You return the velocity alone. The new parameter comes first: return both, with a comma.",
        end="new_velocity",
    ),
    step(
        "step_instead_of_the_velocity",
        "You return lr · v, the step, in the place of the velocity. The velocity itself is asked for.",
        end="new_param, lr * new_velocity",
    ),
    step(
        "step_instead_of_the_parameter",
        "You return the step in the place of the parameter. Add it to param: param - lr * velocity.",
        end="-lr * new_velocity, new_velocity",
    ),
    step(
        "size_of_the_step_returned",
        "You return lr · v in the place of the parameter. Subtract it from param.",
        end="lr * new_velocity, new_velocity",
    ),
    step(
        "gradient_in_the_place_of_the_velocity",
        "You return the gradient in the place of the velocity. Return the new velocity.",
        end="new_param, grad.copy()",
    ),
    step(
        "momentum_once_more_in_the_velocity",
        "You return momentum times the new velocity. That factor comes in the next step: return the velocity "
        "that moved θ.",
        end="new_param, momentum * new_velocity",
    ),
    step(
        "three_results",
        "Three arrays come back. Two are asked for: param, velocity.",
        end="new_param, grad, new_velocity",
    ),
    step(
        "a_dict",
        "A dict comes back. Return the two arrays themselves, with a comma between: param, velocity.",
        end='{"param": new_param, "velocity": new_velocity}',
    ),
    step(
        "printed",
        "You print the results, and None comes back. Replace print(…) by return.",
        end="print(new_param, new_velocity)",
    ),
    step(
        "one_long_array",
        "The two arrays come back glued into one. Return them with a comma between: param, velocity.",
        end="np.concatenate([np.ravel(new_param), np.ravel(new_velocity)])",
    ),
    step(
        "flattened",
        "Your arrays come back as one row of numbers. They keep the shape of param: leave out ravel or "
        "flatten.",
        end="np.ravel(new_param), np.ravel(new_velocity)",
    ),
    step(
        "made_whole_numbers",
        "Your arrays hold whole numbers: the decimals are cut off. Leave out int and astype(int).",
        end="new_param.astype(int), new_velocity.astype(int)",
    ),
)

CHANGED = (
    _mistake(
        "nothing_new_without_a_rate",
        "Where lr is 0 you return the param that came in: whoever changes the result changes it, too. The "
        "rule needs no special case.",
        """
    velocity = momentum * velocity + grad
    if lr == 0:
        return param, velocity
    return param - lr * velocity, velocity
""",
    ),
    _mistake(
        "both_in_place",
        "*= and -= change the caller's arrays. Make new ones: momentum * velocity + grad.",
        """
    velocity *= momentum
    velocity += grad
    param -= lr * velocity
    return param, velocity
""",
    ),
    _mistake(
        "velocity_in_place",
        "velocity *= momentum changes the caller's velocity. Make a new one: momentum * velocity + grad.",
        """
    velocity *= momentum
    velocity += grad
    return param - lr * velocity, velocity
""",
    ),
    _mistake(
        "parameter_in_place",
        "param -= … changes the caller's parameter. Make a new one: param - lr * velocity.",
        """
    velocity = momentum * velocity + grad
    param -= lr * velocity
    return param, velocity
""",
    ),
    _mistake(
        "gradient_in_place",
        "grad += … changes the caller's gradient. Make a new array: momentum * velocity + grad.",
        """
    grad += momentum * velocity
    return param - lr * grad, grad
""",
    ),
    _mistake(
        "gradient_itself_handed_out",
        "From rest, or with momentum 0, you hand out the caller's gradient as the velocity: whoever changes "
        "one changes the other. Return a new array, such as grad.copy().",
        """
    past = momentum * velocity
    velocity = past + grad if np.any(past) else grad
    return param - lr * velocity, velocity
""",
    ),
    _mistake(
        "in_place_and_nothing_returned",
        "You change the arrays that came in and return nothing. Make new ones, and return both.",
        """
    velocity *= momentum
    velocity += grad
    param -= lr * velocity
""",
    ),
    _mistake(
        "velocity_remembered_outside",
        "You keep the velocity of your last call and overlook the one that comes in. All that the step "
        "remembers is the argument velocity.",
        """
    global _kept
    _kept = momentum * _kept + grad if np.shape(globals().get("_kept")) == np.shape(grad) else grad + 0.0
    return param - lr * _kept, _kept
""",
    ),
    _mistake(
        "torch_optim",
        "Your step comes from torch.optim.SGD. It may be right, but the rule is the exercise: write its two "
        "lines yourself for the other half of the marks.",
        """
    p = torch.tensor(param, dtype=torch.float64)
    p.grad = torch.tensor(grad, dtype=torch.float64)
    optimizer = torch.optim.SGD([p], lr=lr, momentum=momentum)
    optimizer.state[p]["momentum_buffer"] = torch.tensor(velocity, dtype=torch.float64)
    optimizer.step()
    return p.numpy(), (optimizer.state[p]["momentum_buffer"].numpy() if momentum else np.array(grad))
""",
    ),
    _mistake(
        "entry_by_entry",
        "An array of shape () has no axis: loops, len and indices fail there. Compute with whole arrays: no "
        "loop is needed.",
        """
    velocity = np.array([momentum * velocity[i] + grad[i] for i in range(len(param))])
    return np.array([param[i] - lr * velocity[i] for i in range(len(param))]), velocity
""",
    ),
    _mistake(
        "one_axis_only",
        "Your function takes single numbers out of the arrays, so it fits one axis alone. Compute with whole "
        "arrays: no loop is needed.",
        """
    velocity = np.array([momentum * float(v) + float(g) for v, g in zip(velocity, grad)])
    return np.array([float(p) - lr * float(v) for p, v in zip(param, velocity)]), velocity
""",
    ),
    _mistake(
        "zero_momentum_refused",
        "With momentum 0 you return the velocity that came in. The rule needs no special case: then the new "
        "velocity is the gradient.",
        """
    if not momentum:
        return param - lr * grad, velocity.copy()
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity
""",
    ),
    _mistake(
        "momentum_below_1_demanded",
        "You refuse the momentum 1. It is allowed: then nothing is forgotten.",
        """
    assert 0 <= momentum < 1, "momentum must lie below 1"
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity
""",
    ),
)

MIXED = (
    step(
        "gradient_left_out",
        "The gradient is not in your velocity, so from rest nothing ever moves: momentum * velocity + grad.",
        velocity="momentum * velocity",
    ),
    step(
        "average_without_the_rate",
        "You average, (1 - momentum) * grad, and leave lr out. The gradient is added whole, and lr "
        "multiplies the velocity where θ moves.",
        velocity="momentum * velocity + (1 - momentum) * grad",
        param="param - new_velocity",
    ),
    step(
        "velocity_is_the_step_and_rate_twice",
        "Your velocity is μv - lr·g, and lr multiplies it once more. In PyTorch's rule the velocity knows no "
        "rate: μv + g, and θ moves by -lr times it.",
        velocity="momentum * velocity - lr * grad",
        param="param + lr * new_velocity",
    ),
    step(
        "sign_of_the_gradient",
        "You add the sign of the gradient alone. The gradient itself is added.",
        velocity="momentum * velocity + np.sign(grad)",
    ),
)

MISTAKES = RESULTS + CHANGED + MIXED
