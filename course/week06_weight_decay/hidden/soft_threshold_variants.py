"""Right answers to soft_threshold that are written differently."""

from autograder.model import Variant


def _right(name: str, source: str) -> Variant:
    return Variant("soft_threshold", name, source)


VARIANTS = (
    _right(
        "sign_of_the_difference",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError(f"negative threshold {t}")
    if torch.is_tensor(w):
        w = w.double()
        return torch.sign(w - t) * torch.relu(w.abs() - t) if t else w.clone()
    w = np.asarray(w, dtype=float)
    return np.sign(w) * np.clip(np.abs(w) - t, 0, None)
""",
    ),
    _right(
        "two_sides_added",
        """
def soft_threshold(w, t):
    if not t >= 0:
        raise ValueError("t")
    if isinstance(w, np.ndarray):
        return np.maximum(w - float(t), 0) + np.minimum(w + float(t), 0)
    return (w - float(t)).clamp(min=0) + (w + float(t)).clamp(max=0)
""",
    ),
    _right(
        "minus_what_is_clipped",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    w = w * 1.0
    return w - w.clip(-t, t)
""",
    ),
    _right(
        "where",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    lib = torch if isinstance(w, torch.Tensor) else np
    x = w * 1.0
    shrunk = lib.where(x > 0, x - t, x + t)
    return lib.where(abs(x) <= t, lib.zeros_like(x), shrunk)
""",
    ),
    _right(
        "always_through_numpy",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    a = np.array(w, dtype=float)
    result = np.copysign(np.maximum(np.abs(a) - t, 0), a)
    return torch.from_numpy(result) if torch.is_tensor(w) else result
""",
    ),
    _right(
        "always_through_torch",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    x = torch.as_tensor(w, dtype=torch.float64)
    result = x.sign() * F.relu(x.abs() - t)
    return result if isinstance(w, torch.Tensor) else result.numpy()
""",
    ),
    _right(
        "masks_on_a_copy",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    out = w.clone() if isinstance(w, torch.Tensor) else w.copy()
    out = out * 1.0
    out[abs(out) <= t] = 0
    out[out > 0] -= t
    out[out < 0] += t
    return out
""",
    ),
    _right(
        "a_loop",
        """
def soft_threshold(w, t):
    if t < 0:
        raise ValueError("t")
    values = []
    for value in w.reshape(-1).tolist():
        size = max(abs(value) - t, 0.0) if value == value else value
        values.append(math.copysign(size, value))
    make = torch.tensor if torch.is_tensor(w) else np.array
    return make(values).reshape(w.shape)
""",
    ),
)
