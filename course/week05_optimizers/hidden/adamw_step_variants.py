"""Right answers to adamw_step that are written differently."""

from autograder.model import Variant

HEAD = "def adamw_step(param, grad, state, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):"


def _variant(name: str, body: str) -> Variant:
    return Variant("adamw_step", name, f"\n{HEAD}{body}")


VARIANTS = (
    _variant(
        "zeros_at_first",
        """
    if not state:
        state["m"], state["v"], state["t"] = np.zeros_like(param), np.zeros_like(param), 0
    state["t"] += 1
    state["m"] = betas[0] * state["m"] + (1 - betas[0]) * grad
    state["v"] = betas[1] * state["v"] + (1 - betas[1]) * np.square(grad)
    m_hat = state["m"] / (1 - betas[0] ** state["t"])
    v_hat = state["v"] / (1 - betas[1] ** state["t"])
    param = param * (1 - lr * weight_decay)
    return param - lr * m_hat / (v_hat**0.5 + eps)
""",
    ),
    _variant(
        "in_place_on_copies",
        """
    b1, b2 = betas
    if "step" not in state:
        state.update(step=0, exp_avg=np.zeros(np.shape(param)), exp_avg_sq=np.zeros(np.shape(param)))
    state["step"] += 1
    state["exp_avg"] *= b1
    state["exp_avg"] += (1 - b1) * grad
    state["exp_avg_sq"] *= b2
    state["exp_avg_sq"] += (1 - b2) * grad * grad
    new = np.array(param, dtype=float)
    new *= 1 - lr * weight_decay
    first, second = 1 - b1 ** state["step"], 1 - b2 ** state["step"]
    new -= lr / first * state["exp_avg"] / (np.sqrt(state["exp_avg_sq"]) / np.sqrt(second) + eps)
    return new
""",
    ),
    _variant(
        "decay_in_the_direction",
        """
    t = state["t"] = state.setdefault("t", 0) + 1
    m, v = state.get("moments", (0.0, 0.0))
    m = m + (1 - betas[0]) * (grad - m)
    v = v + (1 - betas[1]) * (grad**2 - v)
    state["moments"] = (m, v)
    direction = (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps) + weight_decay * param
    return param - lr * direction
""",
    ),
    _variant(
        "all_gradients_remembered",
        """
    past = state.setdefault("grads", [])
    past.append(np.array(grad))
    ages = range(len(past) - 1, -1, -1)
    m = sum((1 - betas[0]) * betas[0] ** age * g for age, g in zip(ages, past))
    v = sum((1 - betas[1]) * betas[1] ** age * g**2 for age, g in zip(ages, past))
    m, v = m / (1 - betas[0] ** len(past)), v / (1 - betas[1] ** len(past))
    return param - lr * weight_decay * param - lr * m / (np.sqrt(v) + eps)
""",
    ),
    _variant(
        "pytorch_tensors",
        """
    p, g = torch.as_tensor(param), torch.as_tensor(grad)
    if "t" not in state:
        state["t"], state["m"], state["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
    state["t"] += 1
    state["m"].mul_(betas[0]).add_(g, alpha=1 - betas[0])
    state["v"].mul_(betas[1]).addcmul_(g, g, value=1 - betas[1])
    root = (state["v"] / (1 - betas[1] ** state["t"])).sqrt() + eps
    return (p * (1 - lr * weight_decay) - lr * state["m"] / (1 - betas[0] ** state["t"]) / root).numpy()
""",
    ),
    _variant(
        "entry_by_entry_for_any_shape",
        """
    t = state["t"] = state.get("t", 0) + 1
    new = np.zeros(param.shape)
    for place in np.ndindex(param.shape):
        m, v = state.get(place, (0.0, 0.0))
        m = betas[0] * m + (1 - betas[0]) * grad[place]
        v = betas[1] * v + (1 - betas[1]) * grad[place] ** 2
        state[place] = m, v
        step = lr * m / (1 - betas[0] ** t) / (math.sqrt(v / (1 - betas[1] ** t)) + eps)
        new[place] = (1 - lr * weight_decay) * param[place] - step
    print(new)
    return new
""",
    ),
    _variant(
        "lists_in_float32",
        """
    g = np.asarray(grad, dtype=np.float32)
    t, m, v = state.pop("memory", (0, np.float32(0), np.float32(0)))
    t, m, v = t + 1, betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
    state["memory"] = t, m, v
    m, v = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    new = (1 - lr * weight_decay) * np.asarray(param) - lr * m / (np.sqrt(v) + eps)
    return new.tolist()
""",
    ),
    _variant(
        "powers_multiplied_up",
        """
    if not state:
        state.update(m=0 * grad, v=0 * grad, power1=1.0, power2=1.0)
    state["power1"] *= betas[0]
    state["power2"] *= betas[1]
    state["m"] = betas[0] * state["m"] + (1 - betas[0]) * grad
    state["v"] = betas[1] * state["v"] + (1 - betas[1]) * grad**2
    scale = np.sqrt(state["v"] / (1 - state["power2"])) + eps
    return np.subtract((1 - lr * weight_decay) * param, lr * state["m"] / (1 - state["power1"]) / scale)
""",
    ),
)
