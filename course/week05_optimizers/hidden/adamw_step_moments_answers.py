"""Typical mistakes in adamw_step: what the moments are made of, and which beta belongs to which."""

from hidden.adamw_step_answers import M_HAT, STEP, V_HAT, M, V, changed

MISTAKES = (
    changed(
        "size_instead_of_square",
        "v is made of |g|. It is made of g²: the root comes later.",
        ("grad**2", "np.abs(grad)"),
    ),
    changed(
        "v_without_the_square",
        "v is made of g itself, and has no root where g is negative. It is made of g².",
        ("grad**2", "grad"),
    ),
    changed(
        "doubled_instead_of_squared",
        "v is made of 2g, and has no root where g is negative. The square is grad**2.",
        ("grad**2", "grad * 2"),
    ),
    changed(
        "v_from_m",
        "v is made of the square of m. It is made of the square of this step's gradient.",
        ("grad**2", "m**2"),
    ),
    changed(
        "surprise_instead_of_size",
        "v is made of (g - m)²: that is another method, AdaBelief. Here it is made of g².",
        ("grad**2", "(grad - m) ** 2"),
    ),
    changed(
        "v_adds_up",
        "You add up all squares, as AdaGrad does, so the steps fade for ever. v ← β₂v + (1 - β₂)g² forgets.",
        (V, 'state.get("v", 0.0) + (1 - beta2) * grad**2'),
    ),
    changed(
        "m_adds_up",
        "m adds the whole gradient, as in SGD with momentum. Here it is a mean: (1 - β₁)g.",
        (M, 'beta1 * state.get("m", 0.0) + grad'),
    ),
    changed(
        "v_adds_the_whole_square",
        "v adds the whole square. It is a mean: (1 - β₂)g².",
        (V, 'beta2 * state.get("v", 0.0) + grad**2'),
    ),
    changed(
        "both_add_up",
        "Both moments add the whole gradient. They are means: (1 - β₁)g and (1 - β₂)g².",
        (M, 'beta1 * state.get("m", 0.0) + grad'),
        (V, 'beta2 * state.get("v", 0.0) + grad**2'),
    ),
    changed(
        "shares_exchanged",
        "You keep 1 - β of the past and take β of the gradient. It is the other way round: β is what stays.",
        (M, '(1 - beta1) * state.get("m", 0.0) + beta1 * grad'),
        (V, '(1 - beta2) * state.get("v", 0.0) + beta2 * grad**2'),
    ),
    changed(
        "betas_exchanged",
        "The betas have changed places: betas[0] belongs to m, betas[1] to v.",
        ("beta1, beta2 = betas", "beta2, beta1 = betas"),
    ),
    changed(
        "first_beta_for_both",
        "You use the first beta for both moments. The second one belongs to v.",
        ("beta1, beta2 = betas", "beta1 = beta2 = betas[0]"),
    ),
    changed(
        "betas_fixed",
        "You always use 0.9 and 0.999, whatever comes in. Use betas.",
        ("beta1, beta2 = betas", "beta1, beta2 = 0.9, 0.999"),
    ),
    changed(
        "betas_fixed_in_the_correction",
        "Your corrections use 0.9 and 0.999, whatever comes in. Use the same betas as in the moments.",
        (M_HAT, "m_hat = m / (1 - 0.9**t)"),
        (V_HAT, "v_hat = v / (1 - 0.999**t)"),
    ),
    changed(
        "moments_begin_with_the_gradient",
        "Your moments begin with the first gradient and are then corrected all the same. They begin at 0: "
        "that is what the correction is for.",
        ('state.get("m", 0.0)', 'state.get("m", grad)'),
        ('state.get("v", 0.0)', 'state.get("v", grad**2)'),
    ),
    changed(
        "m_adds_the_old_one_whole",
        "You keep the whole old m. Only β₁ of it stays: m ← β₁m + (1 - β₁)g.",
        (M, 'state.get("m", 0.0) + (1 - beta1) * grad'),
    ),
    changed(
        "m_begins_with_the_gradient",
        "Your m begins with the first gradient and is then corrected all the same. It begins at 0: that is "
        "what the correction is for.",
        ('state.get("m", 0.0)', 'state.get("m", grad)'),
    ),
    changed(
        "one_size_for_all",
        "v is the mean over all entries, so all share one rate. Each entry has a v of its own.",
        ("grad**2", "np.mean(grad**2)"),
    ),
    changed(
        "one_length_for_all",
        "v is the sum over all entries, so all share one rate. Each entry has a v of its own.",
        ("grad**2", "np.sum(grad**2)"),
    ),
    changed(
        "largest_v_kept",
        "You keep the largest v so far (AMSGrad). Here v may fall again.",
        ("np.sqrt(v_hat)", 'np.sqrt(state.setdefault("top", v_hat))'),
        ("decayed =", 'state["top"] = np.maximum(state.get("top", 0.0), v_hat); decayed ='),
    ),
    changed(
        "rate_inside_m",
        "lr is in m, so a new rate reaches only the newest gradient. m is made of the gradient alone; lr "
        "multiplies the step.",
        (M, M + " * lr"),
        (STEP, "decayed - m_hat / (np.sqrt(v_hat) + eps)"),
    ),
    changed(
        "gradient_clipped",
        "You limit the gradient to the range from -1 to 1. It enters as it is, however large.",
        ("beta1, beta2 = betas", "beta1, beta2 = betas; grad = np.clip(grad, -1, 1)"),
    ),
)
