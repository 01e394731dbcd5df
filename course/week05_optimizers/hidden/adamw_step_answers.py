"""Typical mistakes in adamw_step: the decay, and the correction of the moments."""

from autograder.model import Mistake

RIGHT = """
def adamw_step(param, grad, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    beta1, beta2 = betas
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    state["t"], state["m"], state["v"] = t, m, v
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    decayed = (1 - lr * weight_decay) * param
    return decayed - lr * m_hat / (np.sqrt(v_hat) + eps)
"""
M, V = (
    'beta1 * state.get("m", 0.0) + (1 - beta1) * grad',
    'beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2',
)
M_HAT, V_HAT = "m_hat = m / (1 - beta1**t)", "v_hat = v / (1 - beta2**t)"
DECAY, STEP = "(1 - lr * weight_decay) * param", "decayed - lr * m_hat / (np.sqrt(v_hat) + eps)"


def changed(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return the right answer with each (old, new) replaced, as a mistake; each old must be in it."""
    source = RIGHT
    for old, new in changes:
        if old not in source:
            raise ValueError(f"{name}: the right answer does not contain {old!r}")
        source = source.replace(old, new)
    return Mistake("adamw_step", name, sentence, source)


DECAYS = (
    changed(
        "decay_in_the_gradient",
        "You add λθ to the gradient: this is Adam with L2, which AdamW mends. Where the gradient is 0 your "
        "weight moves by a whole step, and AdamW shrinks it by lr · λ. Keep the decay out of m and v.",
        ("beta1, beta2 = betas", "beta1, beta2 = betas; grad = grad + weight_decay * param"),
        (DECAY, "param"),
    ),
    changed(
        "decay_in_m_alone",
        "λθ is in m, so the decay is divided by √v̂ and comes too late. It acts on θ alone: (1 - lr · λ) θ.",
        (M, M.replace("* grad", "* (grad + weight_decay * param)")),
        (DECAY, "param"),
    ),
    changed(
        "decay_ignored",
        "weight_decay is not used. The first step hides it; where the gradient is 0 you see it: θ should "
        "shrink by lr · λ · θ.",
        (DECAY, "param"),
    ),
    changed(
        "decay_without_the_rate",
        "You shrink θ by λ. It is lr · λ: multiply by (1 - lr * weight_decay).",
        (DECAY, "(1 - weight_decay) * param"),
    ),
    changed(
        "decay_after_the_step",
        "You shrink θ after its step, and so the step as well. The decay comes first, then the step is "
        "subtracted.",
        (STEP, f"(1 - lr * weight_decay) * (param - {STEP.partition(' - ')[2]})"),
    ),
    changed(
        "decay_that_grows",
        "Your θ grows with the decay: 1 + lr · λ. It shrinks: 1 - lr · λ.",
        (DECAY, "(1 + lr * weight_decay) * param"),
    ),
    changed(
        "divided_instead_of_shrunk",
        "You divide θ by 1 + lr · λ. That is close, but the rule multiplies by 1 - lr · λ.",
        (DECAY, "param / (1 + lr * weight_decay)"),
    ),
    changed(
        "decay_in_the_fraction",
        "λθ stands in the fraction, so it is divided by √v̂ as well. The decay is a line of its own: "
        "(1 - lr · λ) θ.",
        (DECAY, "param"),
        ("m_hat / (", "(m_hat + weight_decay * param) / ("),
    ),
    changed(
        "decay_where_there_is_a_gradient",
        "Where the gradient is 0 you leave θ as it is. It decays there, too, and m may still move it.",
        (STEP, f"np.where(grad == 0, param, {STEP})"),
    ),
    changed(
        "nothing_but_decay_without_a_gradient",
        "Where all gradients are 0 you only let θ decay, and neither count the step nor renew m and v. m "
        "still moves θ there: leave the special case out.",
        (
            "beta1, beta2 = betas",
            "beta1, beta2 = betas\n    if not np.any(grad): return (1 - lr * weight_decay) * param",
        ),
    ),
    changed(
        "no_step_where_the_gradient_is_0",
        "Where the gradient is 0 your θ makes no step. m still remembers earlier gradients and moves θ "
        "there: leave the special case out.",
        (STEP, "decayed - np.where(grad == 0, 0, lr * m_hat / (np.sqrt(v_hat) + eps))"),
    ),
    changed(
        "decay_alone",
        "Line 3 of the rule, the step itself, is missing: return θ − lr · m̂ / (√v̂ + eps), from the decayed "
        "θ.",
        (STEP, "decayed"),
    ),
    changed(
        "decay_fixed",
        "You always decay by 0.01, whatever comes in. Use weight_decay.",
        (DECAY, "(1 - lr * 0.01) * param"),
    ),
    changed(
        "brackets_missing_in_the_decay",
        "(1 - lr) · λ is not 1 - lr · λ: the product comes first, (1 - lr * weight_decay) * param.",
        (DECAY, "(1 - lr) * weight_decay * param"),
    ),
    changed(
        "share_taken_away",
        "You subtract (1 - lr · λ) θ from θ, so only the lost share is left. That share stays: begin with "
        "(1 - lr · λ) θ.",
        (DECAY, "param - (1 - lr * weight_decay) * param"),
    ),
    changed(
        "decay_from_the_second_step_on",
        "You leave the decay out in step 1. It belongs to every step.",
        (DECAY, "(1 - lr * weight_decay * (t > 1)) * param"),
    ),
    changed(
        "decay_of_the_first_step_kept",
        "You keep the weight_decay of step 1 in state. It may be another in each call: use the one that "
        "comes in.",
        ("weight_decay) * param", 'state.setdefault("decay", weight_decay)) * param'),
    ),
    changed(
        "decay_twice",
        "θ decays twice in a step: once is enough, (1 - lr · λ) θ.",
        (DECAY, "(1 - lr * weight_decay) ** 2 * param"),
    ),
    changed(
        "decay_halved",
        "Your decay is half as strong: the ½ belongs to the penalty ½λθ², and its gradient has none. "
        "Multiply by 1 - lr · λ.",
        (DECAY, "(1 - lr * weight_decay / 2) * param"),
    ),
    changed(
        "decay_by_the_sign",
        "You take the same amount from every weight, lr · λ · sign(θ). Decay takes a share of each: "
        "(1 - lr · λ) θ.",
        (DECAY, "param - lr * weight_decay * np.sign(param)"),
    ),
    changed(
        "decay_of_the_new_rate_squared",
        "lr enters twice in your decay, lr · lr · λ. Multiply by 1 - lr · λ.",
        (DECAY, "(1 - lr * lr * weight_decay) * param"),
    ),
    changed(
        "decay_in_both_places",
        "You decay θ, which is right, and add λθ to the gradient as well. Leave the second out.",
        ("* grad\n", "* (grad + weight_decay * param)\n"),
        ("grad**2", "(grad + weight_decay * param) ** 2"),
    ),
    changed(
        "decay_in_the_first_step_alone",
        "You decay θ in step 1 and never again. The decay belongs to every step.",
        (DECAY, "(1 - lr * weight_decay * (t == 1)) * param"),
    ),
)

CORRECTIONS = (
    changed(
        "no_correction",
        "You do not correct the moments. Both begin at 0, so they are too small at first, √v more so, and "
        "your first step is three times lr. Divide by 1 - βᵗ.",
        (M_HAT, "m_hat = m"),
        (V_HAT, "v_hat = v"),
    ),
    changed(
        "only_m_corrected",
        "You correct m and leave v as it is: too small at first, so the steps are far too long. "
        "v̂ = v / (1 - β₂ᵗ).",
        (V_HAT, "v_hat = v"),
    ),
    changed(
        "only_v_corrected",
        "You correct v and leave m as it is: too small at first, so the steps are too short. "
        "m̂ = m / (1 - β₁ᵗ).",
        (M_HAT, "m_hat = m"),
    ),
    changed(
        "counting_from_0",
        "In your first step t is 0, and 1 - β⁰ is 0: nan. Count up before you correct, so that t is 1.",
        ('state["t"], state', 't = t - 1; state["t"], state'),
        ("= t, m, v", "= t + 1, m, v"),
    ),
    changed(
        "counting_from_2",
        "In your first step t is 2. It is counted up twice, or begins at 1: start with 0 and add 1.",
        ('state.get("t", 0) + 1', 'state.get("t", 1) + 1'),
    ),
    changed(
        "always_the_first_step",
        "You always correct with t = 1, so your second step is too small. The counter must live in state and "
        "grow by 1 in each call.",
        ('state.get("t", 0) + 1', "1"),
    ),
    changed(
        "beta_times_t",
        "You correct by 1 - β · t. It is β to the power of t: beta**t.",
        (M_HAT, "m_hat = m / (1 - beta1 * t)"),
        (V_HAT, "v_hat = v / np.abs(1 - beta2 * t)"),
    ),
    changed(
        "first_beta_times_t",
        "You correct m by 1 - β₁ · t. It is β₁ to the power of t: beta1**t.",
        (M_HAT, "m_hat = m / (1 - beta1 * t)"),
    ),
    changed(
        "beta_without_1_minus",
        "You divide by βᵗ. The correction divides by 1 - βᵗ.",
        (M_HAT, "m_hat = m / beta1**t"),
        (V_HAT, "v_hat = v / beta2**t"),
    ),
    changed(
        "brackets_missing_in_the_correction",
        "m / 1 - β₁ᵗ divides by 1 and subtracts. Brackets around the divisor: m / (1 - beta1**t).",
        (M_HAT, "m_hat = m / 1 - beta1**t"),
        (V_HAT, "v_hat = v / 1 - beta2**t"),
    ),
    changed(
        "multiplied_by_the_correction",
        "You multiply by 1 - βᵗ. The moments are too small at first: divide.",
        (M_HAT, "m_hat = m * (1 - beta1**t)"),
        (V_HAT, "v_hat = v * (1 - beta2**t)"),
    ),
    changed(
        "one_beta_for_both_corrections",
        "You correct v with β₁. Each moment has its own beta: v / (1 - β₂ᵗ).",
        (V_HAT, "v_hat = v / (1 - beta1**t)"),
    ),
    changed(
        "corrections_exchanged",
        "Your corrections have changed places: m is divided by 1 - β₁ᵗ, v by 1 - β₂ᵗ.",
        (M_HAT, "m_hat = m / (1 - beta2**t)"),
        (V_HAT, "v_hat = v / (1 - beta1**t)"),
    ),
    changed(
        "corrected_moments_stored",
        "You store the corrected moments, so the next step corrects them again. Store m and v as they are "
        "before the correction.",
        ('state["t"], state["m"], state["v"] = t, m, v', "pass"),
        (V_HAT, V_HAT + '\n    state["t"], state["m"], state["v"] = t, m_hat, v_hat'),
    ),
    changed(
        "root_before_the_correction",
        "You take the root of v and divide by 1 - β₂ᵗ afterwards, outside of the root. Correct v first, "
        "then take the root.",
        (V_HAT, "v_hat = (np.sqrt(v) / (1 - beta2**t)) ** 2"),
    ),
    changed(
        "root_of_the_correction",
        "You divide v by the root of 1 - β₂ᵗ. The root comes later: v̂ = v / (1 - β₂ᵗ).",
        (V_HAT, "v_hat = v / np.sqrt(1 - beta2**t)"),
    ),
    changed(
        "counted_twice",
        "You count each step twice: t is 2, 4, 6. Add 1 in each call, once.",
        ('state.get("t", 0) + 1', 'state.get("t", 0) + 2'),
    ),
    changed(
        "counted_twice_later",
        "t is 1, 3, 5: you count before and after the step. Add 1 in each call, once.",
        ("= t, m, v", "= t + 1, m, v"),
    ),
    changed(
        "begun_with_the_gradient_and_not_corrected",
        "Your moments begin with the first gradient and are not corrected. They begin at 0 and are divided "
        "by 1 - βᵗ: that weighs all gradients fairly.",
        ('state.get("m", 0.0)', 'state.get("m", grad)'),
        ('state.get("v", 0.0)', 'state.get("v", grad**2)'),
        (M_HAT, "m_hat = m"),
        (V_HAT, "v_hat = v"),
    ),
    changed(
        "counter_of_the_entries",
        "Your t is the number of things in state. It counts the steps: store it, and add 1 in each call.",
        ('state.get("t", 0) + 1', "len(state) + 1"),
    ),
)

MISTAKES = DECAYS + CORRECTIONS
