"""Right answers to sgd_momentum_step that are written differently."""

from autograder.model import Variant


def _variant(name: str, body: str) -> Variant:
    source = f"\ndef sgd_momentum_step(param, grad, velocity, lr, momentum):{body}"
    return Variant("sgd_momentum_step", name, source)


VARIANTS = (
    _variant(
        "in_place_on_copies",
        """
    param, velocity = param.copy(), velocity.copy()
    velocity *= momentum
    velocity += grad
    param -= lr * velocity
    return param, velocity
""",
    ),
    _variant(
        "pytorch_tensors",
        """
    v = torch.as_tensor(velocity) * momentum + torch.as_tensor(grad)
    p = torch.as_tensor(param).sub(v, alpha=lr)
    return p, v
""",
    ),
    _variant(
        "numpy_functions",
        """
    v = np.add(np.multiply(velocity, momentum), grad)
    return [np.subtract(param, np.multiply(lr, v)), v]
""",
    ),
    _variant(
        "entry_by_entry_for_any_shape",
        """
    new_p, new_v = np.empty_like(param), np.empty_like(velocity)
    for i in np.ndindex(param.shape):
        new_v[i] = momentum * velocity[i] + grad[i]
        new_p[i] = param[i] - lr * new_v[i]
    print("v", new_v)
    return new_p, new_v
""",
    ),
    _variant(
        "stacked",
        """
    v = grad + velocity * momentum
    return np.stack([param - v * lr, v])
""",
    ),
    _variant(
        "nested_lists",
        """
    def walk(p, g, v):
        if isinstance(p, list):
            pairs = [walk(*three) for three in zip(p, g, v)]
            return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        v = momentum * v + g
        return p - lr * v, v
    return walk(param.tolist(), grad.tolist(), velocity.tolist())
""",
    ),
    _variant(
        "step_computed_first",
        """
    step = lr * grad + lr * momentum * velocity
    return param - step, momentum * velocity + grad
""",
    ),
    _variant(
        "float32",
        """
    p, g, v = (np.asarray(a, dtype=np.float32) for a in (param, grad, velocity))
    v = np.float32(momentum) * v + g
    return p - np.float32(lr) * v, v
""",
    ),
    _variant(
        "defaults_and_names",
        """
    assert param.shape == grad.shape == velocity.shape
    new = dict(velocity=velocity * momentum)
    new["velocity"] = new["velocity"] + grad
    new["param"] = param + (-lr) * new["velocity"]
    return new["param"], new["velocity"]
""",
    ),
)
