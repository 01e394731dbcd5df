"""Typical mistakes around the rule of adamw_step: the state, what comes back, and ready-made steps."""

from hidden.adamw_step_answers import DECAY, RIGHT, STEP, changed

from autograder.model import Mistake

STORED = 'state["t"], state["m"], state["v"] = t, m, v'


def _mistake(name: str, sentence: str, source: str) -> Mistake:
    return Mistake("adamw_step", name, sentence, source)


STATES = (
    changed(
        "nothing_stored",
        "The next call finds nothing in state, so every step is a first one. Write t, m and v into the dict "
        'that came in, state["m"] = m: `state = {…}` would make another one, and clear() empties it.',
        (STORED, "pass"),
    ),
    changed(
        "m_not_stored",
        "m is not stored, so each call begins with m = 0. Write it into state.",
        (STORED, 'state["t"], state["v"] = t, v'),
    ),
    changed(
        "v_not_stored",
        "v is not stored, so each call begins with v = 0. Write it into state.",
        (STORED, 'state["t"], state["m"] = t, m'),
    ),
    changed(
        "one_state_for_all",
        "Your memory lies outside of state, so all parameters share it. Keep t, m and v in the state that "
        "comes in.",
        ("beta1, beta2 = betas", 'beta1, beta2 = betas; state = globals().setdefault("_shared", {})'),
        ("(1 - beta1) * grad", "(1 - beta1) * np.asarray(grad).ravel()[:1]"),
    ),
    changed(
        "one_dict_for_all",
        "Your memory lies outside of state, so all parameters share it. Keep t, m and v in the state that "
        "comes in.",
        ("beta1, beta2 = betas", 'beta1, beta2 = betas; state = globals().setdefault("_shared", {})'),
    ),
    changed(
        "one_counter_for_all",
        "Your step counter is a global, so all parameters count together. Keep t in state.",
        (
            'state.get("t", 0) + 1',
            'globals().get("_steps_so_far", 0) + 1; globals()["_steps_so_far"] = t',
        ),
    ),
    changed(
        "keys_expected",
        "You expect m, v and t in state. It is empty before step 1: begin with 0 where a key is missing, "
        'state.get("m", 0.0).',
        ('state.get("t", 0)', 'state["t"]'),
    ),
    changed(
        "parameter_kept_in_state",
        "You keep θ in state, and pass over the param that comes in. Take θ from param in every step.",
        ("(1 - lr * weight_decay) * param", '(1 - lr * weight_decay) * state.get("p", param)'),
        (f"return {STEP}", f'state["p"] = {STEP}\n    return state["p"].copy()'),
    ),
)

