"""Typical mistakes in the step of adamw_step: the division, eps, the rate, and the defaults."""

from hidden.adamw_step_answers import M_HAT, STEP, V_HAT, changed

MISTAKES = (
    changed(
        "uphill",
        "θ moves uphill: you add the step. Subtract it.",
        (STEP, STEP.replace(" - lr", " + lr")),
    ),
    changed(
        "no_root",
        "You divide by v̂, without its root. Then the size of the gradient still counts, the wrong way round: "
        "divide by √v̂ + eps.",
        ("np.sqrt(v_hat)", "v_hat"),
    ),
    changed(
        "multiplied_by_the_root",
        "You multiply by √v̂ + eps. Divide: where gradients are large, the rate is made smaller.",
        ("m_hat / (np.sqrt(v_hat) + eps)", "m_hat * (np.sqrt(v_hat) + eps)"),
    ),
    changed(
        "direction_without_its_sign",
        "You take the size of m̂ and lose its sign, so θ only falls. Leave abs out.",
        ("m_hat / (", "np.abs(m_hat) / ("),
    ),
    changed(
        "moments_exchanged_in_the_step",
        "m̂ and v̂ have changed places: m̂ is above, √v̂ + eps below.",
        ("m_hat / (np.sqrt(v_hat)", "v_hat / (np.sqrt(m_hat)"),
    ),
    changed(
        "eps_squared_inside_the_root",
        "You add eps² inside the root. Take the root first, then add eps.",
        ("np.sqrt(v_hat) + eps", "np.sqrt(v_hat + eps**2)"),
    ),
    changed(
        "eps_inside_the_root",
        "eps stands inside the root, where it counts for 0.0001. Take the root first, then add eps.",
        ("np.sqrt(v_hat) + eps", "np.sqrt(v_hat + eps)"),
    ),
    changed(
        "eps_left_out",
        "eps is missing: with gradient 0 you divide 0 by 0. Divide by √v̂ + eps.",
        ("np.sqrt(v_hat) + eps", "np.sqrt(v_hat)"),
    ),
    changed(
        "eps_before_the_correction",
        "You add eps to √v, and correct afterwards, which enlarges eps. Correct v first, then √v̂ + eps.",
        ("np.sqrt(v_hat) + eps", "(np.sqrt(v) + eps) / np.sqrt(1 - beta2**t)"),
    ),
    changed(
        "eps_fixed",
        "You always add 1e-8, whatever comes in. Add eps.",
        ("np.sqrt(v_hat) + eps", "np.sqrt(v_hat) + 1e-8"),
    ),
    changed(
        "eps_outside_of_the_bracket",
        "eps is added after the division: the brackets are missing. m̂ / (√v̂ + eps).",
        ("m_hat / (np.sqrt(v_hat) + eps)", "(m_hat / np.where(v_hat > 0, np.sqrt(v_hat), 1) + eps)"),
    ),
    changed(
        "brackets_missing_around_eps",
        "eps is added to θ: the brackets around the divisor are missing, m̂ / (√v̂ + eps).",
        ("(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat) + eps"),
    ),
    changed(
        "eps_as_a_floor",
        "You use eps as the smallest divisor, max(√v̂, eps). It is added: √v̂ + eps.",
        ("np.sqrt(v_hat) + eps", "np.maximum(np.sqrt(v_hat), eps)"),
    ),
    changed(
        "rate_left_out",
        "lr is missing in the step. Multiply by it.",
        (STEP, "decayed - m_hat / (np.sqrt(v_hat) + eps)"),
    ),
    changed(
        "rate_fixed",
        "You always use the rate 0.001, whatever comes in. Use lr.",
        ("beta1, beta2 = betas", "beta1, beta2 = betas; lr = 1e-3"),
    ),
    changed(
        "rate_of_the_first_step_kept",
        "You keep the lr of step 1 in state. It may be another in each call: use the one that comes in.",
        ("beta1, beta2 = betas", 'beta1, beta2 = betas; lr = state.setdefault("lr", lr)'),
    ),
    changed(
        "rate_fades",
        "You divide lr by √t, so the steps fade. Nothing of this is in the rule: use lr itself.",
        (STEP, STEP.replace("lr *", "lr / t**0.5 *")),
    ),
    changed(
        "gradient_instead_of_m",
        "Your step uses the gradient itself, as RMSprop does. Adam uses the corrected mean, m̂.",
        (M_HAT, "m_hat = grad"),
    ),
    changed(
        "plain_sgd",
        "Your step is lr · g: this is SGD with decay. Divide by the usual size of the gradient: "
        "m̂ / (√v̂ + eps).",
        (STEP, "decayed - lr * grad"),
    ),
    changed(
        "momentum_alone",
        "Your step is lr · m̂, without the division by √v̂ + eps. So large gradients make large steps still.",
        (STEP, "decayed - lr * m_hat"),
    ),
    changed(
        "rmsprop",
        "Your step is g / (√v + eps), as in RMSprop: neither m nor a correction is in it. Use m̂ and v̂.",
        (M_HAT, "m_hat = grad"),
        (V_HAT, "v_hat = v"),
    ),
    changed(
        "adagrad",
        "Your step is AdaGrad's: all squares are added up, and there is no m. Use m̂ and v̂.",
        ('beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2', 'state.get("v", 0.0) + grad**2'),
        (M_HAT, "m_hat = grad"),
        (V_HAT, "v_hat = v"),
    ),
    changed(
        "only_the_sign",
        "Your step keeps only the sign of m̂. Divide m̂ by √v̂ + eps instead: a mixed past makes short steps.",
        ("m_hat / (np.sqrt(v_hat) + eps)", "np.sign(m_hat)"),
    ),
    changed(
        "nesterov",
        "You mix the newest gradient into m̂ once more, as Nadam does. The step uses m̂ itself.",
        (M_HAT, M_HAT + "; m_hat = beta1 * m_hat + (1 - beta1) * grad / (1 - beta1**t)"),
    ),
    changed(
        "step_from_the_old_moments",
        "Your step uses the moments from before this gradient. Renew m and v first.",
        (M_HAT, "m_hat = old / (1 - beta1**t)"),
        ("m = beta1", 'old = state.get("m", 0.0 * grad); m = beta1'),
    ),
    changed(
        "default_decay_of_torch",
        "Without weight_decay you decay by 0.01, as torch.optim.AdamW does. Here the default is 0.0.",
        ("weight_decay=0.0", "weight_decay=0.01"),
    ),
    changed(
        "default_rate_changed",
        "Without lr you use another rate than 1e-3. Keep the defaults of the task.",
        ("lr=1e-3", "lr=1e-2"),
    ),
    changed(
        "default_beta_changed",
        "Without betas you use another second beta than 0.999. Keep the defaults of the task.",
        ("(0.9, 0.999)", "(0.9, 0.99)"),
    ),
    changed(
        "result_rounded",
        "You round the result, and small steps vanish. Keep all digits.",
        (STEP, f"np.round({STEP}, 3)"),
    ),
)