RESULTS = (
    changed(
        "zeros_of_one_axis",
        "np.zeros(len(param)) is one row of zeros: it fits one axis alone. np.zeros_like(param), or 0.0, "
        "fits every shape.",
        ('state.get("m", 0.0)', 'state.get("m", np.zeros(len(param)))'),
    ),
    changed(
        "three_dots",
        "Three dots ... still stand where the new parameter belongs: return θ − lr · m̂ / (√v̂ + eps).",
        (f"return {STEP}", "return ..."),
    ),
    changed(
        "parameter_and_state",
        "You return the state as well. It is the caller's already: return the parameter alone.",
        (f"return {STEP}", f"return {STEP}, state"),
    ),
    changed(
        "state_returned",
        "You return the state. The new parameter is asked for.",
        (f"return {STEP}", "return state"),
    ),
    changed(
        "old_parameter_returned",
        "You renew the moments and return the parameter that came in. Return the one after the step.",
        (f"return {STEP}", "return param + 0.0"),
    ),
    changed(
        "param_and_grad_exchanged",
        "param and grad have changed places in your def line: param comes first.",
        ("(param, grad, state", "(grad, param, state"),
    ),
    changed(
        "step_returned",
        "You return the step alone. Subtract it from the parameter.",
        (STEP, STEP.replace("decayed ", "")),
    ),
    changed(
        "size_of_the_step_returned",
        "You return the step that is to be subtracted. Subtract it from the parameter.",
        (STEP, STEP.replace("decayed - ", "")),
    ),
    changed(
        "printed",
        "None comes back: to print the parameter, or to change it in place, is not enough. End with return.",
        (f"return {STEP}", f"print({STEP})"),
    ),
    changed(
        "flattened",
        "Your parameter comes back as one row of numbers. It keeps its shape: leave out ravel or flatten.",
        (f"return {STEP}", f"return np.ravel({STEP})"),
    ),
    _mistake(
        "parameter_in_place",
        "param *= … and param -= … change the caller's array. Make a new one: (1 - lr * λ) * param.",
        RIGHT.replace(f"decayed = {DECAY}", "param *= 1 - lr * weight_decay").replace(
            f"return {STEP}", f"param -= {STEP.partition(' - ')[2]}\n    return param"
        ),
    ),
    changed(
        "decay_in_place",
        "param *= … changes the caller's array. Make a new one: (1 - lr * λ) * param.",
        (f"decayed = {DECAY}", "param *= 1 - lr * weight_decay; decayed = param"),
    ),
    changed(
        "gradient_in_place",
        "You square the caller's gradient in place. Make a new array: grad**2.",
        ("v = beta2", "m = m + 0.0; grad **= 2; v = beta2"),
        ("grad**2", "grad"),
    ),
    changed(
        "nothing_new_without_a_gradient",
        "Where the gradient is 0 you return param at once, and neither count the step nor decay. The rule "
        "needs no special case: eps takes care.",
        ("beta1, beta2 = betas", "beta1, beta2 = betas\n    if not np.any(grad): return param.copy()"),
    ),
    changed(
        "entry_by_entry",
        "An array of shape () has no axis: loops, len and indices fail there. Compute with whole arrays: no "
        "loop is needed.",
        (
            f"return {STEP}",
            "return np.array([decayed[i] - lr * m_hat[i] / (np.sqrt(v_hat[i]) + eps) "
            "for i in range(len(param))])",
        ),
    ),
)

READY = (
    _mistake(
        "torch_optim",
        "Your step comes from torch.optim.AdamW. It may be right, but the rule is the exercise: write it "
        "yourself for the other half of the marks.",
        """
def adamw_step(param, grad, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    if "p" not in state:
        state["p"] = torch.tensor(param, dtype=torch.float64)
        state["optimizer"] = torch.optim.AdamW([state["p"]])
    p, optimizer = state["p"], state["optimizer"]
    optimizer.param_groups[0].update(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
    p.grad = torch.tensor(grad, dtype=torch.float64)
    optimizer.step()
    return p.numpy().copy()
""",
    ),
    _mistake(
        "torch_optim_each_time",
        "A new torch.optim.AdamW in each call forgets all that was before, and a library's optimizer costs "
        "half of the marks. Write the rule, with m, v and t in state.",
        """
def adamw_step(param, grad, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    p = torch.tensor(param, dtype=torch.float64)
    p.grad = torch.tensor(grad, dtype=torch.float64)
    torch.optim.AdamW([p], lr=lr, betas=betas, eps=eps, weight_decay=weight_decay).step()
    return p.numpy()
""",
    ),
    _mistake(
        "torch_adam",
        "torch.optim.Adam makes your step, and adds λθ to the gradient. AdamW shrinks θ instead: write its "
        "rule yourself.",
        """
def adamw_step(param, grad, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    if "p" not in state:
        state["p"] = torch.tensor(param, dtype=torch.float64)
        state["optimizer"] = torch.optim.Adam([state["p"]])
    p, optimizer = state["p"], state["optimizer"]
    optimizer.param_groups[0].update(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
    p.grad = torch.tensor(grad, dtype=torch.float64)
    optimizer.step()
    return p.numpy().copy()
""",
    ),
)

MISTAKES = STATES + RESULTS + READY
